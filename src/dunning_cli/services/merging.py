"""Merge two records of one person, and take that back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ..domain import merging
from ..domain.cases import Decision
from ..domain.codec import canonical
from ..domain.entries import Released
from ..domain.views import PeopleChanged
from ..rules.words import words
from .debtor_facts import follow, held_by
from .desk import Desk

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ..domain.debtors import Debtor, Fact
    from ..store.requests import Done
    from ..store.session import Tx


def merge_debtors(desk: Desk, kept: int, gone: int, why: str | None = None) -> PeopleChanged:
    """Two records are one person: `gone` is merged into `kept`. The facts of each now hold for the cases of both."""
    desk.writing()

    def work(tx: Tx) -> PeopleChanged:
        if done := desk.done(tx):
            return _again(done)
        keeps, goes = tx.debtors.load(kept), tx.debtors.load(gone)
        into, went = merging.merge(keeps.debtor, goes.debtor, desk.now, why)
        tx.debtors.append(keeps, into)
        tx.debtors.append(goes, went)
        person = tx.debtors.person(kept)
        cases = [filed.case for filed in tx.cases.of_debtor(person.numbers)]
        new = {case.case_id for case in cases if case.debt.debtor_id in goes.debtor.numbers}
        held: set[int] = set()
        for fact in person.facts:
            its_own = (fact.whose or kept) in goes.debtor.numbers
            mine = [n for n in (case.case_id for case in cases) if (n in new) is not its_own]
            held |= _hold(desk, tx, person, fact, mine)
        _forget_law(tx, person)
        numbers = tuple(case.case_id for case in cases)
        made = PeopleChanged(kept, goes.debtor.numbers, False, numbers, tuple(sorted(held)))
        return _noted(desk, tx, made, keeps.debtor.seq, into.debtor.seq)

    return desk.write(work)


def split_debtor(desk: Desk, gone: int, why: str | None = None) -> PeopleChanged:
    """A record that was merged is a person of its own after all. Cases that a fact of the other person holds are
    released; what was recorded meanwhile stays where it was written."""
    desk.writing()

    def work(tx: Tx) -> PeopleChanged:
        if done := desk.done(tx):
            return _again(done)
        goes = tx.debtors.load(gone)
        above = []
        next_one = goes.debtor.merged_into
        while next_one:
            above.append(tx.debtors.load(next_one))
            next_one = above[-1].debtor.merged_into
        for before, change in zip(
            (goes, *above),
            merging.split(goes.debtor, [each.debtor for each in above], desk.now, why),
            strict=True,
        ):
            tx.debtors.append(before, change)
        stays, leaves = tx.debtors.person(above[-1].debtor.debtor_id), tx.debtors.person(gone)
        released: list[int] = []
        held: set[int] = set()
        for person in (stays, leaves):
            freed = _release(desk, tx, person)
            held |= {number for fact in person.facts for number in _hold(desk, tx, person, fact, freed)}
            released += freed
            _forget_law(tx, person)
        numbers = (*stays.numbers, *leaves.numbers)
        cases = tuple(filed.case.case_id for filed in tx.cases.of_debtor(numbers))
        made = PeopleChanged(stays.debtor_id, leaves.numbers, True, cases, tuple(sorted(held)), tuple(sorted(released)))
        return _noted(desk, tx, made, goes.debtor.seq, leaves.seq)

    return desk.write(work)


def _forget_law(tx: Tx, person: Debtor) -> None:
    """Have the days of law worked out again: other facts hold for the cases now."""
    for number in person.numbers:
        tx.cases.forget_law(number)


def _hold(desk: Desk, tx: Tx, person: Debtor, fact: Fact, cases: Iterable[int]) -> set[int]:
    """Put some cases of a person on hold for a fact that asks for it, and was not answered by another one since."""
    known = words()
    event = known.events.get(fact.fact)
    if event is None or fact.ended is not None or event not in known.holds:
        return set()
    answers = [word for word, meaning in known.events.items() if event in known.releases.get(meaning, ())]
    if any(each.fact in answers and each.ended is None and each.on >= fact.on for each in person.facts):
        return set()
    found = tx.cases.load_many({number for number in cases if fact.concerns(number)})
    return set(follow(desk, tx, [found[number] for number in sorted(found)], person, fact, ended=False)[0])


def _release(desk: Desk, tx: Tx, person: Debtor) -> list[int]:
    """Release the cases of a person that a fact of somebody else holds."""
    released = []
    for filed in tx.cases.of_debtor(person.numbers):
        case, behind = filed.case, held_by(filed.case)
        if case.hold and behind and behind[0] not in person.numbers:
            decision = Decision(case, tx.policies.get(case.policy), desk.now)
            decision.add(Released(case.hold.reason))
            tx.cases.append(filed, decision)
            released.append(case.case_id)
    return released


def _noted(desk: Desk, tx: Tx, made: PeopleChanged, before: int, after: int) -> PeopleChanged:
    if desk.key:
        answer = {name: getattr(made, name) for name in ("kept", "gone", "split", "cases", "held", "released")}
        subject = made.gone[0] if made.split else made.kept
        desk.note_done(tx, "debtor", subject, before, after, canonical(answer))
    return made


def _again(done: Done) -> PeopleChanged:
    said = json.loads(done.answer or "{}")
    lists = {name: tuple(said[name]) for name in ("gone", "cases", "held", "released")}
    return PeopleChanged(said["kept"], lists["gone"], said["split"], lists["cases"], lists["held"], lists["released"])
