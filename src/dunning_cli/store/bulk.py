"""Many rows at once, in the quickest way of each database: executemany on SQLite, COPY and arrays on PostgreSQL.

What SQLAlchemy works out for every parameter of every row is worked out here once for the table.
"""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import islice
from operator import itemgetter
from typing import Any, TypeVar

from sqlalchemy import (
    BigInteger,
    Boolean,
    Connection,
    Date,
    Executable,
    Integer,
    Table,
    bindparam,
    insert,
    select,
    update,
)
from sqlalchemy.exc import DBAPIError, IntegrityError

_FEW = 20  # rows up to which the quick way is not worth its set-up

Rows = Sequence[Mapping[str, Any]]
T = TypeVar("T")


def pieces(values: Iterable[T], size: int = 10_000) -> Iterator[list[T]]:
    """Values in pieces that each fit into one statement: every database takes only so many parameters."""
    rest = iter(values)
    while piece := list(islice(rest, size)):
        yield piece


def insert_rows(conn: Connection, table: Table, rows: Rows) -> None:
    """Insert rows that all have the same columns."""
    if len(rows) <= _FEW:
        if rows:
            conn.execute(insert(table), rows)
        return
    names = tuple(rows[0])
    if conn.dialect.name != "postgresql":
        places = ", ".join("?" * len(names))
        conn.exec_driver_sql(
            f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({places})",  # noqa: S608 - our own names
            list(_as_sqlite(table, names, rows)),
        )
        return
    driver: Any = conn.connection.driver_connection
    with (
        _as_sqlalchemy(conn, table),
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
    if len(rows) <= _FEW:
        # The key under another name: SQLAlchemy would set every column that it is given.
        given = [{"of_key" if name == key else name: value for name, value in row.items()} for row in rows]
        one = _one_by_one(table, key, names)
        return {row["of_key"] for row in given if conn.execute(one, row).rowcount}
    if conn.dialect.name == "postgresql":
        values = tuple([row[name] for row in rows] for name in (key, "old_seq", *names))
        if not conn.info.get("citus"):
            return set(conn.exec_driver_sql(_from_arrays(table, key, names), values).scalars())
        # Said once more by itself, it tells a cluster which of its workers have to be asked.
        again = f" AND {table.name}.{key} = ANY(%s) RETURNING "
        statement = _from_arrays(table, key, names).replace(" RETURNING ", again)
        return set(conn.exec_driver_sql(statement, (*values, values[0])).scalars())
    # SQLite does not say which rows it found. Nobody else writes while this transaction does: so ask beforehand.
    stands = _seqs(conn, table, key, [row[key] for row in rows])
    standing = [row for row in rows if stands.get(row[key]) == row["old_seq"]]
    conn.exec_driver_sql(
        f"UPDATE {table.name} SET {', '.join(f'{name} = ?' for name in names)} WHERE {key} = ? AND seq = ?",  # noqa: S608
        list(_as_sqlite(table, (*names, key, "old_seq"), standing)),
    )
    return {row[key] for row in standing}


def _as_sqlite(table: Table, names: tuple[str, ...], rows: Rows) -> Iterator[tuple[Any, ...]]:
    """The values of rows in the order of `names`, as SQLite keeps them: days are texts."""
    take = itemgetter(*names)
    days = [at for at, name in enumerate(names) if name in table.c and isinstance(table.c[name].type, Date)]
    if not days:
        yield from map(take, rows)
        return
    for row in rows:
        values = list(take(row))
        for at in days:
            if values[at] is not None:
                values[at] = values[at].isoformat()
        yield tuple(values)


def _seqs(conn: Connection, table: Table, key: str, keys: Iterable[int]) -> dict[int, int]:
    """How many entries each journal has by now."""
    query = select(table.c[key], table.c.seq)
    return {number: seq for piece in pieces(keys) for number, seq in conn.execute(query.where(table.c[key].in_(piece)))}


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
def _as_sqlalchemy(conn: Connection, table: Table) -> Generator[None, None, None]:
    """Errors of the driver as SQLAlchemy raises them, so that they are understood in one place.

    Of what a worker of a cluster says about a COPY, the coordinator keeps the words and drops the code: a key that was
    there already is known by its name, and a worker that went away by the code that the coordinator gives it instead.
    """
    driver: Any = conn.dialect.loaded_dbapi
    try:
        yield
    except driver.Error as error:
        if conn.info.get("citus"):
            if f"pk_{table.name}" in str(error):
                raise IntegrityError(None, None, error) from error
            if error.sqlstate == "58030":
                error = driver.errors.ConnectionFailure(str(error))
        raise DBAPIError.instance(None, None, error, driver.Error, dialect=conn.dialect) from error
