"""Record facts with a life and end them; holds follow on the debtor's cases. Show the facts and what they do."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from msgspec.structs import replace

from ..domain import debtor_facts as facts
from ..domain.cases import Decision
from ..domain.codec import canonical, decode, encode
from ..domain.compliance.effects import Effects, effects
from ..domain.compliance.guard import guard_of
from ..domain.compliance.words import Party
from ..domain.debtor_facts import NewFact
from ..domain.entries import Released
from ..domain.holds import put_on_hold
from ..domain.rules import Kind
from ..domain.statutory import Shape, Stopped, all_of
from ..domain.views import FactLogged, FactView
from ..errors import InputError, PartyNotFoundError, RulePackNotFoundError, UsageError
from ..i18n import later
from ..rules.files import meant
from ..rules.words import words
from .compliance import Contacted, cases_of_same_debtor, pack_of, recorded, same_people, situation
from .desk import Desk
from .questions.told import read_facts, read_flag

if TYPE_CHECKING:
    from ..domain.cases import Case
    from ..domain.compliance.words import Event
    from ..domain.debtors import Change, Debtor, Fact
    from ..settings import Settings
    from ..store.cases import Filed
    from ..store.debtors import FiledDebtor
    from ..store.requests import Done
    from ..store.session import Tx


def log_fact(
    desk: Desk, ref: str, new: NewFact, about: Sequence[str], *, all_cases: bool, person: int | None = None
) -> FactLogged:
    """Record a fact of a case's debtor, or of the party `person`.

    It is about the cases of `about`, or all of the debtor's; where neither is said, about this case, unless the fact
    is of a kind that concerns the person. Where a debtor's fact asks for a hold, the cases it is about are put on hold.
    """
    event = _event(new.fact)
    kind = words().event_kinds.get(new.fact)  # a spelling may say more than the word it stands for
    fields = new.fields if kind is None else (*new.fields, ("kind", kind))
    new = replace(new, fact=str(event), fields=fields)
    if about and all_cases:
        raise UsageError("Say --about CASE or --all-cases, not both.")

    def decide(tx: Tx, debtor: Debtor, case: Case) -> tuple[FiledDebtor, Change]:
        record = tx.debtors.load(debtor.debtor_id)
        chosen: tuple[int, ...] = (case.case_id,)
        if about:
            chosen = tuple(cases_of_same_debtor(tx, case, about))
        elif all_cases or event in words().of_debtor:
            chosen = ()
        return record, facts.record(record.debtor, desk.now, replace(new, cases=chosen))

    return _change(desk, ref, decide, event, person)


def end_fact(
    desk: Desk, ref: str, which: str, at: date | datetime | None, why: str | None, person: int | None = None
) -> FactLogged:
    """End a fact of a case's debtor, or of the party `person`, named by its number or its word. A hold that it made
    ends with it."""
    named = str(words().events.get(which, which))

    def decide(tx: Tx, debtor: Debtor, case: Case) -> tuple[FiledDebtor, Change]:
        fact = facts.holding(debtor, named)
        record = tx.debtors.load(fact.whose or debtor.debtor_id)
        return record, facts.end(record.debtor, desk.now, str(fact.seq), at, why)

    return _change(desk, ref, decide, None, person)


def _event(word: str) -> Event:
    """What a fact's word means to rules; several spellings mean the same."""
    known = words().events
    if word not in known:
        raise InputError(
            "'{fact}' is no fact that the rules know.",
            hint=meant(word, sorted(known)) or later("See the words in docs/contact-rules.md, under Flags."),
            fact=word,
        )
    return known[word]


_Decide = Callable[["Tx", "Debtor", "Case"], tuple["FiledDebtor", "Change"]]


