"""What is measured. Each group answers its figures; docs/performance.md says what they mean."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from itertools import count
from pathlib import Path
from time import perf_counter
from typing import Final

from dunning_cli.services.processes import cores

from .data import ACTOR, QUIET, TODAY, build
from .measure import Figure, Goal, Samples, compare, in_turn
from .memory import LINUX
from .sweep import Swept, peak, swept

DUNNING: Final = str(Path(sys.executable).with_name("dunning"))
_BARE: Final = "python -c pass"
_FEW: Final = 1_000
_SOME: Final = 5_000
_MOST: Final = 200 * 1024  # KiB
FLOOR: Final = "the floor"
SPEED: Final = Goal(0.6, speed=True)  # beside the floor


Peak = Callable[[], float]


class Bench:
    """A folder with the databases that are measured on, made when they are first asked for."""

    def __init__(self, folder: Path, many: int, note: Callable[[str], None]) -> None:
        self.folder = folder
        self.many = many
        self.note = note
        self.facts: dict[str, str] = {}  # what a group ran on, beside the machine

    def database(self, cases: int) -> Path:
        """A database of so many cases, all of them due. Measure on a copy."""
        path = self.folder / f"{cases}.db"
        if not path.exists():
            self.note(f"making {cases:,} cases")
            build(_url(path), cases)
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
        env |= {"XDG_CONFIG_HOME": str(self.folder), "DUNNING_DB": _url(database or self.folder / "none.db")}
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
        return bench.command(DUNNING, "show-case", str(next(number)), "--json", database=database)

    def log(database: Path) -> float:
        what = ("--channel", "call", "--outcome", "no_answer", "--purpose", "reminder", "--minutes", "2")
        return bench.command(DUNNING, "log-contact", str(next(number)), *what, database=database)

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
            names["version"]: lambda: bench.command(DUNNING, "--version"),
            names["help"]: lambda: bench.command(DUNNING, "--help"),
            names["show"]: lambda: show(few),
            names["show many"]: lambda: show(many),
            names["log"]: lambda: log(few),
            names["log many"]: lambda: log(many),
        },
        15,
    )
    for database in (few, many):
        bench.command(DUNNING, "audit", "verify", database=database)
    goals = {"version": 4, "help": 8, "show": 28, "log": 34}
    figures = [compare(times, names[name], f"`{_BARE}`", Goal(bound)) for name, bound in goals.items()]
    for name in ("show", "log"):
        times[among] = times[names[name]]
        figures.append(compare(times, names[f"{name} many"], among, Goal(1.1)))
    return figures


# --- the nightly run ----------------------------------------------------------------------------------------------


class Due:
    """A database in which every case is due, and the same after the product's sweep, which was verified."""

    def __init__(self, bench: Bench, cases: int) -> None:
        self.bench = bench
        self.cases = cases
        self.before = bench.database(cases)
        self.done = bench.copy(self.before, f"{cases}-done.db")
        bench.note(f"sweeping {cases:,} due cases once, and verifying every journal")
        self._check(swept(_url(self.done), TODAY))
        bench.command(DUNNING, "audit", "verify", database=self.done)
        self.compared: set[object] = set()

    def run(self, *, jobs: int | None = None, floor: bool = False) -> float:
        """Sweep a fresh copy; the first one of each kind must end as the verified one did, row for row."""
        copy = self.bench.copy(self.before, "run.db")
        done = swept(_url(copy), TODAY, jobs=jobs, done=_url(self.done) if floor else None)
        self._check(done)
        if (jobs, floor) not in self.compared:
            same(copy, self.done)
            self.compared.add((jobs, floor))
        return done.seconds

    def peak(self) -> float:
        """The most KiB that the processes of a sweep held together."""
        done, most = peak(_url(self.bench.copy(self.before, "run.db")), TODAY)
        self._check(done)
        return most

    def _check(self, done: Swept) -> None:
        if done.entries != self.cases:
            raise RuntimeError(f"{done.entries} entries were written, not {self.cases}")


def _url(database: Path) -> str:
    return f"sqlite:///{database}"


def same(one: Path, other: Path) -> None:
    """Refuse two databases whose cases or entries differ."""
    conn = sqlite3.connect(one)
    conn.execute("ATTACH ? AS other", (str(other),))
    for table in ("cases", "entries"):
        for left, right in (("main", "other"), ("other", "main")):
            query = f"SELECT * FROM {left}.{table} EXCEPT SELECT * FROM {right}.{table} LIMIT 1"
            if row := conn.execute(query).fetchone():
                raise RuntimeError(f"the databases differ in {table}: {row}")
    conn.close()


def due(bench: Bench) -> list[Figure]:
    """Every case is due: one entry appended, and its row updated."""
    few, many = Due(bench, _FEW), Due(bench, bench.many)
    names = default, one = sweep_names(bench.many)
    each, beside = f"{one}: time of one case", f"one of {_FEW:,} due"
    times = bench.rounds(
        "due",
        {
            default: many.run,
            FLOOR: lambda: many.run(floor=True),
            one: lambda: many.run(jobs=1),
            beside: lambda: few.run(jobs=1),
        },
        5,
    )
    times[each] = times[one]
    return [
        *beside_floor(times, names),
        compare(times, each, beside, Goal(1.2), share=bench.many / _FEW),
        # A single batch is not shared: only from a few on do all processes work.
        *memory_figures(
            bench,
            f"{default}: peak memory of all",
            many.peak,
            (f"that with {_SOME:,} due", Due(bench, _SOME).peak),
        ),
    ]


def sweep_names(due: int, where: str = "", of: int = 0) -> tuple[str, str]:
    """What the nightly run is called as it comes, with a process a core, and with only one."""
    return process_names("check-overdue", f"{where}, {due:,} due" + (f" of {of:,}" if of else ""))


def process_names(command: str, rest: str) -> tuple[str, str]:
    """What a command is called as it comes, with a process a core, and with only one."""
    return f"`{command}`{rest}, {cores()} processes", f"`{command} --jobs 1`{rest}"


def beside_floor(times: Samples, names: tuple[str, str], goal: Goal = SPEED) -> list[Figure]:
    """How fast a command is beside its floor, as it comes and in one process; the goal is for the first."""
    several, alone = names
    return [compare(times, several, FLOOR, goal), compare(times, alone, FLOOR, None, speed=True)]


def memory_figures(bench: Bench, memory: str, of_many: Peak, fewer: tuple[str, Peak] | None = None) -> list[Figure]:
    """What all processes of a run hold together, beside what they may, and beside a run over fewer cases."""
    if not LINUX:
        return []
    most = f"{_MOST // 1024} MiB"
    peaks = bench.rounds("memory", {memory: of_many, **dict([fewer] if fewer else [])}, 3)
    peaks[most] = [_MOST] * len(peaks[memory])
    figures = [compare(peaks, memory, most, Goal(1))]
    return [*figures, compare(peaks, memory, fewer[0], Goal(1.2))] if fewer else figures


def nothing_due(bench: Bench) -> list[Figure]:
    """No case is due."""
    few, many = (bench.copy(bench.database(cases), f"quiet-{cases}.db") for cases in (_FEW, bench.many))
    name, among = f"`check-overdue`, nothing due of {bench.many:,}", f"nothing due of {_FEW:,}"

    def run(database: Path) -> float:
        done = swept(_url(database), QUIET)
        if done.entries:
            raise RuntimeError(f"{done.entries} entries were written, not none")
        return done.seconds

    times = bench.rounds("nothing due", {name: lambda: run(many), among: lambda: run(few)}, 15)
    return [compare(times, name, among, Goal(1.2))]
