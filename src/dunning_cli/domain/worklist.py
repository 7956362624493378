"""What a contact is worth now: the sum that one more contact may bring in, and what makes it so.

    balance × chance of recovery × chance of reaching anybody, raised by what the policy weighs, less what it costs

A worth is a rank, no money: whole hundredths of a major unit of the case's own currency (so that yen and yuan can
stand in one list; nothing is converted), rounded down. Chances and weights are whole thousandths. Every part says by
how much it raises or lowers the whole, and the parts add up to it. The tables are this program's own starting point,
printed in docs/worklist.md; nothing is decided by them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, NamedTuple

from msgspec import Struct, field

from .assessments import assess
from .cases import Case
from .days import bucket
from .entries import CaseOutcome, Channel, Level
from .facts import PlanStatus
from .money import DIGITS, Money
from .policies import Policy

_WHOLE: Final = 1000
HIGHEST: Final = 2**62  # the greatest worth: what a column holds

NOT_ASSESSED: Final = "unknown"  # the segment of a debtor of whom willingness or ability is not known

# The share of what is owed that is still recovered, by how long it is overdue.
BUCKETS: Final[Mapping[str, int]] = {
    "current": 950,
    "M1": 850,
    "M2": 650,
    "M3": 500,
    "M4": 400,
    "M5": 320,
    "M6": 250,
    "M7+": 120,
}
# By how much the debtor's segment changes it.
SEGMENT_FACTORS: Final[Mapping[str, int]] = {
    "pay_now": 1300,
    "short_plan": 1200,
    "hardship": 800,
    "firm_demand": 1100,
    "plan_and_check": 1000,
    "small_plan": 700,
    "final_demand": 800,
    "final_offer": 600,
    "low_cost": 300,
    NOT_ASSESSED: 1000,
}
_SUREST: Final = 980  # no chance is greater
ENOUGH_CASES: Final = 30  # of one's own before they count in place of the table

# How likely somebody is reached: the first hour of each part of a debtor's day, and what it does to the chance.
PARTS_OF_DAY: Final[tuple[tuple[int, str, int], ...]] = (
    (0, "night", 500),
    (8, "morning", 1000),
    (12, "midday", 900),
    (14, "afternoon", 1000),
    (18, "evening", 1200),
    (21, "night", 500),
)
SPEAKING: Final = (Channel.CALL, Channel.VISIT)  # channels on which somebody answers, or does not
USUAL_REACH: Final = 300  # of a call of which nothing is known
_USUAL_ARRIVAL: Final = 900  # of a message
_USUAL_COUNTS, _DAY_COUNTS = 5, 3  # like so many contacts the usual chance counts, and that of the part of the day

_LONGEST = 180  # days overdue from which on they raise no more
_AHEAD = 3  # days before a promise is due on which it raises already
NEAR_DAYS: Final = 90  # days before a day of law passes from which it raises
_WILLING: Final[Mapping[Level | None, int]] = {Level.HIGH: 1000, Level.MEDIUM: 500, None: 500, Level.LOW: 0}


class Factor(StrEnum):
    """What makes a worth, in the order in which it is told."""

    BALANCE = "balance"
    RECOVERY = "recovery"
    REACH = "reach"
    DAYS_OVERDUE = "days_overdue"
    WILLINGNESS = "willingness"
    PROMISE_DUE = "promise_due"
    PROMISE_BROKEN = "promise_broken"
    LIMITATION_NEAR = "limitation_near"
    CONTACT_COST = "contact_cost"


class Because(NamedTuple):
    """One factor: its value, and by how much it raises the worth (lowers it, below 0).

    The value of a balance or a cost is money, that of a chance thousandths, that of a promise or a deadline its day,
    that of a broken promise the number of the plan.
    """

    factor: Factor
    value: Money | date | Level | int | None
    contribution: int


class Worth(NamedTuple):
    """What a contact about a case is worth, and why. The contributions add up to the total."""

    total: int
    why: tuple[Because, ...]


# --- chances ----------------------------------------------------------------------------------------------------------


class Learned(NamedTuple):
    """What closed cases showed: the mean share that was recovered, in thousandths, and of how many cases."""

    chance: int
    cases: int


class Chances(Struct, frozen=True):
    """The chances of recovery by bucket and segment: those of one's own closed cases where they are enough, else the
    table. `version` 0 is the table alone."""

    version: int = 0
    learned: Mapping[tuple[str, str], Learned] = field(default_factory=dict)

    def of(self, bucket: str, segment: str) -> int:
        own = self.learned.get((bucket, segment))
        if own is not None and own.cases >= ENOUGH_CASES:
            return own.chance
        return min(_SUREST, BUCKETS[bucket] * SEGMENT_FACTORS[segment] // _WHOLE)


BY_TABLE: Final = Chances()


class Attempt(NamedTuple):
    """An earlier contact that we made: at which hour of the debtor's day, and whether it reached them."""

    hour: int
    reached: bool


