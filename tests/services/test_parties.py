"""Parties of a case, on real databases: whose time zones and whose wishes a contact is judged by."""

from __future__ import annotations

from typing import Any

import pytest

from tests.cli.runner import Dunning

OPEN = (
    *("add-case", "--debtor", "Ann Lee", "--creditor", "River Bank", "--principal", "3000.00", "--currency", "USD"),
    *("--due", "2025-12-20", "--reference", "L", "--jurisdiction", "us-federal", "--debt-type", "credit_card"),
    *("--timezone", "America/New_York"),
)
GUARANTOR = ("add-party", "L", "--role", "guarantor", "--name", "Bo Ruiz", "--timezone", "America/Los_Angeles")
SPOUSE = ("add-party", "L", "--role", "spouse", "--name", "Cy Park", "--phone", "+1 312 555 0100")  # Chicago
# In New York, Chicago and Los Angeles; the law's hours are from 8 up to 21.
EARLY = "2026-03-10T09:00:00-04:00"  # 9, 8, 6
NOON = "2026-03-10T14:00:00-04:00"  # 14, 13, 11
LATE = "2026-03-10T23:00:00-04:00"  # 23, 22, 20
NOW = "2026-03-10T08:00:00-04:00"


def check(dunning: Dunning, party: str, at: str, channel: str = "call") -> set[str]:
    """The rules that stand against a contact."""
    answer = dunning("check-contact", "L", "--channel", channel, "--at", at, "--party", party, "--json", now=NOW)
    assert answer.code in (0, 5), answer.err
    assert answer.code == (0 if answer.json["answer"] == "allowed" else 5)
    return {each["rule"] for each in answer.json["findings"] if each["severity"] != "warn"}


@pytest.mark.parametrize(
    ("party", "at", "against"),
    [
        pytest.param("debtor", EARLY, set(), id="9-in-the-debtor-s-zone"),
        pytest.param("guarantor:2", EARLY, {"us.hours"}, id="6-in-the-guarantor-s"),
        pytest.param("guarantor", EARLY, {"us.hours"}, id="the-only-guarantor"),
        pytest.param("spouse:3", EARLY, set(), id="8-in-the-zone-of-the-spouse-s-number"),
        pytest.param("debtor", LATE, {"us.hours"}, id="23-in-the-debtor-s"),
        pytest.param("guarantor:2", LATE, set(), id="20-in-the-guarantor-s"),
        pytest.param("spouse:3", LATE, {"us.hours"}, id="22-in-the-spouse-s"),
    ],
)
def test_hours_are_those_of_the_person(dunning_on: Dunning, party: str, at: str, against: set[str]) -> None:
    for words in (OPEN, GUARANTOR, SPOUSE):
        dunning_on.ok(*words, now=NOW)
    assert check(dunning_on, party, at) == against


FACTS: list[Any] = [
    # a fact, whose it is, and whether a call at noon is then allowed: with the debtor, with the guarantor
    pytest.param("medium_opt_out", ("--field", "medium=call"), True, False, id="the-guarantor-s-opt-out"),
    pytest.param("cease_notice", ("--received", "2026-03-09"), True, False, id="the-guarantor-s-cease"),
    pytest.param("inconvenient_time", ("--field", "from=09:00", "--field", "to_=13:00"), True, False, id="hours"),
]


@pytest.mark.parametrize(("fact", "fields", "debtor", "guarantor"), FACTS)
def test_what_a_party_says_holds_for_them_alone(
    dunning_on: Dunning, fact: str, fields: tuple[str, ...], debtor: bool, guarantor: bool
) -> None:
    for words in (OPEN, GUARANTOR):
        dunning_on.ok(*words, now=NOW)
    dunning_on.ok("log-fact", "L", fact, "--person", "2", "--at", "2026-03-09", *fields, now=NOW)
    assert (not check(dunning_on, "debtor", NOON)) is debtor
    assert (not check(dunning_on, "guarantor:2", NOON)) is guarantor
    assert dunning_on.ok("show-case", "L", now=NOW)["facts"] == []
    dunning_on.ok("end-fact", "L", fact, "--person", "2", now="2026-03-10T10:00:00-04:00")
    assert not check(dunning_on, "guarantor:2", NOON)


