"""Limitation: until when a claim can be pursued, and what stops, restarts or outlives the period.

Events may be told in any order; they are judged in the order of their days. An event after the end of the period
restarts nothing: then the debtor has the defence, unless a rule says that the event gives it up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import ClassVar, Final, NamedTuple

from .calendars import Calendars, Length, RestDays, Shift, end_of, not_before, rolled, shifted
from .deadlines import unsure
from .given import Condition, Event, Given
from .rules import Closed, Kind, Pack, Rule

_DAY: Final = timedelta(days=1)
_NONE: Final = Length()
INFERRED: Final = "inferred"  # marks an event that follows from the journal of a case, and was not recorded as such


class Effect(StrEnum):
    """What the end of the period does."""

    DEFENCE = "defence"  # the debt remains, and the debtor may refuse to pay it
    EXTINGUISHED = "extinguished"  # the debt is gone
    NO_ENFORCEMENT = "no_enforcement"  # a judgment can no longer be enforced against the debtor's will


class Restart(StrEnum):
    """From when the period runs anew."""

    EVENT = "event"
    PROCEEDING_END = "proceeding_end"


class Mode(StrEnum):
    """What a suspension does: its days are not counted, or the period cannot end until some time after it."""

    ADDED = "added"
    HELD_OPEN = "held_open"


@dataclass(frozen=True, kw_only=True, slots=True)
class Start(Closed):
    """From when the period runs: the latest of the facts that are known; it is used if one of them is, and all `needs`.

    `shift`: it begins at the end of that year.
    """

    latest_of: tuple[str, ...]
    needs: tuple[str, ...] = ()
    shift: Shift | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class LongStop(Closed):
    """A limit from another day. `absolute`: no event moves it; else it binds only the first run of the period."""

    length: Length
    latest_of: tuple[str, ...]
    absolute: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Interruption(Closed):
    """Events that restart the period, or give up the defence.

    The event's day is the first of the words `day` that it has (`arrived`, `at`); the words `or_day` are looked at only
    where none of `unless` (`returned`) is among its facts. Where a proceeding ends is the first of the words `ends` of
    the event, else the fact of that name.
    """

    events: tuple[str, ...]
    day: tuple[str, ...] = ("at",)
    or_day: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    restart: Restart = Restart.EVENT
    ends: tuple[str, ...] = ("ended", "proceeding_ended")

    def day_of(self, event: Event) -> date | None:
        """When it took effect; None where it did not, or nothing proves it."""
        if event.type not in self.events:
            return None
        if (day := event.day(self.day)) is not None:
            return day
        return None if any(event.has(word) for word in self.unless) else event.day(self.or_day)


@dataclass(frozen=True, kw_only=True, slots=True)
class Suspension(Closed):
    """What suspends the period: from a fact, or from events of these types, to its end and `plus` beyond it.

    added: the days are not counted; `at_least` is the shortest time that is left after the end. held_open: an obstacle
    within the last part of the period, `within`, keeps it open until `plus` after the obstacle. `at_most` is the
    longest that it lasts, counted from the fact `at_most_from`, else from its beginning.
    """

    mode: Mode = Mode.ADDED
    facts: tuple[str, ...] = ()
    events: tuple[str, ...] = ()
    from_: tuple[str, ...] = ("from_", "from", "at")
    until: tuple[str, ...] = ("ended", "until", "to_")
    plus: Length = _NONE
    at_least: Length = _NONE
    within: Length = _NONE
    at_most: Length = _NONE
    at_most_from: str = ""

    def __post_init__(self) -> None:
        if not (self.facts or self.events):
            raise ValueError("a suspension needs facts or events")


@dataclass(frozen=True, kw_only=True, slots=True)
class LimitationRule(Rule):
    """A rule of limitation.

    `measures` are the questions it answers, `suspension_measure` the one that asks how long it is suspended. `ignored`
    are events that are known to do nothing, so that they are no cause for a warning.
    """

    kind: ClassVar[Kind] = Kind.LIMITATION

    measures: tuple[str, ...]
    suspension_measure: str = ""
    when: tuple[Condition, ...] = ()
    start: tuple[Start, ...]
    length: Length
    first_day_counts: bool = False
    roll: RestDays | None = None
    rolled_as: str = ""
    long_stops: tuple[LongStop, ...] = ()
    interrupted_by: tuple[Interruption, ...] = ()
    suspended_by: tuple[Suspension, ...] = ()
    waived_by: tuple[Interruption, ...] = ()
    ignored: tuple[str, ...] = ()
    effect: Effect = Effect.DEFENCE

    def __post_init__(self) -> None:
        Rule.__post_init__(self)
        if not self.measures or not self.start:
            raise ValueError("a limitation needs measures and start")
        if not self.length:
            raise ValueError("length: a period is longer than nothing")

    @property
    def facts(self) -> frozenset[str]:
        """The facts that its period can start from."""
        return frozenset(name for each in self.start for name in each.latest_of)

    @property
    def rolled_key(self) -> str:
        return self.rolled_as or "date_after_rest_days"


class Period(NamedTuple):
    """A period of limitation as it stands after all events.

    `begins` is the day it was last counted from, `end` its last day, `rolled` the last day after rest days.
    `suspended_until` is the last day of the latest suspension that took effect, or None.
    """

    rule: LimitationRule
    begins: date
    end: date
    rolled: date
    suspended_until: date | None
    restarted_by: tuple[tuple[str, date], ...] = ()
    waived: bool = False
    warnings: tuple[str, ...] = ()


class _Span(NamedTuple):
    """A suspension: both days belong to it; `open`: its end is not known, and it is taken as short as can be."""

    first: date
    last: date
    of: Suspension
    open: bool


class _Mark(NamedTuple):
    """An event that restarts the period, if it is in time, or waives the defence, if it is late."""

    day: date
    again: date
    waives: bool
    type: str


def start_of(rule: LimitationRule, given: Given) -> date | None:
    """From when the period runs; None where no fact says it."""
    for each in rule.start:
        if all(given.has(name) for name in each.needs) and (day := given.latest(each.latest_of)):
            return shifted(day, each.shift)
    return None


def period(rule: LimitationRule, given: Given, calendars: Calendars) -> Period | None:
    """The period under a rule; None where no fact says when it starts."""
    start = start_of(rule, given)
    if start is None:
        return None
    calendar = calendars(rule.roll) if rule.roll else None
    warnings = list(_not_understood(rule, given))
    spans = sorted(_spans(rule, given, warnings), key=lambda span: (span.first, span.last))
    stops = [(stop, _stop(stop, given)) for stop in rule.long_stops]

    def last_day(begins: date, *, anew: bool) -> tuple[date, date, date | None]:
        """The end of a run, the same after rest days, and until when it was suspended."""
        counted = end_of(begins, rule.length, calendars, first_counts=rule.first_day_counts)
        relative = [day for stop, day in stops if day and not stop.absolute and not anew]
        end, until = _suspended(begins, min([counted, *relative]), spans)
        end = min([end, *(day for stop, day in stops if day and stop.absolute)])
        return end, rolled(end, calendar) if calendar else end, until

    begins, (end, after, until) = start, last_day(start, anew=False)
    restarted: list[tuple[str, date]] = []
    waived = False
    for mark in sorted(_marks(rule, given, warnings)):
        if mark.day < begins or mark.waives is (mark.day <= after):
            continue
        begins = max(begins, mark.again)
        end, after, until = last_day(begins, anew=True)
        restarted.append((mark.type, mark.day))
        waived = waived or mark.waives
    if calendar:
        warnings += unsure(calendar, end, after)
    said = tuple(dict.fromkeys(warnings))
    return Period(rule, begins, end, after, until, tuple(restarted), waived, said)


def _stop(stop: LongStop, given: Given) -> date | None:
    day = given.latest(stop.latest_of)
    return end_of(day, stop.length) if day else None


# --- what restarts it -------------------------------------------------------------------------------------------------


def _marks(rule: LimitationRule, given: Given, warnings: list[str]) -> Iterator[_Mark]:
    for event in given.events():
        for waives, items in ((False, rule.interrupted_by), (True, rule.waived_by)):
            for each in items:
                # That a debtor gave up the defence is recorded by a person, never inferred.
                if waives and event.has(INFERRED):
                    continue
                if day := each.day_of(event):
                    yield _Mark(day, _again(each, event, day, given, warnings), waives, event.type)


def _again(each: Interruption, event: Event, day: date, given: Given, warnings: list[str]) -> date:
    """From when it runs anew."""
    if each.restart is Restart.EVENT:
        return day
    ended = event.day(each.ends) or given.first(each.ends)
    if ended is None:
        warnings.append(f"the end of the proceeding '{event.type}' is not known; counted from {day}, the earliest")
    return max(day, ended or day)


def _not_understood(rule: LimitationRule, given: Given) -> Iterator[str]:
    """Events that the rule has no word for, and those that prove nothing."""
    items = (*rule.interrupted_by, *rule.waived_by)
    known = {*(word for each in items for word in each.events), *rule.ignored}
    known |= {word for span in rule.suspended_by for word in span.events}
    for event in given.events():
        if event.type not in known:
            yield f"the event '{event.type}' is not known to {rule.id} and changes nothing"
        elif any(event.type in each.events for each in items) and not any(each.day_of(event) for each in items):
            yield f"the event '{event.type}' has no proven day and changes nothing"


# --- what suspends it -------------------------------------------------------------------------------------------------


def _spans(rule: LimitationRule, given: Given, warnings: list[str]) -> Iterator[_Span]:
    for each in rule.suspended_by:
        if first := given.first(each.facts):
            yield _span(each, first, given.first(each.until), given, warnings)
        for event in given.events():
            if event.type in each.events and (first := event.day(each.from_)):
                yield _span(each, first, event.day(each.until), given, warnings)


def _span(each: Suspension, first: date, last: date | None, given: Given, warnings: list[str]) -> _Span:
    limit = None
    if each.at_most:
        limit = end_of((given.day(each.at_most_from) if each.at_most_from else None) or first, each.at_most)
    if last is None and limit is None:
        warnings.append(f"the end of the suspension of {first} is not known; it is taken as short as can be")
    until = end_of(max(first, last or limit or first), each.plus)
    return _Span(first, min(until, limit) if limit else until, each, last is None and limit is None)


def _suspended(begins: date, end: date, spans: Iterable[_Span]) -> tuple[date, date | None]:
    """The end of a run after its suspensions, which are in the order of their days, and the last day of these."""
    until: date | None = None
    covered = begins  # up to here, days are either before the run or suspended already
    for span in spans:
        if span.last <= begins or span.first > end:
            continue
        if span.of.mode is Mode.HELD_OPEN:
            # The obstacle itself is over `plus` before the span is; it counts if it reaches into the last stretch.
            if end_of(not_before(end, span.of.within), span.of.plus) < span.last:
                end = max(end, span.last)
                until = max(until or span.last, span.last)
            continue
        first = max(span.first, covered + _DAY)
        if first <= span.last:
            end = _later(end, (span.last - first).days + 1)
            covered = span.last
        if span.of.at_least:
            end = max(end, end_of(span.last, span.of.at_least))
        until = max(until or span.last, span.last)
    return end, until


def _later(day: date, count: int) -> date:
    try:
        return day + timedelta(days=count)
    except OverflowError:
        return date.max


# --- which rule -------------------------------------------------------------------------------------------------------


def fitting(pack: Pack, given: Given, day: date | None = None) -> Iterator[LimitationRule]:
    """The rules of limitation of a pack that speak about these facts."""
    return (rule for rule in pack.rules_of(LimitationRule, day) if given.fits(rule, rule.when))


def chosen(rules: Iterable[LimitationRule], given: Given, calendars: Calendars) -> Period | None:
    """The period that counts where several rules speak: the one with more conditions; of equals the first to end."""
    found = [each for rule in rules if (each := period(rule, given, calendars))]
    return min(found, key=lambda each: (-len(each.rule.when) - len(each.rule.applies), each.end), default=None)
