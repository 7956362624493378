"""What every import shares: how much is taken at a time, how far it is, and how a bad row is said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from ..domain.views import ImportSummary
    from ..imports.tables import BadRow

BATCH = 5000
LISTED = 10_000  # rejected values that are listed one by one; more are only counted
_SHOWN = 200  # characters of a rejected value that are listed


def note_bad(summary: ImportSummary, bad: BadRow, **place: str) -> None:
    """List a mistake, with the place where its row stands if there are several; of very many, only the first."""
    if len(summary.rejected) < LISTED:
        summary.rejected.append({**place, **bad._asdict(), "value": bad.value[:_SHOWN]})


def said_of(bad: dict[str, Any]) -> str:
    """A mistake on one line of text, whatever stands in the value."""
    value = " ".join(bad["value"].split())[:60]
    parts = (bad["field"], f"'{value}'" if value else "", bad["reason"])
    return f"  line {bad['line']}: {' '.join(part for part in parts if part)}"
