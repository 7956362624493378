"""Notes, assignments, and entries made by mistake."""

from __future__ import annotations

from ..errors import EntryNotFoundError, InputError, RefusedError
from . import closures
from .cases import Case, Decision
from .days import Now
from .entries import Assigned, Noted, PaymentReceived, Voided
from .journal import Entry
from .policies import Policy


def note(case: Case, policy: Policy, now: Now, text: str) -> Decision:
    """Write a note."""
    if not text.strip():
        raise InputError("The note is empty.")
    decision = Decision(case, policy, now)
    decision.add(Noted(text))
    return decision


def assign(case: Case, policy: Policy, now: Now, collector: str) -> Decision:
    """Give the case to a collector. The same collector again changes nothing."""
    if not collector.strip():
        raise InputError("The collector's name is empty.")
    decision = Decision(case, policy, now)
    if case.collector != collector:
        decision.add(Assigned(collector))
    return decision


def void(case: Case, policy: Policy, now: Now, seq: int, why: str, entries: list[Entry]) -> Decision:
    """Cancel a fact that was entered by mistake. `entries` is the case's journal. Decisions stand."""
    target = next((e for e in entries if e.seq == seq), None)
    if target is None:
        raise EntryNotFoundError("The case has no entry {seq}.", seq=seq)
    kind = target.what.kind
    if not target.what.voidable:
        raise RefusedError(
            "Entry {seq} ({kind}) is a decision, and decisions are not voidable.",
            hint="Make the decision that answers it, such as reopen-case, release-case or decline-plan.",
            seq=seq,
            kind=kind,
        )
    if any(isinstance(e.what, Voided) and e.what.seq == seq for e in entries):
        raise RefusedError("Entry {seq} is already void.", seq=seq)
    if any(p.seq == seq and p.reversal for p in case.payments):
        raise RefusedError(
            "Entry {seq} is a payment that was reversed.",
            hint="If the reversal was the mistake, void that entry instead.",
            seq=seq,
        )
    decision = Decision(case, policy, now)
    decision.add(Voided(seq, kind, why), target.effective, on=target.effective_on)
    if isinstance(target.what, PaymentReceived):
        closures.undo_closing(decision, "payment_voided")
    closures.settle_up(decision)
    return decision
