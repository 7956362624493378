"""Questions about days to the shipped packs. Expected days are counted on a calendar, not by the program."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from dunning_cli.domain.questions import Answer, differences
from dunning_cli.errors import InputError
from dunning_cli.rules.book import Book
from dunning_cli.services.deadlines import deadlines_of, retention_of
from dunning_cli.services.questions import answer
from dunning_cli.services.rules import read_cases

ROOT = Path(__file__).resolve().parents[2]
CASES = [parent / "shared" / "law" / "cases.json" for parent in (ROOT.parent, ROOT.parent.parent)]
BOOK = Book()


def ask(pack: str, facts: dict[str, Any], question: dict[str, Any] | str, kind: str = "date") -> Answer:
    asked = {"measure": question} if isinstance(question, str) else question
    return answer(BOOK, BOOK.pack(pack), kind, facts, asked)


def a_date(pack: str, facts: dict[str, Any], question: dict[str, Any] | str) -> Any:
    return ask(pack, facts, question).expect["date"]


# --- China ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("served", "last", "after"),
    [
        ("2026-03-02", "2026-03-17", "2026-03-17"),
        ("2026-02-13", "2026-02-28", "2026-02-28"),  # a Saturday that is worked
        ("2026-09-20", "2026-10-05", "2026-10-08"),
        ("2025-09-23", "2025-10-08", "2025-10-09"),
        ("2024-02-14", "2024-02-29", "2024-02-29"),
        ("2024-12-20", "2025-01-04", "2025-01-06"),
    ],
)
@pytest.mark.parametrize(
    ("measure", "fact"),
    [("payment_order_objection_end", "payment_order_served"), ("appeal_end", "first_instance_judgment_served")],
)
def test_fifteen_days(measure: str, fact: str, served: str, last: str, after: str) -> None:
    assert ask("cn", {fact: served}, measure).expect == {"date": last, "date_after_rest_days": after}


def test_a_ruling_is_appealed_within_ten_days() -> None:
    assert a_date("cn", {"first_instance_ruling_served": "2026-03-02"}, "appeal_end") == "2026-03-12"


def test_a_year_without_its_decree_is_warned_of() -> None:
    found = ask("cn", {"due": "2024-10-01"}, "limitation_end")
    assert found.expect["date"] == "2027-10-01"
    assert "2027" in found.beside["warnings"][0]
    assert "warnings" not in ask("cn", {"due": "2023-10-01"}, "limitation_end").beside


@pytest.mark.parametrize(
    ("now", "events", "available"),
    [
        ("2026-10-08", [], False),  # the last day, after the holiday
        ("2026-10-09", [], True),
        ("2026-10-09", [{"type": "demand_letter", "arrived": "2026-10-08"}], False),
        ("2026-10-10", [{"type": "demand_letter", "arrived": "2026-10-09"}], True),
        ("2027-01-01", [{"type": "signed_collection_notice", "at": "2026-12-31"}], False),
        ("2030-01-01", [{"type": "signed_collection_notice", "at": "2026-12-31"}], True),
        ("2027-01-01", [{"type": "part_payment", "at": "2026-12-31"}], True),
    ],
)
def test_the_defence(now: str, events: list[dict[str, str]], available: bool) -> None:
    facts = {"due": "2023-10-01", "now": now, "events": events}
    assert ask("cn", facts, {"query": "limitation_defence_available"}, "state").expect["value"] is available


def test_a_judgment_in_instalments_counts_from_the_last() -> None:
    both = {"judgment_instalments": ["2025-05-20", "2024-05-20"], "judgment_performance_last_day": "2024-05-20"}
    assert a_date("cn", both, "enforcement_application_end") == "2027-05-20"
    demand = {
        "judgment_performance_last_day": "2024-05-20",
        "events": [{"type": "enforcement_filed", "at": "2026-01-31"}],
    }
    assert a_date("cn", demand, "enforcement_application_end") == "2028-01-31"


# --- United States ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("provided", "assumed", "end"),
    [
        ("2026-05-20", "2026-05-28", "2026-06-27"),  # Memorial Day
        ("2025-11-24", "2025-12-02", "2026-01-01"),  # Thanksgiving
        ("2025-12-24", "2026-01-02", "2026-02-01"),  # Christmas and New Year
        ("2024-02-22", "2024-02-29", "2024-03-30"),  # a leap day
        ("2025-06-18", "2025-06-26", "2025-07-26"),  # Juneteenth
        ("2020-06-18", "2020-06-25", "2020-07-25"),  # before Juneteenth was a holiday
        ("2026-03-14", "2026-03-20", "2026-04-19"),  # from a Saturday
    ],
)
def test_the_validation_period(provided: str, assumed: str, end: str) -> None:
    found = ask("us-federal", {}, {"provided": provided, "mode": "letter"}).expect
    assert found == {"assumed_received": assumed, "date": end}
    assert ask("us-federal", {}, {"provided": provided}).expect == found
    again = {"provided": "2020-01-01", "returned_undeliverable": True, "resent": provided, "mode": "letter"}
    assert ask("us-federal", {}, again).expect == found
    assert ask("us-federal", {}, {"provided": provided, "resent": "2026-12-01"}).expect == found, "it did not come back"


def test_a_returned_notice_that_was_not_sent_again_begins_nothing() -> None:
    found = ask("us-federal", {}, {"provided": "2026-05-20", "returned_undeliverable": True})
    assert found.expect == {"assumed_received": None, "date": None}
    assert "resent" in found.beside["warnings"][0]


def test_records_and_recordings() -> None:
    both = {"last_collection_activity": "2024-02-29", "recording_made": "2026-10-01"}
    assert ask("us-federal", {}, both).expect == {"records_until": "2027-02-28", "recording_until": "2029-10-01"}
    assert ask("us-federal", {}, {"recording_made": "2026-10-01"}).expect == {"recording_until": "2029-10-01"}


# --- Germany and the United Kingdom -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("facts", "day"),
    [
        ({"due": "2026-03-02", "invoice_received": "2026-03-02", "consumer": False}, "2026-04-02"),
        ({"due": "2026-03-02", "invoice_received": "2026-03-20", "consumer": False}, "2026-04-20"),
        ({"invoice_received": "2024-01-30", "b2b": True}, "2024-03-01"),
        ({"invoice_received": "2026-03-02", "consumer": True, "notice_in_invoice": True}, "2026-04-02"),
        ({"invoice_received": "2026-03-02", "consumer": True, "notice_in_invoice": False}, None),
        ({"invoice_received": "2026-03-02"}, None),  # who owes is not known: nothing is said against a consumer
        ({"due": "2026-03-02", "reminder": "2026-03-01", "consumer": True}, None),
        ({"due": "2026-03-02", "reminder": "2026-05-04", "invoice_received": "2026-03-02", "b2b": True}, "2026-04-02"),
        ({"due": "2026-03-02", "due_by_calendar": True}, "2026-03-03"),
        ({"due": "2026-03-02", "refused": "2026-03-09"}, "2026-03-09"),
    ],
)
def test_default_begins(facts: dict[str, Any], day: str | None) -> None:
    assert a_date("de", facts, "default_starts") == day


def test_days_of_a_payment_order() -> None:
    said = ask("de", {"mahnbescheid_served": "2024-02-29"}, "mahnverfahren").expect
    assert (said["objection_until"], said["enforcement_order_not_before"]) == ("2024-03-14", "2024-03-15")
    assert said["lapses_after"] == "2024-08-29"


@pytest.mark.parametrize(
    ("facts", "day"),
    [
        ({"claim_arose": "2023-05-10"}, "2026-12-31"),
        ({"claim_arose": "2023-05-10", "knowledge": "2024-01-02"}, "2027-12-31"),
        ({"due": "2023-01-01"}, "2026-12-31"),
        ({"claim_arose": "2023-05-10", "events": [{"type": "mahnung", "at": "2026-06-01"}]}, "2026-12-31"),
        ({"claim_arose": "2023-05-10", "events": [{"type": "interest_payment", "at": "2026-12-31"}]}, "2029-12-31"),
        ({"claim_arose": "2023-05-10", "events": [{"type": "part_payment", "at": "2027-01-01"}]}, "2026-12-31"),
    ],
)
def test_limitation_in_germany(facts: dict[str, Any], day: str) -> None:
    found = ask("de", facts, "limitation_end")
    assert (found.expect["date"], found.beside.get("warnings")) == (day, None)


@pytest.mark.parametrize(
    ("pack", "law", "measure", "day", "effect"),
    [
        ("uk-ew", None, "limitation_end", "2026-02-28", "defence"),
        ("uk-ew", "england", "limitation_end", "2026-02-28", "defence"),
        ("uk-ew", "scotland", "limitation_end", "2025-02-28", "extinguished"),
        ("uk-sct", None, "prescription_end", "2025-02-28", "extinguished"),
        ("uk-sct", None, "limitation_end", "2025-02-28", "extinguished"),
        ("uk-sct", "england", "limitation_end", "2026-02-28", "defence"),
        ("uk", "northern_ireland", "limitation_end", "2026-02-28", "defence"),
        ("uk", "scotland", "prescription_end", "2025-02-28", "extinguished"),
    ],
)
def test_whose_law(pack: str, law: str | None, measure: str, day: str, effect: str) -> None:
    facts = {"cause_of_action": "2020-02-29", "law": law}
    assert ask(pack, facts, measure).expect == {"date": day, "effect": effect}


def test_the_law_is_not_guessed() -> None:
    with pytest.raises(InputError, match="law"):
        ask("uk", {"cause_of_action": "2020-02-29"}, "limitation_end")


# --- what cannot be answered ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pack", "facts", "question", "named"),
    [
        ("us-federal", {"due": "2020-01-01"}, {"measure": "limitation_end"}, "limitation_end"),
        ("cn", {}, {"measure": "limitation_end"}, "due"),
        ("cn", {}, {"measure": "appeal_end"}, "first_instance_judgment_served"),
        ("cn", {}, {"measure": "limitaton_end"}, "limitaton_end"),
        ("cn", {"record_made": "2020-01-01"}, {"retention": "diary"}, "diary"),
        ("cn", {}, {"retention": "collection_record"}, "record_made"),
        ("cn", {"due": "31/01/2020"}, {"measure": "limitation_end"}, "due"),
        ("cn", {"due": "2020-01-01", "events": "many"}, {"measure": "limitation_end"}, "events"),
        ("cn", {"due": "2020-01-01", "events": [{"type": "payment", "at": "x"}]}, {"measure": "limitation_end"}, "at"),
        ("generic", {"due": "2020-01-01"}, {}, "None"),
    ],
)
def test_what_is_missing_is_named(pack: str, facts: dict[str, Any], question: dict[str, Any], named: str) -> None:
    with pytest.raises(InputError) as error:
        ask(pack, facts, question)
    assert named in str(error.value)


@pytest.mark.parametrize(("pack", "facts"), [("us-federal", {"now": "2026-01-01"}), ("cn", {"due": "2020-01-01"})])
def test_a_defence_that_cannot_be_judged(pack: str, facts: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        ask(pack, facts, {"query": "limitation_defence_available"}, "state")


# --- for a case -------------------------------------------------------------------------------------------------------


def test_the_days_of_a_case() -> None:
    pack = BOOK.pack("cn")
    facts = {"due": "2023-10-01", "payment_order_served": "2026-09-20", "record_made": "2026-09-20"}
    assert [(due.rule.id, due.on.isoformat(), due.rolled.isoformat()) for due in deadlines_of(pack, facts)] == [
        ("cn.limitation", "2026-10-01", "2026-10-08"),
        ("cn.payment_order.objection", "2026-10-05", "2026-10-08"),
    ]
    longest = retention_of(pack, facts)[0]
    assert str(longest.until) == "2031-09-20"
    assert all(due.means.en and due.means.zh for due in deadlines_of(pack, facts))
    assert deadlines_of(pack, {}) == []
    assert retention_of(pack, {}) == []


@pytest.mark.parametrize("pack", BOOK.pack_ids())
def test_every_pack_answers_its_examples(pack: str) -> None:
    found = BOOK.pack(pack)
    for example in found.examples:
        if example.kind == "date" or "limitation_defence_available" in example.ask.values():
            said = answer(BOOK, BOOK.pack(example.jurisdiction), example.kind, example.facts, example.ask)
            assert list(differences(example, said)) == [], example.id


def test_worked_cases() -> None:
    path = next((path for path in CASES if path.exists()), None)
    if path is None:
        pytest.skip("the worked cases are not here")
    cases = [
        case
        for case in read_cases(path)
        if case.kind == "date" or case.ask.get("query") == "limitation_defence_available"
    ]
    assert len(cases) > 20
    for case in cases:
        found = answer(BOOK, BOOK.pack(case.jurisdiction), case.kind, case.facts, case.ask)
        assert list(differences(case, found)) == [], json.dumps(case.ask)
