"""What the databases make of the store's queries: each finds its rows by an index, none sorts or reads all cases."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from benchmarks.plans import listening, reads_all
from benchmarks.plans import steps as steps_of
from dunning_cli.domain.days import Now
from dunning_cli.domain.entries import Channel
from dunning_cli.domain.money import Money
from dunning_cli.domain.policies import policy_of
from dunning_cli.errors import LineNotFoundError
from dunning_cli.services.cases import list_callable, list_cases
from dunning_cli.services.debtors import show_debtor
from dunning_cli.services.desk import Desk
from dunning_cli.services.worklist import worklist
from dunning_cli.settings import Settings
from dunning_cli.store.cases import SORTS, Filter
from dunning_cli.store.schema import cases
from dunning_cli.store.session import Store, Tx
from tests.builders import day, plain_policy
from tests.store.databases import Database, Templates
from tests.store.desks import a_desk, a_filed_case, a_filed_plan
from tests.store.ledgers import a_ledger

CALL = Channel.CALL
TODAY = day("2025-02-10")
POLICY = policy_of(plain_policy(), 1)


@pytest.fixture
def store(templates: Templates, tmp_path: Path) -> Iterator[Store]:
    with templates.copy("sqlite", tmp_path, a_ledger) as database:
        yield database.store()


def plans(store: Store, ask: Callable[[Tx], Any]) -> list[str]:
    """The steps of SQLite's plans for every query of `ask`."""
    with listening(store.engine) as said, store.reading() as tx:
        ask(tx)
    assert said
    with store.engine.connect() as conn:
        return [step for each in steps_of(conn, said) for step in each]


def _sorts(steps: list[str]) -> bool:
    """Whether all rows are sorted; equal ones among them may be, by their number."""
    return "USE TEMP B-TREE FOR ORDER BY" in steps


def _reads_all(steps: list[str]) -> bool:
    """Whether a table is read from end to end without an index."""
    return any(map(reads_all, steps))


def _a_line(tx: Tx) -> object:
    with pytest.raises(LineNotFoundError):
        tx.bank_lines.load(1)
    return None


def _all_due(tx: Tx, beyond: tuple[date, int] | None) -> object:
    return tx.cases.due(TODAY, beyond, 100)


