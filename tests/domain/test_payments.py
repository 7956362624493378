"""Stage 3: money that comes in, late, twice, too much, too little, and money that is taken back."""

from __future__ import annotations

from typing import Any

import pytest

from dunning_cli.domain import closures, holds, notes, payments, plans
from dunning_cli.domain.entries import (
    CaseClosed,
    CaseOutcome,
    CaseReopened,
    ChargeWaived,
    HoldReason,
    PaymentReceived,
    PaymentReversed,
    PlanCompleted,
    PlanReinstated,
    StageMoved,
)
from dunning_cli.domain.stages import Event, Stage
from dunning_cli.errors import DuplicateError, EntryNotFoundError, InputError, RefusedError
from tests.builders import Story, a_policy, a_story, an_offer, day, kinds, money


def owed(story: Story, on: str) -> str:
    return str(story.case.owed(day(on)))


def pay(story: Story, when: str, amount: str, **given: Any) -> list[str]:
    """The kinds of the entries that a payment brings."""
    return kinds(story.then(when, payments.receive, money(f"{amount} CNY"), **given))


def test_a_payment_counts_from_its_own_day() -> None:
    """Booked late, it lowers the balance of the days since it was received."""
    story = a_story()
    decision = story.then("2025-02-10", payments.receive, money("400.00 CNY"), on=day("2025-01-31"), reference="A")
    (entry,) = decision.entries
    assert (entry.effective, entry.effective_on) == (day("2025-01-31"), day("2025-01-31"))
    assert entry.what == PaymentReceived(money("400.00 CNY"), "A")
    assert [owed(story, on) for on in ("2025-01-30", "2025-01-31", "2025-02-10")] == ["1000.00", "600.00", "600.00"]
    assert str(story.case.paid(day("2025-01-30"))) == "0.00"
    assert str(story.case.paid(day("2025-01-31"))) == "400.00"


def test_without_a_date_a_payment_is_of_today() -> None:
    story = a_story()
    story.then("2025-01-20", payments.receive, money("1.00 CNY"), reference="A", method="bank")
    assert story.case.payments[0].on == day("2025-01-20")
    assert story.entries[-1].what.method == "bank"


@pytest.mark.parametrize(
    ("on", "fine"),
    [
        pytest.param("2025-01-21", False, id="tomorrow"),
        pytest.param("2025-01-20", True, id="today"),
        pytest.param("2024-12-24", True, id="before-the-case-was-opened"),
    ],
)
def test_a_payment_is_not_of_the_future(on: str, fine: bool) -> None:
    story = a_story()
    if fine:
        assert pay(story, "2025-01-20", "1.00", on=day(on)) == ["payment_received"]
        return
    with pytest.raises(RefusedError, match=r"dated 2025-01-21, after today \(2025-01-20\)"):
        pay(story, "2025-01-20", "1.00", on=day(on))


def test_the_same_reference_twice_is_refused() -> None:
    story = a_story()
    pay(story, "2025-01-20", "1.00", reference="A")
    with pytest.raises(DuplicateError, match="'A' is already booked"):
        pay(story, "2025-01-21", "2.00", reference="A")
    pay(story, "2025-01-21", "2.00", reference="B")


def test_a_reference_stays_taken_after_a_reversal() -> None:
    story = a_story()
    pay(story, "2025-01-20", "1.00", reference="A")
    story.then("2025-01-21", payments.reverse, "A", "returned")
    with pytest.raises(DuplicateError):
        pay(story, "2025-01-22", "1.00", reference="A")


def test_payments_without_a_reference_are_called_after_their_entry() -> None:
    story = a_story()
    pay(story, "2025-01-20", "1.00")
    pay(story, "2025-01-20", "1.00")
    assert [p.reference for p in story.case.payments] == ["P2", "P3"]


def test_a_reference_that_is_made_up_is_never_one_that_is_taken() -> None:
    """Entry 2 was booked under the name that entry 3 would get: both must be reversible."""
    story = a_story()
    pay(story, "2025-01-20", "1.00", reference="P3")
    pay(story, "2025-01-20", "2.00")
    references = [p.reference for p in story.case.payments]
    assert len(set(references)) == 2


def test_money_of_another_currency_is_never_booked() -> None:
    with pytest.raises((ValueError, InputError, RefusedError)):
        a_story().then("2025-01-20", payments.receive, money("100.00 EUR"))


