"""What a database makes of the program's statements: they are listened to, and explained."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

from sqlalchemy import Connection, Engine, event

Said: TypeAlias = "tuple[str, Any]"  # a statement and its parameters


@contextmanager
def listening(engine: Engine) -> Iterator[list[Said]]:
    """The SELECTs and UPDATEs that go to a database meanwhile."""
    said: list[Said] = []

    def listen(conn: object, cursor: object, statement: str, parameters: Any, context: object, many: bool) -> None:
        if statement.startswith(("SELECT", "UPDATE")):
            said.append((statement, parameters[0] if many else parameters))

    event.listen(engine, "before_cursor_execute", listen)
    try:
        yield said
    finally:
        event.remove(engine, "before_cursor_execute", listen)


def steps(conn: Connection, said: Iterable[Said]) -> list[list[str]]:
    """The steps of the plan for each statement."""
    if conn.dialect.name == "sqlite":
        return [[row.detail for row in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {s}", given)] for s, given in said]
    return [[row[0].strip() for row in conn.exec_driver_sql(f"EXPLAIN {s}", given)] for s, given in said]


def reads_all(step: str, table: str = "") -> bool:
    """Whether a step reads a table from end to end: `table`, or any. A whole index is read where it has what is wanted.

    A server reads a small table so although it has an index: ask it with `enable_seqscan` off.
    """
    return (step.startswith(f"SCAN {table}") and "INDEX" not in step) or f"Seq Scan on {table}" in step
