"""How the work grows: `python -m benchmarks.growth --write docs/growth.md`; that page says what it means.

Ledgers of more and more loans are imported; then all cases of each are due. What a whole book costs (the import, the
nightly run, the audit) is put beside what one command costs among so many cases. Every time is a ratio to that of the
smallest book, and the slope is that of the logarithm of the time over the logarithm of the size, by least squares.
"""

from __future__ import annotations

import argparse
import gc
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from math import fsum, log10
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Final

from .data import ACTOR, TODAY, at
from .figures import Bench
from .measure import machine, put
from .plot import Line, plot
from .scale import LATE, Scale
from .sweep import TOP, swept

SIZES: Final = (1_000, 3_000, 10_000, 30_000, 100_000, 1_000_000)
BEGIN: Final = "<!-- measured: written by python -m benchmarks.growth --write, never by hand -->"
END: Final = "<!-- end of what was measured -->"

_ROUNDS: Final = 3
_LARGE: Final = 100_000  # from here on, one round is enough: it takes minutes
_TIMES: Final = 15  # that a command is given in each round
_PREFIX: Final = "LOAN"

IMPORT, NIGHT, VERIFY = "import-cases", "check-overdue", "audit verify"
SHOW, LIST, WORKLIST, PAYMENT = "show-case", "list-cases", "worklist", "record-payment"
Times = dict[str, dict[int, list[float]]]


@dataclass(frozen=True, slots=True)
class Curve:
    """What a thing costs at each size: the medians of its seconds."""

    name: str
    seconds: dict[int, float]

    @property
    def slope(self) -> float:
        """1 where twice the cases take twice the time, 0 where they take the same."""
        points = [(log10(size), log10(seconds)) for size, seconds in self.seconds.items()]
        x, y = (sum(each) / len(points) for each in zip(*points, strict=True))
        return fsum((a - x) * (b - y) for a, b in points) / fsum((a - x) * (a - x) for a, _ in points)

    @property
    def ratios(self) -> dict[int, float]:
        """The time beside that of the smallest size."""
        smallest = min(self.seconds)
        return {size: seconds / self.seconds[smallest] for size, seconds in self.seconds.items()}


def words(slope: float) -> str:
    """What a slope means. A tenth of it is noise."""
    if slope <= 0.1:
        return "costs the same"
    if slope < 0.9:
        return "grows more slowly than the cases"
    if slope <= 1.1:
        return "grows in step with the cases"
    return "grows faster than the cases"


# --- measuring ----------------------------------------------------------------------------------------------------


