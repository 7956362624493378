"""A server that ends a connection, is restarted, takes a change back, or finds that a statement takes too long."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from types import SimpleNamespace

import pytest
from sqlalchemy import text

from dunning_cli.domain import notes
from dunning_cli.domain.cases import Decision
from dunning_cli.errors import (
    DatabaseUnreachableError,
    ExtensionMissingError,
    StatementTimeoutError,
    UsageError,
)
from dunning_cli.store import session
from dunning_cli.store.distribution import distribute
from dunning_cli.store.session import Tx, open_store
from tests.builders import a_now
from tests.cli.runner import Dunning
from tests.faults.test_servers import _start, _stop
from tests.faults.worlds import data_folder
from tests.store.databases import Database, Postgres, close_connections
from tests.store.desks import a_desk, a_filed_case


def _end(database: Database, tx: Tx) -> None:
    """End the connection of a transaction, as an administrator does; it is gone when this returns."""
    pid = tx.conn.scalar(text("SELECT pg_backend_pid()"))
    database.sql("SELECT pg_terminate_backend(CAST(:pid AS integer))", pid=pid)
    while database.value("SELECT count(*) FROM pg_stat_activity WHERE pid = :pid", pid=pid):
        time.sleep(0.005)


def _note(tx: Tx, said: str, times: int = 1) -> None:
    """Write notes on the first case."""
    filed = tx.cases.load(1)
    decision = Decision(filed.case, tx.policies.get("default"), a_now("2025-01-07"), a_now("2025-01-07").today)
    for _ in range(times):
        written = notes.note(decision.case, decision.policy, decision.now, said)
        for entry in written.entries:
            decision.add(entry.what)
    tx.cases.append(filed, decision)


def _texts(database: Database) -> list[str]:
    with database.store().reading() as tx:
        return [e.what.text for e in tx.cases.journal(1) if e.what.kind == "noted"]


# --- a connection that is lost before anything was confirmed ----------------------------------------------------------


@pytest.mark.parametrize("notes_written", [pytest.param(1, id="a-row"), pytest.param(30, id="many-rows")])
@pytest.mark.parametrize("when", ["before-anything", "half-way"])
def test_work_whose_connection_is_lost_is_done_again(postgres: Database, when: str, notes_written: int) -> None:
    a_filed_case(a_desk(postgres))
    tried = count(1)

    def work(tx: Tx) -> int:
        attempt = next(tried)
        if when == "half-way":
            _note(tx, "lost, or written", notes_written)
        if attempt < 3:
            _end(postgres, tx)
        if when == "before-anything":
            _note(tx, "lost, or written", notes_written)
        tx.conn.scalar(text("SELECT 1"))
        return attempt

    assert postgres.store().writing(work) == 3
    assert _texts(postgres) == ["lost, or written"] * notes_written


def test_that_ends(postgres: Database) -> None:
    tried: list[int] = []

    def work(tx: Tx) -> None:
        tried.append(1)
        _end(postgres, tx)
        tx.conn.scalar(text("SELECT 1"))

    with pytest.raises(DatabaseUnreachableError, match=r"cannot be used: .*terminat") as found:
        postgres.store().writing(work)
    assert found.value.exit_code == 7
    assert len(tried) == 1 + session.RECONNECTS


def test_work_whose_commit_got_no_answer_is_not_done_again(postgres: Database) -> None:
    """It may have been done."""
    a_filed_case(a_desk(postgres))
    tried: list[int] = []

    def work(tx: Tx) -> None:
        tried.append(1)
        _note(tx, "perhaps")
        _end(postgres, tx)

    with pytest.raises(DatabaseUnreachableError, match="may have been written, or not"):
        postgres.store().writing(work)
    assert len(tried) == 1


def test_a_connection_that_was_lost_in_between_is_made_anew(postgres: Database) -> None:
    a_filed_case(a_desk(postgres))
    store = postgres.store()
    for _ in range(2):
        with store.reading() as tx:
            assert tx.cases.load(1).case.case_id == 1
            pid = tx.conn.scalar(text("SELECT pg_backend_pid()"))
        postgres.sql("SELECT pg_terminate_backend(CAST(:pid AS integer))", pid=pid)
    store.writing(lambda tx: _note(tx, "written"))
    assert _texts(postgres) == ["written"]


def test_one_connection_is_kept(postgres: Database) -> None:
    store = postgres.store()

    def pid() -> int:
        with store.reading() as tx:
            return int(tx.conn.scalar(text("SELECT pg_backend_pid()")) or 0)

    assert len({pid() for _ in range(5)}) == 1
    assert store.engine.pool.size() == 1  # type: ignore[attr-defined]


# --- a server that is restarted ---------------------------------------------------------------------------------------


@pytest.fixture
def stopped(server: Postgres) -> Iterator[Path]:
    """A server that was stopped at once; it runs again afterwards."""
    folder = data_folder(server)
    _stop(folder)
    yield folder
    _start(folder)


@pytest.mark.parametrize("postgres", ["postgres"], indirect=True)
def test_a_server_that_comes_back_is_waited_for(postgres: Database, server: Postgres) -> None:
    a_filed_case(a_desk(postgres))
    store = postgres.store()
    folder = data_folder(server)

    def opened() -> None:
        open_store(postgres.url).writing(lambda tx: _note(tx, "opened"))

    def went_on() -> None:
        with store.reading() as tx:
            assert tx.cases.load(1).case.seq == 2
        store.writing(lambda tx: _note(tx, "written"))

    for ask in (opened, went_on):
        _stop(folder)
        again = threading.Timer(0.5, _start, [folder])
        again.start()
        try:
            ask()
        finally:
            again.join()
    assert _texts(postgres) == ["opened", "written"]


@pytest.mark.parametrize("postgres", ["postgres"], indirect=True)
def test_a_server_that_stays_away_is_said_to(
    postgres: Database, stopped: Path, monkeypatch: pytest.MonkeyPatch, home: Path
) -> None:
    pauses: list[float] = []
    monkeypatch.setattr(session, "time", SimpleNamespace(sleep=pauses.append))
    error = Dunning(home, postgres.url).fails(7, "list-cases")
    assert error["code"] == "database_unreachable"
    assert pauses == list(session.PAUSES)
    assert 3 < sum(pauses) < 6
    _start(stopped)  # what checks the database afterwards needs it


def test_what_does_not_come_back_is_not_waited_for(server: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "time", SimpleNamespace(sleep=lambda seconds: pytest.fail("it waits")))
    with pytest.raises(DatabaseUnreachableError, match="does not exist"):
        open_store(server.url("nowhere"))


# --- what the server takes back, for real -----------------------------------------------------------------------------


def test_a_serialization_failure_is_tried_again(postgres: Database) -> None:
    a_filed_case(a_desk(postgres))
    tried = count(1)

    def work(tx: Tx) -> int:
        tx.conn.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
        attempt = next(tried)
        tx.cases.load(1)
        if attempt == 1:
            postgres.sql("UPDATE cases SET balance = balance WHERE case_id = 1")
        tx.conn.execute(text("UPDATE cases SET balance = balance WHERE case_id = 1"))
        return attempt

    assert postgres.store().writing(work) == 2


def test_a_deadlock_is_tried_again(postgres: Database) -> None:
    for _ in range(2):
        a_filed_case(a_desk(postgres))
    both = threading.Barrier(2)
    close_connections()

    def writer(first: int, second: int) -> int:
        tried = count(1)

        def work(tx: Tx) -> int:
            attempt = next(tried)
            for number in (first, second):
                tx.conn.execute(text("UPDATE cases SET balance = balance WHERE case_id = :case"), {"case": number})
                if attempt == 1 and number == first:
                    both.wait(20)
            return attempt

        return postgres.store().writing(work)

    with ThreadPoolExecutor(2) as pool:
        tries = list(pool.map(writer, (1, 2), (2, 1)))
    assert sorted(tries) == [1, 2]


# --- a statement that takes too long ----------------------------------------------------------------------------------


def test_a_statement_that_takes_too_long_is_ended(postgres: Database) -> None:
    store = open_store(postgres.url, statement_seconds=1)
    with (
        pytest.raises(StatementTimeoutError, match=r"took too long: .*statement timeout") as found,
        store.reading() as tx,
    ):
        tx.conn.execute(text("SELECT pg_sleep(20)"))
    assert "DUNNING_STATEMENT_TIMEOUT" in found.value.hint
    assert found.value.exit_code == 7


@pytest.mark.parametrize("postgres", ["postgres"], indirect=True)
@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot be stopped there")
def test_a_server_that_falls_silent_is_given_up(postgres: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dunning_cli.store.session.ANSWER_SECONDS", 1)
    store = open_store(postgres.url, statement_seconds=1)
    with ExitStack() as stack:

        def fall_silent(tx: Tx) -> None:
            server = int(tx.conn.scalar(text("SELECT pg_backend_pid()")) or 0)
            stack.callback(os.kill, server, signal.SIGCONT)
            os.kill(server, signal.SIGSTOP)
            tx.conn.execute(text("SELECT 1"))

        silent = pytest.raises(StatementTimeoutError, match="does not answer: nothing was heard for 2 seconds")
        with silent, store.reading() as tx:
            fall_silent(tx)
    with store.reading() as tx:
        assert _limit(tx) == "1s"


def _limit(tx: Tx) -> object:
    return tx.conn.scalar(text("SHOW statement_timeout"))


def test_how_long_that_is_comes_from_the_settings(postgres: Database) -> None:
    for seconds, shown in ((0, "0"), (1, "1s"), (120, "2min")):
        with open_store(postgres.url, statement_seconds=seconds).reading() as tx:
            assert _limit(tx) == shown


def test_an_audit_takes_as_long_as_it_takes(postgres: Database) -> None:
    store = open_store(postgres.url, statement_seconds=1)
    with store.reading() as tx:
        assert tx.audit.everything({}).sound
        assert _limit(tx) == "0"
    with store.reading() as tx:
        assert _limit(tx) == "1s"


def test_the_setting_reaches_the_server(postgres: Database, home: Path) -> None:
    """Another writer holds the row for longer than a statement may take."""
    line = Dunning(home, postgres.url)
    line.ok("add-case", "--debtor", "W", "--creditor", "B", "--principal", "10.00", "--due", "2024-12-01")
    with postgres.connect() as conn:
        conn.execute(text("UPDATE cases SET balance = balance WHERE case_id = 1"))
        error = line.fails(7, "note", "1", "x", env={"DUNNING_STATEMENT_TIMEOUT": "1"})
    assert error["code"] == "statement_timeout"
    assert line("note", "1", "x", env={"DUNNING_STATEMENT_TIMEOUT": "1"}).code == 0


# --- what cannot be distributed ---------------------------------------------------------------------------------------


def test_an_sqlite_database_is_not_distributed(sqlite: Database, home: Path) -> None:
    with pytest.raises(UsageError, match="cannot be distributed") as found:
        distribute(sqlite.url)
    assert "PostgreSQL" in found.value.hint
    assert Dunning(home, sqlite.url).fails(2, "db", "distribute")["code"] == "usage"


@pytest.mark.parametrize("postgres", ["postgres"], indirect=True)
def test_nor_is_one_without_the_extension(postgres: Database, home: Path) -> None:
    with pytest.raises(ExtensionMissingError, match="no extension citus") as found:
        distribute(postgres.url)
    assert "CREATE EXTENSION citus" in found.value.hint
    assert Dunning(home, postgres.url).fails(7, "db", "distribute")["code"] == "extension_missing"
