"""People who owe, or are a party beside one who owes: their names and how they can be reached, each in a journal of
their own.

Two records may turn out to be one person: then one is kept, the other is merged into it, and whoever asks for either is
given `joined`, all that is known of the person. Each entry stays in the journal in which it was written.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from ..errors import InputError, NotFoundError
from . import journal
from .codec import Private
from .days import Now
from .entries import Happening
from .journal import Entry


class DetailKind(StrEnum):
    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    ID_NUMBER = "id_number"
    TIMEZONE = "timezone"


class Language(StrEnum):
    EN = "en"
    ZH = "zh"


class DebtorAdded(Happening, frozen=True):
    name: Private[str]
    language: Language | None = None


class DetailAdded(Happening, frozen=True):
    """A way to reach the debtor, or a time zone that their file suggests."""

    detail: DetailKind
    value: Private[str]


class DetailInvalid(Happening, frozen=True):
    """Detail `seq` is wrong or out of use: it is kept, and no longer shown as usable."""

    detail: DetailKind
    seq: int


class DetailChanged(Happening, frozen=True):
    """The debtor's name or language from now on."""

    name: Private[str | None] = None
    language: Language | None = None


class FactField(Struct, frozen=True):
    """A particular of a fact, by the words of docs/contact-rules.md: `medium` is `call,text`, say."""

    name: str
    value: str


class FactRecorded(Happening, frozen=True):
    """Something that the law cares about became known; effective when it happened. Empty `cases` are all cases.

    `details` are the particulars that identify a person or a place, `fields` all others.
    """

    fact: str
    cases: tuple[int, ...] = ()
    fields: tuple[FactField, ...] = ()
    details: Private[tuple[FactField, ...]] = ()


class FactEnded(Happening, frozen=True):
    """The fact of entry `seq` holds no longer: it was taken back, or is over. Effective when it ended."""

    fact: str
    seq: int
    why: Private[str | None] = None


class CaseJoined(Happening, frozen=True):
    """The person became a party of a case: the counterpart of the case's own entry."""

    case: int
    role: str


class CaseLeft(Happening, frozen=True):
    """The person is no longer a party of a case in a role."""

    case: int
    role: str


class Merged(Happening, frozen=True):
    """Two records turned out to be one person, written in the journals of both.

    Where this record is kept, `gone` are those that went into it: the other one, and all that had gone into that
    before. Where it went, `into` is the one that is kept.
    """

    into: int | None = None
    gone: tuple[int, ...] = ()
    why: Private[str | None] = None


class Split(Happening, frozen=True):
    """Two records turned out to be two people after all: `gone` leave this record, or this one leaves `into`."""

    into: int | None = None
    gone: tuple[int, ...] = ()
    why: Private[str | None] = None


DEBTOR_KINDS: dict[str, type[Happening]] = {
    "debtor_added": DebtorAdded,
    "detail_added": DetailAdded,
    "detail_changed": DetailChanged,
    "detail_invalid": DetailInvalid,
    "fact_recorded": FactRecorded,
    "fact_ended": FactEnded,
    "case_joined": CaseJoined,
    "case_left": CaseLeft,
    "merged": Merged,
    "split": Split,
}


class Detail(Struct, frozen=True):
    """`whose` is the record that it stands in, where that was merged into this one."""

    seq: int
    kind: DetailKind
    value: str
    valid: bool = True
    whose: int | None = None

    @property
    def number(self) -> str:
        return _number(self.seq, self.whose)


class Fact(Struct, frozen=True):
    """A fact that was recorded. `on` and `ended` are a day, or an instant with its offset, as texts of ISO 8601.

    `whose` is the record that it stands in, where that was merged into this one.
    """

    seq: int
    fact: str
    on: str
    cases: tuple[int, ...] = ()
    fields: tuple[FactField, ...] = ()
    ended: str | None = None
    whose: int | None = None

    @property
    def number(self) -> str:
        return _number(self.seq, self.whose)

    def concerns(self, case_id: int) -> bool:
        return not self.cases or case_id in self.cases

    def field(self, name: str) -> str | None:
        return next((each.value for each in self.fields if each.name == name), None)


def _number(seq: int, whose: int | None) -> str:
    """`3`, or `9:3` in the record 9 that was merged."""
    return str(seq) if whose is None else f"{whose}:{seq}"