def measure(bench: Bench, most: int) -> Times:
    """Every time that is taken: a whole book up to `most` cases, single commands and the audit up to a tenth of it."""
    scale = Scale(bench, most)
    sizes = [size for size in SIZES if size <= most]
    times: Times = {name: {size: [] for size in sizes} for name in (IMPORT, NIGHT, SHOW)}
    few = [size for size in sizes if size <= max(most // 10, 10_000)]
    times |= {name: {size: [] for size in few} for name in (VERIFY, LIST, WORKLIST, PAYMENT)}
    for number in range(_ROUNDS):
        for size in sizes:
            if size >= _LARGE and number:
                continue
            bench.note(f"round {number + 1} of {_ROUNDS}: {size:,} cases")
            database = scale.empty(f"growth-{size}.db")
            times[IMPORT][size].append(scale.run("product", size, database, LATE, _PREFIX))
            times[NIGHT][size].append(_night(bench, database, size))
            names = [name for name in (SHOW, LIST, WORKLIST, VERIFY, PAYMENT) if size in times[name]]
            for name, seconds in _commands(bench.copy(database, "commands.db"), names, size).items():
                times[name][size].append(seconds)
    return times


def _night(bench: Bench, before: Path, size: int) -> float:
    done = swept(f"sqlite:///{bench.copy(before, 'night.db')}", TODAY)
    if done.entries != size:
        raise RuntimeError(f"{done.entries} entries were written, not {size}")
    return done.seconds


def _commands(database: Path, names: Sequence[str], size: int) -> dict[str, float]:
    """Give commands in a process of their own; answers the median of the seconds of each."""
    line = [sys.executable, "-m", "benchmarks.growth", "--alone", str(database), str(size), *names]
    answer: dict[str, float] = json.loads(subprocess.run(line, cwd=TOP, stdout=subprocess.PIPE, check=True).stdout)
    return answer


def alone(database: str, size: str, *names: str) -> None:
    """Give each command once, so that all is imported, and then some times by the clock."""
    os.environ.update(
        DUNNING_DB=f"sqlite:///{database}",
        DUNNING_NOW=at(TODAY).instant.isoformat(),
        DUNNING_TIMEZONE="Asia/Shanghai",
        DUNNING_ACTOR=ACTOR,
        XDG_CONFIG_HOME=str(Path(database).parent),
    )
    # Cases from all over the book, so that no page of the file is there from the command before.
    numbers = (each * 7919 % int(size) for each in count())
    lines: dict[str, Callable[[], list[str]]] = {
        SHOW: lambda: [SHOW, f"{_PREFIX}-{next(numbers):08d}", "--json"],
        LIST: lambda: [LIST],
        WORKLIST: lambda: [WORKLIST],
        PAYMENT: lambda: [PAYMENT, f"{_PREFIX}-{next(numbers):08d}", "1.00"],
        VERIFY: lambda: ["audit", "verify"],
    }
    found: dict[str, float] = {}
    for name in names:
        _give(lines[name]())
        gc.collect()
        times = 1 if name == VERIFY else _TIMES
        found[name] = median(_give(lines[name]()) for _ in range(times))
    json.dump(found, sys.stdout)


def _give(line: list[str]) -> float:
    from dunning_cli.cli.main import main as dunning

    with redirect_stdout(io.StringIO()) as said, redirect_stderr(io.StringIO()):
        started = perf_counter()
        code = dunning(line)
        seconds = perf_counter() - started
    if code or not said.getvalue():
        raise RuntimeError(f"{line} ended with {code}")
    return seconds


# --- saying it ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Group:
    """Curves that share a plot; `slope` is what they should have."""

    file: str
    title: str
    up: str
    names: tuple[str, ...]
    slope: int


GROUPS: Final = (
    Group("whole-book.svg", "A whole book", "time, with the smallest as 1", (NIGHT, IMPORT, VERIFY), 1),
    Group("one-command.svg", "One command", "time, with the smallest as 1", (SHOW, PAYMENT, LIST, WORKLIST), 0),
)


def curves(times: Times, group: Group) -> list[Curve]:
    return [Curve(name, {size: median(found) for size, found in times[name].items()}) for name in group.names]


def picture(group: Group, lines: Iterable[Curve]) -> str:
    drawn = [Line(curve.name, list(curve.ratios.items())) for curve in lines]
    return plot(group.title, "cases", group.up, drawn, group.slope)


def table(group: Group, lines: Sequence[Curve]) -> str:
    """The time of one case for a whole book, and of one command otherwise, beside the smallest; then the slope."""
    sizes = sorted({size for curve in lines for size in curve.seconds})
    head = ("what", *(f"{size:,}" for size in sizes), "slope", "in words")
    rows = []
    for curve in lines:
        cells = []
        for size in sizes:
            share = size / sizes[0] if group.slope else 1
            cells.append(f"{curve.ratios[size] / share:.2f}" if size in curve.seconds else "")
        rows.append((f"`{curve.name}`", *cells, f"{curve.slope:.2f}", words(curve.slope)))
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(len(head))]
    ruled = (head, tuple("-" * width for width in widths), *rows)
    return "\n".join("| " + " | ".join(map(str.ljust, line, widths)) + " |" for line in ruled)


def answer(times: Times, facts: dict[str, str], folder: str) -> str:
    parts = ["\n".join(f"- {name}: {value}" for name, value in facts.items())]
    for group in GROUPS:
        lines = curves(times, group)
        of = "Time of one case" if group.slope else "Time of the command"
        parts += [f"### {group.title}", f"{of}, beside that among the fewest.", table(group, lines)]
        said = "; ".join(f"{curve.name} {words(curve.slope)}" for curve in lines)
        parts.append(f"![{group.title}: {said}.]({folder}/{group.file})")
    return "\n\n".join(parts)


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=__doc__)
    parser.add_argument("--full", action="store_true", help="up to 1,000,000 cases instead of 100,000")
    parser.add_argument("--most", type=int, choices=SIZES[1:], metavar="N", help="up to N cases")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every time that was taken")
    parser.add_argument("--write", type=Path, metavar="FILE", help="put the tables into this file, the plots beside it")
    parser.add_argument("--alone", nargs="+", help=argparse.SUPPRESS)
    args = parser.parse_args(argv)
    if args.alone:
        alone(*args.alone)
        return
    most = args.most or (1_000_000 if args.full else 100_000)
    with TemporaryDirectory(prefix="dunning-growth-") as folder:
        times = measure(Bench(Path(folder), most, lambda text: print(text, file=sys.stderr)), most)
    facts = {"measured": datetime.now(UTC).date().isoformat(), **machine()}
    place = args.write.with_suffix("") if args.write else Path("growth")
    said = answer(times, facts, place.name)
    print(said)
    if args.json:
        args.json.write_text(json.dumps({**facts, "seconds": times}, indent=2) + "\n", "utf-8")
    if args.write:
        place.mkdir(exist_ok=True)
        for group in GROUPS:
            (place / group.file).write_text(picture(group, curves(times, group)), "utf-8")
        put(args.write, BEGIN, END, said)


if __name__ == "__main__":
    main()
