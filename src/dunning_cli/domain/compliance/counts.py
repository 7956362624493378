"""Counts, cooldowns and spacing: how often, how soon after a conversation, how soon after the last try."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from typing import ClassVar

from ..entries import Direction, Outcome
from ..rules import Closed, Kind
from .facts import Ask, Contact, Zones, midnight
from .rule import ContactRule, Found, Which
from .scene import Scene, local_day
from .words import Effective, Event, Key


@dataclass(frozen=True, kw_only=True, slots=True)
class Window(Closed):
    """The last so many local calendar days, today being the last of them; or the calendar week from Monday on; or, with
    neither, ever."""

    days: int | None = None
    week: bool = False

    def __post_init__(self) -> None:
        if self.days is not None and (self.week or self.days < 1):
            raise ValueError("give days (one or more), or week, or neither")

    def first_out(self, at: datetime, zone: tzinfo) -> datetime | None:
        """When something that happened at an instant is no longer in the window; None: never."""
        if self.days is None and not self.week:
            return None
        day = local_day(at, zone)
        after = self.days if self.days is not None else 7 - day.weekday()
        return midnight(day + timedelta(days=after), (zone,), min)


@dataclass(frozen=True, kw_only=True, slots=True)
class Counting(ContactRule):
    """The base of the kinds that look at the log. `key` says what contacts must share to be seen together (an address
    that is not known may be the same); a number that turned out to be somebody else's drops out (`not_misdirected`)."""

    key: tuple[Key, ...] = (Key.PERSON,)
    not_misdirected: bool = False

    def _alike(self, contact: Contact, ask: Ask) -> bool:
        for key in self.key:
            match key:
                case Key.COLLECTOR:
                    if contact.by != ask.by:
                        return False
                case Key.PERSON:
                    if contact.who != ask.who:
                        return False
                case Key.ADDRESS:
                    if contact.to != ask.to and contact.to is not None and ask.to is not None:
                        return False
                case Key.CHANNEL:
                    if contact.channel is not ask.channel:
                        return False
        return True

    def _misdirected(self, scene: Scene, zones: Zones) -> set[str]:
        if not self.not_misdirected:
            return set()
        flags = scene.flags((Event.WRONG_NUMBER_LEARNED,))
        return {
            flag.to
            for flag in flags
            if flag.to and (begin := flag.begin(Effective.AT, zones, max)) is not None and begin <= scene.at
        }

    def _buckets(self, scene: Scene) -> list[str | None]:
        if Key.DEBT not in self.key:
            return [None]
        ask = scene.ask
        return list(scene.buckets(ask.debts if ask.counted_toward is None else ask.counted_toward)) or [None]

    def _counted(self, which: Which, scene: Scene, bucket: str | None, zones: Zones) -> Iterator[Contact]:
        wrong = self._misdirected(scene, zones)
        for contact in scene.log:
            if not which.fits(contact) or not self._alike(contact, scene.ask):
                continue
            if contact.to is not None and contact.to in wrong:
                continue
            if bucket is not None and bucket not in scene.buckets(self._toward(contact)):
                continue
            yield contact

    def _toward(self, contact: Contact) -> tuple[str, ...]:
        return contact.counts_toward


@dataclass(frozen=True, kw_only=True, slots=True)
class CountRule(Counting):
    """At most so many of the contacts of `counts` in a window; the one that is asked about would be one more.

    What `except` lifts is not counted either. Where the zones differ, the fullest window counts.
    """

    kind: ClassVar[Kind] = Kind.COUNT

    most: int
    window: Window = field(default_factory=Window)
    counts: Which = field(default_factory=lambda: Which(direction=Direction.OUT))

    @property
    def wakes_at(self) -> int:
        return self.most

    def finds(self, scene: Scene, zones: Zones) -> Found | None:
        ends = [end for bucket in self._buckets(scene) for end in self._full(scene, bucket, zones)]
        if not ends:
            return None
        return Found(opens=None if None in ends else max(end for end in ends if end is not None))

    def _in_count(self, scene: Scene, bucket: str | None, zones: Zones) -> list[Contact]:
        """The contacts that count; one that was made under a permission does not."""
        found = list(self._counted(self.counts, scene, bucket, zones))
        if not scene.flags([lifting.event for lifting in self.except_]):
            return found
        liftings = self.except_
        return [c for c in found if not any(each.lifted(c, bucket, scene, zones) for each in liftings)]

    def _full(self, scene: Scene, bucket: str | None, zones: Zones) -> Iterator[datetime | None]:
        """For each zone in which the window of a bucket is full: when it is no longer."""
        found = self._in_count(scene, bucket, zones)
        if len(found) < self.most:
            return
        for zone in zones or (UTC,):
            outs = [self.window.first_out(contact.at, zone) for contact in found]
            if None in outs:
                yield None
                continue
            still = sorted(out for out in outs if out is not None and out > scene.at)
            if self.most == 0:
                yield None
            elif len(still) >= self.most:
                yield still[len(still) - self.most]

    def number(self, scene: Scene, debt: str | None, zones: Zones) -> int:
        """How many contacts its window holds now, for one debt."""
        bucket = scene.bucket(debt) if debt is not None and Key.DEBT in self.key else None
        found = self._in_count(scene, bucket, zones)
        return max(
            sum(1 for contact in found if (out := self.window.first_out(contact.at, zone)) is None or out > scene.at)
            for zone in zones or (UTC,)
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class CooldownRule(Counting):
    """Silence for so many local days after a contact of `after`; its own day is the first, where `first_day_counts`.

    A permission (`except`) lets a contact pass; a conversation that it led to begins the silence all the same.
    """

    kind: ClassVar[Kind] = Kind.COOLDOWN

    after: Which = field(default_factory=lambda: Which(outcomes=(Outcome.CONVERSATION,)))
    days: int
    first_day_counts: bool = True

    def _toward(self, contact: Contact) -> tuple[str, ...]:
        return contact.touches

    @property
    def wakes_at(self) -> int:
        return 1

    def finds(self, scene: Scene, zones: Zones) -> Found | None:
        ends = [
            end
            for bucket in self._buckets(scene)
            for contact in self._counted(self.after, scene, bucket, zones)
            for zone in zones or (UTC,)
            if (end := self._end(contact, zone)) > scene.at
        ]
        return Found(opens=max(ends)) if ends else None

    def _end(self, contact: Contact, zone: tzinfo) -> datetime:
        days = self.days if self.first_day_counts else self.days + 1
        return midnight(local_day(contact.at, zone) + timedelta(days=days), (zone,), min)

    def number(self, scene: Scene, debt: str | None, zones: Zones) -> int:
        """How many such contacts still hold one debt shut."""
        bucket = scene.bucket(debt) if debt is not None and Key.DEBT in self.key else None
        found = list(self._counted(self.after, scene, bucket, zones))
        return max(sum(1 for contact in found if self._end(contact, zone) > scene.at) for zone in zones or (UTC,))


@dataclass(frozen=True, kw_only=True, slots=True)
class SpacingRule(Counting):
    """So many minutes at least between like contacts."""

    kind: ClassVar[Kind] = Kind.SPACING

    minutes: int
    after: Which = field(default_factory=lambda: Which(direction=Direction.OUT))

    @property
    def wakes_at(self) -> int:
        return 1

    def finds(self, scene: Scene, zones: Zones) -> Found | None:
        pause = timedelta(minutes=self.minutes)
        ends = [
            contact.at + pause
            for bucket in self._buckets(scene)
            for contact in self._counted(self.after, scene, bucket, zones)
            if contact.at + pause > scene.at
        ]
        return Found(opens=max(ends)) if ends else None
