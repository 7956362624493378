"""The pages of the nightly run: every case once, none left out, however the pages fall."""

from __future__ import annotations

from datetime import date

import pytest

from dunning_cli.domain.policies import policy_of
from dunning_cli.store.session import Store
from tests.builders import day, plain_policy
from tests.store.databases import Database

EARLY, TODAY = day("2025-02-04"), day("2025-03-20")


@pytest.fixture
def store(ledger: Database) -> Store:
    return ledger.store()


def _due(store: Store, today: date, size: int) -> list[tuple[date, int]]:
    found: list[tuple[date, int]] = []
    beyond: tuple[date, int] | None = None
    with store.reading() as tx:
        while (batch := tx.cases.due(today, beyond, size)).filed:
            assert len(batch.filed) <= size
            found += [(f.next_action.on, f.case.case_id) for f in batch.filed if f.next_action]
            assert isinstance(batch.beyond, tuple)
            beyond = batch.beyond
    return found


@pytest.mark.parametrize("size", [1, 2, 3, 100])
@pytest.mark.parametrize(
    "today",
    [
        pytest.param("2025-01-05", id="nothing"),
        pytest.param("2025-03-07", id="some-on-the-very-day"),
        pytest.param("2025-12-31", id="all-that-ever-will-be"),
    ],
)
def test_what_is_due_comes_once_in_the_order_of_its_day(store: Store, today: str, size: int) -> None:
    with store.reading() as tx:
        filed = [tx.cases.load(number) for number, _, _ in tx.cases.heads()]
        count = tx.cases.count_due(day(today))
    expected = sorted(
        (f.next_action.on, f.case.case_id) for f in filed if f.next_action and f.next_action.on <= day(today)
    )
    assert _due(store, day(today), size) == expected
    assert count == len(expected)


def test_several_cases_are_due_on_one_day(store: Store) -> None:
    days = [on for on, _ in _due(store, TODAY, 100)]
    assert len(set(days)) < len(days)


@pytest.mark.parametrize("size", [1, 2, 100])
def test_what_a_new_policy_has_not_seen_comes_once(store: Store, size: int) -> None:
    """All open cases that are not due anyway, in the order of their number; closed ones never."""
    policy = policy_of(plain_policy(contact={"max_days": 90}), 1)
    with store.reading() as tx:
        filed = [tx.cases.load(number) for number, _, _ in tx.cases.heads()]
        expected = [
            f.case.case_id
            for f in filed
            if f.case.outcome is None and not (f.next_action and f.next_action.on <= EARLY)
        ]
        found: list[int] = []
        beyond = 0
        while (batch := tx.cases.stale(policy, EARLY, beyond, size)).filed:
            found += [f.case.case_id for f in batch.filed]
            assert isinstance(batch.beyond, int)
            beyond = batch.beyond
        assert found == expected
        assert tx.cases.count_stale(policy, EARLY) == len(expected) > 2


def test_under_the_policy_of_their_rows_nothing_is_stale(store: Store) -> None:
    with store.reading() as tx:
        policy = tx.policies.get("default")
        assert tx.cases.count_stale(policy, TODAY) == 0
        assert tx.cases.stale(policy, TODAY, 0, 10).filed == []


def test_another_policy_s_cases_are_its_own(store: Store) -> None:
    with store.reading() as tx:
        assert tx.cases.count_stale(policy_of(plain_policy(name="strict"), 1), TODAY) == 0


@pytest.mark.parametrize(
    "state",
    [
        pytest.param("not json", id="no-json"),
        pytest.param("{}", id="nothing-in-it"),
        pytest.param("null", id="null"),
        pytest.param("[]", id="a-list"),
        pytest.param('{"stage": 7}', id="a-word-that-is-none"),
    ],
)
@pytest.mark.breaks_the_journal
def test_a_row_that_cannot_be_read_does_not_hide_the_others(store: Store, ledger: Database, state: str) -> None:
    ledger.sql("UPDATE cases SET state = :state WHERE case_id = 6", state=state)
    with store.reading() as tx:
        batch = tx.cases.due(TODAY, None, 100)
    ((number, reason),) = batch.unreadable
    assert number == 6
    assert "dunning audit verify" in reason
    assert len(batch.filed) == len(_due_numbers(ledger)) - 1


def _due_numbers(database: Database) -> list[tuple[int]]:
    return database.sql("SELECT case_id FROM cases WHERE next_action_on <= :today", today=TODAY.isoformat())