@pytest.mark.parametrize(
    ("ask", "index"),
    [
        pytest.param(lambda tx: tx.cases.load(1), "INTEGER PRIMARY KEY", id="load"),
        pytest.param(lambda tx: tx.cases.load_many([1, 2]), "INTEGER PRIMARY KEY", id="load-many"),
        pytest.param(lambda tx: tx.cases.records(1), "sqlite_autoindex_entries_1", id="a-journal"),
        pytest.param(lambda tx: tx.cases.records(1, 3), "sqlite_autoindex_entries_1", id="a-part-of-a-journal"),
        pytest.param(lambda tx: tx.cases.heads(1), "INTEGER PRIMARY KEY", id="head"),
        pytest.param(lambda tx: tx.cases.find("A-1"), "sqlite_autoindex_case_refs_1", id="find"),
        pytest.param(lambda tx: tx.cases.find("Acme/A-1"), "sqlite_autoindex_case_refs_1", id="find-by-both"),
        pytest.param(lambda tx: tx.cases.by_creditor("Acme", "A-1"), "sqlite_autoindex_case_refs_1", id="by-creditor"),
        pytest.param(lambda tx: tx.cases.of_debtor([1, 2]), "ix_cases_debtor_id", id="of-a-debtor"),
        pytest.param(lambda tx: tx.debtors.load(1), "INTEGER PRIMARY KEY", id="debtor"),
        pytest.param(lambda tx: tx.debtors.named("wang"), "ix_debtors_name_key", id="named"),
        pytest.param(lambda tx: tx.debtors.by_ref("K", "Acme"), "sqlite_autoindex_debtor_refs_1", id="debtor-ref"),
        pytest.param(lambda tx: tx.requests.find("k", ""), "sqlite_autoindex_requests_1", id="request"),
        pytest.param(lambda tx: tx.bank_lines.known(["k"]), "sqlite_autoindex_bank_lines_1", id="bank-line"),
        pytest.param(
            lambda tx: tx.bank_lines.on_days(["r"], [TODAY]), "ix_bank_lines_reference", id="bank-lines-by-reference"
        ),
        pytest.param(lambda tx: tx.bank_lines.accounts(["a"]), "ix_bank_lines_account_key", id="accounts"),
        pytest.param(lambda tx: tx.bank_lines.booked(1, 2), "ix_bank_lines_case_id", id="booked"),
        pytest.param(lambda tx: tx.bank_lines.waiting(50), "ix_bank_lines_waits_number", id="waiting"),
        pytest.param(lambda tx: tx.bank_lines.count_waiting(), "ix_bank_lines_waits_number", id="count-waiting"),
        pytest.param(_a_line, "ix_bank_lines_number", id="a-bank-line"),
        pytest.param(lambda tx: tx.cases.by_references(["A-1"]), "sqlite_autoindex_case_refs_1", id="by-references"),
        pytest.param(lambda tx: _all_due(tx, None), "ix_cases_next_action_on_case_id", id="due"),
        pytest.param(lambda tx: _all_due(tx, (TODAY, 3)), "ix_cases_next_action_on_case_id", id="due-further-on"),
        pytest.param(lambda tx: tx.cases.count_due(TODAY), "ix_cases_next_action_on_case_id", id="count-due"),
        pytest.param(
            lambda tx: tx.cases.count_stale(POLICY, TODAY), "ix_cases_policy_reviewed_under_case_id", id="count-stale"
        ),
        pytest.param(
            lambda tx: tx.cases.stale(POLICY, TODAY, 0, 10), "ix_cases_policy_reviewed_under_case_id", id="stale"
        ),
        pytest.param(
            lambda tx: tx.cases.following("default", ("x", 3), 10),
            "ix_cases_policy_reviewed_under_case_id",
            id="following",
        ),
        pytest.param(
            lambda tx: tx.cases.count_following("default"),
            "ix_cases_policy_reviewed_under_case_id",
            id="count-following",
        ),
        pytest.param(lambda tx: tx.cases.rate_tables(), "ix_cases_rates_case_id", id="rate-tables"),
        pytest.param(lambda tx: tx.cases.reading_rates("x", 0, 10), "ix_cases_rates_case_id", id="reading-rates"),
        pytest.param(lambda tx: tx.cases.law_due(TODAY, None, 9), "ix_cases_warn_on_case_id", id="law-due"),
        pytest.param(lambda tx: tx.cases.law_due(TODAY, (TODAY, 3), 9), "ix_cases_warn_on_case_id", id="law-due-on"),
        pytest.param(
            lambda tx: tx.cases.law_unknown("cn", 0, 9), "ix_cases_jurisdiction_law_under_case_id", id="law-unknown"
        ),
        pytest.param(
            lambda tx: tx.cases.law_outdated("cn", "", "a", ("", 0), 9),
            "ix_cases_jurisdiction_law_under_case_id",
            id="law-outdated",
        ),
        pytest.param(
            lambda tx: list(tx.cases.jurisdictions()), "ix_cases_jurisdiction_law_under_case_id", id="jurisdictions"
        ),
        pytest.param(lambda tx: tx.cases.nearing(TODAY, None, 9), "ix_cases_deadline_on_case_id", id="nearing"),
    ],
)
def test_a_query_finds_its_rows_by_an_index(store: Store, ask: Callable[[Tx], Any], index: str) -> None:
    steps = plans(store, ask)
    assert all(index in step for step in steps if step.startswith(("SEARCH", "SCAN"))), steps
    assert not _reads_all(steps), steps


@pytest.mark.parametrize(
    "ask",
    [
        pytest.param(lambda tx: _all_due(tx, None), id="due"),
        pytest.param(lambda tx: _all_due(tx, (TODAY, 3)), id="due-further-on"),
        pytest.param(lambda tx: tx.cases.records(1), id="a-journal"),
        pytest.param(lambda tx: tx.cases.law_due(TODAY, (TODAY, 3), 9), id="law-due"),
        pytest.param(lambda tx: tx.cases.law_unknown("cn", 5, 9), id="law-unknown"),
        pytest.param(lambda tx: tx.cases.law_outdated("cn", "", "a", ("0", 4), 9), id="law-outdated"),
        pytest.param(lambda tx: tx.cases.nearing(TODAY, None, 9), id="nearing"),
        pytest.param(lambda tx: tx.cases.following("default", ("x", 3), 10), id="following"),
        *(pytest.param(lambda tx, s=s: tx.cases.page(Filter(), s, TODAY, 50), id=f"list-by-{s}") for s in SORTS),
    ],
)
def test_nothing_is_sorted(store: Store, ask: Callable[[Tx], Any]) -> None:
    """The index already has the order: a page costs what it shows, whatever there is."""
    steps = plans(store, ask)
    assert not _sorts(steps), steps
    assert not _reads_all(steps), steps


