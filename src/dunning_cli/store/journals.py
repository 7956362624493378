"""The journal tables: append sealed records, read them back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import groupby

from sqlalchemy import ColumnElement, Connection, Table, select

from ..domain.journal import Entry, Record, Salt, fresh_salt, seal
from .bulk import insert_rows

_FIELDS = Record._fields


class CollisionError(Exception):
    """Another writer changed the same case or debtor first: read and decide again."""


def seal_all(
    subject: str, owner: int, entries: Iterable[Entry], head: str, salt: Salt = fresh_salt
) -> tuple[list[Record], str]:
    """The records of a `case` or a `debtor` that follow the digest `head`, and the digest after them."""
    records = []
    for entry in entries:
        record = seal(f"{subject} {owner}", entry, head, salt)
        records.append(record)
        head = record.digest
    return records, head


class Journals:
    """The journals of one kind of subject: `case` or `debtor`."""

    def __init__(self, conn: Connection, table: Table, subject: str, salt: Salt = fresh_salt) -> None:
        self.conn = conn
        self.salt = salt
        self.table = table
        self.subject = subject
        self.owner = table.c[f"{subject}_id"]
        self._columns = [table.c[name] for name in _FIELDS]

    def append(self, records: Iterable[tuple[int, Record]]) -> None:
        """Write records, each with the number of its case or debtor."""
        rows = [{self.owner.name: owner, **record._asdict()} for owner, record in records]
        insert_rows(self.conn, self.table, rows)

    def read(self, owner: int, upto: int | None = None) -> list[Record]:
        """The records of one journal in order, as far as entry `upto`."""
        query = select(*self._columns).where(self.owner == owner).order_by(self.table.c.seq)
        if upto is not None:
            query = query.where(self.table.c.seq <= upto)
        return [Record(*row) for row in self.conn.execute(query)]

    def read_many(self, owners: Sequence[int], kinds: Collection[str] = ()) -> dict[int, list[Record]]:
        """The journals of several subjects, or only their entries of some kinds."""
        query = select(self.owner, *self._columns).where(self.owner.in_(owners)).order_by(self.owner, self.table.c.seq)
        if kinds:
            query = query.where(self.table.c.kind.in_(kinds))
        found: dict[int, list[Record]] = {}
        for owner, *values in self.conn.execute(query):
            found.setdefault(owner, []).append(Record(*values))
        return found

    def all(self, *conditions: ColumnElement[bool], size: int = 5000) -> Iterator[tuple[int, list[Record]]]:
        """Every journal, or those for which conditions hold, in the order of its number; read in pieces so that memory
        stays flat."""
        query = select(self.owner, *self._columns).where(*conditions).order_by(self.owner, self.table.c.seq)
        rows = self.conn.execute(query, execution_options={"yield_per": size})
        for owner, group in groupby(rows, key=lambda row: row[0]):
            yield owner, [Record(*row[1:]) for row in group]
