"""Payments from a table: a row is what came in, on which day, from whom, for which case. Also the exports of banks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from ..domain.matching import said
from ..domain.money import Money, currency_code
from ..domain.statements import LeftOut, Statement, StatementLine
from ..errors import DunningError, InputError
from .fields import Fields, Read, text
from .mappings import Mapping, mapping_path, read_mapping, shipped
from .tables import BadRow, Row, Table, delimiter_of, open_table, require, require_mapped, text_of

NAME: Final = "csv"
COLUMNS: Final = (
    "case",
    "reference",
    "creditor",
    "date",
    "amount",
    "currency",
    "payment_reference",
    "end_to_end",
    "payer",
    "account",
    "text",
)
NEEDED: Final = ("date", "amount")
_CASE: Final = ("case", "reference", "payment_reference", "payer", "account", "text")  # one of them can say whose it is
_LONGEST_TEXT: Final = 10_000
_OTHER = re.compile(rb"\s*(?:<|OFXHEADER|\{1:)|(?:^|[\r\n])[ \t]*:(?:20|25|60[FM]?|61):", re.IGNORECASE)
_ACCOUNT_BEHIND = re.compile(r"(.*?)\s*([\d*]{6,})")


def detect(head: bytes) -> bool:
    """Whether a file is a text in which a delimiter stands, and that begins like no other format."""
    if not head.strip() or _OTHER.match(head.lstrip(b"\xef\xbb\xbf")) or _OTHER.search(head[:2000]):
        return False
    found = text_of(Path(), head)
    if found is None:  # perhaps a table in an encoding that has to be named: then that is what is said of it
        return b"\0" not in head and any(mark in head for mark in (b",", b";", b"\t", b"|"))
    return any(mark in found for mark in ",;\t|")


class PaymentFile(Struct, frozen=True):
    """A table of payments and how it is read. A line without a currency is in the one of the settings."""

    table: Table
    mapping: Mapping
    currency: str
    today: date

    @property
    def path(self) -> Path:
        return self.table.path

    @property
    def encoding(self) -> str:
        return self.table.encoding

    def count(self) -> int:
        return self.table.count_lines()

    def lines(self) -> Iterator[StatementLine | BadRow | LeftOut | Statement]:
        """Every line, checked. A line with several mistakes comes as several BadRows."""
        amount = "amount" if not (self.mapping.signed or self.mapping.debit) else ""
        needed = [name for name in NEEDED if name == "date" or amount]
        fields = Fields(self.mapping, self._readers(), needed, amount, self.currency)
        for row in self.table.rows():
            if isinstance(row, BadRow):
                yield row
            elif not self.mapping.leaves_out(row.values):
                yield from self._row(fields, row)

    def _row(self, fields: Fields, row: Row) -> Iterator[StatementLine | BadRow | LeftOut]:
        values, bad = fields.read(row)
        sign = self._direction(row)
        if isinstance(sign, BadRow):
            bad.append(sign)
        elif sign == 0 and not bad:
            yield LeftOut(row.line)
            return
        values.pop("", None)
        if self.mapping.signed or self.mapping.debit:
            self._signed(row, values, bad)
        if bad:
            yield from bad
            return
        amount: Money = values.pop("amount")
        if sign == -1:
            amount = Money(-amount.minor, amount.currency)
        del values["currency"]
        if self.mapping.text:
            parts = dict.fromkeys(filter(said, (row.values[name].strip() for name in self.mapping.text)))
            values["text"] = " ".join(parts)[:_LONGEST_TEXT] or None
        if self.mapping.account_behind_payer and (found := _ACCOUNT_BEHIND.fullmatch(values["payer"] or "")):
            values["payer"], values["account"] = found[1] or None, found[2]
        yield StatementLine(row.line, values.pop("date"), amount, **values)

    def _direction(self, row: Row) -> int | BadRow:
        """1 where money came in, -1 where it went out, 0 where it did neither."""
        direction = self.mapping.direction
        if direction is None:
            return 1
        word = row.values[direction.column].strip()
        for sign, words in ((1, direction.came_in), (-1, direction.went_out), (0, direction.neutral)):
            if word in words:
                return sign
        known = ", ".join([*direction.came_in, *direction.went_out, *direction.neutral])
        return BadRow(row.line, direction.column, word, f"is none of: {known}")

    def _signed(self, row: Row, values: dict[str, Any], bad: list[BadRow]) -> None:
        """The amount from a column with signs, or from one of two columns."""
        mapping = self.mapping
        if mapping.debit and mapping.credit:
            given = [(-1, mapping.debit), (1, mapping.credit)]
            filled = [(sign, column) for sign, column in given if said(row.values[column])]
            if len(filled) != 1:
                shown = " ".join(row.values[column].strip() for _, column in filled)
                why = "both columns hold an amount" if filled else "is missing"
                bad.append(BadRow(row.line, f"{mapping.debit}, {mapping.credit}", shown, why))
                return
            ((sign, column),) = filled
        else:
            sign, column = 1, mapping.columns["amount"]
        if any(each.field == "currency" for each in bad):
            return
        found = row.values[column].strip()
        try:
            amount = Money.of(self._plain(found), values["currency"] or self.currency)
            if not amount or (mapping.debit and amount.minor < 0):
                raise ValueError("is no amount")
            values["amount"] = Money(sign * amount.minor, amount.currency)
        except (DunningError, ValueError) as error:
            bad.append(BadRow(row.line, column, found, str(error)))

    def _plain(self, found: str) -> str:
        if found[:1] in ("-", "+"):
            return found[0].replace("+", "") + self.mapping.amount(found[1:])
        return self.mapping.amount(found)

    def _readers(self) -> dict[str, Read]:
        names = ("reference", "creditor", "payer", "account")
        return {
            "case": _case_number,
            **dict.fromkeys(names, text()),
            "payment_reference": _named,
            "end_to_end": _named,
            "text": text(_LONGEST_TEXT),
            "date": self._date,
            "currency": self._currency,
        }

    def _currency(self, given: str) -> str:
        return currency_code(self.mapping.currencies.get(given, given))

    def _date(self, given: str) -> date:
        return self.mapping.date(given)


def _case_number(given: str) -> int:
    if not (given.isascii() and given.isdigit() and len(given) < 19):
        raise ValueError("is no case number")
    return int(given)


_SHORT = text()


def _named(given: str) -> str | None:
    return said(_SHORT(given))


def open_file(path: Path, named: Path | None, currency: str, today: date) -> PaymentFile:
    """Look at a file and its mapping, and refuse what has not the columns that a payment needs."""
    if named is None:
        table = _plain_table(path)
        mapping = Mapping(columns={name: name for name in table.columns})
    else:
        named = mapping_path(named)
        mapping = read_mapping(named, COLUMNS, holds=False)
        missing = [name for name in NEEDED if name not in mapping.names and not (name == "amount" and mapping.debit)]
        if missing or (mapping.signed and "amount" not in mapping.columns):
            raise InputError(
                "{path} says nothing of: {names}.",
                hint="Name a column under [columns], or a value under [constants].",
                path=named,
                names=", ".join(missing or ["amount"]),
            )
        table = open_table(path, mapping.encoding, mapping.delimiter, mapping.frame)
        require_mapped(table, mapping.theirs)
    if not (mapping.names & {*_CASE} or mapping.text):
        raise InputError(
            "{path} says nothing of the case that is paid.",
            hint="A column 'case' holds case numbers, 'reference' the creditor's references; "
            "'text', 'payer' and 'account' let the case be found.",
            path=named or path,
        )
    return PaymentFile(table, mapping, currency, today)


def _plain_table(path: Path) -> Table:
    """A table with our own columns. An export of which we have a mapping is refused with its name."""
    try:
        table = open_table(path)
        require(table, NEEDED, COLUMNS)
    except InputError as error:
        if known := _exporter(path):
            raise InputError(
                "{path} is an export of {name}, not a table with our columns.",
                hint=f"Import it with --mapping {known}",
                path=path,
                name=known,
            ) from error
        raise
    return table


def _exporter(path: Path) -> str | None:
    """The name of the mapping for a bank's export that fits a file."""
    for name, place in shipped().items():
        mapping = read_mapping(place, COLUMNS, holds=False) if "preamble" in place.read_text("utf-8") else None
        if mapping and mapping.preamble:
            try:
                open_table(path, mapping.encoding, mapping.delimiter, mapping.frame)
            except InputError:
                continue
            return name
    return None


__all__ = ["COLUMNS", "NAME", "NEEDED", "PaymentFile", "delimiter_of", "detect", "open_file"]
