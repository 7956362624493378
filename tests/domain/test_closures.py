"""How a case ends and comes back."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from dunning_cli.domain import closures, contacts, holds, notes, payments, plans
from dunning_cli.domain.entries import (
    CaseClosed,
    CaseOutcome,
    CaseReopened,
    ChargeWaived,
    HoldReason,
    StageMoved,
)
from dunning_cli.domain.review import next_action
from dunning_cli.domain.stages import Event, Stage
from dunning_cli.errors import RefusedError, StageRefusedError
from tests.builders import Story, a_contact, a_story, an_offer, day, kinds, money

BY_HAND = ("settled", "written_off", "withdrawn", "uncollectable")


def test_what_a_person_can_close_a_case_as() -> None:
    """Paid is no word for a person: it follows from the money."""
    assert [str(outcome) for outcome in closures.BY_HAND] == list(BY_HAND)


@pytest.mark.parametrize("stage", [pytest.param(stage, id=str(stage)) for stage in Stage])
@pytest.mark.parametrize("outcome", [pytest.param(outcome, id=outcome) for outcome in BY_HAND])
def test_a_case_is_closed_by_hand_from_any_stage(stage: Stage, outcome: str) -> None:
    story = a_story(stage=stage)
    story.then("2025-01-20", closures.close, CaseOutcome(outcome), "as agreed")
    case = story.case
    assert (case.status, case.outcome, case.stage, case.closed_on) == ("closed", outcome, stage, day("2025-01-20"))
    assert story.entries[-1].what == CaseClosed(CaseOutcome(outcome), None, "as agreed")
    assert next_action(case, story.policy) is None
    assert story.review("2026-01-20") == []


@pytest.mark.parametrize(
    ("outcome", "expected", "left"),
    [
        pytest.param("settled", ["charge_waived", "case_closed"], "0.00", id="settled-waives"),
        pytest.param("written_off", ["case_closed"], "700.00", id="written-off"),
        pytest.param("withdrawn", ["case_closed"], "700.00", id="withdrawn"),
        pytest.param("uncollectable", ["case_closed"], "700.00", id="uncollectable"),
    ],
)
def test_what_closing_does_to_the_balance(outcome: str, expected: list[str], left: str) -> None:
    story = a_story()
    story.then("2025-01-10", payments.receive, money("300.00 CNY"))
    decision = story.then("2025-01-20", closures.close, CaseOutcome(outcome))
    assert kinds(decision) == expected
    assert str(story.case.owed(day("2025-01-20"))) == left
    assert str(story.case.owed(day("2025-01-19"))) == "700.00"
    if outcome == "settled":
        assert decision.entries[0].what == ChargeWaived(money("700.00 CNY"), "settlement")


def test_a_closed_case_is_not_closed_again() -> None:
    with pytest.raises(StageRefusedError, match="'close' is not a move from closed"):
        a_story(stage="closed").then("2025-01-20", closures.close, CaseOutcome.WITHDRAWN)


@pytest.mark.parametrize(
    ("stage", "target", "guards"),
    [
        pytest.param(Stage.CONTACT, "negotiation", ("something_owed",), id="contact"),
        pytest.param(Stage.NEGOTIATION, "negotiation", ("something_owed",), id="negotiation"),
        pytest.param(Stage.MONITORING, "monitoring", ("something_owed", "plan_in_force"), id="monitoring"),
        pytest.param(Stage.LEGAL, "legal", ("something_owed", "closed_in_legal"), id="legal"),
    ],
)
def test_reopened_by_hand(stage: Stage, target: str, guards: tuple[str, ...]) -> None:
    story = a_story(stage=stage)
    story.then("2025-01-20", closures.close, CaseOutcome.WRITTEN_OFF)
    reopened, moved = story.then("2025-02-03", closures.reopen, "the debtor has work again").entries
    assert reopened.what == CaseReopened(None, "the debtor has work again")
    assert moved.what == StageMoved("closed", Stage(target), Event.REOPEN, guards, rule="reopened")
    assert (story.case.status, story.case.outcome, story.case.closed_on) == ("open", None, None)
    assert (story.case.stage, story.case.since) == (target, day("2025-02-03"))


@pytest.mark.parametrize(
    ("outcome", "paid", "fine"),
    [
        pytest.param("paid", "1000.00", False, id="paid"),
        pytest.param("paid", "999.90", False, id="paid-within-the-tolerance"),
        pytest.param("written_off", "999.90", False, id="recovered-after-the-write-off"),
        pytest.param("written_off", "999.89", True, id="recovered-but-for-a-cent-too-many"),
        pytest.param("settled", "100.00", True, id="settled"),
    ],
)
def test_a_case_is_reopened_where_something_is_owed(outcome: str, paid: str, fine: bool) -> None:
    """What a settlement waived is owed again; where nothing is, the next run would close the case at once."""
    story = a_story()
    if outcome == "written_off":
        story.then("2025-01-10", closures.close, CaseOutcome.WRITTEN_OFF)
    story.then("2025-01-12", payments.receive, money(f"{paid} CNY"))
    if outcome == "settled":
        story.then("2025-01-14", closures.close, CaseOutcome.SETTLED)
    assert story.case.outcome == outcome
    if fine:
        story.then("2025-02-03", closures.reopen, "x")
        assert story.case.status == "open"
        return
    with pytest.raises(StageRefusedError) as refused:
        story.then("2025-02-03", closures.reopen, "x")
    assert [failed["guard"] for failed in refused.value.details["failed"]] == ["something_owed"]


def test_a_plan_is_followed_again_after_a_reopening() -> None:
    """Closed in monitoring and opened again: what fell due meanwhile is found by the next run."""
    story = a_story(stage=Stage.MONITORING, offer=an_offer(installments=4))
    story.then("2025-01-20", closures.close, CaseOutcome.WITHDRAWN)
    assert story.review("2025-03-20") == []
    story.then("2025-03-20", closures.reopen, "x")
    assert story.case.plan
    assert (story.case.stage, story.case.plan.status) == ("monitoring", "accepted")
    assert kinds(story.review("2025-03-20")) == [
        "installment_missed",
        "installment_missed",
        "plan_broken",
        "stage_moved",
    ]


def test_an_open_case_is_not_reopened() -> None:
    with pytest.raises(StageRefusedError, match="'reopen' is not a move from contact"):
        a_story().then("2025-01-20", closures.reopen, "x")


def test_a_reopened_settlement_is_owed_in_full() -> None:
    """What was waived was waived to close."""
    story = a_story()
    story.then("2025-01-10", payments.receive, money("300.00 CNY"))
    story.then("2025-01-20", closures.close, CaseOutcome.SETTLED)
    story.then("2025-02-03", closures.reopen, "paid with a bad cheque")
    assert str(story.case.owed(day("2025-02-03"))) == "700.00"


def test_a_closed_case_counts_its_days_to_the_closing() -> None:
    story = a_story(due="2024-12-01")
    assert story.case.days_overdue(day("2024-11-30")) == -1
    assert story.case.days_overdue(day("2024-12-01")) == 0
    assert story.case.days_overdue(day("2025-01-20")) == 50
    story.then("2025-01-20", closures.close, CaseOutcome.WRITTEN_OFF)
    assert story.case.days_overdue(day("2025-01-19")) == 49
    assert story.case.days_overdue(day("2025-06-01")) == 50
    assert story.case.bucket(day("2025-06-01")) == "M2"
    story.then("2025-06-01", closures.reopen, "x")
    assert story.case.days_overdue(day("2025-06-01")) == 182


def close_in_monitoring(outcome: str) -> Callable[[], Story]:
    def build() -> Story:
        story = a_story(stage=Stage.MONITORING, offer=an_offer(installments=2, amount="300.00 CNY"))
        story.then("2025-01-15", payments.receive, money("10.00 CNY"), reference="A")
        story.then("2025-01-20", closures.close, CaseOutcome(outcome))
        return story

    return build


def reopened_by_hand() -> Story:
    story = close_in_monitoring("written_off")()
    story.then("2025-01-21", closures.reopen, "x")
    return story


def reopened_by_a_reversal() -> Story:
    story = close_in_monitoring("settled")()
    story.then("2025-01-21", payments.reverse, "A", "returned")
    return story


REOPENED = [
    pytest.param(reopened_by_hand, id="by-hand"),
    pytest.param(reopened_by_a_reversal, id="by-a-reversal"),
]


@pytest.mark.parametrize("build", REOPENED)
def test_a_case_closed_while_a_plan_was_followed_and_reopened_can_be_reviewed(build: Callable[[], Story]) -> None:
    """Whatever becomes of the agreed plan, it must not stand in the way of the nightly run."""
    story = build()
    assert story.case.status == "open"
    for when in ("2025-01-21", "2025-02-05", "2025-03-05", "2025-06-01"):
        story.review(when)
        assert story.review(when) == []


@pytest.mark.parametrize("build", REOPENED)
def test_a_case_closed_while_a_plan_was_followed_and_reopened_takes_money(build: Callable[[], Story]) -> None:
    story = build()
    story.then("2025-01-22", payments.receive, money("300.00 CNY"), reference="B")
    story.then("2025-01-23", payments.receive, money("700.00 CNY"), reference="C")
    assert (story.case.outcome, str(story.case.owed(day("2025-01-23")))) == ("paid", "0.00")


@pytest.mark.parametrize("build", REOPENED)
def test_a_plan_in_force_is_followed_in_monitoring_only(build: Callable[[], Story]) -> None:
    """No stage but monitoring follows a plan: an accepted plan and another stage contradict each other."""
    case = build().case
    assert case.plan
    assert (case.plan.status == "accepted") == (case.stage == "monitoring")


# --- what a closed case still takes ---------------------------------------------------------------------------------


def test_a_closed_case_takes_contacts_notes_and_a_collector() -> None:
    story = a_story(stage="closed")
    assert kinds(story.then("2025-01-20", contacts.log, a_contact())) == ["contact_logged"]
    assert kinds(story.then("2025-01-20", notes.note, "called to say thanks")) == ["noted"]
    assert kinds(story.then("2025-01-20", notes.assign, "wang")) == ["assigned"]
    assert story.case.status == "closed"


def test_a_refusal_on_a_closed_case_says_how_to_open_it() -> None:
    with pytest.raises(RefusedError) as refused:
        a_story(stage="closed").then("2025-01-20", holds.hold, HoldReason.OTHER)
    assert "reopen-case" in refused.value.hint
    assert refused.value.exit_code == 4


def test_a_case_reopened_too_late_keeps_no_old_proposal() -> None:
    story = a_story(stage=Stage.NEGOTIATION)
    story.then("2025-01-10", plans.propose, an_offer())
    story.then("2025-01-12", closures.close, CaseOutcome.WITHDRAWN)
    story.then("2025-02-12", closures.reopen, "x")
    story.review("2025-02-12")
    assert story.case.plan
    assert story.case.plan.status != "proposed"
