"""A question at one instant: the log up to then, the flags by their event, and the debts as rules group them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import date, datetime, tzinfo

from .facts import Ask, Contact, Facts, Flag
from .words import Event


class Scene:
    """What rules look at. Made once a question; `moved` looks at the same question at a later instant."""

    __slots__ = ("_by_event", "_groups", "_log", "_times", "ask", "at", "facts", "log")

    def __init__(self, ask: Ask, facts: Facts) -> None:
        self.ask = ask
        self.facts = facts
        self._log = sorted(facts.contacts, key=_order) if len(facts.contacts) > 1 else list(facts.contacts)
        self._times = [contact.at for contact in self._log]
        self._groups = {debt.id: debt.bucket for debt in facts.debts}
        self._by_event: dict[Event, list[Flag]] = {}
        for flag in facts.flags:
            self._by_event.setdefault(flag.event, []).append(flag)
        self._look(ask.at)

    def moved(self, at: datetime) -> Scene:
        other = object.__new__(Scene)
        for name in ("ask", "facts", "_log", "_times", "_groups", "_by_event"):
            setattr(other, name, getattr(self, name))
        other._look(at)
        return other

    def _look(self, at: datetime) -> None:
        self.at = at
        self.log = self._log[: bisect_right(self._times, at)]

    def flags(self, events: Iterable[Event]) -> list[Flag]:
        by_event = self._by_event
        if not by_event:
            return []
        return [flag for event in events if event in by_event for flag in by_event[event]]

    def has_any(self, events: frozenset[Event]) -> bool:
        return not events.isdisjoint(self._by_event)

    def bucket(self, debt: str) -> str:
        return self._groups.get(debt, debt)

    def buckets(self, debts: Iterable[str]) -> set[str]:
        return {self._groups.get(debt, debt) for debt in debts}

    def covers(self, flag: Flag, debts: Iterable[str]) -> bool:
        """Whether a flag holds for at least one of some debts."""
        return not flag.debts or not self.buckets(flag.debts).isdisjoint(self.buckets(debts))

    def covers_all(self, flag: Flag, debts: Iterable[str]) -> bool:
        return not flag.debts or self.buckets(debts) <= self.buckets(flag.debts)

    def since(self, moment: datetime) -> list[Contact]:
        """The contacts of the log after an instant."""
        return self.log[bisect_right(self._times, moment, 0, len(self.log)) :]


def _order(contact: Contact) -> tuple[object, ...]:
    return contact.order


def local_day(at: datetime, zone: tzinfo) -> date:
    return at.astimezone(zone).date()
