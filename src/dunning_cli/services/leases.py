"""Debtors whom collectors have taken from the worklist: who has one, and how they are given back."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from ..domain.days import utc_text
from ..domain.views import LeaseView
from ..errors import TakenError
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


def taken(desk: Desk, tx: Tx, case: Case) -> LeaseView | None:
    """Which colleague has taken the debtor of a case; None where nobody has, or who acts."""
    numbers = tx.debtors.numbers([case.debt.debtor_id])[case.debt.debtor_id]
    leases = tx.leases.of(numbers, utc_text(desk.now.instant))
    lease = next((each for each in leases.values() if each.collector != desk.now.actor), None)
    return lease and LeaseView(lease.collector, datetime.fromisoformat(lease.expires_at))


def refuse_taken(desk: Desk, tx: Tx, case: Case) -> None:
    """Refuse to contact a debtor whom a colleague has taken."""
    if lease := taken(desk, tx, case):
        until = lease.until.astimezone(desk.now.zone)
        raise TakenError(
            "{who} has taken the debtor of case {case} until {when}: two would contact them at once.",
            details={"case": case.case_id, "taken_by": lease.collector, "taken_until": utc_text(lease.until)},
            who=lease.collector,
            case=case.case_id,
            when=f"{until:%H:%M}",
        )
