"""The question whether the debtor may refuse to pay because the claim is too old."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

from ...domain.given import Given
from ...domain.questions import Answer, Facts
from .date import defence

if TYPE_CHECKING:
    from ...domain.rules import Pack
    from ...rules.book import Book


def limitation_defence_available(
    book: Book,
    pack: Pack,
    facts: Mapping[str, Any],
    ask: Mapping[str, Any],
) -> Answer:
    """Whether on the day `now` the period is over, and nothing gave the defence up."""
    given = Given(facts, ask)
    now = Facts(given.facts.plain).needed_day("now")
    available, period = defence(pack, given, now)
    beside: dict[str, Any] = {"rules": [period.rule.id], "limitation_end": period.rolled.isoformat()}
    if period.warnings:
        beside["warnings"] = list(period.warnings)
    return Answer({"value": available, "effect": str(period.rule.effect) if available else None}, beside)


QUERIES: Final[Mapping[str, Callable[[Any, Any, Any, Any], Answer]]] = {
    "limitation_defence_available": limitation_defence_available
}
