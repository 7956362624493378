"""Lines of payment files: what was booked on which case, and what waits for a person to say whose it is."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, func, select, update

from ..domain.money import Money
from ..errors import LineNotFoundError
from .bulk import insert_rows, pieces
from .ids import HIGHEST, reserve
from .journals import CollisionError
from .schema import bank_lines


class BankLine(NamedTuple):
    """A line by its key.

    `seq` is the entry that booked it on `case_id`, or took its payment back; `reason` says why there is none. What it
    says of people lies in `private`.
    """

    line_key: str
    booked_on: date
    money: Money
    reference: str | None
    case_id: int | None
    seq: int | None
    reason: str | None
    private: str | None
    waits: bool = False
    matched_by: str | None = None
    end_to_end: str | None = None
    account_key: str | None = None
    own_account: str | None = None
    statement: str | None = None
    place: int | None = None


class Waiting(NamedTuple):
    """A stored line as a person finds it: by its number, from which file, imported when."""

    number: int
    line: BankLine
    source: str
    imported_at: str


_COLUMNS = [bank_lines.c[name] for name in BankLine._fields if name != "money"]
_READ = [*_COLUMNS, bank_lines.c.amount, bank_lines.c.currency]
_FOUND = [*_READ, bank_lines.c.number, bank_lines.c.source, bank_lines.c.imported_at]


def _line(row: Row[*tuple[Any, ...]]) -> BankLine:
    values = {name: getattr(row, name) for name in BankLine._fields if name != "money"}
    return BankLine(money=Money(row.amount, row.currency), **values)


def _waiting(row: Row[*tuple[Any, ...]]) -> Waiting:
    return Waiting(row.number, _line(row), row.source, row.imported_at)


class BankLines:
    def __init__(self, conn: Connection) -> None:
        self.conn = conn

    def known(self, keys: Collection[str]) -> set[str]:
        """Which of these lines were imported before."""
        return {
            key
            for piece in pieces(keys)
            for key in self.conn.scalars(select(bank_lines.c.line_key).where(bank_lines.c.line_key.in_(piece)))
        }

    def on_days(self, references: Collection[str], days: Collection[date]) -> list[BankLine]:
        """Lines with one of the bank's references, booked on one of these days."""
        return [
            _line(row)
            for piece in pieces(references)
            for row in self.conn.execute(
                select(*_READ).where(bank_lines.c.reference.in_(piece), bank_lines.c.booked_on.in_(days))
            )
        ]

    def credits(self, marks: Collection[str], amounts: Collection[int]) -> list[BankLine]:
        """Lines that brought one of these amounts and carry one of these references, the bank's or the payer's."""
        found: dict[str, BankLine] = {}
        for piece in pieces(marks):
            for column in (bank_lines.c.reference, bank_lines.c.end_to_end):
                query = select(*_READ).where(column.in_(piece), bank_lines.c.amount.in_(amounts))
                found |= {row.line_key: _line(row) for row in self.conn.execute(query)}
        return list(found.values())

    def accounts(self, keys: Collection[str]) -> dict[str, set[int]]:
        """The cases on which payments from accounts were booked."""
        found: dict[str, set[int]] = {}
        for piece in pieces(keys):
            query = select(bank_lines.c.account_key, bank_lines.c.case_id).distinct()
            mine = bank_lines.c.account_key.in_(piece) & bank_lines.c.case_id.is_not(None) & (bank_lines.c.amount > 0)
            for key, case_id in self.conn.execute(query.where(mine)):
                found.setdefault(key, set()).add(case_id)
        return found

    def booked(self, case_id: int, seq: int) -> bool:
        """Whether an entry of a case was booked from a line."""
        mine = (bank_lines.c.case_id == case_id) & (bank_lines.c.seq == seq)
        return self.conn.execute(select(bank_lines.c.line_key).where(mine)).first() is not None

    def add(self, lines: Sequence[BankLine], source: str, imported_at: str) -> None:
        if not lines:
            return
        first = reserve(self.conn, "bank_lines", len(lines))
        rows = []
        for number, line in enumerate(lines, first):
            row = line._asdict()
            money: Money = row.pop("money")
            rows.append(
                row
                | {"currency": money.currency, "amount": money.minor, "source": source, "imported_at": imported_at}
                | {"number": number}
            )
        insert_rows(self.conn, bank_lines, rows)

    def returned(self, keys: Iterable[str], reason: str) -> None:
        """Lines that waited, and whose money went back: nobody has to look at them any more."""
        for key in keys:
            mine = (bank_lines.c.line_key == key) & bank_lines.c.waits.is_(True)
            if self.conn.execute(update(bank_lines).where(mine).values(waits=False, reason=reason)).rowcount != 1:
                raise CollisionError

    # --- what waits ---------------------------------------------------------------------------------------------------

    def waiting(self, limit: int) -> list[Waiting]:
        """The first lines (0: all) that wait, in the order in which they were imported."""
        query = select(*_FOUND).where(bank_lines.c.waits.is_(True)).order_by(bank_lines.c.number)
        return [_waiting(row) for row in self.conn.execute(query.limit(limit) if limit else query)]

    def count_waiting(self) -> int:
        query = select(func.count()).select_from(bank_lines).where(bank_lines.c.waits.is_(True))
        return int(self.conn.scalar(query) or 0)

    def load(self, number: int) -> Waiting:
        """A line by its number."""
        row = None
        if number <= HIGHEST:
            row = self.conn.execute(select(*_FOUND).where(bank_lines.c.number == number)).first()
        if row is None:
            raise LineNotFoundError("There is no statement line {number}.", number=number)
        return _waiting(row)

    def match(self, line: BankLine) -> None:
        """Note where a line that waited was booked; another writer who was first raises CollisionError."""
        mine = (bank_lines.c.line_key == line.line_key) & bank_lines.c.waits.is_(True)
        names = ("case_id", "seq", "reason", "private", "waits", "matched_by")
        values = {name: getattr(line, name) for name in names}
        if self.conn.execute(update(bank_lines).where(mine).values(values)).rowcount != 1:
            raise CollisionError
