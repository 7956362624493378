"""While a worker of a distributed database is lost: what lies on the others.

A query over many cases asks every worker, and fails as a whole where one does not answer. So the others are asked one
by one which cases they have to offer, and only those are then read.
"""

from __future__ import annotations

from collections.abc import Sequence
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, text


class Worker(NamedTuple):
    """A server that holds a part of the cases."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


_ACTIVE = text(
    "SELECT nodename, nodeport, citus_check_connection_to_node(nodename, nodeport) FROM pg_dist_node "
    "WHERE isactive AND noderole = 'primary' AND shouldhaveshards ORDER BY nodename, nodeport"
)
_SHARDS = text(
    "SELECT nodename, nodeport, shard_name('cases'::regclass, shardid) FROM pg_dist_shard "
    "JOIN pg_dist_shard_placement USING (shardid) WHERE logicalrelid = 'cases'::regclass"
)
_ASK = text("SELECT node_name, success, result FROM master_run_on_worker(:hosts, :ports, :queries, true)")


def lost_workers(conn: Connection) -> frozenset[Worker]:
    """The workers that the coordinator cannot reach."""
    return frozenset(Worker(host, port) for host, port, reached in conn.execute(_ACTIVE) if not reached)


class Reachable:
    """The cases of all workers but those that are lost."""

    def __init__(self, conn: Connection, lost: frozenset[Worker]) -> None:
        self.conn = conn
        self.lost = lost

    def rows(self, query: Select[*tuple[Any, ...]]) -> list[dict[str, Any]]:
        """What a query over the cases answers for each part of them; days are texts."""
        asked = str(query.compile(dialect=self.conn.dialect, compile_kwargs={"literal_binds": True}))
        asked = asked.replace("%%", "%")  # written for the driver, which would make one of two
        parts: dict[Worker, list[str]] = {}
        for host, port, name in self.conn.execute(_SHARDS):
            if (worker := Worker(host, port)) not in self.lost:
                parts.setdefault(worker, []).append(f"({asked.replace('FROM cases', f'FROM {name} AS cases', 1)})")
        if not parts:
            return []
        answers = self.conn.execute(
            _ASK,
            {
                "hosts": [worker.host for worker in parts],
                "ports": [worker.port for worker in parts],
                "queries": [_as_one(part) for part in parts.values()],
            },
        )
        import json

        found: list[dict[str, Any]] = []
        for host, success, result in answers:
            if not success:
                raise ValueError(f"the worker {host} does not answer: {result}")
            found += json.loads(result)
        return found

    def first(self, query: Select[*tuple[Any, ...]], order: Sequence[ColumnElement[Any]], limit: int) -> list[int]:
        """The numbers of the first cases in an order, whose columns end with the number."""
        asked = query.with_only_columns(*order).order_by(*order).limit(limit)
        key = itemgetter(*(column.name for column in order))
        return [int(row["case_id"]) for row in sorted(self.rows(asked), key=key)[:limit]]


def _as_one(queries: Sequence[str]) -> str:
    """One query for a worker: its answer has one row and one column."""
    return f"SELECT coalesce(json_agg(row_to_json(q)), '[]') FROM ({' UNION ALL '.join(queries)}) AS q"  # noqa: S608
