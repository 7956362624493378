"""Public holidays of the world, from the `holidays` library, as calendars of the domain.

The library is imported when a rule asks for a country's holidays, and a year's days are made when one is asked for.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from ..domain.calendars import Calendar, RestDays, Week, Weekday, weekday
from ..errors import InputError


@cache
def calendar_of(rest: RestDays) -> Calendar:
    """The calendar that a rule names; InputError where its country or region is unknown."""
    if not rest.holidays:
        return Week(frozenset(rest.weekdays))
    return _Country(rest, _country(rest))


@cache
def working_week(place: str) -> RestDays:
    """The rest days of a country (`CN`) or a part of it (`DE-BY`): its own weekend and its public holidays.

    None at all where the place is empty, so that every day counts. InputError where it is unknown.
    """
    if not place:
        return RestDays()
    country, _, region = place.partition("-")
    found = _country(RestDays(holidays=country, region=region))
    weekdays = tuple(list(Weekday)[number] for number in sorted(found.weekend))
    return RestDays(weekdays=weekdays, holidays=country, region=region)


def _country(rest: RestDays) -> Any:
    from holidays import country_holidays

    try:
        return country_holidays(rest.holidays, subdiv=rest.region or None, observed=rest.observed, expand=False)
    except NotImplementedError as error:
        raise InputError(
            "There is no calendar of the country '{country}', region '{region}'.",
            hint="Countries are named by two letters, regions as the library 'holidays' names them.",
            country=rest.holidays,
            region=rest.region,
        ) from error


@dataclass(slots=True)
class _Country:
    """The rest days of a country: its holidays, and its weekend but for the days that are worked instead."""

    rest: RestDays
    country: Any
    years: dict[int, tuple[frozenset[date], frozenset[date]]] = field(default_factory=dict)

    def rests(self, day: date) -> bool:
        holidays, worked = self._year(day.year)
        return day in holidays or (weekday(day) in self.rest.weekdays and day not in worked)

    def knows(self, year: int) -> bool:
        """A year without holidays lies outside the library; a year without make-up days was not decreed yet."""
        holidays, worked = self._year(year)
        return bool(holidays) and bool(worked or not self.rest.decreed)

    def _year(self, year: int) -> tuple[frozenset[date], frozenset[date]]:
        if year not in self.years:
            country = type(self.country)(
                years=year, subdiv=self.rest.region or None, observed=self.rest.observed, expand=False
            )
            # Some make-up days of other years stand in the library's list, whatever year is asked for.
            worked = frozenset(day for day in getattr(country, "weekend_workdays", ()) if day.year == year)
            self.years[year] = (frozenset(country), worked)
        return self.years[year]
