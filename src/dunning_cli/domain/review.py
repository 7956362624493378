"""What one case needs today. `check-overdue` is `review` over every case whose day has come.

`review` decides, applies, and decides again until nothing follows, so that one late run writes missed, broken and the
move together, and the next run writes nothing. `next_action` names the day on which it will have something to do again.
What it decides depends on facts and the day alone, never on earlier runs.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from msgspec import Struct

from . import closures, notices
from .cases import Case, Decision, plan_in_order, plan_kept, standing
from .days import Now, days_after
from .entries import (
    EscalationDue,
    InstallmentMissed,
    NoticeDue,
    PlanBroken,
    PlanExpired,
    PolicyChanged,
    Released,
    TermsChanged,
)
from .facts import Plan, PlanStatus
from .money import Money
from .policies import NEW_VERSION, Policy
from .stages import Event, Stage, find_move, missing, moves_from
from .terms import Terms

_ROUNDS = 10  # more than any case can need; reaching it is a defect, and is said


class NextAction(Struct, frozen=True):
    """The first day on which a review has something to do, and what that is."""

    on: date
    what: str


def review(
    case: Case,
    policy: Policy,
    now: Now,
    today: date | None = None,
    terms: Terms | None = None,
    was: Policy | None = None,
) -> Decision:
    """All that follows for a case on a day (`today`; by default the day of `now`).

    A new version of the policy is noted before all else; `was` is the one that the case was reviewed under before,
    where its journal does not tell. `terms` are those of a debt under a statutory rate whose table has changed: they
    are written next.
    What a late run finds takes effect on the day of the run; the day that the rule names stands in the entry.
    """
    decision = Decision(case, policy, now, today)
    decision.note_version()
    if was and case.version is None and was.name == policy.name and not case.outcome:
        decision.add(PolicyChanged(was.label, policy.label, NEW_VERSION))
    if terms and terms != case.terms and not case.outcome:
        decision.add(TermsChanged(terms, rule="rate_table"))
    for _ in range(_ROUNDS):
        written = len(decision.entries)
        for rule in _RULES:
            rule(decision)
            if len(decision.entries) > written:
                break
        else:
            return decision
    raise RuntimeError(f"the review of case {case.case_id} does not come to an end")


# --- the rules, in the order in which they are asked; each writes nothing, or one thing that follows ------------------


def _hold_ends(decision: Decision) -> None:
    hold = decision.case.hold
    if hold and hold.until and hold.until < decision.today:
        decision.add(Released(hold.reason, hold.until))


def _proposal_expires(decision: Decision) -> None:
    plan = decision.case.plan
    if _acts(decision.case) and plan and plan.status is PlanStatus.PROPOSED and plan.expires < decision.today:
        decision.add(PlanExpired(plan.number, plan.expires))


def _installments(decision: Decision) -> None:
    case, plan = decision.case, _followed(decision.case)
    if not plan or not plan.terms:
        return
    for installment, part in plan.spread(case.payments, decision.today):
        if installment.due >= decision.today:
            break
        if (
            installment.number not in plan.missed
            and not plan.enough(installment, part)
            and plan.tolerated_until(installment) < decision.today
        ):
            paid = Money(part, installment.amount.currency)
            decision.add(
                InstallmentMissed(
                    plan.number,
                    installment.number,
                    installment.due,
                    installment.amount,
                    paid,
                    days_after(plan.tolerated_until(installment), 1),
                    plan.terms.tolerance_days,
                )
            )


def _plan_breaks(decision: Decision) -> None:
    case, plan = decision.case, _followed(decision.case)
    if not plan or not plan.terms or not plan.missed:
        return
    short = [i.number for i, _ in plan.unpaid(case.payments, decision.today) if i.number in plan.missed]
    if broken := plan.broken_by(short):
        rule, numbers = broken
        move = find_move(case.place, Event.PLAN_BROKEN, standing(case, decision.policy, decision.today))
        decision.add(PlanBroken(plan.number, numbers, rule, plan.terms.max_missed))
        decision.move(move, rule=rule)


def _plan_cured(decision: Decision) -> None:
    if _acts(decision.case) and _can_be_reinstated(decision.case):
        closures.reinstate(decision)


def _stays_too_long(decision: Decision) -> None:
    case, policy = decision.case, decision.policy
    limit = _limit(case, policy)
    if limit is None or not _acts(case) or case.open_proposal(decision.today):
        return
    rule_day = _deadline(case, limit)
    if decision.today < rule_day:
        return
    facing = standing(case, policy, decision.today)
    (escalate,) = moves_from(case.stage, Event.ESCALATE)
    lacking = tuple(missing(escalate, facing))
    if not lacking and policy.legal.auto_escalate:
        decision.move(escalate, rule=f"{case.stage}.max_days")
    elif case.marked is None or case.marked.missing != lacking:
        decision.add(
            EscalationDue(case.stage, f"{case.stage}.max_days", limit, rule_day, lacking, policy.label),
        )


def _level_reached(decision: Decision) -> None:
    policy = decision.policy
    if reached := notices.due(decision.case, policy, decision.today):
        level = reached.level
        decision.add(
            NoticeDue(
                level.number,
                f"dunning.{policy.dunning.advance}",
                reached.rule_day,
                level.after,
                level.channel,
                level.template,
                policy.label,
                reached.passed,
            )
        )


_RULES: tuple[Callable[[Decision], None], ...] = (
    closures.settle_up,
    _hold_ends,
    _proposal_expires,
    _installments,
    _plan_breaks,
    _plan_cured,
    _stays_too_long,
    _level_reached,
)


# --- when there will be something to do -----------------------------------------------------------------------------


def next_action(case: Case, policy: Policy) -> NextAction | None:
    """The first day on which `review` writes something if nothing else happens, or None if that day never comes."""
    if case.outcome:
        return None
    now_on = case.last_on
    owed = case.owed(now_on)
    followed = case.plan if case.plan and case.plan.status is PlanStatus.ACCEPTED else None
    if owed <= policy.amounts(owed.currency).tolerance:
        return NextAction(now_on, "close_paid")
    if followed and plan_kept(case, now_on):
        return NextAction(now_on, "complete_plan")
    if case.hold:
        return _day_after(case.hold.until, "hold_ends") if case.hold.until else None
    if followed:
        return _next_installment(case, followed)
    if _can_be_reinstated(case):
        return NextAction(now_on, "reinstate_plan")
    if case.plan and case.plan.status is PlanStatus.PROPOSED:
        return _day_after(case.plan.expires, "proposal_expires")
    ahead = [each for each in (_next_escalation(case, policy), _next_level(case, policy)) if each]
    return min(ahead, key=lambda each: each.on, default=None)


def _next_level(case: Case, policy: Policy) -> NextAction | None:
    day = notices.next_day(case, policy)
    return NextAction(day, "notice_due") if day else None


def _next_installment(case: Case, plan: Plan) -> NextAction | None:
    short = [i for i, _ in plan.unpaid(case.payments, case.last_on)]
    if plan.missed and plan.broken_by([i.number for i in short if i.number in plan.missed]):
        return NextAction(case.last_on, "break_plan")
    # Installments stand in the order of their days, so the first that is still to come is the next.
    following = next((i for i in short if i.number not in plan.missed), None)
    return _day_after(plan.tolerated_until(following), "installment_overdue") if following else None


def _day_after(day: date, what: str) -> NextAction | None:
    """The day after, on which something is over; the calendar's last day is never over."""
    return NextAction(days_after(day, 1), what) if day < date.max else None


