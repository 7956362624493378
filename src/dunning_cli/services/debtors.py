"""Show and edit debtors."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..domain import debtors as debtor_of
from ..domain.debtors import Details
from ..domain.views import CaseView, DebtorView
from ..errors import UsageError
from ..settings import named_zone
from .desk import Desk

if TYPE_CHECKING:
    from ..store.debtors import FiledDebtor
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
        filed = tx.debtors.load(debtor_id)
        if desk.done(tx):
            return _view(desk, tx, filed)
        change = debtor_of.edit(filed.debtor, desk.now, details, invalid)
        after = tx.debtors.append(filed, change)
        desk.note_done(tx, "debtor", debtor_id, filed.debtor.seq, after.debtor.seq)
        return _view(desk, tx, after)

    return desk.store.writing(work)


def _view(desk: Desk, tx: Tx, filed: FiledDebtor) -> DebtorView:
    cases = tuple(
        CaseView(f.case, filed.debtor, desk.now.today, f.head, f.next_action)
        for f in tx.cases.of_debtor(filed.debtor.debtor_id)
    )
    return DebtorView(filed.debtor, filed.head, cases)
