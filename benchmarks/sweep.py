"""One sweep in a process of its own: `python -m benchmarks.sweep DATABASE DAY [DONE]` answers in JSON.

Without DONE the product's check-overdue runs; with it the floor, which writes what the database DONE holds more.
Imports, and what the floor looks up beforehand, come before the clock starts, and are frozen out of the collector as
the product's entry point does it.
"""

from __future__ import annotations

import gc
import json
import resource
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from time import perf_counter

from dunning_cli.services.desk import Desk
from dunning_cli.services.review import check_overdue
from dunning_cli.settings import Settings
from dunning_cli.store.session import open_store

from . import floor
from .data import NIGHT


@dataclass(frozen=True, slots=True)
class Swept:
    """How long a sweep took, what it wrote, and the most memory that its process held."""

    seconds: float
    entries: int
    peak_kib: int


def _product(database: Path, day: date) -> Callable[[], int]:
    url = f"sqlite:///{database}"
    open_store(url).engine.dispose()  # what SQLAlchemy imports for SQLite

    def work() -> int:
        desk = Desk(Settings(url), NIGHT)
        summary = check_overdue(desk, as_of=day)
        desk.store.engine.dispose()
        if summary.failed:
            raise RuntimeError(f"cases failed: {summary.failed[:3]}")
        return summary.entries.total()

    return work


def _floor(database: Path, day: date, done: Path) -> Callable[[], int]:
    following = floor.outcomes(database, done)
    return lambda: floor.sweep(database, day, following)


def main(database: str, day: str, done: str | None = None) -> None:
    on = date.fromisoformat(day)
    work = _floor(Path(database), on, Path(done)) if done else _product(Path(database), on)
    gc.collect()
    gc.freeze()
    started = perf_counter()
    entries = work()
    seconds = perf_counter() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    json.dump(asdict(Swept(seconds, entries, peak)), sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
