"""Questions about contacts, counts and steps in plain JSON, over the shipped packs."""

from __future__ import annotations

from typing import Any

import pytest

from dunning_cli.domain.questions import Answer
from dunning_cli.errors import InputError
from dunning_cli.rules.book import Book
from dunning_cli.services.questions import answer
from dunning_cli.services.questions.told import read_ask, read_facts

BOOK = Book()
DEBTS = [{"id": "A", "type": "medical", "consumer": True}]
FACTS: dict[str, Any] = {"debts": DEBTS, "debtor_timezones": ["America/Chicago"]}
NOON = "2026-02-10T12:00:00-06:00"
CALL = {"at": NOON, "channel": "call", "debts": ["A"]}


def ask(pack: str, facts: dict[str, Any], asked: dict[str, Any], kind: str = "contact") -> Answer:
    return answer(BOOK, BOOK.pack(pack), kind, facts, asked)


def test_the_shape_of_an_answer() -> None:
    found = ask("us-federal", FACTS, {**CALL, "at": "2026-02-10T22:00:00-06:00"})
    assert found.expect == "blocked"
    assert dict(found.beside) == {
        "severity": "block",
        "warnings": [],
        "findings": [
            {
                "rule": "us.hours",
                "severity": "block",
                "strength": "regulation",
                "text": BOOK.rule("us.hours")[1].text.en,
                "source": "12 CFR 1006.6(b)(1)(i) and comment 6(b)(1)(i)-2",
                "missing": [],
                "lacks": [],
                "opens": "2026-02-11T08:00:00-06:00",
            }
        ],
        "override_reasons": [],
        "allowed_from": "2026-02-11T08:00:00-06:00",
        "pack": "us-federal@2026.1",
    }
    assert ask("us-federal", FACTS, CALL) == Answer(
        "allowed",
        {
            "severity": None,
            "warnings": [],
            "findings": [],
            "override_reasons": [],
            "allowed_from": None,
            "pack": "us-federal@2026.1",
        },
    )


def test_the_reasons_of_an_override() -> None:
    log = [{"when": "2026-02-09T12:00:00-06:00", "channel": "call", "outcome": "conversation", "debts": ["A"]}]
    found = ask("us-federal", {**FACTS, "contacts": log}, CALL)
    reasons = ["required_by_law", "active_litigation", "consumer_asked", "time_critical_benefit"]
    assert found.beside["override_reasons"] == reasons
    assert found.beside["allowed_from"] == "2026-02-16T08:00:00-06:00"


@pytest.mark.parametrize(
    ("debt", "missing"),
    [
        pytest.param({"type": "medical"}, [], id="a kind of debt that only consumers have"),
        pytest.param({"type": "invoice"}, ["consumer"], id="any other kind"),
        pytest.param({}, ["consumer"], id="no kind at all"),
    ],
)
def test_whether_the_debtor_is_a_consumer(debt: dict[str, Any], missing: list[str]) -> None:
    found = ask("us-federal", {**FACTS, "debts": [{"id": "A", **debt}]}, CALL)
    assert [name for finding in found.beside["findings"] for name in finding["missing"]] == missing
    assert found.expect == ("blocked" if missing else "allowed")


def test_no_debts_at_all() -> None:
    found = ask("us-federal", {"debtor_timezones": ["America/Chicago"]}, {"at": NOON, "channel": "call"})
    assert found.beside["findings"][0]["missing"] == ["debts", "consumer"]


@pytest.mark.parametrize(
    ("facts", "asked", "said"),
    [
        pytest.param({"flags": [{"type": "cease_notise"}]}, {}, "flags.type cease_notise", id="a flag"),
        pytest.param({}, {"purpose": "to_annoy"}, "purpose to_annoy", id="a purpose"),
    ],
)
def test_an_unknown_word_is_warned_of(facts: dict[str, Any], asked: dict[str, Any], said: str) -> None:
    found = ask("us-federal", {**FACTS, **facts}, {**CALL, **asked})
    assert found.expect == "allowed"
    assert said in found.beside["warnings"][-1]


def test_an_unknown_party_is_a_third_party() -> None:
    found = ask("us-federal", FACTS, {**CALL, "party": "plumber"})
    assert found.expect == "blocked"
    assert "party plumber" in found.beside["warnings"][-1]


