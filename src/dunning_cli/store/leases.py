"""Debtors whom a collector has taken, so that two never call the same one.

A lease is taken by one statement that only a free debtor, or one of one's own, lets through; no lock outlives the
transaction, and whoever forgets a debtor loses the lease when it expires.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import Connection, delete, or_, select, update

from .bulk import pieces
from .schema import leases


class Lease(NamedTuple):
    """Who has taken a debtor, and until when; instants as the journal writes them, which sort as time does."""

    debtor_id: int
    collector: str
    taken_at: str
    expires_at: str


class Leases:
    def __init__(self, conn: Connection) -> None:
        self.conn = conn

    def of(self, debtors: Collection[int], now: str) -> dict[int, Lease]:
        """The leases in force on these debtors, by their number."""
        query = select(leases).where(leases.c.expires_at > now)
        return {
            row.debtor_id: Lease(*row)
            for piece in pieces(debtors)
            for row in self.conn.execute(query.where(leases.c.debtor_id.in_(piece)))
        }

    def held_by(self, collector: str, now: str) -> list[Lease]:
        """The leases of a collector that are in force, the oldest first."""
        query = select(leases).where(leases.c.collector == collector, leases.c.expires_at > now)
        return [Lease(*row) for row in self.conn.execute(query.order_by(leases.c.taken_at, leases.c.debtor_id))]

    def claim(self, lease: Lease) -> bool:
        """Take a debtor who is free, or is taken by the same collector already; False where somebody else has them."""
        mine = leases.c.debtor_id == lease.debtor_id
        free = or_(leases.c.expires_at <= lease.taken_at, leases.c.collector == lease.collector)
        taken = update(leases).where(mine, free).values(**lease._asdict()).returning(leases.c.debtor_id)
        if self.conn.execute(taken).first():
            return True
        from sqlalchemy.dialects import postgresql, sqlite  # every command would wait for them

        dialect = postgresql if self.conn.dialect.name == "postgresql" else sqlite
        new = dialect.insert(leases).values(**lease._asdict()).on_conflict_do_nothing(index_elements=["debtor_id"])
        # What comes back says whether it was inserted; the count of rows does not on every database.
        return self.conn.execute(new.returning(leases.c.debtor_id)).first() is not None

    def release(self, collector: str, debtors: Collection[int] | None = None) -> int:
        """Give back the debtors whom a collector has taken, or those of them that are named; answers how many."""
        query = delete(leases).where(leases.c.collector == collector)
        if debtors is not None:
            query = query.where(leases.c.debtor_id.in_(debtors))
        return self.conn.execute(query).rowcount