@pytest.mark.parametrize(
    ("ask", "indexes"),
    [
        pytest.param(
            lambda tx: tx.bank_lines.credits(["r"], [100]),
            {"ix_bank_lines_reference", "ix_bank_lines_end_to_end"},
            id="credits",
        ),
        pytest.param(lambda tx: tx.debtors.by_names(["wang"], 5), {"ix_debtors_name_key"}, id="by-names"),
        pytest.param(lambda tx: tx.cases.open_of_debtors([1], 5), {"ix_cases_debtor_id"}, id="open-of-debtors"),
        pytest.param(lambda tx: tx.cases.of_balance(Money(100, "CNY"), 5), {"ix_cases_balance"}, id="of-a-balance"),
    ],
)
def test_what_a_line_is_matched_by_is_found_by_an_index(
    store: Store, ask: Callable[[Tx], Any], indexes: set[str]
) -> None:
    """What is found is few; it may be sorted, and read again."""
    searched = [step for step in plans(store, ask) if step.startswith("SEARCH")]
    assert {index for index in indexes for step in searched if index in step} == indexes, searched
    assert len(searched) == len(indexes), searched


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize(
    "wanted",
    [
        pytest.param(Filter(stage="contact"), id="stage"),
        pytest.param(Filter(status="open"), id="status"),
        pytest.param(Filter(collector="li"), id="collector"),
        pytest.param(Filter(debtor="wang"), id="debtor"),
        pytest.param(Filter(overdue_over=30), id="overdue"),
        pytest.param(Filter(creditor="Acme"), id="creditor"),
        pytest.param(Filter(portfolio="2024"), id="portfolio"),
        pytest.param(Filter(currency="EUR"), id="currency"),
    ],
)
def test_no_filter_reads_all_cases(store: Store, sort: str, wanted: Filter) -> None:
    steps = plans(store, lambda tx: tx.cases.page(wanted, sort, TODAY, 50))
    assert not _reads_all(steps), steps


ONE_OF_EACH = {"stage": "contact", "creditor": "Acme", "portfolio": "2024", "currency": "CNY"}
ORDERS = {
    "next_action": "ix_cases_next_action_on_case_id",
    "overdue": "ix_cases_status_due_on",
    "balance": "ix_cases_balance",
    "reference": "ix_cases_reference",
}


@pytest.mark.parametrize(
    ("wanted", "sort", "index"),
    [
        pytest.param(Filter(status="open"), "next_action", "ix_cases_next_action_on_case_id", id="open-by-next-action"),
        pytest.param(Filter(status="open"), "balance", "ix_cases_balance", id="open-by-balance"),
        pytest.param(Filter(status="closed"), "next_action", "ix_cases_next_action_on_case_id", id="closed"),
        pytest.param(Filter(status="closed"), "overdue", "ix_cases_days_at_close", id="closed-by-overdue"),
        pytest.param(Filter(collector="li"), "reference", "ix_cases_reference", id="of-a-collector-by-reference"),
        pytest.param(Filter(collector="li"), "next_action", "ix_cases_collector_next_action_on", id="of-a-collector"),
        *(
            pytest.param(replace(Filter(), **{name: value}), sort, index, id=f"of-a-{name}-by-{sort}")
            for name, value in ONE_OF_EACH.items()
            for sort, index in ORDERS.items()
        ),
    ],
)
def test_many_cases_are_walked_through_in_order_and_few_are_sorted(
    store: Store, monkeypatch: pytest.MonkeyPatch, wanted: Filter, sort: str, index: str
) -> None:
    """However many cases a status or a collector has, a page costs about what it shows."""
    few, expected = pages(store, wanted, sort)
    monkeypatch.setattr("dunning_cli.store.cases._MANY", 1)
    many, found = pages(store, wanted, sort)
    assert found == expected
    assert found
    assert not _sorts(many), many
    assert any(index in step for step in many), many
    assert all(step.startswith(("SEARCH", "SCAN cases USING INDEX", "USE TEMP B-TREE FOR")) for step in few), few


