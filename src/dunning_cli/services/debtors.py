"""Show and edit debtors."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ..domain import debtors as debtor_of
from ..domain.codec import canonical
from ..domain.debtors import Details
from ..domain.views import CaseView, DebtorView, FactView
from ..errors import UsageError
from ..settings import named_zone
from .desk import Desk, Seen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..domain.debtors import Debtor
    from ..store.cases import Filed
    from ..store.debtors import FiledDebtor
    from ..store.requests import Done
    from ..store.session import Tx


def show_debtor(desk: Desk, debtor_id: int) -> DebtorView:
    with desk.store.reading() as tx:
        return _view(desk, tx, tx.debtors.load(debtor_id))


def edit_debtor(desk: Desk, debtor_id: int, details: Details, invalid: tuple[str, ...]) -> DebtorView:
    """Add details, change the name or language, mark details invalid."""
    desk.writing()
    if not (details.name or details.language or details.rows() or invalid):
        raise UsageError("Nothing to change.", hint="Give what is to be added, changed or marked invalid.")
    for zone in details.timezones:
        named_zone(zone)

    def work(tx: Tx) -> DebtorView:
        if done := desk.done(tx):
            return _again(desk, tx, done)
        filed = tx.debtors.load(debtor_id)
        change = debtor_of.edit(filed.debtor, desk.now, details, invalid)
        after = tx.debtors.append(filed, change)
        if desk.key:
            seen = [Seen(f.case.case_id, f.case.seq, f.reviewed_under) for f in tx.cases.of_debtor(debtor_id)]
            answer = canonical({"cases": seen})
            desk.note_done(tx, "debtor", debtor_id, filed.debtor.seq, after.debtor.seq, answer)
        return _view(desk, tx, after)

    return desk.write(work)


def _again(desk: Desk, tx: Tx, done: Done) -> DebtorView:
    """The answer to an edit that was done before, drawn from the journals as they stood then."""
    debtor_id = done.subject_id or 0
    records = tx.debtors.journals.read(debtor_id, done.after_seq)
    debtor = debtor_of.fold(debtor_id, tx.debtors.journal(debtor_id, done.after_seq))
    seen = [Seen(*each) for each in json.loads(done.answer or "{}")["cases"]]
    return DebtorView(debtor, records[-1].digest, tuple(desk.view_then(tx, each, debtor, done) for each in seen))


def _view(desk: Desk, tx: Tx, filed: FiledDebtor) -> DebtorView:
    found = tx.cases.of_debtor(filed.debtor.debtor_id)
    cases = tuple(CaseView(f.case, filed.debtor, desk.now.today, f.head, f.next_action) for f in found)
    return DebtorView(filed.debtor, filed.head, cases, _facts(desk, tx, filed.debtor, found))


def _facts(desk: Desk, tx: Tx, debtor: Debtor, cases: Sequence[Filed]) -> tuple[FactView, ...]:
    """The facts of a debtor, each under the rules of the first case that it concerns."""
    if not debtor.facts:
        return ()
    from .debtor_facts import fact_view

    return tuple(
        fact_view(desk, tx, debtor, fact, concerned)
        for fact in debtor.facts
        if (concerned := next((each for each in cases if fact.concerns(each.case.case_id)), None))
    )
