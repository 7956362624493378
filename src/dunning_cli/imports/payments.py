"""Payments from a table: a row is what came in, on which day, for which case."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple

from ..domain.money import Money
from ..errors import InputError
from .fields import Fields, Read, text
from .mappings import Mapping, read_mapping
from .tables import BadRow, Table, open_table, require, require_mapped

COLUMNS: Final = (
    "case",
    "reference",
    "creditor",
    "date",
    "amount",
    "currency",
    "payment_reference",
    "payer",
    "account",
    "text",
)
NEEDED: Final = ("date", "amount")
_CASE: Final = ("case", "reference")  # at least one of them says whose payment it is
_LONGEST_TEXT: Final = 10_000


class PaymentLine(NamedTuple):
    """A line that can be booked, if its case is found: by its number, or by the creditor's reference."""

    line: int
    case: int | None
    reference: str | None
    creditor: str | None
    on: date
    amount: Money
    payment_reference: str | None
    payer: str | None
    account: str | None
    text: str | None


@dataclass(frozen=True, slots=True)
class PaymentFile:
    """A table of payments and how it is read. A line without a currency is in the one of the settings."""

    table: Table
    mapping: Mapping
    currency: str
    today: date

    def rows(self) -> Iterator[PaymentLine | BadRow]:
        """Every line, checked. A line with several mistakes comes as several BadRows."""
        fields = Fields(self.mapping, self._readers(), NEEDED, "amount", self.currency)
        for row in self.table.rows():
            if isinstance(row, BadRow):
                yield row
            elif not self.mapping.leaves_out(row.values):
                values, bad = fields.read(row)
                if bad:
                    yield from bad
                else:
                    del values["currency"]
                    yield PaymentLine(row.line, on=values.pop("date"), **values)

    def _readers(self) -> dict[str, Read]:
        names = ("reference", "creditor", "payment_reference", "payer", "account")
        return {
            "case": _case_number,
            **dict.fromkeys(names, text()),
            "text": text(_LONGEST_TEXT),
            "date": self._date,
        }

    def _date(self, given: str) -> date:
        on = self.mapping.date(given)
        if on > self.today:
            raise ValueError(f"is after today ({self.today})")
        return on


def _case_number(given: str) -> int:
    if not (given.isascii() and given.isdigit() and len(given) < 19):
        raise ValueError("is no case number")
    return int(given)


def open_payment_file(path: Path, mapping_path: Path | None, currency: str, today: date) -> PaymentFile:
    """Look at a file and its mapping, and refuse what has not the columns that a payment needs."""
    if mapping_path is None:
        table = open_table(path)
        require(table, NEEDED, COLUMNS)
        mapping = Mapping(columns={name: name for name in table.columns})
    else:
        mapping = read_mapping(mapping_path, COLUMNS, holds=False)
        if missing := [name for name in NEEDED if name not in mapping.names]:
            raise InputError(
                "{path} says nothing of: {names}.",
                hint="Name a column under [columns], or a value under [constants].",
                path=mapping_path,
                names=", ".join(missing),
            )
        table = open_table(path, mapping.encoding, mapping.delimiter)
        require_mapped(table, mapping.theirs)
    if not mapping.names & {*_CASE}:
        raise InputError(
            "{path} says nothing of the case that is paid.",
            hint="A column 'case' holds case numbers, 'reference' the creditor's references.",
            path=mapping_path or path,
        )
    return PaymentFile(table, mapping, currency, today)
