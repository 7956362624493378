"""Ageing: what the rows are summed up to is what plain Python makes of the same cases, and of their journals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from decimal import Decimal

import pytest

from dunning_cli.domain.cases import Case
from dunning_cli.domain.days import BUCKETS, bucket
from dunning_cli.domain.debtors import Details
from dunning_cli.domain.entries import HoldReason
from dunning_cli.domain.money import Money
from dunning_cli.domain.reports import Ageing, By
from dunning_cli.domain.terms import Asked
from dunning_cli.services import casework, payments, reports
from dunning_cli.services.cases import add_case
from tests.builders import an_opening, day
from tests.store.databases import Database
from tests.store.desks import a_desk, a_filed_case

GROUPS: dict[By, Callable[[Case], str | None]] = {
    By.CURRENCY: lambda case: None,
    By.CREDITOR: lambda case: case.debt.creditor,
    By.PORTFOLIO: lambda case: case.debt.portfolio,
    By.COLLECTOR: lambda case: case.collector,
    By.STAGE: lambda case: case.stage.value,
}
Sums = dict[tuple[str | None, str, str], tuple[int, int]]


def sums(report: Ageing) -> Sums:
    return {(row.group, row.currency, row.bucket): (row.cases, row.balance.minor) for row in report.rows}


def by_hand(database: Database, by: By, today: str, *, exact: bool) -> Sums:
    """Case by case, from what is loaded of each."""
    counts: Counter[tuple[str | None, str, str]] = Counter()
    owed: Counter[tuple[str | None, str, str]] = Counter()
    with database.store().reading() as tx:
        for number, _, _ in tx.cases.heads():
            case = tx.cases.load(number).case
            if case.outcome is None:
                key = (GROUPS[by](case), case.debt.principal.currency, bucket(case.days_overdue(day(today))))
                counts[key] += 1
                owed[key] += case.owed(day(today) if exact else case.last_on).minor
    return {key: (count, owed[key]) for key, count in counts.items()}


@pytest.mark.parametrize("by", By)
@pytest.mark.parametrize("today", ["2025-02-10", "2025-03-02", "2025-12-01"])
def test_it_is_the_sum_of_the_cases(ledger: Database, by: By, today: str) -> None:
    found = reports.ageing(a_desk(ledger, today), by)
    assert (found.as_of, found.by, found.exact) == (day(today), by, False)
    assert sums(found) == by_hand(ledger, by, today, exact=False)
    assert len(found.rows) == len(sums(found))


@pytest.mark.parametrize("by", By)
def test_as_of_today_it_is_exact(ledger: Database, by: By) -> None:
    found = reports.ageing(a_desk(ledger, "2025-02-10"), by, day("2025-02-10"))
    assert found.exact
    assert sums(found) == by_hand(ledger, by, "2025-02-10", exact=True)


@pytest.mark.parametrize(
    ("days", "expected"),
    [(-5, "current"), (0, "current"), (1, "M1"), (30, "M1"), (31, "M2"), (60, "M2"), (180, "M6"), (181, "M7+")],
)
def test_the_day_before_a_bucket_and_the_day_itself(database: Database, days: int, expected: str) -> None:
    due = day("2025-02-10").toordinal() - days
    a_filed_case(a_desk(database), due=day("2025-02-10").fromordinal(due))
    (row,) = reports.ageing(a_desk(database, "2025-02-10"), By.CURRENCY).rows
    assert (row.bucket, row.cases) == (expected, 1)


def test_interest_since_the_last_entry_is_in_it_as_of_a_day_alone(database: Database) -> None:
    """1,000.00 at 36.5 % a year is 1.00 a day. Opened on 6 January, due on 1 December: 36 days are on the row."""
    add_case(a_desk(database), an_opening(debtor_id=0), Details("W"), interest=Asked(Decimal("36.5")))
    later = a_desk(database, "2025-02-10")
    (row,) = reports.ageing(later, By.CURRENCY).rows
    assert row.balance == Money(100_000 + 3_600, "CNY")
    (row,) = reports.ageing(later, By.CURRENCY, day("2025-02-10")).rows
    assert row.balance == Money(100_000 + 7_100, "CNY")


def test_closed_cases_are_not_in_it_and_held_ones_are(database: Database) -> None:
    for _ in range(3):
        a_filed_case(a_desk(database), owed="70.00 CNY")
    payments.record_payment(a_desk(database), "1", "70.00")
    casework.hold_case(a_desk(database), "2", HoldReason.DISPUTE, None)
    (row,) = reports.ageing(a_desk(database), By.CURRENCY).rows
    assert (row.cases, row.balance.minor) == (2, 14_000)
    (row,) = reports.ageing(a_desk(database, "2025-01-20"), By.CURRENCY, day("2025-01-05")).rows
    assert (row.cases, row.balance.minor) == (3, 21_000)


def test_the_order_and_the_totals(ledger: Database) -> None:
    found = reports.ageing(a_desk(ledger, "2025-02-10"), By.PORTFOLIO)
    keys = [(row.currency, row.group is not None, row.group or "", BUCKETS.index(row.bucket)) for row in found.rows]
    assert keys == sorted(keys)
    assert {total.currency for total in found.totals} == {"CNY", "EUR", "JPY"}
    for total in found.totals:
        mine = [row for row in found.rows if row.currency == total.currency]
        assert (total.cases, total.balance.minor) == (
            sum(row.cases for row in mine),
            sum(row.balance.minor for row in mine),
        )


def test_nothing_at_all(database: Database) -> None:
    found = reports.ageing(a_desk(database), By.CREDITOR)
    assert (found.rows, found.totals) == ((), [])
