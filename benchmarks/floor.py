"""The floor of check-overdue: the same work by the shortest correct script that the standard library allows.

It reads the same rows by the same query, hashes the same bytes, and writes the same rows in transactions of the same
size under the same pragmas. It decides nothing and formats nothing: what is to be written was taken, before the clock
started, from a database in which the product did the work. Only the chain is its own: each entry's digest is computed
over the head that was read. Afterwards its database must equal the product's, row for row.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from dunning_cli.services.review import BATCH

_PRAGMAS: Final = ("foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL")

DUE: Final = """
SELECT case_id, debtor_id, creditor, reference, portfolio, principal, currency, due_on, incurred_on, debt_type,
  consumer, jurisdiction, head, next_action_on, next_action, reviewed_under, state, deadline_on, warn_on, law_under
FROM cases WHERE next_action_on <= ? AND (next_action_on, case_id) > (?, ?)
ORDER BY next_action_on, case_id LIMIT ?"""

STATE: Final = (
    "seq, policy, collector, stage, status, outcome, closed_on, days_at_close, balance, next_action_on, next_action, "
    "reviewed_under, state, rates, worth, worth_under, deadline_on, warn_on, law_under"
)
_SAVE: Final = f"UPDATE cases SET head = ?, {STATE.replace(',', ' = ?,')} = ? WHERE case_id = ? AND seq = ?"
ENTRY: Final = "seq, recorded_at, effective, effective_on, actor, clock, kind, format, data, private, private_hash"
_APPEND: Final = f"INSERT INTO entries (case_id, {ENTRY}, digest) VALUES ({', '.join('?' * 13)})"


@dataclass(slots=True)
class Outcome:
    """What is to be written for one case: its row but for the head, and its entries but for their digests.

    Each entry comes with the text that its digest covers after the digest before it.
    """

    old_seq: int
    row: tuple[Any, ...]
    entries: list[tuple[tuple[Any, ...], str]]


def outcomes(database: Path, done: Path) -> dict[int, Outcome]:
    """What the product wrote between a database and its copy in which the work is done."""
    conn = sqlite3.connect(database)
    conn.execute("ATTACH ? AS done", (str(done),))
    found: dict[int, Outcome] = {}
    changed = f"SELECT case_id, old.seq, {_columns(STATE)} FROM done.cases new JOIN cases old USING (case_id)"
    for case_id, old_seq, *row in conn.execute(f"{changed} WHERE new.head <> old.head"):
        found[case_id] = Outcome(old_seq, tuple(row), [])
    written = f"SELECT case_id, {_columns(ENTRY)} FROM done.entries new JOIN cases old USING (case_id)"
    for case_id, *entry in conn.execute(f"{written} WHERE new.seq > old.seq ORDER BY case_id, new.seq"):
        found[case_id].entries.append((tuple(entry), covered(case_id, entry)))
    conn.close()
    return found


def covered(case_id: int, entry: Sequence[Any]) -> str:
    """What the digest of an entry, given by its columns ENTRY, covers after the digest before it."""
    *texts, _, private_hash = entry
    parts = (f"case {case_id}", *map(str, texts), private_hash)
    return "".join(f"{len(part.encode())}:{part}," for part in parts)


def _columns(names: str) -> str:
    return ", ".join(f"new.{name}" for name in names.split(", "))


def worked_out(
    due: Iterable[tuple[Any, ...]], following: dict[int, Outcome]
) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
    """The rows and the entries to be written for cases that were read, with the digests chained to the heads read."""
    rows, entries = [], []
    for read in due:
        case_id, head = read[0], read[12]
        outcome = following[case_id]
        for entry, hashed in outcome.entries:
            head = sha256(f"64:{head},{hashed}".encode()).hexdigest()
            entries.append((case_id, *entry, head))
        rows.append((head, *outcome.row, case_id, outcome.old_seq))
    return rows, entries


def sweep(database: Path, day: date, following: dict[int, Outcome]) -> int:
    """Do the work; answers how many entries were written."""
    conn = sqlite3.connect(database, isolation_level=None)
    for pragma in _PRAGMAS:
        conn.execute(f"PRAGMA {pragma}")
    today, after, written = day.isoformat(), ("", 0), 0
    while True:
        conn.execute("BEGIN IMMEDIATE")
        due = conn.execute(DUE, (today, *after, BATCH)).fetchall()
        rows, entries = worked_out(due, following)
        if conn.executemany(_SAVE, rows).rowcount != len(rows):
            raise RuntimeError("a case was changed in between")
        conn.executemany(_APPEND, entries)
        conn.execute("COMMIT")
        written += len(entries)
        if len(due) < BATCH:
            conn.close()
            return written
        after = (due[-1][13], due[-1][0])
