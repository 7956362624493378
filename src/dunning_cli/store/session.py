"""Connections, transactions and the writer's protocol.

A writer's work is a function of a transaction: it reads, decides and appends. When another writer was first, or the
server asks for it, or the connection was lost before the commit was sent, the whole work is done again from the
reading on, a bounded number of times.
"""

from __future__ import annotations

import atexit
import logging
import os
import sqlite3
import time
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakSet

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    NoSuchModuleError,
    OperationalError,
)

from ..domain.journal import Salt, fresh_salt
from ..errors import (
    DatabaseBehindError,
    DatabaseError,
    DatabaseLockedError,
    DatabaseMissingError,
    DatabaseUnreachableError,
    InputError,
    RetriesUsedUpError,
    StatementTimeoutError,
    UsageError,
    WorkerLostError,
)
from .bank_lines import BankLines
from .cases import Cases
from .debtors import Debtors
from .journals import CollisionError
from .leases import Leases
from .policies import Policies
from .recovery import Recovery
from .requests import Requests
from .schema import REVISION
from .sweeps import Sweeps
from .workers import Worker, lost_workers

if TYPE_CHECKING:
    from sqlalchemy.pool import ConnectionPoolEntry

    from .audit import Audit

T = TypeVar("T")

TRIES = 12  # of one writer's work; with the growing pauses between them about 5 s
RECONNECTS = 3  # tries among them that may end because the connection was lost
PAUSES = (0.1, 0.2, 0.4, 0.8, 1, 1, 1)  # seconds between the tries to connect: a server restarts in less, mostly
BUSY_SECONDS = 30  # how long a writer waits for another
ANSWER_SECONDS = 10  # how long a server, or a worker, has for the call, and for its word that a statement was ended
_CONNECTION = {  # to a server, where the URL does not say it: a network that has gone silent is noticed within a minute
    "application_name": "dunning",
    "connect_timeout": ANSWER_SECONDS,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
}
_RETRY_STATES = ("40001", "40P01")  # serialization failure, deadlock
_LOST_STATES = ("08", "57P")  # the connection, or the server, is going away
_WORKER_STATE = "08"  # in a server's own words: it has lost one of its workers (what is lost on this side has no state)
_TORN = ("SSL SYSCALL", "closed the connection")  # with XX000: what it heard itself when a worker went away
_RESTARTING = ("refused", "No such file", "closed the connection", "the database system is")  # what libpq says of it
_LIMIT_STATES = ("22", "54")  # a value that is no value of its column, or is too long for an index


class Tx:
    """One transaction, with a room for each noun."""

    def __init__(self, conn: Connection, salt: Salt = fresh_salt, lost: frozenset[Worker] = frozenset()) -> None:
        self.conn = conn
        self.salt = salt
        self.lost = lost

    @cached_property
    def cases(self) -> Cases:
        return Cases(self.conn, self.salt, self.lost)

    @cached_property
    def debtors(self) -> Debtors:
        return Debtors(self.conn, self.salt)

    @cached_property
    def bank_lines(self) -> BankLines:
        return BankLines(self.conn)

    @cached_property
    def recovery(self) -> Recovery:
        return Recovery(self.conn)

    @cached_property
    def leases(self) -> Leases:
        return Leases(self.conn)

    @cached_property
    def sweeps(self) -> Sweeps:
        return Sweeps(self.conn)

    @cached_property
    def policies(self) -> Policies:
        return Policies(self.conn)

    @staticmethod
    def collision() -> Exception:
        """What to raise when another writer was first, to have the work done again."""
        return CollisionError()

    @cached_property
    def audit(self) -> Audit:
        from .audit import Audit

        unhurried(self.conn)
        return Audit(self.conn)

    @cached_property
    def requests(self) -> Requests:
        return Requests(self.conn)


