"""Every exit code that the manual promises, on both kinds of database; errors as one message, or as JSON."""

from __future__ import annotations

from pathlib import Path

import pytest

from dunning_cli.errors import DunningError
from tests.cli import shapes
from tests.cli.runner import Dunning
from tests.cli.shapes import assert_fits
from tests.cli.words import DEBT, OPEN, PROPOSE, agreed, opened, reached
from tests.store.databases import Database


def _codes(cls: type[DunningError]) -> set[int]:
    return {cls.exit_code}.union(*(_codes(each) for each in cls.__subclasses__()))


def test_errors_have_only_the_codes_of_the_contract() -> None:
    assert _codes(DunningError) <= {1, 2, 3, 4, 5, 6, 7, 8, 9}


@pytest.mark.parametrize(
    ("words", "code", "word"),
    [
        pytest.param(("show-case", "LOAN-7", "--known-at", "yesterday"), 6, "input", id="6-no-instant"),
        pytest.param(("list-cases", "--lang", "fr"), 2, "usage", id="2-no-language"),
        pytest.param(("assess", "LOAN-7"), 2, "usage", id="2-nothing-to-record"),
        pytest.param(("assess", "LOAN-7", "--income", "5"), 2, "usage", id="2-income-alone"),
        pytest.param(("edit-debtor", "1"), 2, "usage", id="2-nothing-to-change"),
        pytest.param(("audit", "verify", "--head", "ab"), 2, "usage", id="2-a-head-alone"),
        pytest.param(("check-overdue", "--as-of", "2025-02-01"), 2, "usage", id="2-a-day-to-come"),
        pytest.param(("show-case", "99"), 3, "case_not_found", id="3-no-case"),
        pytest.param(("note", "LOAN-8", "x"), 3, "case_not_found", id="3-no-reference"),
        pytest.param(("show-debtor", "99"), 3, "debtor_not_found", id="3-no-debtor"),
        pytest.param(("show-debtor", "-5"), 2, "usage", id="2-a-negative-number-is-an-option"),
        pytest.param(("edit-debtor", "1", "--invalid", "999"), 3, "not_found", id="3-no-detail"),
        pytest.param(("void", "LOAN-7", "99", "--why", "x"), 3, "entry_not_found", id="3-no-entry"),
        pytest.param(("reverse-payment", "LOAN-7", "P", "--why", "x"), 3, "entry_not_found", id="3-no-payment"),
        pytest.param(("policy", "show", "strict"), 3, "policy_not_found", id="3-no-policy"),
        pytest.param(("policy", "show", "default", "--version", "7"), 3, "policy_not_found", id="3-no-version"),
        pytest.param(("escalate", "LOAN-7"), 4, "stage_refused", id="4-guards"),
        pytest.param(("accept-plan", "LOAN-7"), 4, "stage_refused", id="4-not-in-the-table"),
        pytest.param(("release-case", "LOAN-7"), 4, "refused", id="4-no-hold"),
        pytest.param(OPEN, 4, "duplicate", id="4-the-reference-again"),
        pytest.param(("void", "LOAN-7", "1", "--why", "x"), 4, "refused", id="4-a-decision"),
        pytest.param(("record-payment", "LOAN-7", "5", "--on", "2025-01-07"), 4, "refused", id="4-paid-tomorrow"),
        pytest.param(("record-payment", "LOAN-7", "5.001"), 6, "input", id="6-too-many-decimals"),
        pytest.param(("record-payment", "LOAN-7", "1,000.00"), 6, "input", id="6-thousands"),
        pytest.param(("record-payment", "LOAN-7", "0"), 6, "input", id="6-nothing"),
        pytest.param(("record-payment", "LOAN-7", "1e3"), 6, "input", id="6-exponent"),
        pytest.param(("record-payment", "LOAN-7", "nan"), 6, "input", id="6-no-number"),
        pytest.param(("record-payment", "LOAN-7", "９"), 6, "input", id="6-wide-digits"),
        pytest.param(("note", "LOAN-7", "  "), 6, "input", id="6-an-empty-note"),
        pytest.param(("hold-case", "LOAN-7", "--reason", "other", "--until", "2025-01-05"), 6, "input", id="6-past"),
        pytest.param(("policy", "load", "nowhere.toml"), 6, "input", id="6-no-file"),
        pytest.param(("import-cases", "nowhere.csv"), 6, "input", id="6-no-table"),
        pytest.param(("list-cases", "--now", "yesterday"), 6, "input", id="6-no-now"),
        pytest.param(
            ("log-contact", "1", "--channel", "call", "--outcome", "sent", "--cost", "-1"), 6, "input", id="6-cost"
        ),
        pytest.param(("assess", "1", "--income", "-1", "--expenses", "1"), 6, "input", id="6-income"),
        pytest.param(
            ("log-contact", "1", "--channel", "call", "--outcome", "sent", "--at", "2025-01-07T00:00"),
            6,
            "input",
            id="6-a-contact-to-come",
        ),
    ],
)
def test_a_refused_command_says_why_and_writes_nothing(
    dunning_on: Dunning, database: Database, words: tuple[str, ...], code: int, word: str
) -> None:
    opened(dunning_on)
    before = database.dump()
    answer = dunning_on(*words, "--json")
    assert (answer.code, answer.out) == (code, "")
    assert_fits(answer.error, shapes.ERROR | {"code": word})
    plain = dunning_on(*words)
    assert (plain.code, plain.out) == (code, "")
    assert "Error: " in plain.err
    assert "Traceback" not in plain.err
    assert database.dump() == before


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("lst-cases",), id="no-command"),
        pytest.param(("list-cases", "--nope"), id="no-option"),
        pytest.param(("list-cases", "extra"), id="no-argument"),
        pytest.param(("list-cases", "--stage", "nowhere"), id="no-stage"),
        pytest.param(("list-cases", "--limit", "-1"), id="below-zero"),
        pytest.param(("list-cases", "--limit", "9" * 30), id="absurd"),
        pytest.param(("list-cases", "--overdue-over", "9" * 9), id="beyond-the-calendar"),
        pytest.param(("list-cases", "--as-of", "20250106"), id="no-date"),
        pytest.param(("list-cases", "--as-of", "2025-02-30"), id="no-day"),
        pytest.param(("list-cases", "--as-of", "9999-12-31"), id="the-end-of-the-calendar"),
        pytest.param(("hold-case", "1", "--reason", "other", "--until", "9999-12-31"), id="until-the-end-of-time"),
        pytest.param(("propose-plan", "1", "--installments", "100000", "--first", "2025-02-01"), id="installments"),
        pytest.param(("propose-plan", "1", "--installments", "2", "--first", "9999-12-31"), id="first-at-the-end"),
        pytest.param(("show-case",), id="no-case"),
        pytest.param(("note", "1"), id="no-text"),
        pytest.param(("add-case", "--debtor", "W"), id="half-a-case"),
        pytest.param(("add-case", "--debtor-id", "0", *DEBT), id="debtor-nought"),
        pytest.param(("hold-case", "1"), id="no-reason"),
        pytest.param(("policy", "lod", "x"), id="no-inner-command"),
        pytest.param(("note", "1", "x", "--key"), id="no-value"),
        pytest.param(("note", "1", "x", "--key", ""), id="empty-key"),
        pytest.param(("note", "1", "x", "--actor", ""), id="empty-actor"),
        pytest.param(("note", "1", "x", "--now", ""), id="empty-now"),
        pytest.param(("note", "1", "x", "--db", ""), id="empty-database"),
        pytest.param(("--db", "", "note", "1", "x"), id="empty-database-before"),
        pytest.param(("stages", "--key", "k"), id="a-reader-s-key"),
        pytest.param(("--nope", "stages"), id="no-option-before"),
    ],
)
def test_what_is_not_understood_is_refused(dunning: Dunning, words: tuple[str, ...]) -> None:
    opened(dunning)
    answer = dunning(*words, "--json") if words[-1] != "--key" else dunning("--json", *words)
    assert (answer.code, answer.out) == (2, "")
    assert_fits(answer.error, shapes.ERROR | {"code": "usage"})
    plain = dunning(*words)
    assert (plain.code, plain.out) == (2, "")
    assert plain.err.count("Error: ") == 1
    assert "--help" in plain.err or "requires an argument" in plain.err


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        pytest.param("lst-cases", "list-cases", id="command"),
        pytest.param("log-contacts", "log-contact", id="plural"),
        pytest.param("escalat", "escalate", id="cut"),
    ],
)
def test_a_mistyped_command_gets_a_suggestion(dunning: Dunning, word: str, meant: str) -> None:
    assert f"Did you mean '{meant}'?" in dunning(word).err


