"""What the law adds to a debt, and how far it lets the creditor go: the rules of kind `money`.

A rule says one thing: a rate, a cap, a flat sum, a threshold for penalties, a daily charge on a judgment, a freeze, or
how days are counted. Rates are in percent a year, those of a daily charge in percent a day. What is computed is exact
until it is rounded at the end, as the rule says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import ClassVar, Final, NamedTuple

from ..errors import InputError
from .appropriation import DebtPart
from .interest import DayCount, Step, days, years
from .money import Rounding, rounded
from .rules import Closed, Kind, Pack, RateStep, RateTable, Rule, Source, Subject, Sure

_DAY: Final = timedelta(days=1)


class Reference(StrEnum):
    """Whose day's value of a rate table counts.

    `of_the_day`: each day's own, so the rate moves with the table. `half_year`: that of 1 January or 1 July, for the
    half-year that begins then. All others are fixed for the debt: the day when interest `start`s, the 30 June or 31
    December before it (`half_year_before_start`), the day of the `contract`, or of the `suit`.
    """

    OF_THE_DAY = "of_the_day"
    HALF_YEAR = "half_year"
    START = "start"
    HALF_YEAR_BEFORE_START = "half_year_before_start"
    CONTRACT = "contract"
    SUIT = "suit"


class RoundedAt(StrEnum):
    """Whether the amount is rounded at the end, or that of a single day before it is multiplied."""

    TOTAL = "total"
    DAY = "day"


@dataclass(frozen=True, kw_only=True, slots=True)
class Rounded(Closed):
    """How an exact amount becomes one that can be paid."""

    at: RoundedAt = RoundedAt.TOTAL
    places: int = 2
    mode: Rounding = Rounding.HALF_UP

    def of(self, exact: Fraction | Decimal | int) -> Decimal:
        """The amount in decimal places."""
        return Decimal(rounded(Fraction(exact) * 10**self.places, self.mode)).scaleb(-self.places)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rate(Closed):
    """A fixed rate, or a value of a rate table times `multiple` plus `margin`."""

    percent: Decimal | None = None
    table: str | None = None
    multiple: Decimal = Decimal(1)
    margin: Decimal = Decimal(0)
    reference: Reference = Reference.OF_THE_DAY

    def __post_init__(self) -> None:
        if (self.percent is None) is (self.table is None):
            raise ValueError("a rate is either a percent or from a table")

    def of(self, value: Decimal) -> Decimal:
        """The rate where the table says this value."""
        return value * self.multiple + self.margin


class Item(StrEnum):
    """What a cap adds together. A question calls the rate of each by its name: `penalty_rate`."""

    INTEREST = "interest"
    OVERDUE = "overdue"
    PENALTY = "penalty"
    FEES = "fees"


@dataclass(frozen=True, kw_only=True, slots=True)
class Cap(Closed):
    """A rate that may not be passed, by the sum of these items."""

    rate: Rate
    over_sum_of: tuple[Item, ...] = tuple(Item)


@dataclass(frozen=True, kw_only=True, slots=True)
class Band(Closed):
    """What is added to a debt below an amount; the last band has no such limit."""

    below: Decimal | None = None
    add: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class Penalty(Closed):
    """An agreed penalty is excessive when it is more than so many percent above the loss."""

    over_loss: Decimal

    def threshold(self, loss: Decimal) -> Fraction:
        return Fraction(loss) * (100 + Fraction(self.over_loss)) / 100


@dataclass(frozen=True, kw_only=True, slots=True)
class Daily(Closed):
    """A charge of so many percent a day on some parts of an unpaid judgment.

    A part that is paid bears it up to its payment. Days of a stay that the debtor did not ask for count only if
    `stays_counted`.
    """

    percent: Decimal
    on: tuple[DebtPart, ...]
    stays_counted: bool = False


class Stopped(StrEnum):
    INTEREST = "interest"
    FEES = "fees"
    CHARGES = "charges"
    PENALTIES = "penalties"


class FreezeEvent(StrEnum):
    MORATORIUM = "moratorium"


@dataclass(frozen=True, kw_only=True, slots=True)
class Freeze(Closed):
    """While something lasts, this does not grow."""

    during: FreezeEvent
    stops: tuple[Stopped, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class MoneyRule(Rule):
    """A rule about amounts. One of `rate` … `freeze` says which; with none of them it says how days are counted."""

    kind: ClassVar[Kind] = Kind.MONEY

    rate: Rate | None = None
    cap: Cap | None = None
    bands: tuple[Band, ...] = ()
    currency: str | None = None
    penalty: Penalty | None = None
    daily: Daily | None = None
    freeze: Freeze | None = None
    basis: DayCount | None = None
    both_ends: bool = False
    round: Rounded = field(default_factory=Rounded)

    def __post_init__(self) -> None:
        Rule.__post_init__(self)
        shapes = [self.rate, self.cap, self.bands or None, self.penalty, self.daily, self.freeze]
        given = sum(shape is not None for shape in shapes)
        if given > 1 or (not given and self.basis is None):
            raise ValueError("it says one of rate, cap, bands, penalty, daily and freeze, or how days count with basis")
        if (self.rate or self.cap) and self.basis is None:
            raise ValueError("basis is missing: which day count turns its rate into an amount")
        if bool(self.bands) is (self.currency is None):
            raise ValueError("bands need a currency, and nothing else does")
        limits = [band.below for band in self.bands[:-1] if band.below is not None]
        rising = len(limits) == len(self.bands) - 1 and limits == sorted(set(limits))
        if self.bands and (not rising or self.bands[-1].below is not None):
            raise ValueError("bands rise, and the last one alone has no below")

    @property
    def is_count(self) -> bool:
        """Whether it only says how days are counted."""
        return not (self.rate or self.cap or self.bands or self.penalty or self.daily or self.freeze)

    @property
    def tables(self) -> tuple[str, ...]:
        rate = self.rate or (self.cap.rate if self.cap else None)
        return (rate.table,) if rate and rate.table else ()

    def flat(self, amount: Decimal) -> Decimal:
        """The flat sum for a debt of an amount."""
        return next(band.add for band in self.bands if band.below is None or amount < band.below)


# --- which rule -------------------------------------------------------------------------------------------------------


class Shape(StrEnum):
    """What a money rule may be about, by the name of its field."""

    RATE = "rate"
    CAP = "cap"
    BANDS = "bands"
    PENALTY = "penalty"
    DAILY = "daily"
    FREEZE = "freeze"
    COUNT = "count"


def all_of(pack: Pack, shape: Shape, day: date | None = None) -> tuple[MoneyRule, ...]:
    """The rules about one thing that are in force on a day."""
    rules = pack.rules_of(MoneyRule, day)
    return tuple(r for r in rules if (r.is_count if shape is Shape.COUNT else getattr(r, shape)))


def pick(pack: Pack, shape: Shape, subject: Subject, day: date | None = None) -> MoneyRule | None:
    """The rule about one thing that fits a debt on a day; of several the one with the most conditions.

    What is known to fit comes before what may fit. None where the pack has such rules, but none fits. InputError where
    the pack has none, or where it depends on a fact that is not known.
    """
    found = all_of(pack, shape, day)
    if not found:
        if day:
            raise InputError(
                "The rule pack {pack} says nothing about this on {day}: {what}.", pack=pack.id, what=str(shape), day=day
            )
        raise InputError("The rule pack {pack} says nothing about this: {what}.", pack=pack.id, what=str(shape))
    fitting = [rule for rule in found if rule.applies.fits(subject, unknown=False)]
    if not fitting:
        fitting = [rule for rule in found if rule.applies.fits(subject)]
        if len(fitting) > 1:
            lacking = sorted({name for rule in fitting for name in rule.applies.missing(subject)})
            raise InputError("It depends on what is not known: {facts}.", facts=", ".join(lacking))
    return max(reversed(fitting), key=lambda rule: len(rule.applies), default=None)


# --- rates over time --------------------------------------------------------------------------------------------------


def reference_day(reference: Reference, day: date) -> date:
    """The day whose value of the table counts for interest on (or starting on) a day."""
    match reference:
        case Reference.HALF_YEAR:
            return date(day.year, 1 if day.month <= 6 else 7, 1)
        case Reference.HALF_YEAR_BEFORE_START:
            return date(day.year, 6, 30) if day.month > 6 else date(day.year - 1, 12, 31)
        case _:
            return day


class RatedStep(NamedTuple):
    """A step of a rate, where its value was read, how surely, and what else is to be said of it."""

    step: Step
    source: Source
    sure: Sure
    note: str


def rate_steps(
    tables: Mapping[str, RateTable],
    rule: MoneyRule,
    start: date,
    end: date,
    *,
    contract: date | None = None,
    suit: date | None = None,
) -> tuple[RatedStep, ...]:
    """The steps of a rule's rate for interest whose first day is `start`, as far as they are known up to `end`.

    `tables` are those of the rule's pack. `contract` and `suit` are needed by rules that refer to them.
    """
    rate = rule.rate or (rule.cap.rate if rule.cap else None)
    if rate is None:
        raise ValueError(f"{rule.id} is no rule about a rate")
    if rate.table is None:
        assert rate.percent is not None  # noqa: S101  one of the two is given
        return (RatedStep(Step(start - _DAY, rate.percent), rule.source, rule.source.sure, ""),)
    table = tables[rate.table]
    return tuple(
        RatedStep(Step(first - _DAY, rate.of(step.value)), table.source, step.sure or table.source.sure, note)
        for first, step, note in _steps(table, rate.reference, start, end, {"contract": contract, "suit": suit})
    )


def _steps(
    table: RateTable, reference: Reference, start: date, end: date, fixed: Mapping[str, date | None]
) -> Iterator[tuple[date, RateStep, str]]:
    """The days from which on a value of the table counts, with the value and a note."""
    if reference in fixed:
        day = fixed[reference]
        if day is None:
            raise InputError("The rate depends on the day of the {what}, which is not known.", what=str(reference))
        firsts = {start: day}
    elif reference is Reference.OF_THE_DAY:
        firsts = {start: start, **{s.from_: s.from_ for s in table.values if start < s.from_ <= end}}
    elif reference is Reference.HALF_YEAR:
        halves = [date(y, m, 1) for y in range(start.year, end.year + 1) for m in (1, 7)]
        firsts = {start: reference_day(reference, start), **{h: h for h in halves if start < h <= end}}
    else:
        firsts = {start: reference_day(reference, start)}
    before = None
    for first, day in firsts.items():
        step = table.on(day)
        if before is None or step.value != before.value:
            yield first, step, known(table, step, day)
        before = step


def known(table: RateTable, step: RateStep, day: date) -> str:
    """What is to be said of a value of a table on a day, beside the value."""
    if table.known_until and day > table.known_until:
        return step.note or f"{table.id} is known to {table.known_until}; its last value is taken for {day}"
    return step.note


def known_to(table: RateTable, reference: Reference, start: date, day: date | None = None) -> date | None:
    """The last day for which a rate from a table is known, of interest whose first day is `start`; None: for good.

    A rate that is fixed for the debt is that of `day`, and known for good or not at all: then the answer is the day
    before `start`.
    """
    until = table.known_until
    if until is None:
        return None
    if reference is Reference.OF_THE_DAY:
        return until
    if reference is Reference.HALF_YEAR:
        return date(until.year, 6, 30) if until.month <= 6 else date(until.year, 12, 31)
    return None if (day or reference_day(reference, start)) <= until else start - _DAY


# --- days and amounts -------------------------------------------------------------------------------------------------


class Counted(NamedTuple):
    """A period as it counts: its days, and how many years they are."""

    days: int
    years: Fraction


def period(basis: DayCount, start: date, end: date, *, both_ends: bool) -> Counted:
    """From `start` to `end`; with `both_ends` the first day counts as the last does, else it is free."""
    if end < start:
        return Counted(0, Fraction(0))
    if not both_ends:
        return Counted(days(basis, start, end), years(basis, start, end))
    if basis is DayCount.ACT_ACT:
        return Counted((end - start).days + 1, years(basis, start - _DAY, end))
    return so_many(basis, days(basis, start, end) + 1)


def so_many(basis: DayCount, count: int) -> Counted:
    """Days without dates; act/act, where a day is not the same part of every year, takes them for those of 2001."""
    first = date(2001, 1, 1)
    return Counted(count, count * years(basis, first, first + _DAY))


def yearly(principal: Decimal, percent: Decimal, length: Fraction) -> Fraction:
    """Exact simple interest."""
    return Fraction(principal) * Fraction(percent) / 100 * length


class PaidPart(NamedTuple):
    """A part of a judgment and the last day on which it was unpaid or was paid."""

    amount: Decimal
    on: date


def daily_charge(daily: Daily, start: date, parts: Sequence[PaidPart], stayed: int = 0) -> tuple[int, Fraction]:
    """The days of the longest part, and the exact charge: both the first day and the day of payment count.

    `stayed` days do not count unless the rule says so.
    """
    less = 0 if daily.stays_counted else stayed
    counted = [(part.amount, max(0, (part.on - start).days + 1 - less)) for part in parts]
    exact = sum((Fraction(amount) * Fraction(daily.percent) / 100 * count for amount, count in counted), Fraction(0))
    return max((count for _, count in counted), default=0), exact