@pytest.mark.parametrize(
    ("amount", "expected", "left"),
    [
        pytest.param("999.89", ["payment_received"], "0.11", id="a-cent-more-than-the-tolerance-is-left"),
        pytest.param(
            "999.90", ["payment_received", "charge_waived", "case_closed"], "0.00", id="the-tolerance-is-left"
        ),
        pytest.param("999.99", ["payment_received", "charge_waived", "case_closed"], "0.00", id="a-cent-is-left"),
        pytest.param("1000.00", ["payment_received", "case_closed"], "0.00", id="all-of-it"),
        pytest.param("1000.01", ["payment_received", "case_closed"], "0.00", id="a-cent-too-much"),
    ],
)
def test_paid_in_full_within_the_tolerance_closes(amount: str, expected: list[str], left: str) -> None:
    story = a_story()
    assert pay(story, "2025-01-20", amount) == expected
    assert owed(story, "2025-01-20") == left
    assert story.case.status == ("closed" if len(expected) > 1 else "open")


def test_what_closing_within_the_tolerance_writes() -> None:
    story = a_story()
    pay(story, "2025-01-20", "999.93")
    assert [entry.what for entry in story.entries[-2:]] == [
        ChargeWaived(money("0.07 CNY"), "tolerance"),
        CaseClosed(CaseOutcome.PAID, "paid"),
    ]
    assert (story.case.outcome, story.case.closed_on) == ("paid", day("2025-01-20"))


@pytest.mark.parametrize("stage", [pytest.param(stage, id=str(stage)) for stage in Stage])
def test_paid_in_full_closes_from_any_stage_and_the_stage_stays(stage: Stage) -> None:
    story = a_story(stage=stage)
    pay(story, "2025-01-20", "1000.00")
    assert (story.case.status, story.case.stage, story.case.place) == ("closed", stage, "closed")


def test_paid_in_full_closes_a_case_on_hold() -> None:
    story = a_story()
    story.then("2025-01-10", holds.hold, HoldReason.DISPUTE)
    assert pay(story, "2025-01-20", "1000.00") == ["payment_received", "case_closed"]
    assert (story.case.status, story.case.hold) == ("closed", None)


def test_what_was_paid_too_much_is_kept_apart() -> None:
    story = a_story()
    pay(story, "2025-01-20", "1200.00")
    balance = story.case.balance(day("2025-01-20"))
    assert (str(balance.total), str(balance.unallocated)) == ("0.00", "200.00")
    assert str(story.case.paid(day("2025-01-20"))) == "1200.00"


def test_a_payment_dated_before_the_tolerance_ran_out_closes_when_it_is_booked() -> None:
    story = a_story()
    pay(story, "2025-03-01", "1000.00", on=day("2025-01-10"))
    assert (story.case.closed_on, story.entries[-1].effective_on) == (day("2025-03-01"), day("2025-03-01"))


@pytest.mark.parametrize(
    ("outcome", "fine"),
    [
        pytest.param("paid", False, id="paid"),
        pytest.param("settled", False, id="settled"),
        pytest.param("withdrawn", False, id="withdrawn"),
        pytest.param("written_off", True, id="written-off"),
        pytest.param("uncollectable", True, id="uncollectable"),
    ],
)
def test_money_on_a_closed_case(outcome: str, fine: bool) -> None:
    """A payment on a written-off case is a recovery; a case that asks for nothing takes nothing."""
    story = a_story(stage="closed", outcome=outcome)
    if not fine:
        with pytest.raises(RefusedError, match=rf"closed \({outcome}\): a payment is refused"):
            pay(story, "2025-01-20", "100.00")
        return
    assert pay(story, "2025-01-20", "100.00") == ["payment_received"]
    assert (story.case.outcome, owed(story, "2025-01-20")) == (outcome, "900.00")
    assert pay(story, "2025-01-21", "900.00") == ["payment_received"]
    assert (story.case.outcome, owed(story, "2025-01-21")) == (outcome, "0.00")


# --- plans that are kept --------------------------------------------------------------------------------------------


