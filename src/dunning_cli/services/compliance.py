"""The guard at a case: what is known of the debtor, told in the words of the rules, and what the rules then say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from msgspec import Struct, field
from msgspec.structs import replace

from ..domain import parties
from ..domain.compliance.guard import Verdict, guard_of
from ..domain.compliance.words import PERSONAL, Event
from ..domain.debtor_facts import plain as plain_fact
from ..domain.entries import (
    Channel,
    ContactLogged,
    Direction,
    PlanAccepted,
    PlanBroken,
    PlanCompleted,
    PlanReinstated,
    Purpose,
    Voided,
)
from ..domain.views import ContactView
from ..errors import CaseNotFoundError, InputError, RulePackNotFoundError
from ..rules.book import book
from ..rules.kinds import CONTACT
from ..rules.words import words
from ..settings import rules_folder
from .desk import Desk
from .questions.told import read_ask, read_facts
from .zones import zones_of

if TYPE_CHECKING:
    from ..domain.cases import Case
    from ..domain.debtors import Debtor, Fact
    from ..domain.journal import Entry
    from ..domain.policies import Policy
    from ..domain.rules import Kind, Pack
    from ..settings import Settings
    from ..store.cases import Filed
    from ..store.session import Tx

Plain = dict[str, Any]


class Intended(Struct, frozen=True):
    """A contact as it is planned, but for its instant. `about` and `discussed` are cases as they are typed.

    `said` are further facts of it, `states` the particulars that a message contains, `text` its words.
    """

    channel: Channel
    direction: Direction = Direction.OUT
    party: str = "debtor"
    to: str | None = None
    purpose: Purpose | None = None
    about: tuple[str, ...] = ()
    discussed: tuple[str, ...] = ()
    counted_toward: str | None = None
    by: str | None = None
    in_reply: bool | None = None
    place: str | None = None
    said: tuple[tuple[str, str], ...] = ()
    states: tuple[str, ...] = ()
    text: str | None = None


def check_contact(desk: Desk, ref: str, intended: Intended, at: datetime | None = None) -> ContactView:
    """Whether a contact on a case is allowed at an instant (now, where none is given); nothing is written."""
    at = at or desk.now.instant
    with desk.store.reading() as tx:
        filed = tx.cases.load(tx.cases.find(ref))
        meant = resolved(tx, filed.case, intended)
        policy = tx.policies.get(filed.case.policy)
        verdict = judge(desk.settings, tx, filed.case, policy, meant, at, desk.now.day_of(at))
        person = meant.contacted.person.debtor_id if meant.contacted else None
        return ContactView(desk.view(tx, filed), at, verdict, person)


# --- what is meant ----------------------------------------------------------------------------------------------------


class Contacted(Struct, frozen=True):
    """Somebody beside the debtor who is contacted: as the contact names them (`guarantor:7`), and their record."""

    who: str
    person: Debtor


class Meant(Struct, frozen=True):
    """An intended contact with its cases and its party found. `contacted` is None for the debtor, and for whom no
    record is known; `stranger`: the number named belongs to no party of the case, or to one no longer."""

    intended: Intended
    party: str = "debtor"
    contacted: Contacted | None = None
    stranger: bool = False
    about: tuple[int, ...] = ()
    discussed: tuple[int, ...] = ()
    counted_toward: int | None = None
    said: Mapping[str, Any] = field(default_factory=dict)


def resolved(tx: Tx, case: Case, intended: Intended) -> Meant:
    """Find the party and the cases that a contact names; the cases must be the same debtor's."""
    toward = intended.counted_toward
    party, contacted, stranger = _party(tx, case, intended.party)
    return Meant(
        intended,
        party,
        contacted,
        stranger,
        tuple(n for n in cases_of_same_debtor(tx, case, intended.about) if n != case.case_id),
        tuple(cases_of_same_debtor(tx, case, intended.discussed)),
        None if toward is None else cases_of_same_debtor(tx, case, [toward])[0],
        dict(map(_said, intended.said)),
    )


