"""What a contact is worth: the sums worked out by hand, what raises them, and what closed cases teach."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunning_cli.domain import assessments, closures, contacts, payments
from dunning_cli.domain.cases import Case
from dunning_cli.domain.entries import Assessed, CaseOutcome, Channel, Level
from dunning_cli.domain.policies import Policy
from dunning_cli.domain.stages import Stage
from dunning_cli.domain.worklist import (
    BUCKETS,
    SEGMENT_FACTORS,
    Attempt,
    Because,
    Chances,
    Factor,
    Learned,
    Share,
    Worth,
    chance_to_reach,
    learn,
    promise_due,
    shares,
    together,
    worth,
)
from tests.builders import a_case, a_contact, a_policy, a_story, an_offer, day, money

FREE = a_policy(worklist={"contact_cost": "0.00"})
TODAY = day("2025-01-06")


def value_of(case: Case, policy: Policy = FREE, **given: object) -> dict[str, int]:
    return {str(each.factor): each.contribution for each in worth(case, policy, TODAY, **given).why}  # type: ignore[arg-type]


def today(case: Case, on: str) -> Worth:
    """What a case is worth on a day, with the promise that is due then."""
    return worth(case, FREE, day(on), promise=promise_due(case, day(on)))


# --- by hand ----------------------------------------------------------------------------------------------------------


def test_a_case_of_which_nothing_is_known() -> None:
    """1,000.00 overdue by 36 days (M2: 65 %), reached by 30 %: 195.00. Of that 36/180 x 0.5 and half of 1.0 more."""
    found = worth(a_case(owed="1000.00 CNY", due="2024-12-01"), a_policy(), TODAY)
    assert found.why == (
        Because(Factor.BALANCE, money("1000.00 CNY"), 100_000),
        Because(Factor.RECOVERY, 650, -35_000),
        Because(Factor.REACH, 300, -45_500),
        Because(Factor.DAYS_OVERDUE, 36, 1_950),
        Because(Factor.WILLINGNESS, None, 9_750),
        Because(Factor.CONTACT_COST, money("1.00 CNY"), -100),
    )
    assert found.total == 31_100


def test_the_digits_of_a_currency_do_not_count() -> None:
    """100 yen, 100.00 yuan and 100.000 dinar rank alike: nothing is converted."""
    found = {worth(a_case(owed=owed), FREE, TODAY).total for owed in ("100 JPY", "100.00 CNY", "100.000 KWD")}
    assert len(found) == 1


def test_a_closed_case_is_worth_nothing() -> None:
    story = a_story(stage=Stage.NEGOTIATION)
    story.then(TODAY, closures.close, CaseOutcome.WRITTEN_OFF)
    assert worth(story.case, a_policy(), TODAY) == (0, ())


@pytest.mark.parametrize(
    ("willingness", "adds"),
    [
        pytest.param("high", 19_500, id="high"),
        pytest.param("medium", 9_750, id="medium"),
        pytest.param("low", None, id="low"),
    ],
)
def test_willingness_raises(willingness: str, adds: int | None) -> None:
    story = a_story(owed="1000.00 CNY", due="2024-12-01")
    story.then(TODAY, assessments.record, Assessed(Level(willingness)))
    assert value_of(story.case).get("willingness") == adds


def test_the_segment_changes_the_chance() -> None:
    """hardship: 0.8 x 65 % is 52 %."""
    story = a_story(owed="1000.00 CNY", due="2024-12-01")
    story.then(TODAY, assessments.record, Assessed(Level.HIGH, Level.LOW))
    assert worth(story.case, FREE, TODAY).why[1] == Because(Factor.RECOVERY, 520, -48_000)


@pytest.mark.parametrize(
    ("on", "adds"),
    [
        pytest.param("2025-01-28", None, id="four days before"),
        pytest.param("2025-01-29", 1.5, id="three days before"),
        pytest.param("2025-02-01", 3, id="on the day"),
        pytest.param("2025-02-04", 3, id="within the tolerance"),
    ],
)
def test_a_promise_that_is_due_raises(on: str, adds: float | None) -> None:
    story = a_story(stage=Stage.MONITORING, owed="1000.00 CNY", due="2024-12-01", offer=an_offer(installments=1))
    found = {str(each.factor): each for each in today(story.case, on).why}
    if adds is None:
        assert "promise_due" not in found
    else:
        # 1,000.00, M3 from the 61st day (31 January) on.
        chance = 65_000 if on <= "2025-01-30" else 50_000
        assert found["promise_due"] == Because(Factor.PROMISE_DUE, day("2025-02-01"), int(chance * 3 // 10 * adds))


def test_a_promise_that_was_paid_raises_no_more() -> None:
    story = a_story(stage=Stage.MONITORING, owed="1000.00 CNY", offer=an_offer(installments=2))
    story.then("2025-01-20", payments.receive, money("500.00 CNY"))
    assert "promise_due" not in {str(each.factor) for each in today(story.case, "2025-02-01").why}


def test_a_broken_promise_raises_more_than_a_missed_installment() -> None:
    story = a_story(stage=Stage.MONITORING, owed="1000.00 CNY", due="2025-01-01", offer=an_offer(installments=3))
    story.review("2025-02-05")
    missed = {str(e.factor): e.contribution for e in worth(story.case, FREE, day("2025-02-05")).why}
    story.review("2025-03-05")
    broken = {str(e.factor): e.contribution for e in worth(story.case, FREE, day("2025-03-05")).why}
    assert missed["promise_broken"] == 65_000 * 3 // 10 * 3 // 2
    assert broken["promise_broken"] == 50_000 * 3 // 10 * 3


@pytest.mark.parametrize(
    ("left", "adds"),
    [
        pytest.param(-1, None, id="passed"),
        pytest.param(0, 78_000, id="today"),
        pytest.param(45, 39_000, id="half way"),
        pytest.param(89, 858, id="far"),  # one day of ninety, 0.011
        pytest.param(90, None, id="too far"),
    ],
)
def test_a_day_of_law_that_is_near_raises(left: int, adds: int | None) -> None:
    case = a_case(owed="1000.00 CNY", due="2024-12-01")
    assert value_of(case, deadline=TODAY + timedelta(days=left)).get("limitation_near") == adds


def test_weights_are_the_policy_s() -> None:
    weights = {"balance": 0.0, "days_overdue": 0.0, "willingness": 0.0}
    policy = a_policy(worklist={"contact_cost": "0.00", "weights": {**_usual(), **weights}})
    assert worth(a_case(), policy, TODAY).total == 0


def _usual() -> dict[str, float]:
    from dunning_cli.domain.policies import plain_defaults

    return dict(plain_defaults()["worklist"]["weights"])


def test_one_contact_about_several_cases_costs_once() -> None:
    policy = a_policy()
    one, other = (worth(a_case(owed=owed), policy, TODAY) for owed in ("1000.00 CNY", "500.00 CNY"))
    both = together([one, other])
    assert both.total == one.total + other.total + 100
    assert both.total == sum(each.contribution for each in both.why)
    assert [each.factor for each in both.why] == sorted({e.factor for e in both.why}, key=list(Factor).index)


# --- properties -------------------------------------------------------------------------------------------------------

OWED = st.integers(1, 10**12)
CHANCES = st.integers(0, 1000)


def a_debt(minor: int, days: int = 36) -> Case:
    return a_case(owed=f"{minor // 100}.{minor % 100:02d} CNY", due=TODAY - timedelta(days=days))


@given(OWED, OWED, CHANCES, st.integers(-100, 2000), st.none() | st.integers(-5, 100))
def test_more_owed_never_ranks_lower(one: int, other: int, reach: int, days: int, left: int | None) -> None:
    deadline = None if left is None else TODAY + timedelta(days=left)
    low, high = (
        worth(a_debt(minor, days), a_policy(), TODAY, reach=reach, deadline=deadline).total
        for minor in sorted((one, other))
    )
    assert low <= high


@given(OWED, CHANCES, CHANCES)
def test_who_is_easier_to_reach_never_ranks_lower(minor: int, one: int, other: int) -> None:
    low, high = (worth(a_debt(minor), a_policy(), TODAY, reach=reach).total for reach in sorted((one, other)))
    assert low <= high


@given(OWED, CHANCES, st.integers(-100, 2000))
def test_the_contributions_add_up(minor: int, reach: int, days: int) -> None:
    found = worth(a_debt(minor, days), a_policy(), TODAY, reach=reach)
    assert sum(each.contribution for each in found.why) == found.total


@given(st.lists(st.builds(Attempt, st.integers(0, 23), st.booleans()), max_size=30), st.integers(0, 23))
def test_a_conversation_more_never_makes_it_less_likely(attempts: list[Attempt], hour: int) -> None:
    before = chance_to_reach(attempts, hour)
    assert 0 <= before <= 980
    assert chance_to_reach([*attempts, Attempt(hour, True)], hour) >= before
    assert chance_to_reach([*attempts, Attempt(hour, False)], hour) <= before


# --- chances ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("attempts", "hour", "chance"),
    [
        pytest.param([], 9, 300, id="nothing known"),
        pytest.param([], 19, 360, id="evening"),
        pytest.param([], 22, 150, id="night"),
        # Five usual ones of 30 % and five in vain are 15 %; in the evening 18 %, which counts three times.
        pytest.param([Attempt(9, False)] * 5, 19, 180, id="in vain in the morning"),
        # As before 15 %, counting three beside five in vain in the same part: 450 / 8.
        pytest.param([Attempt(9, False)] * 5, 10, 56, id="in vain at this time"),
        # (5 + 1.5) / 10 is 65 %; with five of five at this time (5 + 1.95) / 8.
        pytest.param([Attempt(9, True)] * 5, 10, 868, id="reached at this time"),
    ],
)
def test_the_chance_to_reach(attempts: list[Attempt], hour: int, chance: int) -> None:
    assert chance_to_reach(attempts, hour) == chance


def test_a_letter_arrives_at_any_hour() -> None:
    assert chance_to_reach([], 3, Channel.LETTER) == 900
    assert chance_to_reach([Attempt(9, False)] * 5, 3, Channel.LETTER) == 450


def test_own_cases_count_where_they_are_enough() -> None:
    chances = Chances(1, {("M2", "unknown"): Learned(100, 30), ("M3", "unknown"): Learned(100, 29)})
    assert (chances.of("M2", "unknown"), chances.of("M3", "unknown")) == (100, 500)


def test_every_bucket_and_segment_has_a_chance() -> None:
    found = {Chances().of(bucket, segment) for bucket in BUCKETS for segment in SEGMENT_FACTORS}
    assert all(0 < chance < 1000 for chance in found)
    assert set(SEGMENT_FACTORS) == {name for name, _ in assessments.SEGMENTS.values()} | {"unknown"}


# --- learning ---------------------------------------------------------------------------------------------------------


def test_a_closed_case_tells_of_each_bucket_it_was_in() -> None:
    """1,000.00 due on 1 January, opened on the 6th (M1). 400.00 came on 20 January, 300.00 on 10 February (M2, from
    1 February on), and it was written off on 5 March (M3, from 3 March on): 700 of 1,000, 300 of 600, 0 of 300."""
    story = a_story(stage=Stage.NEGOTIATION, owed="1000.00 CNY", due="2025-01-01")
    story.then("2025-01-20", payments.receive, money("400.00 CNY"))
    story.then("2025-02-10", payments.receive, money("300.00 CNY"))
    story.then("2025-03-05", assessments.record, Assessed(Level.LOW, Level.LOW))
    story.then("2025-03-05", closures.close, CaseOutcome.WRITTEN_OFF)
    assert list(shares(story.case, day("2025-01-06"))) == [
        Share("M1", "unknown", 700),
        Share("M2", "unknown", 500),
        Share("M3", "low_cost", 0),
    ]


def test_a_paid_case_recovered_all() -> None:
    story = a_story(owed="1000.00 CNY", due="2025-02-01")
    story.then("2025-01-20", payments.receive, money("1000.00 CNY"))
    assert list(shares(story.case, day("2025-01-06"))) == [Share("current", "unknown", 1000)]


def test_withdrawn_and_open_cases_tell_nothing() -> None:
    story = a_story(stage=Stage.NEGOTIATION)
    assert list(shares(story.case, day("2025-01-06"))) == []
    story.then("2025-01-10", closures.close, CaseOutcome.WITHDRAWN)
    assert list(shares(story.case, day("2025-01-06"))) == []


def test_each_case_counts_alike() -> None:
    found = learn([Share("M1", "unknown", 1000), Share("M1", "unknown", 0), Share("M1", "hardship", 333)])
    assert found == {("M1", "hardship"): Learned(333, 1), ("M1", "unknown"): Learned(500, 2)}


def test_a_logged_contact_changes_no_worth_of_the_day() -> None:
    """What earlier contacts say of reaching the debtor is worked out when the list is read."""
    story = a_story()
    before = worth(story.case, FREE, TODAY).total
    story.then(TODAY, contacts.log, a_contact(outcome="no_answer"))
    assert worth(story.case, FREE, TODAY).total == before
