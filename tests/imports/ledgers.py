"""A ledger of invoices: made up or read from a file, and what is owed on a day, counted in plain Python.

Nothing here uses the program: it is what the program's answers are compared with.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random

COLUMNS = (
    "country",
    "customer_ID",
    "invoice_number",
    "invoice_date",
    "due_date",
    "invoice_amount_usd",
    "disputed",
    "dispute_lost",
    "settled_date",
    "days_to_settle",
    "days_late",
)


@dataclass(frozen=True, slots=True)
class Invoice:
    country: str
    customer: str
    number: str
    invoiced: date
    due: date
    dollars: int
    disputed: bool
    settled: date | None

    def overdue(self, day: date) -> int:
        return (day - self.due).days

    def is_open(self, day: date) -> bool:
        """Whether it is owed at the end of a day."""
        return self.settled is None or self.settled > day


def read(path: Path) -> list[Invoice]:
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Invoice(
                row["country"],
                row["customer_ID"],
                row["invoice_number"],
                date.fromisoformat(row["invoice_date"]),
                date.fromisoformat(row["due_date"]),
                int(row["invoice_amount_usd"]),
                row["disputed"] == "1",
                date.fromisoformat(row["settled_date"]) if row["settled_date"] else None,
            )
            for row in csv.DictReader(file)
        ]


def write(path: Path, invoices: Iterable[Invoice], known_on: date | None = None) -> Path:
    """A file of invoices; with `known_on`, as it stood at the end of that day: what is settled later is not yet."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for each in invoices:
            settled = None if known_on and each.is_open(known_on) else each.settled
            writer.writerow(
                (
                    each.country,
                    each.customer,
                    each.number,
                    each.invoiced,
                    each.due,
                    each.dollars,
                    int(each.disputed),
                    0,
                    settled or "",
                    (settled - each.invoiced).days if settled else "",
                    max(0, (settled - each.due).days) if settled else "",
                )
            )
    return path


def made_up(count: int, first: date, days: int, seed: int = 7) -> list[Invoice]:
    """Invoices over some days; a fifth disputed, a tenth never settled, some settled early, some very late."""
    rng = Random(seed)
    invoices = []
    for number in range(count):
        invoiced = first + timedelta(days=rng.randrange(days))
        due = invoiced + timedelta(days=rng.choice((0, 14, 30)))
        settled = None if rng.random() < 0.1 else max(invoiced, due + timedelta(days=rng.randrange(-20, 75)))
        invoices.append(
            Invoice(
                rng.choice(("Norland", "Suðurey", "南国")),
                f"{rng.randrange(12):04d}-MADEUP",
                str(10_000 + number),
                invoiced,
                due,
                rng.randrange(50, 10_000),
                rng.random() < 0.2,
                settled,
            )
        )
    return invoices


def bucket(overdue: int) -> str:
    """The ageing bucket, told off on the fingers."""
    for name, last in (("current", 0), ("M1", 30), ("M2", 60), ("M3", 90), ("M4", 120), ("M5", 150), ("M6", 180)):
        if overdue <= last:
            return name
    return "M7+"


Standing = dict[str, tuple[str, int, str]]  # number of the invoice -> what is owed, days overdue, bucket


def standing(invoices: Sequence[Invoice], day: date, *, closed: bool) -> Standing:
    """How each invoice that was there stood at the end of a day.

    `closed` says that a settled one closed on its day and stopped ageing; without it the money was booked later.
    """
    found: Standing = {}
    for each in invoices:
        if each.invoiced <= day:
            ages_to = each.settled if closed and each.settled and each.settled <= day else day
            overdue = each.overdue(ages_to)
            found[each.number] = (f"{each.dollars if each.is_open(day) else 0}.00", overdue, bucket(overdue))
    return found