def test_the_last_installment_of_a_plan_over_everything_closes() -> None:
    story = a_story(stage=Stage.MONITORING)
    assert pay(story, "2025-02-01", "333.34") == ["payment_received"]
    assert pay(story, "2025-03-01", "333.33") == ["payment_received"]
    decision = story.then("2025-04-01", payments.receive, money("333.33 CNY"))
    assert [entry.what for entry in decision.entries[1:]] == [
        PlanCompleted(1, money("1000.00 CNY")),
        CaseClosed(CaseOutcome.PAID, "paid"),
    ]
    assert story.case.plan
    assert story.case.plan.status == "completed"


def test_a_plan_over_a_part_takes_the_case_back_to_negotiation() -> None:
    story = a_story(stage=Stage.MONITORING, offer=an_offer(installments=2, amount="400.00 CNY"))
    pay(story, "2025-02-01", "200.00")
    decision = story.then("2025-03-01", payments.receive, money("200.00 CNY"))
    assert [entry.what for entry in decision.entries[1:]] == [
        PlanCompleted(1, money("400.00 CNY")),
        StageMoved(
            Stage.MONITORING, Stage.NEGOTIATION, Event.PLAN_COMPLETED, ("something_owed",), rule="plan_completed"
        ),
    ]
    assert (story.case.stage, story.case.since) == ("negotiation", day("2025-03-01"))
    assert owed(story, "2025-03-01") == "600.00"


def test_a_settlement_that_is_kept_waives_the_rest() -> None:
    story = a_story(stage=Stage.MONITORING, offer=an_offer(installments=2, settle_for="600.00 CNY"))
    pay(story, "2025-02-01", "300.00")
    decision = story.then("2025-03-01", payments.receive, money("300.00 CNY"))
    assert [entry.what for entry in decision.entries[1:]] == [
        PlanCompleted(1, money("600.00 CNY")),
        ChargeWaived(money("400.00 CNY"), "settlement"),
        CaseClosed(CaseOutcome.SETTLED, "settled"),
    ]
    assert (story.case.outcome, owed(story, "2025-03-01")) == ("settled", "0.00")


def test_a_settlement_paid_up_to_the_whole_debt_is_simply_paid() -> None:
    story = a_story(stage=Stage.MONITORING, offer=an_offer(installments=2, settle_for="600.00 CNY"))
    pay(story, "2025-02-01", "1000.00")
    assert story.case.outcome == "paid"


def test_a_plan_is_kept_on_hold() -> None:
    story = a_story(stage=Stage.MONITORING, offer=an_offer(installments=1, amount="400.00 CNY"))
    story.then("2025-01-20", holds.hold, HoldReason.COMPLAINT)
    assert pay(story, "2025-02-01", "400.00") == ["payment_received", "plan_completed", "stage_moved"]


# --- money that is taken back ---------------------------------------------------------------------------------------


def test_a_reversal_takes_the_money_back_from_its_own_day() -> None:
    story = a_story()
    pay(story, "2025-01-20", "400.00", reference="A")
    decision = story.then("2025-02-10", payments.reverse, "A", "no funds", day("2025-01-25"))
    (entry,) = decision.entries
    assert entry.effective_on == day("2025-01-25")
    assert entry.what == PaymentReversed(2, "A", "no funds")
    assert [owed(story, on) for on in ("2025-01-19", "2025-01-20", "2025-01-24", "2025-01-25")] == [
        "1000.00",
        "600.00",
        "600.00",
        "1000.00",
    ]


@pytest.mark.parametrize(
    ("on", "fine"),
    [
        pytest.param("2025-01-19", False, id="before-it-was-received"),
        pytest.param("2025-01-20", True, id="the-day-it-was-received"),
        pytest.param("2025-02-10", True, id="today"),
        pytest.param("2025-02-11", False, id="tomorrow"),
    ],
)
def test_when_a_payment_can_be_reversed(on: str, fine: bool) -> None:
    story = a_story()
    pay(story, "2025-01-20", "400.00", reference="A")
    if fine:
        story.then("2025-02-10", payments.reverse, "A", "x", day(on))
        return
    with pytest.raises(InputError):
        story.then("2025-02-10", payments.reverse, "A", "x", day(on))


def test_a_payment_is_reversed_once() -> None:
    story = a_story()
    pay(story, "2025-01-20", "400.00", reference="A")
    story.then("2025-01-21", payments.reverse, "A", "x")
    with pytest.raises(DuplicateError, match=r"already reversed on 2025-01-21"):
        story.then("2025-01-22", payments.reverse, "A", "x")


