"""Days: what is today, month ends, ageing buckets, instants as text."""

from __future__ import annotations

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunning_cli.domain.days import Clock, Every, Now, add_months, bucket, step, utc_text
from tests.builders import day

NEW_YORK, SHANGHAI = ZoneInfo("America/New_York"), ZoneInfo("Asia/Shanghai")


@pytest.mark.parametrize(
    ("start", "months", "expected"),
    [
        pytest.param("2025-01-31", 1, "2025-02-28", id="end-of-january-to-february"),
        pytest.param("2024-01-31", 1, "2024-02-29", id="end-of-january-in-a-leap-year"),
        pytest.param("2025-01-31", 2, "2025-03-31", id="end-of-january-to-march"),
        pytest.param("2025-01-31", 3, "2025-04-30", id="end-of-january-to-april"),
        pytest.param("2025-02-28", 1, "2025-03-28", id="the-28th-stays-the-28th"),
        pytest.param("2024-02-29", 12, "2025-02-28", id="leap-day-a-year-later"),
        pytest.param("2025-12-15", 1, "2026-01-15", id="over-the-year"),
        pytest.param("2025-11-30", 3, "2026-02-28", id="november-to-february"),
        pytest.param("2025-01-15", 0, "2025-01-15", id="none"),
        pytest.param("2025-01-15", 24, "2027-01-15", id="two-years"),
        pytest.param("1900-01-31", 1, "1900-02-28", id="1900-is-no-leap-year"),
        pytest.param("2000-01-31", 1, "2000-02-29", id="2000-is-a-leap-year"),
    ],
)
def test_add_months(start: str, months: int, expected: str) -> None:
    assert add_months(day(start), months) == day(expected)


@given(st.dates(date(1990, 1, 1), date(2100, 12, 31)), st.integers(0, 600))
def test_a_month_later_is_the_same_day_or_the_last(start: date, months: int) -> None:
    found = add_months(start, months)
    assert (found.year - start.year) * 12 + found.month - start.month == months
    assert found.day == start.day or (found.day < start.day and found.day == monthrange(found.year, found.month)[1])


@pytest.mark.parametrize(
    ("first", "every", "expected"),
    [
        pytest.param(
            "2025-01-31",
            Every.MONTH,
            ["2025-01-31", "2025-02-28", "2025-03-31", "2025-04-30"],
            id="months-from-the-31st",
        ),
        pytest.param(
            "2024-01-30",
            Every.MONTH,
            ["2024-01-30", "2024-02-29", "2024-03-30", "2024-04-30"],
            id="months-from-the-30th",
        ),
        pytest.param(
            "2025-02-20", Every.WEEK, ["2025-02-20", "2025-02-27", "2025-03-06", "2025-03-13"], id="weeks-over-february"
        ),
        pytest.param(
            "2024-02-20", Every.TWO_WEEKS, ["2024-02-20", "2024-03-05", "2024-03-19", "2024-04-02"], id="fortnights"
        ),
    ],
)
def test_step(first: str, every: Every, expected: list[str]) -> None:
    assert [step(day(first), every, number) for number in range(4)] == [day(text) for text in expected]


@pytest.mark.parametrize(
    ("days_overdue", "expected"),
    [
        pytest.param(-400, "current", id="long-before-due"),
        pytest.param(-1, "current", id="the-day-before-due"),
        pytest.param(0, "current", id="the-due-day"),
        pytest.param(1, "M1", id="1"),
        pytest.param(30, "M1", id="30"),
        pytest.param(31, "M2", id="31"),
        pytest.param(60, "M2", id="60"),
        pytest.param(61, "M3", id="61"),
        pytest.param(90, "M3", id="90"),
        pytest.param(91, "M4", id="91"),
        pytest.param(120, "M4", id="120"),
        pytest.param(121, "M5", id="121"),
        pytest.param(131, "M5", id="131"),
        pytest.param(150, "M5", id="150"),
        pytest.param(151, "M6", id="151"),
        pytest.param(180, "M6", id="180"),
        pytest.param(181, "M7+", id="181"),
        pytest.param(4000, "M7+", id="years"),
    ],
)
def test_bucket(days_overdue: int, expected: str) -> None:
    assert bucket(days_overdue) == expected


@pytest.mark.parametrize(
    ("instant", "zone", "today"),
    [
        pytest.param("2025-01-06T15:59:59+00:00", SHANGHAI, "2025-01-06", id="a-second-before-midnight-in-shanghai"),
        pytest.param("2025-01-06T16:00:00+00:00", SHANGHAI, "2025-01-07", id="midnight-in-shanghai"),
        pytest.param("2025-01-06T04:59:59+00:00", NEW_YORK, "2025-01-05", id="still-yesterday-in-new-york"),
        pytest.param("2025-07-06T04:00:00+00:00", NEW_YORK, "2025-07-06", id="midnight-in-new-york-in-summer"),
        pytest.param("2025-01-06T00:30:00+08:00", ZoneInfo("UTC"), "2025-01-05", id="an-offset-is-heeded"),
    ],
)
def test_today_is_the_date_in_the_creditors_zone(instant: str, zone: ZoneInfo, today: str) -> None:
    now = Now(datetime.fromisoformat(instant), zone, "li")
    assert now.today == day(today)
    assert now.day_of(datetime.fromisoformat(instant)) == day(today)
    assert now.clock is Clock.SYSTEM


def test_the_day_of_a_date_is_the_date() -> None:
    now = Now(datetime(2025, 1, 6, tzinfo=UTC), SHANGHAI, "li", Clock.SET)
    assert now.day_of(date(2024, 2, 29)) == date(2024, 2, 29)
    assert now.clock == "set"


def test_an_instant_needs_an_offset() -> None:
    with pytest.raises(ValueError, match="offset"):
        Now(datetime(2025, 1, 6), SHANGHAI, "li")  # noqa: DTZ001


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        pytest.param("2025-01-06T12:00:00+08:00", "2025-01-06T04:00:00.000000Z", id="shanghai"),
        pytest.param("2025-01-06T12:00:00.000001+00:00", "2025-01-06T12:00:00.000001Z", id="microseconds"),
        pytest.param("2025-01-01T07:59:00+08:00", "2024-12-31T23:59:00.000000Z", id="another-year"),
    ],
)
def test_utc_text(instant: str, text: str) -> None:
    assert utc_text(datetime.fromisoformat(instant)) == text


_OFFSETS = st.integers(-12, 14).map(lambda hours: timezone(timedelta(hours=hours)))
_INSTANTS = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=_OFFSETS)  # noqa: DTZ001


@given(_INSTANTS, _INSTANTS)
def test_utc_text_sorts_as_time_does_and_reads_back(one: datetime, other: datetime) -> None:
    assert (utc_text(one) < utc_text(other)) == (one < other)
    assert datetime.fromisoformat(utc_text(one)) == one
