"""Domain values as people and programs read them: JSON, plain text, and pictures for a terminal."""
