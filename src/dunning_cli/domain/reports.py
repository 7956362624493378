"""Reports over all cases, as plain data: how old what is owed has become."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import StrEnum

from msgspec import Struct

from .days import BUCKETS
from .money import Money


class By(StrEnum):
    """What a report is broken down by. Currencies always stand apart: nothing is converted."""

    CURRENCY = "currency"
    CREDITOR = "creditor"
    PORTFOLIO = "portfolio"
    COLLECTOR = "collector"
    STAGE = "stage"


class Aged(Struct, frozen=True):
    """Open cases of one group and currency in one bucket, and what is owed on them. `group` is None for the cases that
    have none, and where nothing but the currency tells them apart."""

    group: str | None
    currency: str
    bucket: str
    cases: int
    balance: Money


class Ageing(Struct, frozen=True):
    """What is owed on the cases that are open or on hold, by how long it is overdue on a day.

    `exact`: what is owed at the end of the day, interest included. Otherwise it is what was owed on each case on the
    last day of which its journal speaks.
    """

    as_of: date
    by: By
    exact: bool
    rows: tuple[Aged, ...]

    @property
    def totals(self) -> list[Aged]:
        """The sum of each currency, its bucket empty."""
        return [
            Aged(None, currency, "", *_sum(row for row in self.rows if row.currency == currency))
            for currency in sorted({row.currency for row in self.rows})
        ]


def ageing(as_of: date, by: By, rows: Iterable[Aged], *, exact: bool) -> Ageing:
    """A report with its rows in order: by currency, group (none first), and age."""
    place = {bucket: number for number, bucket in enumerate(BUCKETS)}
    ordered = sorted(rows, key=lambda row: (row.currency, row.group is not None, row.group or "", place[row.bucket]))
    return Ageing(as_of, by, exact, tuple(ordered))


def _sum(rows: Iterable[Aged]) -> tuple[int, Money]:
    found = list(rows)
    total = sum(row.balance.minor for row in found)
    return sum(row.cases for row in found), Money(total, found[0].currency)
