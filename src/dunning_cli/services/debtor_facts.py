"""Record facts with a life and end them; holds follow on the debtor's cases. Show the facts and what they do."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from ..domain import debtor_facts as facts
from ..domain.cases import Decision
from ..domain.codec import canonical, decode, encode
from ..domain.compliance import guard_of
from ..domain.compliance.effects import Effects, effects
from ..domain.debtor_facts import NewFact
from ..domain.debtors import fold
from ..domain.entries import Released
from ..domain.holds import put_on_hold
from ..domain.statutory import Shape, Stopped, all_of
from ..domain.views import FactLogged, FactView
from ..errors import InputError, RulePackNotFoundError, UsageError
from ..i18n import later
from ..rules.files import meant
from ..rules.words import words
from .compliance import cases_of_same_debtor, pack_of, situation
from .desk import Desk
from .questions.told import read_facts, read_flag

if TYPE_CHECKING:
    from ..domain.cases import Case
    from ..domain.compliance.words import Event
    from ..domain.debtors import Change, Debtor, Fact
    from ..settings import Settings
    from ..store.cases import Filed
    from ..store.requests import Done
    from ..store.session import Tx


def log_fact(desk: Desk, ref: str, new: NewFact, about: Sequence[str], *, all_cases: bool) -> FactLogged:
    """Record a fact of a case's debtor.

    It is about the cases of `about`, or all of the debtor's; where neither is said, about this case, unless the fact
    is of a kind that concerns the person. Where it asks for a hold, the cases it is about are put on hold.
    """
    event = _event(new.fact)
    kind = words().event_kinds.get(new.fact)  # a spelling may say more than the word it stands for
    fields = new.fields if kind is None else (*new.fields, ("kind", kind))
    new = replace(new, fact=str(event), fields=fields)
    if about and all_cases:
        raise UsageError("Say --about CASE or --all-cases, not both.")

    def decide(tx: Tx, debtor: Debtor, case: Case) -> Change:
        chosen: tuple[int, ...] = (case.case_id,)
        if about:
            chosen = tuple(cases_of_same_debtor(tx, case, about))
        elif all_cases or event in words().of_debtor:
            chosen = ()
        return facts.record(debtor, desk.now, replace(new, cases=chosen))

    return _change(desk, ref, decide, event)


def end_fact(desk: Desk, ref: str, which: str, at: date | datetime | None, why: str | None) -> FactLogged:
    """End a fact of a case's debtor, named by its number or its word; a hold that it made ends with it."""
    named = str(words().events.get(which, which))
    return _change(desk, ref, lambda _, debtor, case: facts.end(debtor, desk.now, named, at, why), None)


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


def _change(desk: Desk, ref: str, decide: Callable[[Tx, Debtor, Case], Change], event: Event | None) -> FactLogged:
    """Write a fact to the debtor's journal and what follows from it to their cases, in one transaction."""
    desk.writing()

    def work(tx: Tx) -> FactLogged:
        filed_case = tx.cases.load(tx.cases.find(ref))
        if done := desk.done(tx):
            return _again(tx, done)
        filed = tx.debtors.load(filed_case.case.debt.debtor_id)
        change = decide(tx, filed.debtor, filed_case.case)
        after = tx.debtors.append(filed, change)
        entry = change.entries[-1]
        seq = entry.what.seq if event is None else entry.seq
        fact = next(each for each in after.debtor.facts if each.seq == seq)
        _check(fact)
        mine = [each for each in tx.cases.of_debtor(after.debtor.debtor_id) if fact.concerns(each.case.case_id)]
        held, released = _holds(desk, tx, mine, fact, ended=event is None)
        tx.cases.forget_law(after.debtor.debtor_id)
        view = fact_view(desk, tx, after.debtor, fact, filed_case)
        if desk.key:
            answer = {"case": filed_case.case.case_id, "fact": seq, "held": held, "released": released}
            answer |= {"pack": view.pack, "effects": view.effects and encode(view.effects)}
            number = after.debtor.debtor_id
            desk.note_done(tx, "debtor", number, filed.debtor.seq, after.debtor.seq, canonical(answer))
        return FactLogged(after.debtor, filed_case.case.case_id, view, event is None, tuple(held), tuple(released))

    return desk.write(work)


