"""worklist from the command line."""

from __future__ import annotations

import csv
import io
import json

import pytest

from tests.cli.runner import Dunning


@pytest.fixture
def worked(dunning: Dunning) -> Dunning:
    """Two debtors in Shanghai."""
    for name, owed, more in (("Wang Fang", "3000.00", ("--collector", "li")), ("=Li Na", "900.00", ())):
        dunning.ok(
            *("add-case", "--debtor", name, "--creditor", "Bank", "--principal", owed, "--due", "2024-12-20"),
            *("--reference", f"L-{owed[:4]}", "--timezone", "Asia/Shanghai", *more),
        )
    return dunning


def test_the_list_in_each_form(worked: Dunning) -> None:
    found = worked.ok("worklist")
    assert [(each["case"], each["debtor"]["name"]) for each in found] == [(1, "Wang Fang"), (2, "=Li Na")]
    assert found[0]["allowed_until"] == "2025-01-06T20:00:00+08:00"
    rows = list(csv.DictReader(io.StringIO(worked("worklist", "--csv").out)))
    assert [row["debtor"] for row in rows] == ["Wang Fang", "'=Li Na"]
    assert "2 debtors" in worked("worklist").out
    assert "名债务人" in worked("worklist", "--lang", "zh").out


def test_filters_and_limit(worked: Dunning) -> None:
    assert [each["case"] for each in worked.ok("worklist", "--collector", "li")] == [1]
    assert [each["case"] for each in worked.ok("worklist", "--limit", "1")] == [1]
    assert worked.ok("worklist", "--currency", "eur") == []
    assert worked.ok("worklist", "--stage", "legal") == []


def test_at_night_nobody_and_with_all_from_when(worked: Dunning) -> None:
    night = "2025-01-06T23:00:00+08:00"
    answer = worked("worklist", now=night)
    assert (answer.code, "Nobody to contact now." in answer.out) == (0, True)
    assert [each["allowed_from"] for each in worked.ok("worklist", "--all", now=night)] == [
        "2025-01-07T08:00:00+08:00",
        "2025-01-07T08:00:00+08:00",
    ]


def test_take_log_and_release(worked: Dunning) -> None:
    (mine,) = worked.ok("worklist", "--take")
    assert (mine["case"], mine["taken_by"]) == (1, "li")
    (theirs,) = worked.ok("worklist", "--take", "--actor", "wang")
    assert theirs["case"] == 2
    assert worked.ok("worklist", "--take", "--actor", "zhao") == []
    worked.ok("log-contact", "L-3000", "--channel", "call", "--outcome", "no_answer")
    (found,) = worked.ok("worklist", "--all", "--collector", "li")
    assert found["taken_by"] is None
    assert worked.ok("worklist", "--release", "--actor", "wang") == {"released": 1}
    assert "0 debtors given back." in worked("worklist", "--release").out


def test_explain_and_learn(worked: Dunning) -> None:
    found = worked.ok("worklist", "--explain", "L-3000")
    assert found["cases"][0]["reference"] == "L-3000"
    assert worked("worklist", "--explain", "L-3000").out.startswith("Case 1 · L-3000 · Wang Fang\n")
    assert worked.ok("worklist", "--learn")["version"] == 0
    worked.fails(3, "worklist", "--explain", "99")


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("--take", "--learn"), id="two-acts"),
        pytest.param(("--take", "--csv"), id="csv"),
        pytest.param(("--release", "--all"), id="all"),
        pytest.param(("--learn", "--stage", "legal"), id="filter"),
        pytest.param(("--explain", "1", "--collector", "li"), id="collector"),
    ],
)
def test_what_excludes_each_other(worked: Dunning, words: tuple[str, ...]) -> None:
    worked.fails(2, "worklist", *words)


def test_a_currency_that_is_none(worked: Dunning) -> None:
    worked.fails(6, "worklist", "--currency", "XYZ")


def test_json_is_one_value(worked: Dunning) -> None:
    assert isinstance(json.loads(worked("worklist", "--json").out), list)


# --- who was taken by a colleague -----------------------------------------------------------------------------------

CALL = ("log-contact", "L-900.", "--channel", "call", "--outcome", "conversation")


@pytest.fixture
def theirs(worked: Dunning) -> Dunning:
    """Wang has taken the debtor of L-900. at noon."""
    (line,) = worked.ok("worklist", "--take", "--actor", "wang")
    assert line["case"] == 2
    return worked


def kinds(dunning: Dunning) -> list[str]:
    return [row["kind"] for row in dunning.ok("timeline", "L-900.")]


def test_a_planned_contact_with_whom_a_colleague_has_taken_is_refused(theirs: Dunning) -> None:
    error = theirs.fails(4, *CALL, "--planned")
    assert (error["code"], error["case"], error["taken_by"]) == ("taken", 2, "wang")
    assert error["message"].startswith("wang has taken the debtor of case 2 until ")
    assert error["taken_until"] == theirs.ok("worklist", "--explain", "L-900.")["taken_until"]
    assert kinds(theirs) == ["case_opened"]
    assert theirs.ok("worklist", "--explain", "L-900.")["taken_by"] == "wang"


@pytest.mark.parametrize(
    "more",
    [
        pytest.param(("--planned", "--actor", "wang"), id="by-who-has-taken-them"),
        pytest.param(("--planned", "--direction", "in"), id="the-debtor-calls"),
        pytest.param((), id="it-happened"),
    ],
)
def test_other_contacts_are_not(theirs: Dunning, more: tuple[str, ...]) -> None:
    theirs.ok(*CALL, *more)
    assert "contact_logged" in kinds(theirs)


def test_a_planned_contact_with_somebody_else_is_not(theirs: Dunning) -> None:
    theirs.ok("add-party", "L-900.", "--role", "guarantor", "--name", "Zhao", "--timezone", "Asia/Shanghai")
    answer = theirs(*CALL, "--planned", "--party", "guarantor", "--json")
    assert answer.code in (0, 5), answer.err  # whatever the law says of it, it is asked


@pytest.mark.parametrize(("now", "code"), [("2025-01-06T12:29:59+08:00", 4), ("2025-01-06T12:30:00+08:00", 0)])
def test_a_lease_holds_for_half_an_hour(theirs: Dunning, now: str, code: int) -> None:
    assert theirs(*CALL, "--planned", now=now).code == code


def test_a_lease_that_was_given_back_stands_in_no_way(theirs: Dunning) -> None:
    theirs.ok("worklist", "--release", "--collector", "wang")
    theirs.ok(*CALL, "--planned")


def test_a_question_says_who_has_taken_the_debtor(theirs: Dunning) -> None:
    words = ("check-contact", "L-900.", "--channel", "call")
    found = theirs.ok(*words)
    assert (found["answer"], found["taken_by"]) == ("allowed", "wang")
    assert "Taken by wang until" in theirs(*words).out
    assert theirs.ok(*words, "--actor", "wang")["taken_by"] is None
    assert "Taken by" not in theirs(*words, "--actor", "wang").out
