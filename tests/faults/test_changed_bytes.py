"""Every character that was hashed, every column that is derived, every byte of the file: no change goes unnoticed.

What a change past the program may do: the audit finds it, or SQLite refuses the file, or nobody ever reads it.
"""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import date
from pathlib import Path
from random import Random
from typing import Any, Final, NamedTuple

import pytest
from sqlalchemy import Connection, Table, text
from sqlalchemy.exc import IntegrityError

from dunning_cli.domain.days import Every
from dunning_cli.domain.debtors import Details
from dunning_cli.domain.entries import CaseOutcome
from dunning_cli.domain.views import AuditReport
from dunning_cli.errors import DatabaseError
from dunning_cli.services.case_imports import import_cases
from dunning_cli.services.casework import assign_case, close_case
from dunning_cli.services.casework import note as write_note
from dunning_cli.services.contacts import log_contact
from dunning_cli.services.debtors import edit_debtor
from dunning_cli.services.desk import Desk
from dunning_cli.services.payment_imports import import_payments
from dunning_cli.services.plans import Terms, accept_plan, propose_plan
from dunning_cli.services.policies import load_policy
from dunning_cli.store.audit import NOT_RANKED, Audit
from dunning_cli.store.schema import case_refs, cases, counters, debtor_entries, debtors, entries, metadata, policies
from tests.builders import a_contact
from tests.cli.runner import Dunning
from tests.store.databases import Database, Templates, close_connections

from .worlds import a_desk

pytestmark = pytest.mark.breaks_the_journal

GUARDED: Final = (entries, debtor_entries, cases, debtors, case_refs, counters, policies)
APART: Final = tuple(table for table in metadata.sorted_tables if table not in GUARDED)  # tables of their own
_NOTES: Final = ("loaded_at", "actor")
_LETTERS: Final = "x0-é中"


def _fill(database: Database) -> None:
    """Two cases with most kinds of entries, free text in two scripts, and a row in every table."""
    home = database.path.parent
    desk = a_desk(database)
    (home / "policy.toml").write_text('name = "mild"\ntolerance = "0.50"\n')
    load_policy(desk, home / "policy.toml")
    (home / "cases.csv").write_text(
        "reference,debtor,debtor_ref,creditor,principal,due,phone,policy\n"
        "L-1,Wang Fang,C-1,Acme,300.00,2024-12-01,+86 13800138000,mild\n"
        "L-2,李雷,C-2,Acme,80.50,2024-12-20,,default\n"
    )
    import_cases(desk, home / "cases.csv")
    log_contact(desk, "1", a_contact(note="Lost her job; 要分期", to="+86 13800138000", minutes=4), cost="1.20")
    propose_plan(desk, "1", Terms(3, date(2025, 1, 20), Every.WEEK))
    accept_plan(desk, "1")
    (home / "paid.csv").write_text(
        "case,date,amount,payer,text\n1,2025-01-06,100.00,Wang,thanks\n9,2025-01-06,1.00,,\n"
    )
    import_payments(desk, [home / "paid.csv"])
    assign_case(desk, "1", "mara")
    edit_debtor(desk, 1, Details(emails=("wang@example.com",)), ())
    desk.key = None
    write_note(desk, "2", "Moved away")
    close_case(desk, "2", CaseOutcome.UNCOLLECTABLE, "no address")


@pytest.fixture
def small(templates: Templates, tmp_path: Path) -> Iterator[Database]:
    """A small SQLite database, all of it in its one file."""
    with templates.copy("sqlite", tmp_path) as database:
        _fill(database)
        close_connections()
        yield database


@contextmanager
def _changing(database: Database) -> Iterator[Connection]:
    """A connection for changes that are taken back."""
    store = database.store()
    with store.engine.connect() as conn:
        conn.execution_options(write=True)
        yield conn
    store.engine.dispose()


def _audited(conn: Connection, statement: str, **values: Any) -> AuditReport | None:
    """What the audit says of a change; None where the database itself refuses it. The change is taken back."""
    with conn.begin() as transaction:
        try:
            conn.execute(text(statement), values)
        except IntegrityError:
            return None
        try:
            return Audit(conn).everything({})
        finally:
            transaction.rollback()


class _Cell(NamedTuple):
    """A value in a row that is found by its key."""

    table: Table
    column: str
    key: dict[str, Any]
    value: Any

    @property
    def change(self) -> str:
        where = " AND ".join(f"{name} = :{name}_is" for name in self.key)
        return f"UPDATE {self.table.name} SET {self.column} = :new WHERE {where}"

    def changed(self, conn: Connection, new: Any) -> AuditReport | None:
        return _audited(conn, self.change, new=new, **{f"{name}_is": value for name, value in self.key.items()})


