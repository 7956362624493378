"""The counts of full runs, kept in results.json, and the tables that docs/reliability.md shows of them.

`python -m tests.faults.report` writes the tables again from what was kept.
"""

from __future__ import annotations

import json
import os
import platform
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeAlias

KEPT = Path(__file__).with_name("results.json")
PAGE = Path(__file__).parents[2] / "docs" / "reliability.md"
BEGIN, END = "<!-- counts of {part}: written by tests/faults/report.py -->", "<!-- end of {part} -->"

Noted: TypeAlias = tuple[str, str, dict[str, Any]]  # (part, row, counts)


def keep(noted: Iterable[Noted]) -> None:
    """Keep the counts of a run in place of earlier ones of the same rows, and write the page."""
    kept = json.loads(KEPT.read_text("utf-8")) if KEPT.exists() else {}
    machine = {
        "on": datetime.now(UTC).date().isoformat(),
        "with": f"{platform.system()}, Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}",
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
    }
    for part, row, counts in noted:
        kept.setdefault(part, {})[row] = {"counts": counts, **machine}
    kept = {part: dict(sorted(rows.items())) for part, rows in sorted(kept.items())}
    KEPT.write_text(json.dumps(kept, indent=1) + "\n", "utf-8")
    write(kept)


def write(kept: dict[str, Any]) -> None:
    """Put each part's table between its marks."""
    page = PAGE.read_text("utf-8")
    for part, rows in kept.items():
        begin, end = BEGIN.format(part=part), END.format(part=part)
        head, _, rest = page.partition(begin)
        _, _, tail = rest.partition(end)
        if not tail:
            raise ValueError(f"{PAGE} has no place for the counts of {part}: {begin} … {end}")
        page = f"{head}{begin}\n\n{table(rows)}\n{end}{tail}"
    PAGE.write_text(page, "utf-8")


def table(rows: dict[str, Any]) -> str:
    """A Markdown table of one part, and when and where its counts were taken."""
    names = list(dict.fromkeys(name for row in rows.values() for name in row["counts"]))
    lines = [["", *names], ["---", *("---:" for _ in names)]]
    lines += [[row, *(_shown(found["counts"].get(name)) for name in names)] for row, found in sorted(rows.items())]
    taken = sorted({f"{found['on']}, {found['with']}, {found['cores']} cores" for found in rows.values()})
    said = "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
    return f"{said}\nTaken on {'; '.join(taken)}.\n"


def _shown(count: Any) -> str:
    if count is None:
        return ""
    return f"{count:,}" if isinstance(count, int) else str(count)


if __name__ == "__main__":
    write(json.loads(KEPT.read_text("utf-8")))
