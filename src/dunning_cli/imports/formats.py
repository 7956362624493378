"""The formats of payment files, and which one a file is written in: found by what stands in it, never by its name."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Final, NamedTuple, Protocol

from msgspec import Struct

from ..domain.codec import check_text
from ..domain.statements import LeftOut, Statement, StatementLine
from ..errors import DunningError, InputError, UsageError
from . import camt053, mt940, ofx, payments
from .fields import LONGEST
from .files import head as head_of
from .mappings import YEARS
from .tables import BadRow

FORMATS: Final = (camt053, mt940, ofx, payments)
NAMES: Final = tuple(form.NAME for form in FORMATS)
_LONGEST_TEXT = 10_000
_LARGEST = 2**63 - 1  # minor units that every database can hold
Read = StatementLine | BadRow | LeftOut | Statement


class Given(NamedTuple):
    """What a file that is silent takes: the currency of the settings, the day of the import, a mapping."""

    currency: str
    today: date
    mapping: Path | None = None


class Opened(Protocol):
    """A file whose format is known."""

    @property
    def path(self) -> Path: ...

    @property
    def encoding(self) -> str: ...

    def lines(self) -> Iterator[Read]: ...

    def count(self) -> int: ...


class StatementFile(Struct, frozen=True):
    """A file and the name of its format. Its lines are checked alike, whatever the format."""

    path: Path
    format: str
    encoding: str
    opened: Opened
    today: date

    def count(self) -> int:
        """About how many lines there are, for a progress bar."""
        return self.opened.count()

    def lines(self) -> Iterator[Read]:
        """Every line; one that cannot be booked by anybody comes as BadRow."""
        for each in self.opened.lines():
            yield self._checked(each) if isinstance(each, StatementLine) else each

    def _checked(self, line: StatementLine) -> StatementLine | BadRow | LeftOut:
        if line.on > self.today:
            return BadRow(line.line, "date", line.on.isoformat(), f"is after today ({self.today})")
        if line.on.year not in YEARS:
            return BadRow(line.line, "date", line.on.isoformat(), f"is not between {YEARS[0]} and {YEARS[-1]}")
        if abs(line.amount.minor) > _LARGEST:
            return BadRow(line.line, "amount", str(line.amount), "is too large")
        if not line.amount:
            return LeftOut(line.line)
        for name in ("payment_reference", "end_to_end", "payer", "account", "statement", "text"):
            value: str | None = getattr(line, name)
            if value is None:
                continue
            if not (value.isascii() and value.isprintable()):
                try:
                    check_text(value, name)
                except DunningError as error:
                    return BadRow(line.line, name, value, str(error))
            if name != "text" and len(value) > LONGEST:
                return BadRow(line.line, name, value, f"is longer than {LONGEST} characters")
        if line.text and len(line.text) > _LONGEST_TEXT:
            line = line._replace(text=line.text[:_LONGEST_TEXT])
        return line


def format_of(path: Path, head: bytes) -> str | None:
    """The one format that a file is written in."""
    return next((form.NAME for form in FORMATS if form.detect(head)), None)


def open_statement(path: Path, given: Given, form: str | None = None) -> StatementFile:
    """Look at a file: which format it is in, and whether it can be one at all."""
    head = head_of(path)
    if given.mapping and form not in (None, payments.NAME):
        raise UsageError("A mapping is for tables; {form} needs none.", form=form)
    found = payments.NAME if given.mapping else form or format_of(path, head)
    if found is None:
        raise _unknown(path, head)
    chosen = next(each for each in FORMATS if found == each.NAME)
    opened: Opened
    if found == payments.NAME:
        opened = payments.open_file(path, given.mapping, given.currency, given.today)
    else:
        if form and not chosen.detect(head):
            raise InputError("{path} is no {form} file.", path=path, form=form)
        opened = _opener(found)(path, head)
    return StatementFile(path, found, opened.encoding, opened, given.today)


def _opener(name: str) -> Callable[[Path, bytes], Opened]:
    openers: dict[str, Callable[[Path, bytes], Opened]] = {
        camt053.NAME: camt053.open_file,
        mt940.NAME: mt940.open_file,
        ofx.NAME: ofx.open_file,
    }
    return openers[name]


def _unknown(path: Path, head: bytes) -> InputError:
    if not head.strip():
        return InputError("{path} is empty.", path=path)
    if kin := camt053.kin(head):
        return InputError(
            "{path} is {kin}, and no statement.",
            hint="Ask the bank for camt.053, the statement of booked entries.",
            path=path,
            kin=kin,
        )
    return InputError(
        "{path} is no payment file that dunning knows.",
        hint="It reads CSV, CAMT.053, MT940 and OFX; another table is exported as CSV.",
        path=path,
    )
