"""Questions to the rules: what an answer is, and where it differs from what an example expects."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from .rules import Example


class Answer(NamedTuple):
    """The answer itself, and what stands beside it (severity, warnings, findings)."""

    expect: Any
    beside: Mapping[str, Any] = {}


class Tried(NamedTuple):
    """An example that was tried: what differs, or what went wrong; both empty where it holds."""

    example: Example
    answer: Answer | None
    differs: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.differs


def differences(example: Example, found: Answer) -> Iterator[str]:
    """Where an answer is not what an example expects.

    An answer may say more than is expected. A severity counts only where something is blocked; of warnings it counts
    only that there are any, since their wording is free.
    """
    yield from _differ("", example.expect, found.expect)
    if example.expect == "blocked" and example.severity:
        yield from _differ("severity", example.severity, found.beside.get("severity"))
    if example.expect == "allowed" and example.warnings and not found.beside.get("warnings"):
        yield "warnings: a warning was expected"


def _differ(place: str, wanted: Any, found: Any) -> Iterator[str]:
    if isinstance(wanted, dict) and isinstance(found, dict):
        for key, value in wanted.items():
            inner = f"{place}.{key}" if place else key
            if key in found:
                yield from _differ(inner, value, found[key])
            else:
                yield f"{inner}: {json.dumps(value, ensure_ascii=False)} was expected, and nothing is said"
    elif wanted != found or isinstance(wanted, bool) is not isinstance(found, bool):
        said = json.dumps(found, ensure_ascii=False)
        yield f"{place + ': ' if place else ''}{json.dumps(wanted, ensure_ascii=False)} was expected, not {said}"
