"""The law's money on cases, on both kinds of database: rates that follow their table, fixed sums, orders, caps, and one
payment over several debts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dunning_cli.rules.book import book
from tests.cli.runner import Dunning
from tests.store.databases import Database

GERMAN = ("--creditor", "Werk AG", "--currency", "EUR", "--jurisdiction", "de", "--business", "--debt-type", "invoice")
TABLE = """\
[table]
id = "de-basiszinssatz"
title = {{ en = "Base rate" }}
fact = "base"
source = {{ title = "Bundesbank", sure = "primary" }}
checked_on = 2027-01-05
known_until = {until}
values = [ {{ from = 2027-01-01, value = "{value}" }} ]
"""


@pytest.fixture
def rules(dunning_on: Dunning, tmp_path: Path) -> Iterator[Path]:
    """A folder of rules of one's own. A process reads the book once; here, a command is a process."""
    folder = tmp_path / "rules"
    (folder / "tables").mkdir(parents=True)
    dunning_on.env["DUNNING_RULES"] = str(folder)
    book.cache_clear()
    yield folder
    book.cache_clear()


def known(rules: Path, value: str, until: str) -> None:
    (rules / "tables" / "de-basiszinssatz.toml").write_text(TABLE.format(value=value, until=until), "utf-8")
    book.cache_clear()


def a_german(dunning: Dunning, *more: str, principal: str = "10000.00", due: str = "2025-04-30") -> Any:
    words = ("add-case", "--debtor", "Muster GmbH", *GERMAN, "--principal", principal, "--due", due, *more)
    return dunning.ok(*words, now="2026-11-02")


# --- statutory rates --------------------------------------------------------------------------------------------------


def test_a_german_business_debt(dunning_on: Dunning) -> None:
    """§ 288(2) BGB: 9 points above 2.27, 1.27 and 1.52; 61 days, 365 days and 125 days, each year its own length."""
    case = a_german(dunning_on, "--statutory", "--reference", "R")
    assert [(r["from"], r["percent"]) for r in case["interest"]["rates"]] == [
        ("2025-05-01", "11.27"),
        ("2025-07-01", "10.27"),
        ("2026-07-01", "10.52"),
    ]
    # 10,000 x (11.27 x 61 + 10.27 x 365 + 10.52 x 125) / 36,500
    assert case["balance"]["interest"] == "1575.62"
    assert case["interest"]["known_until"] == "2026-12-31"
    statute = case["interest"]["statute"]
    assert (statute["rule"], statute["table"], statute["margin"]) == (
        "de.default_interest.business",
        "de-basiszinssatz",
        "9",
    )


def test_an_english_business_debt_keeps_its_rate(dunning_on: Dunning) -> None:
    """Interest from 1 May 2025: Bank Rate of 31 December 2024, 4.75, and 8 points; a year of it is 12.75 %."""
    words = ("add-case", "--debtor", "Late Ltd", "--creditor", "A", "--currency", "GBP", "--jurisdiction", "uk-ew")
    case = dunning_on.ok(
        *words, "--business", "--principal", "1000.00", "--due", "2025-04-30", "--statutory", now="2026-04-30"
    )
    assert (case["balance"]["interest"], case["interest"]["known_until"]) == ("127.50", None)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--jurisdiction", "uk", "--consumer"), 5),
        (("--jurisdiction", "generic", "--business"), 5),
        (("--jurisdiction", "de"), 6),
        (("--jurisdiction", "nowhere", "--business"), 3),
        (("--jurisdiction", "de", "--business", "--rate", "5"), 2),
        (("--jurisdiction", "de", "--business", "--day-count", "act/360"), 2),
    ],
)
def test_a_rate_that_the_law_does_not_give(
    dunning_on: Dunning, database: Database, words: tuple[str, ...], code: int
) -> None:
    plain = ("add-case", "--debtor", "X", "--creditor", "A", "--principal", "1.00", "--due", "2025-01-01")
    assert dunning_on.fails(code, *plain, "--statutory", *words)["hint"]
    assert database.count("cases") == 0