@pytest.mark.parametrize(
    ("fact", "fields", "debtor", "guarantor"),
    [
        pytest.param("medium_opt_out", ("--field", "medium=call"), False, True, id="opt-out"),
        # 13 to 16 in New York; at noon (14 there) it is 11 with the guarantor, and hours are no matter of zones here
        pytest.param("inconvenient_time", ("--field", "from=10:00", "--field", "to_=16:00"), False, True, id="hours"),
        pytest.param("cease_notice", ("--received", "2026-03-09"), False, False, id="cease-is-kept-for-all"),
    ],
)
def test_what_the_debtor_says_of_themselves_does_not_bind_a_party(
    dunning_on: Dunning, fact: str, fields: tuple[str, ...], debtor: bool, guarantor: bool
) -> None:
    for words in (OPEN, GUARANTOR):
        dunning_on.ok(*words, now=NOW)
    dunning_on.ok("log-fact", "L", fact, "--at", "2026-03-09", *fields, now=NOW)
    assert (not check(dunning_on, "debtor", NOON)) is debtor
    assert (not check(dunning_on, "guarantor:2", NOON)) is guarantor


def test_a_moratorium_of_the_debtor_holds_for_contacts_with_all(dunning_on: Dunning) -> None:
    """Breathing space of England and Wales, told by the debtor's record and, in vain, by the guarantor's."""
    english = [word.replace("us-federal", "uk-ew").replace("USD", "GBP") for word in OPEN]
    for words in (english, GUARANTOR):
        dunning_on.ok(*words, now=NOW)
    moratorium = ("log-fact", "L", "breathing_space", "--at", "2026-03-09")
    dunning_on.ok(*moratorium, "--person", "2", now=NOW)
    assert not check(dunning_on, "debtor", NOON)
    dunning_on.ok(*moratorium, now=NOW)
    assert "uk-ew.breathing_space" in check(dunning_on, "debtor", NOON)
    assert "uk-ew.breathing_space" in check(dunning_on, "guarantor:2", NOON)


def test_nobody_takes_back_what_another_one_said(dunning_on: Dunning) -> None:
    for words in (OPEN, GUARANTOR):
        dunning_on.ok(*words, now=NOW)
    for who in ((), ("--person", "2")):
        dunning_on.ok("log-fact", "L", "cease_notice", *who, "--received", "2026-03-08", now=NOW)
    dunning_on.ok("log-fact", "L", "cease_withdrawn", "--person", "2", "--at", "2026-03-09", now=NOW)
    assert check(dunning_on, "debtor", NOON)
    dunning_on.ok("end-fact", "L", "cease_notice", "--at", "2026-03-09", now=NOW)
    assert not check(dunning_on, "guarantor:2", NOON)
    dunning_on.ok("log-fact", "L", "cease_notice", "--person", "2", "--received", "2026-03-10", now=NOW)
    dunning_on.ok("log-fact", "L", "cease_withdrawn", "--at", "2026-03-10", now="2026-03-10T08:30:00-04:00")
    assert check(dunning_on, "guarantor:2", NOON)


def test_a_party_s_fact_holds_no_case(dunning_on: Dunning) -> None:
    for words in (OPEN, GUARANTOR):
        dunning_on.ok(*words, now=NOW)
    assert dunning_on.ok("log-fact", "L", "bankruptcy", "--person", "2", now=NOW)["held"] == []
    assert dunning_on.ok("show-case", "L", now=NOW)["status"] == "open"
    assert dunning_on.ok("log-fact", "L", "bankruptcy", now=NOW)["held"] == [1]


