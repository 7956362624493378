"""Measure the product: `python -m benchmarks`. Whether a goal is met is said, and changes no exit code."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from .audit import audits
from .figures import Bench, due, nothing_due, start_up
from .measure import Figure, machine, put, table
from .postgres import postgres
from .queries import queries
from .rules import rules

GROUPS: Final[dict[str, Callable[[Bench], list[Figure]]]] = {
    "commands": start_up,
    "due": due,
    "nothing-due": nothing_due,
    "postgres": postgres,
    "queries": queries,
    "audit": audits,
    "rules": rules,
}

BEGIN = "<!-- measured: written by python -m benchmarks --write, never by hand -->"
END = "<!-- end of what was measured -->"


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description="How fast dunning is, in ratios.")
    parser.add_argument("--full", action="store_true", help="100,000 cases instead of 10,000; takes half an hour")
    parser.add_argument("--only", choices=GROUPS, action="append", help="measure this group; may be repeated")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every time that was taken")
    parser.add_argument("--write", type=Path, metavar="FILE", help="put the table between the markers in this file")
    args = parser.parse_args(argv)
    many = 100_000 if args.full else 10_000
    figures: list[Figure] = []
    with TemporaryDirectory(prefix="dunning-bench-") as folder:
        bench = Bench(Path(folder), many, _note)
        for name in args.only or GROUPS:
            figures += GROUPS[name](bench)
    facts = {"measured": datetime.now(UTC).date().isoformat(), **machine(), **bench.facts}
    answer = "\n".join([*(f"- {name}: {value}" for name, value in facts.items()), "", table(figures)])
    print(answer)
    if args.json:
        everything = {**facts, "cases": many, "figures": [asdict(figure) for figure in figures]}
        args.json.write_text(json.dumps(everything, ensure_ascii=False, indent=2) + "\n", "utf-8")
    if args.write:
        put(args.write, BEGIN, END, answer)


def _note(text: str) -> None:
    print(text, file=sys.stderr)


if __name__ == "__main__":
    main()
