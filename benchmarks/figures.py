"""What is measured. Each group answers its figures; docs/performance.md says what they mean."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from datetime import date
from itertools import count
from pathlib import Path
from time import perf_counter
from typing import Final

from .data import ACTOR, QUIET, TODAY, build
from .measure import Figure, Goal, Samples, compare, in_turn
from .sweep import Swept

_TOP: Final = Path(__file__).resolve().parents[1]
_DUNNING: Final = str(Path(sys.executable).with_name("dunning"))
_BARE: Final = "python -c pass"
_FEW: Final = 1_000


class Bench:
    """A folder with the databases that are measured on, made when they are first asked for."""

    def __init__(self, folder: Path, many: int, note: Callable[[str], None]) -> None:
        self.folder = folder
        self.many = many
        self.note = note

    def database(self, cases: int) -> Path:
        """A database of so many cases, all of them due. Measure on a copy."""
        path = self.folder / f"{cases}.db"
        if not path.exists():
            self.note(f"making {cases:,} cases")
            build(f"sqlite:///{path}", cases)
        return path

    def copy(self, source: Path, name: str) -> Path:
        """A fresh copy, written out to the disk so that no run pays for it."""
        path = self.folder / name
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
        with source.open("rb") as read, path.open("wb") as write:
            shutil.copyfileobj(read, write, 1 << 20)
            os.fsync(write.fileno())
        return path

    def command(self, *args: str, database: Path | None = None) -> float:
        """Run a command as a person does; answers its seconds."""
        env = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "DUNNING_ACTOR": ACTOR, "DUNNING_TIMEZONE": "UTC"}
        env |= {"XDG_CONFIG_HOME": str(self.folder), "DUNNING_DB": f"sqlite:///{database or self.folder / 'none.db'}"}
        started = perf_counter()
        done = subprocess.run(args, env=env, capture_output=True, check=False)
        seconds = perf_counter() - started
        if done.returncode:
            raise RuntimeError(f"{' '.join(args)} ended with {done.returncode}: {done.stderr.decode()}")
        return seconds

    def rounds(self, what: str, things: dict[str, Callable[[], float]], rounds: int) -> Samples:
        return in_turn(things, rounds, lambda text: self.note(f"{what}: {text}"))


# --- commands -----------------------------------------------------------------------------------------------------


def start_up(bench: Bench) -> list[Figure]:
    """What a command costs before it does anything, and what one case costs."""
    few = bench.copy(bench.database(_FEW), "few.db")
    many = bench.copy(bench.database(bench.many), "many.db")
    number = count(1)

    def show(database: Path) -> float:
        return bench.command(_DUNNING, "show-case", str(next(number)), "--json", database=database)

    def log(database: Path) -> float:
        what = ("--channel", "call", "--outcome", "no_answer", "--purpose", "reminder", "--minutes", "2")
        return bench.command(_DUNNING, "log-contact", str(next(number)), *what, database=database)

    among = f"the same among {_FEW:,} cases"
    names = {
        "version": "`dunning --version`",
        "help": "`dunning --help`",
        "show": "`show-case --json`",
        "log": "`log-contact`",
        "show many": f"`show-case --json` among {bench.many:,} cases",
        "log many": f"`log-contact` among {bench.many:,} cases",
    }
    times = bench.rounds(
        "commands",
        {
            f"`{_BARE}`": lambda: bench.command(sys.executable, "-c", "pass"),
            names["version"]: lambda: bench.command(_DUNNING, "--version"),
            names["help"]: lambda: bench.command(_DUNNING, "--help"),
            names["show"]: lambda: show(few),
            names["show many"]: lambda: show(many),
            names["log"]: lambda: log(few),
            names["log many"]: lambda: log(many),
        },
        15,
    )
    for database in (few, many):
        bench.command(_DUNNING, "audit", "verify", database=database)
    goals = {"version": 4, "help": 8, "show": 28, "log": 34}
    figures = [compare(times, names[name], f"`{_BARE}`", Goal(bound)) for name, bound in goals.items()]
    for name in ("show", "log"):
        times[among] = times[names[name]]
        figures.append(compare(times, names[f"{name} many"], among, Goal(1.1)))
    return figures


# --- the nightly run ----------------------------------------------------------------------------------------------


def _sweep(database: Path, day: date, done: Path | None = None) -> Swept:
    """The product's sweep in a process of its own, or with `done` the floor's."""
    args = [sys.executable, "-m", "benchmarks.sweep", str(database), day.isoformat(), *([str(done)] if done else [])]
    answer = subprocess.run(args, cwd=_TOP, stdout=subprocess.PIPE, check=True).stdout
    return Swept(**json.loads(answer))


class _Due:
    """A database in which every case is due, and the same after the product's sweep, which was verified."""

    def __init__(self, bench: Bench, cases: int) -> None:
        self.bench = bench
        self.cases = cases
        self.before = bench.database(cases)
        self.done = bench.copy(self.before, f"{cases}-done.db")
        bench.note(f"sweeping {cases:,} due cases once, and verifying every journal")
        self._check(_sweep(self.done, TODAY))
        bench.command(_DUNNING, "audit", "verify", database=self.done)
        self.compared: set[bool] = set()
        self.peaks: list[float] = []

    def run(self, *, floor: bool) -> float:
        """Sweep a fresh copy; the first one of each kind must end as the verified one did, row for row."""
        copy = self.bench.copy(self.before, "run.db")
        swept = _sweep(copy, TODAY, self.done if floor else None)
        self._check(swept)
        if floor not in self.compared:
            _same(copy, self.done)
            self.compared.add(floor)
        if not floor:
            self.peaks.append(swept.peak_kib)
        return swept.seconds

    def _check(self, swept: Swept) -> None:
        if swept.entries != self.cases:
            raise RuntimeError(f"{swept.entries} entries were written, not {self.cases}")


