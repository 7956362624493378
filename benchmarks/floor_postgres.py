"""The floor of check-overdue on PostgreSQL: the same work by the shortest correct script that psycopg allows.

As on SQLite it reads the same rows by the same query, hashes the same bytes, and writes the same rows in transactions
of the same size; it decides nothing and formats nothing. Entries are written by COPY, and the rows of a batch by one
UPDATE from arrays: the quickest ways that PostgreSQL has.
"""

from __future__ import annotations

from datetime import date
from typing import Final

import psycopg

from dunning_cli.services.review import BATCH

from .floor import DUE, ENTRY, STATE, Outcome, covered, worked_out

_DUE: Final = DUE.replace("?", "%s")
_TYPES: Final = dict.fromkeys(("case_id", "old_seq", "balance", "worth"), "bigint")
_TYPES.update(dict.fromkeys(("seq", "days_at_close", "worth_under"), "integer"))
_TYPES.update(dict.fromkeys(("closed_on", "next_action_on", "deadline_on", "warn_on"), "date"))
_COLUMNS: Final = ("head", *STATE.split(", "), "case_id", "old_seq")
_ARRAYS: Final = ", ".join(f"%s::{_TYPES.get(name, 'text')}[]" for name in _COLUMNS)
_SAVE: Final = (
    f"UPDATE cases SET {', '.join(f'{name} = v.{name}' for name in _COLUMNS[:-2])} "
    f"FROM unnest({_ARRAYS}) AS v({', '.join(_COLUMNS)}) "
    "WHERE cases.case_id = v.case_id AND cases.seq = v.old_seq"
)
_APPEND: Final = f"COPY entries (case_id, {ENTRY}, digest) FROM STDIN"


def outcomes(url: str, done: str) -> dict[int, Outcome]:
    """What the product wrote between a database and its copy in which the work is done."""
    with psycopg.connect(url) as conn:
        old = {number: (seq, head) for number, seq, head in conn.execute("SELECT case_id, seq, head FROM cases")}
    found: dict[int, Outcome] = {}
    with psycopg.connect(done) as conn, conn.cursor("entries") as cursor:  # which does not fetch all of them at once
        for case_id, head, *row in conn.execute(f"SELECT case_id, head, {STATE} FROM cases"):
            if head != old[case_id][1]:
                found[case_id] = Outcome(old[case_id][0], tuple(row), [])
        for case_id, *entry in cursor.execute(f"SELECT case_id, {ENTRY} FROM entries ORDER BY case_id, seq"):
            if entry[0] > old[case_id][0]:
                found[case_id].entries.append((tuple(entry), covered(case_id, entry)))
    return found


def sweep(url: str, day: date, following: dict[int, Outcome]) -> int:
    """Do the work; answers how many entries were written."""
    after, written = (date.min, 0), 0
    with psycopg.connect(url, autocommit=True) as conn:
        while True:
            with conn.transaction():
                due = conn.execute(_DUE, (day, *after, BATCH)).fetchall()
                rows, entries = worked_out(due, following)
                columns = [list(values) for values in zip(*rows, strict=True)]
                if rows and conn.execute(_SAVE, columns).rowcount != len(rows):
                    raise RuntimeError("a case was changed in between")
                with conn.cursor() as cursor, cursor.copy(_APPEND) as copy:
                    for entry in entries:
                        copy.write_row(entry)
            written += len(entries)
            if len(due) < BATCH:
                return written
            after = (due[-1][13], due[-1][0])