class Participation(Struct, frozen=True):
    """A case of which the person is, or until the day `ended` was, a party in a role."""

    case: int
    role: str
    on: date
    ended: date | None = None


class Debtor(Struct, frozen=True):
    """A person by their record. `into` is the record that this one was merged into, `merged` are those that were merged
    into this one. `records` are those that a joined person is made of, each with its number and its last entry."""

    debtor_id: int
    seq: int
    recorded_at: datetime
    name: str
    language: Language | None = None
    details: tuple[Detail, ...] = ()
    facts: tuple[Fact, ...] = ()
    parties: tuple[Participation, ...] = ()
    merged_into: int | None = None
    merged: tuple[int, ...] = ()
    records: tuple[tuple[int, int], ...] = ()

    def valid(self, kind: DetailKind) -> list[str]:
        """The usable details of a kind, in the order they were added."""
        return list(dict.fromkeys(d.value for d in self.details if d.kind is kind and d.valid))

    @property
    def numbers(self) -> tuple[int, ...]:
        """All numbers that this person has."""
        return (self.debtor_id, *self.merged)


def _detail_added(debtor: Debtor, entry: Entry) -> dict[str, Any]:
    what: DetailAdded = entry.what
    return {"details": (*debtor.details, Detail(entry.seq, what.detail, what.value))}


def _detail_invalid(debtor: Debtor, entry: Entry) -> dict[str, Any]:
    what: DetailInvalid = entry.what
    return {"details": tuple(replace(d, valid=False) if d.seq == what.seq else d for d in debtor.details)}


def _detail_changed(debtor: Debtor, entry: Entry) -> dict[str, Any]:
    what: DetailChanged = entry.what
    return {"name": what.name or debtor.name, "language": what.language or debtor.language}


def _fact_recorded(debtor: Debtor, entry: Entry) -> dict[str, Any]:
    what: FactRecorded = entry.what
    fact = Fact(entry.seq, what.fact, entry.effective.isoformat(), what.cases, (*what.fields, *what.details))
    return {"facts": (*debtor.facts, fact)}


def _fact_ended(debtor: Debtor, entry: Entry) -> dict[str, Any]:
    what: FactEnded = entry.what
    ended = entry.effective.isoformat()
    return {"facts": tuple(replace(f, ended=ended) if f.seq == what.seq else f for f in debtor.facts)}


def _case_joined(debtor: Debtor, entry: Entry) -> dict[str, Any]:
    what: CaseJoined = entry.what
    return {"parties": (*debtor.parties, Participation(what.case, what.role, entry.effective_on))}


def _case_left(debtor: Debtor, entry: Entry) -> dict[str, Any]:
    what: CaseLeft = entry.what

    def ended(each: Participation) -> Participation:
        mine = (each.case, each.role, each.ended) == (what.case, what.role, None)
        return replace(each, ended=entry.effective_on) if mine else each

    return {"parties": tuple(map(ended, debtor.parties))}


def _merged(debtor: Debtor, entry: Entry) -> dict[str, Any]:
    what: Merged = entry.what
    return {"merged_into": what.into or debtor.merged_into, "merged": (*debtor.merged, *what.gone)}


def _split(debtor: Debtor, entry: Entry) -> dict[str, Any]:
    what: Split = entry.what
    return {
        "merged_into": None if what.into else debtor.merged_into,
        "merged": tuple(number for number in debtor.merged if number not in what.gone),
    }


_CHANGES: dict[type, Callable[[Debtor, Entry], dict[str, Any]]] = {
    DetailAdded: _detail_added,
    DetailChanged: _detail_changed,
    DetailInvalid: _detail_invalid,
    FactRecorded: _fact_recorded,
    FactEnded: _fact_ended,
    CaseJoined: _case_joined,
    CaseLeft: _case_left,
    Merged: _merged,
    Split: _split,
}


def apply(debtor: Debtor, entry: Entry) -> Debtor:
    """The debtor after an entry."""
    changes = _CHANGES[type(entry.what)](debtor, entry)
    return replace(debtor, seq=entry.seq, recorded_at=entry.recorded_at, **changes)


def fold(debtor_id: int, entries: Iterable[Entry]) -> Debtor:
    """The debtor that a journal tells."""
    rest = iter(entries)
    first = next(rest)
    debtor = Debtor(debtor_id, first.seq, first.recorded_at, first.what.name, first.what.language)
    for entry in rest:
        debtor = apply(debtor, entry)
    return debtor