class Store:
    """A database that is there, of this version, and ready. `salt` is where the salts of its entries come from."""

    def __init__(self, engine: Engine, salt: Salt = fresh_salt) -> None:
        self.engine = engine
        self.salt = salt
        self.lost: frozenset[Worker] = frozenset()  # workers whose cases a nightly run goes on without
        self._turn: Callable[[], AbstractContextManager[None]] = nullcontext

    def take_turns(self, turn: Callable[[], AbstractContextManager[None]]) -> None:
        """Write in turn with other processes that are given the same turn, where only one can write at a time anyway.

        SQLite lets those who wait look again after ever longer pauses; a turn is handed on at once.
        """
        if self.engine.dialect.name == "sqlite":
            self._turn = turn

    def disconnect(self) -> None:
        """Close every connection; the next transaction opens one anew. Before a fork, none may be open."""
        self.engine.dispose()

    @contextmanager
    def reading(self) -> Generator[Tx, None, None]:
        """A transaction that sees one state of the database and writes nothing."""
        with translated(self.engine), connected(self.engine) as conn:
            if self.engine.dialect.name == "postgresql":
                conn.execution_options(isolation_level="REPEATABLE READ")
            with conn.begin():
                yield Tx(conn, self.salt, self.lost)

    def writing(self, work: Callable[[Tx], T]) -> T:
        """Do a writer's work in one transaction, again from the start where another writer was first.

        A connection that is lost before the commit was sent has written nothing: that work is done again as well.
        """
        lost = 0
        for attempt in range(TRIES):
            if attempt:
                from random import uniform

                time.sleep(uniform(0.2, 1) * min(0.02 * 2**attempt, 1))  # noqa: S311 - not for secrets
            try:
                with self._turn(), translated(self.engine, again=True), connected(self.engine) as conn:
                    conn.execution_options(write=True)
                    with conn.begin() as transaction:
                        _begin_distributed(conn)
                        done = work(Tx(conn, self.salt, self.lost))
                        with _confirming(self.engine):
                            transaction.commit()
                        return done
            except CollisionError:
                continue
            except LostError as error:
                lost += 1
                if lost > RECONNECTS:
                    raise error.meaning from error.__cause__
        raise RetriesUsedUpError(
            "Other writers changed the same case each time; gave up after {tries} tries.", tries=TRIES
        )

    def leave_out_lost_workers(self) -> bool:
        """From now on, a run over many cases goes without those that lie on a worker which cannot be reached.

        Answers whether there is one that was not known to be lost.
        """
        self.disconnect()  # the server may have kept connections to its workers: those say nothing about a new one
        known = self.lost
        with translated(self.engine), connected(self.engine) as conn:
            self.lost = lost_workers(conn) if is_distributed(conn) else frozenset()
        return not self.lost <= known


class LostError(Exception):
    """The connection was lost before anything was confirmed; `meaning` is what to say when trying again is no use."""

    def __init__(self, meaning: DatabaseError) -> None:
        super().__init__(str(meaning))
        self.meaning = meaning


@contextmanager
def translated(engine: Engine, *, again: bool = False) -> Generator[None, None, None]:
    """Turn the driver's errors into ours: a collision to try again, or a clear word about the database.

    Where `again` says that the work can be done again, a lost connection is a LostError.
    """
    try:
        yield
    except IntegrityError as error:
        raise CollisionError from error
    except UnicodeDecodeError as error:  # how a damaged file of SQLite quotes itself in an error
        raise _unusable(engine, error.object.decode("utf-8", "replace")) from error
    except DBAPIError as error:
        if _interrupted(error):
            raise KeyboardInterrupt from error
        state = getattr(error.orig, "sqlstate", None) or ""
        if state in _RETRY_STATES:
            raise CollisionError from error
        if isinstance(error, DataError) or state.startswith(_LIMIT_STATES):
            raise InputError(
                "The database cannot hold a value that was given: {said}.",
                hint="Nothing was written. Shorten it, and look for characters that do not belong there.",
                said=_said(error),
            ) from error
        if again and _lost(engine, error):
            raise LostError(_meaning(engine, error)) from error
        raise _meaning(engine, error) from error


