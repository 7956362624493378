"""The command line, run in this process and as the installed program."""
