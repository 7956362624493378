"""Mapping files: how somebody else's table is read as ours.

delimiter = ";"              # left out: found out
encoding = "gb18030"         # left out: found out
date_format = "%d.%m.%Y"     # left out: 2025-01-31
decimal = ","                # the decimal sign; left out: a point
thousands = "."              # the thousands mark; left out: none
[columns]                    # our name = their column
reference = "invoice_number"
[constants]                  # our name = the same value on every row, or where the row's own column is empty
creditor = "Example Ltd"
[hold]                       # a reason for a hold = a column and the values that say so
dispute = { column = "disputed", values = ["1", "yes"] }
[leave_out]                  # their column = the values that make a row none of our business
settled_date = [""]

And for the export of a bank:

preamble = true              # lines stand above the names of the columns: they are looked for
footer = ["Total"]           # the rows end at a line that begins so
tabs = true                  # tabs stand behind values, also behind a closing quote
currency_signs = ["¥"]       # what may stand before an amount
signed = true                # an amount below 0 went out
debit = "Out"                # two columns instead of one amount: what went out, what came in
credit = "In"
text = ["Summary", "Note"]   # several columns that together are the text
account_behind_payer = true  # the payer's account is written behind the name
[direction]                  # a column whose words say which way money went
column = "Type"
in = ["Income"]
out = ["Expense"]
neutral = ["/"]
[currencies]                 # their word = the code
"人民币" = "CNY"
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from difflib import get_close_matches
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StrictBool,
    StrictStr,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails

from ..domain.codec import check_text
from ..domain.entries import HoldReason
from ..errors import DunningError, InputError
from .tables import Frame

YEARS: Final = range(1900, 3000)  # as everywhere dates are typed: all that is counted from them stays a date
_BLANKS = "[ \u00a0\u2009\u202f]"  # what stands between thousands where a mapping says that a space does


def _text(text: str) -> str:
    try:
        return check_text(text, "text").strip()
    except DunningError as error:
        raise ValueError(str(error)) from error


def _delimiter(mark: str) -> str:
    if mark in '"\r\n\0':
        raise ValueError("a quote or a line end cannot stand between values")
    return mark


def _sign(mark: str) -> str:
    if mark.isalnum() or mark in "+-":
        raise ValueError("a letter, a digit or a sign cannot stand inside an amount")
    return mark


def _date_format(form: str) -> str:
    """A format that says which day it is: the year, the month and the day can be read back."""
    sample = datetime(2001, 11, 23, tzinfo=UTC)
    if datetime.strptime(sample.strftime(form), form).replace(tzinfo=UTC) != sample:
        raise ValueError("it does not say year, month and day, such as %d.%m.%Y does")
    return form


_Text = Annotated[StrictStr, AfterValidator(_text)]
_Mark = Annotated[StrictStr, Field(min_length=1, max_length=1)]
_Sign = Annotated[_Mark, AfterValidator(_sign)]


class HoldColumn(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    column: _Text
    values: list[_Text]


class Direction(BaseModel):
    """The words of a column that says which way money went."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    column: _Text
    came_in: list[_Text] = Field(alias="in")
    went_out: list[_Text] = Field(default=[], alias="out")
    neutral: list[_Text] = []


