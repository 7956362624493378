"""Add, show and list cases; read their timelines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from ..domain import cases as case_of
from ..domain import debtors as debtor_of
from ..domain import holds
from ..domain.cases import Case, Status
from ..domain.codec import check_text
from ..domain.days import days_after
from ..domain.debtors import Details
from ..domain.entries import CaseOpened, Channel, HoldReason, StageMoved, Voided
from ..domain.journal import Entry, Record
from ..domain.review import next_action
from ..domain.stages import Stage
from ..domain.terms import Asked
from ..domain.views import CaseView, PartyView, TimelineRow
from ..errors import DuplicateError, InputError, NotFoundError
from ..settings import named_zone
from . import terms as terms_of
from .desk import Changed, Desk
from .policies import policy_of_new

if TYPE_CHECKING:
    from ..domain.cases import Decision
    from ..store.cases import Filed, Filter, OfLaw
    from ..store.session import Tx


def add_case(
    desk: Desk,
    opened: CaseOpened,
    details: Details,
    *,
    debtor_ref: str | None = None,
    hold: HoldReason | None = None,
    interest: Asked | None = None,
) -> Changed:
    """Open a case. `opened.debtor_id` 0 stands for a new debtor, or the one whom the creditor knows as `debtor_ref`; no
    policy for the most specific one that was assigned."""
    desk.writing()
    check_opening(opened, details)

    def work(tx: Tx) -> Changed:
        if done := desk.done(tx):
            return desk.again(tx, done)
        if opened.reference and (there := tx.cases.by_creditor(opened.creditor, opened.reference)):
            raise DuplicateError(
                "{creditor} already has a case '{reference}': number {case}.",
                hint=f"See it with: dunning show-case {there}",
                details={"case": there},
                creditor=opened.creditor,
                reference=opened.reference,
                case=there,
            )
        debtor_id = _debtor(desk, tx, opened, details, debtor_ref)
        name = opened.policy or policy_of_new(tx, debtor_id, opened.portfolio, opened.creditor)
        policy = tx.policies.get(name)
        terms = terms_of.opening(
            desk.settings, opened, opened.jurisdiction, policy, interest or Asked(), desk.now.today
        )
        opening = replace(opened, debtor_id=debtor_id, policy=name, terms=terms)
        decision = case_of.opening(opening, tx.cases.next_id(), policy, desk.now)
        if hold:
            holds.put_on_hold(decision, hold)
        return desk.changed(tx, None, tx.cases.insert(decision, _law(desk, tx, decision)), decision.entries)

    return desk.write(work)


def _law(desk: Desk, tx: Tx, decision: Decision) -> OfLaw | None:
    """The days that the law gives a new case; None, for the nightly run, where facts of its debtor may move them."""
    from .claims import Claims

    if tx.debtors.person(decision.case.debt.debtor_id).facts:
        return None
    return Claims(desk.settings).of_new(decision.case, decision.policy, desk.now.today)


def check_opening(opened: CaseOpened, details: Details) -> None:
    """Refuse what no case can be opened with."""
    for what, text in (("creditor", opened.creditor), ("reference", opened.reference), ("debtor", details.name)):
        if text is not None and not check_text(text, what).strip():
            raise InputError("The {what} is empty.", what=what)
    if opened.principal.minor <= 0:
        raise InputError("The principal must be more than 0, not {amount}.", amount=opened.principal)
    if opened.incurred and opened.incurred > opened.due:
        raise InputError(
            "The debt would be incurred on {incurred}, after it is due on {due}.",
            incurred=opened.incurred,
            due=opened.due,
        )
    for zone in details.timezones:
        named_zone(zone)


def _debtor(desk: Desk, tx: Tx, opened: CaseOpened, details: Details, debtor_ref: str | None) -> int:
    """The number of the debtor: one that is there, with what is new about them added, or a new one."""
    named = tx.debtors.by_ref(debtor_ref, opened.creditor) if debtor_ref else None
    given = tx.debtors.kept([opened.debtor_id])[opened.debtor_id] if opened.debtor_id else 0
    if named and given not in (0, named):
        raise DuplicateError(
            "{creditor} knows debtor {other} as '{ref}', not debtor {debtor}.",
            hint=f"See who that is with: dunning show-debtor {named}",
            details={"debtor": named},
            creditor=opened.creditor,
            other=named,
            ref=debtor_ref,
            debtor=opened.debtor_id,
        )
    known = given or named
    if known:
        filed = tx.debtors.load(known)
        tx.debtors.append(filed, debtor_of.edit(filed.debtor, desk.now, replace(details, name=None)))
        debtor_id = known
    else:
        debtor_id = tx.debtors.next_id()
        tx.debtors.insert(debtor_of.add(debtor_id, details, desk.now))
    if debtor_ref and not named:
        tx.debtors.add_refs({(debtor_ref, opened.creditor): debtor_id})
    return debtor_id


def show_case(desk: Desk, ref: str, as_of: date | None = None, known_at: datetime | None = None) -> CaseView:
    """A case now, as of the end of a day, as it was known at an instant, or both."""
    with desk.store.reading() as tx:
        filed = tx.cases.load(tx.cases.find(ref))
        if as_of is None and known_at is None:
            view = desk.view(tx, filed)
            if view.debtor.facts:
                from .debtor_facts import concerning

                view = replace(view, facts=concerning(desk, tx, view.debtor, filed))
            if not filed.case.outcome:
                view = _with_days(desk, tx, filed, view)
            return replace(view, parties=_parties(desk, tx, filed, filed.case))
        records = tx.cases.records(filed.case.case_id)
        debtor = tx.debtors.person(filed.case.debt.debtor_id)
        policy = tx.policies.get(filed.case.policy)
        kept = _kept(tx, filed.case.case_id, as_of, known_at)
        if known_at and kept[0].recorded_at > known_at:
            raise NotFoundError(
                "Case {case} was not known yet at {known_at}.",
                hint=f"It was recorded at {kept[0].recorded_at.isoformat()}.",
                case=filed.case.case_id,
                known_at=known_at.isoformat(),
            )
        case = _fold(filed.case.case_id, kept)
        day = as_of or (desk.now.day_of(known_at) if known_at else desk.now.today)
        head = next(record.digest for record in records if record.seq == kept[-1].seq)
        view = CaseView(case, debtor, day, head, next_action(case, policy))
        return replace(view, parties=_parties(desk, tx, filed, case))


def _parties(desk: Desk, tx: Tx, filed: Filed, case: Case) -> tuple[PartyView, ...]:
    """The parties of a case as it stood, with what is known of each person now."""
    if not case.parties:
        return ()
    from .parties import party_views

    return party_views(desk, tx, filed, case)


def _with_days(desk: Desk, tx: Tx, filed: Filed, view: CaseView) -> CaseView:
    """A case with the next day of law that its row holds, and with all days where that one comes near, or where the
    case has changed since and days of its own.

    The rules about days take long to load: of a case of which nothing is near they are not asked.
    """
    on, known = filed.law.outlook.deadline_on, filed.law.under is not None
    view = replace(view, deadline_on=on, days_known=known)
    warn_days = tx.policies.get(filed.case.policy).deadlines.warn_days
    near = on is not None and bool(warn_days) and on <= days_after(desk.now.today, max(warn_days))
    changed = not known and bool(filed.case.claim or filed.case.warned)
    if not near and not changed:
        return view
    from .deadlines import due_on

    dues, pack = due_on(desk, tx, filed, view)
    return replace(view, dues=dues, pack=pack)


def _kept(tx: Tx, case_id: int, as_of: date | None, known_at: datetime | None) -> list[Entry]:
    return case_of.entries_as_of(tx.cases.journal(case_id), as_of, known_at)


def timeline(desk: Desk, ref: str) -> tuple[CaseView, list[TimelineRow]]:
    """Every entry of a case, each with the stage in which it left the case."""
    from ..store.unreadable import readable

    with desk.store.reading() as tx:
        filed = tx.cases.load(tx.cases.find(ref))
        records = tx.cases.records(filed.case.case_id)
        with readable("case", filed.case.case_id):
            rows = timeline_rows(tx.cases.journal(filed.case.case_id), records)
        return desk.view(tx, filed), rows


def timeline_rows(entries: list[Entry], records: list[Record]) -> list[TimelineRow]:
    voided = {entry.what.seq for entry in entries if isinstance(entry.what, Voided)}
    stage = Stage.CONTACT
    rows = []
    for entry, record in zip(entries, records, strict=True):
        if isinstance(entry.what, StageMoved):
            stage = Stage(entry.what.target)
        rows.append(TimelineRow(entry, stage, entry.seq in voided, record.digest))
    return rows


def list_cases(
    desk: Desk,
    wanted: Filter,
    *,
    as_of: date | None = None,
    sort: str = "next_action",
    limit: int = 0,
) -> tuple[list[CaseView], bool]:
    """The first cases of a list, and whether there are more (how many would mean to look at all of them). With `as_of`,
    as they stood at the end of that day."""
    with desk.store.reading() as tx:
        if as_of is not None:
            return _list_as_of(desk, tx, wanted, as_of, sort, limit)
        found = tx.cases.page(wanted, sort, desk.now.today, limit + 1 if limit else 0)
        found, more = found[: limit or None], bool(limit) and len(found) > limit
        debtors = tx.debtors.people(filed.case.debt.debtor_id for filed in found)
        views = [CaseView(f.case, debtors[f.case.debt.debtor_id], desk.now.today, f.head, f.next_action) for f in found]
        return views, more


def list_callable(desk: Desk, wanted: Filter, channel: Channel, *, sort: str, limit: int) -> list[CaseView]:
    """The first open cases of a list whose debtor may be contacted on a channel at this moment."""
    from .compliance import callable_now

    wanted = replace(wanted, status=wanted.status or Status.OPEN.value)
    with desk.store.reading() as tx:
        asked = limit * _LOOKED
        while True:
            found = tx.cases.page(wanted, sort, desk.now.today, asked)
            kept = callable_now(desk, tx, [f for f in found if f.case.status is Status.OPEN], channel)
            if not limit or len(kept) >= limit or len(found) < asked:
                break
            asked *= _LOOKED
        debtors = tx.debtors.people(filed.case.debt.debtor_id for filed in kept)
        views = [CaseView(f.case, debtors[f.case.debt.debtor_id], desk.now.today, f.head, f.next_action) for f in kept]
        return views[: limit or None]


_LOOKED = 4  # times as many cases are looked at as are wanted, before more are


def _list_as_of(desk: Desk, tx: Tx, wanted: Filter, day: date, sort: str, limit: int) -> tuple[list[CaseView], bool]:
    policies = tx.policies.current()
    named = None if wanted.debtor is None else set(tx.debtors.named(wanted.debtor))
    kept: list[tuple[Case, str]] = []
    for case, head in folded_as_of(tx, day):
        if _matches(case, wanted, day) and (named is None or case.debt.debtor_id in named):
            kept.append((case, head))
    debtors = tx.debtors.people(c.debt.debtor_id for c, _ in kept)
    views = [
        CaseView(case, debtors[case.debt.debtor_id], day, head, next_action(case, policies[case.policy]))
        for case, head in kept
    ]
    views.sort(key=lambda view: _order(sort, view))
    return views[: limit or None], bool(limit) and len(views) > limit


def folded_as_of(tx: Tx, day: date) -> Iterator[tuple[Case, str]]:
    """Every case as it stood at the end of a day; debts incurred later are not there."""
    from ..store.cases import opened as entries_of
    from ..store.unreadable import readable

    for case_id, records in tx.cases.everything():
        with readable("case", case_id):
            entries = case_of.entries_as_of(entries_of(records), day)
        incurred = entries[0].what.incurred
        if incurred is None or incurred <= day:
            head = next(record.digest for record in records if record.seq == entries[-1].seq)
            yield _fold(case_id, entries), head


def _fold(case_id: int, entries: list[Entry]) -> Case:
    from ..store.unreadable import readable

    with readable("case", case_id):
        return case_of.fold(case_id, entries)


def _matches(case: Case, wanted: Filter, day: date) -> bool:
    return (
        wanted.stage in (None, case.stage.value)
        and wanted.status in (None, case.status.value)
        and wanted.collector in (None, case.collector)
        and wanted.creditor in (None, case.debt.creditor)
        and wanted.portfolio in (None, case.debt.portfolio)
        and wanted.currency in (None, case.debt.principal.currency)
        and (wanted.overdue_over is None or case.days_overdue(day) > wanted.overdue_over)
    )


def _order(sort: str, view: CaseView) -> tuple[Any, ...]:
    """The place of a case in a list as of a day, the same order that the store's queries give."""
    case, reference = view.case, view.case.debt.reference
    following = view.next_action.on if view.next_action else None
    keys: dict[str, tuple[Any, ...]] = {
        "next_action": (following is None, following or date.max),
        "overdue": (-case.days_overdue(view.as_of),),
        "balance": (-case.owed(view.as_of).minor,),
        "reference": (reference is None, reference or ""),
    }
    return (*keys[sort], case.case_id)