def _change(desk: Desk, ref: str, decide: _Decide, event: Event | None, person: int | None) -> FactLogged:
    """Write a fact to a person's journal and what follows from it to their cases, in one transaction."""
    desk.writing()

    def work(tx: Tx) -> FactLogged:
        filed_case = tx.cases.load(tx.cases.find(ref))
        if done := desk.done(tx):
            return _again(tx, done)
        contacted = party_of(tx, filed_case.case, person) if person is not None else None
        before = contacted.person if contacted else tx.debtors.person(filed_case.case.debt.debtor_id)
        filed, change = decide(tx, before, filed_case.case)
        tx.debtors.append(filed, change)
        debtor = tx.debtors.person(before.debtor_id)
        entry = change.entries[-1]
        written = (filed.debtor.debtor_id, entry.what.seq if event is None else entry.seq)
        fact = next(each for each in debtor.facts if _place(debtor, each) == written)
        _check(fact)
        held: list[int] = []
        released: list[int] = []
        if contacted is None:
            mine = [each for each in tx.cases.of_debtor(debtor.numbers) if fact.concerns(each.case.case_id)]
            held, released = follow(desk, tx, mine, debtor, fact, ended=event is None)
        else:
            contacted = replace(contacted, person=debtor)
        for number in debtor.numbers:
            tx.cases.forget_law(number)
        case_id = filed_case.case.case_id
        view = fact_view(desk, tx, debtor, fact, filed_case, contacted)
        if desk.key:
            answer = {"case": case_id, "fact": written, "held": held, "released": released, "ended": event is None}
            answer |= {"records": debtor.records or [(debtor.debtor_id, debtor.seq)]}
            answer |= {"pack": view.pack, "effects": view.effects and encode(view.effects)}
            desk.note_done(tx, "debtor", written[0], filed.debtor.seq, change.debtor.seq, canonical(answer))
        return FactLogged(debtor, case_id, view, event is None, tuple(held), tuple(released))

    return desk.write(work)


def _check(fact: Fact) -> None:
    """Refuse particulars that the guard cannot read."""
    read_flag(facts.plain(fact), [])


def _again(tx: Tx, done: Done) -> FactLogged:
    """The answer that was given before, under the same key."""
    said = json.loads(done.answer or "{}")
    debtor = tx.debtors.then(said["records"])
    fact = next(each for each in debtor.facts if _place(debtor, each) == tuple(said["fact"]))
    effects_then = decode(Effects, said["effects"]) if said["effects"] else None
    view = FactView(fact, effects_then, said["pack"])
    return FactLogged(debtor, said["case"], view, said["ended"], tuple(said["held"]), tuple(said["released"]))


def _place(debtor: Debtor, fact: Fact) -> tuple[int, int]:
    """Where a fact of a person stands: the record, and the entry of its journal."""
    return fact.whose or debtor.debtor_id, fact.seq


def party_of(tx: Tx, case: Case, person: int) -> Contacted:
    """A party of a case by their number, whichever of their records it is; PartyNotFoundError."""
    people = tx.debtors.people({each.person for each in case.parties})
    mine = [each for each in case.parties if person in people[each.person].numbers]
    if not mine:
        raise PartyNotFoundError("Person {person} is no party of case {case}.", person=person, case=case.case_id)
    last = next((each for each in reversed(mine) if not each.ended), mine[-1])
    found = people[last.person]
    return Contacted(f"{last.role}:{found.debtor_id}", found)


# --- holds ------------------------------------------------------------------------------------------------------------


def follow(
    desk: Desk, tx: Tx, mine: Sequence[Filed], debtor: Debtor, fact: Fact, *, ended: bool
) -> tuple[list[int], list[int]]:
    """Put cases on hold for a fact, or release them: the numbers of those held and of those released."""
    known = words()
    event = known.events[fact.fact]
    place = _place(debtor, fact)
    reason = known.holds.get(event)
    held: list[int] = []
    released: list[int] = []
    for filed in mine:
        case = filed.case
        if case.outcome:
            continue
        decision = Decision(case, tx.policies.get(case.policy), desk.now)
        if ended:
            if case.hold and held_by(case) == place:
                decision.add(Released(case.hold.reason))
                released.append(case.case_id)
        elif reason:
            until = _last_day(desk, fact)
            freezes = _freezes(desk.settings, case, event)
            if (until is None or until >= desk.now.today) and not _held_longer(case, until, freezes=freezes):
                whose = None if place[0] == case.debt.debtor_id else place[0]
                put_on_hold(decision, reason, until, freezes=freezes, fact=fact.seq, whose=whose)
                held.append(case.case_id)
        elif event in known.releases and case.hold and case.hold.fact is not None:
            behind = next((each for each in debtor.facts if _place(debtor, each) == held_by(case)), None)
            if behind and known.events.get(behind.fact) in known.releases[event]:
                decision.add(Released(case.hold.reason))
                released.append(case.case_id)
        tx.cases.append(filed, decision)
    return held, released


