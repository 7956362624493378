"""Hours: windows of the day in which contact is open or shut, by law or because the debtor said so."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import ClassVar

from ..rules import Closed, Kind
from .facts import Flag, Zones, in_window
from .rule import ContactRule, Found
from .scene import Scene
from .words import Effective, Event, Weekday

_AHEAD = 9
"""How many days ahead a boundary is sought: every weekday comes once, with a day before and after it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Window(Closed):
    """From an hour (inside) to an hour (outside), local time. One that ends before it starts runs past midnight."""

    from_: time
    to: time
    weekdays: tuple[Weekday, ...] = ()

    def holds(self, local: datetime) -> bool:
        return in_window(local, self.from_, self.to, self.weekdays)


@dataclass(frozen=True, kw_only=True, slots=True)
class HoursRule(ContactRule):
    """Contact only inside one of `allow`, never inside one of `forbid`, never at the times of the debtor's own
    `designated` flags. A message counts when it is sent. Where the debtor may be in several zones, in each of them."""

    kind: ClassVar[Kind] = Kind.HOURS

    allow: tuple[Window, ...] = ()
    forbid: tuple[Window, ...] = ()
    designated: tuple[Event, ...] = ()

    def __post_init__(self) -> None:
        ContactRule.__post_init__(self)
        if not (self.allow or self.forbid or self.designated):
            raise ValueError("says no hours: give allow, forbid or designated")

    @property
    def wakes_on(self) -> tuple[Event, ...]:
        return () if self.allow or self.forbid else self.designated

    def finds(self, scene: Scene, zones: Zones) -> Found | None:
        if not zones:
            if self.allow or self.forbid or scene.flags(self.designated):
                return Found(missing=("debtor_timezones",))
            return None
        if not self._shut(scene, scene.at, zones):
            return None
        return Found(opens=self._opens(scene, zones))

    def _shut(self, scene: Scene, at: datetime, zones: Zones) -> bool:
        said = [flag for flag in scene.flags(self.designated) if self._says(flag, scene, at, zones)]
        for zone in zones:
            local = at.astimezone(zone)
            if self.allow and not any(window.holds(local) for window in self.allow):
                return True
            if any(window.holds(local) for window in self.forbid):
                return True
            if any(flag.within_hours(local) for flag in said):
                return True
        return False

    def _says(self, flag: Flag, scene: Scene, at: datetime, zones: Zones) -> bool:
        """Whether a wish of the debtor's stands for this contact at an instant."""
        ask = scene.ask
        if flag.media and ask.channel not in flag.media:
            return False
        if flag.place is not None and flag.place != ask.place:
            return False
        if flag.to is not None and flag.to != ask.to:
            return False
        if flag.who is not None and flag.who != ask.who:
            return False
        if flag.debts and ask.debts and not scene.covers(flag, ask.debts):
            return False
        begin = flag.begin(Effective.AT, zones, min)
        return begin is not None and begin <= at < flag.end(zones, max)

    def _open(self, scene: Scene, at: datetime, zones: Zones) -> bool:
        if not self._shut(scene, at, zones):
            return True
        there = scene.moved(at)
        return any(lifting.lifts(there, zones) for lifting in self.except_)

    def _opens(self, scene: Scene, zones: Zones) -> datetime:
        """The next instant at which the hours are open, or, where none comes soon, one up to which they are not."""
        before = scene.at
        soon = scene.at + timedelta(days=1)
        for days in (3, _AHEAD):  # most hours open within a day: the near boundaries first
            for moment in sorted(set(self._boundaries(scene, zones, days))):
                if moment <= before or (days < _AHEAD and moment > soon):
                    continue
                if self._open(scene, moment, zones):
                    return self._first_open(scene, before, moment, zones)
                before = moment
        return scene.at + timedelta(days=_AHEAD - 2)

    def _first_open(self, scene: Scene, shut: datetime, open_: datetime, zones: Zones) -> datetime:
        """A boundary falls into an hour that a change of clocks skips: then the hours open at the change already."""
        if not self._open(scene, open_ - timedelta(microseconds=1), zones):
            return open_
        step = timedelta(seconds=1)
        while open_ - shut > step:
            middle = shut + (open_ - shut) // 2
            middle = middle.replace(microsecond=0)
            if middle <= shut:
                break
            if self._open(scene, middle, zones):
                open_ = middle
            else:
                shut = middle
        return open_

    def _boundaries(self, scene: Scene, zones: Zones, days: int) -> Iterator[datetime]:
        """The instants of some days at which a window of any kind begins or ends."""
        hours = {time()}
        hours.update(hour for window in (*self.allow, *self.forbid) for hour in (window.from_, window.to))
        liftings = tuple(lifting.event for lifting in self.except_)
        for flag in scene.flags((*self.designated, *liftings)):
            hours.update(hour for hour in (flag.from_, flag.to_) if hour is not None)
        for zone in zones:
            first = scene.at.astimezone(zone).date()
            for ahead in range(days):
                for hour in hours:
                    yield from _moments(datetime.combine(first + timedelta(days=ahead), hour), zone)

    def same_stop(self, scene: Scene, earlier: datetime, zones: Zones) -> bool:
        """Whether the hours have been shut without a break since the debtor wrote."""
        if not self._shut(scene, earlier, zones):
            return False
        return self._opens(scene.moved(earlier), zones) > scene.at


def _moments(wall: datetime, zone: tzinfo) -> Iterator[datetime]:
    """The instants at which clocks show a time: two where they are put back."""
    for fold in (0, 1):
        yield wall.replace(tzinfo=zone, fold=fold).astimezone(UTC)