def _same(one: Path, other: Path) -> None:
    conn = sqlite3.connect(one)
    conn.execute("ATTACH ? AS other", (str(other),))
    for table in ("cases", "entries"):
        for left, right in (("main", "other"), ("other", "main")):
            query = f"SELECT * FROM {left}.{table} EXCEPT SELECT * FROM {right}.{table} LIMIT 1"
            if row := conn.execute(query).fetchone():
                raise RuntimeError(f"the floor and the product differ in {table}: {row}")
    conn.close()


def due(bench: Bench) -> list[Figure]:
    """Every case is due: one entry appended, and its row updated."""
    few, many = _Due(bench, _FEW), _Due(bench, bench.many)
    name = f"`check-overdue`, {bench.many:,} due"
    each, beside = f"{name}: time of one case", f"one of {_FEW:,} due"
    memory, flat = f"{name}: peak memory", f"that with {_FEW:,} due"
    times = bench.rounds(
        "due",
        {
            name: lambda: many.run(floor=False),
            "the floor": lambda: many.run(floor=True),
            beside: lambda: few.run(floor=False),
        },
        5,
    )
    times[each] = times[name]
    peaks = {memory: many.peaks, flat: few.peaks}
    return [
        compare(times, name, "the floor", Goal(0.5, speed=True)),
        compare(times, each, beside, Goal(1.2), share=bench.many / _FEW),
        compare(peaks, memory, flat, Goal(1.2)),
    ]


def nothing_due(bench: Bench) -> list[Figure]:
    """No case is due."""
    few, many = (bench.copy(bench.database(cases), f"quiet-{cases}.db") for cases in (_FEW, bench.many))
    name, among = f"`check-overdue`, nothing due of {bench.many:,}", f"nothing due of {_FEW:,}"

    def run(database: Path) -> float:
        swept = _sweep(database, QUIET)
        if swept.entries:
            raise RuntimeError(f"{swept.entries} entries were written, not none")
        return swept.seconds

    times = bench.rounds("nothing due", {name: lambda: run(many), among: lambda: run(few)}, 15)
    return [compare(times, name, among, Goal(1.2))]


GROUPS: Final[dict[str, Callable[[Bench], list[Figure]]]] = {
    "commands": start_up,
    "due": due,
    "nothing-due": nothing_due,
}
