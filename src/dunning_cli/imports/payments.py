"""Payments from a table: a row is what came in, on which day, for which case."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple, TypeAlias

from ..domain.codec import check_text
from ..domain.money import Money, currency_code
from ..errors import DunningError, InputError
from .mappings import Mapping, read_mapping
from .tables import BadRow, Row, Table, open_table, require

COLUMNS = (
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
NEEDED = ("date", "amount")

Say: TypeAlias = Callable[[str, str], None]  # (column, what is wrong with its value)


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
        for row in self.table.rows():
            if isinstance(row, BadRow):
                yield row
            else:
                yield from self._line(row)

    def _line(self, row: Row) -> Iterator[PaymentLine | BadRow]:
        theirs = {name: row.values[column].strip() for name, column in self.mapping.columns.items()}
        values = {**self.mapping.constants, **theirs}
        bad: list[BadRow] = []

        def say(name: str, reason: str) -> None:
            bad.append(BadRow(row.line, name, values.get(name, ""), reason))

        def text(name: str) -> str | None:
            try:
                return check_text(values.get(name, ""), name) or None
            except DunningError as error:
                say(name, str(error))
                return None

        case = values.get("case") or None
        if case and not (case.isascii() and case.isdigit() and len(case) < 19):
            say("case", "is no case number")
            case = None
        on = self._date(values, say)
        amount = self._amount(values, say)
        said = PaymentLine(
            row.line,
            int(case) if case else None,
            text("reference"),
            text("creditor"),
            on or date.min,
            amount or Money(0, "CNY"),
            text("payment_reference"),
            text("payer"),
            text("account"),
            text("text"),
        )
        if bad:
            yield from bad
        else:
            yield said

    def _date(self, values: dict[str, str], say: Say) -> date | None:
        try:
            on = self.mapping.date(values.get("date", ""))
        except ValueError:
            say("date", f"is no date of the form {self.mapping.date_format or 'YYYY-MM-DD'}")
            return None
        if on > self.today:
            say("date", f"is after today ({self.today})")
        return on

    def _amount(self, values: dict[str, str], say: Say) -> Money | None:
        try:
            currency = currency_code(values.get("currency") or self.currency)
        except DunningError as error:
            say("currency", str(error))
            return None
        try:
            return Money.positive(self.mapping.amount(values.get("amount", "")), currency, "payment")
        except (DunningError, ValueError) as error:
            say("amount", str(error))
            return None


def open_payment_file(path: Path, mapping_path: Path | None, currency: str, today: date) -> PaymentFile:
    """Look at a file and its mapping, and refuse what has not the columns that a payment needs."""
    mapping = read_mapping(mapping_path, COLUMNS) if mapping_path else Mapping()
    table = open_table(path, mapping.encoding, mapping.delimiter)
    if mapping_path is None:
        require(table, NEEDED, COLUMNS)
        mapping = Mapping(columns={name: name for name in table.columns})
    else:
        theirs = list(mapping.columns.values())
        require(table, theirs, [*table.columns, *theirs])
    named = {*mapping.columns, *mapping.constants}
    if missing := [name for name in NEEDED if name not in named]:
        raise InputError("{path} says nothing of: {names}.", path=mapping_path or path, names=", ".join(missing))
    if not named & {"case", "reference"}:
        raise InputError(
            "{path} says nothing of the case that is paid.",
            hint="A column 'case' holds case numbers, 'reference' the creditor's references.",
            path=mapping_path or path,
        )
    return PaymentFile(table, mapping, currency, today)