class Mapping(BaseModel):
    """How a table is read; everything left out is as in a plain file."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    delimiter: Annotated[_Mark, AfterValidator(_delimiter)] | None = None
    encoding: StrictStr | None = None
    date_format: Annotated[StrictStr, AfterValidator(_date_format)] | None = None
    decimal: _Sign = "."
    thousands: _Sign | None = None
    columns: dict[str, _Text] = {}
    constants: dict[str, _Text] = {}
    hold: dict[HoldReason, HoldColumn] = {}
    leave_out: dict[_Text, list[_Text]] = {}
    preamble: StrictBool = False
    footer: list[_Text] = []
    tabs: StrictBool = False
    currency_signs: list[_Mark] = []
    signed: StrictBool = False
    debit: _Text | None = None
    credit: _Text | None = None
    text: list[_Text] = []
    account_behind_payer: StrictBool = False
    direction: Direction | None = None
    currencies: dict[_Text, _Text] = {}

    @model_validator(mode="after")
    def _marks_differ(self) -> Self:
        if self.thousands == self.decimal:
            raise ValueError("decimal and thousands are the same mark")
        if (self.debit is None) != (self.credit is None):
            raise ValueError("debit and credit are named together")
        if self.debit and ({"amount"} & self.names or self.signed or self.direction):
            raise ValueError("debit and credit stand instead of an amount, its sign and a direction")
        if self.signed and self.direction:
            raise ValueError("either the sign of the amount or a column says the direction")
        if self.text and "text" in self.columns:
            raise ValueError("text is named twice")
        return self

    @property
    def names(self) -> set[str]:
        """Our names that it says something of."""
        return {*self.columns, *self.constants}

    @property
    def of_a_bank(self) -> list[str]:
        """What it says that only payments know."""
        names = ("signed", "debit", "text", "account_behind_payer", "direction", "currencies")
        return [name for name in names if getattr(self, name)]

    @property
    def frame(self) -> Frame:
        """What stands around the rows."""
        return Frame(frozenset(self.theirs) if self.preamble else frozenset(), tuple(self.footer), self.tabs)

    @property
    def theirs(self) -> Iterator[str]:
        """Their columns that it reads."""
        yield from self.columns.values()
        yield from (hold.column for hold in self.hold.values())
        yield from self.leave_out
        yield from (name for name in (self.debit, self.credit) if name)
        yield from self.text
        if self.direction:
            yield self.direction.column

    def leaves_out(self, values: dict[str, str]) -> bool:
        """Whether a row is none of our business."""
        return bool(self.leave_out) and any(
            values[column].strip() in unwanted for column, unwanted in self.leave_out.items()
        )

    def hold_of(self, values: dict[str, str]) -> HoldReason | None:
        """The hold that a row's own columns say."""
        if not self.hold:
            return None
        return next((r for r, where in self.hold.items() if values[where.column].strip() in where.values), None)

    def date(self, text: str) -> date:
        """A date as the file writes it; ValueError where it is none."""
        return _date(text, self.date_format)

    def amount(self, text: str) -> str:
        """An amount as the file writes it, in our form: digits and a point. ValueError where a mark is misplaced."""
        if text and text[0] in self.currency_signs:
            text = text[1:].lstrip()
        if self.thousands:
            text = self._grouped.sub(lambda found: re.sub(r"\D", "", found[0]), text, count=1)
        if self.decimal != ".":
            if "." in text:
                raise ValueError(f"has a point where the decimal sign is {self.decimal}")
            text = text.replace(self.decimal, ".")
        return text

    @cached_property
    def _grouped(self) -> re.Pattern[str]:
        """Digits with thousands marks in their places: 1.234.567, or 12,34,567 as in India."""
        mark = _BLANKS if self.thousands == " " else re.escape(self.thousands or "")
        return re.compile(rf"(?<![\d.])[1-9]\d{{0,2}}(?:{mark}\d{{2,3}})*{mark}\d{{3}}(?!\d)", re.ASCII)


@lru_cache(maxsize=20_000)  # ledgers repeat their dates, and strptime is slow
def _date(text: str, form: str | None) -> date:
    try:
        if form:
            day = datetime.strptime(text, form).replace(tzinfo=UTC).date()
        else:
            if len(text) != 10 or text[4] != "-" or text[7] != "-":
                raise ValueError
            day = date.fromisoformat(text)
    except ValueError as error:
        raise ValueError(f"is no date of the form {form or 'YYYY-MM-DD'}") from error
    if day.year not in YEARS:
        raise ValueError(f"is not between {YEARS[0]} and {YEARS[-1]}")
    return day


def read_mapping(path: Path, known: Sequence[str], *, holds: bool = True) -> Mapping:
    """A mapping file; all its mistakes are named at once. `known` are our column names."""
    try:
        mapping = Mapping.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("{path} cannot be read: {said}.", path=path, said=error) from error
    except tomllib.TOMLDecodeError as error:
        raise InputError("{path} is not TOML: {said}.", path=path, said=error) from error
    except ValidationError as error:
        raise _mistakes(path, [_mistake(one) for one in error.errors()]) from error
    found = [
        f"{table}.{name}: unknown name{_nearest(name, known)}"
        for table, names in (("columns", mapping.columns), ("constants", mapping.constants))
        for name in names
        if name not in known
    ]
    if mapping.hold and not holds:
        found.append("hold: payments know no holds")
    if holds:
        found += [f"{name}: only payments know this" for name in mapping.of_a_bank]
    if found:
        raise _mistakes(path, found)
    return mapping


def shipped() -> dict[str, Path]:
    """The mappings that come with the program, by name."""
    package = Path(__file__).parents[1]
    inside = package / "examples" / "mappings"
    folder = inside if inside.is_dir() else package.parents[1] / "examples" / "mappings"
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}


def mapping_path(named: Path) -> Path:
    """A mapping file, or one that comes with the program by its name. A file of that name goes first."""
    if named.exists() or len(named.parts) != 1 or named.suffix:
        return named
    known = shipped()
    if named.name not in known:
        raise InputError(
            "There is no mapping file {path}.",
            hint="These come with the program: " + ", ".join(known),
            path=named,
        )
    return known[named.name]


def _mistake(error: ErrorDetails) -> str:
    place = [str(part) for part in error["loc"]]
    key = ".".join(place) or "the file"
    if error["type"] == "extra_forbidden":
        models: dict[str, type[BaseModel]] = {"hold": HoldColumn, "direction": Direction}
        known = models.get(place[0], Mapping).model_fields
        return f"{key}: unknown name{_nearest(place[-1], list(known))}"
    return f"{key}: {error['msg'].removeprefix('Value error, ')}"


def _nearest(name: str, known: Sequence[str]) -> str:
    near = get_close_matches(name.casefold(), known, n=1)
    return f"; did you mean '{near[0]}'?" if near else "; known are: " + ", ".join(known)


def _mistakes(path: Path, found: list[str]) -> InputError:
    lines = "\n".join(f"  {line}" for line in found)
    return InputError("{path} is no valid mapping:\n{lines}", details={"mistakes": found}, path=path, lines=lines)
