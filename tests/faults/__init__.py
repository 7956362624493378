"""What happens when things go wrong: many writers, sudden death, full disks, lost servers, changed bytes.

The short form runs with all the other tests; `make faults` runs the full one and writes docs/reliability.md.
"""