def test_the_nightly_run_follows_the_table(dunning_on: Dunning, rules: Path) -> None:
    a_german(dunning_on, "--statutory", "--reference", "R")
    a_german(dunning_on, "--rate", "5", "--reference", "PLAIN")
    a_german(dunning_on, "--statutory", "--reference", "GONE")
    dunning_on.ok("close-case", "GONE", "--as", "written-off", now="2026-11-02")
    dunning_on.ok("check-overdue", now="2027-01-04")
    before = dunning_on.ok("show-case", "R", now="2027-01-31")
    assert before["balance"]["interest"] == "1745.67"  # 59 more days to the end of the year, and none after it

    known(rules, "1.75", "2027-06-30")
    ahead = dunning_on.ok("check-overdue", "--dry-run", now="2027-01-31")
    assert ahead["entries"] == {"terms_changed": 1}
    assert dunning_on.ok("check-overdue", now="2027-01-31")["entries"] == {"terms_changed": 1}
    assert dunning_on.ok("check-overdue", now="2027-01-31")["reviewed"] == 0
    after = dunning_on.ok("show-case", "R", now="2027-01-31")
    # 31 days of January at 10.75 % are 91.30.
    assert (after["balance"]["interest"], after["interest"]["known_until"]) == ("1836.97", "2027-06-30")
    data = dunning_on.ok("timeline", "R", now="2027-01-31")[-1]["data"]
    assert (data["rule"], data["terms"]["statute"]["table"]) == ("rate_table", "de-basiszinssatz")

    dunning_on.ok("reopen-case", "GONE", "--why", "found", now="2027-02-01")
    assert dunning_on.ok("check-overdue", now="2027-02-01")["entries"]["terms_changed"] == 1
    assert dunning_on.ok("audit", "verify")["projection_differs"] == []


def test_a_pack_that_is_gone_is_said_and_stops_nothing(dunning_on: Dunning, rules: Path) -> None:
    (rules / "packs").mkdir()
    own = rules / "packs" / "own.toml"
    own.write_text(
        '[pack]\nid = "own"\nversion = "1"\ntitle = { en = "Own" }\nchecked_on = 2026-01-01\nextends = ["de"]\n',
        "utf-8",
    )
    a_german(dunning_on, "--statutory", "--jurisdiction", "own")
    a_german(dunning_on, "--reference", "OTHER")
    own.unlink()
    book.cache_clear()
    answer = dunning_on("check-overdue", "--json", now="2027-03-01")
    assert answer.code == 9
    assert [each["case"] for each in answer.json["failed"]] == [1]
    assert answer.json["entries"] == {"escalation_due": 2}


def test_change_interest_by_law(dunning_on: Dunning) -> None:
    a_german(dunning_on, "--rate", "5", "--reference", "R")
    case = dunning_on.ok("change-interest", "R", "--statutory", "--since", "2026-01-01", now="2026-11-02")
    rates = [(r["from"], r["percent"]) for r in case["interest"]["rates"]]
    assert rates == [("2025-05-01", "5"), ("2026-01-01", "10.27"), ("2026-07-01", "10.52")]
    assert (
        dunning_on.ok("change-interest", "R", "--statutory", "--since", "2026-01-01", now="2026-11-02")["written"] == []
    )
    case = dunning_on.ok("change-interest", "R", "--statutory", now="2026-11-02")
    assert case["interest"]["rates"][0] == {"from": "2025-05-01", "percent": "11.27"}
    assert dunning_on.ok("change-interest", "R", "--rate", "4", now="2026-11-02")["interest"]["statute"] is None


