"""Parties: who may be contacted about a debt, and who only under conditions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..entries import Channel, Direction, Outcome
from ..rules import Closed, Kind
from .facts import Zones
from .rule import ContactRule, Found
from .scene import Scene
from .words import Aim, Effective, Event, Party, Said


@dataclass(frozen=True, kw_only=True, slots=True)
class Failures(Closed):
    """So many tries in a row to reach the debtor that failed, with nothing heard of them since."""

    count: int
    outcomes: tuple[Outcome, ...]
    channels: tuple[Channel, ...] = ()

    def happened(self, scene: Scene) -> bool:
        seen = 0
        for contact in reversed(scene.log):
            if contact.party is not Party.DEBTOR:
                continue
            if contact.direction is Direction.IN or contact.outcome is Outcome.CONVERSATION:
                return False
            if self.channels and contact.channel not in self.channels:
                continue
            if contact.outcome not in self.outcomes:
                return False
            seen += 1
            if seen >= self.count:
                return True
        return False


@dataclass(frozen=True, kw_only=True, slots=True)
class Condition(Closed):
    """Parties who may be contacted when one of the flags of `needs_any` holds, or the failures happened (with neither
    word: always), for these purposes only, and without telling of the debt where `discloses_debt` is false; `stated`:
    the question has to say so."""

    parties: tuple[Party, ...]
    needs_any: tuple[Event, ...] = ()
    failures: Failures | None = None
    purposes: tuple[Aim, ...] = ()
    discloses_debt: bool = True
    stated: bool = False

    def met(self, scene: Scene, zones: Zones) -> bool:
        ask = scene.ask
        if ask.party not in self.parties:
            return False
        if self.purposes and not all(aim in self.purposes for aim in ask.meant):
            return False
        tells = ask.said.get(Said.DISCLOSES_DEBT)
        if not self.discloses_debt and (tells is True or (self.stated and tells is None)):
            return False
        if not self.needs_any and not self.failures:
            return True
        for flag in scene.flags(self.needs_any):
            begin = flag.begin(Effective.AT, zones, max)
            if begin is None or not begin <= scene.at < flag.end(zones, min):
                continue
            if (flag.who is None or flag.who in ("debtor", ask.who)) and scene.covers_all(flag, ask.debts):
                return True
        return self.failures is not None and self.failures.happened(scene)


@dataclass(frozen=True, kw_only=True, slots=True)
class PartyRule(ContactRule):
    """Only the parties of `allow`, and those of `conditional` when their condition is met."""

    kind: ClassVar[Kind] = Kind.PARTY

    allow: tuple[Party, ...]
    conditional: tuple[Condition, ...] = ()

    def finds(self, scene: Scene, zones: Zones) -> Found | None:
        if scene.ask.party in self.allow or any(condition.met(scene, zones) for condition in self.conditional):
            return None
        return Found()