def test_only_a_payment_that_is_booked_can_be_reversed() -> None:
    with pytest.raises(EntryNotFoundError, match="'A'"):
        a_story().then("2025-01-22", payments.reverse, "A", "x")


def test_reversing_the_payment_that_closed_a_case_opens_it_again() -> None:
    story = a_story()
    pay(story, "2025-01-20", "999.95", reference="A")
    assert owed(story, "2025-01-20") == "0.00"
    decision = story.then("2025-01-25", payments.reverse, "A", "returned")
    assert [entry.what for entry in decision.entries[1:]] == [
        CaseReopened("payment_reversed"),
        StageMoved("closed", Stage.NEGOTIATION, Event.REOPEN, ("something_owed",), rule="reopened"),
    ]
    case = story.case
    assert (case.status, case.outcome, case.closed_on, case.stage) == ("open", None, None, "negotiation")
    assert case.since == day("2025-01-25")
    assert owed(story, "2025-01-25") == "1000.00"


def test_a_case_paid_in_legal_is_opened_again_in_legal() -> None:
    story = a_story(stage=Stage.LEGAL)
    pay(story, "2025-01-20", "1000.00", reference="A")
    story.then("2025-01-25", payments.reverse, "A", "returned")
    assert (story.case.status, story.case.stage) == ("open", "legal")


def test_reversing_an_installment_of_a_completed_plan_follows_the_plan_again() -> None:
    story = a_story(stage=Stage.MONITORING)
    pay(story, "2025-02-01", "333.34", reference="A")
    pay(story, "2025-02-10", "666.66", reference="B")
    assert story.case.status == "closed"
    decision = story.then("2025-02-15", payments.reverse, "B", "returned")
    assert [entry.what for entry in decision.entries[1:]] == [
        CaseReopened("payment_reversed"),
        StageMoved("closed", Stage.NEGOTIATION, Event.REOPEN, ("something_owed",), rule="reopened"),
        PlanReinstated(1, "payment_reversed"),
        StageMoved(
            Stage.NEGOTIATION,
            Stage.MONITORING,
            Event.PLAN_REINSTATED,
            ("plan_in_order",),
            rule="plan_reinstated",
        ),
    ]
    case = story.case
    assert case.plan
    assert (case.stage, case.plan.status, case.plans_broken) == ("monitoring", "accepted", 0)
    assert owed(story, "2025-02-15") == "666.66"
    assert story.review("2025-02-15") == []


def test_reversing_a_settlement_brings_the_whole_debt_back() -> None:
    story = a_story(stage=Stage.MONITORING, offer=an_offer(installments=2, settle_for="600.00 CNY"))
    pay(story, "2025-02-01", "300.00", reference="A")
    pay(story, "2025-03-01", "300.00", reference="B")
    story.then("2025-03-03", payments.reverse, "B", "returned")
    assert story.case.plan
    assert (story.case.stage, story.case.plan.status) == ("monitoring", "accepted")
    assert owed(story, "2025-03-03") == "700.00"
    pay(story, "2025-03-04", "300.00", reference="C")
    assert (story.case.outcome, owed(story, "2025-03-04")) == ("settled", "0.00")


def test_a_reversal_of_what_was_paid_too_much_leaves_the_case_closed() -> None:
    """A second payment is the one too much; taken back, the debt is still paid."""
    story = a_story()
    pay(story, "2025-01-20", "400.00", reference="A")
    pay(story, "2025-01-20", "1000.00", reference="B")
    decision = story.then("2025-01-25", payments.reverse, "A", "returned")
    assert kinds(decision) == ["payment_reversed", "reallocated"]
    (change,) = decision.entries[1].what.changes
    assert [str(change.before.unallocated), str(change.after.unallocated)] == ["400.00", "0.00"]
    assert (story.case.outcome, owed(story, "2025-01-25")) == ("paid", "0.00")


def test_a_settlement_that_is_still_kept_after_a_reversal_stays_settled() -> None:
    """600.00 settle; 650.00 were paid, and the 50.00 go back: what was agreed is still paid."""
    story = a_story(stage=Stage.MONITORING, offer=an_offer(installments=2, settle_for="600.00 CNY"))
    pay(story, "2025-01-10", "50.00", reference="A")
    pay(story, "2025-01-20", "600.00", reference="B")
    assert (story.case.outcome, owed(story, "2025-01-20")) == ("settled", "0.00")
    story.then("2025-01-25", payments.reverse, "A", "returned")
    story.review("2025-01-25")
    assert (story.case.outcome, owed(story, "2025-01-25")) == ("settled", "0.00")


