"""What does the counter of a pack show for one debt and one person?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ...domain.compliance.counts import CooldownRule, CountRule
from ...domain.compliance.guard import guard_of
from ...domain.compliance.scene import Scene
from ...domain.entries import Channel
from ...domain.questions import Answer
from ...errors import InputError
from .told import read_ask, read_facts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...domain.rules import Pack
    from ...rules.book import Book

_MEASURES: Final = {"calls_in_7_days": 7}


def answer(book: Book, pack: Pack, facts: Mapping[str, Any], ask: Mapping[str, Any]) -> Answer:
    """`value`: what the pack's own rule counts; `conversations`: those that touch the debt and still hold it shut."""
    measure = ask.get("measure")
    days = _MEASURES.get(measure) if isinstance(measure, str) else None
    if days is None:
        raise InputError(
            "'{measure}' is nothing that is counted; known are: {known}.", measure=measure, known=", ".join(_MEASURES)
        )
    debt = ask.get("debt")
    unknown: list[str] = []
    asked = read_ask({**ask, "channel": ask.get("channel", Channel.CALL), "debts": [debt] if debt else None}, unknown)
    scene = Scene(asked, read_facts(facts, unknown))
    guard = guard_of(pack)
    day = asked.at.date()
    counting = next((r for r in pack.rules_of(CountRule, day) if r.window.days == days and _calls(r)), None)
    if counting is None:
        raise InputError("The pack {pack} has no rule that counts calls in {days} days.", pack=pack.id, days=days)
    zones = guard.fixed_zones(counting) or scene.facts.zones
    cooling = next((r for r in pack.rules_of(CooldownRule, day) if r.days == days), None)
    found: dict[str, Any] = {"value": counting.number(scene, debt, zones)}
    if cooling is not None:
        found["conversations"] = cooling.number(scene, debt, zones)
    return Answer(found, {"rule": counting.id, "pack": pack.label})


def _calls(rule: CountRule) -> bool:
    return Channel.CALL in rule.counts.channels