def test_statutory_rows_of_a_table(dunning_on: Dunning, tmp_path: Path) -> None:
    head = "reference,debtor,creditor,principal,currency,due,consumer,jurisdiction,debt_type,statutory,rate\n"
    row = "{},GmbH,Werk AG,1000.00,EUR,2025-04-30,{},{},invoice,{},{}\n"
    file = tmp_path / "cases.csv"
    file.write_text(
        head
        + row.format("A", "no", "de", "yes", "")
        + row.format("B", "no", "de", "no", "")
        + row.format("C", "yes", "uk", "yes", "")
        + row.format("D", "no", "de", "yes", "5")
        + row.format("E", "", "de", "yes", ""),
        "utf-8",
    )
    refused = dunning_on.fails(6, "import-cases", str(file))
    assert [(r["line"], r["field"]) for r in refused["rejected"]] == [
        (4, "statutory"),
        (5, "statutory"),
        (6, "statutory"),
    ]
    done = dunning_on("import-cases", str(file), "--on-error", "skip", "--json")
    assert (done.code, done.json["added"]) == (9, 2)
    assert dunning_on.ok("show-case", "A")["interest"]["statute"]["rule"] == "de.default_interest.business"
    assert dunning_on.ok("show-case", "B")["interest"] is None


# --- fixed compensation -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("principal", "costs"), [("999.99", "40.00"), ("1000.00", "70.00"), ("10000.00", "100.00")])
def test_fixed_compensation(dunning_on: Dunning, principal: str, costs: str) -> None:
    words = ("add-case", "--debtor", "Late Ltd", "--creditor", "A", "--currency", "GBP", "--jurisdiction", "uk")
    dunning_on.ok(*words, "--business", "--principal", principal, "--due", "2024-12-01", "--reference", "U")
    assert dunning_on.ok("add-charge", "U", "--by-law")["balance"]["costs"] == costs
    assert "entry 2" in dunning_on.fails(4, "add-charge", "U", "--by-law")["message"]
    data = dunning_on.ok("timeline", "U")[-1]["data"]
    assert (data["rule"], data["law"]) == (
        "uk.late_payment.compensation",
        "Late Payment of Commercial Debts (Interest) Act 1998 s. 5A (uk@2026.1)",
    )
    dunning_on.ok("void", "U", "2", "--why", "another case")
    assert dunning_on.ok("add-charge", "U", "--by-law", "--kind", "fee")["balance"]["fees"] == costs


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--by-law", "5.00"), 2),
        ((), 2),
        (("5.00",), 2),
        (("5.00", "--kind", "fee"), 2),
        (("--by-law",), 5),
    ],
)
def test_charges_that_are_not_meant(dunning_on: Dunning, words: tuple[str, ...], code: int) -> None:
    a_german(dunning_on, "--consumer", "--reference", "R")
    assert dunning_on.fails(code, "add-charge", "R", *words)["hint"]


# --- the order of the law ---------------------------------------------------------------------------------------------


def test_a_policy_that_leaves_the_order_to_the_law(dunning_on: Dunning, tmp_path: Path) -> None:
    (tmp_path / "p.toml").write_text('name = "lawful"\n[allocation]\norder = "law"\n')
    dunning_on.ok("policy", "load", str(tmp_path / "p.toml"))
    assert dunning_on.ok("policy", "show", "lawful")["allocation"]["order"] == "law"
    case = a_german(dunning_on, "--policy", "lawful", "--rate", "5", "--reference", "INVOICE")
    assert case["allocation"] == {
        "order": ["costs", "fees", "interest", "principal"],
        "source": "de@2026.1 de.allocation",
    }
    credit = (
        "--consumer",
        "--debt-type",
        "consumer_loan",
        "--policy",
        "lawful",
        "--rate",
        "5",
        "--reference",
        "CREDIT",
    )
    assert a_german(dunning_on, *credit)["allocation"] == {
        "order": ["costs", "fees", "principal", "interest"],
        "source": "de@2026.1 de.allocation.consumer_credit",
    }
    paid = dunning_on.ok("record-payment", "CREDIT", "100.00", now="2026-11-02")
    assert (paid["allocated"]["principal"], paid["allocated"]["interest"]) == ("100.00", "0.00")
    paid = dunning_on.ok("record-payment", "INVOICE", "100.00", now="2026-11-02")
    assert (paid["allocated"]["principal"], paid["allocated"]["interest"]) == ("0.00", "100.00")