def test_a_plan_over_a_part_that_is_still_kept_waives_nothing() -> None:
    """Only a settlement stands for the whole debt."""
    story = a_story(stage=Stage.MONITORING, offer=an_offer(installments=1, amount="400.00 CNY"))
    pay(story, "2025-01-20", "400.00", reference="A")
    pay(story, "2025-01-21", "600.00", reference="B")
    assert story.case.outcome == "paid"
    story.then("2025-01-25", payments.reverse, "B", "returned")
    assert (story.case.status, story.case.stage) == ("open", "negotiation")
    assert owed(story, "2025-01-25") == "600.00"


def test_a_case_settled_by_hand_is_opened_when_money_is_taken_back() -> None:
    """A plan over a part was kept, but it is not what settled the case."""
    story = a_story(stage=Stage.MONITORING, offer=an_offer(installments=1, amount="400.00 CNY"))
    pay(story, "2025-01-20", "400.00", reference="A")
    pay(story, "2025-01-21", "100.00", reference="B")
    story.then("2025-01-22", closures.close, CaseOutcome.SETTLED)
    story.then("2025-01-25", payments.reverse, "B", "returned")
    assert (story.case.status, owed(story, "2025-01-25")) == ("open", "600.00")


def test_a_settlement_that_was_broken_waives_nothing() -> None:
    """600.00 in time would have settled; they came too late, so all was owed and paid, and what goes back is owed."""
    story = a_story(stage=Stage.MONITORING, offer=an_offer(installments=2, settle_for="600.00 CNY"))
    story.review("2025-03-10")
    pay(story, "2025-03-11", "600.00", reference="A")
    pay(story, "2025-03-12", "400.00", reference="B")
    assert story.case.plan
    assert (story.case.outcome, story.case.plan.status) == ("paid", "broken")
    story.then("2025-03-14", payments.reverse, "B", "returned")
    assert (story.case.status, owed(story, "2025-03-14")) == ("open", "400.00")


@pytest.mark.parametrize(
    "outcome", [pytest.param("written_off", id="written-off"), pytest.param("uncollectable", id="uncollectable")]
)
def test_a_reversed_recovery_opens_nothing(outcome: str) -> None:
    story = a_story(stage="closed", outcome=outcome)
    pay(story, "2025-01-20", "1000.00", reference="A")
    assert kinds(story.then("2025-01-25", payments.reverse, "A", "returned")) == ["payment_reversed"]
    assert (story.case.outcome, owed(story, "2025-01-25")) == (outcome, "1000.00")


@pytest.mark.parametrize(
    ("reversed_reference", "owed_before"),
    [
        pytest.param("small", "0.12", id="the-payment-that-closed"),
        pytest.param("tiny", "0.13", id="one-before-it"),
    ],
)
def test_what_was_waived_to_close_comes_back_however_little_is_reversed(
    reversed_reference: str, owed_before: str
) -> None:
    """0.12 was owed, 0.04 paid, 0.08 waived: without the 0.04 it is 0.12 again, more than the tolerance of 0.10."""
    story = a_story(owed="100.00 CNY")
    pay(story, "2025-01-19", "0.05", reference="tiny")
    pay(story, "2025-01-20", "99.83", reference="big")
    assert owed(story, "2025-01-20") == "0.12"
    pay(story, "2025-01-21", "0.04", reference="small")
    assert (story.case.status, owed(story, "2025-01-21")) == ("closed", "0.00")
    story.then("2025-01-25", payments.reverse, reversed_reference, "returned")
    assert (story.case.status, owed(story, "2025-01-25")) == ("open", owed_before)


