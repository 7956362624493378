"""Limitation: interruption, suspension, long stops and waivers, under a rule made up here, so that no law is meant."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunning_cli.domain.calendars import Calendar, Length, RestDays, Shift, Week, Weekday
from dunning_cli.domain.given import Condition, Given
from dunning_cli.domain.limitation import (
    Effect,
    Interruption,
    LimitationRule,
    LongStop,
    Mode,
    Period,
    Restart,
    Start,
    Suspension,
    chosen,
    period,
)
from dunning_cli.domain.rules import Source, Strength, Sure, Text

SUNDAYS = RestDays(weekdays=(Weekday.SUNDAY,))


def calendars(rest: RestDays) -> Calendar:
    return Week(frozenset(rest.weekdays))


def a_rule(**changes: Any) -> LimitationRule:
    values: dict[str, Any] = {
        "id": "x.limitation",
        "text": Text(en="two years"),
        "source": Source(title="this test", sure=Sure.DERIVED),
        "strength": Strength.POLICY,
        "measures": ("limitation_end",),
        "start": (Start(latest_of=("due", "knowledge"), needs=("due",)), Start(latest_of=("claim_arose",))),
        "length": Length(years=2),
        "interrupted_by": (
            Interruption(events=("demand",), day=("arrived",), or_day=("at",), unless=("returned",)),
            Interruption(events=("payment",)),
            Interruption(events=("suit",), restart=Restart.PROCEEDING_END),
        ),
        "waived_by": (Interruption(events=("promise",)),),
        "ignored": ("call",),
    }
    return LimitationRule(**(values | changes))


def found(facts: dict[str, Any], **changes: Any) -> Period:
    result = period(a_rule(**changes), Given(facts), calendars)
    assert result is not None
    return result


def end(facts: dict[str, Any], **changes: Any) -> str:
    return found(facts, **changes).end.isoformat()


def event(kind: str, **days: Any) -> dict[str, Any]:
    return {"type": kind, **days}


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        pytest.param([], "2022-03-10", id="nothing happened"),
        pytest.param([event("payment", at="2021-05-05")], "2023-05-05", id="restarted"),
        pytest.param([event("payment", at="2022-03-10")], "2024-03-10", id="on the last day"),
        pytest.param([event("payment", at="2022-03-11")], "2022-03-10", id="a day too late"),
        pytest.param([event("payment", at="2020-03-09")], "2022-03-10", id="before it began"),
        pytest.param([event("payment", at="2021-05-05T23:30:00+08:00")], "2023-05-05", id="an instant's own date"),
        pytest.param([event("demand", sent="2021-05-05")], "2022-03-10", id="only sent"),
        pytest.param([event("demand", sent="2021-05-05", arrived="2021-05-09")], "2023-05-09", id="arrived"),
        pytest.param([event("demand", at="2021-05-05", returned="2021-05-20")], "2022-03-10", id="came back"),
        pytest.param([event("demand", at="2021-05-05", returned=False)], "2023-05-05", id="did not come back"),
        pytest.param([event("call", at="2021-05-05")], "2022-03-10", id="what does nothing"),
        pytest.param([event("suit", at="2022-01-10", ended="2023-06-30")], "2025-06-30", id="from the end of the suit"),
        pytest.param([event("suit", at="2022-01-10")], "2024-01-10", id="a suit whose end is unknown: the earliest"),
        pytest.param(
            [event("payment", at="2023-04-01"), event("payment", at="2021-05-05")], "2025-04-01", id="told backwards"
        ),
        pytest.param(
            [event("suit", at="2022-01-10", ended="2023-06-30"), event("payment", at="2022-08-08")],
            "2025-06-30",
            id="a payment during the suit",
        ),
        pytest.param([event("promise", at="2023-08-08")], "2025-08-08", id="a waiver afterwards"),
        pytest.param([event("promise", at="2021-08-08")], "2022-03-10", id="a waiver of what is not over"),
        pytest.param(
            [event("promise", at="2023-08-08"), event("payment", at="2024-02-29")],
            "2026-02-28",
            id="paid after a waiver",
        ),
    ],
)
def test_events(events: list[dict[str, Any]], expected: str) -> None:
    assert end({"due": "2020-03-10", "events": events}) == expected


def test_the_end_of_the_proceeding_may_be_a_fact_of_its_own() -> None:
    facts = {"due": "2020-03-10", "proceeding_ended": "2023-06-30", "events": [event("suit", at="2022-01-10")]}
    assert end(facts) == "2025-06-30"


def test_what_is_said_of_events_that_are_not_understood() -> None:
    facts = {"due": "2020-03-10", "events": [event("dance", at="2021-01-01"), event("demand", sent="2021-01-01")]}
    said = found(facts).warnings
    assert ["'dance' is not known" in said[0], "'demand' has no proven day" in said[1], len(said)] == [True, True, 2]
    assert found({"due": "2020-03-10", "events": [event("call", at="2021-01-01")]}).warnings == ()


def test_it_is_told_what_restarted_it() -> None:
    facts = {"due": "2020-03-10", "events": [event("promise", at="2023-01-01"), event("payment", at="2021-01-01")]}
    result = found(facts)
    assert result.restarted_by == (("payment", date(2021, 1, 1)),)
    assert not result.waived, "the promise came before the new end"
    assert found({"due": "2020-03-10", "events": [event("promise", at="2023-01-01")]}).waived


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        pytest.param({"due": "2020-03-10", "knowledge": "2020-09-01"}, "2022-09-01", id="the later counts"),
        pytest.param({"due": "2020-03-10", "knowledge": "2019-09-01"}, "2022-03-10", id="whichever it is"),
        pytest.param({"due": ["2020-03-10", "2020-06-10", "2020-01-10"]}, "2022-06-10", id="the last of a list"),
        pytest.param({"knowledge": "2020-09-01", "claim_arose": "2020-01-31"}, "2022-01-31", id="what is needed lacks"),
        pytest.param({"debts": [{"id": "A", "due": "2020-03-10"}]}, "2022-03-10", id="the only debt's own"),
        pytest.param({"due": "2020-02-29"}, "2022-02-28", id="a leap day"),
    ],
)
def test_the_start(facts: dict[str, Any], expected: str) -> None:
    assert end(facts) == expected


def test_without_a_start_there_is_no_period() -> None:
    assert period(a_rule(), Given({"knowledge": "2020-01-01", "events": []}), calendars) is None
    two = {"debts": [{"id": "A", "due": "2020-03-10"}, {"id": "B", "due": "2021-03-10"}]}
    assert period(a_rule(), Given(two), calendars) is None, "which of two debts is meant is not guessed"


def test_a_start_at_the_end_of_the_year_is_of_the_first_run_only() -> None:
    start = (Start(latest_of=("due",), shift=Shift.YEAR_END),)
    assert end({"due": "2020-03-10"}, start=start) == "2022-12-31"
    assert end({"due": "2020-12-31"}, start=start) == "2022-12-31"
    assert end({"due": "2020-03-10", "events": [event("payment", at="2022-12-31")]}, start=start) == "2024-12-31"
    assert end({"due": "2020-03-10", "events": [event("payment", at="2022-05-01")]}, start=start) == "2024-05-01"


def test_rest_days_give_time_to_restart_it() -> None:
    """2022-03-13 is a Sunday."""
    result = found({"due": "2020-03-13"}, roll=SUNDAYS)
    assert (result.end, result.rolled) == (date(2022, 3, 13), date(2022, 3, 14))
    monday = {"due": "2020-03-13", "events": [event("payment", at="2022-03-14")]}
    assert end(monday, roll=SUNDAYS) == "2024-03-14"
    assert end(monday) == "2022-03-13"


@pytest.mark.parametrize(("absolute", "expected"), [(True, "2030-03-10"), (False, "2031-05-05")])
def test_a_long_stop(absolute: bool, expected: str) -> None:
    stops = (LongStop(length=Length(years=10), latest_of=("due",), absolute=absolute),)
    late = {"due": "2020-03-10", "knowledge": "2029-01-01"}
    assert end(late, long_stops=stops) == "2030-03-10", "it binds the first run in any case"
    assert end(late | {"events": [event("payment", at="2029-05-05")]}, long_stops=stops) == expected


ADDED = (Suspension(facts=("served",), until=("over",), plus=Length(months=6)), Suspension(events=("talks",)))
HELD = (Suspension(mode=Mode.HELD_OPEN, events=("flood",), within=Length(months=6), plus=Length(months=6)),)


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        # 2022-03-01 to 2022-10-30 are 244 days, 2022-03-10 + 244 = 2022-11-09.
        pytest.param({"served": "2022-03-01", "over": "2022-04-30"}, "2022-11-09", id="with the months after it"),
        pytest.param(
            {"served": "2022-03-10", "over": "2022-04-10"}, "2022-10-11", id="on the last day: one day is left"
        ),
        pytest.param({"served": "2022-03-11", "over": "2022-04-10"}, "2022-03-10", id="too late"),
        pytest.param({"served": "2019-01-01", "over": "2019-02-01"}, "2022-03-10", id="before it began"),
        pytest.param({"events": [event("talks", at="2021-01-01", until="2021-01-10")]}, "2022-03-20", id="ten days"),
        pytest.param(
            {
                "events": [
                    event("talks", at="2021-01-05", until="2021-01-10"),
                    event("talks", at="2021-01-01", until="2021-01-07"),
                ]
            },
            "2022-03-20",
            id="days of two suspensions count once",
        ),
        pytest.param(
            {"events": [event("talks", at="2020-03-01", until="2020-03-12")]}, "2022-03-12", id="only days of the run"
        ),
        pytest.param({"events": [event("talks", at="2021-01-01")]}, "2022-03-11", id="an end that is not known"),
    ],
)
def test_days_that_are_not_counted(facts: dict[str, Any], expected: str) -> None:
    assert end({"due": "2020-03-10", **facts}, suspended_by=ADDED) == expected


def test_until_when_it_is_suspended() -> None:
    result = found({"due": "2020-03-10", "served": "2022-03-01", "over": "2022-08-31"}, suspended_by=ADDED)
    assert result.suspended_until == date(2023, 2, 28)
    assert found({"due": "2020-03-10", "served": "2022-05-01"}, suspended_by=ADDED).suspended_until is None


def test_some_time_is_left_after_a_suspension() -> None:
    rule = (Suspension(events=("talks",), at_least=Length(months=3)),)
    facts = {"due": "2020-03-10", "events": [event("talks", at="2022-03-05", until="2022-03-07")]}
    assert end(facts, suspended_by=rule) == "2022-06-07"


def test_a_suspension_may_last_only_so_long() -> None:
    rule = (Suspension(facts=("default",), until=("titled",), at_most=Length(years=1), at_most_from="due"),)
    facts = {"due": "2020-03-10", "default": "2020-06-01"}
    # 2020-06-01 to 2021-03-10 are 283 days.
    assert end(facts, suspended_by=rule) == (date(2022, 3, 10) + timedelta(days=283)).isoformat()
    assert found(facts, suspended_by=rule).warnings == ()


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        pytest.param("2021-12-01", "2022-01-31", "2022-07-31", id="within the last six months"),
        pytest.param("2021-06-01", "2021-10-01", "2022-04-01", id="reaching into them"),
        pytest.param("2021-06-01", "2021-09-10", "2022-03-10", id="over when they begin"),
        pytest.param("2022-03-11", "2022-05-01", "2022-03-10", id="after the end"),
    ],
)
def test_an_obstacle_near_the_end(first: str, last: str, expected: str) -> None:
    facts = {"due": "2020-03-10", "events": [event("flood", at=first, until=last)]}
    assert end(facts, suspended_by=HELD) == expected


def test_the_rule_that_says_more_is_chosen() -> None:
    plain = a_rule()
    special = a_rule(id="x.special", length=Length(years=30), when=(Condition(fact="titled", known=True),))
    rules = [rule for rule in (plain, special) if Given({"due": "2020-03-10"}).fits(rule, rule.when)]
    assert rules == [plain]
    facts = Given({"due": "2020-03-10", "titled": "2020-05-05"})
    best = chosen([rule for rule in (plain, special) if facts.fits(rule, rule.when)], facts, calendars)
    assert best is not None
    assert best.rule is special
    assert special.effect is Effect.DEFENCE


@pytest.mark.parametrize("wrong", [{"measures": ()}, {"start": ()}, {"length": Length()}], ids=str)
def test_a_rule_that_says_nothing(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"needs|longer"):
        a_rule(**wrong)


# --- properties -------------------------------------------------------------------------------------------------------

_DAYS = st.dates(date(2019, 1, 1), date(2030, 12, 31)).map(date.isoformat)
_EVENTS = st.lists(
    st.one_of(
        st.builds(lambda at: event("payment", at=at), _DAYS),
        st.builds(lambda at: event("promise", at=at), _DAYS),
        st.builds(lambda at, ended: event("suit", at=at, ended=ended), _DAYS, _DAYS),
        st.builds(lambda at, until: event("talks", at=at, until=until), _DAYS, _DAYS),
        st.builds(lambda at, until: event("flood", at=at, until=until), _DAYS, _DAYS),
    ),
    max_size=6,
)
_SUSPENDED = (*ADDED, *HELD)


@given(_EVENTS, st.randoms(use_true_random=False))
def test_the_order_in_which_events_are_told_does_not_matter(events: list[dict[str, Any]], random: Any) -> None:
    shuffled = random.sample(events, len(events))
    one = found({"due": "2020-03-10", "events": events}, suspended_by=_SUSPENDED)
    other = found({"due": "2020-03-10", "events": shuffled}, suspended_by=_SUSPENDED)
    assert one[:5] == other[:5]
    assert sorted(one.warnings) == sorted(other.warnings)


@given(_EVENTS)
def test_no_event_shortens_it(events: list[dict[str, Any]]) -> None:
    result = found({"due": "2020-03-10", "events": events}, suspended_by=_SUSPENDED, roll=SUNDAYS)
    assert date(2022, 3, 10) <= result.end <= result.rolled
    assert result.begins >= date(2020, 3, 10)


@given(_EVENTS, st.integers(1, 30))
def test_a_longer_period_never_ends_earlier(events: list[dict[str, Any]], years: int) -> None:
    """Without waivers: these help only where a period was too short."""
    told = [each for each in events if each["type"] != "promise"]
    facts = {"due": "2020-03-10", "events": told}
    short, long = (found(facts, length=Length(years=n), suspended_by=ADDED) for n in (years, years + 1))
    assert long.end >= short.end
