"""Tests of imports: tables, mappings, cases and payments from files, a ledger day by day."""
