"""Cannot pay, or will not pay: nine segments, and what income and expenses suggest."""

from __future__ import annotations

from datetime import datetime

import pytest

from dunning_cli.domain import assessments, contacts, payments
from dunning_cli.domain.assessments import SEGMENTS, ability_by_income, assess
from dunning_cli.domain.entries import Assessed, Level, Reason
from dunning_cli.errors import UsageError
from tests.builders import a_case, a_contact, a_story, day, kinds, money

LOW, MEDIUM, HIGH = Level.LOW, Level.MEDIUM, Level.HIGH


@pytest.mark.parametrize(
    ("willingness", "ability", "words"),
    [
        pytest.param(HIGH, HIGH, ["full payment now", "within days"], id="high-high"),
        pytest.param(HIGH, MEDIUM, ["short plan"], id="high-medium"),
        pytest.param(
            HIGH, LOW, ["hardship plan", "smallest bearable installments", "signs of vulnerability"], id="high-low"
        ),
        pytest.param(MEDIUM, HIGH, ["firm demand", "short plan"], id="medium-high"),
        pytest.param(MEDIUM, MEDIUM, ["a plan", "check after the first installment"], id="medium-medium"),
        pytest.param(MEDIUM, LOW, ["small plan", "review the income in 60 days"], id="medium-low"),
        pytest.param(LOW, HIGH, ["final demand", "then take legal action"], id="low-high"),
        pytest.param(LOW, MEDIUM, ["final demand with an offer", "legal action if it is worth it"], id="low-medium"),
        pytest.param(LOW, LOW, ["low-cost reminders", "write-off against the cost of legal action"], id="low-low"),
    ],
)
def test_the_nine_segments(willingness: Level, ability: Level, words: list[str]) -> None:
    story = a_story()
    story.then("2025-01-08", assessments.record, Assessed(willingness, ability))
    found = assess(story.case, day("2025-01-08"))
    assert found
    assert (found.willingness, found.ability, found.ability_from_income) == (willingness, ability, False)
    assert found.segment
    for word in words:
        assert word in (found.advice or "")


def test_the_segments_are_nine_and_differ() -> None:
    assert set(SEGMENTS) == {(w, a) for w in Level for a in Level}
    assert len({segment for segment, _ in SEGMENTS.values()}) == 9
    assert len({advice for _, advice in SEGMENTS.values()}) == 9
    assert {segment: levels for levels, (segment, _) in SEGMENTS.items()} == {
        "pay_now": (HIGH, HIGH),
        "short_plan": (HIGH, MEDIUM),
        "hardship": (HIGH, LOW),
        "firm_demand": (MEDIUM, HIGH),
        "plan_and_check": (MEDIUM, MEDIUM),
        "small_plan": (MEDIUM, LOW),
        "final_demand": (LOW, HIGH),
        "final_offer": (LOW, MEDIUM),
        "low_cost": (LOW, LOW),
    }


@pytest.mark.parametrize(
    ("income", "expenses", "owed", "expected"),
    [
        pytest.param("5000.00", "4000.00", "3000.00", HIGH, id="three-months-to-pay"),
        pytest.param("5000.00", "4000.00", "3000.01", MEDIUM, id="a-cent-over-three-months"),
        pytest.param("5000.00", "4000.00", "24000.00", MEDIUM, id="two-years-to-pay"),
        pytest.param("5000.00", "4000.00", "24000.01", LOW, id="a-cent-over-two-years"),
        pytest.param("4000.00", "4000.00", "1.00", LOW, id="nothing-left"),
        pytest.param("4000.00", "4000.01", "1.00", LOW, id="less-than-nothing-left"),
        pytest.param("0.00", "500.00", "1.00", LOW, id="no-income"),
        pytest.param("0.03", "0.00", "0.09", HIGH, id="cents"),
    ],
)
def test_ability_by_income(income: str, expenses: str, owed: str, expected: Level) -> None:
    found = ability_by_income(money(f"{income} CNY"), money(f"{expenses} CNY"), money(f"{owed} CNY"))
    assert found is expected


def income(gets: str, spends: str) -> Assessed:
    return Assessed(income=money(f"{gets} CNY"), expenses=money(f"{spends} CNY"))