def test_the_order_of_a_policy_is_checked(dunning_on: Dunning, tmp_path: Path) -> None:
    for order in ('"lav"', '["costs", "fees"]', "5", '["costs", "fees", "interest", "interest"]'):
        (tmp_path / "p.toml").write_text(f'name = "lawful"\n[allocation]\norder = {order}\n')
        assert "allocation.order" in dunning_on.fails(6, "policy", "load", str(tmp_path / "p.toml"))["message"]


# --- the cap ----------------------------------------------------------------------------------------------------------

LOAN = ("--creditor", "Bank", "--principal", "10000.00", "--due", "2025-01-06", "--jurisdiction", "cn")


def test_a_loan_above_the_cap(dunning_on: Dunning) -> None:
    """24 % a year on 10,000.00 for 73 days is 480.00, of 36 % it would be 720.00."""
    words = ("add-case", "--debtor", "Wang", *LOAN, "--debt-type", "consumer_loan", "--rate", "36", "--reference", "L")
    case = dunning_on.ok(*words, now="2025-03-20")
    assert case["balance"]["interest"] == "480.00"
    assert (case["interest"]["cap"]["percent"], case["interest"]["rates"][0]["percent"]) == ("24", "36")
    statement = dunning_on.ok("statement", "L", now="2025-03-20")
    assert statement["above_cap"] == "240.00"
    case = dunning_on.ok("add-charge", "L", "50.00", "--kind", "fee", "--why", "x", now="2025-03-20")
    assert case["balance"]["fees"] == "0.00"
    assert dunning_on.ok("statement", "L", now="2025-03-20")["above_cap"] == "290.00"
    assert "24 %" in dunning_on("statement", "L", now="2025-03-20").out


def test_a_fee_notes_the_cap_of_a_debt_without_interest(dunning_on: Dunning) -> None:
    """Four times the LPR of 5 January 2024, 3.45: 13.80 % a year; ten days are 37.80."""
    words = ("--debt-type", "private_loan", "--incurred", "2024-01-05", "--reference", "L")
    dunning_on.ok("add-case", "--debtor", "Wang", *LOAN, *words, now="2025-01-16")
    case = dunning_on.ok("add-charge", "L", "70.00", "--kind", "fee", "--why", "x", now="2025-01-16")
    assert [each["kind"] for each in case["written"]] == ["terms_changed", "charge_added"]
    assert case["balance"]["fees"] == "37.80"
    later = dunning_on.ok("add-charge", "L", "5.00", "--kind", "cost", "--why", "court", now="2025-02-16")
    assert [each["kind"] for each in later["written"]] == ["charge_added"]
    assert later["balance"]["fees"] == "70.00"
    assert dunning_on.ok("audit", "verify")["projection_differs"] == []


# --- one payment over several debts -----------------------------------------------------------------------------------


@pytest.fixture
def debts(dunning_on: Dunning) -> Dunning:
    """Debtor 1 owes the Bank on A and B, due one after the other, and another creditor on C."""
    first = ("add-case", "--debtor", "Wang", "--creditor", "Bank", "--jurisdiction", "cn", "--principal", "100.00")
    again = ("add-case", "--debtor-id", "1", "--jurisdiction", "cn", "--principal", "100.00")
    dunning_on.ok(*first, "--due", "2024-11-01", "--reference", "A")
    dunning_on.ok(*again, "--creditor", "Bank", "--due", "2024-12-01", "--reference", "B")
    dunning_on.ok(*again, "--creditor", "Shop", "--due", "2024-10-01", "--reference", "C")
    return dunning_on


