"""Tests of the domain: tables and properties, no mocks, no files."""
