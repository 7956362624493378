"""The guard at a case: what is known of the debtor, told in the words of the rules, and what the rules then say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from ..domain.compliance import Verdict, guard_of
from ..domain.compliance.words import Event
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
from ..rules.words import words
from .claims import Claims
from .desk import Desk
from .questions.told import read_ask, read_facts
from .rules import open_book
from .zones import zones_of

if TYPE_CHECKING:
    from ..domain.cases import Case
    from ..domain.debtors import Debtor
    from ..domain.journal import Entry
    from ..domain.policies import Policy
    from ..domain.rules import Pack
    from ..settings import Settings
    from ..store.cases import Filed
    from ..store.session import Tx

Plain = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Intended:
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
        return ContactView(desk.view(tx, filed), at, verdict)


# --- what is meant ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Meant:
    """An intended contact with its cases found."""

    intended: Intended
    about: tuple[int, ...] = ()
    discussed: tuple[int, ...] = ()
    counted_toward: int | None = None
    said: Mapping[str, Any] = field(default_factory=dict)


def resolved(tx: Tx, case: Case, intended: Intended) -> Meant:
    """Find the cases that a contact names; they must be the same debtor's."""
    toward = intended.counted_toward
    return Meant(
        intended,
        tuple(n for n in cases_of_same_debtor(tx, case, intended.about) if n != case.case_id),
        tuple(cases_of_same_debtor(tx, case, intended.discussed)),
        None if toward is None else cases_of_same_debtor(tx, case, [toward])[0],
        dict(map(_said, intended.said)),
    )


def cases_of_same_debtor(tx: Tx, case: Case, refs: Iterable[str]) -> list[int]:
    """The numbers of the cases that are named; InputError where one is against another debtor."""
    numbers = [tx.cases.find(ref) for ref in refs]
    found = tx.cases.load_many(numbers) if numbers else {}
    for number in numbers:
        if number not in found:
            raise CaseNotFoundError("There is no case {case_id}.", case_id=number)
        if found[number].case.debt.debtor_id != case.debt.debtor_id:
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


def pack_of(settings: Settings, case: Case) -> Pack:
    """The rule pack of a case's jurisdiction."""
    try:
        return open_book(settings).pack(case.debt.jurisdiction)
    except RulePackNotFoundError as error:
        raise RulePackNotFoundError(
            "Case {case} is under '{pack}', and there is no rule pack of that name.",
            hint="Write one in your rules folder (docs/rules.md); see the packs with: dunning rules list",
            case=case.case_id,
            pack=case.debt.jurisdiction,
        ) from error


def judge(settings: Settings, tx: Tx, case: Case, policy: Policy, meant: Meant, at: datetime, today: date) -> Verdict:
    """What the rules say of a contact on a case at an instant, by all that is known of the debtor over their cases."""
    pack = pack_of(settings, case)
    debtor = tx.debtors.load(case.debt.debtor_id).debtor
    others = [filed.case for filed in tx.cases.of_debtor(debtor.debtor_id) if filed.case.case_id != case.case_id]
    log = tx.cases.told([case.case_id, *(other.case_id for other in others)])
    known = situation(debtor, [case, *others], log, policy, today)
    known["flags"] += Claims(settings).flags([case, *others], log, debtor, policy, today)
    return ask_guard(pack, known, contact_row(case.case_id, meant) | {"at": at.isoformat()})


def callable_now(desk: Desk, tx: Tx, chosen: Sequence[Filed], channel: Channel) -> list[Filed]:
    """Those cases of a list about which the debtor may be contacted on a channel at this moment.

    A case under no known rule pack is not among them: nobody can say that it may.
    """
    ids = {filed.case.debt.debtor_id for filed in chosen}
    debtors = tx.debtors.load_many(ids)
    everything = tx.cases.of_debtors(ids)
    log = tx.cases.told([case.case_id for cases in everything.values() for case in cases])
    asked = Meant(Intended(channel))
    claims = Claims(desk.settings)
    kept = []
    for filed in chosen:
        case, number = filed.case, filed.case.debt.debtor_id
        try:
            pack = pack_of(desk.settings, case)
        except RulePackNotFoundError:
            continue
        policy = tx.policies.get(case.policy)
        known = situation(debtors[number].debtor, everything[number], log, policy, desk.now.today)
        known["flags"] += claims.flags(everything[number], log, debtors[number].debtor, policy, desk.now.today)
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
        "party": intended.party,
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
    debtor: Debtor, cases: Sequence[Case], log: Mapping[int, Sequence[Entry]], policy: Policy, today: date
) -> Plain:
    """All that is known of a debtor, in the vocabulary of facts (docs/contact-rules.md)."""
    return {
        "debts": [_debt_row(case, today) for case in cases],
        "contacts": [row for case in cases for row in _log_rows(case.case_id, log.get(case.case_id, ()))],
        "flags": [
            *_recorded(debtor),
            *(flag for case in cases for flag in _of_plans(case.case_id, log.get(case.case_id, ()))),
        ],
        "debtor_timezones": zones_of(debtor),
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


def _log_rows(case_id: int, entries: Sequence[Entry]) -> Iterable[Plain]:
    """The contacts of a case's journal; what was voided never happened."""
    void = {entry.what.seq for entry in entries if isinstance(entry.what, Voided)}
    for entry in entries:
        what = entry.what
        if isinstance(what, ContactLogged) and entry.seq not in void:
            yield logged_row(case_id, what) | {"when": entry.effective.isoformat()}


def logged_row(case_id: int, what: ContactLogged) -> Plain:
    """A logged contact in the vocabulary of facts."""
    return contact_row(case_id, logged(what)) | {"outcome": str(what.outcome)}


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
    return Meant(intended, what.about, what.discussed, what.counted_toward, said)


def _recorded(debtor: Debtor) -> Iterable[Plain]:
    """The facts of a debtor's journal that rules about contacts know; others are about deadlines."""
    known = words().events
    return (plain_fact(fact) for fact in debtor.facts if fact.fact in known)


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