def test_a_contact_is_kept_with_the_number_and_counted_for_the_person(dunning_on: Dunning) -> None:
    """The eighth call within seven days is one too many, to each person by themselves (12 CFR 1006.14(b))."""
    dunning_on.ok(*OPEN, now=NOW)
    call = ("log-contact", "L", "--channel", "call", "--outcome", "no_answer", "--party")
    for hour in range(3):  # before the guarantor had a number
        dunning_on.ok(*call, "guarantor", "--at", f"2026-03-09T{14 + hour}:00:00-04:00", now=NOW)
    dunning_on.ok(*GUARANTOR, now=NOW)
    for hour in range(4):
        dunning_on.ok(*call, "guarantor:2", "--at", f"2026-03-09T{17 + hour}:00:00-04:00", now=NOW)
    kept = [row["data"]["party"] for row in dunning_on.ok("timeline", "L") if row["kind"] == "contact_logged"]
    assert kept == ["guarantor"] * 3 + ["guarantor:2"] * 4
    with_words = dunning_on.ok(*call, "guarantor", "--at", "2026-03-09T21:00:00-04:00", now=NOW)
    assert with_words["written"][0]["kind"] == "contact_logged"
    assert dunning_on.ok("timeline", "L")[-1]["data"]["party"] == "guarantor:2"
    assert "us.calls_7_in_7" in {each["rule"] for each in with_words["findings"]}
    assert not check(dunning_on, "debtor", NOON)


def test_a_number_that_is_no_party_s_is_logged_and_warned_of(dunning_on: Dunning) -> None:
    for words in (OPEN, GUARANTOR, (*OPEN[:1], *(w if w != "L" else "M" for w in OPEN[1:]))):
        dunning_on.ok(*words, now=NOW)
    call = ("log-contact", "L", "--channel", "call", "--outcome", "conversation", "--at", "2026-03-09T14:00:00-04:00")
    for who, warned in (
        ("guarantor:77", True),
        ("guarantor:3", True),
        ("guarantor:2", False),
        ("third_party:x", False),
    ):
        answer = dunning_on.ok(*call, "--party", who, now=NOW)
        assert ("us-federal.unknown_party" in {each["rule"] for each in answer["findings"]}) is warned, who
    dunning_on.ok("end-party", "L", "2", now=NOW)
    answer = dunning_on.ok(*call, "--party", "guarantor:2", now=NOW)
    assert "us-federal.unknown_party" in {each["rule"] for each in answer["findings"]}


def test_who_is_meant_must_be_clear(dunning_on: Dunning) -> None:
    for words in (OPEN, GUARANTOR, (*GUARANTOR[:4], "--name", "Di Oz")):
        dunning_on.ok(*words, now=NOW)
    error = dunning_on.fails(2, "log-contact", "L", "--channel", "call", "--outcome", "busy", "--party", "guarantor")
    assert error["code"] == "ambiguous_party"
    assert "guarantor:2, guarantor:3" in error["message"]
    dunning_on.fails(6, "log-contact", "L", "--channel", "call", "--outcome", "busy", "--party", "cousin:2")
    assert len(dunning_on.ok("timeline", "L")) == 3


