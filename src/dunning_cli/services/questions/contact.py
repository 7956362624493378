"""May this contact be made, or this step be taken, at an instant? Answered by the guard of the pack."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import replace

from ...domain.compliance.guard import Finding, Verdict, guard_of
from ...domain.questions import Answer
from .told import read_ask, read_facts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...domain.rules import Pack
    from ...rules.book import Book


def answer(book: Book, pack: Pack, facts: Mapping[str, Any], ask: Mapping[str, Any]) -> Answer:
    """`allowed` or `blocked`, with every finding, the gravest first."""
    unknown: list[str] = []
    guard = guard_of(pack)
    verdict = guard.check(read_ask(ask, unknown), read_facts(facts, unknown))
    if unknown:
        noted = guard.unknown_words(tuple(dict.fromkeys(unknown)))
        verdict = replace(verdict, findings=(*verdict.findings, noted))
    return shape(verdict)


def shape(verdict: Verdict) -> Answer:
    """A verdict as an answer to a question."""
    return Answer(
        "allowed" if verdict.allowed else "blocked",
        {
            "severity": verdict.severity,
            "warnings": [_sentence(finding) for finding in verdict.warnings],
            "findings": [_finding(finding) for finding in verdict.findings],
            "override_reasons": list(verdict.override_reasons),
            "allowed_from": verdict.allowed_from.isoformat() if verdict.allowed_from else None,
            "pack": verdict.pack,
        },
    )


def _sentence(finding: Finding) -> str:
    extra = ", ".join((*finding.missing, *finding.lacks))
    return f"{finding.text.en} ({extra})" if extra else finding.text.en


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "strength": finding.strength,
        "text": finding.text.en,
        "source": str(finding.source),
        "missing": list(finding.missing),
        "lacks": list(finding.lacks),
        "opens": finding.opens.isoformat() if finding.opens else None,
    }
