"""The state of a case and of a debtor as their rows hold it."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal

import pytest
from msgspec.structs import replace

from dunning_cli.domain import state
from dunning_cli.domain.allocation import ORDER
from dunning_cli.domain.cases import Case
from dunning_cli.domain.debtors import Debtor, Detail, DetailKind, Participation
from dunning_cli.domain.entries import (
    CaseOutcome,
    ChargeKind,
    ClaimField,
    HoldReason,
    Installment,
    Level,
)
from dunning_cli.domain.facts import (
    Belief,
    Charge,
    ClaimFact,
    Contact,
    Hold,
    Marked,
    Notice,
    Participant,
    Pause,
    Payment,
    Plan,
    Refund,
    Waiver,
    Warned,
)
from dunning_cli.domain.interest import DayCount, Frozen, Step
from dunning_cli.domain.money import Money, Rounding
from dunning_cli.domain.stages import Stage
from dunning_cli.domain.terms import Terms
from tests.builders import a_case, a_story, day, money


def a_full_case() -> Case:
    """A case in which every field has something to say."""
    on = day("2025-01-10")
    return replace(
        a_story(stage=Stage.MONITORING).case,
        collector="li",
        held_days=3,
        hold=Hold(on, HoldReason.DISPUTE, on),
        outcome=CaseOutcome.PAID,
        closed_on=on,
        contacts=(Contact(2, on, True, True, True),),
        beliefs=(Belief(2, on, Level.LOW),),
        payments=(Payment(9, on, money("1.00 CNY"), "A", on, 10),),
        waivers=(Waiver(11, on, money("1.00 CNY")),),
        plans_broken=1,
        agreed_on=on,
        marked=Marked(Stage.CONTACT, ("worth_it",)),
        terms=Terms((Step(on, Decimal("4.350")),), DayCount.ACT_ACT, Rounding.HALF_UP, ORDER[::-1], "uk.late@1"),
        charges=(Charge(12, on, money("5.00 CNY"), ChargeKind.COST),),
        refunds=(Refund(13, on, money("2.00 CNY")),),
        frozen=(Frozen(on), Frozen(on, on)),
        parties=(Participant(7, "guarantor", on), Participant(8, "spouse", on, on)),
        claim=(ClaimFact(14, on, "payment_order_served", (ClaimField("at", "2025-01-10"),)),),
        notices=(Notice(15, on, 1), Notice(16, on, 1, True, on)),
        paused=(Pause(on, on),),
        entered=on,
        warned=(Warned("cn.limitation", "limitation_end", on, 30),),
    )


@pytest.mark.parametrize(
    "case",
    [
        pytest.param(a_case(), id="opened"),
        pytest.param(a_case(stage=Stage.MONITORING, owed="1000 JPY"), id="with-a-plan-in-yen"),
        pytest.param(a_full_case(), id="with-everything"),
    ],
)
def test_the_case_round_trips(case: Case) -> None:
    text = state.CASE.write(case)
    again = state.CASE.read(text, case.case_id, case.debt)
    assert again == case
    assert state.CASE.write(again) == text


def test_every_field_of_a_case_is_written_but_those_with_columns_of_their_own() -> None:
    missing = {*Case.__struct_fields__} - {*json.loads(state.CASE.write(a_full_case()))}
    assert missing == {"case_id", "debt", "_known"}


def test_what_says_nothing_is_left_out() -> None:
    assert {*json.loads(state.CASE.write(a_case()))} == {
        "seq", "recorded_at", "last_on", "stage", "since", "policy", "version",
    }  # fmt: skip


def test_the_fields_of_facts_stand_in_this_order() -> None:
    """They are arrays: a field goes to the end, with a default, or a migration writes all states anew."""
    orders = {
        cls.__name__: " ".join(cls.__struct_fields__)
        for cls in (Belief, Charge, ClaimFact, Contact, Hold, Installment, Marked, Money, Notice, Participant, Pause)
    } | {cls.__name__: " ".join(cls.__struct_fields__) for cls in (Payment, Plan, Refund, Waiver, Warned)}
    assert orders == {
        "Belief": "seq on willingness ability reason income expenses",
        "Charge": "seq on amount kind rule",
        "ClaimFact": "seq on fact fields",
        "Contact": "seq on out conveyed reached purpose minutes cost",
        "Hold": "on reason until fact whose",
        "Installment": "number due amount",
        "Marked": "stage missing",
        "Money": "minor currency",
        "Notice": "seq on level sent respond_by",
        "Participant": "person role on ended",
        "Pause": "start end",
        "Payment": "seq on amount reference reversed_on reversal",
        "Plan": "number status installments proposed_on proposed expires settles terms missed waives",
        "Refund": "seq on amount",
        "Waiver": "seq on amount charge plan",
        "Warned": "rule key day left",
    }


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("no json", id="no-json"),
        pytest.param("[]", id="a-list"),
        pytest.param("{}", id="nothing"),
        pytest.param(state.CASE.write(a_case()).replace("}", ',"unheard_of":1}'), id="a-newer-field"),
        pytest.param(state.CASE.write(a_case()).replace("contact", "courtship"), id="an-unknown-stage"),
    ],
)
def test_what_is_no_state_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        state.CASE.read(text, 7, a_case().debt)


def test_the_debtor_round_trips() -> None:
    detail = Detail(2, DetailKind.PHONE, "+86 138 0013 8000", valid=False)
    joined = Participation(3, "guarantor", day("2025-01-06"), day("2025-01-07"))
    at = datetime.fromisoformat("2025-01-06T04:00:00Z")
    debtor = Debtor(7, 2, at, "王芳", None, (detail,), parties=(joined,), merged_into=9, merged=(4, 5))
    assert state.DEBTOR.read(state.DEBTOR.write(debtor), 7) == debtor