def _lost(engine: Engine, error: DBAPIError) -> bool:
    """Whether the connection is gone, ours to the server or the server's to one of its workers."""
    state = getattr(error.orig, "sqlstate", None) or ""
    if engine.dialect.name != "postgresql":
        return False
    return (
        state.startswith(_LOST_STATES)
        or _worker_lost(state, error)
        or (not state and isinstance(error, OperationalError | InterfaceError))
    )


def _worker_lost(state: str, error: DBAPIError) -> bool:
    """Whether the server says that it has lost one of its workers."""
    return state.startswith(_WORKER_STATE) or (state == "XX000" and any(words in str(error.orig) for words in _TORN))


def _interrupted(error: BaseException | None) -> bool:
    """Whether it only says that a statement which Ctrl-C cut short cannot be taken back: its connection is given up."""
    while error is not None:
        if isinstance(error, KeyboardInterrupt):
            return True
        error = error.__cause__ or error.__context__
    return False


@contextmanager
def _confirming(engine: Engine) -> Generator[None, None, None]:
    """Where the answer to a commit is lost, nobody here knows whether it was done: say so, never that nothing was."""
    try:
        yield
    except DBAPIError as error:
        if not _lost(engine, error) and getattr(error.orig, "sqlite_errorname", "") != "SQLITE_IOERR_FSYNC":
            raise
        raise DatabaseUnreachableError(
            "{where} was lost while it confirmed the change: it may have been written, or not.",
            hint="Look before you repeat it. An import, check-overdue and a command with --key can simply be repeated.",
            where=shown(engine),
        ) from error


def _said(error: DBAPIError) -> str:
    """The driver's own words, the first line of them."""
    return (str(error.orig).strip() or type(error.orig).__name__).splitlines()[0].rstrip(".")


def shown(engine: Engine) -> str:
    """The database as a person names it, without its password."""
    return engine.url.set(drivername=engine.url.get_backend_name()).render_as_string(hide_password=True)


def _meaning(engine: Engine, error: DBAPIError) -> DatabaseError:
    """What a driver's error says about the database."""
    said, where = _said(error), shown(engine)
    sqlite = engine.dialect.name == "sqlite"
    state = getattr(error.orig, "sqlstate", None) or ""
    if type(error.orig).__name__ == "SilentError":
        return StatementTimeoutError("{where} does not answer: {said}.", where=where, said=said)
    if state == "57014":
        return StatementTimeoutError("{where} ended a statement that took too long: {said}.", where=where, said=said)
    if _worker_lost(state, error):
        return WorkerLostError("{where} cannot reach one of its workers: {said}.", where=where, said=said)
    if state == "55P03" or (sqlite and ("locked" in said or "busy" in said)):
        return DatabaseLockedError("The database {where} is locked by another program.", where=where)
    if sqlite:
        if "full" in said:
            return DatabaseUnreachableError(
                "The disk is full: {where} cannot be written.",
                hint="Nothing is half-written. Free some space, and run the same command again.",
                where=where,
            )
        if "readonly" in said:
            return DatabaseUnreachableError(
                "The database {where} is read-only.", hint="Nothing was written. Check the file's rights.", where=where
            )
    return _unusable(engine, said)


def _unusable(engine: Engine, said: str) -> DatabaseError:
    return DatabaseUnreachableError(
        "The database {where} cannot be used: {said}.",
        hint="Nothing is half-written. Check that it is there and may be read and written: dunning db status",
        where=shown(engine),
        said=said,
    )


# --- opening --------------------------------------------------------------------------------------------------------


def open_store(url: str, *, create: bool = True, statement_seconds: int = 0) -> Store:
    """Open a database; a missing SQLite file is created and migrated where `create` says so.

    A server ends a statement that takes longer than `statement_seconds` (0: it takes as long as it takes).
    """
    engine = make_engine(url, create=create, statement_seconds=statement_seconds)
    with translated(engine):
        found = revision(engine)
    if found is None and create and engine.dialect.name == "sqlite":
        with translated(engine):
            if _is_empty(engine):
                from .migrate import upgrade

                upgrade(engine)
            found = revision(engine)  # another program may have made it meanwhile
    if found != REVISION:
        raise wrong_revision(engine, found)
    return Store(engine)


