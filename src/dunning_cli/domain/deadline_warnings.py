"""Warnings of deadlines: each is written once, so many days before the day passes; a day that moves is warned of anew.

`outlook` says when there will be something to do again, so that a nightly run looks only at cases whose day has come.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from .cases import Case
from .days import days_after
from .entries import DeadlineNear
from .facts import Warned

if TYPE_CHECKING:
    from .reckoning import Due


class Outlook(NamedTuple):
    """What a case's row holds of its deadlines.

    `deadline_on` is the next day that passes, `warn_on` the day on which a run has something to do about deadlines.
    """

    deadline_on: date | None
    warn_on: date | None


def warnings_of(
    case: Case, dues: Iterable[Due], warn_days: Sequence[int], today: date, pack: str
) -> Iterator[DeadlineNear]:
    """The warnings that are to be written on a day. Of a day that has passed none is: `show-case` says that it has."""
    for due in _ahead(dues, today):
        left = (due.on - today).days
        if _wanted(due, case.warned, warn_days, left):
            after = due.rolled if due.rolled != due.on else None
            yield DeadlineNear(due.rule.id, due.key, due.on, left, due.means.en, due.means.say("zh"), pack, after)


def outlook(case: Case, dues: Iterable[Due], warn_days: Sequence[int], today: date) -> Outlook:
    """The next day that passes, and when there will be something to do: to warn, or to look at what comes after it."""
    ahead = list(_ahead(dues, today))
    if not ahead:
        return Outlook(None, None)
    looks = [days_after(ahead[0].on, 1)]
    for due in ahead:
        left = (due.on - today).days
        if _wanted(due, case.warned, warn_days, left):
            looks.append(today)
        elif coming := [step for step in warn_days if step < left]:
            looks.append(days_after(due.on, -max(coming)))
    return Outlook(ahead[0].on, min(looks))


def _ahead(dues: Iterable[Due], today: date) -> Iterator[Due]:
    return (due for due in dues if due.warn and due.on >= today)


def _wanted(due: Due, warned: Iterable[Warned], warn_days: Sequence[int], left: int) -> bool:
    """Whether a day of warning has come for which nothing was written yet, not even later."""
    come = [step for step in warn_days if left <= step]
    if not come:
        return False
    mine = (due.rule.id, due.key, due.on)
    return all((each.rule, each.key, each.day) != mine or each.left > min(come) for each in warned)