def _spread(answer: Any) -> dict[str, tuple[str, str]]:
    return {part["reference"]: (part["amount"], part["owed"]) for part in answer["parts"]}


def test_a_payment_over_the_debts_of_one_creditor(debts: Dunning, database: Database) -> None:
    words = ("spread-payment", "1", "150.00", "--creditor", "Bank", "--reference", "TX")
    before = database.dump()
    ahead = debts.ok(*words, "--dry-run")
    assert database.dump() == before
    done = debts.ok(*words)
    assert ahead == done | {"dry_run": True}
    assert _spread(done) == {"A": ("100.00", "0.00"), "B": ("50.00", "50.00")}
    assert (done["rule"], done["unallocated"]) == ("cn.allocation.debts", "0.00")
    assert debts.ok("show-case", "A")["status"] == "closed"
    assert (
        debts.fails(4, "spread-payment", "1", "10.00", "--creditor", "Bank", "--reference", "TX")["code"] == "duplicate"
    )
    assert debts.ok("show-case", "B")["paid"] == "50.00"


def test_the_debtor_names_a_debt(debts: Dunning) -> None:
    done = debts.ok("spread-payment", "1", "150.00", "--for", "B")
    assert _spread(done) == {"B": ("100.00", "0.00"), "A": ("50.00", "50.00")}


def test_what_is_too_much_is_kept_and_said(debts: Dunning) -> None:
    done = debts.ok("spread-payment", "1", "250.00", "--creditor", "Bank")
    assert (_spread(done), done["unallocated"]) == ({"A": ("100.00", "0.00"), "B": ("150.00", "0.00")}, "50.00")
    assert debts.ok("show-case", "B")["balance"]["unallocated"] == "50.00"
    assert debts.ok("refund", "B", "--to", "C")["status"] == "closed"
    assert debts.ok("show-case", "C")["balance"]["total"] == "50.00"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("1", "10.00"), 6),  # two creditors
        (("1", "10.00", "--creditor", "Nobody"), 4),
        (("1", "10.00", "--creditor", "Bank", "--currency", "EUR"), 4),
        (("1", "10.00", "--creditor", "Bank", "--for", "C"), 4),
        (("1", "10.00", "--for", "Z"), 3),
        (("2", "10.00"), 3),
        (("1", "0.00", "--creditor", "Bank"), 6),
        (("1", "10.001", "--creditor", "Bank"), 6),
        (("1", "10.00", "--creditor", "Bank", "--on", "2025-01-07"), 4),
        (("1", "10.00", "--creditor", "Bank", "--currency", "XXQ"), 6),
    ],
)
def test_a_payment_that_cannot_be_spread(debts: Dunning, database: Database, words: tuple[str, ...], code: int) -> None:
    before = database.dump()
    debts.fails(code, "spread-payment", *words)
    debts.fails(code, "spread-payment", *words, "--dry-run")
    assert database.dump() == before


def test_other_writers_do_not_tear_it(debts: Dunning, database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another writer takes the second case in between: all is decided again, and nothing is booked twice."""
    from dunning_cli.domain import payments
    from dunning_cli.services.casework import note
    from tests.store.desks import a_desk

    if database.url.startswith("sqlite"):
        pytest.skip("SQLite has one writer at a time")
    taken: list[int] = []
    plain = payments.receive

    def receive(case: Any, *args: Any, **given: Any) -> Any:
        if case.case_id == 2 and not taken:
            taken.append(2)
            note(a_desk(database), "2", "first")
        return plain(case, *args, **given)

    monkeypatch.setattr(payments, "receive", receive)
    done = debts.ok("spread-payment", "1", "150.00", "--creditor", "Bank")
    assert _spread(done) == {"A": ("100.00", "0.00"), "B": ("50.00", "50.00")}
    assert debts.ok("show-case", "A")["paid"] == "100.00"
    assert debts.ok("show-case", "B")["paid"] == "50.00"