def _party(tx: Tx, case: Case, told: str) -> tuple[str, Contacted | None, bool]:
    """Whom a contact is with, and whether by a number that is no party's now. A word that names nobody is kept."""
    number = parties.number_of(told)
    if number is None and not any(each.role == told for each in case.parties):
        return told, None, False
    people = tx.debtors.people({each.person for each in case.parties})
    same = {number: person.debtor_id for number, person in people.items()}
    party = parties.named(case, told, same)
    number = parties.number_of(party)
    mine = [each for each in case.parties if number in (each.person, same.get(each.person))]
    stranger = number is not None and all(each.ended for each in mine)
    return party, Contacted(party, people[mine[0].person]) if mine else None, stranger


def same_people(tx: Tx, cases: Iterable[Case]) -> dict[int, int]:
    """Which numbers of the parties of cases are one person now."""
    numbers = {each.person for case in cases for each in case.parties}
    return tx.debtors.kept(numbers) if numbers else {}


def cases_of_same_debtor(tx: Tx, case: Case, refs: Iterable[str]) -> list[int]:
    """The numbers of the cases that are named; InputError where one is against another debtor."""
    numbers = [tx.cases.find(ref) for ref in refs]
    if not numbers:
        return []
    found = tx.cases.load_many(numbers)
    kept = tx.debtors.kept({case.debt.debtor_id, *(filed.case.debt.debtor_id for filed in found.values())})
    for number in numbers:
        if number not in found:
            raise CaseNotFoundError("There is no case {case_id}.", case_id=number)
        if kept[found[number].case.debt.debtor_id] != kept[case.debt.debtor_id]:
            raise InputError(
                "Case {other} is against another debtor than case {case}.",
                hint="A contact is about the cases of one debtor; log it on each debtor's case.",
                other=number,
                case=case.case_id,
            )
    return numbers


def _said(given: tuple[str, str]) -> tuple[str, Any]:
    """A further fact of a contact: its word and its value, true where none is said."""
    name, value = given
    known = words().said
    if name not in known:
        raise InputError(
            "'{name}' is no fact of a contact; known are: {known}.", name=name, known=", ".join(sorted(known))
        )
    if value in ("true", "false", ""):
        return name, value != "false"
    if value.isascii() and value.isdigit():
        return name, int(value)
    raise InputError("'{name}' is true, false or a number, not '{value}'.", name=name, value=value)


# --- the judgment -----------------------------------------------------------------------------------------------------


def pack_of(settings: Settings, case: Case, only: frozenset[Kind] | None = CONTACT) -> Pack:
    """The rule pack of a case's jurisdiction; its rules about contacts, where not others are asked for."""
    try:
        return book(rules_folder(settings), only).pack(case.debt.jurisdiction)
    except RulePackNotFoundError as error:
        raise RulePackNotFoundError(
            "Case {case} is under '{pack}', and there is no rule pack of that name.",
            hint="Write one in your rules folder (docs/rules.md); see the packs with: dunning rules list",
            case=case.case_id,
            pack=case.debt.jurisdiction,
        ) from error


def judge(settings: Settings, tx: Tx, case: Case, policy: Policy, meant: Meant, at: datetime, today: date) -> Verdict:
    """What the rules say of a contact on a case at an instant, by all that is known of the debtor over their cases, and
    of the person who is contacted."""
    pack = pack_of(settings, case)
    debtor = tx.debtors.person(case.debt.debtor_id)
    others = [filed.case for filed in tx.cases.of_debtor(debtor.numbers) if filed.case.case_id != case.case_id]
    cases = [case, *others]
    log = tx.cases.told([each.case_id for each in cases])
    known = situation(debtor, cases, log, policy, today, meant.contacted, same_people(tx, cases))
    known["flags"] += _lapsed(settings, cases, log, debtor, policy, today)
    verdict = ask_guard(pack, known, contact_row(case.case_id, meant) | {"at": at.isoformat()})
    if not meant.stranger:
        return verdict
    return replace(verdict, findings=(*verdict.findings, guard_of(pack).unknown_party(meant.party)))


