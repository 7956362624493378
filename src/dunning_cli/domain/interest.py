"""Interest as a function of days: simple, daily, on the principal that is left. Nothing is ever written nightly.

A day costs interest when it has ended: over the period from `start` to `end`, the day of `start` is free and the day of
`end` counts, so that (a, c] is (a, b] and (b, c] together. Amounts are exact fractions of minor units; whoever fixes an
amount rounds it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from msgspec import Struct

_ZERO = Fraction(0)


class DayCount(StrEnum):
    """How days become years, by the names and sections of the 2006 ISDA Definitions.

    act/365: every day is 1/365 (4.16(d), "Fixed"). act/360: every day is 1/360 (4.16(e)). act/act: a day of a leap year
    is 1/366, of another year 1/365 (4.16(b)). 30/360: months have 30 days, the 31st counts as the 30th (4.16(g),
    30E/360, the German banks' way but for the end of February, which stays as it is).
    """

    ACT_365 = "act/365"
    ACT_360 = "act/360"
    ACT_ACT = "act/act"
    THIRTY_360 = "30/360"


def days(count: DayCount, start: date, end: date) -> int:
    """The days of a period that count: from the day after `start` to `end`."""
    if count is not DayCount.THIRTY_360:
        return (end - start).days
    return (end.year - start.year) * 360 + (end.month - start.month) * 30 + min(end.day, 30) - min(start.day, 30)


def years(count: DayCount, start: date, end: date) -> Fraction:
    """A period in years, by a day count."""
    if count is DayCount.ACT_ACT:
        return sum((Fraction((b - a).days, 366 if _is_leap(b.year) else 365) for a, b in _by_year(start, end)), _ZERO)
    return Fraction(days(count, start, end), 365 if count is DayCount.ACT_365 else 360)


def _by_year(start: date, end: date) -> Iterator[tuple[date, date]]:
    """A period cut at the ends of its years: each part lies in the year of its last day."""
    cuts = (date(year, 12, 31) for year in range(start.year, end.year))
    return pairwise([start, *(cut for cut in cuts if start < cut < end), end])


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)


class Step(Struct, frozen=True):
    """From the day after `after` on, the rate in percent a year; it holds until the next step."""

    after: date
    percent: Decimal


class Frozen(Struct, frozen=True):
    """Days that cost no interest: from `start` on, to `end` (its last day), or until further notice."""

    start: date
    end: date | None = None


class Stretch(Struct, frozen=True):
    """A part of a period over which nothing changes, and the years that it counts."""

    start: date
    end: date
    percent: Decimal
    years: Fraction


def stretches(
    steps: Iterable[Step], count: DayCount, start: date, end: date, frozen: Iterable[Frozen] = ()
) -> Iterator[Stretch]:
    """The parts of a period that cost interest: cut where the rate changes, without the days that are frozen."""
    steps = sorted(steps, key=lambda step: step.after)
    if not steps or end <= start:
        return
    free = list(frozen)
    marks = {start, end, *(step.after for step in steps)}
    marks |= {day for stop in free for day in (stop.start - timedelta(days=1), stop.end) if day}
    for a, b in pairwise(sorted(mark for mark in marks if start <= mark <= end)):
        percent = next((step.percent for step in reversed(steps) if step.after <= a), None)
        if percent and not any(stop.start <= b and (stop.end is None or b <= stop.end) for stop in free):
            yield Stretch(a, b, percent, years(count, a, b))


def interest(principal: int, parts: Iterable[Stretch]) -> Fraction:
    """Exact interest on a principal in minor units: principal x rate x years, over all parts."""
    return sum((principal * Fraction(part.percent) / 100 * part.years for part in parts), _ZERO)
