"""The database: tables, transactions, journals, the audit; on SQLite and PostgreSQL alike."""