def make_engine(url: str, *, create: bool = True, statement_seconds: int = 0) -> Engine:
    """The engine for a URL, with the product's settings for its kind of database."""
    try:
        parsed = make_url(url)
        if parsed.get_backend_name() == "sqlite":
            return _sqlite(parsed, create)
        if parsed.get_backend_name() == "postgresql":
            return _postgresql(parsed, statement_seconds)
    except (ArgumentError, NoSuchModuleError) as error:
        raise _no_url(url) from error
    raise _no_url(url)


_open: WeakSet[ConnectionPoolEntry] = WeakSet()


@atexit.register
def _close() -> None:
    """Close what is open when the process ends: SQLite keeps what was written beside its file until then.

    The collector would, but is not asked at that moment; see `cli.main`.
    """
    for each in list(_open):
        each.close()


def _no_url(url: str) -> UsageError:
    return UsageError(
        "'{url}' is no database that dunning knows.",
        hint="Use sqlite:///path/to/file.db or postgresql://user@host/name.",
        url=url.rsplit("@", maxsplit=1)[-1],
    )


def _sqlite(url: URL, create: bool) -> Engine:
    if not url.database or url.database == ":memory:":
        raise UsageError("A database in memory would be gone at once.", hint="Name a file: sqlite:///path/to/file.db")
    path = Path(url.database)
    if not path.exists():
        if not create:
            raise DatabaseMissingError("There is no database at {path}.", path=path)
        _create_private(path)
    engine = create_engine(url.set(drivername="sqlite+pysqlite"), connect_args={"timeout": BUSY_SECONDS})
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _create_private(path: Path) -> None:
    """Make the file readable by its owner alone before anything is in it."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise DatabaseUnreachableError(
            "The database {path} cannot be created: {said}.",
            hint="Choose another place with --db or DUNNING_DB.",
            path=path,
            said=error.strerror,
        ) from error


def _prepare_sqlite(dbapi: sqlite3.Connection, record: ConnectionPoolEntry) -> None:
    _open.add(record)
    dbapi.isolation_level = None  # we say BEGIN ourselves
    for pragma in ("foreign_keys=ON", "synchronous=FULL"):
        dbapi.execute(f"PRAGMA {pragma}")
    tables = {name for (name,) in dbapi.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if not tables or "alembic_version" in tables:  # this changes the file for good: never another program's
        dbapi.execute("PRAGMA journal_mode=WAL")


def _begin_sqlite(conn: Connection) -> None:
    # A writer that began as a reader fails when another wrote in between, whatever the waiting time.
    conn.exec_driver_sql("BEGIN IMMEDIATE" if conn.get_execution_options().get("write") else "BEGIN")


def _postgresql(url: URL, statement_seconds: int) -> Engine:
    for noisy in ("psycopg", "sqlalchemy"):  # what they would print beside our own error, when a connection breaks
        logging.getLogger(noisy).addHandler(logging.NullHandler())
    try:
        from .silence import Patient

        engine = create_engine(
            url.set(drivername="postgresql+psycopg"),
            connect_args={name: value for name, value in _CONNECTION.items() if name not in url.query},
            pool_pre_ping=True,
            pool_size=1,  # all that a command needs; what it opens beside that is closed again
        )
    except ModuleNotFoundError as error:
        raise UsageError(
            "PostgreSQL needs a driver that is not installed.", hint="Install it with: pip install 'dunning[postgres]'"
        ) from error
    event.listen(engine, "do_connect", lambda _, __, args, named: Patient.connect(*args, **named))
    event.listen(engine, "connect", partial(_prepare_postgresql, statement_seconds))
    event.listen(engine, "begin", partial(_be_patient, statement_seconds))
    return engine


def _be_patient(statement_seconds: int, conn: Connection) -> None:
    """A server whose time for a statement is over has a little longer to say so, before it is given up."""
    _patience(conn, statement_seconds + ANSWER_SECONDS if statement_seconds else None)


def _patience(conn: Connection, seconds: float | None) -> None:
    driver: Any = conn.connection.driver_connection
    driver.patience = seconds


def _prepare_postgresql(statement_seconds: int, dbapi: Any, record: ConnectionPoolEntry) -> None:
    _open.add(record)
    asked = {"lock_timeout": BUSY_SECONDS} | ({"statement_timeout": statement_seconds} if statement_seconds else {})
    settings = ", ".join(f"set_config('{name}', '{int(value * 1000)}ms', false)" for name, value in asked.items())
    (*_, citus) = dbapi.execute(f"SELECT {settings}, current_setting('citus.version', true)").fetchone()
    record.info["citus"] = citus is not None
    if citus is not None:
        dbapi.execute("SET citus.propagate_set_commands TO 'local'")
        # A worker that does not take the call is known to be lost before the statement is over.
        call = min(ANSWER_SECONDS, statement_seconds / 2 or ANSWER_SECONDS)
        dbapi.execute(f"SET citus.node_connection_timeout TO {int(call * 1000)}")
    dbapi.commit()


def _begin_distributed(conn: Connection) -> None:
    """A lock that is waited for on a worker is waited for no longer than one on the server that we speak to."""
    if conn.info.get("citus"):
        conn.exec_driver_sql(f"SET LOCAL lock_timeout TO '{int(BUSY_SECONDS * 1000)}ms'")


def is_distributed(conn: Connection) -> bool:
    """Whether the cases lie on the workers of a cluster."""
    if not conn.info.get("citus"):
        return False
    query = "SELECT count(*) FROM pg_dist_partition WHERE logicalrelid = to_regclass('cases') AND partmethod <> 'n'"
    return bool(conn.scalar(text("SELECT to_regclass('pg_dist_partition') IS NOT NULL")) and conn.scalar(text(query)))


def unhurried(conn: Connection) -> None:
    """Let every statement of this transaction take as long as it takes: it looks at all that there is."""
    if conn.dialect.name == "postgresql":
        conn.exec_driver_sql("SET LOCAL statement_timeout TO 0")
        _patience(conn, None)


def connected(engine: Engine) -> Connection:
    """A connection; a server that is just being restarted is waited for, some seconds."""
    for pause in (*PAUSES, None):
        try:
            return engine.connect()
        except DBAPIError as error:
            if engine.dialect.name != "postgresql" or _interrupted(error):
                raise
            if pause is None or not any(words in str(error.orig) for words in _RESTARTING):
                raise _meaning(engine, error) from error
            time.sleep(pause)
    raise AssertionError("the last try answers or raises")


def revision(engine: Engine) -> str | None:
    """The migration the database stands at, or None where it has no tables of ours."""
    with connected(engine) as conn:
        if not engine.dialect.has_table(conn, "alembic_version"):
            return None
        found: str | None = conn.scalar(text("SELECT version_num FROM alembic_version"))
        return found


def _is_empty(engine: Engine) -> bool:
    from sqlalchemy import inspect

    return not inspect(engine).get_table_names()


def wrong_revision(engine: Engine, found: str | None) -> DatabaseError:
    """The error for a database that stands at another migration than this program needs."""
    where = shown(engine)
    if found is None:
        return DatabaseMissingError(
            "{where} has no tables of dunning.", hint="Make them with: dunning db upgrade", where=where
        )
    older = found < REVISION
    return DatabaseBehindError(
        "The database {where} is at version {found}; this program needs {needed}.",
        hint="Bring it up to date with: dunning db upgrade"
        if older
        else "It was made by a newer dunning: install that version.",
        where=where,
        found=found,
        needed=REVISION,
    )
