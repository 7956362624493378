"""The journal of a case as a story: when, who, in which stage, what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING

from ..domain.days import Clock
from . import signs
from .pictures import BLANK, Column, Fit, Line, Stack, Table, line, said, span
from .sentences import summary

if TYPE_CHECKING:
    from ..domain.views import CaseView, TimelineRow
    from ..i18n import Translator

__all__ = ["summary", "timeline"]


def timeline(view: CaseView, rows: Sequence[TimelineRow], t: Translator, zone: tzinfo | None = None) -> Stack:
    """Every entry of a case in the order it was recorded.

    Times are those of `zone`; without it, of the zone in which the case was opened.
    """
    zone = zone or _zone_of(rows)
    columns = (
        Column(t("No."), right=True),
        Column(t("Recorded")),
        Column(t("Who"), fit=Fit.CUT, least=6),
        Column(t("Stage")),
        Column(t("What"), fit=Fit.WRAP, least=24),
    )
    named = [t("Case {number}", number=view.case.case_id), view.case.debt.reference, view.debtor.name]
    title = span(" · ".join(part for part in named if part), "title")
    table = Table(columns, tuple(_row(row, zone, t) for row in rows))
    by_hand = sum(row.entry.clock is Clock.SET for row in rows)
    note = t("{count} entries were written under a clock that was set by hand.", count=by_hand)
    return Stack((said(title), BLANK, table, *([BLANK, said(span(note, "faint"))] if by_hand else [])))


def _zone_of(rows: Sequence[TimelineRow]) -> tzinfo:
    instants = (row.entry.effective for row in rows if isinstance(row.entry.effective, datetime))
    return next((i.tzinfo for i in instants if i.tzinfo), UTC)


def _row(row: TimelineRow, zone: tzinfo, t: Translator) -> tuple[Line, ...]:
    entry = row.entry
    return (
        line(str(entry.seq)),
        line(entry.recorded_at.astimezone(zone).strftime("%Y-%m-%d %H:%M")),
        line(entry.actor),
        line(signs.stage(row.stage, t)),
        _what(row, zone, t),
    )


def _what(row: TimelineRow, zone: tzinfo, t: Translator) -> Line:
    """The sentence, with what must not be overlooked: another day, a void entry."""
    entry = row.entry
    said_ = line(span(summary(entry, t), "void" if row.voided else ""))
    if row.voided:
        said_ = line(said_, span(t(" (void)"), "bad"))
    if entry.effective_on != entry.recorded_at.astimezone(zone).date():
        said_ = line(said_, span(t(" (effective {day})", day=entry.effective_on), "warn"))
    return said_
