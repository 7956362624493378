"""import-payments: each line booked once, on the right case, or kept with the reason why not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.cli.runner import Dunning
from tests.imports.files import a_file, places, some_cases, some_payments, text_of
from tests.store.databases import Database

TODAY = "2025-01-06"


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    return tmp_path / "bank.csv"


@pytest.fixture
def ledger(dunning_on: Dunning, tmp_path: Path) -> Dunning:
    """Four cases: INV-1 to INV-3 of River Bank over 1,250.50 each, and INV-1 of Hart over 80.00 euro."""
    rows = [{}, {}, {}, {"reference": "INV-1", "creditor": "Hart", "principal": "80.00", "currency": "EUR"}]
    dunning_on.ok("import-cases", some_cases(tmp_path / "ledger.csv", *rows, currency="CNY"))
    return dunning_on


def counts(done: dict[str, Any]) -> tuple[int, int, int]:
    return done["matched"], done["unmatched"], done["duplicate"]


def unmatched(database: Database) -> list[str]:
    """The reasons of the lines that were kept."""
    rows = database.sql("SELECT reason FROM bank_lines WHERE seq IS NULL ORDER BY reason")
    assert database.value("SELECT count(*) FROM bank_lines WHERE (seq IS NULL) <> (case_id IS NULL)") == 0
    return [reason for (reason,) in rows]


def paid(dunning: Dunning, case: str) -> str:
    return str(dunning.ok("show-case", case)["paid"])


# --- which case -------------------------------------------------------------------------------------------------------


def test_a_line_finds_its_case_by_number_reference_or_creditor(ledger: Dunning, database: Database, bank: Path) -> None:
    lines = [
        {"case": "2", "reference": "", "amount": "10.00"},
        {"reference": "INV-3", "amount": "20.00"},
        {"reference": "INV-1", "creditor": "Hart", "amount": "30.00", "currency": "EUR"},
        {"case": "1", "reference": "INV-1", "creditor": "River Bank", "amount": "40.00"},
    ]
    done = ledger.ok("import-payments", some_payments(bank, *lines, currency="CNY"))
    assert done | {"seconds": 0} == {
        "read": 4,
        "matched": 4,
        "unmatched": 0,
        "duplicate": 0,
        "rejected": [],
        "rejected_rows": 0,
        "reversed": 0,
        "left_out": 0,
        "matched_by": {"case": 2, "reference": 2},
        "matches": [],
        "balance_check": [],
        "encoding": "utf-8",
        "files": [{"file": "bank.csv", "format": "csv", "encoding": "utf-8", "read": 4}],
        "seconds": 0,
    }
    assert [paid(ledger, case) for case in "1234"] == ["40.00", "10.00", "20.00", "30.00"]
    assert unmatched(database) == []


def test_what_fits_no_case_is_kept_with_its_reason(ledger: Dunning, database: Database, bank: Path) -> None:
    ledger.ok("record-payment", "3", "1250.50")
    lines = [
        {"reference": "INV-1"},
        {"reference": "INV-9"},
        {"reference": "inv-2"},
        {"reference": "INV-2", "creditor": "Hart"},
        {"reference": ""},
        {"case": "99", "reference": ""},
        {"case": "0", "reference": ""},
        {"case": "1", "reference": "INV-2"},
        {"case": "1", "creditor": "Hart"},
        {"reference": "INV-3"},
        {"reference": "INV-2", "currency": "EUR"},
        {"case": "999999999999999999", "reference": ""},
    ]
    name = some_payments(
        bank, *({"case": "", "creditor": "", "currency": "CNY", "payer": "Li", "text": "rent"} | line for line in lines)
    )
    entries = database.count("entries")
    done = ledger.ok("import-payments", name)
    assert counts(done) == (0, 12, 0)
    assert database.count("entries") == entries
    assert unmatched(database) == [
        "The case is closed (paid): a payment is refused.",
        "The line is in EUR, the case in CNY.",
        "no case has this reference",
        "no case has this reference",
        "no case has this reference",
        "several creditors have this reference",
        "the case has another reference",
        "the case is of another creditor",
        "the line names no case",
        "there is no such case",
        "there is no such case",
        "there is no such case",
    ]
    ((private,),) = database.sql("SELECT private FROM bank_lines WHERE reason LIKE '%another reference%'")
    kept = {"payer": "Li", "text": "rent", "case": 1, "reference": "INV-2"}
    assert json.loads(private) == kept, "what is needed to match it by hand"

    again = ledger.ok("import-payments", name)
    assert counts(again) == (0, 0, 12)
    assert database.count("bank_lines") == 12


def test_a_payment_on_a_written_off_case_is_a_recovery(ledger: Dunning, bank: Path) -> None:
    ledger.ok("close-case", "2", "--as", "written-off")
    assert counts(ledger.ok("import-payments", some_payments(bank, {"reference": "INV-2"}))) == (1, 0, 0)
    assert paid(ledger, "2") == "100.00"


# --- once -------------------------------------------------------------------------------------------------------------


def test_equal_lines_are_payments_of_their_own_and_a_second_run_books_none(
    ledger: Dunning, database: Database, bank: Path
) -> None:
    line = {"reference": "INV-2"}
    name = some_payments(bank, line, line, line | {"payer": "Li"}, line, payer="Wang")
    done = ledger.ok("import-payments", name)
    assert counts(done) == (4, 0, 0)
    assert paid(ledger, "2") == "400.00"
    before = database.dump()
    assert counts(ledger.ok("import-payments", name, now="2025-03-01")) == (0, 0, 4)
    assert database.dump() == before

    # A file that overlaps with the first one: only what it has more is new.
    longer = some_payments(bank.with_name("longer.csv"), *[line] * 5, payer="Wang")
    assert counts(ledger.ok("import-payments", longer)) == (2, 0, 3)
    assert paid(ledger, "2") == "600.00"


def test_equal_lines_with_a_reference_of_the_bank(ledger: Dunning, bank: Path) -> None:
    line = {"reference": "INV-2", "payment_reference": "TX-1"}
    assert counts(ledger.ok("import-payments", some_payments(bank, line, line))) == (2, 0, 0)
    booked = [entry["data"] for entry in ledger.ok("timeline", "2") if entry["kind"] == "payment_received"]
    assert [data["reference"] for data in booked] == ["TX-1", "TX-1#2"]


@pytest.mark.parametrize("amount", ["100.00", "1250.50"])
def test_a_payment_that_was_booked_by_hand_is_a_duplicate(
    ledger: Dunning, database: Database, bank: Path, amount: str
) -> None:
    """Also where it paid the case, which has closed since."""
    ledger.ok("record-payment", "2", amount, "--on", "2025-01-02", "--reference", "TX-1")
    name = some_payments(bank, {"reference": "INV-2", "payment_reference": "TX-1", "amount": amount})
    for _ in range(2):
        assert counts(ledger.ok("import-payments", name)) == (0, 0, 1)
    assert paid(ledger, "2") == amount
    assert database.count("bank_lines") == 0


@pytest.mark.parametrize("change", [{"amount": "100.01"}, {"date": "2025-01-03"}])
def test_another_payment_of_the_same_reference_is_kept_for_a_person_to_look_at(
    ledger: Dunning, database: Database, bank: Path, change: dict[str, str]
) -> None:
    """Money is never dropped because two payments share a name: a standing order says 'rent' each month."""
    ledger.ok("record-payment", "2", "100.00", "--on", "2025-01-02", "--reference", "rent")
    name = some_payments(bank, {"reference": "INV-2", "payment_reference": "rent"} | change)
    assert counts(ledger.ok("import-payments", name)) == (0, 1, 0)
    assert unmatched(database) == ["A payment with the reference 'rent' is already booked on this case."]
    assert paid(ledger, "2") == "100.00"


# --- what follows from the money --------------------------------------------------------------------------------------


def test_several_lines_on_one_case_follow_each_other(ledger: Dunning, database: Database, bank: Path) -> None:
    """The case is paid by the second line: what comes after has nothing left to pay."""
    lines = [{"amount": "1000.00"}, {"amount": "250.50"}, {"amount": "5.00"}, {"reference": "INV-3", "amount": "1.00"}]
    done = ledger.ok("import-payments", some_payments(bank, *({"reference": "INV-2"} | line for line in lines)))
    assert counts(done) == (3, 1, 0)
    case = ledger.ok("show-case", "2")
    assert (case["outcome"], case["paid"], case["closed_on"]) == ("paid", "1250.50", TODAY)
    assert unmatched(database) == ["The case is closed (paid): a payment is refused."]


def test_a_dry_run_goes_where_its_earlier_batches_would_have_led(
    ledger: Dunning, database: Database, bank: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("dunning_cli.services.payment_imports.BATCH", 2)
    ledger.ok("record-payment", "3", "1.00", "--on", "2025-01-02", "--reference", "TX-1")
    lines = [
        {"reference": "INV-2", "amount": "1250.50"},
        {"reference": "INV-3", "amount": "1.00", "payment_reference": "TX-1"},
        {"reference": "INV-2", "amount": "1.00"},
        {"reference": "INV-3", "amount": "7.00", "payment_reference": "TX-2"},
        {"reference": "INV-3", "amount": "8.00", "payment_reference": "TX-2"},
        {"reference": "INV-9"},
    ]
    name = some_payments(bank, *({"payment_reference": ""} | line for line in lines))
    before = database.dump()
    tried = ledger.ok("import-payments", name, "--dry-run")
    assert database.dump() == before
    done = ledger.ok("import-payments", name)
    assert {**tried, "seconds": 0} == {**done, "seconds": 0}
    assert counts(done) == (2, 3, 1)
    assert counts(ledger.ok("import-payments", name, "--dry-run")) == (0, 0, 6)


PAYMENTS = [
    ("INV-1", "2024-12-24", "100.00"),
    ("INV-2", "2025-01-27", "416.84"),
    ("INV-1", "2025-01-09", "1150.50"),
    ("INV-3", "2025-01-20", "30.00"),
    ("INV-2", "2025-01-13", "416.83"),
    ("INV-2", "2025-01-20", "416.83"),
    ("INV-3", "2025-01-27", "1220.45"),
]


def test_an_import_equals_the_same_payments_booked_one_by_one(ledger: Dunning, bank: Path) -> None:
    """A paid case closes, a kept plan completes, a small remainder is waived, late payments count from their day."""
    twins = [{"creditor": "Twin", "debtor": "Li"}] * 3
    ledger.ok("import-cases", some_cases(bank.with_name("twins.csv"), *twins, currency="CNY"))
    for case in ("River Bank/INV-2", "Twin/INV-2"):
        ledger.ok("log-contact", case, "--channel", "call", "--outcome", "conversation")
        ledger.ok("propose-plan", case, "--installments", "3", "--first", "2025-01-13", "--every", "week")
        ledger.ok("accept-plan", case)

    lines = [
        {"reference": case, "date": on, "amount": amount, "payment_reference": f"TX-{number}"}
        for number, (case, on, amount) in enumerate(PAYMENTS)
    ]
    name = a_file(bank, text_of([line | {"creditor": "River Bank", "currency": "CNY"} for line in lines]))
    assert counts(ledger.ok("import-payments", name, now="2025-01-28")) == (7, 0, 0)
    for number, (case, on, amount) in enumerate(PAYMENTS):
        reference = f"TX-{number}"
        ledger.ok("record-payment", f"Twin/{case}", amount, "--on", on, "--reference", reference, now="2025-01-28")

    imported, by_hand = ([_told(ledger, f"{of}/INV-{number}") for number in (1, 2, 3)] for of in ("River Bank", "Twin"))
    assert imported == by_hand
    kinds = [[entry["kind"] for entry in entries] for entries, _ in imported]
    assert kinds[0][1:] == ["payment_received", "payment_received", "case_closed"]
    assert kinds[1][-3:] == ["payment_received", "plan_completed", "case_closed"]
    assert kinds[2][1:] == ["payment_received", "payment_received", "charge_waived", "case_closed"]


def _told(dunning: Dunning, case: str) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    """A timeline after the opening, and the state that it leaves, without what tells twins apart."""
    entries = [
        {name: value for name, value in entry.items() if name != "digest"} for entry in dunning.ok("timeline", case)
    ]
    entries[0] = {"kind": entries[0]["kind"]}
    apart = ("case", "creditor", "debtor", "head")
    return entries, {name: value for name, value in dunning.ok("show-case", case).items() if name not in apart}


# --- mistakes ---------------------------------------------------------------------------------------------------------

BAD = [
    ({"date": "2025-01-07"}, "date", "is after today (2025-01-06)"),
    ({"date": "06.01.2025"}, "date", "is no date of the form YYYY-MM-DD"),
    ({"date": "2025-02-30"}, "date", "is no date"),
    ({"date": ""}, "date", "is missing"),
    ({"amount": "-5.00"}, "amount", "must be more than 0"),
    ({"amount": "0"}, "amount", "must be more than 0"),
    ({"amount": "5,00"}, "amount", "is no amount in CNY"),
    ({"amount": "5.001"}, "amount", "is no amount in CNY"),
    ({"amount": ""}, "amount", "is missing"),
    ({"currency": "XXX"}, "currency", "is no currency code"),
    ({"case": "1a"}, "case", "is no case number"),
    ({"case": "-1"}, "case", "is no case number"),
    ({"case": "٣"}, "case", "is no case number"),
    ({"case": "9999999999999999999"}, "case", "is no case number"),
    ({"reference": "x" * 301}, "reference", "is longer than 300 characters"),
    ({"text": "x" * 10_001}, "text", "is longer than 10000 characters"),
]


@pytest.mark.parametrize(
    ("line", "field", "reason"), BAD, ids=[f"{field}-{at}" for at, (_, field, _) in enumerate(BAD)]
)
def test_a_bad_value_is_listed_by_line_field_value_and_reason(
    dunning: Dunning, bank: Path, line: dict[str, str], field: str, reason: str
) -> None:
    error = dunning.fails(6, "import-payments", some_payments(bank, {}, line))
    (bad,) = error["rejected"]
    assert (bad["line"], bad["field"], bad["value"]) == (3, field, line[field][:200])
    assert reason in bad["reason"]


def test_bad_lines_stop_the_file_or_are_left_out(ledger: Dunning, database: Database, bank: Path) -> None:
    name = some_payments(bank, {}, {"amount": "x", "date": "y"}, {"amount": "7.00"}, reference="INV-2")
    before = database.dump()
    error = ledger.fails(6, "import-payments", name)
    assert places(error["rejected"]) == [(3, "date"), (3, "amount")]
    assert database.dump() == before

    tried = ledger("import-payments", name, "--on-error", "skip", "--dry-run", "--json")
    assert database.dump() == before
    done = ledger("import-payments", name, "--on-error", "skip", "--json")
    assert (tried.code, done.code) == (9, 9)
    assert tried.json | {"seconds": 0} == done.json | {"seconds": 0}
    assert (done.json["read"], *counts(done.json), done.json["rejected_rows"]) == (3, 2, 0, 0, 1)
    assert paid(ledger, "2") == "107.00"
    shown = ledger("import-payments", name, "--on-error", "skip")
    assert "3 lines read as utf-8: 0 booked, 0 fit no case, 2 already known, 1 refused." in shown.out


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("date,amount,creditor", "says nothing of the case that is paid"),
        ("case,amount", "it has no column date"),
        ("case,dat,amount", "dat (did you mean date?)"),
    ],
)
def test_wrong_columns(dunning: Dunning, bank: Path, header: str, said: str) -> None:
    assert said in dunning.fails(6, "import-payments", a_file(bank, f"{header}\n1,2,3\n"))["message"]


def test_a_mapping_of_payments(ledger: Dunning, bank: Path, tmp_path: Path) -> None:
    theirs = (
        "Buchungstag;Betrag;Verwendungszweck;Auftraggeber;Art\n"
        "02.01.2025;1.000,00;INV-2;Wang;Gutschrift\n"
        "03.01.2025;-7,00;Gebühren;;Belastung\n"
        ";12,00;INV-3;Li;Gutschrift\n"
    )
    mapping = """
    date_format = "%d.%m.%Y"
    decimal = ","
    thousands = "."
    [columns]
    date = "Buchungstag"
    amount = "Betrag"
    reference = "Verwendungszweck"
    payer = "Auftraggeber"
    [constants]
    currency = "CNY"
    [leave_out]
    Art = ["Belastung"]
    Buchungstag = [""]
    """
    how = a_file(tmp_path / "bank.toml", mapping)
    done = ledger.ok("import-payments", a_file(bank, theirs, "utf-8-sig"), "--mapping", how)
    assert (done["read"], *counts(done)) == (1, 1, 0, 0)
    assert paid(ledger, "2") == "1000.00"

    held = a_file(tmp_path / "held.toml", mapping + '[hold]\ndispute = { column = "Art", values = ["x"] }\n')
    assert "payments know no holds" in ledger.fails(6, "import-payments", str(bank), "--mapping", held)["message"]
    lame = a_file(tmp_path / "lame.toml", '[columns]\ndate = "Buchungstag"\n')
    assert "says nothing of: amount" in ledger.fails(6, "import-payments", str(bank), "--mapping", lame)["message"]


def test_a_file_without_lines(dunning: Dunning, bank: Path) -> None:
    done = dunning.ok("import-payments", a_file(bank, "case,date,amount\n"))
    assert (done["read"], *counts(done)) == (0, 0, 0, 0)


def test_a_collision_decides_the_batch_again(
    ledger: Dunning, database: Database, bank: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another writer books on one of the cases while the batch is being decided: no line is lost or booked twice."""
    if database.kind == "sqlite":
        pytest.skip("SQLite has one writer at a time")
    from dunning_cli.services import payment_imports

    decide = payment_imports._Batch.decide
    raced: list[Any] = []

    def decide_and_be_late(self: Any, batch: Any) -> Any:
        done = decide(self, batch)
        if not raced:
            raced.append(ledger.ok("record-payment", "2", "5.00"))
        return done

    monkeypatch.setattr(payment_imports._Batch, "decide", decide_and_be_late)
    name = some_payments(bank, {"reference": "INV-2"}, {"reference": "INV-3"})
    assert counts(ledger.ok("import-payments", name)) == (2, 0, 0)
    assert raced
    assert (paid(ledger, "2"), paid(ledger, "3")) == ("105.00", "100.00")
    assert counts(ledger.ok("import-payments", name)) == (0, 0, 2)
