"""The rest days of countries, as the library knows them. The days are those of the official notices."""

from __future__ import annotations

from datetime import date

import pytest

from dunning_cli.domain.calendars import RestDays, Weekday, rolled
from dunning_cli.errors import InputError
from dunning_cli.rules.calendars import calendar_of

_WEEKEND = (Weekday.SATURDAY, Weekday.SUNDAY)
CHINA = RestDays(weekdays=_WEEKEND, holidays="CN", decreed=True)
AMERICA = RestDays(weekdays=_WEEKEND, holidays="US", observed=False)
GERMANY = RestDays(weekdays=_WEEKEND, holidays="DE")


@pytest.mark.parametrize(
    ("rest", "day", "rests"),
    [
        pytest.param(CHINA, "2026-02-17", True, id="the Chinese New Year"),
        pytest.param(CHINA, "2026-02-14", False, id="a Saturday that is worked for it"),
        pytest.param(CHINA, "2026-02-28", False, id="another one"),
        pytest.param(CHINA, "2026-02-15", True, id="a Sunday that begins it"),
        pytest.param(CHINA, "2026-10-10", False, id="a Saturday worked for the National Day"),
        pytest.param(CHINA, "2025-10-08", True, id="the National Day of 2025 had eight days"),
        pytest.param(CHINA, "2025-10-09", False, id="and no nine"),
        pytest.param(CHINA, "2025-10-11", False, id="its worked Saturday"),
        pytest.param(CHINA, "2024-02-29", False, id="a leap day"),
        pytest.param(AMERICA, "2026-05-25", True, id="Memorial Day"),
        pytest.param(AMERICA, "2026-07-03", False, id="the Friday before a Saturday's Independence Day"),
        pytest.param(AMERICA, "2021-06-19", True, id="Juneteenth, on a Saturday"),
        pytest.param(AMERICA, "2021-06-18", False, id="and the Friday before it"),
        pytest.param(GERMANY, "2026-04-03", True, id="Good Friday"),
        pytest.param(GERMANY, "2026-04-06", True, id="Easter Monday"),
        pytest.param(GERMANY, "2026-11-01", True, id="a Sunday"),
        pytest.param(GERMANY, "2023-11-01", False, id="All Saints' is no holiday of all Germany"),
    ],
)
def test_rest_days(rest: RestDays, day: str, rests: bool) -> None:
    assert calendar_of(rest).rests(date.fromisoformat(day)) is rests


@pytest.mark.parametrize(
    ("rest", "year", "known"),
    [(CHINA, 2026, True), (CHINA, 2024, True), (CHINA, 2027, False), (CHINA, 2500, False), (AMERICA, 2027, True)],
)
def test_whether_a_year_is_known(rest: RestDays, year: int, known: bool) -> None:
    """2027 holds the days fixed by law, without the yearly notice; make-up days of old years do not count for it."""
    assert calendar_of(rest).knows(year) is known


def test_rolling_over_a_whole_holiday() -> None:
    assert rolled(date(2026, 10, 1), calendar_of(CHINA)) == date(2026, 10, 8)
    assert rolled(date(2026, 2, 15), calendar_of(CHINA)) == date(2026, 2, 24)


@pytest.mark.parametrize("rest", [RestDays(holidays="XX"), RestDays(holidays="DE", region="NOWHERE")])
def test_an_unknown_country(rest: RestDays) -> None:
    with pytest.raises(InputError, match="no calendar"):
        calendar_of(rest).rests(date(2026, 1, 1))


def test_weekdays_alone_need_no_country() -> None:
    friday = calendar_of(RestDays(weekdays=(Weekday.FRIDAY,)))
    assert friday.rests(date(2026, 5, 22))
    assert not friday.rests(date(2026, 5, 23))
    assert friday.knows(2500)
