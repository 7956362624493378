"""The database as a thing: its version, its size, a copy of it."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import func, select

from ..domain.views import DatabaseStatus
from ..errors import DatabaseUnreachableError, InputError, UsageError
from .schema import REVISION, cases, debtors, entries
from .session import Store, is_distributed, make_engine, revision, shown, translated, wrong_revision


def upgrade(url: str) -> None:
    """Run the migrations that the database has not seen; new tables of a distributed database are distributed too."""
    from . import migrate

    engine = make_engine(url)
    with translated(engine):
        found = revision(engine)
        if found is not None and not migrate.knows(found):
            raise wrong_revision(engine, found)
        migrate.upgrade(engine)
        with engine.begin() as conn:
            if is_distributed(conn):
                from .distribution import place_all

                place_all(conn)


def status(url: str) -> DatabaseStatus:
    engine = make_engine(url, create=False)
    with translated(engine):
        found = revision(engine)
        counts = {"cases": 0, "debtors": 0, "entries": 0}
        if found == REVISION:
            with engine.connect() as conn:
                for table in (cases, debtors, entries):
                    counts[table.name] = conn.scalar(select(func.count()).select_from(table)) or 0
        size = None
        if engine.dialect.name == "sqlite" and engine.url.database:
            size = Path(engine.url.database).stat().st_size
        server = ".".join(str(part) for part in engine.dialect.server_version_info or ())
        return DatabaseStatus(
            shown(engine),
            engine.dialect.name,
            server,
            found,
            REVISION,
            size,
            **counts,
        )


def backup(store: Store, target: Path) -> int:
    """Copy a live SQLite database by its own backup interface; the copy is checked, and readable by its owner alone."""
    source = store.engine.url.database
    if store.engine.dialect.name != "sqlite" or source is None:
        raise UsageError("Only an SQLite database is backed up here.", hint="Use the server's own tool: pg_dump")
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError as error:
        raise InputError("{path} is already there.", hint="Name a new file.", path=target) from error
    except OSError as error:
        raise InputError("{path} cannot be written: {said}.", path=target, said=error.strerror) from error
    try:
        with closing(sqlite3.connect(source)) as live, closing(sqlite3.connect(target)) as copy:
            live.backup(copy)
            (found,) = copy.execute("PRAGMA integrity_check").fetchone()
    except sqlite3.Error as error:
        target.unlink(missing_ok=True)
        raise DatabaseUnreachableError("The backup failed: {said}.", said=error) from error
    if found != "ok":
        raise DatabaseUnreachableError("The copy is damaged: {said}.", said=found)
    return target.stat().st_size