def _cells(conn: Connection, tables: tuple[Table, ...]) -> list[_Cell]:
    """Every value as SQLite keeps it."""
    found = []
    with conn.begin():
        for table in tables:
            rows = conn.execute(text(f"SELECT * FROM {table.name}")).mappings().all()
            keys = [column.name for column in table.primary_key]
            found += [
                _Cell(table, name, {key: row[key] for key in keys}, value)
                for row in rows
                for name, value in row.items()
            ]
    return found


def _chosen(all_of_them: list[Any], full: bool, some: int) -> list[Any]:
    return all_of_them if full else Random(some).sample(all_of_them, min(some, len(all_of_them)))


def test_every_character(small: Database, full: bool, note: Callable[..., None]) -> None:
    """One bit of one character of one text, and then another letter in its place."""
    with _changing(small) as conn:
        places = [
            (cell, at) for cell in _cells(conn, GUARDED) if isinstance(cell.value, str) for at in range(len(cell.value))
        ]
        tried: Counter[str] = Counter()
        for cell, at in _chosen(places, full, 60):
            now = cell.value[at]
            for new in (chr(ord(now) ^ 1), Random(at).choice(_LETTERS.replace(now, ""))):
                if _may_be_so(cell, new):
                    continue
                report = cell.changed(conn, cell.value[:at] + new + cell.value[at + 1 :])
                assert report is None or not report.sound, (cell, at, new)
                tried[cell.table.name] += 1
    note("bytes", "a character of a text is another", tried=tried.total(), **{"found by the audit": tried.total()})


def test_every_value(small: Database, full: bool, note: Callable[..., None]) -> None:
    """Nothing, the wrong type, another number: whatever a column of SQLite can hold."""
    odd = [None, "", "x", b"\0", 1.5, -1, 10**18]
    tried = refused = 0
    with _changing(small) as conn:
        for cell in _chosen(_cells(conn, GUARDED), full, 12):
            others = [cell.value + 1, str(cell.value)] if isinstance(cell.value, int) else []
            for new in odd + others:
                if new == cell.value or _may_be_so(cell, new):
                    continue
                tried += 1
                report = cell.changed(conn, new)
                refused += report is None
                assert report is None or not report.sound, (cell, new)
    counts = {"refused by SQLite": refused, "found by the audit": tried - refused}
    note("bytes", "a value is nothing, or of another type", tried=tried, **counts)


def _may_be_so(cell: _Cell, new: Any) -> bool:
    """A private part may be erased; a number stays a number in a column of numbers; who loaded a policy is a note; a
    case that a migration has not ranked yet is ranked by the next nightly run."""
    if cell.column == "private":
        return new is None
    if isinstance(cell.value, int) and isinstance(new, str) and new == str(cell.value):
        return True
    if cell.column == "worth_under" and new == NOT_RANKED:
        return True
    return cell.table is policies and cell.column in _NOTES


_LIKE_THE_FIRST: Final = """UPDATE {table} SET ({names}) = (SELECT {names} FROM {table} AS first
    WHERE first.{owner} = :of AND first.seq = 1) WHERE {owner} = :of AND seq = :seq AND seq > 1"""
_LAST_IS_FURTHER: Final = """UPDATE {table} SET seq = seq + 1
    WHERE {owner} = :of AND seq = (SELECT max(seq) FROM {table} WHERE {owner} = :of) AND :seq > 0"""
_EXCHANGED: Final = """UPDATE {table} SET seq = CASE seq WHEN :seq THEN -:seq - 1 ELSE -:seq END
    WHERE {owner} = :of AND seq IN (:seq, :seq + 1)"""


