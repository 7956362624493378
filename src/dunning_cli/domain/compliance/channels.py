"""Channels: media that may not be used at all, and what a contact in a medium needs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from ..rules import Closed, Kind
from .facts import Ask, Zones
from .rule import ContactRule, Found
from .scene import Scene
from .words import Said


class Absent(StrEnum):
    """What it means that a question does not say a fact."""

    IGNORE = "ignore"
    WARN = "warn"
    BLOCK = "block"


@dataclass(frozen=True, kw_only=True, slots=True)
class Need(Closed):
    """A fact of the contact that must be true (or false, with `must_be = false`), or a number that must be so large.

    `when`: asked for only where these facts are true.
    """

    fact: Said
    must_be: bool = True
    least: int | None = None
    when: tuple[Said, ...] = ()
    absent: Absent = Absent.IGNORE

    def judge(self, ask: Ask) -> Found | None:
        if not all(ask.said.get(word) is True for word in self.when):
            return None
        value = ask.said.get(self.fact)
        if value is None:
            if self.absent is Absent.IGNORE:
                return None
            return Found(missing=(str(self.fact),), unknown=self.absent is Absent.WARN)
        if self.least is not None:
            return None if isinstance(value, int) and value >= self.least else Found()
        return None if value is self.must_be else Found()


@dataclass(frozen=True, kw_only=True, slots=True)
class ChannelRule(ContactRule):
    """`forbidden`: the contacts of `blocks` may not be made at all. `requires`: what they need."""

    kind: ClassVar[Kind] = Kind.CHANNEL

    forbidden: bool = False
    requires: tuple[Need, ...] = ()

    def __post_init__(self) -> None:
        ContactRule.__post_init__(self)
        if self.forbidden is bool(self.requires):
            raise ValueError("say either forbidden = true, or what is required")

    def finds(self, scene: Scene, zones: Zones) -> Found | None:
        if self.forbidden:
            return Found()
        found = [one for need in self.requires if (one := need.judge(scene.ask))]
        if not found:
            return None
        broken = [one for one in found if not one.unknown]
        missing = tuple(name for one in broken or found for name in one.missing)
        return Found(missing=missing, unknown=not broken)
