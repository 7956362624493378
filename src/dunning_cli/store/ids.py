"""Numbers of cases and debtors: given out by the program, without gaps, so that a missing one is seen."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, update

from .schema import counters

HIGHEST = 2**63 - 1  # what a database can look for at all


def reserve(conn: Connection, name: str, count: int) -> int:
    """Reserve `count` numbers in a row within this transaction; answers the first: of none, the one that is next."""
    there = select(counters.c.next).where(counters.c.name == name)
    if not count:
        return int(conn.scalar(there) or 1)
    done = conn.execute(update(counters).where(counters.c.name == name).values(next=counters.c.next + count))
    if done.rowcount == 0:
        conn.execute(insert(counters).values(name=name, next=count + 1))
        return 1
    return int(conn.scalar(there) or 0) - count
