"""One use case a function: load, let the domain decide, append. No terminal and no SQL in this room."""