@pytest.mark.parametrize("sort", SORTS)
@pytest.mark.parametrize(("name", "value"), ONE_OF_EACH.items())
def test_what_few_cases_have_is_found_by_an_index_in_every_order(
    store: Store, name: str, value: str, sort: str
) -> None:
    """A rare value must not cost a walk through all cases, which looks for a page that is never full."""
    steps, found = pages(store, replace(Filter(), **{name: value}), sort)
    reading = [step for step in steps if step.startswith(("SEARCH cases", "SCAN cases"))]
    assert found
    assert all(f"ix_cases_{name} " in step or "days_at_close" in step for step in reading), reading


@pytest.mark.parametrize("after", [None, (5000, 3)], ids=["first", "further-on"])
@pytest.mark.parametrize(
    "names", [*((name,) for name in ONE_OF_EACH), ("stage", "currency"), ("creditor", "portfolio")], ids="-".join
)
def test_a_worklist_of_few_cases_is_found_by_them_and_one_of_many_by_their_worth(
    store: Store, monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...], after: tuple[int, int] | None
) -> None:
    wanted = replace(Filter(), **{name: ONE_OF_EACH[name] for name in names})

    def steps() -> list[str]:
        return plans(store, lambda tx: tx.cases.ranked(wanted, TODAY, after, 50))

    assert any(f"ix_cases_{name} " in steps()[-2] for name in names)
    monkeypatch.setattr("dunning_cli.store.cases._MANY", 1)
    assert "ix_cases_worth_case_id" in steps()[-1]


def pages(store: Store, wanted: Filter, sort: str) -> tuple[list[str], list[int]]:
    """The steps of a page's plans, and the cases that are on it."""
    found: list[int] = []

    def ask(tx: Tx) -> None:
        found.extend(filed.case.case_id for filed in tx.cases.page(wanted, sort, TODAY, 50))

    return plans(store, ask), found


@pytest.mark.parametrize(
    "ask",
    [
        *(
            pytest.param(lambda desk, w=wanted, s=sort: list_cases(desk, w, sort=s, limit=2), id=f"{name}-by-{sort}")
            for name, wanted in (("all", Filter()), ("open", Filter(status="open")), ("stage", Filter(stage="contact")))
            for sort in SORTS
        ),
        pytest.param(lambda desk: list_cases(desk, Filter(creditor="Acme"), limit=2), id="creditor"),
        pytest.param(lambda desk: list_cases(desk, Filter(portfolio="2024"), limit=1), id="portfolio"),
        pytest.param(lambda desk: list_cases(desk, Filter(currency="CNY"), limit=2), id="currency"),
        pytest.param(lambda desk: list_cases(desk, Filter(overdue_over=30), limit=2), id="overdue"),
        pytest.param(lambda desk: list_cases(desk, Filter(debtor="wang"), limit=1), id="debtor"),
        pytest.param(lambda desk: list_callable(desk, Filter(), CALL, sort="next_action", limit=2), id="callable"),
        pytest.param(lambda desk: worklist(desk, Filter(), limit=2), id="worklist"),
        pytest.param(lambda desk: show_debtor(desk, 1), id="show-debtor"),
    ],
)
def test_no_list_reads_all_cases(store: Store, ask: Callable[[Desk], Any]) -> None:
    """All that a command asks of the database, also when its limit leaves cases out."""
    desk = Desk(Settings(str(store.engine.url)), Now(datetime(2025, 2, 10, 9, tzinfo=UTC), UTC, "li"), store=store)
    with listening(store.engine) as said:
        ask(desk)
    with store.engine.connect() as conn:
        asked = [step for each in steps_of(conn, said) for step in each]
    assert asked
    assert not any(reads_all(step, "cases") for step in asked), asked
    assert not any("SCAN cases USING COVERING INDEX" in step for step in asked), asked


WORKLISTS = [
    pytest.param(Filter(), ["ix_cases_worth_case_id"], id="all"),
    pytest.param(Filter(collector="li"), ["ix_cases_collector_worth_case_id"], id="of-a-collector"),
    pytest.param(
        Filter(collector="li", or_nobody=True), ["ix_cases_collector_worth_case_id"] * 2, id="of-a-collector-or-nobody"
    ),
]


