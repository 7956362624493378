"""The conduct lint: its phrases, and how often they are right about texts that others labelled."""
