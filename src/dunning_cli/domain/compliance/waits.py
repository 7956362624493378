"""Waits and plans: steps that are open only after something happened, and limits of payment plans."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import ClassVar

from ..entries import Outcome
from ..rules import Closed, Kind
from .facts import Zones, midnight
from .rule import ContactRule, Found, Which
from .scene import Scene, local_day
from .words import Action, Effective, Event, Particular, Said


@dataclass(frozen=True, kw_only=True, slots=True)
class Start(Closed):
    """From when a step is open: so many local days after an event or a contact of the log, its own day being the first;
    0 is at once. It does not count where one of `unless` (or a returned message) comes within these days."""

    event: Event | None = None
    contacts: Which | None = None
    days: int = 0
    unless: tuple[Event, ...] = ()

    def __post_init__(self) -> None:
        if (self.event is None) is (self.contacts is None):
            raise ValueError("a start is either an event or a contact")

    def begins(self, scene: Scene, zones: Zones) -> Iterator[date]:
        """The local days on which it happened; the later one where zones differ."""
        debts = scene.ask.debts
        if self.event is not None:
            for flag in scene.flags((self.event,)):
                begin = flag.begin(Effective.SENT, zones, max)
                if begin is not None and begin <= scene.at and scene.covers_all(flag, debts):
                    days = [day for zone in zones or (UTC,) if (day := flag.day(Effective.SENT, zone))]
                    yield max(days, default=date.min)
        if self.contacts is not None:
            wanted = scene.buckets(debts)
            for contact in scene.log:
                if self.contacts.fits(contact) and wanted <= scene.buckets(contact.touches):
                    yield max(local_day(contact.at, zone) for zone in zones or (UTC,))

    def opens(self, scene: Scene, zones: Zones) -> Iterator[datetime]:
        """When the step is open by it."""
        counters = [
            day
            for flag in scene.flags(self.unless)
            if (begin := flag.begin(Effective.AT, zones, min)) is not None and begin <= scene.at
            for zone in zones or (UTC,)
            if (day := flag.day(Effective.AT, zone))
        ]
        if self.unless:
            counters += [
                local_day(contact.at, zone)
                for contact in scene.log
                if contact.outcome is Outcome.RETURNED
                for zone in zones or (UTC,)
            ]
        for first in self.begins(scene, zones):
            if first == date.min:
                yield datetime.min.replace(tzinfo=UTC)
                continue
            end = first + timedelta(days=self.days)
            if not any(first <= day < end for day in counters):
                yield midnight(end, zones, max) if self.days else datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class WaitRule(ContactRule):
    """A step that is open only from one of `starts` on, only while each of `needs` holds, and none of `none_of`."""

    kind: ClassVar[Kind] = Kind.WAIT

    starts: tuple[Start, ...] = ()
    needs: tuple[Event, ...] = ()
    none_of: tuple[Event, ...] = ()

    def __post_init__(self) -> None:
        ContactRule.__post_init__(self)
        if not (self.starts or self.needs or self.none_of):
            raise ValueError("waits for nothing: give starts, needs or none_of")

    def finds(self, scene: Scene, zones: Zones) -> Found | None:
        if any(self._holds(event, scene, zones) for event in self.none_of):
            return Found()
        lacks = tuple(str(event) for event in self.needs if not self._holds(event, scene, zones))
        if lacks:
            return Found(lacks=lacks)
        if not self.starts:
            return None
        opens = min((moment for start in self.starts for moment in start.opens(scene, zones)), default=None)
        return None if opens is not None and opens <= scene.at else Found(opens=opens)

    def _holds(self, event: Event, scene: Scene, zones: Zones) -> bool:
        for flag in scene.flags((event,)):
            begin = flag.begin(Effective.AT, zones, max)
            live = begin is not None and begin <= scene.at < flag.end(zones, min)
            if flag.media and scene.ask.channel not in flag.media:
                continue
            if live and (not flag.debts or scene.covers(flag, scene.ask.debts)):
                return True
        return False


@dataclass(frozen=True, kw_only=True, slots=True)
class PlanRule(ContactRule):
    """How long a payment plan may run, and what it must contain."""

    kind: ClassVar[Kind] = Kind.PLAN

    actions: tuple[Action, ...] = (Action.PLAN,)
    most_months: int | None = None
    fields: tuple[Particular, ...] = ()

    def finds(self, scene: Scene, zones: Zones) -> Found | None:
        ask = scene.ask
        months = ask.said.get(Said.MONTHS)
        if self.most_months is not None and isinstance(months, int) and months > self.most_months:
            return Found()
        if not self.fields:
            return None
        if ask.fields is None:
            return Found(unknown=True, missing=("fields",))
        lacks = tuple(str(name) for name in self.fields if name not in ask.fields)
        return Found(lacks=lacks) if lacks else None
