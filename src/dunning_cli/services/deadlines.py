"""The days that the law gives for a case: deadlines, the end of limitation, and until when records are kept.

The facts are plain, in the vocabulary of docs/deadlines.md; what is not given is unknown, and rules that need it say
nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from ..domain import reckoning
from ..domain.given import Given
from ..rules.calendars import calendar_of

if TYPE_CHECKING:
    from ..domain.reckoning import Due
    from ..domain.retention import Kept
    from ..domain.rules import Pack


def deadlines_of(pack: Pack, facts: Mapping[str, Any], day: date | None = None) -> list[Due]:
    """Every day that follows from the facts, the earliest first: its rule, the day, and what it means."""
    return reckoning.deadlines_of(pack, Given(facts), calendar_of, day)


def retention_of(pack: Pack, facts: Mapping[str, Any], day: date | None = None) -> list[Kept]:
    """Every duty to keep records, the longest first; a duty without a day has not ended."""
    return reckoning.retention_of(pack, Given(facts), day)