def _lapsed(
    settings: Settings,
    cases: Sequence[Case],
    log: Mapping[int, Sequence[Entry]],
    debtor: Debtor,
    policy: Policy,
    today: date,
) -> list[Plain]:
    """The debts whose limitation is over. The rules about days take long to load: of debts that are too young for it
    they are not asked."""
    old = [case for case in cases if not case.outcome and _may_be_over(settings, case, debtor, today)]
    if not old:
        return []
    from .claims import Claims

    return Claims(settings).flags(old, log, debtor, policy, today)


def _may_be_over(settings: Settings, case: Case, debtor: Debtor, today: date) -> bool:
    """Whether limitation can be over: a debt of which nothing else is known must be as old as the shortest period."""
    try:
        pack = pack_of(settings, case)
    except RulePackNotFoundError:
        return False
    if not pack.limits or case.claim or debtor.facts:
        return bool(pack.limits)
    start = min(case.debt.due, case.debt.incurred or case.debt.due)
    return today >= date(min(start.year + min(pack.limits), date.max.year), start.month, 1)


def callable_now(desk: Desk, tx: Tx, chosen: Sequence[Filed], channel: Channel) -> list[Filed]:
    """Those cases of a list about which the debtor may be contacted on a channel at this moment.

    A case under no known rule pack is not among them: nobody can say that it may.
    """
    ids = {filed.case.debt.debtor_id for filed in chosen}
    debtors = tx.debtors.people(ids)
    everything = tx.cases.of_debtors({number for debtor in debtors.values() for number in debtor.numbers})
    log = tx.cases.told([case.case_id for cases in everything.values() for case in cases])
    same = same_people(tx, (case for cases in everything.values() for case in cases))
    asked = Meant(Intended(channel))
    kept = []
    for filed in chosen:
        case, debtor = filed.case, debtors[filed.case.debt.debtor_id]
        try:
            pack = pack_of(desk.settings, case)
        except RulePackNotFoundError:
            continue
        policy = tx.policies.get(case.policy)
        cases = [each for number in debtor.numbers for each in everything.get(number, ())]
        known = situation(debtor, cases, log, policy, desk.now.today, same=same)
        known["flags"] += _lapsed(desk.settings, cases, log, debtor, policy, desk.now.today)
        ask = contact_row(case.case_id, asked) | {"at": desk.now.instant.isoformat()}
        if ask_guard(pack, known, ask).allowed:
            kept.append(filed)
    return kept


def ask_guard(pack: Pack, known: Plain, ask: Plain) -> Verdict:
    """The guard's answer to a question in plain words."""
    unknown: list[str] = []
    return guard_of(pack).check(read_ask(ask, unknown), read_facts(known, unknown))


def contact_row(case_id: int, meant: Meant) -> Plain:
    """A contact in the vocabulary of facts; what is not known is left out."""
    intended = meant.intended
    row: Plain = {
        "channel": str(intended.channel),
        "direction": str(intended.direction),
        "party": meant.party,
        "debts": [str(number) for number in (case_id, *meant.about)],
        "purpose": intended.purpose and str(intended.purpose),
        "discussed": [str(number) for number in meant.discussed] or None,
        "counted_toward": None if meant.counted_toward is None else [str(meant.counted_toward)],
        "to": intended.to,
        "by": intended.by,
        "in_reply": intended.in_reply,
        "place": intended.place,
        "fields": list(intended.states) or None,
        "content": intended.text,
        **meant.said,
    }
    return {name: value for name, value in row.items() if value is not None}


