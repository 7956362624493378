"""Gates: while something holds (a cease notice, a moratorium, a plan that is kept), contacts or steps are closed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import ClassVar

from ..entries import Direction
from ..rules import Closed, Kind
from .facts import Flag, Zones, midnight
from .rule import ContactRule, Found, earliest
from .scene import Scene
from .words import WEEKDAYS, Action, Aim, Effective, Event, Scope, Weekday


@dataclass(frozen=True, kw_only=True, slots=True)
class Within(Closed):
    """The gate opens only by what comes within a period: so many days after another event was received.

    What was sent counts as received after `receipt_days`, on which neither the weekdays of `skip` nor `skip_days` fall;
    what was handed over (the modes of `at_once`) on its own day. Without such an event the period has no end yet.
    """

    event: Event
    days: int
    receipt_days: int = 0
    at_once: tuple[str, ...] = ()
    skip: tuple[Weekday, ...] = ()
    skip_days: tuple[date, ...] = ()

    def last_day(self, scene: Scene, zones: Zones, debts: tuple[str, ...]) -> date | None:
        starts = [
            (day, flag.mode in self.at_once)
            for flag in scene.flags((self.event,))
            if not debts or scene.covers(flag, debts)
            for zone in zones
            if (day := flag.day(Effective.SENT, zone))
        ]
        return max((self._last(day, at_once) for day, at_once in starts), default=None)

    def _last(self, day: date, at_once: bool) -> date:
        left = 0 if at_once else self.receipt_days
        while left:
            day += timedelta(days=1)
            left -= WEEKDAYS[day.weekday()] not in self.skip and day not in self.skip_days
        return day + timedelta(days=self.days)


@dataclass(frozen=True, kw_only=True, slots=True)
class Opening(Closed):
    """What shuts the way. `statuses` and `kinds`: only flags that say one of them; one that says none counts as well,
    unless `stated`. `in_writing`: what is known to be oral does not count (true), or only that does (false).
    `together_with`: only while one of these holds as well."""

    events: tuple[Event, ...]
    effective: Effective = Effective.AT
    statuses: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    stated: bool = False
    in_writing: bool | None = None
    within: Within | None = None
    together_with: tuple[Event, ...] = ()

    def fits(self, flag: Flag) -> bool:
        if self.in_writing is True and flag.in_writing is False:
            return False
        if self.in_writing is False and flag.in_writing is not False:
            return False
        return self._says(flag.status, self.statuses) and self._says(flag.kind, self.kinds)

    def _says(self, word: str | None, wanted: tuple[str, ...]) -> bool:
        if not wanted:
            return True
        return not self.stated if word is None else word in wanted


@dataclass(frozen=True, kw_only=True, slots=True)
class Lasts(Closed):
    """How long: `days` local days, the first being that of the opening or the next one; not before `after_days` days.

    `from_treatment_end`: the days are counted from the end of the treatment that the flag names, and until it is named
    there is no end.
    """

    days: int
    first_day_counts: bool = False
    after_days: int = 0
    from_treatment_end: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class GateRule(ContactRule):
    """Shut while what `opens` it holds: until one of `closes` happens for the same debts or medium, until its time is
    over, or until the flag itself ends. `once` are purposes that pass a single time after the opening."""

    kind: ClassVar[Kind] = Kind.GATE

    opens: Opening
    closes: tuple[Event, ...] = ()
    closes_after: Effective = Effective.AT
    lasts: Lasts | None = None
    scope: Scope = Scope.PERSON
    once: tuple[Aim, ...] = ()

    @property
    def wakes_on(self) -> tuple[Event, ...]:
        return self.opens.events

    def finds(self, scene: Scene, zones: Zones) -> Found | None:
        ends: list[datetime] = []
        for flag in scene.flags(self.opens.events):
            begin = flag.begin(self.opens.effective, zones, min)
            if begin is None or begin > scene.at or not self.opens.fits(flag) or not self._holds_for(scene, flag):
                continue
            span = self._span(flag, begin, zones)
            if not span[0] <= scene.at < span[1]:
                continue
            if self.opens.together_with and not self._together(scene, zones):
                continue
            if self.opens.within and not self._timely(scene, flag, zones):
                continue
            if self._closed(scene, flag, begin, zones) or self._passes_once(scene, begin):
                continue
            ends.append(span[1])
        if not ends:
            return None
        return Found(opens=earliest([max(ends)]))

    def _span(self, flag: Flag, begin: datetime, zones: Zones) -> tuple[datetime, datetime]:
        """From when to when a flag shuts the gate."""
        end = flag.end(zones, max)
        if self.lasts is None:
            return begin, end
        start = flag
        if self.lasts.from_treatment_end:
            if flag.treatment_ended is None:
                return begin, end
            start = Flag(event=flag.event, at=flag.treatment_ended)
        days = [day for zone in zones if (day := start.day(self.opens.effective, zone))]
        if not days:
            return begin, end
        shift = 0 if self.lasts.first_day_counts else 1
        after, days_ = self.lasts.after_days, self.lasts.days
        first = midnight(min(days) + timedelta(days=after + shift), zones, min) if after else begin
        return first, min(end, midnight(max(days) + timedelta(days=after + days_ + shift), zones, max))

    def _holds_for(self, scene: Scene, flag: Flag) -> bool:
        ask = scene.ask
        match self.scope:
            case Scope.MEDIUM:
                if flag.to is not None and ask.to != flag.to:
                    return False
                if flag.to is None and not flag.media:
                    return False
                return (not flag.media or ask.channel in flag.media) and (flag.who or "debtor") == ask.who
            case Scope.PLACE:
                return ask.place is not None and ask.place == flag.place and flag.who in (None, ask.who)
            case Scope.PARTY:
                return (flag.who or "debtor") == ask.who
            case Scope.DEBT:
                return not flag.debts or not ask.debts or scene.covers(flag, ask.debts)
            case _:
                return True

    def _closed(self, scene: Scene, flag: Flag, begin: datetime, zones: Zones) -> bool:
        open_ = scene.buckets(scene.ask.debts)
        if flag.debts:
            open_ &= scene.buckets(flag.debts)
        for closing in scene.flags(self.closes):
            moment = closing.begin(self.closes_after, zones, max)
            if moment is None or not begin <= moment <= scene.at:
                continue
            if closing.media and not set(flag.media) <= set(closing.media):
                continue
            if closing.to is not None and closing.to not in (flag.to, scene.ask.to):
                continue
            if (closing.who or "debtor") != (flag.who or "debtor"):  # nobody takes back what somebody else said
                continue
            if not closing.debts:
                return True
            open_ -= scene.buckets(closing.debts)
            if not open_:
                return True
        return False

    def _passes_once(self, scene: Scene, begin: datetime) -> bool:
        ask = scene.ask
        if not self.once or ask.action is not Action.CONTACT or not all(aim in self.once for aim in ask.meant):
            return False
        return not any(
            contact.direction is Direction.OUT and contact.aims and all(aim in self.once for aim in contact.aims)
            for contact in scene.since(begin)
        )

    def _together(self, scene: Scene, zones: Zones) -> bool:
        for flag in scene.flags(self.opens.together_with):
            begin = flag.begin(Effective.AT, zones, min)
            live = begin is not None and begin <= scene.at < flag.end(zones, max)
            if live and (not scene.ask.debts or scene.covers(flag, scene.ask.debts)):
                return True
        return False

    def _timely(self, scene: Scene, flag: Flag, zones: Zones) -> bool:
        within = self.opens.within
        last = within.last_day(scene, zones, flag.debts) if within else None
        if last is None:
            return True
        came = [day for zone in zones if (day := flag.day(self.opens.effective, zone))]
        return not came or min(came) <= last
