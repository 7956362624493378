"""Facts with a life: what the law cares about beside the log of contacts, recorded for a debtor and ended again."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Final

from msgspec import Struct

from ..errors import AmbiguousFactError, FactNotFoundError, InputError
from .codec import check_text
from .days import Now
from .debtors import Change, Debtor, Fact, FactEnded, FactField, FactRecorded

# Particulars that identify a person or a place; they lie in the erasable part of the entry.
_DETAILS: Final = frozenset({"to", "address", "place", "party", "text"})
_LISTS: Final = frozenset({"medium", "media", "weekdays"})
_YES_NO: Final = frozenset({"in_writing"})
_DATED: Final = ("at", "received", "sent")


class NewFact(Struct, frozen=True):
    """A fact to be recorded. `at` is when it happened or begins, None where only its message is dated; `cases` are
    the cases that it is about, none for all of the debtor's."""

    fact: str
    at: date | datetime | None = None
    cases: tuple[int, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()


def record(debtor: Debtor, now: Now, new: NewFact) -> Change:
    """Record a fact. Where nothing says when, it holds from now on; it may begin later, as a moratorium does."""
    named: dict[str, str] = {}
    for name, value in new.fields:
        if name in named:
            raise InputError("The field '{name}' is given twice.", name=name)
        named[name] = check_text(value, name)
    messages = [moment for name in ("received", "sent") if (moment := _moment(named.get(name)))]
    for moment in messages:
        if _is_later(moment, now):
            raise InputError(
                "'{fact}' would have been received or sent at {at}, which is still to come.",
                hint="Record a message once it is there. A fact may begin later: say so with --at.",
                fact=new.fact,
                at=moment.isoformat(),
            )
    began = new.at or _moment(named.get("at"))
    if began:
        named["at"] = began.isoformat()
    if not any(named.get(name) for name in _DATED):
        named["at"] = now.instant.astimezone(now.zone).isoformat()
    fields = [FactField(*each) for each in sorted(named.items())]
    change = Change(debtor, now)
    change.add(
        FactRecorded(
            new.fact,
            tuple(sorted(set(new.cases))),
            tuple(f for f in fields if f.name not in _DETAILS),
            tuple(f for f in fields if f.name in _DETAILS),
        ),
        began or next(iter(messages), None),
    )
    return change


def end(debtor: Debtor, now: Now, which: str, at: date | datetime | None = None, why: str | None = None) -> Change:
    """End a fact of a record, named by its number or, where only one such holds, by its word."""
    found = holding(debtor, which)
    if at is not None and _is_later(at, now):
        raise InputError("The fact would end at {at}, which is still to come.", at=at.isoformat())
    change = Change(debtor, now)
    change.add(FactEnded(found.fact, found.seq, why), at)
    return change


def holding(debtor: Debtor, which: str) -> Fact:
    """The fact that is named by its number or, where only one such holds, by its word."""
    found = [fact for fact in debtor.facts if which in (fact.number, fact.fact) and fact.ended is None]
    if not found:
        raise FactNotFoundError(
            "Debtor {debtor} has no fact '{which}' that still holds.", debtor=debtor.debtor_id, which=which
        )
    if len(found) > 1:
        numbers = ", ".join(fact.number for fact in found)
        raise AmbiguousFactError("Several facts '{which}' hold: {numbers}.", which=which, numbers=numbers)
    return found[0]


def plain(fact: Fact) -> dict[str, Any]:
    """A fact in the vocabulary of facts, as `rules check` reads a flag."""
    row: dict[str, Any] = {"type": fact.fact}
    for each in fact.fields:
        row[each.name] = _value(each)
    if fact.ended:
        row["ended"] = fact.ended
    if fact.cases:
        row["debts"] = [str(number) for number in fact.cases]
    return row


def _value(each: FactField) -> Any:
    if each.name in _LISTS:
        return [part.strip() for part in each.value.split(",")]
    if each.name in _YES_NO:
        if each.value not in ("true", "false"):
            raise InputError("The fact '{name}' is true or false.", name=each.name)
        return each.value == "true"
    return each.value


def _moment(text: str | None) -> date | datetime | None:
    """A day or an instant as it was given; what is none is refused by who reads the fact."""
    if not text:
        return None
    try:
        return date.fromisoformat(text) if len(text) == 10 else datetime.fromisoformat(text)
    except ValueError:
        return None


def _is_later(moment: date | datetime, now: Now) -> bool:
    if isinstance(moment, datetime):
        return moment.tzinfo is not None and moment > now.instant
    return moment > now.today
