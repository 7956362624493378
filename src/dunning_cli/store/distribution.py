"""A PostgreSQL with the Citus extension: which table lies where, and how it gets there."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from sqlalchemy import Connection, text

from ..domain.views import PlacedTable
from ..errors import ExtensionMissingError, RefusedError, UsageError
from .schema import REVISION
from .session import make_engine, revision, shown, translated, unhurried, wrong_revision

# The column by which each table is cut into shards; None for a reference table, of which every worker has a copy. A
# table whose owner stands earlier with the same column lies beside it: a case and its journal are on one worker.
PLACES: Final[Mapping[str, str | None]] = MappingProxyType(
    {
        "cases": "case_id",
        "entries": "case_id",
        "debtors": "debtor_id",
        "debtor_entries": "debtor_id",
        "leases": "debtor_id",
        "case_refs": "reference",
        "debtor_refs": "debtor_ref",
        "requests": "request_key",
        "bank_lines": "line_key",
        "policies": None,
        "policy_assignments": None,
        "recovery_chances": None,
        "counters": None,
    }
)
# Which part of a nightly run is taken: on the coordinator, so that a run goes on while a worker is lost.
LOCAL: Final = ("sweeps",)

_PLACED = text(  # a table that is only known to the workers, and lies on the coordinator, has still to be put somewhere
    "SELECT logicalrelid::text, partmethod = 'n', column_to_column_name(logicalrelid, partkey) FROM pg_dist_partition "
    "WHERE partmethod <> 'n' OR repmodel = 't'"
)
_EXTENSION = text(
    "SELECT (SELECT extversion FROM pg_extension WHERE extname = 'citus'), "
    "EXISTS (SELECT 1 FROM pg_available_extensions WHERE name = 'citus')"
)


def distribute(url: str) -> list[PlacedTable]:
    """Spread the tables over the workers of a Citus cluster, with all that is in them, in one transaction.

    Answers where each table now lies; what lay there before is left as it is, so that a second run does nothing.
    SQLite raises UsageError, a server without the extension ExtensionMissingError, a database of another version
    DatabaseBehindError, and a table that somebody has distributed otherwise RefusedError.
    """
    if url.startswith("sqlite"):
        raise UsageError(
            "An SQLite database lies in one file, and cannot be distributed.",
            hint="Name a PostgreSQL database that has the extension citus, with --db or DUNNING_DB.",
        )
    engine = make_engine(url, create=False)
    with translated(engine):
        with engine.connect() as conn:
            installed, available = conn.execute(_EXTENSION).one()
        if installed is None:
            raise ExtensionMissingError(
                "{where} has no extension citus: there are no workers to distribute it to.",
                hint="As a superuser, in that database: CREATE EXTENSION citus"
                if available
                else "Install Citus on the server and its workers, then in that database: CREATE EXTENSION citus",
                where=shown(engine),
            )
        if (found := revision(engine)) != REVISION:
            raise wrong_revision(engine, found)
        with engine.begin() as conn:
            return place_all(conn)


def place_all(conn: Connection) -> list[PlacedTable]:
    """Put every table in its place. One after the other, as foreign keys between distributed tables ask for."""
    unhurried(conn)
    conn.exec_driver_sql("SET LOCAL citus.multi_shard_modify_mode TO 'sequential'")
    there = {name: None if whole else column for name, whole, column in conn.execute(_PLACED)}
    first: dict[str, str] = {}  # the table that lies by a column, for those that are to lie beside it
    done = []
    for name, column in PLACES.items():
        if name in there and there[name] != column:
            raise RefusedError(
                "The table {name} is distributed already, and not by what dunning looks it up by.",
                hint="Undo that first: SELECT undistribute_table('{name}')",
                name=name,
            )
        if name not in there and column is None:
            conn.execute(text("SELECT create_reference_table(:name)"), {"name": name})
        elif name not in there:
            beside = {"name": name, "column": column, "beside": first.get(str(column), "none")}
            conn.execute(text("SELECT create_distributed_table(:name, :column, colocate_with => :beside)"), beside)
        if column is not None:
            first.setdefault(column, name)
        done.append(PlacedTable(name, "reference" if column is None else "distributed", column, name not in there))
    return done + [PlacedTable(name, "local", None, moved=False) for name in LOCAL]