@pytest.mark.parametrize(
    ("facts", "asked", "reason"),
    [
        pytest.param({}, {"channel": "pidgeon"}, "'pidgeon' is no channel", id="a channel"),
        pytest.param({}, {"channel": None}, "ask.channel is missing", id="no channel"),
        pytest.param({}, {"channel": None, "action": "sea"}, "'sea' is no action; did you mean 'sue'", id="a step"),
        pytest.param({}, {"at": None}, "ask.at is missing", id="no instant"),
        pytest.param({}, {"at": "2026-02-10T12:00:00"}, "with its offset", id="no offset"),
        pytest.param({}, {"at": "noon"}, "with its offset", id="no instant at all"),
        pytest.param({}, {"in_reply": "yes"}, "true or false", id="a text for a truth"),
        pytest.param({}, {"party": 7}, "a word in quotes", id="a number for a party"),
        pytest.param({}, {"debts": 7}, "a list of ids", id="a number for debts"),
        pytest.param({"debtor_timezones": ["Mars/Base"]}, {}, "no time zone", id="a zone"),
        pytest.param({"debtor_timezones": ["../etc/passwd"]}, {}, "no time zone", id="a path for a zone"),
        pytest.param({"debts": [{}]}, {}, "needs an id", id="a debt without an id"),
        pytest.param({"debts": {}, "contacts": "x"}, {}, "a list of objects", id="a text for a log"),
        pytest.param({"contacts": [{"channel": "call"}]}, {}, "no 'when'", id="a contact without an instant"),
        pytest.param(
            {"contacts": [{"when": NOON, "channel": "call", "outcome": "bussy"}]},
            {},
            "did you mean 'busy'",
            id="outcome",
        ),
        pytest.param({"flags": [7]}, {}, "a flag is a word", id="a number for a flag"),
        pytest.param(
            {"flags": [{"type": "inconvenient_time", "from_": "8"}]}, {}, "an hour such as 08:00", id="an hour"
        ),
        pytest.param({"flags": [{"type": "consent_calls", "valid_on": "soon"}]}, {}, "is a day such as", id="a day"),
        pytest.param({"flags": [{"type": "medium_opt_out", "medium": "x"}]}, {}, "'x' is no medium", id="a medium"),
        pytest.param({"collector_role": "boss"}, {}, "'boss' is no collector_role", id="a role"),
    ],
)
def test_what_cannot_be_meant(facts: dict[str, Any], asked: dict[str, Any], reason: str) -> None:
    with pytest.raises(InputError, match=f"(?i){reason}"):
        ask("us-federal", {**FACTS, **facts}, {**CALL, **asked})


def test_words_are_read_by_their_meaning() -> None:
    unknown: list[str] = []
    asked = read_ask({**CALL, "party": "third_party:spouse", "purpose": "locate_or_relay"}, unknown)
    assert (asked.party, asked.who, asked.aims) == ("spouse", "third_party:spouse", ("locate", "relay"))
    flags = [
        {"type": "breathing_space", "start": "2026-02-01", "kind": "mental_health_crisis"},
        {"type": "medium_opt_out", "medium": ["phone", "text"], "at": NOON},
        {"type": "inconvenient_time", "weekdays": ["Monday", "tu"], "from": "08:00", "to_": "24:00"},
        "no_other_dispute",
    ]
    known = read_facts({**FACTS, "flags": flags, "collector_role": "original_creditor"}, unknown)
    assert [flag.event for flag in known.flags] == [
        "moratorium",
        "medium_opt_out",
        "inconvenient_time",
        "no_other_dispute",
    ]
    assert known.flags[0].kind == "mental_health"
    assert known.flags[1].media == ("call", "ringless_voicemail", "text")
    assert known.flags[2].weekdays == ("MO", "TU")
    assert known.collector_role == "creditor"
    assert unknown == []


def test_counts() -> None:
    log = [
        {"when": "2026-02-05T12:00:00-06:00", "channel": "call", "outcome": "no_answer", "debts": ["A"]},
        {"when": "2026-02-06T12:00:00-06:00", "channel": "call", "direction": "in", "outcome": "conversation"}
        | {"debts": ["A"]},
        {"when": "2026-02-03T12:00:00-06:00", "channel": "call", "outcome": "no_answer", "debts": ["A"]},
    ]
    asked = {"at": NOON, "measure": "calls_in_7_days", "party": "debtor", "debt": "A"}
    found = ask("us-federal", {**FACTS, "contacts": log}, asked, "count")
    assert found.expect == {"value": 1, "conversations": 1}
    assert found.beside["rule"] == "us.calls_7_in_7"
    with pytest.raises(InputError, match="no rule that counts"):
        ask("eu", FACTS, asked, "count")
    with pytest.raises(InputError, match="known are: calls_in_7_days"):
        ask("us-federal", FACTS, {**asked, "measure": "smiles"}, "count")


def test_steps() -> None:
    with pytest.raises(InputError, match="says its action"):
        ask("cn", FACTS, {}, "state")
    asked = {"action": "create_plan", "months": 61}
    card = {"debts": [{"id": "A", "type": "credit_card", "consumer": True}]}
    assert ask("cn", card, asked, "state").expect == "blocked"
    assert ask("cn", FACTS, asked, "state").expect == "allowed"
