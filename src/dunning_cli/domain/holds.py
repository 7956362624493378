"""Holds: a dispute, a moratorium, a death. They stop what the creditor does, in any stage."""

from __future__ import annotations

from datetime import date

from ..errors import InputError, RefusedError
from . import closures
from .cases import Case, Decision
from .days import Now
from .entries import Held, HoldReason, Released
from .policies import Policy


def hold(
    case: Case, policy: Policy, now: Now, reason: HoldReason, until: date | None = None, *, freezes: bool = False
) -> Decision:
    """Put a case on hold; `until` is the last day. A hold in force is replaced. `freezes` lets no interest run."""
    closures.refuse_if_closed(case, "a hold")
    if until and until < now.today:
        raise InputError("The hold would end on {until}, in the past.", until=until)
    decision = Decision(case, policy, now)
    put_on_hold(decision, reason, until, freezes=freezes)
    return decision


def put_on_hold(
    decision: Decision,
    reason: HoldReason,
    until: date | None = None,
    *,
    freezes: bool = False,
    fact: int | None = None,
    whose: int | None = None,
) -> None:
    """Add a hold to what is being decided, in place of one that is in force. `fact`: the debtor's entry behind it, in
    the journal of `whose` record."""
    if decision.case.hold:
        decision.add(Released(decision.case.hold.reason))
    decision.add(Held(reason, until, freezes or None, fact, whose))


def release(case: Case, policy: Policy, now: Now) -> Decision:
    """End a hold by hand."""
    if case.hold is None:
        raise RefusedError("The case is not on hold.", hint="See its state with: dunning show-case CASE")
    decision = Decision(case, policy, now)
    decision.add(Released(case.hold.reason))
    return decision
