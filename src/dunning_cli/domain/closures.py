"""How a case ends and comes back: paid, settled, closed by hand, reopened."""

from __future__ import annotations

from ..errors import RefusedError
from .cases import Case, Decision, plan_in_order, plan_kept, standing
from .days import Now
from .entries import CaseClosed, CaseOutcome, CaseReopened, ChargeWaived, PlanCompleted, PlanReinstated
from .facts import PlanStatus
from .policies import Policy
from .stages import Event, find_move

BY_HAND = (CaseOutcome.SETTLED, CaseOutcome.WRITTEN_OFF, CaseOutcome.WITHDRAWN, CaseOutcome.UNCOLLECTABLE)
_TAKES_NO_MONEY = (CaseOutcome.PAID, CaseOutcome.SETTLED, CaseOutcome.WITHDRAWN)


def settle_up(decision: Decision) -> None:
    """Draw what follows from the money alone: a plan that is kept completes, a case that is paid up closes.

    A remainder within the policy's tolerance is waived, so that a paid case owes nothing. A settlement that was kept
    waives the rest of the debt.
    """
    case, today = decision.case, decision.today
    if case.outcome:
        return
    # Interest that runs after the last entry opens nothing again: what was paid up on its day is paid up.
    day = min(today, case.last_on)
    owed = case.owed(day)
    tolerance = decision.policy.amounts(owed.currency).tolerance
    plan = case.plan if case.plan and case.plan.status is PlanStatus.ACCEPTED else None
    kept = plan is not None and plan_kept(case, today)
    if owed > tolerance and not kept:
        return
    if plan and kept and plan.waives and (forgiven := case.balance(today).interest):
        decision.add(ChargeWaived(forgiven, "plan"))
        day, owed = today, decision.case.owed(today)
    settled = plan is not None and plan.settles and owed > tolerance
    event = Event.PAID if owed <= tolerance else Event.SETTLED if settled else Event.PLAN_COMPLETED
    move = find_move(case.place, event, standing(decision.case, decision.policy, day))
    if plan:
        decision.add(PlanCompleted(plan.number, decision.case.paid(today)))
    if event is Event.PLAN_COMPLETED:
        decision.move(move, rule="plan_completed")
        return
    if rest := decision.case.owed(today):
        decision.add(ChargeWaived(rest, "settlement" if settled else "tolerance"))
    decision.add(CaseClosed(CaseOutcome.SETTLED if settled else CaseOutcome.PAID, str(event)))


def close(case: Case, policy: Policy, now: Now, outcome: CaseOutcome, why: str | None = None) -> Decision:
    """Close a case by hand. `settled` waives what is still owed; the other outcomes leave it standing."""
    decision = Decision(case, policy, now)
    decision.allowed(Event.CLOSE)
    if outcome is CaseOutcome.SETTLED and (owed := case.owed(now.today)):
        decision.add(ChargeWaived(owed, "settlement"))
    decision.add(CaseClosed(outcome, None, why))
    return decision


def reopen(case: Case, policy: Policy, now: Now, why: str) -> Decision:
    """Open a closed case again, by hand. A plan that payments on the closed case have kept since completes at once:
    what it waives must not depend on when the next run comes."""
    decision = Decision(case, policy, now)
    _reopen(decision, rule=None, why=why)
    if decision.case.plan and decision.case.plan.waives is not None:
        settle_up(decision)
    return decision


def undo_closing(decision: Decision, rule: str) -> None:
    """Reopen a case whose closing rested on money that went away; a plan it had completed is followed again.

    Where the closing still stands, because what is missing lies within the tolerance or a settlement is still kept, the
    difference is waived instead: a paid case owes nothing.
    """
    case, today = decision.case, decision.today
    if case.outcome not in (CaseOutcome.PAID, CaseOutcome.SETTLED):
        return
    tolerance = decision.policy.amounts(case.debt.principal.currency).tolerance
    kept = plan_kept(case, today)
    settled = kept and case.plan is not None and case.plan.settles and case.outcome is CaseOutcome.SETTLED
    if case.unpaid(today, kept=kept) > tolerance and not settled:
        _reopen(decision, rule=rule, why=None)
        reinstate(decision)
    elif owed := case.owed(today):
        decision.add(ChargeWaived(owed, "settlement" if settled else "tolerance"))


def reinstate(decision: Decision) -> None:
    """Follow a plan again where the payments now known answer the decision that ended it."""
    case = decision.case
    if case.plan is None or not plan_in_order(case, decision.today):
        return
    was_broken = case.plan.status is PlanStatus.BROKEN
    move = decision.allowed(Event.PLAN_REINSTATED)
    decision.add(PlanReinstated(case.plan.number, "paid_in_time" if was_broken else "payment_reversed"))
    decision.move(move, rule="plan_reinstated")


def _reopen(decision: Decision, rule: str | None, why: str | None) -> None:
    move = decision.allowed(Event.REOPEN)
    decision.add(CaseReopened(rule, why))
    decision.move(move, rule="reopened")


def refuse_if_closed(case: Case, what: str) -> None:
    """Refuse work on a closed case."""
    if case.outcome:
        raise RefusedError(
            "The case is closed ({outcome}): {what} is refused.",
            hint="Open it again with: dunning reopen-case CASE --why TEXT",
            outcome=str(case.outcome),
            what=what,
        )


def refuse_money_if_closed(case: Case) -> None:
    """Refuse a payment on a case that asks for none; on a written-off one it is a recovery."""
    if case.outcome in _TAKES_NO_MONEY:
        refuse_if_closed(case, "a payment")
