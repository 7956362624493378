"""Lengths, first days, month ends, skipped days and rolling, by tables and as properties."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunning_cli.domain.calendars import (
    Calendar,
    Length,
    RestDays,
    Shift,
    Week,
    Weekday,
    end_of,
    not_before,
    rolled,
    shifted,
)

WEEKEND = RestDays(weekdays=(Weekday.SATURDAY, Weekday.SUNDAY))
HOLIDAY = date(2026, 5, 25)  # a Monday
WORKED = date(2026, 5, 30)  # a Saturday
CALENDAR = Week(frozenset(WEEKEND.weekdays), frozenset({HOLIDAY}), frozenset({WORKED}))


def calendars(rest: RestDays) -> Calendar:
    return CALENDAR if rest == WEEKEND else Week()


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("start", "length", "end"),
    [
        pytest.param("2026-03-02", Length(days=15), "2026-03-17", id="the first day is not counted"),
        pytest.param("2026-03-02", Length(), "2026-03-02", id="no length"),
        pytest.param("2026-03-02", Length(weeks=2), "2026-03-16", id="weeks end on the same weekday"),
        pytest.param("2026-01-31", Length(months=1), "2026-02-28", id="no 31 February"),
        pytest.param("2024-01-31", Length(months=1), "2024-02-29", id="a leap February"),
        pytest.param("2024-02-29", Length(years=1), "2025-02-28", id="a leap day, a year on"),
        pytest.param("2024-02-29", Length(years=4), "2028-02-29", id="a leap day, four years on"),
        pytest.param("2023-02-28", Length(years=1), "2024-02-28", id="the last of February is no month end"),
        pytest.param("2026-08-31", Length(months=6), "2027-02-28", id="six months over the year"),
        pytest.param("2026-11-30", Length(months=1), "2026-12-30", id="30 November gives 30 December"),
        pytest.param("2025-12-31", Length(months=1, days=1), "2026-02-01", id="months before days"),
        pytest.param("2099-12-31", Length(years=1), "2100-12-31", id="2100"),
        pytest.param("2096-02-29", Length(years=4), "2100-02-28", id="2100 is no leap year"),
        pytest.param("9999-06-01", Length(years=1), "9999-12-31", id="the end of the calendar"),
    ],
)
def test_a_period_ends(start: str, length: Length, end: str) -> None:
    assert end_of(day(start), length) == day(end)


@pytest.mark.parametrize(
    ("start", "length", "end"),
    [
        pytest.param("2026-06-01", Length(days=60), "2026-07-30", id="days"),
        pytest.param("2026-06-01", Length(days=1), "2026-06-01", id="one day is the day itself"),
        pytest.param("2026-06-01", Length(months=1), "2026-06-30", id="a month"),
        pytest.param("2026-01-31", Length(months=1), "2026-02-27", id="a month from the 31st"),
    ],
)
def test_a_period_whose_first_day_counts(start: str, length: Length, end: str) -> None:
    assert end_of(day(start), length, first_counts=True) == day(end)


@pytest.mark.parametrize(
    ("start", "count", "end"),
    [
        pytest.param("2026-05-20", 5, "2026-05-28", id="a weekend and a holiday are passed over"),
        pytest.param("2026-05-22", 1, "2026-05-26", id="Friday, then a long weekend"),
        pytest.param("2026-05-23", 1, "2026-05-26", id="from a Saturday"),
        pytest.param("2026-05-28", 2, "2026-05-30", id="a Saturday that is worked"),
        pytest.param("2026-05-25", 0, "2026-05-25", id="no days: not even rolled"),
    ],
)
def test_working_days(start: str, count: int, end: str) -> None:
    assert end_of(day(start), Length(days=count, skip=WEEKEND), calendars) == day(end)


@pytest.mark.parametrize(
    ("start", "to"),
    [
        ("2026-05-22", "2026-05-22"),
        ("2026-05-23", "2026-05-26"),
        ("2026-05-25", "2026-05-26"),
        (WORKED.isoformat(),) * 2,
    ],
)
def test_rolling(start: str, to: str) -> None:
    assert rolled(day(start), CALENDAR) == day(to)


def test_the_end_of_a_year() -> None:
    assert shifted(day("2023-05-10"), Shift.YEAR_END) == day("2023-12-31")
    assert shifted(day("2023-12-31"), Shift.YEAR_END) == day("2023-12-31")
    assert shifted(day("2023-05-10"), None) == day("2023-05-10")


def test_the_stretch_before_a_day() -> None:
    assert not_before(day("2026-08-31"), Length(months=6)) == day("2026-02-28")
    assert not_before(date(1, 1, 1), Length(years=1)) == date.min
    assert not_before(date(1, 1, 1), Length(days=1)) == date.min


@pytest.mark.parametrize(
    "wrong",
    [{"days": -1}, {"years": 501}, {"months": 1, "skip": WEEKEND}, {"weeks": 1, "skip": WEEKEND}],
    ids=str,
)
def test_a_length_that_is_none(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"length|skip"):
        Length(**wrong)  # type: ignore[arg-type]


# --- properties -------------------------------------------------------------------------------------------------------

DAYS = st.dates(date(1900, 1, 1), date(2999, 12, 31))
SMALL = st.integers(0, 40)
LENGTHS = st.builds(Length, years=SMALL, months=SMALL, weeks=SMALL, days=SMALL)


@given(DAYS, LENGTHS, st.sampled_from(["years", "months", "weeks", "days"]))
def test_a_longer_period_never_ends_earlier(start: date, length: Length, part: str) -> None:
    more = {name: getattr(length, name) + (name == part) for name in ("years", "months", "weeks", "days")}
    assert end_of(start, Length(**more)) >= end_of(start, length)


@given(DAYS, DAYS, LENGTHS)
def test_a_later_start_never_ends_earlier(one: date, other: date, length: Length) -> None:
    first, second = sorted((one, other))
    assert end_of(first, length) <= end_of(second, length)


@given(st.dates(date(2026, 4, 1), date(2026, 7, 1)), SMALL, SMALL)
def test_more_working_days_never_end_earlier(start: date, count: int, more: int) -> None:
    short = end_of(start, Length(days=count, skip=WEEKEND), calendars)
    long = end_of(start, Length(days=count + more, skip=WEEKEND), calendars)
    assert long >= short
    assert count == 0 or not CALENDAR.rests(short)
    assert short >= start + timedelta(days=count)


@given(st.dates(date(2026, 4, 1), date(2026, 7, 1)), st.dates(date(2026, 4, 1), date(2026, 7, 1)))
def test_rolling_never_goes_back_and_keeps_the_order(one: date, other: date) -> None:
    assert rolled(one, CALENDAR) >= one
    assert not CALENDAR.rests(rolled(one, CALENDAR))
    assert rolled(rolled(one, CALENDAR), CALENDAR) == rolled(one, CALENDAR)
    first, second = sorted((one, other))
    assert rolled(first, CALENDAR) <= rolled(second, CALENDAR)
