"""Parties of a case beside the debtor: guarantors, spouses, lawyers, contact persons; each has a journal too."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..domain import debtors as debtor_of
from ..domain import parties
from ..domain.compliance.words import Party
from ..domain.debtors import CaseJoined, CaseLeft, Change, Details
from ..domain.views import PartyChanged, PartyView
from ..errors import PartyNotFoundError, RefusedError, UsageError
from ..settings import named_zone
from .compliance import Contacted
from .debtor_facts import concerning
from .desk import Desk

if TYPE_CHECKING:
    from ..domain.cases import Case, Decision
    from ..domain.debtors import Debtor
    from ..domain.views import FactView
    from ..store.cases import Filed
    from ..store.requests import Done
    from ..store.session import Tx


def add_party(desk: Desk, ref: str, role: Party, details: Details, person: int | None = None) -> PartyChanged:
    """Make somebody a party of a case: `person` who is there already, or somebody new with these details."""
    desk.writing()
    given = details.name is not None or details.language is not None or bool(details.rows())
    if (person is None) is (details.name is None) or (person is not None and given):
        raise UsageError(
            "Give --name and what else is known of somebody new, or --person ID for somebody who is there.",
            hint="What is known of somebody who is there is changed with: dunning edit-debtor ID",
        )
    for zone in details.timezones:
        named_zone(zone)

    def work(tx: Tx) -> PartyChanged:
        case_id = tx.cases.find(ref)
        if done := desk.done(tx):
            return _again(desk, tx, done)
        filed = tx.cases.load(case_id)
        if person is None:
            number = tx.debtors.next_id()
            change = debtor_of.add(number, details, desk.now)
        else:
            number = tx.debtors.person(person).debtor_id
            change = Change(tx.debtors.load(number).debtor, desk.now)
            if number == tx.debtors.person(filed.case.debt.debtor_id).debtor_id:
                raise RefusedError(
                    "Person {person} is the debtor of case {case}.",
                    hint="Somebody who owes the debt as well is a guarantor, with a number of their own.",
                    person=person,
                    case=case_id,
                )
        decision = parties.add(filed.case, tx.policies.get(filed.case.policy), desk.now, number, role)
        change.add(CaseJoined(case_id, role.value))
        if person is None:
            tx.debtors.insert(change)
        else:
            tx.debtors.append(tx.debtors.load(number), change)
        return _changed(desk, tx, filed, decision, number)

    return desk.write(work)


def end_party(desk: Desk, ref: str, person: int, role: Party | None = None, why: str | None = None) -> PartyChanged:
    """Somebody is a party of a case no longer: in one role, or in all that they have. What was recorded stays."""
    desk.writing()

    def work(tx: Tx) -> PartyChanged:
        case_id = tx.cases.find(ref)
        if done := desk.done(tx):
            return _again(desk, tx, done)
        filed = tx.cases.load(case_id)
        numbers = tx.debtors.people([person]).get(person)
        if numbers is None:
            raise PartyNotFoundError("Person {person} is no party of case {case}.", person=person, case=case_id)
        policy = tx.policies.get(filed.case.policy)
        decision = parties.end(filed.case, policy, desk.now, numbers.numbers, role, why)
        for entry in decision.entries:
            record = tx.debtors.load(entry.what.person)
            change = Change(record.debtor, desk.now)
            change.add(CaseLeft(case_id, entry.what.role))
            tx.debtors.append(record, change)
        return _changed(desk, tx, filed, decision, numbers.debtor_id)

    return desk.write(work)


def _changed(desk: Desk, tx: Tx, filed: Filed, decision: Decision, number: int) -> PartyChanged:
    after = tx.cases.append(filed, decision)
    person = tx.debtors.person(number)
    records = person.records or ((person.debtor_id, person.seq),)
    done = desk.changed(tx, filed, after, decision.entries, {"person": records})
    return PartyChanged(done.after, person, done.entries)


def _again(desk: Desk, tx: Tx, done: Done) -> PartyChanged:
    """The answer to a change that was made before, drawn from the journals as they stood then."""
    then = desk.again(tx, done)
    return PartyChanged(then.after, tx.debtors.then(dict(then.beside or {})["person"]), then.entries)


def party_views(desk: Desk, tx: Tx, filed: Filed, case: Case) -> tuple[PartyView, ...]:
    """Who is a party of a case as it stood, each once in a role, with their own facts that concern it."""
    people = tx.debtors.people({each.person for each in case.parties})
    views: dict[tuple[int, str], PartyView] = {}
    for each in case.parties:
        person = people[each.person]
        views[person.debtor_id, each.role] = PartyView(each, person, _facts(desk, tx, person, filed, each.role))
    return tuple(views.values())


def _facts(desk: Desk, tx: Tx, person: Debtor, filed: Filed, role: str) -> tuple[FactView, ...]:
    if not person.facts:
        return ()
    return concerning(desk, tx, person, filed, Contacted(f"{role}:{person.debtor_id}", person))
