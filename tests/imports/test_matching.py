"""import-payments, list-unmatched, match-payment: which case a line is booked on, and what waits for a person."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.cli.runner import Dunning
from tests.imports.files import a_file, some_cases, text_of
from tests.store.databases import Database

SAMPLES = Path(__file__).parent / "statements"
CASES = [
    {"reference": "INV-0917", "debtor": "Wang Fang", "principal": "1000.00"},
    {"reference": "INV-0921", "debtor": "Vogel KG", "principal": "350.00"},
    {"reference": "INV-0922", "debtor": "Berg AG", "principal": "800.00"},
    {"reference": "INV-0930", "debtor": "Ｌｉ  Na", "principal": "90.00"},
    {"reference": "INV-0931", "debtor": "li na", "principal": "120.00"},
    {"reference": "7", "debtor": "Short GmbH", "principal": "70.00"},
]


@pytest.fixture
def bank(tmp_path: Path) -> Path:
    return tmp_path / "bank.csv"


@pytest.fixture
def ledger(dunning_on: Dunning, tmp_path: Path) -> Dunning:
    """Six cases in euro."""
    dunning_on.env["DUNNING_CURRENCY"] = "EUR"
    dunning_on.ok("import-cases", some_cases(tmp_path / "ledger.csv", *CASES, currency="EUR"))
    return dunning_on


def some_lines(path: Path, *lines: dict[str, str]) -> str:
    """A table of payments that name no case in a column of its own."""
    every = {"date": "2025-01-02", "amount": "10.00", "currency": "EUR", "payer": "", "account": "", "text": ""}
    return a_file(path, text_of([every | line for line in lines]))


def counts(done: dict[str, Any]) -> tuple[int, ...]:
    return tuple(done[name] for name in ("matched", "unmatched", "duplicate", "reversed", "left_out"))


def adds_up(done: dict[str, Any]) -> bool:
    """Every line that was read is counted once."""
    return bool(done["read"] == sum(counts(done)) + done["rejected_rows"])


def paid(dunning: Dunning, case: str) -> str:
    return str(dunning.ok("show-case", case)["paid"])


def by(dunning: Dunning, name: str) -> tuple[str | None, str | None, list[tuple[int, list[str]]]]:
    """How the only line of a file was matched; else why not, and what is suggested."""
    done = dunning.ok("import-payments", name)
    assert adds_up(done)
    if done["matched"]:
        (how,) = done["matched_by"]
        return how, done["matches"][0]["reference"], []
    (waiting,) = dunning.ok("list-unmatched")
    return None, waiting["reason"], [(each["case"], each["reasons"]) for each in waiting["suggestions"]]


# --- what names a case ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "INV-0922",
        "Rechnung INV-0922.",
        "inv-0922",
        "ＩＮＶ－０９２２",
        "invoice:INV-0922,thanks",
        "还款INV-0922谢谢",
        "INV-0922/2025",
        "KD 4711 / INV-0922",
    ],
)
def test_a_reference_in_the_text_is_found_as_a_whole_token(ledger: Dunning, bank: Path, text: str) -> None:
    assert by(ledger, some_lines(bank, {"text": text})) == ("text", "INV-0922", [])


@pytest.mark.parametrize("text", ["XINV-0922", "INV-09221", "INV-0922a", "INV 0922", "0922"])
def test_a_part_of_a_token_is_no_reference(ledger: Dunning, bank: Path, text: str) -> None:
    assert by(ledger, some_lines(bank, {"text": text})) == (None, "the line names no case", [])


def test_several_references_are_never_chosen_from(ledger: Dunning, bank: Path) -> None:
    found = by(ledger, some_lines(bank, {"text": "INV-0917 and INV-0922"}))
    assert found == (None, "the line names several cases", [(1, ["text"]), (3, ["text"])])


def test_a_reference_of_several_creditors_waits(ledger: Dunning, bank: Path, tmp_path: Path) -> None:
    ledger.ok("import-cases", some_cases(tmp_path / "more.csv", CASES[0] | {"creditor": "Hart"}, currency="EUR"))
    found = by(ledger, some_lines(bank, {"text": "INV-0917"}))
    assert found == (None, "several creditors have this reference", [(1, ["text"]), (7, ["text"])])


def test_a_short_number_is_suggested_only(ledger: Dunning, bank: Path) -> None:
    assert by(ledger, some_lines(bank, {"text": "flat 7"})) == (None, "the line names no case", [])
    ledger.ok(
        "add-case", "--debtor", "X", "--creditor", "B", "--principal", "5", "--due", "2024-01-01", "--reference", "77"
    )
    ledger.ok("import-payments", some_lines(bank, {"text": "flat 77"}))
    (_, waiting) = ledger.ok("list-unmatched")
    assert [(each["reference"], each["reasons"]) for each in waiting["suggestions"]] == [("77", ["text"])]


def test_an_end_to_end_id_names_a_case(ledger: Dunning, bank: Path) -> None:
    line = {"end_to_end": "INV-0922", "text": "thank you"}
    assert by(ledger, some_lines(bank, line)) == ("end_to_end", "INV-0922", [])


def test_the_text_goes_before_the_end_to_end_id(ledger: Dunning, bank: Path) -> None:
    line = {"end_to_end": "INV-0922", "text": "INV-0917"}
    assert by(ledger, some_lines(bank, line)) == ("text", "INV-0917", [])


# --- the payer --------------------------------------------------------------------------------------------------------


def test_an_account_is_known_again(ledger: Dunning, bank: Path, database: Database) -> None:
    """From the same file, from an earlier one, and however it is written."""
    first = {"account": "NL02 ABNA 0123 4567 89", "text": "INV-0917"}
    second = {"account": "nl02abna0123456789", "text": "next part", "amount": "20.00"}
    done = ledger.ok("import-payments", some_lines(bank, first, second))
    assert done["matched_by"] == {"account": 1, "text": 1}
    third = {"account": "NL02ABNA0123456789", "amount": "30.00"}
    assert by(ledger, some_lines(bank, third)) == ("account", "INV-0917", [])
    assert paid(ledger, "1") == "60.00"
    stored = database.sql("SELECT private, account_key FROM bank_lines")
    assert len({key for _, key in stored}) == 1
    assert not any("0123" in key for _, key in stored), "the number itself lies in the private part alone"


@pytest.mark.parametrize("account", ["6222****9876", "12345", "xxx***@163.com", "/"])
def test_what_names_no_account_is_not_known_again(ledger: Dunning, bank: Path, account: str) -> None:
    done = ledger.ok(
        "import-payments", some_lines(bank, {"account": account, "text": "INV-0917"}, {"account": account})
    )
    assert counts(done) == (1, 1, 0, 0, 0)


def test_an_account_that_paid_for_several_debtors_is_not_certain(ledger: Dunning, bank: Path) -> None:
    account = {"account": "NL02ABNA0123456789"}
    lines = [account | {"text": "INV-0917"}, account | {"text": "INV-0922"}, account | {"amount": "30.00"}]
    assert counts(ledger.ok("import-payments", some_lines(bank, *lines))) == (2, 1, 0, 0, 0)
    (waiting,) = ledger.ok("list-unmatched")
    assert waiting["reason"] == "the account has paid for several debtors"
    assert [each["case"] for each in waiting["suggestions"]] == [1, 3]


def test_name_and_amount_fit_one_case_alone(ledger: Dunning, bank: Path) -> None:
    """Width, case and blanks of the name do not matter; two debtors have it, one of them owes this."""
    assert by(ledger, some_lines(bank, {"payer": "LI NA", "amount": "90.00"})) == ("name_amount", "INV-0930", [])
    assert ledger.ok("show-case", "4")["outcome"] == "paid"
    found = by(ledger, some_lines(bank, {"payer": "LI NA", "amount": "90.00", "date": "2025-01-03"}))
    assert found == (None, "the payer's name is known, the amount is not what is due", [(5, ["name"])])


def test_name_and_amount_that_fit_two_cases_wait(ledger: Dunning, bank: Path, tmp_path: Path) -> None:
    ledger.ok("import-cases", some_cases(tmp_path / "m.csv", CASES[3] | {"reference": "INV-0940"}, currency="EUR"))
    found = by(ledger, some_lines(bank, {"payer": "Li Na", "amount": "90.00"}))
    assert found[:2] == (None, "several cases fit the name and the amount")
    assert found[2] == [(4, ["name", "amount"]), (7, ["name", "amount"]), (5, ["name"])]


def test_name_and_the_next_installment(ledger: Dunning, bank: Path) -> None:
    ledger.ok("log-contact", "3", "--channel", "call", "--outcome", "conversation")
    ledger.ok("propose-plan", "3", "--installments", "4", "--first", "2025-01-13", "--every", "week")
    ledger.ok("accept-plan", "3")
    ledger.ok("record-payment", "3", "50.00")
    line = {"payer": "Berg AG", "date": "2025-01-06"}
    assert by(ledger, some_lines(bank, line | {"amount": "150.00"})) == ("name_amount", "INV-0922", [])
    assert by(ledger, some_lines(bank, line | {"amount": "200.00"})) == ("name_amount", "INV-0922", [])
    assert by(ledger, some_lines(bank, line | {"amount": "199.00"}))[0] is None


def test_an_amount_alone_is_suggested_only(ledger: Dunning, bank: Path) -> None:
    found = by(ledger, some_lines(bank, {"payer": "Nobody", "amount": "350.00"}))
    assert found == (None, "the line names no case", [(2, ["amount"])])


def test_a_closed_case_or_another_currency_takes_no_money(ledger: Dunning, bank: Path) -> None:
    ledger.ok("close-case", "2", "--as", "withdrawn")
    assert (
        by(ledger, some_lines(bank, {"text": "INV-0921"}))[1] == "The case is closed (withdrawn): a payment is refused."
    )
    ledger.ok("import-payments", some_lines(bank, {"text": "INV-0922", "currency": "CNY"}))
    assert ledger.ok("list-unmatched")[1]["reason"] == "The line is in CNY, the case in EUR."


# --- statements -------------------------------------------------------------------------------------------------------


def test_a_statement_is_booked_line_by_line_and_taken_back(ledger: Dunning, database: Database) -> None:
    done = ledger.ok("import-payments", str(SAMPLES / "camt053-v8.xml"))
    assert adds_up(done)
    assert (done["read"], *counts(done)) == (7, 3, 0, 0, 1, 3)
    assert done["matched_by"] == {"reference": 1, "text": 2}
    assert [(each["case"], each["by"]) for each in done["matches"]] == [(1, "text"), (2, "reference"), (3, "text")]
    assert done["balance_check"] == []
    assert [paid(ledger, case) for case in "123"] == ["500.00", "350.00", "0.00"]
    assert ledger.ok("show-case", "2")["outcome"] == "paid"
    (received, reversed_) = [each for each in ledger.ok("timeline", "3") if each["kind"].startswith("payment")]
    assert (received["data"]["reference"], reversed_["kind"]) == ("BNK-2/E-22", "payment_reversed")
    assert (reversed_["effective"], reversed_["data"]["why"]) == ("2025-01-04", "Refund request")
    assert ledger.ok("audit", "verify")["sound"]

    before = database.dump()
    for version in (8, 2, 4):
        again = ledger.ok("import-payments", str(SAMPLES / f"camt053-v{version}.xml"))
        assert (again["read"], *counts(again)) == (7, 0, 0, 4, 0, 3), "another version of the same statement"
    assert database.dump() == before


def test_the_same_entry_in_another_format_is_known_by_the_banks_reference(ledger: Dunning) -> None:
    ledger.ok("import-payments", str(SAMPLES / "camt053-v2.xml"))
    done = ledger.ok("import-payments", str(SAMPLES / "ofx1.ofx"))
    assert counts(done) == (0, 0, 1, 0, 2)
    assert paid(ledger, "1") == "500.00"


def test_a_returned_payment_opens_its_case_again(ledger: Dunning) -> None:
    done = ledger.ok("import-payments", str(SAMPLES / "mt940.sta"))
    assert counts(done) == (2, 0, 0, 1, 1)
    case = ledger.ok("show-case", "2")
    assert (case["status"], case["paid"], case["balance"]["total"]) == ("open", "0.00", "350.00")


RETURN = ":20:A\n:25:1\n:28C:1\n:60F:C250101EUR0,\n{}:62F:C250104EUR0,\n"
CREDIT = ":61:2501020102C50,NTRFNONREF//R-1\n:86:{}\n"
BACK = ":61:2501040104RC50,NTRFNONREF//R-1\n:86:returned\n"


def a_statement(path: Path, *entries: str) -> str:
    return a_file(path, RETURN.format("".join(entries)))


def test_a_return_is_found_in_an_earlier_file(ledger: Dunning, bank: Path) -> None:
    assert counts(ledger.ok("import-payments", a_statement(bank, CREDIT.format("INV-0917")))) == (1, 0, 0, 0, 0)
    done = ledger.ok("import-payments", a_statement(bank, BACK))
    assert counts(done) == (0, 0, 0, 1, 0)
    assert paid(ledger, "1") == "0.00"
    assert counts(ledger.ok("import-payments", a_statement(bank, BACK))) == (0, 0, 1, 0, 0)


def test_a_return_of_what_was_taken_back_by_hand_is_a_duplicate(ledger: Dunning, bank: Path) -> None:
    ledger.ok("import-payments", a_statement(bank, CREDIT.format("INV-0917")))
    ledger.ok("reverse-payment", "1", "R-1", "--why", "the bank rang")
    assert counts(ledger.ok("import-payments", a_statement(bank, BACK))) == (0, 0, 1, 0, 0)


def test_a_return_of_a_line_that_waits_settles_both(ledger: Dunning, bank: Path) -> None:
    ledger.ok("import-payments", a_statement(bank, CREDIT.format("who am I")))
    assert len(ledger.ok("list-unmatched")) == 1
    assert counts(ledger.ok("import-payments", a_statement(bank, BACK))) == (0, 0, 0, 1, 0)
    assert ledger.ok("list-unmatched") == []
    assert ledger.fails(4, "match-payment", "1", "INV-0917")["message"] == "Line 1 waits no more: the money went back."


def test_a_return_whose_payment_is_not_known_waits(ledger: Dunning, bank: Path) -> None:
    assert counts(ledger.ok("import-payments", a_statement(bank, BACK))) == (0, 1, 0, 0, 0)
    (waiting,) = ledger.ok("list-unmatched")
    assert (waiting["amount"], waiting["reason"]) == ("-50.00", "no payment was found that it takes back")
    assert "payments that line" in ledger.fails(6, "match-payment", "1", "INV-0917")["message"]
    ledger.ok("record-payment", "1", "50.00", "--on", "2025-01-02", "--reference", "by hand")
    ledger.ok("match-payment", "1", "INV-0917")
    assert paid(ledger, "1") == "0.00"
    assert ledger.ok("list-unmatched") == []


def test_a_plain_debit_is_left_out_and_not_kept(ledger: Dunning, database: Database, bank: Path) -> None:
    out = ":61:2501040104D50,NTRFNONREF//R-9\n:86:rent\n"
    for _ in range(2):
        assert counts(ledger.ok("import-payments", a_statement(bank, out))) == (0, 0, 0, 0, 1)
    assert database.count("bank_lines") == 0


def test_money_that_comes_back_to_us_is_no_payment(ledger: Dunning, bank: Path) -> None:
    back = ":61:2501040104RD50,NTRFNONREF//R-9\n:86:INV-0917\n"
    assert counts(ledger.ok("import-payments", a_statement(bank, back))) == (0, 1, 0, 0, 0)
    assert ledger.ok("list-unmatched")[0]["reason"] == "it takes back a debit"


def test_one_reference_on_two_accounts_is_two_payments(ledger: Dunning, bank: Path) -> None:
    """Some banks number the lines of each account from 1."""
    entry = CREDIT.format("INV-0917")
    ledger.ok("import-payments", a_statement(bank, entry))
    other = a_file(bank, RETURN.format(entry).replace(":25:1\n", ":25:2\n"))
    assert counts(ledger.ok("import-payments", other)) == (1, 0, 0, 0, 0)
    assert paid(ledger, "1") == "100.00"
    assert counts(ledger.ok("import-payments", other)) == (0, 0, 1, 0, 0)


def test_several_files_are_one_command(ledger: Dunning, bank: Path) -> None:
    one, two = (
        a_statement(bank.with_name(f"{n}.sta"), CREDIT.format("INV-0917").replace("R-1", n)) for n in ("R-1", "R-2")
    )
    done = ledger.ok("import-payments", one, two, one)
    assert counts(done) == (2, 0, 1, 0, 0)
    assert [(each["file"], each["format"], each["read"]) for each in done["files"]] == [
        ("R-1.sta", "mt940", 1),
        ("R-2.sta", "mt940", 1),
        ("R-1.sta", "mt940", 1),
    ]


def test_one_bad_file_of_several_refuses_all(ledger: Dunning, database: Database, bank: Path) -> None:
    good = a_statement(bank.with_name("good.sta"), CREDIT.format("INV-0917"))
    bad = a_statement(bank, CREDIT.format("INV-0917").replace("C50", "X50"))
    before = database.dump()
    error = ledger.fails(6, "import-payments", good, bad)
    assert "bank.csv: 1 of 1 lines are bad" in error["message"]
    assert database.dump() == before
    done = ledger("import-payments", good, bad, "--on-error", "skip", "--json")
    assert (done.code, counts(done.json), done.json["rejected"][0]["file"]) == (9, (1, 0, 0, 0, 0), "bank.csv")
    assert adds_up(done.json)


def test_a_difference_to_the_closing_balance_is_reported_and_the_lines_are_booked(ledger: Dunning, bank: Path) -> None:
    done = ledger.ok("import-payments", a_statement(bank, CREDIT.format("INV-0917")))
    assert done["matched"] == 1
    assert done["balance_check"] == [
        {
            "file": "bank.csv",
            "statement": "A/1",
            "expected": "50.00",
            "found": "0.00",
            "currency": "EUR",
            "found_currency": "EUR",
        }
    ]


def test_a_dry_run_says_what_the_run_says(
    ledger: Dunning, database: Database, bank: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also across batches and files: what an earlier one would have learned, booked and kept counts."""
    monkeypatch.setattr("dunning_cli.services.payment_imports.BATCH", 2)
    account = {"account": "NL02ABNA0123456789"}
    table = some_lines(
        bank.with_name("table.csv"),
        account | {"text": "INV-0917"},
        {"text": "nothing"},
        account,
        {"payer": "Vogel KG", "amount": "350.00"},
        {"payer": "Vogel KG", "amount": "350.00"},
    )
    statement = a_statement(bank, CREDIT.format("INV-0917"), CREDIT.format("?"), CREDIT.format("!"), BACK)
    files = [table, statement, str(SAMPLES / "camt053-v8.xml"), str(SAMPLES / "camt053-v2.xml")]
    before = database.dump()
    tried = ledger.ok("import-payments", *files, "--dry-run")
    assert database.dump() == before
    done = ledger.ok("import-payments", *files)
    assert {**tried, "seconds": 0} == {**done, "seconds": 0}
    assert adds_up(done)
    assert ledger.ok("audit", "verify")["sound"]


