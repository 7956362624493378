"""Reports over all cases."""

from __future__ import annotations

from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

from ..domain.days import bucket
from ..domain.money import Money
from ..domain.reports import Aged, Ageing, By
from ..domain.reports import ageing as ageing_of
from .cases import folded_as_of
from .desk import Desk

if TYPE_CHECKING:
    from ..domain.cases import Case
    from ..store.session import Tx


def ageing(desk: Desk, by: By, as_of: date | None = None) -> Ageing:
    """What is owed by how long it is overdue: today, out of the rows, in one query; or as of the end of a day, to the
    cent, out of every journal, which takes as long as listing all cases as of that day."""
    with desk.store.reading() as tx:
        if as_of is None:
            today, column = desk.now.today, None if by is By.CURRENCY else by.value
            found = tx.cases.aged(column, today)
            rows = [Aged(group, code, age, count, Money(owed, code)) for group, code, age, count, owed in found]
            return ageing_of(today, by, rows, exact=False)
        return ageing_of(as_of, by, _as_of(tx, by, as_of), exact=True)


def _as_of(tx: Tx, by: By, day: date) -> list[Aged]:
    counts: Counter[tuple[str | None, str, str]] = Counter()
    sums: Counter[tuple[str | None, str, str]] = Counter()
    for case, _ in folded_as_of(tx, day):
        if case.outcome is None:
            owed = case.owed(day)
            key = (_group(case, by), owed.currency, bucket(case.days_overdue(day)))
            counts[key] += 1
            sums[key] += owed.minor
    return [
        Aged(group, currency, age, count, Money(sums[group, currency, age], currency))
        for (group, currency, age), count in counts.items()
    ]


def _group(case: Case, by: By) -> str | None:
    match by:
        case By.CURRENCY:
            return None
        case By.CREDITOR:
            return case.debt.creditor
        case By.PORTFOLIO:
            return case.debt.portfolio
        case By.COLLECTOR:
            return case.collector
        case By.STAGE:
            return case.stage.value
