"""The benchmarks of lists, of the audit and of the rules run small, and refuse figures for work that was left out."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks import audit, queries, rules
from benchmarks.data import TODAY, at, build
from benchmarks.figures import Bench
from benchmarks.measure import table
from dunning_cli.services.rules import open_book
from dunning_cli.settings import Settings
from tests.store.databases import close_connections

CASES = 30


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database of a few cases with a history."""
    path = tmp_path_factory.mktemp("bench") / "made.db"
    build(f"sqlite:///{path}", CASES)
    return path


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    for module in (queries, rules):
        monkeypatch.setattr(module, "ROUNDS", 1)
    monkeypatch.setattr(queries, "_SAMPLE", 0.0)
    monkeypatch.setattr(queries, "_PAGE", 7)
    yield Bench(tmp_path, CASES, lambda _: None)
    close_connections()


def test_each_list_is_compared_with_the_bare_query_for_the_same_rows(bench: Bench, made: Path) -> None:
    figures = queries.of_database(bench, made, at(TODAY))
    names = [figure.what.partition("`: ")[0] for figure in figures]
    assert names[::2] == names[1::2]
    assert len(set(names)) == len(names) // 2
    filters = ("stage", "status", "collector", "creditor", "portfolio", "currency", "debtor", "overdue-over")
    for option in (*(f"--{name} " for name in filters), "--sort overdue", "--sort balance", "--sort reference"):
        assert any(option in f"{name} " for name in names), option
    for command in ("worklist", "show-debtor", "report ageing"):
        assert any(name.startswith(f"`{command}") for name in names), command
    assert all(figure.ratio > 0 for figure in figures)
    assert [bool(figure.goal) for figure in figures].count(True) == len(figures) // 2
    assert "| –    | –   |" in table(figures)


def test_a_script_that_leaves_rows_out_is_refused(bench: Bench, made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    listed = queries.Bare.listed
    monkeypatch.setattr(queries.Bare, "listed", lambda *args: listed(*args)[1:])
    with pytest.raises(RuntimeError, match="the service says"):
        queries.of_database(bench, made, at(TODAY))


def test_the_audit_and_its_floor_see_the_same_entries_and_the_same_break(bench: Bench, made: Path) -> None:
    assert audit.floor(made) == audit.product(f"sqlite:///{made}") > 10 * CASES
    for change in (
        "UPDATE entries SET actor = 'other' WHERE case_id = 3 AND seq = 2",
        "UPDATE debtor_entries SET private = '{}' WHERE debtor_id = 3 AND seq = 1",
        "UPDATE cases SET head = 'x' WHERE case_id = 3",
        "DELETE FROM entries WHERE case_id = 30 AND seq = (SELECT max(seq) FROM entries WHERE case_id = 30)",
    ):
        broken = bench.copy(made, "broken.db")
        with closing(sqlite3.connect(broken)) as conn:
            assert conn.execute(change).rowcount == 1
            conn.commit()
        with pytest.raises(RuntimeError, match="the chain is broken"):
            audit.floor(broken)
        with pytest.raises(RuntimeError, match="not sound"):
            audit.product(f"sqlite:///{broken}")


def test_the_audit_is_measured_in_processes_of_their_own(bench: Bench, made: Path, tmp_path: Path) -> None:
    few = tmp_path / "few.db"
    build(f"sqlite:///{few}", 3)
    speed, alone, each, memory = audit.of_databases(bench, {3: few, CASES: made}, 1)
    assert 0 < speed.ratio < 1
    assert 0 < alone.ratio < 1
    assert each.goal is None
    assert 0.5 < memory.ratio < 2


def test_every_shipped_example_about_a_contact_is_asked_and_answered(bench: Bench) -> None:
    book = open_book(Settings(database=""))
    lines = rules.questions(book, 200)
    answers = rules.answered(book, lines)
    assert len(set(lines)) == len(answers) == 200
    assert {text.count('"expect"') for text in answers} == {1}
    (figure,) = rules.rules(bench, 50)
    assert figure.ratio > 0
    with pytest.raises(RuntimeError, match="1 questions were not answered"):
        rules.answered(book, ['{"id": 1, "kind": "contact", "jurisdiction": "nowhere"}'])