def test_without_a_command_there_is_help(dunning: Dunning) -> None:
    for words in ((), ("policy",), ("audit",), ("db",)):
        answer = dunning(*words)
        assert answer.code == 2
        assert "Usage: dunning" in answer.out + answer.err


def test_an_ambiguous_reference_lists_the_cases(dunning_on: Dunning) -> None:
    opened(dunning_on)
    dunning_on.ok("add-case", "--debtor", "W", "--creditor", "Acme", *DEBT[2:], "--reference", "LOAN-7")
    error = dunning_on.fails(2, "show-case", "LOAN-7")
    assert error["code"] == "ambiguous_reference"
    assert error["cases"] == [{"case": 2, "creditor": "Acme"}, {"case": 1, "creditor": "River Bank"}]
    assert dunning_on.ok("show-case", "Acme/LOAN-7")["case"] == 2


def test_a_closed_case_refuses_work(dunning_on: Dunning, database: Database) -> None:
    agreed(dunning_on)
    dunning_on.ok("record-payment", "LOAN-7", "50000.00")
    before = database.dump()
    for words in (("record-payment", "LOAN-7", "1.00"), ("hold-case", "LOAN-7", "--reason", "other"), PROPOSE):
        assert "closed" in dunning_on.fails(4, *words)["message"]
    assert database.dump() == before


