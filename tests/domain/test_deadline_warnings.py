"""Warnings of deadlines: on which day, once, and anew for a day that moved."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from dunning_cli.domain.cases import Decision
from dunning_cli.domain.deadline_warnings import Outlook, outlook, warnings_of
from dunning_cli.domain.limitation import LimitationRule
from dunning_cli.domain.reckoning import Due
from dunning_cli.domain.rules import Text
from dunning_cli.rules.book import Book
from tests.builders import a_now, a_story, day

RULE = Book().pack("cn").rules_of(LimitationRule)[0]
MEANS = Text(en="the end", zh="期满")
STEPS = (90, 30, 7)


def _due(on: str | date, *, warn: bool = True, key: str = "end", rolled: str | None = None) -> Due:
    return Due(RULE, day(on), day(rolled or on), MEANS, (), key, warn)


def _run(
    story_case: object, dues: list[Due], first: str, last: str, steps: tuple[int, ...] = STEPS
) -> dict[str, list[int]]:
    """What daily runs write: by day, the days left of each warning."""
    case = story_case
    wrote: dict[str, list[int]] = {}
    on = day(first)
    while on <= day(last):
        decision = Decision(case, a_story().policy, a_now(on))  # type: ignore[arg-type]
        for warning in list(warnings_of(decision.case, dues, steps, on, "cn@1")):
            decision.add(warning)
            wrote.setdefault(on.isoformat(), []).append(warning.days_left)
        case = decision.case
        on += timedelta(days=1)
    return wrote


def test_each_warning_is_written_once_on_its_day() -> None:
    """90, 30 and 7 days before 1 October: 3 July, 1 September, 24 September."""
    wrote = _run(a_story().case, [_due("2026-10-01")], "2026-06-01", "2026-10-10")
    assert wrote == {"2026-07-03": [90], "2026-09-01": [30], "2026-09-24": [7]}


def test_a_late_run_writes_one_warning_for_all_that_were_missed() -> None:
    assert _run(a_story().case, [_due("2026-10-01")], "2026-09-20", "2026-10-10") == {
        "2026-09-20": [11],
        "2026-09-24": [7],
    }


def test_the_last_day_itself_can_be_warned_of_and_the_day_after_not() -> None:
    assert _run(a_story().case, [_due("2026-10-01")], "2026-10-01", "2026-10-01") == {"2026-10-01": [0]}
    assert _run(a_story().case, [_due("2026-10-01", rolled="2026-10-08")], "2026-10-02", "2026-10-08") == {}


def test_a_day_on_which_nothing_is_lost_is_not_warned_of() -> None:
    assert _run(a_story().case, [_due("2026-10-01", warn=False)], "2026-09-01", "2026-10-01") == {}


def test_a_policy_may_ask_for_no_warning() -> None:
    assert _run(a_story().case, [_due("2026-10-01")], "2026-09-01", "2026-10-01", ()) == {}


def test_a_day_that_moved_is_warned_of_anew() -> None:
    story = a_story()
    decision = Decision(story.case, story.policy, a_now("2026-09-01"))
    decision.add(next(iter(warnings_of(story.case, [_due("2026-10-01")], STEPS, day("2026-09-01"), "cn@1"))))
    again = list(warnings_of(decision.case, [_due("2026-10-01")], STEPS, day("2026-09-01"), "cn@1"))
    moved = list(warnings_of(decision.case, [_due("2026-11-01")], STEPS, day("2026-09-01"), "cn@1"))
    assert (len(again), [w.day for w in moved]) == (0, [day("2026-11-01")])


def test_what_is_written_says_both_days_and_both_languages() -> None:
    (warning,) = warnings_of(
        a_story().case, [_due("2026-10-01", rolled="2026-10-08")], STEPS, day("2026-09-30"), "cn@1"
    )
    assert (warning.day, warning.after_rest_days) == (day("2026-10-01"), day("2026-10-08"))
    assert (warning.means, warning.means_zh, warning.pack) == ("the end", "期满", "cn@1")


@pytest.mark.parametrize(
    ("today", "deadline", "look"),
    [
        ("2026-06-01", "2026-10-01", "2026-07-03"),  # the first warning
        ("2026-07-03", "2026-10-01", "2026-07-03"),  # to be written today
        ("2026-10-01", "2026-10-01", "2026-10-01"),
        ("2026-10-02", None, None),
    ],
)
def test_the_outlook_of_a_case_that_was_never_warned_of(today: str, deadline: str | None, look: str | None) -> None:
    found = outlook(a_story().case, [_due("2026-10-01")], STEPS, day(today))
    assert found == Outlook(deadline and day(deadline), look and day(look))  # type: ignore[arg-type]


def test_after_the_last_warning_the_next_look_is_when_the_day_has_passed() -> None:
    story = a_story()
    decision = Decision(story.case, story.policy, a_now("2026-09-25"))
    decision.add(next(iter(warnings_of(story.case, [_due("2026-10-01")], STEPS, day("2026-09-25"), "cn@1"))))
    found = outlook(decision.case, [_due("2026-10-01"), _due("2029-01-01", key="other")], STEPS, day("2026-09-25"))
    assert found == Outlook(day("2026-10-01"), day("2026-10-02"))


DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@given(
    ends=st.lists(DAYS, max_size=3, unique=True),
    steps=st.lists(st.integers(0, 120), max_size=4, unique=True).map(lambda found: tuple(sorted(found, reverse=True))),
    start=DAYS,
)
def test_a_run_has_nothing_to_do_before_the_day_of_the_outlook(
    ends: list[date], steps: tuple[int, ...], start: date
) -> None:
    """Looking only when the row says so writes what looking every day writes."""
    dues = sorted((_due(on, key=str(number)) for number, on in enumerate(ends)), key=lambda due: due.on)
    last = (start + timedelta(days=400)).isoformat()
    daily = _run(a_story().case, dues, start.isoformat(), last, steps)
    story, on = a_story(), start
    lazily: dict[str, list[int]] = {}
    case = story.case
    look = outlook(case, dues, steps, start).warn_on
    while look is not None and look <= day(last):
        on = max(on, look)
        decision = Decision(case, story.policy, a_now(on))
        for warning in list(warnings_of(case, dues, steps, on, "cn@1")):
            decision.add(warning)
            lazily.setdefault(on.isoformat(), []).append(warning.days_left)
        case = decision.case
        following = outlook(case, dues, steps, on)
        assert following.warn_on is None or following.warn_on > on
        look = following.warn_on
    assert lazily == daily
    assert replace(case, warned=()) is not None
