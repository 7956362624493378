"""What the nightly runs of the days to come would do to a case if nothing else happened. Nothing is written.

And what would be otherwise if the case followed another policy than it does.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from .cases import Case, follows_anew
from .days import Now
from .entries import Happening, PolicyChanged
from .journal import Entry
from .policies import Policy
from .review import NextAction, next_action, review


class Foreseen(NamedTuple):
    """What a run would write on a day, and the case after it."""

    on: date
    entries: tuple[Entry, ...]
    case: Case


def foresee(case: Case, policy: Policy, now: Now, until: date) -> Iterator[Foreseen]:
    """The days up to `until`, from today on, on which a run would write something.

    Between them no run writes anything: the next action names the next one.
    """
    while (on := _next(case, policy, now.today)) and on <= until:
        decision = review(case, policy, now.later((on - now.today).days), on)
        if not decision.entries:
            return
        case = decision.case
        yield Foreseen(on, tuple(decision.entries), case)


def _next(case: Case, policy: Policy, today: date) -> date | None:
    """The day of the next run that writes something: today's, where the policy has a new version."""
    if follows_anew(case, policy) and not case.outcome:
        return today
    ahead = next_action(case, policy)
    return max(ahead.on, today) if ahead else None


class Acts(NamedTuple):
    """What a run of today would write of a case, and what is next then."""

    today: tuple[Happening, ...]
    following: NextAction | None


class Differs(NamedTuple):
    """What is done with a case under a policy, and what would be under another one."""

    case: Case
    before: Acts
    after: Acts


def differs(case: Case, before: Policy, after: Policy, now: Now) -> Differs | None:
    """What would be otherwise if a case followed another policy; None where nothing would.

    Otherwise is: a run of today would write something else, or what is next is another thing or comes on another day.
    Both policies have the same label, so that what is written does not differ by that alone.
    """
    found = Differs(case, _acts(case, before, now), _acts(case, after, now))
    return found if found.before != found.after else None


def _acts(case: Case, policy: Policy, now: Now) -> Acts:
    ahead = next_action(case, policy)
    if ahead is None or ahead.on > now.today:
        return Acts((), ahead)
    decision = review(case, policy, now)
    written = tuple(entry.what for entry in decision.entries if not isinstance(entry.what, PolicyChanged))
    return Acts(written, next_action(decision.case, policy))