def _next_escalation(case: Case, policy: Policy) -> NextAction | None:
    limit = _limit(case, policy)
    if limit is None:
        return None
    what = "escalate" if policy.legal.auto_escalate else "escalation_due"
    deadline = _deadline(case, limit)
    if case.marked is None:
        return NextAction(deadline, what)
    # Marked already: the next time is when other guards are missing than were then. Only the age of a final demand and
    # a debt that bears interest change with the days alone.
    earliest = max(case.last_on, deadline)
    facing = standing(case, policy, earliest)
    (escalate,) = moves_from(case.stage, Event.ESCALATE)
    lacking = tuple(missing(escalate, facing))
    if lacking != case.marked.missing or (not lacking and policy.legal.auto_escalate):
        return NextAction(earliest, what)
    ready = facing.final_demand_ready_on
    days = [ready] if ready and ready > earliest else []
    if "worth_it" in lacking and (grown := _worth_it_on(case, facing.min_balance, earliest)):
        days.append(grown)
    return NextAction(min(days), what) if days else None


def _worth_it_on(case: Case, least: Money, after: date) -> date | None:
    """The first day after `after` on which interest alone has brought the debt to a sum, within ten years."""
    low, high = after, days_after(after, 3653)
    if not case.accrues or case.owed(high) < least:
        return None
    while (high - low).days > 1:
        middle = low + (high - low) // 2
        low, high = (low, middle) if case.owed(middle) >= least else (middle, high)
    return high


# --- small questions ------------------------------------------------------------------------------------------------


def _acts(case: Case) -> bool:
    """Whether the creditor acts on the case: it is neither closed nor on hold."""
    return case.outcome is None and case.hold is None


def _followed(case: Case) -> Plan | None:
    """The plan in force, where the case is acted on."""
    plan = case.plan
    return plan if _acts(case) and plan and plan.status is PlanStatus.ACCEPTED else None


def _can_be_reinstated(case: Case) -> bool:
    return case.stage in (Stage.NEGOTIATION, Stage.LEGAL) and plan_in_order(case, case.last_on)


def _limit(case: Case, policy: Policy) -> int | None:
    """The days that a case may stay in its stage, or None where the stage has no limit."""
    if case.stage is Stage.CONTACT:
        return policy.contact.max_days
    return policy.negotiation.max_days if case.stage is Stage.NEGOTIATION else None


def _deadline(case: Case, limit: int) -> date:
    """The day on which a case was in its stage for `limit` days, those on hold left out."""
    return days_after(case.since, limit + case.held_days)