def test_every_entry(small: Database, note: Callable[..., None]) -> None:
    """Taken out, put in once more, exchanged with the next, or given to another."""
    tried = 0
    with _changing(small) as conn:
        for table, owner in ((entries, "case_id"), (debtor_entries, "debtor_id")):
            names = ", ".join(c.name for c in table.columns if c.name not in (owner, "seq"))
            of = f"FROM {table.name} WHERE {owner} = :of AND seq = :seq"
            with conn.begin():
                places = conn.execute(text(f"SELECT {owner}, seq FROM {table.name}")).all()
            statements = [
                f"DELETE {of}",
                f"INSERT INTO {table.name} ({owner}, seq, {names}) SELECT {owner}, seq + 100, {names} {of}",
                f"INSERT INTO {table.name} ({owner}, seq, {names}) SELECT {owner}, 0, {names} {of}",
                f"INSERT INTO {table.name} ({owner}, seq, {names}) SELECT 3 - {owner}, seq + 100, {names} {of}",
                f"UPDATE {table.name} SET {owner} = 3 - {owner}, seq = seq + 100 WHERE {owner} = :of AND seq = :seq",
                _LIKE_THE_FIRST.format(table=table.name, owner=owner, names=names),
                _LAST_IS_FURTHER.format(table=table.name, owner=owner),
                _EXCHANGED.format(table=table.name, owner=owner),
            ]
            for of_owner, seq in places:
                for statement in statements:
                    if seq == 1 and "seq > 1" in statement:
                        continue
                    tried += 1
                    report = _audited(conn, statement, of=of_owner, seq=seq)
                    assert report is not None
                    assert not report.sound, (statement, of_owner, seq)
    note("bytes", "an entry is gone, doubled, moved or another's", tried=tried, **{"found by the audit": tried})


# --- the file itself --------------------------------------------------------------------------------------------------


def _rows(path: Path, tables: tuple[Table, ...]) -> list[Any]:
    """What is in tables, as SQLite gives it. Who loaded a policy, and when, is a note that nothing rests on."""
    with closing(sqlite3.connect(path)) as conn:
        found = []
        for table in tables:
            names = [c.name for c in table.columns if table is not policies or c.name not in _NOTES]
            found.append(conn.execute(f"SELECT {', '.join(names)} FROM {table.name} ORDER BY rowid").fetchall())
        return found


def _look(url: str) -> str:
    """What the audit says of a file: `refused`, `found`, or `sound`."""
    desk = Desk(a_desk(Database(url)).settings, a_desk(Database(url)).now, create=False)
    try:
        with desk.store.reading() as tx:
            report = tx.audit.everything({})
    except DatabaseError:
        return "refused"
    return "sound" if report.sound else "found"


_READING: Final = (
    ("list-cases",),
    ("list-cases", "--as-of", "2025-01-06"),
    ("show-case", "L-1"),
    ("show-case", "2", "--as-of", "2025-01-06"),
    ("timeline", "1"),
    ("show-debtor", "2"),
    ("check-overdue", "--dry-run", "--as-of", "2026-01-01"),
    ("policy", "show", "mild"),
    ("db", "status"),
    ("audit", "verify"),
)


_ANSWERED: Final = {0: "answered", 1: "unexpected (1)", 7: "exit 7", 8: "exit 8"}


def _read_by_the_program(home: Path, url: str, args: tuple[str, ...]) -> str:
    """A command that reads answers, or says in one line what is wrong; it never breaks off with a traceback."""
    answer = Dunning(home, url)(*args)
    if answer.code != 0:
        assert answer.err.splitlines()[-2].startswith("Error: "), answer.err
        assert "Traceback" not in answer.err
    return _ANSWERED.get(answer.code, "another exit")


def test_every_page_of_the_file(small: Database, tmp_path: Path, full: bool, note: Callable[..., None]) -> None:
    """One bit of the file is another: among all of them, and among those of bytes that are not 0."""
    whole = small.path.read_bytes()
    guarded, apart = _rows(small.path, GUARDED), _rows(small.path, APART)
    filled = [at for at, byte in enumerate(whole) if byte]
    rng = Random(11)
    tries = 4000 if full else 25
    came: Counter[str] = Counter()
    answered: Counter[str] = Counter()
    path = tmp_path / "damaged.db"
    for number in range(tries):
        at = rng.randrange(len(whole)) if number % 4 == 0 else rng.choice(filled)
        damaged = bytearray(whole)
        damaged[at] ^= 1 << rng.randrange(8)
        for beside in tmp_path.glob("damaged.db*"):
            beside.unlink()
        path.write_bytes(damaged)
        for args in rng.sample(_READING, 2):
            answered[_read_by_the_program(tmp_path, f"sqlite:///{path}", args)] += 1
            close_connections()
        came[_damage(path, guarded, apart)] += 1
    note("bytes", "a bit of the file is another", tried=tries, **came)
    note("commands on a damaged file", "two commands that read, each time", **answered)


def _damage(path: Path, guarded: list[Any], apart: list[Any]) -> str:
    said = _look(f"sqlite:///{path}")
    close_connections()
    if said != "sound":
        return {"refused": "refused by SQLite", "found": "found by the audit"}[said]
    assert _rows(path, GUARDED) == guarded
    try:
        return "nobody reads it" if _rows(path, APART) == apart else "in a table of its own"
    except sqlite3.Error:
        return "in a table of its own"
