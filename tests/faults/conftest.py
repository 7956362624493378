"""What tests of faults share: a starter of processes, a database with something due, and counts that are noted.

FAULTS=full in the environment asks for the full form; it notes its counts, and docs/reliability.md is written anew.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.store.databases import Database, Postgres, Templates

from . import report
from .processes import Starter
from .worlds import World, fill

FULL = os.environ.get("FAULTS") == "full"

if sys.platform == "win32":
    collect_ignore_glob = ["test_*.py"]  # processes there are neither forked nor killed by a signal


@pytest.fixture
def full() -> bool:
    """Whether the full form is asked for."""
    return FULL


@pytest.fixture(scope="session")
def starter(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Starter]:
    """Starts processes that a test may kill."""
    found = Starter(tmp_path_factory.mktemp("processes"))
    yield found
    found.close()


@pytest.fixture(scope="session")
def sqlite_world(tmp_path_factory: pytest.TempPathFactory, templates: Templates) -> Iterator[World]:
    """An SQLite database with something due on it."""
    home = tmp_path_factory.mktemp("world")
    with templates.copy("sqlite", home) as base:
        fill(base, home)
        yield World(home, base, None)


@pytest.fixture(scope="session")
def postgres_world(tmp_path_factory: pytest.TempPathFactory, server: Postgres) -> World:
    """A PostgreSQL database with something due on it."""
    home = tmp_path_factory.mktemp("world")
    base = Database(server.url(server.create(server.template)))
    fill(base, home)
    return World(home, base, server)


@pytest.fixture(params=["sqlite", "postgres"])
def world(request: pytest.FixtureRequest) -> World:
    """A database with something due on it: the test runs once on each kind."""
    found: World = request.getfixturevalue(f"{request.param}_world")
    return found


# --- counts -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def note(record_property: Callable[[str, object], None]) -> Callable[..., None]:
    """Note counts: `note("death", "check-overdue, SQLite", before=3)`. They end up in docs/reliability.md."""

    def noted(part: str, row: str, **counts: Any) -> None:
        record_property("faults", [part, row, counts])

    return noted


_NOTED: list[report.Noted] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call" and report.passed:
        for name, value in report.user_properties:
            if name == "faults" and isinstance(value, list | tuple):
                part, row, counts = value
                _NOTED.append((part, row, counts))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """After a full run, keep its counts and write the tables anew; pytest-xdist's workers leave that to the first."""
    if FULL and _NOTED and not hasattr(session.config, "workerinput"):
        report.keep(_NOTED)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for part, row, counts in _NOTED if FULL else ():
        said = ", ".join(f"{name} {count}" for name, count in counts.items())
        terminalreporter.write_line(f"{part}: {row}: {said}")
