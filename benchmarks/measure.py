"""Measuring: things are run in turn, again and again, and compared by the medians of their times."""

from __future__ import annotations

import os
import platform
import sqlite3
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from statistics import median, quantiles
from typing import Final

Samples = dict[str, list[float]]


@dataclass(frozen=True, slots=True)
class Goal:
    """A bound on a ratio: a cost is to stay at or below it, a speed at or above it."""

    bound: float
    speed: bool = False

    def met(self, ratio: float) -> bool:
        return ratio >= self.bound if self.speed else ratio <= self.bound

    def __str__(self) -> str:
        return f"{'≥' if self.speed else '≤'} {self.bound:g}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the answer, with its goal where there is one. `samples` holds what it was made from: seconds, or KiB
    of memory.

    `low` and `high` are the quartiles of the ratios of neighbouring runs: how much the machine's noise moves it.
    """

    what: str
    against: str
    goal: Goal | None
    ratio: float
    low: float
    high: float
    samples: Samples


def in_turn(things: Mapping[str, Callable[[], float]], rounds: int, note: Callable[[str], None]) -> Samples:
    """Run things A B A B …; each answers how long it took. A first round only warms the caches."""
    times: Samples = {name: [] for name in things}
    for number in range(rounds + 1):
        note(f"round {number} of {rounds}" if number else "a round to warm up")
        for name, run in things.items():
            seconds = run()
            if number:
                times[name].append(seconds)
    return times


def compare(
    times: Samples, what: str, against: str, goal: Goal | None, *, share: float = 1, speed: bool = False
) -> Figure:
    """What a thing costs beside another, or for a goal of `speed` how fast it is; `share` divides the cost."""
    one, other = times[what], times[against]
    if speed or (goal and goal.speed):
        one, other = other, one
    pairs = [a / b / share for a, b in zip(one, other, strict=True)]
    low, _, high = quantiles(pairs, n=4) if len(pairs) > 1 else pairs * 3
    ratio = median(one) / median(other) / share
    return Figure(what, against, goal, ratio, low, high, {what: times[what], against: times[against]})


_PACKAGES: Final = ("dunning", "sqlalchemy", "typer")


def machine() -> dict[str, str]:
    """What it was measured on."""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return {
        "processor": f"{_processor()}, {os.cpu_count()} cores",
        "system": f"{platform.system()} {platform.machine()}",
        "versions": ", ".join(
            [python, f"SQLite {sqlite3.sqlite_version}", *(f"{name} {version(name)}" for name in _PACKAGES)]
        ),
    }


def _processor() -> str:
    if sys.platform == "linux":
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def table(figures: list[Figure]) -> str:
    """The figures as a table that reads well as text and as Markdown."""
    head = ("what", "beside", "ratio", "middle half", "goal", "met")
    rows = [
        (
            figure.what,
            figure.against,
            f"{figure.ratio:.2f}",
            f"{figure.low:.2f}–{figure.high:.2f}",
            str(figure.goal or "–"),
            ("yes" if figure.goal.met(figure.ratio) else "no") if figure.goal else "–",
        )
        for figure in figures
    ]
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    lines = [head, tuple("-" * width for width in widths), *rows]
    return "\n".join("| " + " | ".join(map(str.ljust, line, widths)) + " |" for line in lines)


def put(path: Path, begin: str, end: str, answer: str) -> None:
    """Replace what stands between two markers in a page."""
    before, there, rest = path.read_text("utf-8").partition(begin)
    _, too, after = rest.partition(end)
    if not there or not too:
        sys.exit(f"{path} does not hold the markers:\n{begin}\n{end}")
    path.write_text(f"{before}{begin}\n\n{answer}\n\n{end}{after}", "utf-8")