def test_the_same_payment_twice_is_refused(dunning_on: Dunning) -> None:
    reached(dunning_on)
    dunning_on.ok("record-payment", "LOAN-7", "10.00", "--reference", "TX-1")
    assert dunning_on.fails(4, "record-payment", "LOAN-7", "10.00", "--reference", "TX-1")["code"] == "duplicate"


@pytest.mark.breaks_the_journal
def test_a_broken_journal_is_code_8(dunning_on: Dunning, database: Database) -> None:
    opened(dunning_on)
    assert dunning_on("audit", "verify").code == 0
    database.sql("UPDATE entries SET actor = 'somebody else'")
    answer = dunning_on("audit", "verify", "--json")
    assert answer.code == 8
    assert answer.json["broken"][0]["case"] == 1
    assert not answer.json["sound"]
    assert answer.error["code"] == "journal_broken"
    plain = dunning_on("audit", "verify")
    assert plain.code == 8
    assert "✗ Broken" in plain.out


@pytest.mark.breaks_the_journal
def test_a_row_that_cannot_be_read_is_code_8(dunning_on: Dunning, database: Database) -> None:
    opened(dunning_on)
    database.sql("UPDATE cases SET state = 'no json'")
    for words in (("show-case", "1"), ("list-cases",), ("note", "1", "x"), ("show-debtor", "1")):
        error = dunning_on.fails(8, *words)
        assert "dunning audit verify" in error["hint"]
        assert error["case"] == 1


def test_a_noted_head_is_checked(dunning_on: Dunning) -> None:
    opened(dunning_on)
    head = dunning_on.ok("audit", "head", "LOAN-7")[0]["head"]
    dunning_on.ok("note", "LOAN-7", "x")
    assert dunning_on.ok("audit", "verify", "--head", head, "--case", "LOAN-7")["sound"]
    assert dunning_on("audit", "verify", "--head", "0" * 64, "--case", "LOAN-7", "--json").code == 8
    assert dunning_on("audit", "verify", "--head", head, "--case", "77", "--json").code == 8


@pytest.mark.breaks_the_journal
def test_a_run_with_failures_is_code_9(dunning_on: Dunning, database: Database) -> None:
    agreed(dunning_on)
    dunning_on.ok("add-case", "--debtor", "W", *DEBT)
    database.sql("UPDATE cases SET state = 'no json' WHERE case_id = 1")
    answer = dunning_on("check-overdue", "--json", now="2025-06-01")
    assert answer.code == 9
    assert (answer.json["reviewed"], answer.json["changed"]) == (2, 1)
    assert [one["case"] for one in answer.json["failed"]] == [1]
    assert answer.error["failed"] == answer.json["failed"]
    plain = dunning_on("check-overdue", now="2025-06-01")
    assert plain.code == 9
    assert "1 of 1 cases failed: 1: " in plain.err


def test_an_import_that_leaves_rows_out_is_code_9(dunning_on: Dunning, tmp_path: Path, database: Database) -> None:
    file = tmp_path / "cases.csv"
    file.write_text("reference,debtor,creditor,principal,due\nA,W,B,10.00,2024-12-01\nB,W,B,ten,2024-12-01\n")
    before = database.dump()
    assert dunning_on.fails(6, "import-cases", str(file))["rejected"][0]["line"] == 3
    assert database.dump() == before
    answer = dunning_on("import-cases", str(file), "--on-error", "skip", "--json")
    assert answer.code == 9
    assert (answer.json["added"], answer.json["rejected"][0]["field"]) == (1, "principal")


# --- where options stand ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("--actor", "wang", "note", "LOAN-7", "x"), id="before"),
        pytest.param(("note", "LOAN-7", "x", "--actor", "wang"), id="after"),
        pytest.param(("note", "--actor", "wang", "LOAN-7", "x"), id="between"),
        pytest.param(("note", "LOAN-7", "--actor=wang", "x"), id="with-an-equals-sign"),
        pytest.param(("--actor", "li", "note", "LOAN-7", "x", "--actor", "wang"), id="the-last-one-counts"),
    ],
)
def test_the_options_of_everywhere_may_stand_anywhere(dunning: Dunning, words: tuple[str, ...]) -> None:
    opened(dunning)
    assert dunning("--json", *words).json["entries"] == 2
    assert dunning.ok("timeline", "LOAN-7")[1]["actor"] == "wang"


def test_what_begins_with_a_dash_follows_two(dunning: Dunning) -> None:
    opened(dunning)
    assert dunning("note", "LOAN-7", "-- not an option").code == 2
    for text in ("-- not an option", "--json"):
        assert dunning("note", "LOAN-7", "--", text).code == 0
    assert [row["data"].get("text") for row in dunning.ok("timeline", "LOAN-7")[1:]] == ["-- not an option", "--json"]
