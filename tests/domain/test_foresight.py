"""Looking ahead says what nightly runs then do."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from hypothesis import given

from dunning_cli.domain.days import Now
from dunning_cli.domain.foresight import Acts, differs, foresee
from dunning_cli.domain.policies import LEVEL_DEFAULTS
from dunning_cli.domain.review import NextAction, review
from tests.builders import SHANGHAI, a_now, a_policy, a_story, day
from tests.domain.histories import History, histories


def at(on: date) -> Now:
    return Now(datetime.combine(on, time(23), SHANGHAI), SHANGHAI, "nightly")


@given(histories())
def test_it_is_what_the_run_of_every_night_does(history: History) -> None:
    """The days, the kinds of entry and the case at the end are those of a run on each of the next 120 days."""
    today, until = history.today, history.today + timedelta(days=120)
    case, nightly, on = history.case, [], today
    while on <= until:
        decision = review(case, history.policy, at(on))
        if decision.entries:
            nightly.append((on, [entry.what for entry in decision.entries]))
        case, on = decision.case, on + timedelta(days=1)
    seen = list(foresee(history.case, history.policy, at(today), until))
    assert [(each.on, [entry.what for entry in each.entries]) for each in seen] == nightly
    assert (seen[-1].case if seen else history.case) == case


def test_levels_and_escalation_of_a_case_that_nobody_works() -> None:
    """Due on 1 December: levels after 40 and 50 days, sent or not; 60 days in contact are over on 7 March."""
    levels = [{**LEVEL_DEFAULTS, "after": 40}, {**LEVEL_DEFAULTS, "after": 50}]
    story = a_story(policy=a_policy(dunning={"level": levels, "require_sent": False}))
    seen = list(foresee(story.case, story.policy, a_now("2025-01-06"), day("2025-12-31")))
    assert [(each.on.isoformat(), [e.what.kind for e in each.entries]) for each in seen] == [
        ("2025-01-10", ["notice_due"]),
        ("2025-01-20", ["notice_due"]),
        ("2025-03-07", ["escalation_due"]),
    ]


def test_the_last_day_is_seen_and_the_next_is_not() -> None:
    story = a_story()
    assert list(foresee(story.case, story.policy, a_now("2025-01-06"), day("2025-03-06"))) == []
    assert len(list(foresee(story.case, story.policy, a_now("2025-01-06"), day("2025-03-07")))) == 1


def test_what_is_overdue_is_done_today() -> None:
    story = a_story()
    (seen,) = foresee(story.case, story.policy, a_now("2025-04-01"), day("2025-04-01"))
    assert seen.on == day("2025-04-01")


def test_a_new_version_is_seen_to_be_noted_today() -> None:
    """As the run of tonight does, whatever else is due and when."""
    story = a_story()
    newer = a_policy(version=2)
    seen = list(foresee(story.case, newer, a_now("2025-01-10"), day("2025-03-07")))
    assert [(each.on.isoformat(), [e.what.kind for e in each.entries]) for each in seen] == [
        ("2025-01-10", ["policy_changed"]),
        ("2025-03-07", ["escalation_due"]),
    ]
    assert list(foresee(a_story(stage="closed").case, newer, a_now("2025-01-10"), day("2025-03-07"))) == []


# --- under another policy -------------------------------------------------------------------------------------------

BEFORE = a_policy(version=2)


def test_nothing_differs_under_a_version_that_only_ranks_otherwise() -> None:
    case = a_story().case
    ranks = a_policy(version=2, worklist={"lease_minutes": 5}, deadlines={"warn_days": [5]}, plan={"max_missed": 9})
    for today in ("2025-01-10", "2025-03-07", "2025-09-01"):
        assert differs(case, BEFORE, ranks, a_now(today)) is None


def test_the_day_of_what_is_next_differs() -> None:
    """60 days in contact are over on 7 March, 61 on the 8th."""
    case = a_story().case
    found = differs(case, BEFORE, a_policy(version=2, contact={"max_days": 61}), a_now("2025-03-06"))
    assert found is not None
    assert found.before == Acts((), NextAction(day("2025-03-07"), "escalation_due"))
    assert found.after == Acts((), NextAction(day("2025-03-08"), "escalation_due"))


def test_what_is_due_today_differs() -> None:
    case = a_story().case
    sooner = a_policy(version=2, contact={"max_days": 10})
    found = differs(case, BEFORE, sooner, a_now("2025-01-16"))
    assert found is not None
    assert (found.before.today, [what.kind for what in found.after.today]) == ((), ["escalation_due"])
    assert found.after.following is None


def test_what_is_done_today_and_what_follows_are_compared_not_how_it_is_called() -> None:
    """Escalation is due since January under both: neither is another thing to do."""
    case = a_story().case
    assert differs(case, BEFORE, BEFORE, a_now("2025-04-01")) is None
    fewer = a_policy(version=2, contact={"min_attempts": 0})
    found = differs(case, BEFORE, fewer, a_now("2025-04-01"))
    assert found is not None
    assert found.before.today[0].missing != found.after.today[0].missing  # type: ignore[attr-defined]


def test_the_entry_about_the_version_is_no_difference() -> None:
    story = a_story(policy=a_policy(version=1))
    assert differs(story.case, BEFORE, BEFORE, a_now("2025-03-07")) is None
