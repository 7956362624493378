"""A database, or a row of it, that another program holds: a command waits for a while, and then says so with exit 7."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import text

from tests.store.databases import Database

from .processes import Starter
from .runs import a_run, one_clear_error
from .worlds import World

_WAIT = {"dunning_cli.store.session:BUSY_SECONDS": 1}


@contextmanager
def _held(database: Database) -> Iterator[None]:
    """Another program has changed the cases, and has not come to its end."""
    with database.engine.connect() as conn:
        if database.kind == "sqlite":
            conn.exec_driver_sql("BEGIN IMMEDIATE")
        conn.execute(text("UPDATE cases SET seq = seq"))
        yield
        conn.rollback()


@pytest.mark.parametrize("command", ["check-overdue", "import-cases", "log-contact"])
def test_a_database_that_is_held(command: str, world: World, starter: Starter) -> None:
    run = a_run(starter, world, command)
    with world.copy() as database:
        with _held(database):
            started = time.monotonic()
            if command == "import-cases" and world.kind == "postgresql":
                run.complete(database)  # new cases are in nobody's way
            else:
                answer = run.start(database, patches=_WAIT).wait()
                one_clear_error(answer, 7)
                assert "is locked by another program" in answer.err
                assert 1 <= time.monotonic() - started < 30
                assert run.how_far(database) == "before"
            if command == "log-contact":  # who reads waits for nobody
                for args in (["list-cases"], ["audit", "verify"]):
                    assert starter.run("command", world.env(database), args=args, patches=_WAIT).code == 0
        run.goes_on(database)


def test_a_database_that_is_let_go_in_time(world: World, starter: Starter) -> None:
    run = a_run(starter, world, "check-overdue")
    with world.copy() as database:
        with _held(database):
            child = run.start(database)
            time.sleep(0.5)
            assert child.running()
        answer = child.wait()
        assert answer.code == 0, answer.err
        assert run.how_far(database) == "after"


def _stopped(pid: int) -> bool:
    return subprocess.run(["ps", "-o", "state=", "-p", str(pid)], capture_output=True, check=False).stdout[:1] == b"T"


def test_a_process_that_stops_in_the_middle_holds_up_nobody_for_good(world: World, starter: Starter) -> None:
    """A run that is frozen half-way, by Ctrl-Z say: others wait, are told so, and it goes on when it wakes."""
    run = a_run(starter, world, "check-overdue")
    with world.copy() as database:
        child = run.start(database, stop_at=run.steps // 2)
        while not _stopped(child.pid):
            assert child.running(), "it came to its end"
            time.sleep(0.01)
        answer = run.start(database, patches=_WAIT).wait()
        if answer.code:
            one_clear_error(answer, 7)
        os.kill(child.pid, signal.SIGCONT)
        woken = child.wait()
        assert woken.code == 0, woken.err
        run.goes_on(database)
