"""What may be done to a case in any stage: hold, release, close, reopen, assign, note, void, escalate."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ..domain import closures, holds, legal, notes
from ..domain.cases import Case, Decision
from ..domain.entries import CaseOutcome, HoldReason
from ..domain.policies import Policy
from ..domain.views import CaseView
from .desk import Changed, Desk

if TYPE_CHECKING:
    from ..store.session import Tx


def hold_case(desk: Desk, ref: str, reason: HoldReason, until: date | None, *, freezes: bool = False) -> Changed:
    return desk.change(ref, lambda case, policy, now: holds.hold(case, policy, now, reason, until, freezes=freezes))


def release_case(desk: Desk, ref: str) -> Changed:
    return desk.change(ref, holds.release)


def close_case(desk: Desk, ref: str, outcome: CaseOutcome, why: str | None) -> Changed:
    return desk.change(ref, lambda case, policy, now: closures.close(case, policy, now, outcome, why))


def reopen_case(desk: Desk, ref: str, why: str) -> Changed:
    return desk.change(ref, lambda case, policy, now: closures.reopen(case, policy, now, why))


def assign_case(desk: Desk, ref: str, collector: str) -> Changed:
    return desk.change(ref, lambda case, policy, now: notes.assign(case, policy, now, collector))


def note(desk: Desk, ref: str, text: str) -> Changed:
    return desk.change(ref, lambda case, policy, now: notes.note(case, policy, now, text))


def void(desk: Desk, ref: str, seq: int, why: str) -> Changed:
    """Cancel an entry made by mistake; the journal is read to find it."""

    def decide(tx: Tx, case: Case, policy: Policy) -> Decision:
        return notes.void(case, policy, desk.now, seq, why, tx.cases.journal(case.case_id))

    return desk.change_knowing(ref, decide)


def escalate(desk: Desk, ref: str, why: str | None) -> Changed:
    return desk.change(ref, lambda case, policy, now: legal.escalate(case, policy, now, why))


def may_escalate(desk: Desk, ref: str) -> CaseView:
    """Whether a case may be escalated, without writing: raises the refusal that `escalate` would."""
    with desk.store.reading() as tx:
        filed = tx.cases.load(tx.cases.find(ref))
        decision = legal.escalate(filed.case, tx.policies.get(filed.case.policy), desk.now)
        return CaseView(decision.case, desk.view(tx, filed).debtor, desk.now.today, filed.head, None)
