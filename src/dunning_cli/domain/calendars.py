"""Periods and rest days: how a length is counted from a day, and which days a rule passes over.

A period ends with the end of its last day. The day of the event itself is not counted unless a rule says so.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final, Protocol

from .rules import Closed

_DAY: Final = timedelta(days=1)
_LONGEST: Final = 500  # years: more is a slip of the pen in a rule, and would leave the calendar


class Weekday(StrEnum):
    """Days of the week, Monday first."""

    MONDAY = "MO"
    TUESDAY = "TU"
    WEDNESDAY = "WE"
    THURSDAY = "TH"
    FRIDAY = "FR"
    SATURDAY = "SA"
    SUNDAY = "SU"


_WEEK: Final = tuple(Weekday)


class Shift(StrEnum):
    """Where a period begins instead of on the day of its event."""

    YEAR_END = "year_end"  # the last day of that year


@dataclass(frozen=True, kw_only=True, slots=True)
class RestDays(Closed):
    """Which days are no working days: days of the week, and the public holidays of a country.

    `holidays` is a country's code, `region` a part of it. `observed`: a holiday that falls on a weekend is kept on the
    working day beside it. `decreed`: the exact days, make-up working days among them, are decreed year by year; a year
    without its decree is known in part only.
    """

    weekdays: tuple[Weekday, ...] = ()
    holidays: str = ""
    region: str = ""
    observed: bool = True
    decreed: bool = False


class Calendar(Protocol):
    """Rest days as a value: whether a day is one, and whether that year's days are known in full."""

    def rests(self, day: date) -> bool: ...

    def knows(self, year: int) -> bool: ...


Calendars = Callable[[RestDays], Calendar]


@dataclass(frozen=True, slots=True)
class Week:
    """A calendar of weekdays alone, with the days that are added to it and those that are worked all the same."""

    weekdays: frozenset[Weekday] = frozenset()
    holidays: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()

    def rests(self, day: date) -> bool:
        return day in self.holidays or (weekday(day) in self.weekdays and day not in self.worked)

    def knows(self, year: int) -> bool:  # noqa: ARG002  every year
        return True


def weekday(day: date) -> Weekday:
    return _WEEK[day.weekday()]


@dataclass(frozen=True, kw_only=True, slots=True)
class Length(Closed):
    """How long: years, months, weeks and days, added in this order. `skip` names days that are not counted as days."""

    years: int = 0
    months: int = 0
    weeks: int = 0
    days: int = 0
    skip: RestDays | None = None

    def __post_init__(self) -> None:
        parts = (self.years, self.months, self.weeks, self.days)
        if min(parts) < 0:
            raise ValueError("a length is not below 0")
        if self.years + self.months / 12 + self.weeks / 52 + self.days / 365 > _LONGEST:
            raise ValueError(f"a length is at most {_LONGEST} years")
        if self.skip and (self.years or self.months or self.weeks):
            raise ValueError("skip: only days can be counted without rest days")

    def __bool__(self) -> bool:
        return any((self.years, self.months, self.weeks, self.days))


def end_of(start: date, length: Length, calendars: Calendars | None = None, *, first_counts: bool = False) -> date:
    """The last day of a period.

    Years and months end on the day of the same number, or on the month's last day where it has none. With
    `first_counts` the first day is part of the period, which so ends a day earlier.
    """
    if not length:
        return start
    months = length.years * 12 + length.months
    year, month0 = divmod(start.year * 12 + start.month - 1 + months, 12)
    if year > date.max.year:
        return date.max
    day = date(year, month0 + 1, min(start.day, monthrange(year, month0 + 1)[1]))
    count = length.weeks * 7 + length.days
    if length.skip is not None and calendars is not None:
        return _counted(day, count, calendars(length.skip), first_counts=first_counts)
    try:
        return day + timedelta(days=count - first_counts)
    except OverflowError:
        return date.max


def _counted(start: date, count: int, calendar: Calendar, *, first_counts: bool) -> date:
    """The last of so many working days."""
    day = start - _DAY if first_counts else start
    while count > 0 and day < date.max:
        day += _DAY
        count -= not calendar.rests(day)
    return day


def rolled(day: date, calendar: Calendar) -> date:
    """The day itself, or the first working day after it where it is a rest day."""
    while calendar.rests(day) and day < date.max:
        day += _DAY
    return day


def shifted(day: date, shift: Shift | None) -> date:
    """Where a period begins that is counted from a day."""
    return date(day.year, 12, 31) if shift is Shift.YEAR_END else day


def not_before(day: date, length: Length) -> date:
    """The day so long before another one, for what counts only in the last stretch of a period."""
    months = length.years * 12 + length.months
    year, month0 = divmod(day.year * 12 + day.month - 1 - months, 12)
    if year < date.min.year:
        return date.min
    back = date(year, month0 + 1, min(day.day, monthrange(year, month0 + 1)[1]))
    try:
        return back - timedelta(days=length.weeks * 7 + length.days)
    except OverflowError:
        return date.min