def _check(fact: Fact) -> None:
    """Refuse particulars that the guard cannot read."""
    read_flag(facts.plain(fact), [])


def _again(tx: Tx, done: Done) -> FactLogged:
    """The answer that was given before, under the same key."""
    said = json.loads(done.answer or "{}")
    number, after = done.subject_id or 0, done.after_seq or 0
    debtor = fold(number, tx.debtors.journal(number, after))
    fact = next(each for each in debtor.facts if each.seq == said["fact"])
    effects_then = decode(Effects, said["effects"]) if said["effects"] else None
    view = FactView(fact, effects_then, said["pack"])
    return FactLogged(debtor, said["case"], view, fact.seq != after, tuple(said["held"]), tuple(said["released"]))


# --- holds ------------------------------------------------------------------------------------------------------------


def _holds(desk: Desk, tx: Tx, mine: Sequence[Filed], fact: Fact, *, ended: bool) -> tuple[list[int], list[int]]:
    """Put cases on hold for a fact, or release them: the numbers of those held and of those released."""
    known = words()
    event = known.events[fact.fact]
    reason = known.holds.get(event)
    held: list[int] = []
    released: list[int] = []
    for filed in mine:
        case = filed.case
        if case.outcome:
            continue
        decision = Decision(case, tx.policies.get(case.policy), desk.now)
        if ended:
            if case.hold and case.hold.fact == fact.seq:
                decision.add(Released(case.hold.reason))
                released.append(case.case_id)
        elif reason:
            until = _last_day(desk, fact)
            freezes = _freezes(desk.settings, case, event)
            if (until is None or until >= desk.now.today) and not _held_longer(case, until, freezes=freezes):
                put_on_hold(decision, reason, until, freezes=freezes, fact=fact.seq)
                held.append(case.case_id)
        elif event in known.releases and case.hold and case.hold.fact is not None:
            debtor = tx.debtors.load(case.debt.debtor_id).debtor
            behind = next((each for each in debtor.facts if each.seq == case.hold.fact), None)
            if behind and known.events.get(behind.fact) in known.releases[event]:
                decision.add(Released(case.hold.reason))
                released.append(case.case_id)
        tx.cases.append(filed, decision)
    return held, released


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
        pack = pack_of(settings, case)
    except RulePackNotFoundError:
        return False
    return any(
        rule.freeze is not None and str(rule.freeze.during) == str(event) and Stopped.INTEREST in rule.freeze.stops
        for rule in all_of(pack, Shape.FREEZE)
    )


# --- views ------------------------------------------------------------------------------------------------------------


def fact_view(desk: Desk, tx: Tx, debtor: Debtor, fact: Fact, filed: Filed) -> FactView:
    """A fact and what it does under the rules of a case."""
    (view,) = fact_views(desk, tx, debtor, [fact], filed)
    return view


def fact_views(desk: Desk, tx: Tx, debtor: Debtor, chosen: Sequence[Fact], filed: Filed) -> tuple[FactView, ...]:
    """Facts, each with what it does to contacts about a case at this moment, whatever the log of contacts says."""
    if not chosen:
        return ()
    case = filed.case
    try:
        pack = pack_of(desk.settings, case)
    except RulePackNotFoundError:
        return tuple(FactView(fact, None, None) for fact in chosen)
    cases = [each.case for each in tx.cases.of_debtor(debtor.debtor_id)]
    policy = tx.policies.get(case.policy)
    plain = situation(debtor, cases, {}, policy, desk.now.today)
    known = words().events
    # The flags stand in the order of the debtor's facts, so that each is found by its place.
    listed = [fact for fact in debtor.facts if fact.fact in known]
    told = read_facts(plain, [])
    flags = dict(zip((fact.seq for fact in listed), told.flags, strict=False))
    guard = guard_of(pack)
    at = desk.now.instant.astimezone(UTC)
    return tuple(
        FactView(fact, effects(guard, told, flags[fact.seq], at) if fact.seq in flags else None, pack.label)
        for fact in chosen
    )


def concerning(desk: Desk, tx: Tx, debtor: Debtor, filed: Filed) -> tuple[FactView, ...]:
    """The facts of a debtor that concern a case and have not ended."""
    chosen = [fact for fact in debtor.facts if fact.concerns(filed.case.case_id) and fact.ended is None]
    return fact_views(desk, tx, debtor, chosen, filed)
