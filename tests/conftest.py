"""Places for tests: real databases, a command line, a home. And how hard Hypothesis tries.

HYPOTHESIS_PROFILE=thorough is for a long search, default for every day. Every test that writes to one of the databases
here leaves a journal that holds together, unless it is marked `breaks_the_journal`; that is checked after it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from dunning_cli.store.session import Store
from tests.cli.runner import Dunning, Program
from tests.store.databases import (
    KINDS,
    SERVERS,
    Citus,
    Database,
    Postgres,
    Templates,
    citus_cluster,
    migrated_sqlite,
    postgres_server,
)
from tests.store.ledgers import a_ledger

settings.register_profile("default", max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", parent=settings.get_profile("default"), max_examples=3000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "breaks_the_journal: the test leaves a journal that does not hold together")


def check(database: Database, request: pytest.FixtureRequest) -> None:
    """What every test leaves behind must be sound."""
    if request.node.get_closest_marker("breaks_the_journal") is None and database.is_ours():
        report = database.verify()
        assert report.sound, f"the test left a broken journal: {report}"


# --- databases --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def server() -> Iterator[Postgres]:
    """A PostgreSQL server for this run (for each worker of pytest-xdist one)."""
    with postgres_server() as found:
        yield found


@pytest.fixture(scope="session")
def cluster() -> Iterator[Citus]:
    """A Citus cluster, where the environment names one."""
    with citus_cluster() as found:
        yield found


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Templates:
    """Databases to copy; the server is started when the first test asks for it."""
    migrated = migrated_sqlite(tmp_path_factory.mktemp("templates") / "0.db")
    return Templates(migrated, lambda: request.getfixturevalue("server"), lambda: request.getfixturevalue("cluster"))


@pytest.fixture
def sqlite(templates: Templates, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A fresh SQLite database."""
    with templates.copy("sqlite", tmp_path) as database:
        yield database
        check(database, request)


@pytest.fixture(params=SERVERS)
def postgres(templates: Templates, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A fresh PostgreSQL database; where the environment names a cluster, once more a distributed one."""
    with templates.copy(request.param, tmp_path) as database:
        yield database
        check(database, request)


@pytest.fixture
def citus(templates: Templates, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A fresh distributed database; without a cluster the test is skipped."""
    with templates.copy("citus", tmp_path) as database:
        yield database
        check(database, request)


@pytest.fixture(params=KINDS)
def database(templates: Templates, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A fresh database: the test runs once on each kind."""
    with templates.copy(request.param, tmp_path) as database:
        yield database
        check(database, request)


@pytest.fixture(params=KINDS)
def ledger(templates: Templates, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Database]:
    """A database with a small ledger of cases in every state, once on each kind."""
    with templates.copy(request.param, tmp_path, a_ledger) as database:
        yield database
        check(database, request)


@pytest.fixture
def store(database: Database) -> Store:
    """The program's store over a fresh database, once on each kind."""
    return database.store()


# --- the command line -------------------------------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty home."""
    place = tmp_path / "home"
    place.mkdir()
    return place


@pytest.fixture
def dunning(home: Path, sqlite: Database) -> Dunning:
    """Runs command lines in this process, on SQLite."""
    return Dunning(home, sqlite.url)


@pytest.fixture
def dunning_on(home: Path, database: Database) -> Dunning:
    """Runs command lines in this process, once on each kind of database."""
    return Dunning(home, database.url)


@pytest.fixture
def subprocess_dunning(home: Path, sqlite: Database) -> Program:
    """Runs the installed program in a process of its own, on SQLite."""
    return Program(home, sqlite.url)
