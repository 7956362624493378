"""The days that the law gives for a case: deadlines, the end of limitation, and until when records are kept.

The facts are plain, in the vocabulary of docs/deadlines.md; what is not given is unknown, and rules that need it say
nothing. Of a case they follow from its journal.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from ..domain import reckoning
from ..domain.days import days_after
from ..domain.given import Given
from ..domain.views import CaseView, DeadlinesNear, DeadlinesView, DueView, RetentionView
from ..rules.calendars import calendar_of
from .claims import Claims, known_of, law_of, logs
from .desk import Desk

if TYPE_CHECKING:
    from ..domain.reckoning import Due
    from ..domain.retention import Kept
    from ..domain.rules import Pack
    from ..store.cases import Filed
    from ..store.session import Tx

_PENDING: Final = 1000  # cases that changed since the last run are worked out for a list up to so many


def deadlines_of(pack: Pack, facts: Mapping[str, Any], day: date | None = None) -> list[Due]:
    """Every day that follows from the facts, the earliest first: its rule, the day, and what it means."""
    return reckoning.deadlines_of(pack, Given(facts), calendar_of, day)


def retention_of(pack: Pack, facts: Mapping[str, Any], day: date | None = None) -> list[Kept]:
    """Every duty to keep records, the longest first; a duty without a day has not ended."""
    return reckoning.retention_of(pack, Given(facts), day)


def of_case(desk: Desk, ref: str) -> DeadlinesView:
    """Every day that the law gives for a case, the earliest first."""
    with desk.store.reading() as tx:
        filed = tx.cases.load(tx.cases.find(ref))
        view = desk.view(tx, filed)
        dues, pack = due_on(desk, tx, filed, view)
        return DeadlinesView(view, pack, dues)


def due_on(desk: Desk, tx: Tx, filed: Filed, view: CaseView) -> tuple[tuple[Due, ...], str | None]:
    """The days of a case, and the pack that gives them; None where there is no pack of its jurisdiction."""
    law = law_of(desk.settings, filed.case.debt.jurisdiction)
    if law is None:
        return (), None
    dues = Claims(desk.settings).dues(filed.case, *known_of(tx, filed, view.debtor))
    return tuple(dues), law.pack.label


def nearing(desk: Desk, within: int | None, limit: int) -> DeadlinesNear:
    """The next days that pass over all open cases, the earliest first.

    Cases that have changed since the last nightly run are worked out here, up to a thousand; `waiting` says whether
    there are more, which are not in the list before the next run.
    """
    today = desk.now.today
    until = None if within is None else days_after(today, within)
    claims = Claims(desk.settings)
    with desk.store.reading() as tx:
        found = {filed.case.case_id: filed for filed in tx.cases.nearing(today, until, limit)}
        pending = _pending(tx)
        found |= {filed.case.case_id: filed for filed in pending[:_PENDING]}
        log = logs(tx, (filed.case for filed in found.values()))
        debtors = tx.debtors.people(filed.case.debt.debtor_id for filed in found.values())
        rows: list[DueView] = []
        for number, filed in found.items():
            debtor = debtors[filed.case.debt.debtor_id]
            law = law_of(desk.settings, filed.case.debt.jurisdiction)
            if law is None or filed.case.outcome:
                continue
            policy = tx.policies.get(filed.case.policy)
            dues = claims.dues(filed.case, log.get(number, ()), tuple(debtor.facts), policy)
            view = CaseView(filed.case, debtor, today, filed.head, filed.next_action)
            ahead = [due for due in dues if due.warn and due.on >= today and (until is None or due.on <= until)]
            rows += [DueView(view, due, law.pack.label) for due in ahead]
        rows.sort(key=lambda row: (row.due.on, row.view.case.case_id, row.due.rule.id))
        return DeadlinesNear(tuple(rows[: limit or None]), len(pending) > _PENDING)


def _pending(tx: Tx) -> list[Filed]:
    """The cases whose days have to be worked out; one more than are worked out for a list, where there are as many."""
    found: list[Filed] = []
    for name in tx.cases.jurisdictions():
        if len(found) > _PENDING:
            break
        found += tx.cases.law_unknown(name, 0, _PENDING + 1 - len(found)).filed
    return found


def retention(desk: Desk, ref: str) -> RetentionView:
    """What must be kept of a case, until when and why, and what may be erased by now."""
    with desk.store.reading() as tx:
        filed = tx.cases.load(tx.cases.find(ref))
        view = desk.view(tx, filed)
        law = law_of(desk.settings, filed.case.debt.jurisdiction)
        claims, known = Claims(desk.settings), known_of(tx, filed, view.debtor)
        return RetentionView(view, law.pack.label if law else None, tuple(claims.kept(filed.case, *known)))
