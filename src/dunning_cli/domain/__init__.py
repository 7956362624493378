"""Values in, values out: no clock, file, SQL, terminal, language or network in this room."""