def test_a_case_that_stays_paid_after_a_reversal_owes_nothing() -> None:
    """What is missing lies within the tolerance: the case stays closed at 0.00, or opens; closed it never owes."""
    story = a_story(owed="100.00 CNY")
    pay(story, "2025-01-19", "0.01", reference="tiny")
    pay(story, "2025-01-20", "99.91", reference="big")
    assert (story.case.status, owed(story, "2025-01-20")) == ("closed", "0.00")
    story.then("2025-01-25", payments.reverse, "tiny", "returned")
    assert (story.case.status, owed(story, "2025-01-25")) in {("closed", "0.00"), ("open", "0.09")}
    story.review("2025-01-25")
    assert (story.case.status, owed(story, "2025-01-25")) == ("closed", "0.00")


@pytest.mark.parametrize(
    ("installments", "paid"),
    [
        pytest.param(1, [("2025-02-01", "1000.00")], id="a-promise"),
        pytest.param(4, [("2025-02-01", "250.00"), ("2025-03-01", "250.00")], id="two-in-a-row"),
    ],
)
def test_installments_paid_in_time_and_returned_after_the_tolerance_break_the_plan(
    installments: int, paid: list[tuple[str, str]]
) -> None:
    """A returned direct debit: the money is not there, whatever day it once came. The run must come to an end."""
    story = a_story(stage=Stage.MONITORING, offer=an_offer(installments=installments))
    for number, (when, amount) in enumerate(paid):
        pay(story, when, amount, reference=f"debit-{number}")
    for number in range(len(paid)):
        story.then("2025-03-20", payments.reverse, f"debit-{number}", "returned")
    story.review("2025-03-20")
    assert story.case.plan
    assert (story.case.plan.status, story.case.stage) == ("broken", "negotiation")
    assert story.review("2025-03-20") == []


def test_a_promise_over_a_part_paid_in_time_and_returned_later_is_broken() -> None:
    story = a_story(stage=Stage.MONITORING, offer=an_offer(installments=1, amount="300.00 CNY"))
    pay(story, "2025-02-01", "300.00", reference="A")
    assert story.case.stage == "negotiation"
    story.then("2025-02-10", payments.reverse, "A", "returned")
    story.review("2025-02-10")
    assert story.case.plan
    assert (story.case.plan.status, story.case.stage) == ("broken", "negotiation")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(("100.00", "2025-01-10"), ("300.00", "2025-01-08"), id="older-booked-later"),
        pytest.param(("300.00", "2025-01-08"), ("100.00", "2025-01-10"), id="in-order"),
    ],
)
def test_the_order_of_booking_does_not_matter(first: tuple[str, str], second: tuple[str, str]) -> None:
    story = a_story()
    for amount, on in (first, second):
        pay(story, "2025-01-20", amount, on=day(on))
    assert [owed(story, on) for on in ("2025-01-07", "2025-01-08", "2025-01-10")] == ["1000.00", "700.00", "600.00"]


def test_a_policy_with_another_tolerance() -> None:
    story = a_story(policy=a_policy(tolerance="5.00"))
    assert pay(story, "2025-01-20", "994.99") == ["payment_received"]
    assert pay(story, "2025-01-20", "0.01") == ["payment_received", "charge_waived", "case_closed"]


def test_a_currency_that_the_policy_does_not_name_has_no_tolerance() -> None:
    story = a_story(owed="1000.00 EUR")
    assert kinds(story.then("2025-01-20", payments.receive, money("999.99 EUR"))) == ["payment_received"]
    assert kinds(story.then("2025-01-20", payments.receive, money("0.01 EUR"))) == ["payment_received", "case_closed"]


def test_a_voided_payment_frees_its_reference() -> None:
    story = a_story()
    pay(story, "2025-01-20", "1.00", reference="A")
    story.then("2025-01-20", notes.void, 2, "wrong case", story.entries)
    assert pay(story, "2025-01-20", "2.00", reference="A") == ["payment_received"]


def test_a_withdrawn_case_is_not_opened_by_a_reversal() -> None:
    story = a_story()
    pay(story, "2025-01-08", "100.00", reference="A")
    story.then("2025-01-20", closures.close, CaseOutcome.WITHDRAWN)
    assert kinds(story.then("2025-01-25", payments.reverse, "A", "returned")) == ["payment_reversed"]
    assert story.case.outcome == "withdrawn"


def test_an_open_proposal_does_not_stop_the_closing() -> None:
    story = a_story(stage=Stage.NEGOTIATION)
    story.then("2025-01-10", plans.propose, an_offer())
    assert pay(story, "2025-01-12", "1000.00") == ["payment_received", "case_closed"]
