"""Cases from a table: a row is what add-case would be told, every value checked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from ..domain.codec import check_text
from ..domain.debtors import DetailKind, Details, Language, check_detail
from ..domain.entries import CaseOpened, DebtType, HoldReason
from ..domain.money import Money, currency_code
from ..domain.policies import DEFAULT_NAME
from ..errors import DunningError, InputError
from .mappings import Mapping, read_mapping
from .tables import BadRow, Row, Table, open_table, require

COLUMNS = (
    "reference",
    "debtor",
    "debtor_ref",
    "creditor",
    "principal",
    "currency",
    "due",
    "incurred",
    "debt_type",
    "consumer",
    "jurisdiction",
    "phone",
    "email",
    "address",
    "id_number",
    "timezone",
    "language",
    "hold",
    "policy",
    "portfolio",
    "collector",
)
NEEDED = ("reference", "debtor", "creditor", "principal", "due")
_WORDS = {
    "yes": True,
    "true": True,
    "1": True,
    "consumer": True,
    "no": False,
    "false": False,
    "0": False,
    "business": False,
}
_Enum = TypeVar("_Enum", DebtType, HoldReason, Language)


class Given(NamedTuple):
    """What a row that is silent takes, and how a time zone and a policy are known; both raise where they are not."""

    currency: str
    jurisdiction: str
    check_zone: Callable[[str], object]
    check_policy: Callable[[str], object]


class CaseRow(NamedTuple):
    """A row that can be opened as a case."""

    line: int
    opened: CaseOpened
    details: Details
    debtor_ref: str | None
    hold: HoldReason | None


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A table of cases and how it is read."""

    table: Table
    mapping: Mapping
    given: Given

    def rows(self) -> Iterator[CaseRow | BadRow]:
        """Every row, checked. A row with several mistakes comes as several BadRows."""
        read = _Reader(self.mapping, self.given)
        for row in self.table.rows():
            if isinstance(row, BadRow):
                yield row
            else:
                yield from read.row(row)


def open_case_file(path: Path, mapping_path: Path | None, given: Given) -> CaseFile:
    """Look at a file and its mapping, and refuse what has not the columns that a case needs."""
    mapping = read_mapping(mapping_path, COLUMNS) if mapping_path else Mapping()
    table = open_table(path, mapping.encoding, mapping.delimiter)
    if mapping_path is None:
        require(table, NEEDED, COLUMNS)
        return CaseFile(table, Mapping(columns={name: name for name in table.columns}), given)
    theirs = [*mapping.columns.values(), *(hold.column for hold in mapping.hold.values())]
    require(table, theirs, [*table.columns, *theirs])
    if missing := [name for name in NEEDED if name not in mapping.columns and name not in mapping.constants]:
        raise InputError(
            "{path} says nothing of: {names}.",
            hint="Name a column under [columns], or a value under [constants].",
            path=mapping_path,
            names=", ".join(missing),
        )
    return CaseFile(table, mapping, given)


class _Reader:
    """Turns rows into cases; collects what is wrong with each value."""

    def __init__(self, mapping: Mapping, given: Given) -> None:
        self.mapping = mapping
        self.given = given
        self.check_zone = lru_cache(maxsize=1000)(given.check_zone)
        self.bad: list[BadRow] = []
        self.line = 0

    def row(self, row: Row) -> Iterator[CaseRow | BadRow]:
        self.bad, self.line = [], row.line
        value = self._values(row)
        currency = self._read("currency", value, currency_code) or self.given.currency
        principal = self._read("principal", value, lambda text: self._money(text, currency))
        due = self._read("due", value, self._date)
        incurred = self._read("incurred", value, self._date)
        for name in NEEDED:
            if not value.get(name) and not any(bad.field == name for bad in self.bad):
                self._say(name, "", "is missing")
        opened = CaseOpened(
            0,
            self._text("creditor", value) or "",
            principal or Money(0, currency),
            due or date.min,
            self._text("reference", value),
            incurred,
            self._read("debt_type", value, lambda text: _word(DebtType, text)),
            self._read("consumer", value, _yes_or_no),
            self._text("jurisdiction", value) or self.given.jurisdiction,
            self._text("portfolio", value),
            self._text("collector", value),
            self._policy(value),
        )
        if incurred and due and incurred > due:
            self._say("incurred", value["incurred"], "is after the due date")
        details = self._details(value)
        hold = self._hold(row, value)
        debtor_ref = self._text("debtor_ref", value)
        if self.bad:
            yield from self.bad
        else:
            yield CaseRow(row.line, opened, details, debtor_ref, hold)

    def _values(self, row: Row) -> dict[str, str]:
        values = {name: row.values[theirs].strip() for name, theirs in self.mapping.columns.items()}
        return {**self.mapping.constants, **values}

    def _read(self, name: str, values: dict[str, str], read: Callable[[str], Any]) -> Any:
        """A value as `read` gives it; None where it is empty or wrong."""
        text = values.get(name)
        if not text:
            return None
        try:
            return read(text)
        except DunningError as error:
            self._say(name, text, str(error))
        except ValueError as error:
            self._say(name, text, str(error))
        return None

    def _text(self, name: str, values: dict[str, str]) -> str | None:
        found: str | None = self._read(name, values, lambda text: check_text(text, name))
        return found

    def _money(self, text: str, currency: str) -> Money:
        return Money.positive(self.mapping.amount(text), currency, "principal")

    def _date(self, text: str) -> date:
        try:
            return self.mapping.date(text)
        except ValueError as error:
            raise ValueError(f"is no date of the form {self.mapping.date_format or 'YYYY-MM-DD'}") from error

    def _details(self, values: dict[str, str]) -> Details:
        def many(name: str, kind: DetailKind) -> tuple[str, ...]:
            parts = [part.strip() for part in values.get(name, "").split("|") if part.strip()]
            for part in parts:
                self._read(name, {name: part}, lambda text: check_detail(kind, check_text(text, name)))
                if kind is DetailKind.TIMEZONE:
                    self._read(name, {name: part}, self.check_zone)
            return tuple(parts)

        return Details(
            self._text("debtor", values),
            self._read("language", values, lambda text: _word(Language, text)),
            many("phone", DetailKind.PHONE),
            many("email", DetailKind.EMAIL),
            many("address", DetailKind.ADDRESS),
            many("id_number", DetailKind.ID_NUMBER),
            many("timezone", DetailKind.TIMEZONE),
        )

    def _policy(self, values: dict[str, str]) -> str:
        self._read("policy", values, self.given.check_policy)
        return values.get("policy") or DEFAULT_NAME

    def _hold(self, row: Row, values: dict[str, str]) -> HoldReason | None:
        for reason, where in self.mapping.hold.items():
            if row.values[where.column].strip() in where.values:
                return reason
        found: HoldReason | None = self._read("hold", values, lambda text: _word(HoldReason, text))
        return found

    def _say(self, name: str, value: str, reason: str) -> None:
        self.bad.append(BadRow(self.line, name, value, reason))


def _word(words: type[_Enum], text: str) -> _Enum:
    try:
        return words(text)
    except ValueError as error:
        raise ValueError("is none of: " + ", ".join(words)) from error


def _yes_or_no(text: str) -> bool:
    if text.lower() not in _WORDS:
        raise ValueError("is none of: " + ", ".join(_WORDS))
    return _WORDS[text.lower()]
