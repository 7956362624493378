"""MT940 (SWIFT customer statement): cut into its fields here, each entry read by the library `mt-940`.

A file may hold any number of statements; only one field and one entry of it are in memory.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from ..domain.matching import said
from ..domain.money import DIGITS, Money, currency_code
from ..domain.statements import LeftOut, Statement, StatementLine
from ..errors import DunningError
from .files import MAX_PIECE, broken, count, refuse_oversized, text_encoding
from .tables import BadRow

NAME: Final = "mt940"
_BEGINS = re.compile(rb"(?:^|[\r\n]|\{4:)[ \t]*:(?:20|25|60[FM]?|61):", re.MULTILINE)
_FIELD = re.compile(r"(?:\{.*\{4:)?[ \t]*:(\d{2}[A-Z]?|NS):(.*)", re.DOTALL)
_BALANCE = re.compile(r"([DC])\d{6}([A-Z]{3})(\d[\d]*,?\d*)")
_CODES = re.compile(r"/(IBAN|BIC|NAME|REMI|EREF|MARF|CSID|TRTP|ORDP|BENM|CNTP|ADDR|ISDT|SVCL|RTRN|PREF|KREF|CREF)/")
_NAMED = re.compile(r"REK: *(?P<account>[A-Z0-9]+)/NAAM: *(?P<name>.*)")
_OPENING, _CLOSING = ("60", "60F", "60M"), ("62", "62F", "62M")


def detect(head: bytes) -> bool:
    """Whether a field of an MT940 stands at the beginning of a line; a table or XML has none there."""
    return not head.lstrip().startswith(b"<") and b"\0" not in head and bool(_BEGINS.search(head))


class Mt940(Struct, frozen=True):
    path: Path
    encoding: str

    def count(self) -> int:
        return count(self.path, b":61:")

    def lines(self) -> Iterator[StatementLine | BadRow | LeftOut | Statement]:
        """Every entry of every statement, and each statement when its closing balance comes."""
        return _Reading(self.path, self.encoding).events()


def open_file(path: Path, head: bytes) -> Mt940:
    refuse_oversized(path)
    return Mt940(path, text_encoding(path, ("cp1252", "latin-1")))


class _Reading:
    """One pass over a file."""

    def __init__(self, path: Path, encoding: str) -> None:
        self.path = path
        self.encoding = encoding
        self.library = _library()
        self._begin("", 0)

    def _begin(self, name: str, line: int) -> None:
        """A new statement."""
        self.id = name
        self.line = line
        self.account: str | None = None
        self.number = ""
        self.opening: Money | None = None
        self.moved: Money | None = None
        self.entries = 0
        self.closed = not line

    def _name(self) -> str:
        return "/".join(part for part in (self.id, self.number) if part) or str(self.line)

    def events(self) -> Iterator[StatementLine | BadRow | LeftOut | Statement]:
        entry: tuple[int, str] | None = None
        for line, tag, value in self._fields():
            if tag == "86":
                if entry:
                    entry = entry[0], f"{entry[1]}\n:86:{value}"
                    if len(entry[1]) > MAX_PIECE:
                        raise broken(self.path, line, f"an entry is longer than {MAX_PIECE} characters")
                continue
            if entry:
                yield self._entry(*entry)
                entry = None
            if tag == "61":
                self._begun(line, "an entry (:61:)")
                self.entries += 1
                entry = line, value
            else:
                yield from self._field(line, tag, value)
        if entry:
            yield self._entry(*entry)
        if not self.closed and (self.entries or self.id):
            raise broken(self.path, self.last, f"the statement of line {self.line} has no closing balance (:62F:)")

    def _begun(self, line: int, what: str) -> None:
        if self.opening is None or self.closed:
            raise broken(self.path, line, f"{what} stands outside a statement")

    def _field(self, line: int, tag: str, value: str) -> Iterator[Statement]:
        first = value.strip().split("\n")[0].strip()
        if tag == "20":
            if not self.closed and (self.entries or self.id):
                raise broken(self.path, line, f"the statement of line {self.line} has no closing balance (:62F:)")
            self._begin(first[:100], line)
        elif tag == "25":
            if self.entries and not self.closed:
                raise broken(self.path, line, "an account (:25:) stands in the middle of a statement")
            self.account = first
        elif tag in ("28", "28C"):
            self.number = first
        elif tag in _OPENING:
            if self.closed or self.opening is not None:
                if self.entries and not self.closed:
                    raise broken(self.path, line, "an opening balance stands in the middle of a statement")
                account = self.account
                self._begin("", line)
                self.account = account
            self.opening = self._balance(line, tag, first)
        elif tag in _CLOSING:
            self._begun(line, "a closing balance")
            self.closed = True
            closing = self._balance(line, tag, first)
            yield Statement(self._name(), self.account, self.opening, closing, self.moved)

    def _balance(self, line: int, tag: str, value: str) -> Money:
        found = _BALANCE.match(value)
        try:
            if not found:
                raise ValueError(f"the balance :{tag}: cannot be read")
            amount = _money(Decimal(found[3].replace(",", ".").rstrip(".")), currency_code(found[2]))
        except (DunningError, ValueError) as error:
            raise broken(self.path, line, str(error)) from error
        return amount if found[1] == "C" else Money(-amount.minor, amount.currency)

    def _entry(self, line: int, value: str) -> StatementLine | BadRow:
        raw = value.split("\n", maxsplit=1)[0]
        try:
            read = self.library.Transactions(options=self.library.Options.all())
            read.data["final_opening_balance"] = _Currency(self.opening.currency if self.opening is not None else None)
            data: dict[str, Any] = read.parse(f":61:{value}")[0].data
            found = self._line(line, data)
        except (DunningError, RuntimeError, ValueError, ArithmeticError) as error:
            why = str(error) if isinstance(error, DunningError) else "cannot be read as an entry"
            return BadRow(line, ":61:", raw, why)
        self.moved = found.amount if self.moved is None else self.moved + found.amount
        return found

    def _line(self, line: int, data: dict[str, Any]) -> StatementLine:
        amount = _money(data["amount"].amount, data["amount"].currency)
        booked = data.get("entry_date") or data["date"]
        mark = (data.get("status") or "").upper()
        details = data.get("transaction_details") or ""
        named = said(data.get("customer_reference"))
        coded, free = _coded(details), _NAMED.search(details)
        text = " ".join(
            part.strip()
            for part in (
                data.get("purpose"),
                data.get("additional_purpose"),
                coded.get("REMI"),
                data.get("extra_details"),
            )
            if part and part.strip()
        )
        return StatementLine(
            line,
            date(booked.year, booked.month, booked.day),
            amount,
            said(data.get("bank_reference")),
            said(data.get("end_to_end_reference")) or said(coded.get("EREF")),
            _squeezed(data.get("applicant_name") or coded.get("NAME") or (free and free["name"])),
            data.get("applicant_iban") or coded.get("IBAN") or (free["account"] if free else None),
            _squeezed(f"{'' if coded else details} {text}"),
            (named,) if named else (),
            returns=mark in ("RC", "RD") or (data.get("id") or "")[1:] == "RTI",
            statement=self._name(),
            own_account=self.account,
        )

    def _fields(self) -> Iterator[tuple[int, str, str]]:
        """The fields of the file: the line on which each begins, its tag and its text."""
        begun, tag, parts, size = 0, "", list[str](), 0
        self.last = 0
        for number, text in self._text():
            self.last = number
            if found := _FIELD.match(text):
                if tag:
                    yield begun, tag, "\n".join(parts)
                begun, tag, parts, size = number, found[1], [found[2]], 0
            elif tag and not (tag in _CLOSING or (text[:1] == "-" and text.strip() in ("-", "-}"))):
                parts.append(text)
                size += len(text)
                if size > MAX_PIECE:
                    raise broken(self.path, number, f"a field is longer than {MAX_PIECE} characters")
        if tag:
            yield begun, tag, "\n".join(parts)

    def _text(self) -> Iterator[tuple[int, str]]:
        encoding = "utf-8-sig" if self.encoding == "utf-8" else self.encoding
        with self.path.open(encoding=encoding) as file:
            number = 0
            while text := file.readline(MAX_PIECE + 1):
                number += 1
                if len(text) > MAX_PIECE:
                    raise broken(self.path, number, f"the line is longer than {MAX_PIECE} characters")
                yield number, text.rstrip("\n")


class _Currency:
    """What the library asks of a balance: the currency in which an entry is."""

    def __init__(self, currency: str | None) -> None:
        self.currency = currency


def _library() -> Any:
    """The library; what it would print about a field that it cannot read, we say ourselves."""
    logging.getLogger("mt940").setLevel(logging.CRITICAL)
    import mt940  # noqa: PLC0415  40 ms that only an MT940 pays
    from mt940.models import Transactions  # noqa: PLC0415

    class Library:
        Options = mt940.Options

    Library.Transactions = Transactions  # type: ignore[attr-defined]
    return Library


def _money(amount: Decimal, currency: str) -> Money:
    if currency not in DIGITS:
        raise ValueError("no currency is known")
    return Money.of(f"{amount:f}", currency)


def _coded(details: str) -> dict[str, str]:
    """`/IBAN/…/NAME/…/REMI/…`, as Dutch and Belgian banks write it."""
    if not details.startswith("/"):
        return {}
    joined = details.replace("\n", "")
    marks = list(_CODES.finditer(joined))
    ends = [mark.start() for mark in marks[1:]] + [len(joined)]
    return {mark[1]: joined[mark.end() : end].strip("/ ") for mark, end in zip(marks, ends, strict=True)}


def _squeezed(text: str | None) -> str | None:
    return " ".join((text or "").split()) or None