@pytest.mark.parametrize("after", [None, (5000, 3)], ids=["first", "further-on"])
@pytest.mark.parametrize(
    ("wanted", "indexes"),
    [*WORKLISTS, pytest.param(Filter(overdue_over=30), ["ix_cases_worth_case_id"], id="overdue")],
)
def test_the_worklist_is_read_off_an_index(
    store: Store, wanted: Filter, indexes: list[str], after: tuple[int, int] | None
) -> None:
    steps = plans(store, lambda tx: tx.cases.ranked(wanted, TODAY, after, 50))
    assert len(steps) == len(indexes), steps
    assert all(index in step for index, step in zip(indexes, steps, strict=True)), steps


@pytest.mark.parametrize(
    ("ask", "index"),
    [
        pytest.param(
            lambda tx: tx.cases.promised(Filter(), TODAY, TODAY, 50), "ix_cases_next_action_on_case_id", id="promised"
        ),
        pytest.param(lambda tx: tx.cases.lapsing(Filter(), TODAY, TODAY, 50), "ix_cases_deadline_on", id="lapsing"),
        pytest.param(lambda tx: tx.cases.unranked(1, (-2, 0), 50), "ix_cases_worth_under_case_id", id="unranked"),
        pytest.param(lambda tx: tx.cases.count_unranked(1), "ix_cases_worth_under_case_id", id="count-unranked"),
        pytest.param(lambda tx: tx.leases.of([1, 2], ""), "INTEGER PRIMARY KEY", id="leases"),
        pytest.param(lambda tx: tx.leases.held_by("li", ""), "ix_leases_collector", id="leases-of-a-collector"),
    ],
)
def test_what_the_worklist_looks_for_besides_is_found_by_an_index(
    store: Store, ask: Callable[[Tx], Any], index: str
) -> None:
    steps = plans(store, ask)
    assert all(index in step for step in steps if step.startswith(("SEARCH", "SCAN"))), steps
    assert not _reads_all(steps), steps


MANY = """INSERT INTO cases SELECT {columns} FROM cases, generate_series(1, 20000) n WHERE case_id = 1"""


@pytest.fixture
def many(postgres: Database) -> Iterator[Database]:
    """A server's database of 20,000 open cases, half of them of one collector, which knows its own statistics."""
    a_filed_case(a_desk(postgres), collector="li")
    names = [column.name for column in cases.columns]
    values = {"case_id": "1000 + n", "worth": "n * 7919 % 100003", "collector": "CASE n % 2 WHEN 0 THEN 'li' END"}
    columns = ", ".join(values.get(name, f"cases.{name}") for name in names)
    postgres.sql(MANY.format(columns=columns))
    postgres.sql("ANALYZE cases")
    yield postgres
    postgres.sql("DELETE FROM cases WHERE case_id > 1")


@pytest.mark.parametrize("postgres", ["postgres"], indirect=True)  # a cluster merges what its workers have sorted
@pytest.mark.parametrize("after", [None, (5000, 3)], ids=["first", "further-on"])
@pytest.mark.parametrize(
    ("wanted", "indexes"),
    [
        *WORKLISTS,
        pytest.param(Filter(stage="contact", currency="CNY"), ["ix_cases_worth_case_id"], id="filtered"),
    ],
)
def test_a_server_reads_the_worklist_off_an_index_as_well(
    many: Database, wanted: Filter, indexes: list[str], after: tuple[int, int] | None
) -> None:
    store = many.store()
    with listening(store.engine) as said, store.reading() as tx:
        tx.cases.ranked(wanted, TODAY, after, 50)
    with store.engine.connect() as conn:
        steps = ["\n".join(each) for each in steps_of(conn, said)]
    assert len(steps) == len(indexes), steps
    for step in steps:
        assert re.search(r"Index Scan Backward using ix_cases_(collector_)?worth_case_id", step), step
        assert "Seq Scan" not in step, step
        assert "Sort" not in step, step


def test_saving_a_case_finds_it_by_its_number(sqlite: Database) -> None:
    store = sqlite.store()
    with listening(store.engine) as said:
        a_filed_plan(a_desk(sqlite, store=store))
    updates = [(s, p) for s, p in said if s.startswith("UPDATE cases")]
    assert updates
    with store.engine.connect() as conn:
        for steps in steps_of(conn, updates):
            assert steps == ["SEARCH cases USING INTEGER PRIMARY KEY (rowid=?)"]
