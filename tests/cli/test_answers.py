"""What scripts rely on: the JSON of every command, its keys, types, and forms of money and time."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections import Counter
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from dunning_cli.cli.root import COMMANDS, tree
from dunning_cli.domain.stages import MOVES
from tests.cli import shapes
from tests.cli.runner import Dunning
from tests.cli.shapes import assert_fits
from tests.cli.words import DEBT, OPEN, PROPOSE, REACH, agreed, opened, reached

FACT = ("log-fact", "LOAN-7", "medium_opt_out", "--field", "medium=call,text")
CHARGE = ("add-charge", "LOAN-7", "25.00", "--kind", "cost", "--why", "court fee")

PARTY = ("add-party", "LOAN-7", "--role", "guarantor", "--name", "Li Na", "--phone", "+86 13900139000")
SECOND = ("add-case", "--debtor", "Wang F.", "--creditor", "Lake Bank", "--principal", "5.00", "--due", "2024-12-01")

# Each command with the shape of its answer, after what has to happen before it.
ANSWERS: list[tuple[list[tuple[str, ...]], tuple[str, ...], Any]] = [
    ([], OPEN, shapes.CHANGED),
    ([OPEN], ("list-cases",), [shapes.LISTED]),
    ([OPEN], ("show-case", "LOAN-7"), shapes.CASE),
    ([OPEN], ("worklist", "--all"), [shapes.WORKLIST]),
    ([OPEN], ("timeline", "LOAN-7"), shapes.TIMELINE),
    ([OPEN], ("note", "LOAN-7", "A note"), shapes.CHANGED),
    ([OPEN], ("assign-case", "LOAN-7", "li"), shapes.CHANGED),
    ([OPEN], ("hold-case", "LOAN-7", "--reason", "dispute", "--until", "2025-03-01"), shapes.CHANGED),
    ([OPEN, ("hold-case", "LOAN-7", "--reason", "dispute")], ("release-case", "LOAN-7"), shapes.CHANGED),
    ([OPEN], ("close-case", "LOAN-7", "--as", "written-off"), shapes.CHANGED),
    ([OPEN, ("close-case", "LOAN-7", "--as", "settled")], ("reopen-case", "LOAN-7", "--why", "x"), shapes.CHANGED),
    ([OPEN, ("note", "LOAN-7", "A note")], ("void", "LOAN-7", "2", "--why", "a mistake"), shapes.CHANGED),
    ([OPEN], ("show-debtor", "1"), shapes.DEBTOR_VIEW),
    ([OPEN], ("edit-debtor", "1", "--email", "w@example.com"), shapes.DEBTOR_VIEW),
    ([OPEN], PARTY, shapes.CHANGED | {"party": shapes.PARTY}),
    ([OPEN, PARTY], ("end-party", "LOAN-7", "2"), shapes.CHANGED | {"party": shapes.PARTY}),
    ([OPEN, SECOND], ("merge-debtors", "1", "2"), shapes.PEOPLE | {"split": False}),
    ([OPEN, SECOND, ("merge-debtors", "1", "2")], ("split-debtor", "2"), shapes.PEOPLE | {"split": True}),
    ([OPEN], ("check-contact", "LOAN-7", "--channel", "letter"), shapes.CHECKED),
    ([OPEN], REACH, shapes.CHANGED | shapes.VERDICT),
    ([OPEN], FACT, shapes.FACT_LOGGED),
    ([OPEN, FACT], ("end-fact", "LOAN-7", "medium_opt_out"), shapes.FACT_LOGGED),
    ([OPEN], ("assess", "LOAN-7", "--willingness", "high", "--ability", "low"), shapes.CHANGED),
    ([OPEN, REACH], PROPOSE, shapes.CHANGED),
    ([OPEN, REACH, PROPOSE], ("accept-plan", "LOAN-7"), shapes.CHANGED),
    ([OPEN, REACH, PROPOSE], ("decline-plan", "LOAN-7"), shapes.CHANGED),
    ([OPEN, REACH, PROPOSE], ("withdraw-plan", "LOAN-7"), shapes.CHANGED),
    ([OPEN], ("record-payment", "LOAN-7", "500.00"), shapes.PAID),
    (
        [OPEN, ("record-payment", "LOAN-7", "500.00", "--reference", "P")],
        ("reverse-payment", "LOAN-7", "P", "--why", "returned"),
        shapes.CHANGED,
    ),
    ([OPEN], ("spread-payment", "1", "500.00", "--dry-run"), shapes.SPREAD),
    (
        [OPEN, ("record-payment", "LOAN-7", "99999.00")],
        ("refund", "LOAN-7", "9.00", "--why", "too much"),
        shapes.CHANGED,
    ),
    ([OPEN], CHARGE, shapes.CHANGED),
    ([OPEN, CHARGE], ("waive-charge", "LOAN-7", "2", "--why", "goodwill"), shapes.CHANGED),
    ([OPEN], ("change-interest", "LOAN-7", "--rate", "6.5", "--since", "2024-12-01"), shapes.CHANGED),
    ([OPEN, CHARGE], ("statement", "LOAN-7"), shapes.STATEMENT),
    ([OPEN], ("check-overdue",), shapes.SWEEP),
    ([OPEN], ("report", "ageing", "--by", "creditor"), shapes.AGEING),
    ([OPEN], ("audit", "verify"), shapes.AUDIT),
    ([OPEN], ("audit", "head"), [{"case": int, "entries": int, "head": shapes.DIGEST}]),
    ([], ("stages",), {"moves": [{"event": str, "from": str, "to": str, "needs": [str]}]}),
    ([], ("policy", "list"), [{"name": str, "version": int, "current": bool, "digest": str}]),
    (
        [OPEN],
        ("policy", "assign", "default", "--creditor", "River Bank"),
        {"policy": str, "scope": "creditor", "subject": str, "touched": 1, "changed": 0, "dry_run": False},
    ),
    (
        [("policy", "assign", "default", "--portfolio", "P")],
        ("policy", "assigned"),
        [{"scope": "portfolio", "subject": "P", "policy": "default", "assigned_at": str, "actor": str}],
    ),
    ([], ("policy", "show"), {"name": "default", "version": 0, "contact": dict, "plan": dict}),
    ([], ("rules", "list"), [shapes.PACK | {"rules": int, "own": bool}]),
    ([], ("rules", "show", "de"), shapes.PACK | {"rules": [shapes.RULE], "tables": [str], "notice": str}),
    ([], ("rules", "test", "de"), {"tried": int, "hold": int, "differ": [dict]}),
    ([], ("db", "status"), shapes.STATUS),
    ([], ("db", "upgrade"), shapes.STATUS),
    ([], ("init",), shapes.STATUS),
]
ELSEWHERE = {
    "deadlines",
    "retention",
    "db backup",
    "db distribute",
    "demo",
    "escalate",
    "import-cases",
    "import-payments",
    "list-unmatched",
    "match-payment",
    "policy check",
    "policy load",
    "send-notice",
    "rules check",
    "rules lint",
}


def _all() -> set[str]:
    root, ctx = tree(), None
    found = set()
    for name, entry in COMMANDS.items():
        command: Any = root.get_command(ctx, name)
        found |= {f"{name} {inner}" for inner in command.commands} if entry.group else {name}
    return found


def _name(words: tuple[str, ...]) -> str:
    return " ".join(words[:2]) if COMMANDS[words[0]].group else words[0]


def test_every_command_is_here_or_below() -> None:
    assert {_name(words) for _, words, _ in ANSWERS} | ELSEWHERE == _all()


@pytest.mark.parametrize(
    ("before", "words", "shape"), [pytest.param(*each, id=_name(each[1]).replace(" ", "-")) for each in ANSWERS]
)
def test_the_answer_of_a_command(dunning: Dunning, before: Any, words: tuple[str, ...], shape: Any) -> None:
    for each in before:
        dunning.ok(*each)
    answer = dunning(*words, "--json")
    assert (answer.code, answer.err) == (0, "")
    assert_fits(answer.json, shape)
    assert answer.out == json.dumps(answer.json, ensure_ascii=False, indent=2) + "\n"


def test_json_is_never_translated(dunning: Dunning) -> None:
    agreed(dunning)
    for words in (("show-case", "LOAN-7"), ("timeline", "LOAN-7"), ("list-cases",), ("stages",), ("show-debtor", "1")):
        assert dunning(*words, "--json", "--lang", "zh").out == dunning(*words, "--json", "--lang", "en").out
    assert dunning.fails(3, "show-case", "99", "--lang", "zh")["message"] == "There is no case 99."


def test_the_case_of_the_contract(dunning: Dunning) -> None:
    """The example in the manual, field by field."""
    reached(dunning)
    dunning.ok("propose-plan", "LOAN-7", "--installments", "12", "--first", "2025-02-05")
    case = dunning.ok("show-case", "LOAN-7", now="2025-01-10")
    assert {
        k: case[k] for k in ("case", "reference", "creditor", "portfolio", "collector", "currency", "due_date")
    } == {
        "case": 1,
        "reference": "LOAN-7",
        "creditor": "River Bank",
        "portfolio": None,
        "collector": None,
        "currency": "CNY",
        "due_date": "2024-09-01",
    }
    assert (case["as_of"], case["days_overdue"], case["bucket"]) == ("2025-01-10", 131, "M5")
    assert (case["stage"], case["status"], case["outcome"], case["hold"]) == ("negotiation", "open", None, None)
    assert case["debtor"]["phones"] == ["+86 138****8000"]
    assert case["balance"]["total"] == "50000.00"
    assert case["plan"]["installments"][0] == {
        "number": 1,
        "due": "2025-02-05",
        "amount": "4166.67",
        "paid": "0.00",
        "status": "open",
    }
    assert sum(round(float(i["amount"]) * 100) for i in case["plan"]["installments"]) == 5_000_000
    assert (case["assessment"]["willingness"], case["assessment"]["ability"]) == ("high", "low")
    assert case["next_action"] == {"on": "2025-01-21", "what": "proposal_expires"}
    assert case["entries"] == 4


@pytest.mark.parametrize(
    ("currency", "principal", "shown"),
    [
        pytest.param("JPY", "50000", "50000", id="no-decimals"),
        pytest.param("CNY", "50000.5", "50000.50", id="two"),
        pytest.param("KWD", "1.5", "1.500", id="three"),
        pytest.param("cny", "1", "1.00", id="small-letters"),
    ],
)
def test_money_has_its_currency_s_digits(dunning: Dunning, currency: str, principal: str, shown: str) -> None:
    words = ("add-case", "--debtor", "W", "--creditor", "B", "--due", "2024-09-01")
    case = dunning.ok(*words, "--currency", currency, "--principal", principal)
    assert (case["currency"], case["balance"]["total"], case["principal"]) == (currency.upper(), shown, shown)


def test_details_are_masked_unless_they_are_asked_for(dunning: Dunning) -> None:
    details = (
        "--email",
        "zhang@example.com",
        "--address",
        "1 Long Road, Shanghai",
        "--id-number",
        "110101199003074514",
    )
    dunning.ok(*OPEN, *details)
    for words in (("show-case", "1"), ("show-debtor", "1")):
        masked = dunning(*words, "--json").out + dunning(*words).out
        for secret in ("13800138000", "zhang@", "Long Road", "19900307"):
            assert secret not in masked
        assert "Wang Fang" in masked
        plain = dunning(*words, "--json", "--reveal").out
        for secret in ("13800138000", "zhang@example.com", "1 Long Road, Shanghai", "110101199003074514"):
            assert secret in plain


# --- lists ------------------------------------------------------------------------------------------------------------


def _some(dunning: Dunning) -> None:
    for number, (due, principal) in enumerate((("2024-12-01", "5.00"), ("2024-11-01", "9.00"), ("2025-02-01", "7.00"))):
        words = ("--due", due, "--principal", principal, "--reference", f"R-{number}")
        dunning.ok("add-case", "--debtor", "W", "--creditor", "B", *words)


def test_a_list_is_cut_and_says_so_beside_it(dunning: Dunning) -> None:
    _some(dunning)
    answer = dunning("list-cases", "--limit", "2", "--sort", "overdue", "--json")
    assert [case["reference"] for case in answer.json] == ["R-1", "R-0"]
    assert "The first 2 cases" in answer.err
    assert len(dunning.ok("list-cases", "--limit", "0")) == 3


def test_a_list_as_csv(dunning: Dunning) -> None:
    _some(dunning)
    answer = dunning("list-cases", "--csv", "--sort", "reference")
    rows = list(csv.DictReader(io.StringIO(answer.out)))
    assert [row["reference"] for row in rows] == ["R-0", "R-1", "R-2"]
    assert (rows[0]["total"], rows[0]["days_overdue"], rows[2]["days_overdue"]) == ("5.00", "36", "-26")
    assert rows[0].keys() >= {"case", "reference", "creditor", "debtor", "stage", "status", "currency", "total"}


def test_an_empty_list_is_a_list(dunning: Dunning) -> None:
    assert dunning.ok("list-cases") == []
    assert dunning("list-cases", "--csv").out.count("\n") == 1


def test_a_list_of_a_creditor_a_portfolio_and_a_currency(dunning: Dunning) -> None:
    more = {"A": ("--portfolio", "P"), "B": ("--currency", "EUR"), "C": ("--portfolio", "P", "--currency", "EUR")}
    for ref, words in more.items():
        creditor = "Lake" if ref == "B" else "River"
        dunning.ok(
            *("add-case", "--debtor", "W", "--creditor", creditor, "--due", "2024-12-01", "--principal", "5.00"),
            *("--reference", ref, *words),
        )

    def listed(*words: str) -> list[str]:
        return [case["reference"] for case in dunning.ok("list-cases", "--sort", "reference", *words)]

    assert listed("--creditor", "River") == ["A", "C"]
    assert listed("--creditor", "Riv") == []
    assert listed("--portfolio", "P") == ["A", "C"]
    assert listed("--currency", "eur") == ["B", "C"]
    assert listed("--currency", "EUR", "--creditor", "River", "--as-of", "2025-01-06") == ["C"]
    dunning.fails(6, "list-cases", "--currency", "XYZ")


def test_ageing_as_csv(dunning: Dunning) -> None:
    _some(dunning)
    rows = list(csv.DictReader(io.StringIO(dunning("report", "ageing", "--csv", "--by", "creditor").out)))
    assert [(row["group"], row["currency"], row["bucket"], row["cases"], row["balance"]) for row in rows] == [
        ("B", "CNY", "current", "1", "7.00"),
        ("B", "CNY", "M2", "1", "5.00"),
        ("B", "CNY", "M3", "1", "9.00"),
    ]


# --- the commands that need a file, or refuse -------------------------------------------------------------------------


def test_escalate_says_whether_it_may(dunning: Dunning) -> None:
    opened(dunning)
    for _ in range(3):
        dunning.ok("log-contact", "1", "--channel", "letter", "--outcome", "sent", "--purpose", "final_demand")
    late = "2025-02-20"
    assert dunning.ok("escalate", "1", "--dry-run", now=late) == {"case": 1, "allowed": True, "stage": "legal"}
    assert dunning.ok("show-case", "1")["stage"] == "contact"
    assert_fits(dunning.ok("escalate", "1", now=late), shapes.CHANGED | {"stage": "legal"})


def test_a_refused_move_names_the_guards_and_what_is_open(dunning: Dunning) -> None:
    opened(dunning)
    for words in (("escalate", "1"), ("escalate", "1", "--dry-run")):
        error = dunning.fails(4, *words)
        assert_fits(error, shapes.ERROR | {"event": "escalate", "place": "contact", "failed": list, "open": list})
        assert [f["guard"] for f in error["failed"]] == ["enough_attempts", "enough_demands", "final_demand_aged"]
        assert "3 attempts to reach the debtor; 0 are logged" in error["failed"][0]["needs"]
        assert {"event": "debtor_reached", "to": "negotiation"} in error["open"]


def test_the_table_of_moves(dunning: Dunning) -> None:
    assert len(dunning.ok("stages")["moves"]) == len(MOVES)


def test_policies(dunning: Dunning, tmp_path: Path) -> None:
    file = tmp_path / "strict.toml"
    file.write_text('name = "strict"\n[plan]\nmax_missed = 1\n')
    assert dunning.ok("policy", "check", str(file))["plan"]["max_missed"] == 1
    loaded = dunning.ok("policy", "load", str(file))
    assert_fits(loaded, shapes.POLICY_LOADED | {"name": "strict", "version": 1})
    assert dunning.ok("policy", "load", str(file)) == loaded
    assert dunning.ok("policy", "show", "strict", "--version", "1")["version"] == 1
    assert {row["name"] for row in dunning.ok("policy", "list")} == {"strict", "default"}
    shown = tmp_path / "shown.toml"
    shown.write_text(dunning("policy", "show", "strict").out)
    assert dunning.ok("policy", "check", str(shown)) == dunning.ok("policy", "check", str(file))


def test_a_policy_file_s_mistakes_are_all_named(dunning: Dunning, tmp_path: Path) -> None:
    file = tmp_path / "bad.toml"
    file.write_text('name = "bad"\ncurrency = "XXX"\n[plan]\nmax_mised = 1\n[contact]\nmax_days = -1\n')
    error = dunning.fails(6, "policy", "load", str(file))
    keys = {mistake["key"]: mistake["reason"] for mistake in error["mistakes"]}
    assert keys.keys() == {"currency", "plan.max_mised", "contact.max_days"}
    assert "max_missed" in keys["plan.max_mised"]
    assert dunning.ok("policy", "list")[0]["name"] == "default"


def test_backup(dunning: Dunning, tmp_path: Path) -> None:
    opened(dunning)
    file = tmp_path / "copy.db"
    assert dunning.ok("db", "backup", str(file)) == {"file": str(file), "bytes": file.stat().st_size}
    assert dunning.ok("show-case", "1", "--db", f"sqlite:///{file}")["reference"] == "LOAN-7"


def test_imports(dunning: Dunning, tmp_path: Path) -> None:
    cases, money = tmp_path / "cases.csv", tmp_path / "money.csv"
    cases.write_text("reference,debtor,creditor,principal,due\nA,Wang,B,10.00,2024-12-01\nB,Li,B,20.00,2024-12-01\n")
    counts = {"read": int, "added": 2, "skipped": 0, "rejected": []}
    assert_fits(dunning.ok("import-cases", str(cases)), counts)
    assert_fits(dunning.ok("import-cases", str(cases)), counts | {"added": 0, "skipped": 2})
    money.write_text("reference,date,amount\nA,2025-01-03,10.00\nZ,2025-01-03,1.00\n")
    assert_fits(
        dunning.ok("import-payments", str(money)),
        {"read": 2, "matched": 1, "unmatched": 1, "duplicate": 0, "rejected": []},
    )
    assert dunning.ok("show-case", "A")["outcome"] == "paid"
    (waiting,) = dunning.ok("list-unmatched")
    assert_fits(
        waiting,
        {"line": int, "date": "2025-01-03", "amount": "1.00", "currency": "CNY", "reason": str, "suggestions": list},
    )
    assert_fits(dunning.ok("match-payment", str(waiting["line"]), "B"), shapes.PAID)
    assert dunning.ok("list-unmatched") == []


def test_demo_answers_with_its_steps(dunning: Dunning) -> None:
    before = dunning.ok("db", "status")["cases"]
    stories = dunning.ok("demo", "lost-job")
    assert [story["story"] for story in stories] == ["lost-job"]
    assert all(step for story in stories for step in story["steps"])
    assert dunning.ok("db", "status")["cases"] == before


def test_a_simulated_year_answers_with_its_figures(dunning: Dunning, tmp_path: Path) -> None:
    """The figures are those of the database that it leaves, and the user's own is as it was."""
    before = dunning.ok("db", "status")["cases"]
    kept = tmp_path / "year.db"
    year = dunning.ok("demo", "--year", "--cases", "10", "--seed", "5", "--keep", str(kept))
    assert_fits(year, shapes.YEAR)
    assert (year["cases"], year["kept"], len(year["months"])) == (10, str(kept), 12)
    url = ("--db", f"sqlite:///{kept}")
    cases = dunning.ok("list-cases", "--limit", "0", *url, now="2025-12-31")
    assert year["nights"]["runs"] == 365
    for sums in year["currencies"]:
        paid = [Decimal(case["paid"]) for case in cases if case["currency"] == sums["currency"]]
        assert (sums["cases"], Decimal(sums["recovered"])) == (len(paid), sum(paid))
    stages = Counter("closed" if case["status"] == "closed" else case["stage"] for case in cases)
    assert {stage: count for stage, count in year["months"][-1]["stages"].items() if count} == stages
    with closing(sqlite3.connect(kept)) as conn:
        ((entries,),) = conn.execute("SELECT count(*) FROM entries")
    assert (year["entries"], year["sound"]) == (entries, True)
    assert dunning.ok("audit", "verify", *url, now="2026-01-01")["sound"]
    assert dunning.ok("db", "status")["cases"] == before


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("demo", "lost-job", "--year"), id="with-a-story"),
        pytest.param(("demo", "--seed", "3"), id="a-seed-alone"),
        pytest.param(("demo", "--cases", "3"), id="cases-alone"),
        pytest.param(("demo", "--year", "--cases", "0"), id="no-cases"),
    ],
)
def test_what_a_simulated_year_does_not_understand(dunning: Dunning, words: tuple[str, ...]) -> None:
    dunning.fails(2, *words)


def test_a_payment_is_spread_and_what_is_too_much_is_told(dunning: Dunning) -> None:
    opened(dunning)
    answer = dunning.ok("record-payment", "LOAN-7", "50001.00", "--on", "2025-01-05")
    assert answer["allocated"]["principal"] == "50000.00"
    assert (answer["unallocated"], answer["balance"]["total"]) == ("1.00", "0.00")
    assert (answer["case"]["status"], answer["case"]["outcome"]) == ("closed", "paid")


def test_overdue_before_and_after_and_closed(dunning: Dunning) -> None:
    dunning.ok("add-case", "--debtor", "W", *DEBT)
    assert dunning.ok("show-case", "1", "--as-of", "2024-09-01")["days_overdue"] == 0
    assert dunning.ok("show-case", "1", "--as-of", "2024-08-31")["days_overdue"] == -1
    dunning.ok("close-case", "1", "--as", "withdrawn", now="2025-01-10")
    later = dunning.ok("show-case", "1", now="2026-01-10")
    assert (later["days_overdue"], later["closed_on"]) == (131, "2025-01-10")
