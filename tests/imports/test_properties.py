"""Any table of valid rows comes back exactly, however it is written."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dunning_cli.domain.entries import DebtType, HoldReason
from dunning_cli.domain.money import DIGITS, Money
from tests.cli.runner import Dunning
from tests.store.databases import Database, close_connections

# Anything that text can be: no half characters, no NUL, and no blanks at the ends, which an import takes away.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=20).filter(
    lambda text: text == text.strip()
)
DAYS = st.dates(date(1900, 1, 1), date(2999, 12, 31))
OR_NOTHING = st.just("")


@st.composite
def rows(draw: st.DrawFn) -> dict[str, str]:
    currency = draw(st.sampled_from(["CNY", "EUR", "JPY", "KWD", "CLF"]))
    incurred, due = sorted([draw(DAYS), draw(DAYS)])
    phone = st.integers(100, 10**12).map(lambda number: f"+{number}")
    return {
        "reference": draw(TEXTS),
        "debtor": draw(TEXTS),
        "debtor_ref": draw(OR_NOTHING | st.sampled_from(["C-1", "C-2", "王"])),
        "creditor": draw(st.sampled_from(["River Bank", "某某银行"]) | TEXTS),
        "principal": str(Money(draw(st.integers(1, 10**15 * 10 ** DIGITS[currency] - 1).filter(_fits)), currency)),
        "currency": currency,
        "due": due.isoformat(),
        "incurred": draw(st.sampled_from([incurred.isoformat(), ""])),
        "debt_type": draw(OR_NOTHING | st.sampled_from(DebtType)),
        "consumer": draw(st.sampled_from(["", "yes", "no"])),
        "phone": "|".join(draw(st.lists(phone, max_size=3, unique=True))),
        "hold": draw(OR_NOTHING | st.sampled_from(HoldReason)),
        "portfolio": draw(OR_NOTHING | TEXTS),
        "collector": draw(OR_NOTHING | TEXTS),
    }


def _fits(minor: int) -> bool:
    return minor < 2**63


@st.composite
def files(draw: st.DrawFn) -> tuple[list[dict[str, str]], bytes]:
    """A table, and a file of it: columns in any order, in any dialect, in any encoding that is found out."""
    table = draw(st.lists(rows(), min_size=1, max_size=6, unique_by=lambda row: (row["reference"], row["creditor"])))
    columns = draw(st.permutations(list(table[0])))
    out = io.StringIO()
    writer = csv.DictWriter(
        out,
        columns,
        delimiter=draw(st.sampled_from(",;\t|")),
        lineterminator="\r\n",
        quoting=draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])),
    )
    writer.writeheader()
    for row in table:
        writer.writerow(row)
        out.write(draw(st.sampled_from(["", "", "\r\n", "  \r\n"])))
    text = out.getvalue()
    if draw(st.booleans()):
        text = text.rstrip("\r\n")
    return table, text.encode(draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-32"])))


def told(case: dict[str, Any]) -> dict[str, Any]:
    """What a case says of the row that it was opened from."""
    return {
        "reference": case["reference"],
        "debtor": case["debtor"]["name"],
        "creditor": case["creditor"],
        "principal": case["principal"],
        "currency": case["currency"],
        "due": case["due_date"],
        "incurred": case["incurred"] or "",
        "debt_type": case["debt_type"] or "",
        "consumer": {None: "", True: "yes", False: "no"}[case["consumer"]],
        "hold": case["hold"]["reason"] if case["hold"] else "",
        "portfolio": case["portfolio"] or "",
        "collector": case["collector"] or "",
    }


def expected(table: list[dict[str, str]]) -> list[tuple[dict[str, Any], int, list[str]]]:
    """Each case as it must come back, with the number of its debtor and all the debtor's phones."""
    debtors: dict[Any, tuple[int, str, list[str]]] = {}
    found = []
    for at, row in enumerate(table):
        key: Any = (row["debtor_ref"], row["creditor"]) if row["debtor_ref"] else at
        number, name, phones = debtors.setdefault(key, (len(debtors) + 1, row["debtor"], []))
        phones += [phone for phone in row["phone"].split("|") if phone and phone not in phones]
        case = {name: value for name, value in row.items() if name not in ("debtor_ref", "phone")} | {"debtor": name}
        found.append((case, number, phones))
    return found


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(file=files())
def test_any_table_comes_back(
    dunning_on: Dunning, database: Database, tmp_path: Path, file: tuple[list[dict[str, str]], bytes]
) -> None:
    close_connections()
    database.empty()
    table, content = file
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    done = dunning_on.ok("import-cases", str(path))
    assert (done["read"], done["added"]) == (len(table), len(table))
    found = sorted(dunning_on.ok("list-cases", "--limit", "0"), key=lambda case: int(case["case"]))
    wanted = expected(table)
    assert [(told(case), case["debtor"]["id"]) for case in found] == [(case, number) for case, number, _ in wanted]
    for _, number, phones in wanted:
        assert dunning_on.ok("show-debtor", str(number), "--reveal")["phones"] == phones
    again = dunning_on.ok("import-cases", str(path))
    assert (again["added"], again["skipped"]) == (0, len(table))
