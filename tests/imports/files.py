"""Files to import: a table of good rows in which a test changes what it is about."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

CASE = {
    "reference": "INV-1",
    "debtor": "Wang Fang",
    "creditor": "River Bank",
    "principal": "1250.50",
    "due": "2024-11-30",
}
PAYMENT = {"reference": "INV-1", "date": "2025-01-02", "amount": "100.00"}


def text_of(rows: Iterable[Mapping[str, str]], delimiter: str = ",") -> str:
    """Rows as CSV; the columns are all that any row names, in the order in which they come."""
    rows = list(rows)
    columns = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", delimiter=delimiter, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def a_file(path: Path, content: str | bytes, encoding: str = "utf-8") -> str:
    """Write a file; answers its name, as a command line takes it."""
    path.write_bytes(content.encode(encoding) if isinstance(content, str) else content)
    return str(path)


def some_cases(path: Path, *changes: Mapping[str, str], **every: str) -> str:
    """A ledger: a good row for each of the changes made to it, each with a reference of its own (INV-1, INV-2, …)."""
    rows = [CASE | {"reference": f"INV-{number}"} | every | dict(change) for number, change in enumerate(changes, 1)]
    return a_file(path, text_of(rows))


def some_payments(path: Path, *changes: Mapping[str, str], **every: str) -> str:
    """A file of payments: a good line for each of the changes made to it."""
    return a_file(path, text_of([PAYMENT | every | dict(change) for change in changes]))


def places(rejected: Iterable[Mapping[str, Any]]) -> list[tuple[int, str]]:
    """Where an import found mistakes: (line, field)."""
    return [(bad["line"], bad["field"]) for bad in rejected]