# --- what waits -------------------------------------------------------------------------------------------------------


def test_a_line_is_matched_by_hand_once(ledger: Dunning, database: Database, bank: Path) -> None:
    line = {"payer": "Wang F.", "account": "NL02ABNA0123456789", "text": "part", "payment_reference": "TX-9"}
    ledger.ok("import-payments", some_lines(bank, line))
    (waiting,) = ledger.ok("list-unmatched")
    assert waiting["line"] == 1
    done = ledger.ok("match-payment", "1", "INV-0917", "--key", "K")
    assert done["allocated"]["principal"] == "10.00"
    assert ledger.ok("match-payment", "1", "INV-0917", "--key", "K") == done
    assert ledger.ok("list-unmatched") == []
    assert ledger.fails(4, "match-payment", "1", "INV-0922")["message"] == "Line 1 is booked on case 1 already."
    assert ledger.fails(3, "match-payment", "99", "INV-0922")["code"] == "line_not_found"
    assert ledger.fails(3, "match-payment", str(10**30), "INV-0922")["code"] == "line_not_found"
    ((reference, by_whom),) = database.sql("SELECT reference, matched_by FROM bank_lines")
    assert (reference, by_whom) == ("TX-9", "hand")
    (entry,) = [each for each in ledger.ok("timeline", "1") if each["kind"] == "payment_received"]
    assert (entry["data"]["reference"], entry["effective"]) == ("TX-9", "2025-01-02")
    assert counts(ledger.ok("import-payments", some_lines(bank, line))) == (0, 0, 1, 0, 0)
    again = {"account": "NL02ABNA0123456789", "amount": "11.00"}
    assert by(ledger, some_lines(bank, again)) == ("account", "INV-0917", []), "the account is known from now on"
    assert ledger.ok("audit", "verify")["sound"]


