"""Looking ahead says what nightly runs then do."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from hypothesis import given

from dunning_cli.domain.days import Now
from dunning_cli.domain.foresight import foresee
from dunning_cli.domain.policies import LEVEL_DEFAULTS
from dunning_cli.domain.review import review
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
