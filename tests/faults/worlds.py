"""A database with something due on it, as many copies of it as a test needs, and what must be alike in two of them."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

from sqlalchemy import text

from dunning_cli.domain.days import Every
from dunning_cli.domain.entries import HoldReason
from dunning_cli.services.case_imports import import_cases
from dunning_cli.services.casework import hold_case
from dunning_cli.services.contacts import log_contact
from dunning_cli.services.desk import Desk
from dunning_cli.services.payments import record_payment
from dunning_cli.services.plans import Terms, accept_plan, propose_plan
from dunning_cli.settings import Settings
from tests.builders import OPENED, a_contact, a_now
from tests.cli.runner import environment
from tests.store.databases import TABLES, Database, Postgres, close_connections, copy_of

CASES: Final = 14
ROWS: Final = 16  # of the files that are imported
NIGHT: Final = "2025-04-01T03:00:00+08:00"

State = dict[str, list[dict[str, Any]]]


class World:
    """A database of one kind that copies are made of."""

    def __init__(self, home: Path, base: Database, server: Postgres | None) -> None:
        self.home = home
        self.base = base
        self.server = server
        self.copies = 0
        self.free: list[Database] = []  # of a server: used before, and not now
        self.runs: dict[str, Any] = {}  # how commands go on it undisturbed, once that is known

    @property
    def kind(self) -> str:
        return self.base.kind

    @property
    def name(self) -> str:
        """What the server calls the database."""
        return str(self.base.engine.url.database)

    @contextmanager
    def copy(self) -> Iterator[Database]:
        """A fresh copy of the database."""
        with self._file() if self.server is None else self._tables(self.server) as database:
            yield database

    @contextmanager
    def _file(self) -> Iterator[Database]:
        self.copies += 1
        database = copy_of(self.base.path, self.home / f"copy-{self.copies}.db")
        yield database
        close_connections()
        for path in self.home.glob(f"copy-{self.copies}.db*"):
            path.unlink()

    @contextmanager
    def _tables(self, server: Postgres) -> Iterator[Database]:
        """A database that was used before, with its rows as they were: a new one would take ten times as long."""
        database = self.free.pop() if self.free else _with_its_beginning(server, self.name)
        with database.connect() as conn:
            for table in TABLES:
                conn.execute(text(f"DELETE FROM {table}"))
                conn.execute(text(f"INSERT INTO {table} SELECT * FROM beginning.{table}"))
        yield database
        close_connections()
        database.wait_for_quiet()
        self.free.append(database)

    def env(self, database: Database) -> dict[str, str]:
        """The variables of a command at night."""
        return environment(self.home, database.url) | {"DUNNING_NOW": NIGHT}


def _with_its_beginning(server: Postgres, name: str) -> Database:
    """A copy of a server's database which keeps the rows that it begins with."""
    database = Database(server.url(server.create(name)))
    with database.connect() as conn:
        conn.execute(text("CREATE SCHEMA beginning"))
        for table in TABLES:
            conn.execute(text(f"CREATE TABLE beginning.{table} AS TABLE {table}"))
    return database


def a_desk(database: Database, when: str | date = OPENED) -> Desk:
    return Desk(Settings(database.url), a_now(when))


def fill(database: Database, home: Path) -> None:
    """Cases in all the states in which a nightly run finds something to do, and some in which it does not."""
    desk = a_desk(database)
    import_cases(desk, a_ledger(home / "first.csv", 1, CASES))
    for number in range(1, CASES + 1):
        ref = str(number)
        first = desk.now.today + timedelta(days=number % 5)
        if number % 8 in (0, 1, 2, 3):
            log_contact(desk, ref, a_contact(note=f"Spoke of case {number}"))
        if number % 8 in (0, 1, 2):
            propose_plan(desk, ref, Terms(4, first, Every.WEEK))
        if number % 8 in (0, 1):
            accept_plan(desk, ref)
            record_payment(desk, ref, "12.50", reference=f"P-{number}")
        if number % 8 == 7:
            hold_case(desk, ref, HoldReason.DISPUTE, first)
    close_connections()


def a_ledger(path: Path, first: int, rows: int) -> Path:
    """A table of cases; two of three debtors owe twice."""
    with path.open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["reference", "debtor", "debtor_ref", "creditor", "principal", "due", "phone", "hold"])
        for number in range(first, first + rows):
            debtor = number - number % 3 // 2
            hold = "complaint" if number % 11 == 0 and number > CASES else ""
            phone = f"+86 1380013{number:04d}"
            names = [f"LOAN-{number}", f"Debtor {debtor}", f"C-{debtor}", "Acme"]
            table.writerow([*names, f"{100 + number}.40", "2024-12-01", phone, hold])
    return path


def a_statement(path: Path, rows: int) -> Path:
    """A table of payments: most fit a case, some fit none, and some stand there twice."""
    with path.open("w", newline="") as file:
        table = csv.writer(file)
        table.writerow(["reference", "date", "amount", "payment_reference", "payer", "text"])
        for number in range(rows):
            case = 1 + (number * 7) % (CASES + 3)
            amount = "900.00" if number % 13 == 0 else f"{10 + number % 5}.25"
            reference = f"B-{number - (number % 9 == 8)}"
            table.writerow([f"LOAN-{case}", "2025-03-20", amount, reference, f"Payer {case}", "Thank you"])
    return path


# --- what must be alike -----------------------------------------------------------------------------------------------

_CHANCE: Final = {"digest", "head", "private_hash", "seconds"}  # differs with the salts, or with the hour


def state(database: Database) -> State:
    """All that is in a database, but for what differs by chance."""
    return {name: [_without_chance(row) for row in rows] for name, rows in _dump(database).items()}


def _dump(database: Database) -> dict[str, list[dict[str, Any]]]:
    from dunning_cli.store.schema import metadata

    with database.connect() as conn:
        return {
            table.name: [dict(row._mapping) for row in conn.execute(table.select().order_by(*table.primary_key))]
            for table in metadata.sorted_tables
            if table.name != "sweeps"  # hints for those who work side by side, of no meaning for anybody else
        }


def _without_chance(row: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in row.items() if name not in _CHANCE}
    if kept.get("private") and "salt" in (private := json.loads(kept["private"])):
        kept["private"] = {name: value for name, value in private.items() if name != "salt"}
    return kept


def data_folder(server: Postgres) -> Path:
    """Where a server keeps its databases."""
    with server.admin.connect() as conn:
        return Path(str(conn.scalar(text("SHOW data_directory"))))
