"""Lines of payment files: what was booked on which case, and what fits none."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, select

from ..domain.money import Money
from .bulk import insert_rows
from .schema import bank_lines


class BankLine(NamedTuple):
    """A line by its key. `seq` is the entry that booked it on `case_id`; `reason` says why none did."""

    line_key: str
    booked_on: date
    money: Money
    reference: str | None
    case_id: int | None
    seq: int | None
    reason: str | None
    private: str | None


class BankLines:
    def __init__(self, conn: Connection) -> None:
        self.conn = conn

    def known(self, keys: Collection[str]) -> set[str]:
        """Which of these lines were imported before."""
        return set(self.conn.scalars(select(bank_lines.c.line_key).where(bank_lines.c.line_key.in_(keys))))

    def add(self, lines: Sequence[BankLine], source: str, imported_at: str) -> None:
        rows = []
        for line in lines:
            row = line._asdict()
            money: Money = row.pop("money")
            rows.append(
                row | {"currency": money.currency, "amount": money.minor, "source": source, "imported_at": imported_at}
            )
        insert_rows(self.conn, bank_lines, rows)
