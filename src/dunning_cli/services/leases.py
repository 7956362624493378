"""Debtors whom collectors have taken from the worklist are given back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .desk import Desk

if TYPE_CHECKING:
    from ..domain.cases import Case
    from ..store.session import Tx


def release(desk: Desk, collector: str | None) -> int:
    """Give back whom a collector has taken (who acts, where none is named); answers how many."""
    desk.writing()
    return desk.store.writing(lambda tx: tx.leases.release(collector or desk.now.actor))


def release_contacted(desk: Desk, tx: Tx, case: Case) -> None:
    """A contact on a case was logged: whoever logged it gives the debtor back, where they had taken them."""
    actor = desk.now.actor
    if held := tx.leases.held_by(actor, ""):
        numbers = tx.debtors.numbers([case.debt.debtor_id])[case.debt.debtor_id]
        if any(lease.debtor_id in numbers for lease in held):
            tx.leases.release(actor, numbers)