def part_of_day(hour: int) -> str:
    return _part(hour)[1]


def _part(hour: int) -> tuple[int, str, int]:
    return next(each for each in reversed(PARTS_OF_DAY) if each[0] <= hour)


def chance_to_reach(attempts: Iterable[Attempt], hour: int, channel: Channel = Channel.CALL) -> int:
    """How likely a contact at this hour reaches the debtor, by what came of earlier ones on that channel.

    All of them make a chance, with the usual one counting like five; that is changed by the part of the day, and then
    counts like three beside those in the same part of the day. A message arrives at any hour.
    """
    known = list(attempts)
    speaks = channel in SPEAKING
    usual = USUAL_REACH if speaks else _USUAL_ARRIVAL
    chance = _mixed(known, usual, _USUAL_COUNTS)
    if not speaks:
        return min(_SUREST, chance)
    _, name, factor = _part(hour)
    now = [each for each in known if part_of_day(each.hour) == name]
    return min(_SUREST, _mixed(now, chance * factor // _WHOLE, _DAY_COUNTS))


def _mixed(attempts: list[Attempt], usual: int, counts: int) -> int:
    reached = sum(each.reached for each in attempts)
    return (reached * _WHOLE + usual * counts) // (len(attempts) + counts)


# --- the worth --------------------------------------------------------------------------------------------------------


def worth(
    case: Case,
    policy: Policy,
    on: date,
    chances: Chances = BY_TABLE,
    reach: int = USUAL_REACH,
    promise: date | None = None,
    deadline: date | None = None,
) -> Worth:
    """What a contact about a case is worth on a day; nothing where the case is closed.

    `reach` is the chance of reaching the debtor, `promise` the day of the installment that is to be paid now (see
    `promise_due`), `deadline` the next day of law that passes for the case.
    """
    if case.outcome:
        return Worth(0, ())
    rules, owed, days = policy.worklist, case.owed(on), case.days_overdue(on)
    found = assess(case, on) if case.beliefs else None
    recovery = chances.of(bucket(days), (found and found.segment) or NOT_ASSESSED)
    willing = found.willingness if found else None
    base = units(owed)
    gain = base * recovery * reach  # a millionth of it is what the two chances leave of the balance
    weighed = base * rules.balance // _WHOLE
    recovered = base * rules.balance * recovery // _WHOLE**2
    gained = gain * rules.balance // _WHOLE**3
    why = [
        Because(Factor.BALANCE, owed, weighed),
        Because(Factor.RECOVERY, recovery, recovered - weighed),
        Because(Factor.REACH, reach, gained - recovered),
    ]
    total = gained
    share = _WHOLE * min(max(days, 0), _LONGEST) // _LONGEST
    raises: list[tuple[Factor, date | Level | int | None, int]] = [
        (Factor.DAYS_OVERDUE, days, rules.days_overdue * share),
        (Factor.WILLINGNESS, willing, rules.willingness * _WILLING[willing]),
    ]
    if promise is not None:
        share = _WHOLE if promise <= on else _WHOLE // 2
        raises.append((Factor.PROMISE_DUE, promise, rules.promise_due * share))
    if case.plan and (broken := _broken(case, on)):
        raises.append((Factor.PROMISE_BROKEN, case.plan.number, rules.promise_broken * broken))
    if deadline is not None and 0 <= (left := (deadline - on).days) < NEAR_DAYS:
        share = _WHOLE * (NEAR_DAYS - left) // NEAR_DAYS
        raises.append((Factor.LIMITATION_NEAR, deadline, rules.limitation_near * share))
    for factor, value, times in raises:
        if added := gain * times // _WHOLE**4:
            why.append(Because(factor, value, added))
            total += added
    if cost := units(spent := policy.amounts(owed.currency).contact_cost):
        why.append(Because(Factor.CONTACT_COST, spent, -cost))
        total -= cost
    return Worth(max(-HIGHEST, min(total, HIGHEST)), tuple(why))


def units(money: Money) -> int:
    """Whole hundredths of a major unit."""
    digits = DIGITS[money.currency]
    return money.minor * 100 // 10**digits if digits != 2 else money.minor


def promise_due(case: Case, on: date) -> date | None:
    """The day of the installment that is to be paid now: from three days before it is due until it counts as missed."""
    plan = case.plan
    if plan is None or plan.status is not PlanStatus.ACCEPTED:
        return None
    for installment, part in plan.spread(case.payments, on):
        if installment.due > on + timedelta(days=_AHEAD):
            break
        if installment.number not in plan.missed and not plan.enough(installment, part):
            return installment.due
    return None


def _broken(case: Case, on: date) -> int:
    """Whole where the latest plan was broken, half where installments of it were missed and are still not paid."""
    plan = case.plan
    if plan is None or plan.status not in (PlanStatus.BROKEN, PlanStatus.ACCEPTED):
        return 0
    if plan.status is PlanStatus.BROKEN:
        return _WHOLE
    if not plan.missed:
        return 0
    missed = any(i.number in plan.missed for i, _ in plan.unpaid(case.payments, on))
    return _WHOLE // 2 if missed else 0


def together(parts: Iterable[Worth]) -> Worth:
    """What one contact about several cases of a debtor is worth: it costs what one costs, the dearest of them."""
    sums: dict[Factor, list[Because]] = {}
    for part in parts:
        for each in part.why:
            sums.setdefault(each.factor, []).append(each)
    why = []
    for factor in Factor:
        found = sums.get(factor, ())
        if not found:
            continue
        if factor is Factor.CONTACT_COST:
            why.append(min(found, key=lambda each: each.contribution))
        else:
            most = max(found, key=lambda each: abs(each.contribution))
            why.append(most._replace(contribution=sum(each.contribution for each in found)))
    return Worth(sum(each.contribution for each in why), tuple(why))


# --- learning from closed cases ---------------------------------------------------------------------------------------

# Withdrawn cases are left out: nobody could recover them.
_TELLING = (CaseOutcome.PAID, CaseOutcome.SETTLED, CaseOutcome.WRITTEN_OFF, CaseOutcome.UNCOLLECTABLE)


class Share(NamedTuple):
    """What was recovered of a case from the day on which it entered a bucket, in thousandths of what was owed then."""

    bucket: str
    segment: str
    recovered: int


def shares(case: Case, opened: date) -> Iterator[Share]:
    """A share for each bucket in which a closed case was while it was open.

    From the day on which it entered the bucket (or was opened in it): money received until it closed / owed at the end
    of the day before. The segment is that of its last day in the bucket.
    """
    closed = case.closed_on
    if closed is None or case.outcome not in _TELLING:
        return
    begins = opened
    while begins <= closed:
        name = case.bucket(begins)
        beyond = _next_bucket(case, begins)
        last = closed if beyond is None else min(closed, beyond - timedelta(days=1))
        before = begins - timedelta(days=1)
        owed = case.unpaid(before)
        if owed.minor > 0:
            recovered = max(0, case.paid(closed).minor - case.paid(before).minor)
            found = assess(case, last)
            yield Share(name, (found and found.segment) or NOT_ASSESSED, min(_WHOLE, recovered * _WHOLE // owed.minor))
        if beyond is None:
            return
        begins = beyond


def _next_bucket(case: Case, on: date) -> date | None:
    """The first day of the bucket after that of a day."""
    days = (on - case.debt.due).days
    if days <= 0:
        return case.debt.due + timedelta(days=1)
    months = (days - 1) // 30 + 1
    return None if months > 6 else case.debt.due + timedelta(days=30 * months + 1)


def learn(found: Iterable[Share]) -> dict[tuple[str, str], Learned]:
    """The mean of the shares by bucket and segment, each case counting alike, with how many there are."""
    sums: dict[tuple[str, str], list[int]] = {}
    for share in found:
        tally = sums.setdefault((share.bucket, share.segment), [0, 0])
        tally[0] += share.recovered
        tally[1] += 1
    return {key: Learned(total // count, count) for key, (total, count) in sorted(sums.items())}
