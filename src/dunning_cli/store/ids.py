"""Numbers of cases and debtors: given out by the program, without gaps, so that a missing one is seen."""

from __future__ import annotations

from sqlalchemy import Connection, insert, select, update

from .schema import counters

HIGHEST = 2**63 - 1  # what a database can look for at all


def reserve(conn: Connection, name: str, count: int) -> int:
    """Reserve `count` numbers in a row within this transaction; answers the first."""
    done = conn.execute(update(counters).where(counters.c.name == name).values(next=counters.c.next + count))
    if done.rowcount == 0:
        conn.execute(insert(counters).values(name=name, next=count + 1))
        return 1
    after = conn.scalar(select(counters.c.next).where(counters.c.name == name))
    return int(after or 0) - count


def following(conn: Connection, name: str) -> int:
    """The number that would be reserved next."""
    return int(conn.scalar(select(counters.c.next).where(counters.c.name == name)) or 1)
