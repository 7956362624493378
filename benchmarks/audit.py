"""One check of all journals by itself: `python -m benchmarks.audit DATABASE [floor | JOBS]` answers in JSON.

The floor reads the same entries, hashes the same bytes with `hashlib`, compares every digest, and with the row of each
case and debtor the last one, and decodes the same JSON with `json`. It makes no values of it, folds no case and
compares no row but for its head.
"""

from __future__ import annotations

import gc
import json
import sqlite3
import subprocess
import sys
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from time import perf_counter
from typing import Final

from dunning_cli.services.audit import verify
from dunning_cli.services.desk import Desk
from dunning_cli.settings import Settings
from dunning_cli.store.session import open_store

from .data import TODAY, at
from .figures import Bench, process_names
from .measure import Figure, Goal, Samples, compare
from .memory import LINUX, peak_of

_BESIDE: Final = "SHA-256 and JSON in the standard library"
_FLOOR: Final = "floor"
_TOP: Final = Path(__file__).resolve().parents[1]
GENESIS: Final = "0" * 64
_FIELDS: Final = "seq, recorded_at, effective, effective_on, actor, clock, kind, format, data, private_hash"


def product(url: str, jobs: int | None = None) -> int:
    """Check a database; answers how many entries it holds."""
    desk = Desk(Settings(url), at(TODAY))
    report = verify(desk, jobs=jobs)
    desk.store.engine.dispose()
    if not report.sound:
        raise RuntimeError(f"not sound: {report}")
    return report.entries


def floor(database: Path) -> int:
    """The same by a script of the standard library."""
    conn = sqlite3.connect(database)
    count = 0
    for subject in ("case", "debtor"):
        table = {"case": "entries", "debtor": "debtor_entries"}[subject]
        heads = conn.execute(f"SELECT {subject}_id, head FROM {subject}s ORDER BY 1")
        owner, head, previous = None, GENESIS, GENESIS
        query = f"SELECT {subject}_id, digest, private, {_FIELDS} FROM {table} ORDER BY 1, seq"
        for number, digest, private, *fields in conn.execute(query):
            if number != owner:
                _same(previous, head)
                (owner, head), previous = next(heads), GENESIS
                _same(number, owner)
            parts = [previous, f"{subject} {number}", *map(str, fields)]
            previous = sha256("".join([f"{len(part.encode())}:{part}," for part in parts]).encode()).hexdigest()
            _same(previous, digest)
            json.loads(fields[8])
            if private:
                _same(sha256(private.encode()).hexdigest(), fields[9])
                json.loads(private)
            count += 1
        _same(previous, head)
        _same(next(heads, None), None)
    conn.close()
    return count


def _same(one: object, other: object) -> None:
    if one != other:
        raise RuntimeError(f"the chain is broken: {one} is not {other}")


@dataclass(frozen=True, slots=True)
class Checked:
    """How long a check took, and how many entries it saw."""

    seconds: float
    entries: int


def _line(database: Path, how: str) -> list[str]:
    return [sys.executable, "-m", "benchmarks.audit", str(database), *([how] if how else [])]


def alone(database: Path, how: str = "") -> Checked:
    """Check a database, started as a program of its own."""
    return Checked(
        **json.loads(subprocess.run(_line(database, how), cwd=_TOP, stdout=subprocess.PIPE, check=True).stdout)
    )


def audits(bench: Bench) -> list[Figure]:
    """audit verify beside its floor, and beside itself on a tenth of the cases."""
    few, many = bench.many // 10, bench.many
    return of_databases(bench, {count: bench.database(count) for count in (few, many)}, 5)


def of_databases(bench: Bench, made: dict[int, Path], rounds: int) -> list[Figure]:
    """The figures of two databases by their number of cases; they are copied."""
    few, many = sorted(made)
    databases = {count: bench.copy(path, f"audit-{count}.db") for count, path in made.items()}
    names = process_names("audit verify", f", {many:,} cases")
    name, single = names
    each, small = f"{single}: time of one case", f"one of {few:,}"
    entries: set[int] = set()

    def run(count: int, how: str) -> float:
        done = alone(databases[count], how)
        entries.update([done.entries] if count == many else [])
        return done.seconds

    runs = {
        name: lambda: run(many, ""),
        _BESIDE: lambda: run(many, _FLOOR),
        single: lambda: run(many, "1"),
        small: lambda: run(few, "1"),
    }
    times = bench.rounds("audit", runs, rounds)
    if len(entries) != 1:
        raise RuntimeError(f"the check and its floor saw different numbers of entries: {entries}")
    times[each] = times[single]
    figures = [
        compare(times, name, _BESIDE, Goal(0.3, speed=True)),
        compare(times, single, _BESIDE, None, speed=True),
        compare(times, each, small, None, share=many / few),
    ]
    memory, flat = f"{single}: peak memory", f"that with {few:,} cases"
    if LINUX:
        counts = {memory: many, flat: few}
        peaks: Samples = {label: [peak_of(_line(databases[n], "1"), _TOP)[1]] for label, n in counts.items()}
        figures.append(compare(peaks, memory, flat, Goal(1.2)))
    return figures


def main(database: str, how: str = "") -> None:
    url = f"sqlite:///{database}"
    open_store(url).engine.dispose()  # what SQLAlchemy imports for SQLite
    import multiprocessing.connection  # noqa: F401

    gc.collect()
    gc.freeze()
    started = perf_counter()
    entries = floor(Path(database)) if how == _FLOOR else product(url, int(how) if how else None)
    seconds = perf_counter() - started
    json.dump(asdict(Checked(seconds, entries)), sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
