"""What the nightly runs of the days to come would do to a case if nothing else happened. Nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from .cases import Case
from .days import Now
from .journal import Entry
from .policies import Policy
from .review import next_action, review


class Foreseen(NamedTuple):
    """What a run would write on a day, and the case after it."""

    on: date
    entries: tuple[Entry, ...]
    case: Case


def foresee(case: Case, policy: Policy, now: Now, until: date) -> Iterator[Foreseen]:
    """The days up to `until`, from today on, on which a run would write something.

    Between them no run writes anything: the next action names the next one.
    """
    while (ahead := next_action(case, policy)) and ahead.on <= until:
        on = max(ahead.on, now.today)
        decision = review(case, policy, now.later((on - now.today).days), on)
        if not decision.entries:
            return
        case = decision.case
        yield Foreseen(on, tuple(decision.entries), case)
