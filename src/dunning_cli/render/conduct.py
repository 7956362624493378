"""A text with the words marked that are objected to, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

from .pictures import BLANK, Column, Fit, Line, Picture, Span, Stack, Table, Text, line, said, span
from .rules import notice

if TYPE_CHECKING:
    from ..domain.conduct import Finding
    from ..i18n import Translator

_OPEN: Final = "»"
_CLOSE: Final = "«"


def lint_object(text: str, findings: Sequence[Finding]) -> dict[str, Any]:
    """Whether the text may go, and each finding with its place in it, counted in characters from 0."""
    return {
        "blocks": any(each.blocks for each in findings),
        "findings": [
            {
                "rule": each.rule,
                "label": str(each.label),
                "severity": str(each.severity),
                "start": None if each.missing else each.start,
                "end": None if each.missing else each.end,
                "words": None if each.missing else text[each.start : each.end],
                "text": each.why.en,
                "sources": [str(source) for source in each.sources],
            }
            for each in findings
        ],
    }


def lint_picture(text: str, findings: Sequence[Finding], t: Translator) -> Picture:
    """The text, its marks, and a row for each finding."""
    parts: list[Picture] = [*_marked(text, findings), BLANK]
    if not findings:
        return Stack((*parts, said(span("✓ ", "good"), t("Nothing is objected to.")), BLANK, notice(t)))
    columns = (
        Column(t("Objection")),
        Column(t("Words"), fit=Fit.WRAP, least=12),
        Column(t("Why"), fit=Fit.WRAP, least=24),
        Column(t("Source"), fit=Fit.WRAP, least=16),
    )
    rows = tuple(
        (
            line(span(t.word(each.label, "label"), "bad" if each.blocks else "warn")),
            line(t("missing") if each.missing else text[each.start : each.end]),
            line(each.why.say(t.lang)),
            line("; ".join(str(source) for source in each.sources)),
        )
        for each in findings
    )
    return Stack((*parts, Table(columns, rows), BLANK, notice(t)))


def _marked(text: str, findings: Sequence[Finding]) -> Iterator[Picture]:
    """The lines of the text; words that a finding covers stand between marks, where findings overlap once."""
    covered = _joined([(each.start, each.end, each.blocks) for each in findings if not each.missing])
    start = 0
    for each in text.splitlines(keepends=True):
        yield Text(tuple(_line(each.rstrip("\r\n"), start, covered)))
        start += len(each)


def _joined(places: list[tuple[int, int, bool]]) -> list[tuple[int, int, bool]]:
    found: list[tuple[int, int, bool]] = []
    for first, last, blocks in sorted(places):
        if found and first <= found[-1][1]:
            found[-1] = (found[-1][0], max(last, found[-1][1]), blocks or found[-1][2])
        else:
            found.append((first, last, blocks))
    return found


def _line(text: str, start: int, covered: list[tuple[int, int, bool]]) -> Line:
    here = [
        (max(a - start, 0), min(b - start, len(text)), w) for a, b, w in covered if a < start + len(text) and b > start
    ]
    spans: list[Span] = []
    for (_, last, _), (first, until, blocks) in pairwise([(0, 0, False), *here]):
        spans += [span(text[last:first]), span(f"{_OPEN}{text[first:until]}{_CLOSE}", "bad" if blocks else "warn")]
    return (*spans, span(text[here[-1][1] if here else 0 :]))
