"""dunning: case management for debt collection, from a terminal."""

__version__ = "0.1.0"
