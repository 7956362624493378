"""Chances of recovery that were learned from closed cases: every version, so that an older worth can be checked."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, func, select

from ..domain.worklist import BY_TABLE, Chances, Learned
from .bulk import insert_rows
from .schema import recovery_chances


class Recovery:
    def __init__(self, conn: Connection) -> None:
        self.conn = conn

    def current(self) -> Chances:
        """The newest version; the program's own table where nothing was learned."""
        newest = select(func.max(recovery_chances.c.version)).scalar_subquery()
        query = select(recovery_chances).where(recovery_chances.c.version == newest)
        found, version = {}, 0
        for row in self.conn.execute(query):
            version = row.version
            found[row.bucket, row.segment] = Learned(row.chance, row.cases)
        return Chances(version, found) if version else BY_TABLE

    def versions(self) -> dict[int, Chances]:
        """Every version by its number, the program's own table among them."""
        found: dict[int, dict[tuple[str, str], Learned]] = {}
        for row in self.conn.execute(select(recovery_chances)):
            found.setdefault(row.version, {})[row.bucket, row.segment] = Learned(row.chance, row.cases)
        return {0: BY_TABLE} | {version: Chances(version, learned) for version, learned in found.items()}

    def add(self, learned: Mapping[tuple[str, str], Learned], at: str, actor: str) -> Chances:
        """Store what was learned as the next version."""
        version = (self.conn.scalar(select(func.max(recovery_chances.c.version))) or 0) + 1
        rows = [
            {
                "version": version,
                "bucket": bucket,
                "segment": segment,
                "chance": each.chance,
                "cases": each.cases,
                "learned_at": at,
                "actor": actor,
            }
            for (bucket, segment), each in learned.items()
        ]
        insert_rows(self.conn, recovery_chances, rows)
        return Chances(version, dict(learned))
