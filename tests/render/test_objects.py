"""The JSON that scripts rely on."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from datetime import date

import pytest

from dunning_cli.domain import assessments, closures, contacts, debtors, notes, payments, plans
from dunning_cli.domain.debtors import Details
from dunning_cli.domain.entries import Assessed, CaseOutcome, Level
from dunning_cli.domain.stages import Stage
from dunning_cli.domain.views import AuditReport, SweepSummary
from dunning_cli.render.objects import (
    audit_object,
    case_object,
    debtor_object,
    dumps,
    payment_answer,
    sweep_object,
    timeline_object,
)
from tests.builders import Story, a_contact, a_now, a_policy, a_story, an_offer, money
from tests.render import builders as b


def test_a_case_in_full() -> None:
    view = b.a_view(b.a_negotiation(), debtor=b.reachable())
    assert case_object(view) == {
        "case": 42,
        "reference": "LOAN-7",
        "creditor": "示例银行",
        "portfolio": None,
        "collector": "li",
        "debtor": {
            "id": 1,
            "name": "王小明",
            "phones": ["+86 138****8000"],
            "emails": ["z***@example.com"],
            "addresses": ["上海市浦东***"],
            "id_numbers": ["110****88"],
            "timezones": ["Asia/Shanghai"],
            "language": "zh",
        },
        "jurisdiction": "generic",
        "debt_type": None,
        "consumer": None,
        "incurred": None,
        "currency": "CNY",
        "principal": "51794.52",
        "due_date": "2024-09-01",
        "policy": "default",
        "as_of": "2025-01-10",
        "days_overdue": 131,
        "bucket": "M5",
        "stage": "negotiation",
        "status": "open",
        "outcome": None,
        "closed_on": None,
        "hold": None,
        "interest": None,
        "allocation": {"order": ["costs", "fees", "interest", "principal"], "source": None},
        "balance": {
            "costs": "0.00",
            "fees": "0.00",
            "interest": "0.00",
            "principal": "51794.52",
            "total": "51794.52",
            "unallocated": "0.00",
        },
        "paid": "0.00",
        "level": 0,
        "plan": {
            "number": 1,
            "status": "proposed",
            "total": "51794.52",
            "settles": False,
            "waives_interest": None,
            "proposed_on": "2025-01-10",
            "expires": "2025-01-24",
            "installments": [
                {"number": 1, "due": "2025-02-05", "amount": "17264.84", "paid": "0.00", "status": "open"},
                {"number": 2, "due": "2025-03-05", "amount": "17264.84", "paid": "0.00", "status": "open"},
                {"number": 3, "due": "2025-04-05", "amount": "17264.84", "paid": "0.00", "status": "open"},
            ],
        },
        "assessment": {
            "willingness": "high",
            "ability": "low",
            "reason": "lost_job",
            "segment": "hardship",
            "advice": "Offer a hardship plan with the smallest bearable installments; look for signs of vulnerability.",
            "reasons": [
                "Willingness is high: recorded on 2025-01-08 (entry 2).",
                (
                    "Ability is low: an income of 5,000.00 CNY a month less expenses of 4,500.00 CNY leaves "
                    "500.00 CNY, so 51,794.52 CNY takes 104 months (2025-01-09, entry 4)."
                ),
                "The reason is 'lost job': given on 2025-01-08 (entry 2).",
            ],
        },
        "facts": [],
        "parties": [],
        "deadline_on": None,
        "deadlines": [],
        "effort": {"contacts": 1, "minutes": 25, "cost": "12.00"},
        "next_action": {"on": "2025-01-25", "what": "proposal_expires"},
        "entries": 5,
        "head": b.HEAD,
    }


def test_details_are_revealed_where_that_is_asked_for() -> None:
    shown = case_object(b.a_view(b.a_negotiation(), debtor=b.reachable()), reveal=True)["debtor"]
    assert shown["phones"] == ["+86 13800138000"]
    assert shown["id_numbers"] == ["110101199003078888"]


def test_a_list_leaves_out_plan_and_assessment() -> None:
    view = b.a_view(b.a_negotiation())
    full, brief = case_object(view), case_object(view, brief=True)
    assert full.keys() - brief.keys() == {"plan", "assessment", "facts", "parties", "deadline_on", "deadlines"}
    assert brief == {key: value for key, value in full.items() if key in brief}


def test_a_case_of_which_little_is_known() -> None:
    shown = case_object(b.a_view(a_story()))
    assert (shown["plan"], shown["assessment"], shown["reference"]) == (None, None, None)
    assert shown["debtor"]["language"] is None
    assert shown["effort"] == {"contacts": 0, "minutes": 0, "cost": "0.00"}


def test_a_hold() -> None:
    shown = case_object(b.a_view(b.a_case_on_hold()))
    assert shown["status"] == "on_hold"
    assert shown["hold"] == {"reason": "dispute", "until": "2025-03-01", "since": "2025-01-07"}


def test_a_closed_case() -> None:
    shown = case_object(b.a_view(b.a_paid_case(), "2025-06-01"))
    assert (shown["status"], shown["outcome"], shown["closed_on"]) == ("closed", "paid", "2025-01-09")
    assert (shown["stage"], shown["days_overdue"], shown["next_action"]) == ("contact", 39, None)
    assert (shown["paid"], shown["balance"]["total"]) == ("999.95", "0.00")


def test_what_was_agreed_and_paid_by_a_day() -> None:
    story = b.a_plan_followed()
    rows = case_object(b.a_view(story, "2025-04-10"))["plan"]["installments"]
    assert [(row["paid"], row["status"]) for row in rows] == [
        ("12948.63", "paid"),
        ("5000.00", "partial"),
        ("0.00", "open"),
        ("0.00", "open"),
    ]
    earlier = case_object(b.a_view(story, "2025-02-28"))
    assert (earlier["paid"], earlier["plan"]["installments"][1]["paid"]) == ("12948.63", "0.00")


def test_contacts_of_later_days_are_no_effort_yet() -> None:
    story = b.a_negotiation()
    assert case_object(b.a_view(story, "2025-01-07"))["effort"]["contacts"] == 0
    assert case_object(b.a_view(story, "2025-01-08"))["effort"]["contacts"] == 1


def test_an_assessment_without_ability_has_no_segment() -> None:
    story = a_story()
    story.then("2025-01-07", contacts.log, a_contact(willingness=Level.LOW))
    shown = case_object(b.a_view(story))["assessment"]
    assert (shown["willingness"], shown["ability"], shown["reason"]) == ("low", None, None)
    assert (shown["segment"], shown["advice"]) == (None, None)
    assert shown["reasons"] == ["Willingness is low: recorded on 2025-01-07 (entry 2)."]


def test_the_reasons_name_the_latest_source_of_each_level() -> None:
    story = a_story()
    story.then("2025-01-07", assessments.record, Assessed(Level.LOW, Level.HIGH))
    story.then("2025-01-08", assessments.record, Assessed(None, Level.MEDIUM))
    assert case_object(b.a_view(story))["assessment"]["reasons"] == [
        "Willingness is low: recorded on 2025-01-07 (entry 2).",
        "Ability is medium: recorded on 2025-01-08 (entry 3).",
    ]


def test_an_income_that_leaves_nothing() -> None:
    story = a_story()
    income = Assessed(Level.HIGH, None, money("3000.00 CNY"), money("3000.00 CNY"))
    story.then("2025-01-07", assessments.record, income)
    assert case_object(b.a_view(story))["assessment"]["reasons"][1] == (
        "Ability is low: an income of 3,000.00 CNY a month leaves nothing after expenses of 3,000.00 CNY "
        "(2025-01-07, entry 2)."
    )


# --- debtors --------------------------------------------------------------------------------------------------------


def test_a_debtor() -> None:
    debtor = b.reachable()
    debtor = debtors.edit(debtor, a_now("2025-01-08"), Details(), ["+86 13800138000"]).debtor
    shown = debtor_object(b.a_debtor_view(debtor, a_story()))
    assert (shown["id"], shown["name"], shown["phones"], shown["entries"], shown["head"]) == (
        1,
        "王小明",
        [],
        7,
        b.HEAD,
    )
    assert shown["details"][0] == {
        "seq": 2,
        "kind": "phone",
        "record": None,
        "value": "+86 138****8000",
        "valid": False,
    }
    assert [detail["valid"] for detail in shown["details"]] == [False, True, True, True, True]
    assert [case["case"] for case in shown["cases"]] == [7]
    assert "plan" not in shown["cases"][0]


def test_a_debtor_revealed() -> None:
    shown = debtor_object(b.a_debtor_view(b.reachable(), a_story()), reveal=True)
    assert shown["details"][1]["value"] == "zhang@example.com"
    assert shown["cases"][0]["debtor"]["emails"] == ["zhang@example.com"]


# --- the timeline ---------------------------------------------------------------------------------------------------


def test_a_timeline() -> None:
    story = a_story()
    story.then("2025-01-08T10:30", contacts.log, a_contact(note="a \x1b[31mnote", to="+86 13800138000"))
    story.then("2025-01-09", notes.void, 2, "a mistake", story.entries)
    opened, contact, moved, voided = timeline_object(b.rows_of(story))
    assert contact == {
        "seq": 2,
        "recorded_at": "2025-01-08T02:30:00.000000Z",
        "effective": "2025-01-08T10:30:00+08:00",
        "effective_on": "2025-01-08",
        "actor": "li",
        "kind": "contact_logged",
        "summary": "Call to the debtor: conversation; to +86 138****8000; note: a ␛[31mnote",
        "data": {
            "channel": "call",
            "outcome": "conversation",
            "direction": "out",
            "party": "debtor",
            "to": "+86 13800138000",
            "note": "a \x1b[31mnote",
        },
        "digest": f"{2:064x}",
        "voided": True,
        "stage": "contact",
        "clock": "system",
    }
    assert opened["data"]["principal"] == "1000.00"
    assert opened["data"]["currency"] == "CNY"
    assert (moved["stage"], moved["voided"], moved["kind"]) == ("negotiation", False, "stage_moved")
    assert voided["data"] == {"seq": 2, "voids": "contact_logged", "why": "a mistake"}


def test_a_fact_of_another_day() -> None:
    paid = timeline_object(b.rows_of(b.a_paid_case()))[1]
    assert (paid["effective"], paid["effective_on"]) == ("2025-01-03", "2025-01-03")
    assert paid["recorded_at"] == "2025-01-08T04:00:00.000000Z"


# --- payments -------------------------------------------------------------------------------------------------------


def _answer(story: Story, amount: str) -> dict[str, object]:
    decision = story.then("2025-01-10", payments.receive, money(amount))
    return payment_answer(b.a_view(story), decision.entries)


def _parts(principal: str, **others: str) -> dict[str, str]:
    return {"costs": "0.00", "fees": "0.00", "interest": "0.00"} | others | {"principal": principal}


@pytest.mark.parametrize(
    ("amount", "allocated", "unallocated", "left"),
    [
        pytest.param("400.00 CNY", "400.00", "0.00", "600.00", id="a part"),
        pytest.param("1000.00 CNY", "1000.00", "0.00", "0.00", id="all"),
        pytest.param("1200.00 CNY", "1000.00", "200.00", "0.00", id="more than is owed"),
        pytest.param("999.95 CNY", "999.95", "0.00", "0.00", id="the remainder is waived, not paid"),
    ],
)
def test_how_a_payment_was_spread(amount: str, allocated: str, unallocated: str, left: str) -> None:
    answer = _answer(a_story(), amount)
    assert answer["allocated"] == _parts(allocated)
    assert answer["unallocated"] == unallocated
    assert answer["balance"] == _parts(left) | {"total": left, "unallocated": unallocated}
    assert answer["case"]["paid"] == amount.removesuffix(" CNY")  # type: ignore[index]


def test_what_a_settlement_waives_is_not_paid() -> None:
    story = a_story(stage=Stage.NEGOTIATION)
    story.then("2025-01-07", plans.propose, an_offer(installments=1, settle_for="700.00 CNY"))
    story.then("2025-01-07", plans.accept)
    answer = _answer(story, "700.00 CNY")
    assert (answer["allocated"], answer["unallocated"]) == (_parts("700.00"), "0.00")
    assert answer["case"]["outcome"] == "settled"  # type: ignore[index]


def test_a_second_payment_counts_only_itself() -> None:
    story = a_story()
    _answer(story, "400.00 CNY")
    assert _answer(story, "100.00 CNY")["allocated"] == _parts("100.00")


def test_a_recovery_on_a_written_off_case() -> None:
    story = a_story(policy=a_policy())
    story.then("2025-01-07", closures.close, CaseOutcome.WRITTEN_OFF)
    assert _answer(story, "100.00 CNY")["allocated"] == _parts("100.00")


# --- runs -----------------------------------------------------------------------------------------------------------


def test_a_sweep() -> None:
    failed = [{"case": 7, "error": "broken"}]
    done = SweepSummary(date(2025, 1, 10), 12, 3, Counter(b=2, a=1), Counter({"contact>legal": 1}), failed, 1.23456)
    assert json.loads(dumps(sweep_object(done))) == {
        "as_of": "2025-01-10",
        "reviewed": 12,
        "changed": 3,
        "entries": {"a": 1, "b": 2},
        "moved": {"contact>legal": 1},
        "failed": failed,
        "seconds": 1.235,
    }


def test_an_audit() -> None:
    found = AuditReport(12, 3, 140, 2)
    sound = {
        "cases": 12,
        "debtors": 3,
        "entries": 140,
        "clock_set": 2,
        "broken": [],
        "projection_differs": [],
        "sound": True,
    }
    assert audit_object(found) == sound
    found.broken.append({"case": 7, "seq": 2, "what": "entry 1 is missing"})
    assert audit_object(found) == sound | {"broken": found.broken, "sound": False}


def test_json_never_loads_rich() -> None:
    code = (
        "import sys; from dunning_cli.render import objects, stages, changes; stages.moves_object();"
        "print([m for m in sys.modules if m.partition('.')[0] in ('rich', 'typer', 'sqlalchemy', 'pydantic')])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
