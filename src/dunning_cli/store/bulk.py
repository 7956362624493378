"""Many rows at once, in the quickest way of each database: executemany on SQLite, COPY and arrays on PostgreSQL."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any

from sqlalchemy import BigInteger, Boolean, Connection, Date, Executable, Integer, Table, bindparam, insert, update
from sqlalchemy.exc import DBAPIError

_FEW = 20  # rows up to which the quick way is not worth its set-up

Rows = Sequence[Mapping[str, Any]]


def insert_rows(conn: Connection, table: Table, rows: Rows) -> None:
    """Insert rows that all have the same columns."""
    if not rows:
        return
    if conn.dialect.name != "postgresql" or len(rows) <= _FEW:
        conn.execute(insert(table), rows)
        return
    names = tuple(rows[0])
    driver: Any = conn.connection.driver_connection
    with (
        _as_sqlalchemy(conn),
        driver.cursor() as cursor,
        cursor.copy(f"COPY {table.name} ({', '.join(names)}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row([row[name] for name in names])


def update_versioned(conn: Connection, table: Table, key: str, rows: Rows) -> set[int]:
    """Update rows of which each names its key, the `seq` it had as `old_seq`, and its new values.

    Answers the keys that were updated; a row whose `seq` another writer has changed is not among them.
    """
    names = tuple(name for name in rows[0] if name not in (key, "old_seq"))
    if conn.dialect.name == "postgresql" and len(rows) > _FEW:
        values = tuple([row[name] for row in rows] for name in (key, "old_seq", *names))
        return set(conn.exec_driver_sql(_from_arrays(table, key, names), values).scalars())
    statement = _one_by_one(table, key, names)
    given = [{**row, "of_key": row[key]} for row in rows]
    if conn.execute(statement, given).rowcount == len(rows):
        return {row[key] for row in rows}
    # Some were changed by another writer: ask again, row by row, which ones; those already done no longer match.
    return {row[key] for row in rows if _stands(conn, table, key, row)}


def _stands(conn: Connection, table: Table, key: str, row: Mapping[str, Any]) -> bool:
    """Whether a row now stands as it was to be written."""
    query = table.select().where(table.c[key] == row[key], table.c.head == row["head"])
    return conn.execute(query).first() is not None


@cache
def _one_by_one(table: Table, key: str, names: tuple[str, ...]) -> Executable:
    mine = (table.c[key] == bindparam("of_key")) & (table.c.seq == bindparam("old_seq"))
    return update(table).where(mine).values({name: bindparam(name) for name in names})


@cache
def _from_arrays(table: Table, key: str, names: tuple[str, ...]) -> str:
    """One statement that takes a column of new values from each array."""
    types = ["bigint", "integer", *(_array_of(table.c[name].type) for name in names)]
    arrays = ", ".join(f"%s::{name}[]" for name in types)
    return (
        f"UPDATE {table.name} SET {', '.join(f'{name} = v.{name}' for name in names)} "  # noqa: S608 - our own names
        f"FROM unnest({arrays}) AS v({key}, old_seq, {', '.join(names)}) "
        f"WHERE {table.name}.{key} = v.{key} AND {table.name}.seq = v.old_seq RETURNING {table.name}.{key}"
    )


def _array_of(kind: Any) -> str:
    names = ((BigInteger, "bigint"), (Integer, "integer"), (Date, "date"), (Boolean, "boolean"))
    return next((name for cls, name in names if isinstance(kind, cls)), "text")


@contextmanager
def _as_sqlalchemy(conn: Connection) -> Generator[None, None, None]:
    """Errors of the driver as SQLAlchemy raises them, so that they are understood in one place."""
    base: Any = conn.dialect.loaded_dbapi.Error
    try:
        yield
    except base as error:
        raise DBAPIError.instance(None, None, error, base, dialect=conn.dialect) from error
