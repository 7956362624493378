"""Days: what is today, how long overdue, ageing buckets, and dates a month apart."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from enum import StrEnum
from functools import lru_cache
from typing import Final


class Clock(StrEnum):
    """Where "now" came from: the machine, or a person who set it with --now."""

    SYSTEM = "system"
    SET = "set"


@dataclass(frozen=True, slots=True)
class Now:
    """The moment of a command, read once at the edge: the instant, the creditor's zone, and who acts.

    `today` is the instant's date in the creditor's zone; it governs every rule that counts days.
    """

    instant: datetime
    zone: tzinfo
    actor: str
    clock: Clock = Clock.SYSTEM
    today: date = field(init=False)

    def __post_init__(self) -> None:
        if self.instant.tzinfo is None:
            raise ValueError("an instant needs an offset")
        object.__setattr__(self, "today", self.instant.astimezone(self.zone).date())

    def later(self, days: int) -> Now:
        """The same hour so many days later."""
        return Now(self.instant + timedelta(days=days), self.zone, self.actor, self.clock)

    def day_of(self, at: date | datetime) -> date:
        """The day in the creditor's zone on which something took effect."""
        return at.astimezone(self.zone).date() if isinstance(at, datetime) else at


class Every(StrEnum):
    """How far apart installments are."""

    MONTH = "month"
    WEEK = "week"
    TWO_WEEKS = "2weeks"


@lru_cache(maxsize=64)  # all that a batch writes was recorded at one instant
def utc_text(instant: datetime) -> str:
    """An instant as the journal writes it: UTC, microseconds, `Z`; as text it sorts as time does."""
    return instant.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def add_months(start: date, months: int) -> date:
    """The same day of a later month, or that month's last day: 31 January + 1 month is 28 or 29 February."""
    year, month0 = divmod(start.year * 12 + start.month - 1 + months, 12)
    return date(year, month0 + 1, min(start.day, monthrange(year, month0 + 1)[1]))


def days_after(day: date, count: int) -> date:
    """So many days later; the last day of the calendar where there are no more."""
    try:
        return day + timedelta(days=count)
    except OverflowError:
        return date.max


def step(first: date, every: Every, number: int) -> date:
    """The day of installment `number` (0 is the first). Months count from `first`, so the 31st comes back in March."""
    if every is Every.MONTH:
        return add_months(first, number)
    return first + timedelta(days=number * (7 if every is Every.WEEK else 14))


BUCKETS: Final = ("current", "M1", "M2", "M3", "M4", "M5", "M6", "M7+")  # from the youngest to the oldest


def bucket(days_overdue: int) -> str:
    """The ageing bucket: `current`, M1 (1-30 days), M2 (31-60) ... M6 (151-180), M7+."""
    if days_overdue <= 0:
        return "current"
    months = (days_overdue - 1) // 30 + 1
    return f"M{months}" if months <= 6 else "M7+"