def test_a_party_is_shown_masked_at_the_case_and_with_the_case_at_the_person(dunning_on: Dunning) -> None:
    dunning_on.ok(*OPEN, now=NOW)
    dunning_on.ok(*SPOUSE, "--email", "cy@example.com", "--language", "en", now=NOW)
    dunning_on.ok("log-fact", "L", "medium_opt_out", "--person", "2", "--field", "medium=text", now=NOW)
    (party,) = dunning_on.ok("show-case", "L", now=NOW)["parties"]
    assert {name: party[name] for name in ("person", "role", "since", "ended", "name", "emails", "language")} == {
        "person": 2,
        "role": "spouse",
        "since": "2026-03-10",
        "ended": None,
        "name": "Cy Park",
        "emails": ["c***@example.com"],
        "language": "en",
    }
    assert [fact["fact"] for fact in party["facts"]] == ["medium_opt_out"]
    (revealed,) = dunning_on.ok("show-case", "L", "--reveal", now=NOW)["parties"]
    assert revealed["emails"] == ["cy@example.com"]
    person = dunning_on.ok("show-debtor", "2", now=NOW)
    assert [(each["case"], each["reference"], each["role"]) for each in person["party_in"]] == [(1, "L", "spouse")]
    assert (person["cases"], [fact["fact"] for fact in person["facts"]]) == ([], ["medium_opt_out"])
    dunning_on.ok("edit-debtor", "2", "--name", "Cy Park-Oz", "--invalid", "cy@example.com", now=NOW)
    (party,) = dunning_on.ok("show-case", "L", now=NOW)["parties"]
    assert (party["name"], party["emails"]) == ("Cy Park-Oz", [])
    assert [case["case"] for case in dunning_on.ok("list-cases", "--debtor", "Cy")] == []


def test_no_name_stands_in_the_open_part_of_an_entry(dunning_on: Dunning) -> None:
    for words in (OPEN, GUARANTOR):
        dunning_on.ok(*words, now=NOW)
    dunning_on.ok("end-party", "L", "2", "--why", "Bo Ruiz paid", now=NOW)
    added, ended = dunning_on.ok("timeline", "L")[1:]
    assert added["data"] == {"person": 2, "role": "guarantor"}
    assert ended["data"] == {"person": 2, "role": "guarantor", "why": "Bo Ruiz paid"}


@pytest.mark.parametrize(
    ("code", "words"),
    [
        pytest.param(2, ("--role", "guarantor"), id="nobody"),
        pytest.param(2, ("--role", "guarantor", "--name", "X", "--person", "2"), id="both"),
        pytest.param(
            2, ("--role", "guarantor", "--person", "2", "--phone", "+1 212 555 0100"), id="details-of-one-there"
        ),
        pytest.param(2, ("--role", "cousin", "--name", "X"), id="no-role"),
        pytest.param(3, ("--role", "guarantor", "--person", "99"), id="nobody-of-that-number"),
        pytest.param(4, ("--role", "guarantor", "--person", "1"), id="the-debtor"),
        pytest.param(4, ("--role", "guarantor", "--person", "2"), id="twice"),
        pytest.param(6, ("--role", "debtor", "--name", "X"), id="a-second-debtor"),
        pytest.param(6, ("--role", "spouse", "--name", " "), id="an-empty-name"),
        pytest.param(6, ("--role", "spouse", "--name", "X", "--phone", "abc"), id="no-phone"),
        pytest.param(6, ("--role", "spouse", "--name", "X", "--timezone", "Mars"), id="no-zone"),
    ],
)
def test_what_is_refused_writes_nothing(dunning_on: Dunning, code: int, words: tuple[str, ...]) -> None:
    for each in (OPEN, GUARANTOR):
        dunning_on.ok(*each, now=NOW)
    before = dunning_on.ok("db", "status")
    dunning_on.fails(code, "add-party", "L", *words)
    after = dunning_on.ok("db", "status")
    assert {name: after[name] for name in ("debtors", "entries")} == {
        name: before[name] for name in ("debtors", "entries")
    }


def test_what_end_party_and_log_fact_refuse(dunning_on: Dunning) -> None:
    dunning_on.ok(*OPEN, now=NOW)
    for number in ("1", "2", "9" * 30):
        dunning_on.fails(3, "end-party", "L", number)
    dunning_on.fails(3, "log-fact", "L", "vulnerable", "--person", "1")
    dunning_on.ok(*GUARANTOR, now=NOW)
    dunning_on.fails(3, "end-party", "L", "2", "--role", "spouse")
    dunning_on.ok("end-party", "L", "2")
    dunning_on.fails(3, "end-party", "L", "2")
