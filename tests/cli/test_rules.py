"""rules list, show, check, test: what they answer, and how they fail. None of them touches a database."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from tests.cli.runner import Dunning
from tests.rules.packs import DAYS, pack, rule, table, write

FEE = {"id": "fee", "kind": "amount", "jurisdiction": "de", "facts": {"b2b": True}, "ask": {"measure": "flat_fee"}}


@pytest.fixture
def own(dunning: Dunning, tmp_path: Path) -> Path:
    """A folder of own rules."""
    folder = tmp_path / "rules"
    folder.mkdir()
    dunning.env["DUNNING_RULES"] = str(folder)
    dunning.env["DUNNING_DB"] = f"sqlite:///{tmp_path}/never.db"
    return folder


def asked(path: Path, *questions: Any) -> str:
    """A file of questions."""
    path.write_text("".join((q if isinstance(q, str) else json.dumps(q)) + "\n" for q in questions), "utf-8")
    return str(path)


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_list(dunning: Dunning, own: Path) -> None:
    write(own, "packs/mine", pack("mine") + rule())
    found = {each["id"]: each for each in dunning.ok("rules", "list")}
    assert {"cn", "de", "eu", "generic", "mine", "uk", "uk-ew", "uk-sct", "us-federal"} <= found.keys()
    assert found["mine"] == {
        "id": "mine",
        "version": "1",
        "title": "A pack of a test",
        "checked_on": "2026-01-31",
        "extends": [],
        "rules": 1,
        "examples": 0,
        "limitations": [],
        "own": True,
    }
    assert found["uk-ew"]["rules"] > found["uk"]["rules"]
    assert not found["de"]["own"]
    text = dunning("rules", "list").out
    assert "mine (own)" in text
    assert "not legal advice" in text
    assert not (own.parent / "never.db").exists()


def test_show_a_pack(dunning: Dunning) -> None:
    found = dunning.ok("rules", "show", "uk-ew")
    assert found["rules"][0]["id"] == "uk.late_payment.interest"
    assert {each["pack"] for each in found["rules"]} == {"uk", "uk-ew"}
    assert found["tables"] == ["boe-bank-rate"]
    assert "uk.late_payment.interest" in dunning("rules", "show", "uk-ew").out


def test_show_a_rule(dunning: Dunning) -> None:
    found = dunning.ok("rules", "show", "de.flat_fee")
    assert (found["kind"], found["strength"], found["from"], found["until"]) == ("money", "law", "2014-07-29", None)
    assert found["source"]["article"] == "§ 288(5)"
    assert found["says"] == {"bands": [{"add": "40.00"}], "currency": "EUR"}
    assert found["applies"] == {"consumer": False}
    assert "not legal advice" in found["notice"]
    text = dunning("rules", "show", "de.flat_fee").out
    for part in ("read in the primary text", "from 2014-07-29 on", "https://", "consumer: no"):
        assert part in text
    assert "消费者" in dunning("rules", "show", "de.flat_fee", "--lang", "zh").out


def test_hostile_text_of_a_pack_is_harmless(dunning: Dunning, own: Path) -> None:
    write(own, "packs/x", pack("x") + rule().replace("It is so.", "[red]\\u001b[31m\\u202e"))
    for command in (("show", "x"), ("show", "x.a"), ("list",)):
        for terminal in (True, False):
            assert "\x1b[31m[" not in dunning("rules", *command, terminal=terminal).out
        assert "\u202e" not in dunning("rules", *command).out
    assert "[red]" in dunning("rules", "show", "x.a").out


@pytest.mark.parametrize(
    ("words", "code", "word", "hint"),
    [
        (("show", "dee"), 3, "rule_not_found", "Did you mean 'de'?"),
        (("test", "dee"), 3, "rule_pack_not_found", "Did you mean 'de'?"),
        (("check", "--facts", "nowhere.jsonl"), 6, "input", ""),
        (("test", "nowhere.toml"), 6, "input", ""),
    ],
)
def test_what_is_not_there(dunning: Dunning, words: tuple[str, ...], code: int, word: str, hint: str) -> None:
    error = dunning.fails(code, "rules", *words)
    assert (error["code"], hint in error["hint"]) == (word, True)


def test_a_broken_pack_names_every_mistake(dunning: Dunning, own: Path) -> None:
    write(own, "packs/x", pack("x", "colour = 1") + rule(more=f"{DAYS}\nbases = 1"))
    error = dunning.fails(6, "rules", "show", "x")
    assert [(each["rule"], each["key"]) for each in error["mistakes"]] == [("pack", "colour"), ("x.a", "bases")]
    assert dunning("rules", "show", "x").err.startswith("Error: ")


def test_the_folder_of_the_settings_must_be_there(dunning: Dunning, tmp_path: Path) -> None:
    error = dunning.fails(6, "rules", "list", env={"DUNNING_RULES": str(tmp_path / "none")})
    assert "is not there" in error["message"]
    assert dunning("rules", "list").code == 0  # the default folder need not be


# --- questions --------------------------------------------------------------------------------------------------------


def test_one_answer_a_line_in_their_order(dunning: Dunning, own: Path) -> None:
    path = asked(own / "q", FEE, "", FEE | {"id": 2, "facts": {"b2b": False}})
    answer = dunning("rules", "check", "--facts", path)
    assert (answer.code, answer.err) == (0, "")
    assert lines(answer.out) == [
        {"id": "fee", "expect": {"amount": "40.00", "currency": "EUR"}, "rules": ["de.flat_fee"]},
        {"id": 2, "expect": {"amount": "0.00", "currency": "EUR"}, "rules": ["de.flat_fee"]},
    ]
    assert not (own.parent / "never.db").exists()


def test_questions_from_standard_input(dunning: Dunning) -> None:
    with patch("sys.stdin", io.StringIO(json.dumps(FEE))):
        answer = dunning("rules", "check", "--facts", "-")
    assert lines(answer.out)[0]["expect"]["amount"] == "40.00"


def test_what_cannot_be_answered_is_said_in_its_place(dunning: Dunning, own: Path) -> None:
    unanswerable = [
        FEE | {"id": 1, "jurisdiction": "xx"},
        FEE | {"id": 2, "kind": "riddle"},
        FEE | {"id": 3, "ask": {"measure": "flat_fees"}},
        FEE | {"id": 4, "ask": []},
        {"id": 5},
        FEE | {"id": 6, "ask": {"measure": "interest"}},
        FEE | {"id": 7, "kind": None},
    ]
    answer = dunning("rules", "check", "--facts", asked(own / "q", *unanswerable, FEE), "--json")
    assert answer.code == 9
    found = lines(answer.out)
    assert [each["id"] for each in found] == [1, 2, 3, 4, 5, 6, 7, "fee"]
    assert ["error" in each for each in found] == [True] * 7 + [False]
    for said, each in zip(
        ("'xx'", "'riddle'", "'flat_fees'", "JSON objects", "needs", "'principal'"), found, strict=False
    ):
        assert said in each["error"]
    assert answer.error["message"] == "7 of 8 questions could not be answered."


@pytest.mark.parametrize("bad", ["{", "[1]", "5", '"x"', '{"id": 1} {"id": 2}'])
def test_a_line_that_is_no_json_stops_everything(dunning: Dunning, own: Path, bad: str) -> None:
    answer = dunning("rules", "check", "--facts", asked(own / "q", FEE, bad, FEE), "--json")
    assert (answer.code, answer.out) == (6, "")
    assert "line 2" in answer.error["message"]


def test_answers_are_one_line_each_whatever_they_say(dunning: Dunning, own: Path) -> None:
    answer = dunning("rules", "check", "--facts", asked(own / "q", FEE | {"id": "a\nb\u2028c\u202e"}))
    assert answer.out.count("\n") == 1
    assert answer.out.isascii()
    assert lines(answer.out)[0]["id"] == "a\nb\u2028c\u202e"


def test_an_own_table_changes_the_answer(dunning: Dunning, own: Path) -> None:
    question = {"id": 1, "kind": "amount", "jurisdiction": "de", "facts": {"on": "2030-02-01"}}
    path = asked(own / "q", question | {"ask": {"measure": "default_rate"}})
    (before,) = lines(dunning("rules", "check", "--facts", path).out)
    assert before["notes"], "the table does not know that day"
    folder = own.parent / "others"  # a process reads a folder once
    write(folder, "tables/de-basiszinssatz", table("de-basiszinssatz", '{ from = 2030-01-01, value = "4.00" }'))
    (after,) = lines(dunning("rules", "check", "--facts", path, env={"DUNNING_RULES": str(folder)}).out)
    assert after["expect"] == {"consumer": "9.00", "business": "13.00"}


# --- examples ---------------------------------------------------------------------------------------------------------


def test_test(dunning: Dunning, own: Path) -> None:
    found = dunning.ok("rules", "test", "uk")
    assert found["tried"] == found["hold"] > 5
    assert dunning.ok("rules", "test")["tried"] > found["tried"]
    assert "answered as expected" in dunning("rules", "test", "uk").out


def test_what_differs_is_listed(dunning: Dunning, own: Path) -> None:
    cases = {"meta": {}, "cases": [FEE | {"expect": {"amount": "50.00", "currency": "EUR", "why": 1}, "note": "x"}]}
    path = own / "cases.json"
    path.write_text(json.dumps(cases), "utf-8")
    answer = dunning("rules", "test", str(path), "--json")
    assert answer.code == 9
    assert answer.json == {
        "tried": 1,
        "hold": 0,
        "differ": [
            {
                "id": "fee",
                "differs": ['amount: "50.00" was expected, not "40.00"', "why: 1 was expected, and nothing is said"],
                "expect": {"amount": "40.00", "currency": "EUR"},
            }
        ],
    }
    assert 'fee: amount: "50.00" was expected' in dunning("rules", "test", str(path)).out


def test_a_packs_file_is_tried_where_it_lies(dunning: Dunning, own: Path) -> None:
    example = '[[example]]\nid = "e"\nkind = "allocation"\nfacts = { balance = { principal = "5.00" } }\n'
    more = 'ask = { pay = "1.00" }\nexpect = { principal = "1.00" }\n'
    path = write(own.parent, "draft", pack("draft", 'extends = ["generic"]') + example + more)
    assert dunning.ok("rules", "test", str(path)) == {"tried": 1, "hold": 1, "differ": []}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "is not JSON"),
        ("5", "no list of cases"),
        ('{"cases": 5}', "no list of cases"),
        ('[{"id": 1}]', "case 1 lacks: kind, jurisdiction, facts, ask, expect"),
        ("[5]", "case 1 lacks: id"),
        ('[{"id": 1, "kind": 5, "jurisdiction": "de", "ask": {}, "expect": 1}]', "case 1 lacks: kind, facts"),
    ],
)
def test_a_file_of_cases_that_is_none(dunning: Dunning, own: Path, text: str, says: str) -> None:
    path = own / "cases.json"
    path.write_text(text, "utf-8")
    assert says in dunning.fails(6, "rules", "test", str(path))["message"]