def test_income_gives_the_ability_that_fits_the_balance_of_the_day() -> None:
    """4000.00 owed with 1000.00 free a month is medium; once 1000.00 is paid, it is high."""
    story = a_story(owed="4000.00 CNY")
    story.then("2025-01-08", assessments.record, Assessed(HIGH))
    story.then("2025-01-08", assessments.record, income("5000.00", "4000.00"))
    story.then("2025-01-20", payments.receive, money("1000.00 CNY"))
    before, after = assess(story.case, day("2025-01-19")), assess(story.case, day("2025-01-20"))
    assert before
    assert after
    assert (before.ability, before.segment, before.ability_from_income) == (MEDIUM, "short_plan", True)
    assert (after.ability, after.segment, after.ability_from_income) == (HIGH, "pay_now", True)


def test_no_income_at_all_is_worth_recording_and_means_low_ability() -> None:
    """Who lost their job and earns nothing is the clearest case of hardship."""
    story = a_story()
    story.then("2025-01-08", assessments.record, Assessed(willingness=HIGH))
    story.then("2025-01-08", assessments.record, income("0.00", "800.00"))
    found = assess(story.case, day("2025-01-08"))
    assert found
    assert (found.ability, found.segment, found.ability_from_income) == (LOW, "hardship", True)


def test_a_level_that_was_given_counts_before_the_income_given_with_it() -> None:
    story = a_story()
    what = Assessed(HIGH, LOW, money("9000.00 CNY"), money("1000.00 CNY"))
    story.then("2025-01-08", assessments.record, what)
    found = assess(story.case, day("2025-01-08"))
    assert found
    assert (found.ability, found.ability_from_income) == (LOW, False)


def test_nothing_is_believed_before_the_first_contact() -> None:
    assert assess(a_case(), day("2025-01-08")) is None


def test_half_a_belief_has_no_segment() -> None:
    story = a_story()
    story.then("2025-01-08", contacts.log, a_contact(willingness=LOW, reason=Reason.FORGOT))
    found = assess(story.case, day("2025-01-08"))
    assert found
    assert (found.willingness, found.ability, found.reason) == (LOW, None, "forgot")
    assert (found.segment, found.advice) == (None, None)
    story.then("2025-01-09", assessments.record, Assessed(ability=MEDIUM))
    found = assess(story.case, day("2025-01-09"))
    assert found
    assert (found.willingness, found.ability, found.reason, found.segment) == (LOW, MEDIUM, "forgot", "final_offer")
    assert [belief.seq for belief in found.beliefs] == [2, 4]


def test_the_latest_belief_counts_by_its_own_day() -> None:
    """A contact logged late teaches nothing about the days after a newer belief."""
    story = a_story()
    story.then("2025-01-10", assessments.record, Assessed(HIGH, HIGH))
    late = datetime.fromisoformat("2025-01-07T10:00:00+08:00")
    story.then("2025-01-12", contacts.log, a_contact(willingness=LOW, ability=LOW, reason=Reason.REFUSES), late)
    found, earlier = assess(story.case, day("2025-01-12")), assess(story.case, day("2025-01-09"))
    assert found
    assert earlier
    assert (found.segment, found.reason) == ("pay_now", "refuses")
    assert earlier.segment == "low_cost"
    assert assess(story.case, day("2025-01-06")) is None


def test_of_two_beliefs_of_one_day_the_later_written_counts() -> None:
    story = a_story()
    story.then("2025-01-10T09:00", assessments.record, Assessed(HIGH, HIGH))
    story.then("2025-01-10T10:00", assessments.record, Assessed(LOW, LOW))
    found = assess(story.case, day("2025-01-10"))
    assert found
    assert found.segment == "low_cost"
    assert [belief.seq for belief in found.beliefs] == [3]


@pytest.mark.parametrize(
    "what",
    [
        pytest.param(Assessed(), id="nothing"),
        pytest.param(Assessed(income=money("1.00 CNY")), id="income-without-expenses"),
        pytest.param(Assessed(expenses=money("1.00 CNY")), id="expenses-without-income"),
        pytest.param(Assessed(HIGH, income=money("1.00 CNY")), id="a-level-and-half-of-the-budget"),
        pytest.param(Assessed(HIGH, expenses=money("1.00 CNY")), id="a-level-and-the-other-half"),
    ],
)
def test_what_is_no_assessment(what: Assessed) -> None:
    with pytest.raises(UsageError):
        a_story().then("2025-01-08", assessments.record, what)


@pytest.mark.parametrize(
    "what",
    [
        pytest.param(Assessed(willingness=LOW), id="willingness"),
        pytest.param(Assessed(ability=LOW), id="ability"),
        pytest.param(income("10.00", "0.00"), id="no-expenses"),
    ],
)
def test_what_is_an_assessment(what: Assessed) -> None:
    assert kinds(a_story().then("2025-01-08", assessments.record, what)) == ["assessed"]