_MONEY = frozenset({Kind.MONEY})


def held_by(case: Case) -> tuple[int, int] | None:
    """The record and the entry of the fact that holds a case; None where none does."""
    if case.hold is None or case.hold.fact is None:
        return None
    return case.hold.whose or case.debt.debtor_id, case.hold.fact


def _held_longer(case: Case, until: date | None, *, freezes: bool) -> bool:
    """Whether a hold in force does all that a new one would: it lasts as long, and interest need not be stopped."""
    hold = case.hold
    return hold is not None and not freezes and (hold.until is None or (until is not None and hold.until >= until))


def _last_day(desk: Desk, fact: Fact) -> date | None:
    """The last day on which a fact holds by its own words."""
    flag = read_flag(facts.plain(fact), [])
    until = flag.until if flag else None
    return desk.now.day_of(until) if until is not None else None


def _freezes(settings: Settings, case: Case, event: Event) -> bool:
    """Whether the law of a case stops interest while such a fact holds."""
    try:
        pack = pack_of(settings, case, _MONEY)
    except RulePackNotFoundError:
        return False
    return any(
        rule.freeze is not None and str(rule.freeze.during) == str(event) and Stopped.INTEREST in rule.freeze.stops
        for rule in all_of(pack, Shape.FREEZE)
    )


# --- views ------------------------------------------------------------------------------------------------------------


def fact_view(
    desk: Desk, tx: Tx, person: Debtor, fact: Fact, filed: Filed, contacted: Contacted | None = None
) -> FactView:
    """A fact and what it does under the rules of a case."""
    (view,) = fact_views(desk, tx, person, [fact], filed, contacted)
    return view


def fact_views(
    desk: Desk, tx: Tx, person: Debtor, chosen: Sequence[Fact], filed: Filed, contacted: Contacted | None = None
) -> tuple[FactView, ...]:
    """Facts of a case's debtor, or of the party `contacted`, each with what it does to contacts with them about the
    case at this moment, whatever the log of contacts says."""
    if not chosen:
        return ()
    case = filed.case
    try:
        pack = pack_of(desk.settings, case)
    except RulePackNotFoundError:
        return tuple(FactView(fact, None, None) for fact in chosen)
    debtor = person if contacted is None else tx.debtors.person(case.debt.debtor_id)
    cases = [each.case for each in tx.cases.of_debtor(debtor.numbers)]
    policy = tx.policies.get(case.policy)
    plain = situation(debtor, cases, {}, policy, desk.now.today, contacted, same_people(tx, cases))
    # The flags stand in the order of the person's facts, so that each is found by its place.
    told = read_facts(plain, [])
    flags = dict(zip((fact.number for fact in recorded(person)), told.flags, strict=False))
    guard = guard_of(pack)
    at = desk.now.instant.astimezone(UTC)
    party = words().parties[contacted.who.partition(":")[0]] if contacted else Party.DEBTOR

    def view(fact: Fact) -> FactView:
        flag = flags.get(fact.number)
        return FactView(fact, effects(guard, told, flag, at, party) if flag else None, pack.label)

    return tuple(map(view, chosen))


def concerning(
    desk: Desk, tx: Tx, person: Debtor, filed: Filed, contacted: Contacted | None = None
) -> tuple[FactView, ...]:
    """The facts of a case's debtor, or of a party, that concern the case and have not ended."""
    chosen = [fact for fact in person.facts if fact.concerns(filed.case.case_id) and fact.ended is None]
    return fact_views(desk, tx, person, chosen, filed, contacted)
