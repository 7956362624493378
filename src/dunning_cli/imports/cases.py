"""Cases from a table: a row is what add-case would be told, every value checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, Final, NamedTuple

from msgspec import Struct
from msgspec.structs import replace

from ..domain.debtors import DetailKind, Details, Language, check_detail
from ..domain.entries import CaseOpened, DebtType, HoldReason
from ..domain.interest import DayCount
from ..domain.terms import Asked, Terms, percent
from ..errors import DunningError, InputError
from .fields import Fields, Read, checked, one_of, text, word
from .mappings import Mapping, read_mapping
from .tables import BadRow, Row, Table, open_table, require, require_mapped

COLUMNS: Final = (
    "reference",
    "debtor",
    "debtor_ref",
    "creditor",
    "principal",
    "currency",
    "due",
    "incurred",
    "rate",
    "default_rate",
    "day_count",
    "statutory",
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
NEEDED: Final = ("reference", "debtor", "creditor", "principal", "due")
_OPENED: Final = (
    "creditor",
    "principal",
    "due",
    "reference",
    "incurred",
    "debt_type",
    "consumer",
    "jurisdiction",
    "portfolio",
    "collector",
    "policy",
)
_INTEREST: Final = ("rate", "default_rate", "day_count")
_DETAILS: Final = ("phone", "email", "address", "id_number", "timezone")
_CONSUMER: Final = {
    "yes": True,
    "true": True,
    "1": True,
    "consumer": True,
    "no": False,
    "false": False,
    "0": False,
    "business": False,
}
_YES: Final = {word: value for word, value in _CONSUMER.items() if word not in ("consumer", "business")}
_LONGEST_JURISDICTION: Final = 40
_LONGEST_DETAIL: Final = 1000


class Given(NamedTuple):
    """What a row that is silent takes, and how a time zone and a policy are known; both raise where they are not.

    `terms` answers the terms that a case is opened with, and raises where no law gives those that are asked for;
    `policy_of` the policy by the creditor's key of the debtor, the portfolio and the creditor.
    """

    currency: str
    jurisdiction: str
    check_zone: Callable[[str], object]
    check_policy: Callable[[str], object]
    terms: Callable[[CaseOpened, Asked], Terms | None]
    policy_of: Callable[[str | None, str | None, str], str]


class CaseRow(NamedTuple):
    """A row that can be opened as a case. `values` holds what it says, by our names; where it is silent, None."""

    line: int
    values: dict[str, Any]
    hold: HoldReason | None

    @property
    def key(self) -> tuple[str, str]:
        """The reference and the creditor: no two cases have the same."""
        return self.values["reference"], self.values["creditor"]

    @property
    def debtor_key(self) -> tuple[str, str] | None:
        """The creditor's own key of the debtor, and the creditor."""
        ref = self.values["debtor_ref"]
        return (ref, self.values["creditor"]) if ref else None

    @property
    def details(self) -> Details:
        """What it says of the debtor."""
        values = self.values
        return Details(values["debtor"], values["language"], *(values[name] or () for name in _DETAILS))

    @property
    def asked(self) -> Asked:
        return Asked(**{name: self.values[name] for name in _INTEREST}, statutory=bool(self.values["statutory"]))

    def opened(self, debtor_id: int, given: Given, version: int | None = None) -> CaseOpened:
        """What opens the case; `version` is that of its policy."""
        what = CaseOpened(debtor_id, **{name: self.values[name] for name in _OPENED})
        return replace(what, terms=given.terms(what, self.asked), policy_version=version)


class CaseFile(Struct, frozen=True):
    """A table of cases and how it is read."""

    table: Table
    mapping: Mapping
    given: Given

    def checked(self, rows: Iterable[Row | BadRow]) -> Iterator[CaseRow | BadRow]:
        """Rows of the table, checked. A row with several mistakes comes as several BadRows."""
        fields = Fields(self.mapping, _readers(self.mapping, self.given), NEEDED, "principal", self.given.currency)
        for row in rows:
            if isinstance(row, BadRow):
                yield row
            elif not self.mapping.leaves_out(row.values):
                yield from self._row(fields, row)

    def _row(self, fields: Fields, row: Row) -> list[CaseRow] | list[BadRow]:
        values, bad = fields.read(row)
        if values["incurred"] and values["due"] and values["incurred"] > values["due"]:
            bad.append(BadRow(row.line, "incurred", values["incurred"].isoformat(), "is after the due date"))
        if bad:
            return bad
        values["jurisdiction"] = values["jurisdiction"] or self.given.jurisdiction
        if not values["policy"]:
            whose = (values["debtor_ref"], values["portfolio"], values["creditor"])
            values["policy"] = self.given.policy_of(*whose)
        found = CaseRow(row.line, values, self.mapping.hold_of(row.values) or values["hold"])
        return self._lawful(found) or [found]

    def _lawful(self, row: CaseRow) -> list[BadRow]:
        """What is wrong with a row whose interest, or the order of whose parts, the law is to give."""
        asked, name = row.asked, "statutory"
        if asked.statutory and (asked.rate is not None or asked.default_rate is not None or asked.day_count):
            return [BadRow(row.line, name, "yes", "goes with no other rate and no day count")]
        try:
            row.opened(0, self.given)
        except DunningError as error:
            said = str(error) if asked.statutory else row.values["jurisdiction"]
            return [BadRow(row.line, name if asked.statutory else "jurisdiction", said, str(error))]
        return []


def open_case_file(path: Path, mapping_path: Path | None, given: Given) -> CaseFile:
    """Look at a file and its mapping, and refuse what has not the columns that a case needs."""
    if mapping_path is None:
        table = open_table(path)
        require(table, NEEDED, COLUMNS)
        return CaseFile(table, Mapping(columns={name: name for name in table.columns}), given)
    mapping = read_mapping(mapping_path, COLUMNS)
    if missing := [name for name in NEEDED if name not in mapping.names]:
        raise InputError(
            "{path} says nothing of: {names}.",
            hint="Name a column under [columns], or a value under [constants].",
            path=mapping_path,
            names=", ".join(missing),
        )
    table = open_table(path, mapping.encoding, mapping.delimiter, mapping.frame)
    require_mapped(table, mapping.theirs)
    return CaseFile(table, mapping, given)


def _readers(mapping: Mapping, given: Given) -> dict[str, Read]:
    names = ("reference", "debtor", "debtor_ref", "creditor", "portfolio", "collector")
    return {
        **dict.fromkeys(names, text()),
        "due": mapping.date,
        "incurred": mapping.date,
        "debt_type": word(DebtType),
        "consumer": one_of(_CONSUMER),
        "jurisdiction": text(_LONGEST_JURISDICTION),
        "rate": percent,
        "default_rate": partial(percent, what="default rate"),
        "day_count": word(DayCount),
        "statutory": one_of(_YES),
        "language": word(Language),
        "hold": word(HoldReason),
        "policy": checked(given.check_policy),
        **{name: _details(DetailKind(name), given) for name in _DETAILS},
    }


def _details(kind: DetailKind, given: Given) -> Read:
    """One or more details of a kind, with | between them."""
    short = text(_LONGEST_DETAIL)
    zone = checked(given.check_zone)

    def read(given: str) -> tuple[str, ...]:
        parts = tuple(part for part in map(str.strip, given.split("|")) if part)
        for part in parts:
            check_detail(kind, short(part))
            if kind is DetailKind.TIMEZONE:
                zone(part)
        return parts

    return read