def test_a_refused_match_leaves_the_line_waiting(ledger: Dunning, database: Database, bank: Path) -> None:
    ledger.ok("import-payments", some_lines(bank, {"text": "?"}))
    ledger.ok("close-case", "2", "--as", "withdrawn")
    before = database.dump()
    ledger.fails(4, "match-payment", "1", "INV-0921")
    assert database.dump() == before


def test_the_list_masks_accounts_and_neutralises_what_is_hostile(ledger: Dunning, bank: Path) -> None:
    line = {"payer": "=cmd()", "account": "NL02ABNA0123456789", "text": "[bold]\x1b[31mred"}
    ledger.ok("import-payments", some_lines(bank, line))
    (waiting,) = ledger.ok("list-unmatched")
    assert waiting["account"] == "NL0****89"
    assert ledger.ok("list-unmatched", "--reveal")[0]["account"] == "NL02ABNA0123456789"
    shown = ledger("list-unmatched")
    assert "\x1b" not in shown.out
    assert "[bold]␛[31mred" in shown.out
    assert "'=cmd()" in ledger("list-unmatched", "--csv").out


def test_a_limit_says_what_it_left_out(ledger: Dunning, bank: Path) -> None:
    ledger.ok("import-payments", some_lines(bank, *({"text": str(n)} for n in range(5))))
    shown = ledger("list-unmatched", "--limit", "2")
    assert "2 of 5 lines" in shown.err
    assert len(ledger.ok("list-unmatched", "--limit", "2")) == 2
    assert len(ledger.ok("list-unmatched", "--limit", "0")) == 5


def test_erasing_a_line_leaves_it_known(ledger: Dunning, database: Database, bank: Path) -> None:
    name = some_lines(bank, {"payer": "Wang", "account": "NL02ABNA0123456789", "text": "?"})
    ledger.ok("import-payments", name)
    database.sql("UPDATE bank_lines SET private = NULL, account_key = NULL")
    assert counts(ledger.ok("import-payments", name)) == (0, 0, 1, 0, 0)
    assert ledger.ok("list-unmatched")[0]["payer"] is None
    ledger.ok("match-payment", "1", "INV-0917")
    assert paid(ledger, "1") == "10.00"
