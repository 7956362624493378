"""What the days of a claim are counted from: recorded facts, and those that follow from the case's own journal.

A fact of a claim is a word of its rule pack: a day (`payment_order_served`), true or false, one of some words (`law`),
or an event that stops or restarts limitation (`acknowledgment`), with the days it is known by. `facts_of` tells them in
the vocabulary of docs/deadlines.md. What could prolong a limitation is told only where it surely happened in the form
that the law asks for: to leave it out gives the earlier day, and that is the safe one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from enum import StrEnum
from typing import Any, Final, NamedTuple

from msgspec import Struct

from ..errors import InputError
from .cases import Case, Decision
from .compliance.words import Event
from .days import Now
from .deadlines import DeadlineRule
from .debtors import Fact
from .entries import (
    CaseOutcome,
    ClaimFactRecorded,
    ClaimField,
    ContactLogged,
    Direction,
    Outcome,
    PlanAccepted,
    Purpose,
    Voided,
)
from .given import Condition
from .journal import Entry
from .limitation import INFERRED, LimitationRule
from .policies import Policy
from .retention import RetentionRule
from .rules import Pack

Plain = dict[str, Any]

OWN: Final = frozenset(
    {"due", "paid", "settled", "consumer", "debt_type", "lender", "collector_role", "now", "days_overdue"}
)  # what the case says itself


class Holds(StrEnum):
    """What a fact of a claim is."""

    DAY = "day"
    YES_NO = "yes_no"
    WORD = "word"
    EVENT = "event"


class Word(NamedTuple):
    """A word that days are counted from. `words`: the values it may have; of an event the names of its days.

    `shared` is the word of the guard that an event is another spelling of: then it stands in the debtor's journal.
    """

    name: str
    holds: Holds
    words: frozenset[str] = frozenset()
    shared: str | None = None


# --- the vocabulary of a pack -----------------------------------------------------------------------------------------

_OF_EVENTS: Final = frozenset({"at", "sent", "received", "until", "from", "ended"})
_UNTIL: Final = frozenset({"ended", "until", "to_"})  # of an event; other words that end a suspension are facts


def words_of(pack: Pack, guard: Mapping[str, str] | None = None) -> dict[str, Word]:
    """Every fact and event that the pack's rules about days ask for, but what a case says itself.

    `guard` holds the spellings of the facts that rules about contacts know, each with the word it stands for.
    """
    found: dict[str, Word] = {}
    for name in _days(pack):
        found[name] = Word(name, Holds.DAY)
    for condition in _conditions(pack):
        values = (*condition.one_of, *condition.none_of)
        if any(isinstance(value, bool) for value in values):
            found[condition.fact] = Word(condition.fact, Holds.YES_NO)
        elif values:
            known = found.get(condition.fact, Word(condition.fact, Holds.WORD)).words
            words = known | {value for value in values if isinstance(value, str)}
            found[condition.fact] = Word(condition.fact, Holds.WORD, words)
        else:
            found.setdefault(condition.fact, Word(condition.fact, Holds.DAY))
    for name, days in _events(pack):
        if name not in found or found[name].holds is Holds.EVENT:
            found[name] = Word(name, Holds.EVENT, days | found.get(name, Word(name, Holds.EVENT)).words)
    shared = {name: str(event) for name, event in (guard or {}).items()}
    return {
        name: word._replace(shared=shared.get(name)) if word.holds is Holds.EVENT else word
        for name, word in found.items()
        if name not in OWN
    }


def _days(pack: Pack) -> Iterator[str]:
    for rule in pack.rules_of(DeadlineRule):
        yield from rule.facts
        yield from (each.later_than for each in rule.dates if each.later_than)
    for kept in pack.rules_of(RetentionRule):
        yield from kept.facts
    for limit in pack.rules_of(LimitationRule):
        for start in limit.start:
            yield from (*start.latest_of, *start.needs)
        for stop in limit.long_stops:
            yield from stop.latest_of
        for span in limit.suspended_by:
            yield from span.facts
            yield from (name for name in span.until if name not in _UNTIL)
            if span.at_most_from:
                yield span.at_most_from
        yield from (name for each in limit.interrupted_by for name in each.ends if name != "ended")


def _conditions(pack: Pack) -> Iterator[Condition]:
    yield from (each for rule in pack.rules_of(DeadlineRule) for each in rule.when)
    yield from (each for limit in pack.rules_of(LimitationRule) for each in limit.when)
    yield from (each for kept in pack.rules_of(RetentionRule) for each in kept.when)


def _events(pack: Pack) -> Iterator[tuple[str, frozenset[str]]]:
    """The types of events, and by the names of which days each is known."""
    for rule in pack.rules_of(LimitationRule):
        for each in (*rule.interrupted_by, *rule.waived_by):
            days = _OF_EVENTS | {*each.day, *each.or_day, *each.unless, *each.ends}
            yield from ((name, days) for name in each.events)
        for span in rule.suspended_by:
            days = _OF_EVENTS | {*span.from_, *span.until}
            yield from ((name, days) for name in span.events)


# --- recording --------------------------------------------------------------------------------------------------------


class NewClaimFact(Struct, frozen=True):
    """A fact to be recorded: its day `at`, and further particulars as they were typed."""

    fact: str
    at: date | None = None
    fields: tuple[tuple[str, str], ...] = ()


def record(case: Case, policy: Policy, now: Now, word: Word, new: NewClaimFact) -> Decision:
    """Record a fact of a claim on its day. A day to come counts from now on, so that it dates nothing forward."""
    named: dict[str, str] = {}
    for name, value in new.fields:
        if name in named:
            raise InputError("The field '{name}' is given twice.", name=name)
        named[name] = value
    if new.at is not None:
        named["at"] = new.at.isoformat()
    checked = _event(word, named, now) if word.holds is Holds.EVENT else _plain(word, named, now)
    days = [date.fromisoformat(value) for name, value in checked.items() if name != "until" and _is_day(value)]
    on = min((day for day in days if day <= now.today), default=now.today)
    decision = Decision(case, policy, now)
    decision.add(ClaimFactRecorded(word.name, tuple(ClaimField(*each) for each in sorted(checked.items()))), on)
    return decision


def _plain(word: Word, named: Mapping[str, str], now: Now) -> dict[str, str]:
    """The particulars of a fact that is no event: `at` of a day, `value` of all others."""
    wanted = "at" if word.holds is Holds.DAY else "value"
    for name in named:
        if name != wanted and not (name == "at" and word.holds is not Holds.DAY):
            raise InputError(
                "'{fact}' has no particular '{name}'; it takes '{wanted}'.", fact=word.name, name=name, wanted=wanted
            )
    if word.holds is Holds.DAY:
        return {"at": _day(word.name, "at", named.get("at") or now.today.isoformat(), now, later=True)}
    value = named.get("value") or ("true" if word.holds is Holds.YES_NO else "")
    known = ("true", "false") if word.holds is Holds.YES_NO else tuple(sorted(word.words))
    if value not in known:
        raise InputError(
            "'{fact}' is one of: {known}.",
            hint="Say it with --field value=WORD.",
            fact=word.name,
            known=", ".join(known),
        )
    at = {"at": _day(word.name, "at", named["at"], now)} if "at" in named else {}
    return {"value": value} | at


def _event(word: Word, named: Mapping[str, str], now: Now) -> dict[str, str]:
    """The days of an event. What came back may be told without its day."""
    for name in named:
        if name not in word.words:
            raise InputError(
                "'{fact}' has no particular '{name}'; known are: {known}.",
                fact=word.name,
                name=name,
                known=", ".join(sorted(word.words)),
            )
    if not any(name not in ("until", "ended") for name in named):
        named = {"at": now.today.isoformat(), **named}
    return {
        name: value
        if value == "true" and name in ("returned", "undeliverable")
        else _day(word.name, name, value, now, later=name == "until")
        for name, value in named.items()
    }


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _day(fact: str, name: str, text: str, now: Now, *, later: bool = False) -> str:
    if not (len(text) >= 10 and _is_day(text[:10]) and 1900 <= date.fromisoformat(text[:10]).year < 3000):
        raise InputError(
            "'{name}' of '{fact}' is a day such as 2026-01-31, not '{text}'.", name=name, fact=fact, text=text
        )
    if not later and date.fromisoformat(text[:10]) > now.today:
        raise InputError(
            "'{fact}' would have happened on {day}, which is still to come.",
            hint="Record it once it has happened.",
            fact=fact,
            day=text[:10],
        )
    return text[:10]


# --- what is known of a claim -----------------------------------------------------------------------------------------

_SPOKEN: Final = (Outcome.CONVERSATION, Outcome.REFUSED_TO_PAY, Outcome.PROMISED)
_ARRIVED: Final = (Outcome.DELIVERED, Outcome.RECEIVED)
_DEMANDS: Final = (Purpose.DEMAND, Purpose.FINAL_DEMAND)
_NOT_CONVEYED: Final = (
    Outcome.NO_ANSWER,
    Outcome.BUSY,
    Outcome.NOT_IN_SERVICE,
    Outcome.RETURNED,
    Outcome.DROPPED,
    Outcome.VOICEMAIL_NOT_LEFT,
)


_DAYS_OF_DEBTOR: Final[Mapping[str, str]] = {
    Event.TREATMENT_ENDED: "treatment_ended",
    Event.VALIDATION_PROVIDED: "provided",
    Event.COMPLAINT_OPEN: "complaint_received",
}


def facts_of(
    case: Case, log: Sequence[Entry], known: Iterable[Fact], words: Mapping[str, Word], policy: Policy
) -> Plain:
    """All that is known of a claim, in the vocabulary of facts: what days are counted from.

    `log` are the case's entries about contacts and plans, `known` the facts of its debtor, `words` those of its pack.
    """
    debt = case.debt
    void = {entry.what.seq for entry in log if isinstance(entry.what, Voided)}
    told = [entry for entry in log if entry.seq not in void]
    concerning = [fact for fact in known if fact.ended is None and fact.concerns(case.case_id)]
    paid = case.closed_on if case.outcome is CaseOutcome.PAID else None
    facts: Plain = {
        "due": debt.due.isoformat(),
        "consumer": debt.consumer,
        "debt_type": debt.debt_type and str(debt.debt_type),
        "collector_role": str(policy.law.collector_role),
        "lender": str(policy.law.lender),
        "paid": paid and paid.isoformat(),
        "settled": case.closed_on.isoformat() if _settled(case) and case.closed_on else None,
        "events": [*_events_of(case, told, words), *_events_known(case, concerning, words)],
        **_of_contacts(case, told),
        **_of_debtor(concerning),
    }
    for fact in case.claim:
        word = words.get(fact.fact)
        if word is None or word.holds is Holds.EVENT:
            continue
        if word.holds is Holds.DAY:
            days = [*_days_of(facts.get(fact.fact)), fact.field("at")]
            facts[fact.fact] = [min(days)] if fact.fact in _FIRST else days
        else:
            value = fact.field("value")
            facts[fact.fact] = value == "true" if word.holds is Holds.YES_NO else value
    return {name: value for name, value in facts.items() if value not in (None, [])}


_FIRST: Final = ("reminder", "initial_communication")  # of these the earliest counts, of all others the latest


def _settled(case: Case) -> bool:
    return case.outcome in (CaseOutcome.PAID, CaseOutcome.SETTLED)


def _days_of(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _events_of(case: Case, told: Sequence[Entry], words: Mapping[str, Word]) -> Iterator[Plain]:
    """The events that follow from the journal, as far as the pack has words for them."""
    for payment in case.payments:
        if payment.reversed_on is None and "part_payment" in words:
            yield _event_row("part_payment", "at", payment.on)
    for entry in told:
        match entry.what:
            case PlanAccepted() if "plan_agreed" in words:
                yield _event_row("plan_agreed", "at", entry.effective_on)
            case ContactLogged() as what if what.party == "debtor":
                yield from _events_of_contact(what, entry.effective_on, words)


def _events_of_contact(what: ContactLogged, on: date, words: Mapping[str, Word]) -> Iterator[Plain]:
    if what.direction is Direction.OUT and what.purpose in _DEMANDS:
        # A demand that was only sent proves nothing.
        if what.outcome in _ARRIVED and "demand_letter" in words:
            yield _event_row("demand_letter", "arrived", on)
        elif what.outcome in _SPOKEN and "demand_call" in words:
            yield _event_row("demand_call", "at", on)
    if what.outcome is Outcome.PROMISED and "promise_to_pay" in words:
        yield _event_row("promise_to_pay", "at", on)


def _event_row(type_: str, word: str, on: date) -> Plain:
    return {"type": type_, word: on.isoformat(), INFERRED: True}


def _events_known(case: Case, concerning: Iterable[Fact], words: Mapping[str, Word]) -> Iterator[Plain]:
    """The events that were recorded: in this case's journal, and in the debtor's where both worlds have the word."""
    for each in case.claim:
        if each.fact in words and words[each.fact].holds is Holds.EVENT:
            yield {"type": each.fact} | {field.name: _value(field.value) for field in each.fields}
    for fact in concerning:
        for name in (word.name for word in words.values() if word.shared == fact.fact):
            days = {name: value for name in ("at", "received", "sent") if (value := fact.field(name))}
            yield {"type": name, **(days or {"at": fact.on})}


def _value(text: str) -> Any:
    return True if text == "true" else text


def _of_contacts(case: Case, told: Iterable[Entry]) -> Plain:
    """The days that follow from the log of contacts."""
    contacts = [(entry.effective_on, entry.what) for entry in told if isinstance(entry.what, ContactLogged)]
    first = [on for on, what in contacts if what.party == "debtor" and what.outcome not in _NOT_CONVEYED]
    reminders = [
        on
        for on, what in contacts
        if what.party == "debtor"
        and what.direction is Direction.OUT
        and what.purpose in _DEMANDS
        and what.outcome in (*_ARRIVED, *_SPOKEN)
        and on > case.debt.due
    ]
    recorded = [on for on, what in contacts if "recorded=true" in what.said]
    days = [on for on, _ in contacts]
    last = max([*days, *(p.on for p in case.payments), *([case.closed_on] if case.closed_on else [])], default=None)
    found = {
        "initial_communication": min(first, default=None),
        "reminder": min(reminders, default=None),
        "record_made": max(days, default=None),
        "recording_made": max(recorded, default=None),
        "last_collection_activity": last,
    }
    return {name: day.isoformat() for name, day in found.items() if day}


def _of_debtor(concerning: Iterable[Fact]) -> Plain:
    """The days that follow from facts of the debtor: a word has one home, and the rules of both worlds read it."""
    found: Plain = {}
    for fact in concerning:
        day = (fact.field("at") or fact.field("sent") or fact.field("received") or fact.on)[:10]
        if fact.fact == Event.MORATORIUM and fact.field("kind") != "mental_health":
            found["first_day"] = day
        elif name := _DAYS_OF_DEBTOR.get(fact.fact):
            found[name] = day
            if fact.fact == Event.VALIDATION_PROVIDED and (mode := fact.field("mode")):
                found["mode"] = mode
    return found
