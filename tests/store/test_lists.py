"""Lists in every order and under every filter are what plain Python makes of the same cases."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import event

from dunning_cli.domain.cases import Case
from dunning_cli.services.cases import list_cases
from dunning_cli.store.cases import SORTS, Filed, Filter
from dunning_cli.store.session import Store
from tests.builders import day
from tests.store.databases import Database
from tests.store.desks import a_desk, a_filed_case

TODAY = "2025-02-10"
NEVER = date.max

ORDERS: dict[str, Callable[[Filed], tuple[Any, ...]]] = {
    "next_action": lambda f: (f.next_action is None, f.next_action.on if f.next_action else NEVER),
    "overdue": lambda f: (-f.case.days_overdue(day(TODAY)),),
    "balance": lambda f: (-f.case.owed(f.case.last_on).minor,),
    "reference": lambda f: (f.case.debt.reference is None, f.case.debt.reference or ""),
}
FILTERS: list[tuple[str, Filter, Callable[[Case], bool]]] = [
    ("all", Filter(), lambda c: True),
    ("stage", Filter(stage="contact"), lambda c: c.stage == "contact"),
    ("open", Filter(status="open"), lambda c: c.status == "open"),
    ("on-hold", Filter(status="on_hold"), lambda c: c.status == "on_hold"),
    ("closed", Filter(status="closed"), lambda c: c.status == "closed"),
    ("collector", Filter(collector="li"), lambda c: c.collector == "li"),
    ("debtor", Filter(debtor="wang l"), lambda c: c.debt.debtor_id == 3),
    ("no-debtor", Filter(debtor="nobody"), lambda c: False),
    ("overdue", Filter(overdue_over=70), lambda c: c.days_overdue(day(TODAY)) > 70),
    ("overdue-to-the-day", Filter(overdue_over=71), lambda c: c.days_overdue(day(TODAY)) > 71),
    ("not-yet-due", Filter(overdue_over=-100), lambda c: c.days_overdue(day(TODAY)) > -100),
    ("creditor", Filter(creditor="River Bank"), lambda c: c.debt.creditor == "River Bank"),
    ("portfolio", Filter(portfolio="2024"), lambda c: c.debt.portfolio == "2024"),
    ("currency", Filter(currency="EUR"), lambda c: c.debt.principal.currency == "EUR"),
    (
        "several-of-a-creditor",
        Filter(status="open", creditor="Acme", portfolio="2024", currency="CNY"),
        lambda c: (c.status, c.debt.creditor, c.debt.portfolio) == ("open", "Acme", "2024"),
    ),
    (
        "several",
        Filter(stage="contact", status="closed", collector="li", overdue_over=10),
        lambda c: (c.stage, c.status, c.collector) == ("contact", "closed", "li") and c.days_overdue(day(TODAY)) > 10,
    ),
]


@pytest.fixture
def store(ledger: Database) -> Store:
    return ledger.store()


def _all(store: Store) -> list[Filed]:
    with store.reading() as tx:
        return [tx.cases.load(number) for number, _, _ in tx.cases.heads()]


def test_the_ledger_is_worth_listing(store: Store) -> None:
    filed = _all(store)
    assert {(f.case.stage, f.case.status) for f in filed} >= {
        ("contact", "open"),
        ("contact", "on_hold"),
        ("contact", "closed"),
        ("negotiation", "open"),
        ("monitoring", "open"),
        ("legal", "open"),
    }
    for sort, order in ORDERS.items():  # each order has something to tell apart by the number
        assert len({order(f) for f in filed}) < len(filed), sort


@pytest.mark.parametrize("sort", SORTS)
def test_every_order_and_filter_and_limit(store: Store, sort: str) -> None:
    filed = _all(store)
    with store.reading() as tx:
        for name, wanted, keeps in FILTERS:
            kept = [f for f in filed if keeps(f.case)]
            expected = sorted(kept, key=lambda f: (*ORDERS[sort](f), f.case.case_id))
            for limit in (0, 1, 2, len(kept), len(kept) + 1):
                found = tx.cases.page(wanted, sort, day(TODAY), limit)
                numbers = [f.case.case_id for f in expected[: limit or None]]
                assert [f.case.case_id for f in found] == numbers, (name, limit)
                assert found == expected[: limit or None]


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize("limit", [pytest.param(0, id="all"), pytest.param(4, id="four")])
def test_a_list_as_of_today_is_the_list(store: Store, ledger: Database, sort: str, limit: int) -> None:
    """Folded from the journals or read from the rows: the same cases in the same order, and the same word on more."""
    desk = a_desk(ledger, TODAY, store=store)
    for name, wanted, _ in FILTERS:
        now, more = list_cases(desk, wanted, sort=sort, limit=limit)
        then, more_then = list_cases(desk, wanted, sort=sort, limit=limit, as_of=day(TODAY))
        assert [v.case.case_id for v in now] == [v.case.case_id for v in then], name
        assert [v.head for v in now] == [v.head for v in then]
        assert more == more_then
        assert len(now) == limit or not more


@pytest.mark.parametrize(
    ("beginning", "expected"),
    [
        pytest.param("wang", {"Wang Fang", "Wang Li", "ＷＡＮＧ Wei"}, id="case-and-width"),
        pytest.param("WANG  w", {"ＷＡＮＧ Wei"}, id="white-space"),
        pytest.param("王", {"王芳"}, id="chinese"),
        pytest.param("Fang", set(), id="not-the-beginning"),
        pytest.param("%", set(), id="no-pattern"),
        pytest.param("wang\U0010ffff", set(), id="beyond-all"),
    ],
)
def test_debtors_by_the_beginning_of_their_name(
    store: Store, ledger: Database, beginning: str, expected: set[str]
) -> None:
    desk = a_desk(ledger, TODAY, store=store)
    for as_of in (None, day(TODAY)):
        views, more = list_cases(desk, Filter(debtor=beginning), as_of=as_of)
        assert {view.debtor.name for view in views} == expected
        assert not more


def test_a_list_as_of_a_day_leaves_out_what_was_incurred_later(database: Database) -> None:
    desk = a_desk(database)
    a_filed_case(desk, incurred=day("2024-10-01"))
    a_filed_case(desk)
    for as_of, expected in (("2024-09-30", [2]), ("2024-10-01", [1, 2])):
        views, _ = list_cases(desk, Filter(), as_of=day(as_of), sort="reference")
        assert [view.case.case_id for view in views] == expected


def test_more_debtors_are_loaded_than_a_statement_takes(database: Database) -> None:
    a_filed_case(a_desk(database))
    with database.store().reading() as tx:
        takes = {"sqlite": 250_000, "postgresql": 65_535}[database.kind]
        assert list(tx.debtors.load_many(range(1, takes + 2))) == [1]


def test_a_name_that_very_many_debtors_have_is_found_without_listing_them(
    store: Store,
) -> None:
    """The query itself knows whose name begins so: no list of numbers goes through the program."""
    said: list[tuple[str, object]] = []

    @event.listens_for(store.engine, "before_cursor_execute")
    def _listen(conn: object, cursor: object, statement: str, parameters: object, *_: object) -> None:
        said.append((statement, parameters))

    with store.reading() as tx:
        tx.cases.page(Filter(debtor="w"), "balance", day(TODAY), 0)
    (found,) = [parameters for statement, parameters in said if "FROM cases" in statement]
    assert len(found) == 2  # type: ignore[arg-type]
