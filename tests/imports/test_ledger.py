"""A ledger of invoices through its life: imported, paid, aged, and compared with a count in plain Python.

A made-up ledger runs everywhere. A larger one runs where its file lies beside the repository; FULL=1 takes it through
two years day by day.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from dunning_cli.services.case_imports import import_cases
from dunning_cli.services.payment_imports import import_payments
from dunning_cli.services.review import check_overdue
from dunning_cli.store.session import Store
from tests.cli.runner import Dunning
from tests.imports import ledgers
from tests.imports.ledgers import Invoice, Standing, standing
from tests.store.databases import Database
from tests.store.desks import a_desk

ROOT = Path(__file__).parents[2]
MAPPINGS = ROOT / "examples" / "mappings"
CASES, PAYMENTS = MAPPINGS / "receivables.toml", MAPPINGS / "receivables-payments.toml"
LARGER = ROOT.parent / "shared" / "data" / "receivables.csv"

larger = pytest.mark.skipif(not LARGER.exists(), reason="the larger ledger is not here")
full = pytest.mark.skipif(not os.environ.get("FULL"), reason="two years take minutes: FULL=1")

FIRST = date(2024, 1, 1)
DAYS = 100
MAX_DAYS = 60  # of the built-in policy, in contact


def listed(dunning: Dunning, day: date, now: date) -> tuple[Standing, list[dict[str, Any]]]:
    """How list-cases says that each case stood at the end of a day."""
    found = dunning.ok("list-cases", "--as-of", day.isoformat(), "--limit", "0", now=now.isoformat())
    assert {case["as_of"] for case in found} <= {day.isoformat()}
    said = {c["reference"]: (c["balance"]["total"], c["days_overdue"], c["bucket"]) for c in found}
    assert len(said) == len(found)
    return said, found


def sample(first: date, last: date, count: int) -> list[date]:
    """Days spread over a time, the first and the last among them."""
    return [first + (last - first) * at // (count - 1) for at in range(count)]


def at_once(dunning: Dunning, path: Path, invoices: Sequence[Invoice], days: Sequence[date], now: date) -> None:
    """Import a whole ledger and all its payments long after; then look back."""
    settled = [each for each in invoices if each.settled]
    done = dunning.ok("import-cases", str(path), "--mapping", str(CASES), now=now.isoformat())
    assert (done["read"], done["added"], done["rejected"]) == (len(invoices), len(invoices), [])
    paid = dunning.ok("import-payments", str(path), "--mapping", str(PAYMENTS), now=now.isoformat())
    assert (paid["read"], paid["matched"]) == (len(settled), len(settled))

    for day in days:
        said, _ = listed(dunning, day, now)
        assert said == standing(invoices, day, closed=False), day

    _, found = listed(dunning, now, now)
    disputed = {each.number for each in invoices if each.disputed}
    held = {case["reference"] for case in found if case["status"] == "on_hold"}
    assert held == disputed - {each.number for each in settled}
    assert {case["incurred"] for case in found} == {each.invoiced.isoformat() for each in invoices}
    owners = {(case["debtor"]["name"], case["debtor"]["id"]) for case in found}
    assert len(owners) == len({each.customer for each in invoices}), "a customer is one debtor"
    for path_again, mapping in ((path, CASES), (path, PAYMENTS)):
        command = "import-cases" if mapping == CASES else "import-payments"
        again = dunning.ok(command, str(path_again), "--mapping", str(mapping), now=now.isoformat())
        assert (again.get("added", 0), again.get("matched", 0)) == (0, 0)


def day_by_day(database: Database, path: Path, invoices: Sequence[Invoice], last: date) -> Counter[str]:
    """Import a ledger before its first day; then each day book what came in, and run check-overdue.

    On the first of a month the whole ledger is imported as it stood that day, on other days only what was settled.
    Answers the entries that the nightly runs wrote.
    """
    store, first = database.store(), min(each.invoiced for each in invoices) - timedelta(days=1)
    done = import_cases(_desk(database, store, first), ledgers.write(path, invoices, known_on=first), CASES)
    assert done.added == len(invoices)
    entries: Counter[str] = Counter()
    known = 0
    for day in (first + timedelta(days=at) for at in range(1, (last - first).days + 1)):
        desk = _desk(database, store, day)
        came_in = [each for each in invoices if each.settled == day]
        if came_in or day.day == 1:
            rows = invoices if day.day == 1 else came_in
            paid = import_payments(desk, [ledgers.write(path, rows, known_on=day)], PAYMENTS)
            expected = (len(came_in), 0, known if day.day == 1 else 0)
            assert (paid.matched, paid.unmatched, paid.duplicate) == expected, day
            known += len(came_in)
        run = check_overdue(desk)
        assert (run.as_of, run.failed) == (day, [])
        entries += run.entries
        if day.day == 1:
            assert check_overdue(desk).changed == 0, "a second run on a day changes nothing"
    return entries


def _desk(database: Database, store: Store, day: date) -> Any:
    return a_desk(database, day, store=store)


def lived(dunning: Dunning, database: Database, path: Path, invoices: Sequence[Invoice], last: date) -> None:
    """Take a ledger through its days, and compare what came of it."""
    first = min(each.invoiced for each in invoices) - timedelta(days=1)
    entries = day_by_day(database, path, invoices, last)

    # Whoever is in contact for too long without being disputed is marked once, and nothing else happens by itself.
    marked_on = first + timedelta(days=MAX_DAYS)
    marked = [each for each in invoices if not each.disputed and each.is_open(marked_on)]
    assert entries == {"escalation_due": len(marked)}

    settled = [each for each in invoices if not each.is_open(last)]
    disputed = sum(each.disputed for each in invoices)
    total = len(invoices) + disputed + 2 * len(settled) + len(marked)  # opened, held, received and closed, marked
    report = database.verify()
    assert report.sound
    assert (report.cases, report.entries) == (len(invoices), total + len({each.customer for each in invoices}))

    for day in sample(first + timedelta(days=1), last, 8):
        said, found = listed(dunning, day, last)
        assert said == standing(invoices, day, closed=True), day
        closed = {case["reference"]: case["closed_on"] for case in found if case["status"] == "closed"}
        assert closed == {e.number: str(e.settled) for e in invoices if e.invoiced <= day and not e.is_open(day)}


# --- a made-up ledger -------------------------------------------------------------------------------------------------


@pytest.fixture
def invoices() -> list[Invoice]:
    return ledgers.made_up(120, FIRST, DAYS)


def test_a_ledger_imported_at_once(dunning_on: Dunning, tmp_path: Path, invoices: list[Invoice]) -> None:
    path = ledgers.write(tmp_path / "ledger.csv", invoices)
    assert ledgers.read(path) == invoices
    days = sample(FIRST, FIRST + timedelta(days=DAYS + 60), 10)
    at_once(dunning_on, path, invoices, days, FIRST + timedelta(days=400))


def test_a_ledger_day_by_day(dunning: Dunning, sqlite: Database, tmp_path: Path, invoices: list[Invoice]) -> None:
    assert any(each.disputed and each.settled for each in invoices)
    assert any(each.is_open(FIRST + timedelta(days=DAYS)) for each in invoices)
    lived(dunning, sqlite, tmp_path / "ledger.csv", invoices, FIRST + timedelta(days=DAYS + 30))


# --- a larger one -----------------------------------------------------------------------------------------------------


@larger
def test_the_larger_ledger_imported_at_once(dunning: Dunning) -> None:
    invoices = ledgers.read(LARGER)
    assert len(invoices) == 2466
    days = sample(date(2020, 1, 3), date(2021, 12, 31), 20)
    at_once(dunning, LARGER, invoices, days, date(2022, 2, 1))


@larger
@full
def test_the_larger_ledger_day_by_day(dunning: Dunning, sqlite: Database, tmp_path: Path) -> None:
    lived(dunning, sqlite, tmp_path / "ledger.csv", ledgers.read(LARGER), date(2022, 1, 15))
