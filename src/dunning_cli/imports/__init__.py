"""Readers of files: one format a file. What is wrong is said by its place, all of it at once."""
