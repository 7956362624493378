"""Cannot pay, or will not pay? The collector's willingness and ability give a segment and advice.

The nine segments are this product's rule of thumb, printed in docs/assessment.md; nothing is decided by them.
"""

from __future__ import annotations

from datetime import date

from msgspec import Struct

from ..errors import UsageError
from .cases import Case, Decision
from .days import Now
from .entries import Assessed, Level, Reason
from .facts import Belief
from .money import Money
from .policies import Policy

_HIGH, _MEDIUM, _LOW = Level.HIGH, Level.MEDIUM, Level.LOW

# (willingness, ability) -> segment, advice
SEGMENTS: dict[tuple[Level, Level], tuple[str, str]] = {
    (_HIGH, _HIGH): ("pay_now", "Ask for full payment now, with a date within days."),
    (_HIGH, _MEDIUM): ("short_plan", "Offer a short plan."),
    (_HIGH, _LOW): (
        "hardship",
        "Offer a hardship plan with the smallest bearable installments; look for signs of vulnerability.",
    ),
    (_MEDIUM, _HIGH): ("firm_demand", "Make a firm demand, or agree a short plan."),
    (_MEDIUM, _MEDIUM): ("plan_and_check", "Agree a plan, and check after the first installment."),
    (_MEDIUM, _LOW): ("small_plan", "Agree a small plan, and review the income in 60 days."),
    (_LOW, _HIGH): ("final_demand", "Send a final demand, then take legal action."),
    (_LOW, _MEDIUM): ("final_offer", "Send a final demand with an offer, then take legal action if it is worth it."),
    (_LOW, _LOW): ("low_cost", "Send low-cost reminders only; weigh a write-off against the cost of legal action."),
}

# Months of free income that the balance may take: up to the first the ability is high, up to the second medium.
_HIGH_MONTHS, _MEDIUM_MONTHS = 3, 24


class Assessment(Struct, frozen=True):
    """What is believed about the debtor on a day. Segment and advice are None until both levels are known."""

    willingness: Level | None
    ability: Level | None
    reason: Reason | None
    segment: str | None
    advice: str | None
    beliefs: tuple[Belief, ...]  # the ones it rests on
    ability_from_income: bool


def record(case: Case, policy: Policy, now: Now, what: Assessed) -> Decision:
    """Record what the collector believes, or income and expenses a month."""
    if what.willingness is None and what.ability is None and what.income is None and what.expenses is None:
        raise UsageError("Nothing to record.", hint="Give --willingness and --ability, or --income and --expenses.")
    if (what.income is None) != (what.expenses is None):
        raise UsageError("Income and expenses go together.", hint="Give both --income and --expenses.")
    decision = Decision(case, policy, now)
    decision.add(what)
    return decision


def ability_by_income(income: Money, expenses: Money, owed: Money) -> Level:
    """The ability that income and expenses a month suggest: how many months of what is left would pay the balance."""
    free = income - expenses
    if free.minor <= 0 or owed.minor > free.minor * _MEDIUM_MONTHS:
        return Level.LOW
    return Level.HIGH if owed.minor <= free.minor * _HIGH_MONTHS else Level.MEDIUM


def assess(case: Case, on: date) -> Assessment | None:
    """The latest willingness, ability and reason; a level that a collector gave counts before what income suggests."""
    beliefs = sorted((b for b in case.beliefs if b.on <= on), key=lambda b: (b.on, b.seq), reverse=True)
    if not beliefs:
        return None
    willing = next((b for b in beliefs if b.willingness), None)
    able = next((b for b in beliefs if b.ability or b.income is not None), None)
    reason = next((b for b in beliefs if b.reason), None)
    willingness = willing.willingness if willing else None
    ability, by_income = (able.ability if able else None), False
    if able and not ability and able.income is not None and able.expenses is not None:
        ability, by_income = ability_by_income(able.income, able.expenses, case.owed(on)), True
    segment, advice = SEGMENTS[willingness, ability] if willingness and ability else (None, None)
    used = tuple({b.seq: b for b in (willing, able, reason) if b}.values())
    return Assessment(willingness, ability, reason.reason if reason else None, segment, advice, used, by_income)
