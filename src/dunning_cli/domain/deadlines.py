"""Deadlines: days that follow from an event by counting. One rule may give several days, each from the one before."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import ClassVar, NamedTuple

from .calendars import Calendar, Calendars, Length, RestDays, Shift, end_of, rolled, shifted
from .given import Condition, Given
from .rules import Closed, Kind, Pack, Rule, Text


class Choose(StrEnum):
    """Which rule of a question counts where several give a day."""

    EARLIEST = "earliest"
    LATEST = "latest"


@dataclass(frozen=True, kw_only=True, slots=True)
class Dated(Closed):
    """A day of an answer, by its key.

    It is counted from the latest of the facts (or earlier keys of the same rule) that are known; those under `needs`
    must all be. It does not arise unless its start is later than the day `later_than`. `add` lists lengths, one after
    the other. `means` says what the day is. A case is warned before it passes, unless `warn` is false: nothing is lost
    on the first day of something.
    """

    key: str
    latest_of: tuple[str, ...]
    needs: tuple[str, ...] = ()
    later_than: str = ""
    shift: Shift | None = None
    add: tuple[Length, ...] = ()
    first_day_counts: bool = False
    rolls: bool = True
    warn: bool = True
    means: Text

    def __post_init__(self) -> None:
        if not self.latest_of:
            raise ValueError("latest_of: a day is counted from something")


@dataclass(frozen=True, kw_only=True, slots=True)
class Counted(Closed):
    """The number of days from one key to another, both counted; 0 where the second is not after the first."""

    key: str
    from_: str
    to: str


@dataclass(frozen=True, kw_only=True, slots=True)
class DeadlineRule(Rule):
    """A rule about days.

    `measure` is the question it answers. With `roll`, a day that falls on a rest day is answered twice: as counted,
    and as the next working day, under the key with `_after_rest_days` behind it, or under `rolled_as`.
    """

    kind: ClassVar[Kind] = Kind.DEADLINE

    measure: str
    when: tuple[Condition, ...] = ()
    choose: Choose = Choose.EARLIEST
    dates: tuple[Dated, ...]
    days: tuple[Counted, ...] = ()
    roll: RestDays | None = None
    rolled_as: str = ""

    def __post_init__(self) -> None:
        # `super()` has no class to start from where slots made the dataclass anew.
        Rule.__post_init__(self)
        keys = [each.key for each in self.dates]
        if not keys:
            raise ValueError("dates: a deadline needs at least one day")
        if len(set(keys)) < len(keys):
            raise ValueError("dates: a key stands there twice")
        if unknown := [name for each in self.days for name in (each.from_, each.to) if name not in keys]:
            raise ValueError(f"days: '{unknown[0]}' is no key of this rule")
        if self.rolled_as and (len(keys) > 1 or not self.roll):
            raise ValueError("rolled_as: for a rule of one day, with roll")

    @property
    def facts(self) -> frozenset[str]:
        """The facts that it counts from."""
        keys = {each.key for each in self.dates}
        return frozenset(name for each in self.dates for name in (*each.latest_of, *each.needs)) - keys

    def rolled_key(self, key: str) -> str:
        return self.rolled_as or f"{key}_after_rest_days"


class Found(NamedTuple):
    """What a rule says of some facts: days by their key (None: it does not arise, or a fact is missing)."""

    rule: DeadlineRule
    dates: Mapping[str, date | None]
    rolled: Mapping[str, date]
    days: Mapping[str, int | None]
    warnings: tuple[str, ...] = ()

    @property
    def last(self) -> date | None:
        """The last day that the rule gives; by it rules of one question are compared."""
        return next((day for day in reversed([*self.dates.values()]) if day), None)


@dataclass(slots=True)
class _Counting:
    """The days of one rule as they are found one after the other; `roll` for those after rest days."""

    given: Given
    calendars: Calendars
    roll: Calendar | None = None
    dates: dict[str, date | None] = field(default_factory=dict)

    def day(self, name: str) -> date | None:
        return self.dates[name] if name in self.dates else self.given.day(name)

    def add(self, each: Dated) -> None:
        day = _dated(each, self)
        self.dates[each.key] = rolled(day, self.roll) if day and self.roll and each.rolls else day


def found(rule: DeadlineRule, given: Given, calendars: Calendars) -> Found:
    """The days that a rule gives."""
    plain, rolling = _Counting(given, calendars), _Counting(given, calendars, calendars(rule.roll or RestDays()))
    for each in rule.dates:
        plain.add(each)
        rolling.add(each)
    dates = plain.dates
    rolls = {key: day for key, day in rolling.dates.items() if day} if rule.roll else {}
    days = {count.key: _number(count, dates) for count in rule.days}
    for count in rule.days:
        if days[count.key] == 0:
            dates |= {count.from_: None, count.to: None}
    return Found(rule, dates, rolls, days, tuple(dict.fromkeys(_unsure(rule, plain, rolls))))


def _unsure(rule: DeadlineRule, plain: _Counting, rolls: Mapping[str, date]) -> Iterator[str]:
    if rule.roll:
        calendar = plain.calendars(rule.roll)
        yield from (said for key in rolls for said in unsure(calendar, plain.dates[key] or rolls[key], rolls[key]))
    for each in rule.dates:
        end = plain.dates[each.key]
        for length in each.add:
            if length.skip and end:
                yield from unsure(plain.calendars(length.skip), end)


def unsure(calendar: Calendar, *days: date) -> Iterator[str]:
    """What to say of days whose year the calendar does not know in full."""
    for year in sorted({day.year for day in days}):
        if not calendar.knows(year):
            yield f"the rest days of {year} are not known in full; rely on the earlier day"


def _dated(each: Dated, counting: _Counting) -> date | None:
    if any(counting.day(name) is None for name in each.needs):
        return None
    known = [day for name in each.latest_of if (day := counting.day(name))]
    if not known:
        return None
    start = max(known)
    if each.later_than and (bound := counting.day(each.later_than)) and start <= bound:
        return None
    day = shifted(start, each.shift)
    for number, length in enumerate(each.add):
        day = end_of(day, length, counting.calendars, first_counts=each.first_day_counts and number == 0)
    return day


def _number(each: Counted, dates: Mapping[str, date | None]) -> int | None:
    first, last = dates[each.from_], dates[each.to]
    return None if first is None or last is None else max(0, (last - first).days + 1)


def answers(rules: Iterable[DeadlineRule], given: Given, calendars: Calendars) -> list[Found]:
    """What rules of one question say, the one that counts first. Those that find no day are left out."""
    said = [each for rule in rules if (each := found(rule, given, calendars)).last]
    sign = -1 if any(each.rule.choose is Choose.LATEST for each in said) else 1
    return sorted(said, key=lambda each: sign * (each.last or date.max).toordinal())


def fitting(pack: Pack, given: Given, day: date | None = None) -> Iterator[DeadlineRule]:
    """The deadlines of a pack that speak about these facts."""
    return (rule for rule in pack.rules_of(DeadlineRule, day) if given.fits(rule, rule.when))