def situation(
    debtor: Debtor,
    cases: Sequence[Case],
    log: Mapping[int, Sequence[Entry]],
    policy: Policy,
    today: date,
    contacted: Contacted | None = None,
    same: Mapping[int, int] = MappingProxyType({}),
) -> Plain:
    """All that is known of a debtor, in the vocabulary of facts (docs/contact-rules.md).

    Where somebody else is `contacted`, it is judged in their time zones, and by what was recorded of them; what the
    debtor wished for themselves does not bind it. `same` says which numbers of parties are one person. The flags of who
    is contacted stand first, in the order of `recorded`.
    """
    return {
        "debts": [_debt_row(case, today) for case in cases],
        "contacts": [row for case in cases for row in _log_rows(case, log.get(case.case_id, ()), same)],
        "flags": [
            *(
                [_flag(fact, cases, same) | {"party": contacted.who} for fact in recorded(contacted.person)]
                if contacted
                else ()
            ),
            *(flag for fact in recorded(debtor) if binds(flag := _flag(fact, cases, same), fact, contacted)),
            *(flag for case in cases for flag in _of_plans(case.case_id, log.get(case.case_id, ()))),
        ],
        "debtor_timezones": zones_of(contacted.person if contacted else debtor),
        "collector_role": str(policy.law.collector_role),
        "lender": str(policy.law.lender),
    }


def _debt_row(case: Case, today: date) -> Plain:
    debt = case.debt
    row = {
        "id": str(case.case_id),
        "type": debt.debt_type and str(debt.debt_type),
        "consumer": debt.consumer,
        "days_overdue": case.days_overdue(today),
    }
    return {name: value for name, value in row.items() if value is not None}


def _log_rows(case: Case, entries: Sequence[Entry], same: Mapping[int, int]) -> Iterable[Plain]:
    """The contacts of a case's journal; what was voided never happened."""
    void = {entry.what.seq for entry in entries if isinstance(entry.what, Voided)}
    for entry in entries:
        what = entry.what
        if isinstance(what, ContactLogged) and entry.seq not in void:
            meant = logged(what)
            if case.parties:
                meant = replace(meant, party=parties.as_logged(case, meant.party, same))
            row = contact_row(case.case_id, meant)
            yield row | {"outcome": str(what.outcome), "when": entry.effective.isoformat()}


def logged(what: ContactLogged) -> Meant:
    """What a logged contact says of itself, as if it were planned."""
    intended = Intended(
        what.channel,
        what.direction,
        what.party,
        what.to,
        what.purpose,
        by=what.by,
        in_reply=what.in_reply,
        place=what.place,
        states=what.states,
    )
    said = dict(_said((name, value)) for name, _, value in (each.partition("=") for each in what.said))
    return Meant(
        intended,
        what.party,
        about=what.about,
        discussed=what.discussed,
        counted_toward=what.counted_toward,
        said=said,
    )


def recorded(debtor: Debtor) -> list[Fact]:
    """The facts of a person that rules about contacts know; others are about deadlines."""
    known = words().events
    return [fact for fact in debtor.facts if fact.fact in known]


def _flag(fact: Fact, cases: Sequence[Case], same: Mapping[int, int]) -> Plain:
    """A fact in the vocabulary of facts; a person that it names by a role is named by number, as contacts are."""
    row = plain_fact(fact)
    told = row.get("party")
    if told is not None:
        ways = (parties.as_logged(case, told, same) for case in cases if fact.concerns(case.case_id))
        row["party"] = next((way for way in ways if way != told), told)
    return row


def binds(flag: Plain, fact: Fact, contacted: Contacted | None) -> bool:
    """Whether a fact of the debtor's journal has to do with a contact: a wish for themselves with none with others."""
    if contacted is None or flag.get("party") not in (None, "debtor"):
        return True
    return words().events[fact.fact] not in PERSONAL


def _of_plans(case_id: int, entries: Sequence[Entry]) -> Iterable[Plain]:
    """The plans of a case: each performs from the day it was accepted until it is broken, kept, or broken no longer."""
    running: Plain | None = None
    for entry in entries:
        on = entry.effective_on.isoformat()
        match entry.what:
            case PlanAccepted() | PlanReinstated():
                running = {"type": str(Event.INSTALMENT_AGREEMENT), "status": "performing", "at": on}
                running["debts"] = [str(case_id)]
                yield running
            case PlanBroken() | PlanCompleted() if running:
                running["ended"] = on
                running = None
