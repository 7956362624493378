"""What a fact changes: the rules that stand against contacts because of it, and those that it lifts.

It is found by asking the guard about a contact on every channel, with the fact and without it, so that the answer is
right for every kind of rule, and for facts that work together.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from ..entries import Channel
from .facts import NEVER, Ask, Facts, Flag
from .guard import Finding, Guard, standing
from .hours import HoursRule
from .words import Effective, Party


class Effect(Struct, frozen=True):
    """A rule that stands, or is lifted, on some channels because of a fact; `until` where time alone ends that."""

    finding: Finding
    channels: tuple[Channel, ...]
    until: datetime | None = None


class Effects(Struct, frozen=True):
    """What a fact does at an instant. `holds`: it began and did not end. `at_times`: rules that stand in its hours."""

    holds: bool
    forbids: tuple[Effect, ...]
    lifts: tuple[Effect, ...]
    until: datetime | None = None
    at_times: tuple[Finding, ...] = ()
    zone: str | None = None


def effects(guard: Guard, facts: Facts, flag: Flag, at: datetime, party: Party = Party.DEBTOR) -> Effects:
    """What one of the flags of `facts` does to contacts with the debtor, or with the party who said it, at an instant.

    It is judged as if it were the only one of its kind: of two notices each forbids what both do.
    """
    without = replace(facts, flags=tuple(each for each in facts.flags if each.event is not flag.event))
    facts = replace(without, flags=(*without.flags, flag))
    stands: list[tuple[Channel, Finding]] = []
    lifted: list[tuple[Channel, Finding]] = []
    for channel in Channel:
        ask = Ask(
            at=at,
            channel=channel,
            party=party,
            who=flag.who or "debtor",
            debts=flag.debts,
            to=flag.to,
            place=flag.place,
        )
        here = {each.rule: each for each in guard.check(ask, facts).findings}
        there = {each.rule: each for each in guard.check(ask, without).findings}
        stands += [(channel, each) for rule, each in here.items() if rule not in there]
        lifted += [(channel, each) for rule, each in there.items() if rule not in here]
    begin, end = flag.begin(Effective.AT, facts.zones, min), flag.end(facts.zones, max)
    holds = begin is not None and begin <= at < end
    return Effects(
        holds,
        _joined(stands),
        _joined(lifted),
        None if end == NEVER else end,
        tuple(_at_times(guard, flag)) if holds else (),
        str(guard.zone(facts)),
    )


def _joined(found: Iterable[tuple[Channel, Finding]]) -> tuple[Effect, ...]:
    """One effect a rule, with all the channels on which it stands and the last instant at which it ends."""
    by_rule: dict[str, list[tuple[Channel, Finding]]] = {}
    for channel, finding in found:
        by_rule.setdefault(finding.rule, []).append((channel, finding))
    joined = []
    for group in by_rule.values():
        ends = [finding.opens for _, finding in group]
        until = None if any(end is None for end in ends) else max(end for end in ends if end)
        joined.append(Effect(group[0][1], tuple(channel for channel, _ in group), until))
    return tuple(joined)


def _at_times(guard: Guard, flag: Flag) -> Iterable[Finding]:
    """The rules about hours that a fact wakes at the times which it names."""
    for rule in guard.pack.rules:
        if isinstance(rule, HoursRule) and flag.event in rule.designated:
            yield standing(rule)
