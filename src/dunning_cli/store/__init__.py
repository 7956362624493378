"""The database, and the only SQL. Values of the domain go in and come out, never rows."""
