"""The manual: its sessions, what is generated in it, and the examples."""
