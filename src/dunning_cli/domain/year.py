"""A year of a book of cases: where they stood month by month, what came in, what became of plans. From journals alone.

Money counts on its own day, and what was taken back on the day it went; so the months add up to what the cases have
received in the end. Everything else counts on the day on which it was written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct, field

from . import cases as case_of
from .cases import Case
from .days import add_months
from .entries import (
    CaseClosed,
    CaseOpened,
    ContactLogged,
    ContactRefused,
    PlanAccepted,
    PlanBroken,
    PlanCompleted,
)
from .journal import Entry
from .money import Money, rounded


class Month(Struct):
    """`places` are cases by stage at its end, closed ones under `closed`; `recovered` is what came in less what was
    taken back, in minor units by currency; `refused` are contacts that the law did not allow."""

    first: date
    last: date
    places: Counter[str] = field(default_factory=Counter)
    opened: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    recovered: Counter[str] = field(default_factory=Counter)
    contacts: int = 0
    refused: int = 0
    agreed: int = 0
    kept: int = 0
    broken: int = 0

    @property
    def name(self) -> str:
        return self.first.isoformat()[:7]


class Sums(Struct):
    """All cases of one currency; amounts are minor units. `owed` is what the open ones owe at the end."""

    currency: str
    cases: int = 0
    principal: int = 0
    recovered: int = 0
    owed: int = 0
    contacts: int = 0
    spent: int = 0

    def money(self, minor: int) -> Money:
        return Money(minor, self.currency)

    @property
    def share(self) -> Decimal:
        """Per cent of the principal that came back, to one decimal."""
        return Decimal(rounded(Fraction(self.recovered * 1000, self.principal))) / 10 if self.principal else Decimal(0)

    @property
    def per_contact(self) -> Money | None:
        """What came in for each contact."""
        return self.money(rounded(Fraction(self.recovered, self.contacts))) if self.contacts else None

    @property
    def cost_of_100(self) -> Money | None:
        """What contacts cost for every 100 that came in."""
        hundred = Money.of("100", self.currency).minor
        return self.money(rounded(Fraction(self.spent * hundred, self.recovered))) if self.recovered > 0 else None


class Aged(Struct):
    """The open cases of one ageing bucket, and what they owe in minor units by currency."""

    cases: int = 0
    owed: Counter[str] = field(default_factory=Counter)


class Year(Struct):
    """`longest` is the case with the most entries."""

    first: date
    last: date
    months: list[Month]
    cases: int = 0
    entries: int = 0
    sums: dict[str, Sums] = field(default_factory=dict)
    ageing: dict[str, Aged] = field(default_factory=dict)
    outcomes: Counter[str] = field(default_factory=Counter)
    longest: tuple[int, int] = (0, 0)

    @property
    def currencies(self) -> list[str]:
        return sorted(self.sums)


def months_of(first: date, last: date) -> list[Month]:
    """The months from one day to another; the first and the last may be cut short."""
    months: list[Month] = []
    start = first
    while start <= last:
        following = add_months(start.replace(day=1), 1)
        months.append(Month(start, min(last, following - timedelta(days=1))))
        start = following
    return months


def told(
    journals: Iterable[tuple[int, Sequence[Entry]]], first: date, last: date, day_of: Callable[[datetime], date]
) -> Year:
    """What journals tell of the time from one day to another; `day_of` is the creditor's day of an instant."""
    year = Year(first, last, months_of(first, last))
    for number, entries in journals:
        case = _walked(year, number, entries, day_of)
        _money(year, case)
        year.cases += 1
        year.entries += len(entries)
        year.longest = max(year.longest, (len(entries), -number))
    return year


def _walked(year: Year, number: int, entries: Sequence[Entry], day_of: Callable[[datetime], date]) -> Case:
    """Go through a journal and leave in each month what it wrote there, and where it left the case."""
    ends = iter(year.months)
    month = next(ends)
    case: Case | None = None
    for entry in entries:
        while day_of(entry.recorded_at) > month.last and (following := next(ends, None)):
            if case:
                month.places[case.place] += 1
            month = following
        case = case_of.apply(case, entry) if case else case_of.fold(number, [entry])
        _count(month, entry.what)
    if case is None:
        raise ValueError(f"case {number} has no entries")
    for each in (month, *ends):
        each.places[case.place] += 1
    return case


def _count(month: Month, what: object) -> None:
    match what:
        case CaseOpened():
            month.opened += 1
        case CaseClosed(outcome=outcome):
            month.outcomes[outcome] += 1
        case ContactLogged():
            month.contacts += 1
        case ContactRefused():
            month.refused += 1
        case PlanAccepted():
            month.agreed += 1
        case PlanCompleted():
            month.kept += 1
        case PlanBroken():
            month.broken += 1


def _money(year: Year, case: Case) -> None:
    currency = case.debt.principal.currency
    sums = year.sums.setdefault(currency, Sums(currency))
    sums.cases += 1
    sums.principal += case.debt.principal.minor
    sums.recovered += case.paid(year.last).minor
    sums.contacts += len(case.contacts)
    sums.spent += sum(contact.cost.minor for contact in case.contacts if contact.cost)
    for payment in case.payments:
        _book(year, payment.on, currency, payment.amount.minor)
        if payment.reversed_on:
            _book(year, payment.reversed_on, currency, -payment.amount.minor)
    for refund in case.refunds:
        _book(year, refund.on, currency, -refund.amount.minor)
    if case.outcome:
        year.outcomes[case.outcome] += 1
        return
    owed = case.owed(year.last).minor
    sums.owed += owed
    aged = year.ageing.setdefault(case.bucket(year.last), Aged())
    aged.cases += 1
    aged.owed[currency] += owed


def _book(year: Year, on: date, currency: str, minor: int) -> None:
    """What came in before the time that is told counts in its first month; what comes after it, nowhere."""
    if on <= year.last:
        month = next(each for each in year.months if on <= each.last)
        month.recovered[currency] += minor