def joined(records: Sequence[Debtor]) -> Debtor:
    """One person of several records, the kept one first: its name and number, and the details and facts of all."""
    kept, *gone = records
    if not gone:
        return kept

    def also(name: str) -> tuple[Any, ...]:
        return tuple(replace(each, whose=one.debtor_id) for one in gone for each in getattr(one, name))

    return replace(
        kept,
        language=next((one.language for one in records if one.language), None),
        details=(*kept.details, *also("details")),
        facts=(*kept.facts, *also("facts")),
        parties=(*kept.parties, *(each for one in gone for each in one.parties)),
        records=tuple((one.debtor_id, one.seq) for one in records),
    )


class Change:
    """Entries being decided for one debtor, and the debtor as they then are."""

    __slots__ = ("debtor", "entries", "now")

    def __init__(self, debtor: Debtor, now: Now, entries: list[Entry] | None = None) -> None:
        self.debtor = debtor
        self.now = now
        self.entries: list[Entry] = entries or []

    def add(self, what: Happening, effective: date | datetime | None = None) -> None:
        entry = journal.entry(what, self.now, self.debtor.seq + 1, self.debtor.recorded_at, effective)
        self.debtor = apply(self.debtor, entry)
        self.entries.append(entry)


class Details(Struct, frozen=True):
    """What is given about a debtor: by add-case, or to be added by edit-debtor."""

    name: str | None = None
    language: Language | None = None
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    id_numbers: tuple[str, ...] = ()
    timezones: tuple[str, ...] = ()

    def rows(self) -> list[tuple[DetailKind, str]]:
        kinds = (
            (DetailKind.PHONE, self.phones),
            (DetailKind.EMAIL, self.emails),
            (DetailKind.ADDRESS, self.addresses),
            (DetailKind.ID_NUMBER, self.id_numbers),
            (DetailKind.TIMEZONE, self.timezones),
        )
        return [(kind, value.strip()) for kind, values in kinds for value in values]


def add(debtor_id: int, details: Details, now: Now) -> Change:
    """The journal of a new debtor."""
    name = (details.name or "").strip()
    if not name:
        raise InputError("A debtor needs a name.", hint="Give it with --debtor NAME.")
    first = journal.entry(DebtorAdded(name, details.language), now, 1, None)
    change = Change(fold(debtor_id, [first]), now, [first])
    extend(change, details)
    return change


def edit(debtor: Debtor, now: Now, details: Details, invalid: Iterable[str] = ()) -> Change:
    """Add details, change name or language, mark details invalid by their value or their number.

    What is already so is not written again.
    """
    change = Change(debtor, now)
    name = (details.name or "").strip() or None
    name = None if name == debtor.name else name
    language = None if details.language is debtor.language else details.language
    if name or language:
        change.add(DetailChanged(name, language))
    for text in invalid:
        found = meant(change.debtor, text)
        change.add(DetailInvalid(found[0].kind, found[0].seq))
    extend(change, details)
    return change


def meant(debtor: Debtor, text: str) -> list[Detail]:
    """The usable details of this value or number: of several records that are one person, one in each may be."""
    found = [d for d in debtor.details if d.valid and text in (d.value, d.number)]
    if not found:
        raise NotFoundError(
            "The debtor has no valid detail '{text}'.",
            hint="See the details and their numbers with: dunning show-debtor ID --reveal",
            text=text,
        )
    return found


def extend(change: Change, details: Details) -> None:
    """Add the details that are not there yet."""
    for kind, value in details.rows():
        check_detail(kind, value)
        if value not in change.debtor.valid(kind):
            change.add(DetailAdded(kind, value))


def check_detail(kind: DetailKind, value: str) -> None:
    """Refuse what cannot be a detail of its kind; the zone is checked against the time-zone database at the edge."""
    if not value:
        raise InputError("The {kind} is empty.", kind=str(kind))
    if kind is DetailKind.EMAIL and ("@" not in value[1:-1] or any(c.isspace() for c in value)):
        raise InputError("'{value}' is no e-mail address.", value=value)
    if kind is DetailKind.PHONE and sum(map(str.isdigit, value)) < 3:
        raise InputError("'{value}' is no phone number.", hint="Write it with its country code.", value=value)


def search_key(name: str) -> str:
    """A name as it is searched: width and case folded, white space single."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())
