"""One sweep in a process of its own: `python -m benchmarks.sweep URL DAY` answers in JSON.

Without `--done` the product's check-overdue runs; with it the floor, which writes what the database there holds more.
Imports, and what the floor looks up beforehand, come before the clock starts, and are frozen out of the collector as
the product's entry point does it.
"""

from __future__ import annotations

import argparse
import gc
import json
import multiprocessing.connection  # noqa: F401
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Final

import dunning_cli.services.deadline_run
import dunning_cli.store.cases  # noqa: F401
from dunning_cli.services.desk import Desk
from dunning_cli.services.review import check_overdue
from dunning_cli.settings import Settings
from dunning_cli.store.session import open_store

from .data import NIGHT
from .memory import peak_of

TOP: Final = Path(__file__).resolve().parents[1]
_SQLITE: Final = "sqlite:///"


@dataclass(frozen=True, slots=True)
class Swept:
    """How long a sweep took, and how many entries it wrote."""

    seconds: float
    entries: int


# --- from outside -------------------------------------------------------------------------------------------------


def swept(url: str, day: date, *, jobs: int | None = None, done: str | None = None) -> Swept:
    """The product's sweep in so many processes (None: as it comes), or with `done` the floor's."""
    answer = subprocess.run(_line(url, day, jobs, done), cwd=TOP, stdout=subprocess.PIPE, check=True).stdout
    return Swept(**json.loads(answer))


def peak(url: str, day: date, *, jobs: int | None = None) -> tuple[Swept, int]:
    """The product's sweep, and the most KiB that all its processes held at one time. Its time is not to be used."""
    answer, most = peak_of(_line(url, day, jobs), TOP)
    return Swept(**json.loads(answer)), most


def together(url: str, day: date, runs: int) -> list[Swept]:
    """So many sweeps with one process each, which are all ready before the first begins."""
    line = [*_line(url, day, 1), "--wait"]
    started = [subprocess.Popen(line, cwd=TOP, stdin=subprocess.PIPE, stdout=subprocess.PIPE) for _ in range(runs)]
    for process in started:
        assert process.stdout
        process.stdout.readline()
    for process in started:
        assert process.stdin
        process.stdin.write(b"\n")
        process.stdin.flush()
    answers = [process.communicate()[0] for process in started]
    if any(process.returncode for process in started):
        raise RuntimeError("a run that had another beside it failed")
    return [Swept(**json.loads(answer)) for answer in answers]


def _line(url: str, day: date, jobs: int | None = None, done: str | None = None) -> list[str]:
    line = [sys.executable, "-m", "benchmarks.sweep", url, day.isoformat()]
    return [*line, *(["--jobs", str(jobs)] if jobs else []), *(["--done", done] if done else [])]


# --- from inside --------------------------------------------------------------------------------------------------


def _product(url: str, day: date, jobs: int | None) -> Callable[[], int]:
    open_store(url).engine.dispose()  # what SQLAlchemy imports for this kind of database

    def work() -> int:
        desk = Desk(Settings(url), NIGHT)
        summary = check_overdue(desk, as_of=day, jobs=jobs)
        desk.store.engine.dispose()
        if summary.failed:
            raise RuntimeError(f"cases failed: {summary.failed[:3]}")
        return summary.entries.total()

    return work


def _floor(url: str, day: date, done: str) -> Callable[[], int]:
    if not url.startswith(_SQLITE):
        from . import floor_postgres

        of_server = floor_postgres.outcomes(url, done)
        return lambda: floor_postgres.sweep(url, day, of_server)
    from . import floor

    database = Path(url.removeprefix(_SQLITE))
    following = floor.outcomes(database, Path(done.removeprefix(_SQLITE)))
    return lambda: floor.sweep(database, day, following)


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.sweep", description=__doc__)
    parser.add_argument("url")
    parser.add_argument("day", type=date.fromisoformat)
    parser.add_argument("--jobs", type=int, help="how many processes decide; default: one a core")
    parser.add_argument("--done", metavar="URL", help="run the floor, to write what is more here")
    parser.add_argument("--wait", action="store_true", help="say when all is ready, and begin after a line of input")
    args = parser.parse_args(argv)
    work = _floor(args.url, args.day, args.done) if args.done else _product(args.url, args.day, args.jobs)
    gc.collect()
    gc.freeze()
    if args.wait:
        print("ready", flush=True)
        sys.stdin.readline()
    started = perf_counter()
    entries = work()
    json.dump(asdict(Swept(perf_counter() - started, entries)), sys.stdout)


if __name__ == "__main__":
    main()
