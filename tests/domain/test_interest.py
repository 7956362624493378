"""Day counts and accrual: worked examples from outside, and what must hold of any period."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunning_cli.domain.interest import DayCount, Frozen, Step, days, interest, stretches, years
from tests.builders import day

ACT_365, ACT_360, ACT_ACT, THIRTY = DayCount
DAYS = st.dates(date(2019, 1, 1), date(2026, 12, 31))
RATES = st.lists(
    st.builds(Step, DAYS, st.decimals(0, 30, places=2)), min_size=1, max_size=4, unique_by=lambda step: step.after
)
STOPS = st.lists(
    st.tuples(DAYS, st.integers(0, 200)).map(lambda s: Frozen(s[0], date.fromordinal(s[0].toordinal() + s[1]))),
    max_size=2,
)


@pytest.mark.parametrize(
    ("count", "start", "end", "expected"),
    [
        pytest.param(ACT_365, "2024-09-01", "2025-01-10", 131, id="the-days-of-the-manual"),
        pytest.param(ACT_365, "2024-02-28", "2024-03-01", 2, id="a-leap-day"),
        pytest.param(ACT_365, "2025-01-10", "2025-01-10", 0, id="no-day"),
        pytest.param(THIRTY, "2016-01-31", "2016-02-29", 29, id="30-from-the-31st"),
        pytest.param(THIRTY, "2016-01-01", "2016-07-30", 209, id="30-over-months"),
        pytest.param(THIRTY, "2015-12-31", "2016-12-31", 360, id="30-a-year"),
        pytest.param(THIRTY, "2025-03-30", "2025-03-31", 0, id="30-the-31st-is-the-30th"),
    ],
)
def test_days(count: DayCount, start: str, end: str, expected: int) -> None:
    assert days(count, day(start), day(end)) == expected


@pytest.mark.parametrize(
    ("count", "start", "end", "expected"),
    [
        pytest.param(ACT_365, "2023-12-31", "2024-12-31", Fraction(366, 365), id="fixed-365"),
        pytest.param(ACT_360, "2023-12-31", "2024-12-31", Fraction(366, 360), id="fixed-360"),
        pytest.param(ACT_ACT, "2023-12-31", "2024-12-31", Fraction(1), id="a-leap-year-is-a-year"),
        # 1 November 2003 to 1 May 2004: 61 days of 2003 and 121 of 2004, as ISDA's paper on the conventions has it;
        # there the first day counts and the last does not, here it is the other way round: 60 and 122.
        pytest.param(ACT_ACT, "2003-11-01", "2004-05-01", Fraction(60, 365) + Fraction(122, 366), id="over-new-year"),
        pytest.param(THIRTY, "2024-01-15", "2024-07-15", Fraction(1, 2), id="half-a-year"),
    ],
)
def test_years(count: DayCount, start: str, end: str, expected: Fraction) -> None:
    assert years(count, day(start), day(end)) == expected


@pytest.mark.parametrize(
    ("steps", "frozen", "minor"),
    [
        # 100,000.00 at 10 %: 27.397260… a day
        pytest.param([("2025-01-01", "10")], [], 10_000_00, id="a-year"),
        pytest.param([("2025-07-01", "10")], [], 5_041_10, id="from-the-day-after"),
        pytest.param([("2025-01-01", "10"), ("2025-07-01", "20")], [], 4_958_90 + 10_082_19, id="two-rates"),
        pytest.param([("2025-01-01", "0")], [], 0, id="no-rate"),
        pytest.param([], [], 0, id="no-step"),
        pytest.param([("2025-01-01", "10")], [("2025-03-01", "2025-03-31")], 10_000_00 - 849_32, id="a-month-free"),
        pytest.param([("2025-01-01", "10")], [("2025-12-23", None)], 10_000_00 - 273_97, id="free-to-the-end"),
        pytest.param([("2025-01-01", "10")], [("2024-01-01", "2025-01-02")], 10_000_00 - 27_40, id="free-at-first"),
    ],
)
def test_accrual(steps: list[tuple[str, str]], frozen: list[tuple[str, str | None]], minor: int) -> None:
    """From 1 January 2025 to 1 January 2026: 365 days, of which 1 January 2025 is free."""
    rates = [Step(day(after), Decimal(percent)) for after, percent in steps]
    stops = [Frozen(day(start), day(end) if end else None) for start, end in frozen]
    exact = interest(100_000_00, stretches(rates, ACT_365, day("2025-01-01"), day("2026-01-01"), stops))
    assert abs(exact - minor) <= 1


def test_a_rate_that_changes_in_the_middle_is_exact() -> None:
    parts = list(
        stretches(
            [Step(day("2025-01-01"), Decimal(10)), Step(day("2025-01-11"), Decimal(20))],
            ACT_365,
            day("2025-01-01"),
            day("2025-01-21"),
        )
    )
    assert [(part.start, part.end, part.percent) for part in parts] == [
        (day("2025-01-01"), day("2025-01-11"), Decimal(10)),
        (day("2025-01-11"), day("2025-01-21"), Decimal(20)),
    ]
    assert interest(36500, parts) == 36500 * (Fraction(10, 100) + Fraction(20, 100)) * Fraction(10, 365)


@given(RATES, STOPS, st.sampled_from([ACT_365, ACT_360, ACT_ACT]), st.lists(DAYS, min_size=3, max_size=3).map(sorted))
def test_a_period_is_its_parts(steps: list[Step], stops: list[Frozen], count: DayCount, three: list[date]) -> None:
    a, b, c = three

    def of(start: date, end: date) -> Fraction:
        return interest(10**7, stretches(steps, count, start, end, stops))

    assert of(a, c) == of(a, b) + of(b, c)


@given(RATES, STOPS, DAYS, st.integers(0, 400))
def test_day_by_day_is_the_same(steps: list[Step], stops: list[Frozen], start: date, length: int) -> None:
    """An independent way: each day at the rate that holds on it, unless it is free."""
    total = Fraction(0)
    for number in range(1, length + 1):
        on = date.fromordinal(start.toordinal() + number)
        rate = max((step for step in steps if step.after < on), key=lambda step: step.after, default=None)
        free = any(stop.start <= on and (stop.end is None or on <= stop.end) for stop in stops)
        if rate and not free:
            total += Fraction(rate.percent) / 36500 * 999
    end = date.fromordinal(start.toordinal() + length)
    assert interest(999, stretches(steps, ACT_365, start, end, stops)) == total
