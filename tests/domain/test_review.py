"""The nightly run: each rule on the day before and on the day itself, and what a late run writes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from dunning_cli.domain import closures, contacts, holds, legal, notes, payments, plans
from dunning_cli.domain.cases import fold
from dunning_cli.domain.entries import (
    CaseClosed,
    CaseOutcome,
    ChargeWaived,
    EscalationDue,
    HoldReason,
    InstallmentMissed,
    PlanBroken,
    PlanExpired,
    PlanReinstated,
    PolicyChanged,
    Released,
    StageMoved,
)
from dunning_cli.domain.policies import Policy
from dunning_cli.domain.review import NextAction, next_action, review
from dunning_cli.domain.stages import Event, Stage
from dunning_cli.errors import RefusedError
from tests.builders import Story, a_contact, a_final_demand, a_now, a_policy, a_story, an_offer, day, kinds, money

ALL_MISSING = ("enough_attempts", "enough_demands", "final_demand_aged")


def followed(policy: Policy | None = None, **offer: Any) -> Story:
    """A plan of three times 300.00 on the first of February, March and April, agreed on 10 January, of 1000.00 owed."""
    given: dict[str, Any] = {"installments": 3, "first": "2025-02-01", "amount": "900.00 CNY"} | offer
    return a_story(stage=Stage.MONITORING, moved="2025-01-10", policy=policy, offer=an_offer(**given))


def pay(story: Story, when: str, amount: str = "300.00", on: str | None = None) -> None:
    story.then(when, payments.receive, money(f"{amount} CNY"), on=day(on) if on else None)


def whats(story: Story, when: str) -> list[Any]:
    """What the run writes on a day."""
    return [entry.what for entry in story.review(when)]


def proposed() -> Story:
    story = a_story(stage=Stage.NEGOTIATION)
    story.then("2025-01-10", plans.propose, an_offer())
    return story


def reached_on_8_january() -> Story:
    return a_story(stage=Stage.NEGOTIATION, moved="2025-01-08")


def held(until: str | None = "2025-01-20") -> Story:
    story = a_story()
    story.then("2025-01-10", holds.hold, HoldReason.DISPUTE, day(until) if until else None)
    return story


def fully_prepared(story: Story, on: str = "2025-01-20") -> Story:
    """Three attempts, one of them a final demand."""
    story.then(on, contacts.log, a_contact(outcome="no_answer"))
    story.then(on, contacts.log, a_contact(outcome="no_answer"))
    story.then(on, contacts.log, a_final_demand())
    return story


# --- each rule, the day before and the day itself -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("build", "last_quiet_day", "expected"),
    [
        pytest.param(proposed, "2025-01-24", ["plan_expired"], id="proposal-expires"),
        pytest.param(followed, "2025-02-04", ["installment_missed"], id="installment-after-three-days"),
        pytest.param(
            lambda: followed(a_policy(plan={"tolerance_days": 0})),
            "2025-02-01",
            ["installment_missed"],
            id="installment-without-tolerance",
        ),
        pytest.param(
            lambda: followed(installments=1),
            "2025-02-04",
            ["installment_missed", "plan_broken", "stage_moved"],
            id="a-promise-breaks-at-once",
        ),
        pytest.param(
            lambda: followed(a_policy(plan={"max_missed": 1})),
            "2025-02-04",
            ["installment_missed", "plan_broken", "stage_moved"],
            id="a-policy-that-bears-no-missed-installment",
        ),
        pytest.param(a_story, "2025-03-06", ["escalation_due"], id="too-long-in-contact"),
        pytest.param(reached_on_8_january, "2025-02-21", ["escalation_due"], id="too-long-in-negotiation"),
        pytest.param(held, "2025-01-20", ["released"], id="hold-ends"),
    ],
)
def test_the_day_before_and_the_day_itself(
    build: Callable[[], Story], last_quiet_day: str, expected: list[str]
) -> None:
    """Nothing until the last quiet day, then all at once, then nothing again; and the day is known beforehand."""
    story = build()
    the_day = day(last_quiet_day) + timedelta(days=1)
    ahead = next_action(story.case, story.policy)
    assert ahead
    assert ahead.on == the_day
    assert kinds(story.review(last_quiet_day)) == []
    written = story.review(the_day)
    assert kinds(written) == expected
    assert {entry.effective_on for entry in written} == {the_day}
    assert kinds(story.review(the_day)) == []


@pytest.mark.parametrize(
    "build",
    [
        pytest.param(lambda: a_story(stage=Stage.LEGAL), id="legal-has-no-limit"),
        pytest.param(lambda: a_story(stage="closed"), id="closed"),
        pytest.param(lambda: held(None), id="a-hold-without-an-end"),
    ],
)
def test_where_nothing_is_to_come(build: Callable[[], Story]) -> None:
    story = build()
    assert next_action(story.case, story.policy) is None
    for when in ("2025-02-01", "2025-06-01", "2030-01-01"):
        assert story.review(when) == []


# --- proposals ------------------------------------------------------------------------------------------------------


def test_what_an_expiry_says() -> None:
    story = proposed()
    assert whats(story, "2025-02-10") == [PlanExpired(1, day("2025-01-24"))]
    assert story.case.plan
    assert (story.case.plan.status, story.case.stage) == ("expired", "negotiation")


def test_a_proposal_does_not_expire_on_hold() -> None:
    story = proposed()
    story.then("2025-01-20", holds.hold, HoldReason.DISPUTE, day("2025-01-31"))
    assert story.review("2025-01-31") == []
    assert whats(story, "2025-02-01") == [
        Released(HoldReason.DISPUTE, day("2025-01-31")),
        PlanExpired(1, day("2025-01-24")),
    ]


def test_an_open_proposal_puts_off_the_end_of_negotiation() -> None:
    """On 22 February negotiation has lasted 45 days; the proposal is open until 5 March."""
    story = reached_on_8_january()
    story.then("2025-02-20", plans.propose, an_offer(first="2025-03-10", expires="2025-03-05"))
    assert story.review("2025-02-25") == []
    assert next_action(story.case, story.policy) == NextAction(day("2025-03-06"), "proposal_expires")
    assert story.review("2025-03-05") == []
    assert kinds(story.review("2025-03-06")) == ["plan_expired", "escalation_due"]


# --- installments ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("paid", "expected"),
    [
        pytest.param("0.00", "0.00", id="missed"),
        pytest.param("100.00", "100.00", id="partial"),
        pytest.param("299.99", "299.99", id="a-cent-short"),
    ],
)
def test_what_a_missed_installment_says(paid: str, expected: str) -> None:
    story = followed()
    if paid != "0.00":
        pay(story, "2025-02-01", paid)
    assert whats(story, "2025-02-10") == [
        InstallmentMissed(
            plan=1,
            number=1,
            due=day("2025-02-01"),
            amount=money("300.00 CNY"),
            paid=money(f"{expected} CNY"),
            rule_day=day("2025-02-05"),
            tolerance_days=3,
        )
    ]
    assert story.case.stage == "monitoring"


@pytest.mark.parametrize(
    ("when", "on", "expected"),
    [
        pytest.param("2025-01-15", None, [], id="early"),
        pytest.param("2025-02-01", None, [], id="on-the-day"),
        pytest.param("2025-02-04", None, [], id="on-the-last-day-of-the-tolerance"),
        pytest.param("2025-02-05", "2025-02-03", [], id="booked-on-the-day-of-the-run-dated-in-time"),
        pytest.param("2025-02-05", None, [], id="a-day-late-but-before-the-run"),
    ],
)
def test_an_installment_that_is_there_when_the_run_looks_is_not_missed(
    when: str, on: str | None, expected: list[str]
) -> None:
    story = followed()
    pay(story, when, on=on)
    assert kinds(story.review("2025-02-05")) == expected
    assert next_action(story.case, story.policy) == NextAction(day("2025-03-05"), "installment_overdue")


def test_an_installment_is_missed_once() -> None:
    story = followed()
    story.review("2025-02-05")
    for when in ("2025-02-06", "2025-02-20", "2025-03-04"):
        assert story.review(when) == []


def test_two_missed_in_a_row_break_the_plan() -> None:
    story = followed()
    story.review("2025-02-05")
    assert story.review("2025-03-04") == []
    missed, broken, moved = whats(story, "2025-03-05")
    assert (missed.number, missed.rule_day) == (2, day("2025-03-05"))
    assert broken == PlanBroken(1, (1, 2), "max_missed", 2)
    assert moved == StageMoved(Stage.MONITORING, Stage.NEGOTIATION, Event.PLAN_BROKEN, rule="max_missed")
    case = story.case
    assert case.plan
    assert (case.plan.status, case.stage, case.since) == ("broken", "negotiation", day("2025-03-05"))
    assert case.plans_broken == 1


def test_missed_apart_does_not_break_the_plan() -> None:
    """The first is paid late before the second is missed: there are never two in a row."""
    story = followed(installments=4, amount="400.00 CNY")
    story.review("2025-02-05")
    pay(story, "2025-02-20", "100.00")
    assert kinds(story.review("2025-03-05")) == ["installment_missed"]
    pay(story, "2025-03-20", "100.00")
    assert kinds(story.review("2025-04-03")) == []
    assert story.case.stage == "monitoring"


def test_the_second_in_part_breaks_as_well() -> None:
    story = followed()
    story.review("2025-02-05")
    pay(story, "2025-02-20", "299.99")
    assert kinds(story.review("2025-03-05")) == ["installment_missed", "plan_broken", "stage_moved"]


def test_the_last_installment_missed_breaks_at_once() -> None:
    story = followed()
    pay(story, "2025-02-01")
    pay(story, "2025-03-01")
    assert story.review("2025-04-04") == []
    missed, broken, moved = whats(story, "2025-04-05")
    assert missed.number == 3
    assert broken == PlanBroken(1, (3,), "last_missed", 2)
    assert moved.rule == "last_missed"


def test_a_plan_paid_in_the_end_within_its_own_tolerance_is_kept() -> None:
    story = followed(a_policy(plan={"tolerance_amount": "5.00"}))
    pay(story, "2025-02-01", "895.00")
    assert story.case.plan
    assert (story.case.plan.status, story.case.stage) == ("completed", "negotiation")


# --- where a broken plan goes ---------------------------------------------------------------------------------------


def final_demand(on: str) -> Callable[[Story], None]:
    def demand(story: Story) -> None:
        story.then(on, contacts.log, a_final_demand())

    return demand


@pytest.mark.parametrize(
    ("policy", "demand", "target", "guards"),
    [
        pytest.param(
            a_policy(plan={"on_break": "legal"}),
            final_demand("2025-01-21"),
            "legal",
            ("policy_says_legal", "final_demand_aged", "worth_it"),
            id="legal-with-a-demand-of-15-days",
        ),
        pytest.param(
            a_policy(plan={"on_break": "legal"}), final_demand("2025-01-22"), "negotiation", (), id="demand-of-14-days"
        ),
        pytest.param(
            a_policy(plan={"on_break": "legal"}), final_demand("2025-01-10"), "legal", None, id="demand-of-the-same-day"
        ),
        pytest.param(a_policy(plan={"on_break": "legal"}), None, "negotiation", (), id="no-demand"),
        pytest.param(
            a_policy(plan={"on_break": "legal"}, legal={"min_balance": "1000.01"}),
            final_demand("2025-01-21"),
            "negotiation",
            (),
            id="not-worth-it",
        ),
        pytest.param(a_policy(), final_demand("2025-01-21"), "negotiation", (), id="the-policy-says-negotiation"),
    ],
)
def test_a_broken_plan_goes_where_the_policy_says(
    policy: Policy, demand: Callable[[Story], None] | None, target: str, guards: tuple[str, ...] | None
) -> None:
    story = followed(policy, installments=1)
    if demand:
        demand(story)
    moved = story.review("2025-02-05")[-1].what
    assert (str(moved.source), str(moved.target), moved.event) == ("monitoring", target, "plan_broken")
    if guards is not None:
        assert moved.guards == guards
    assert story.case.stage == target


def test_a_demand_from_before_the_agreement_does_not_lead_to_legal() -> None:
    story = a_story(stage=Stage.NEGOTIATION, policy=a_policy(plan={"on_break": "legal"}))
    story.then("2025-01-07", contacts.log, a_final_demand())
    story.then("2025-01-10", plans.propose, an_offer(installments=1))
    story.then("2025-01-10", plans.accept)
    story.review("2025-02-05")
    assert story.case.stage == "negotiation"


def test_the_plan_goes_where_the_policy_said_when_it_was_agreed() -> None:
    story = followed(a_policy(plan={"on_break": "legal"}), installments=1)
    story.then("2025-01-15", contacts.log, a_final_demand())
    story.policy = a_policy(version=2)
    story.review("2025-02-05")
    assert story.case.stage == "legal"


# --- too long in a stage --------------------------------------------------------------------------------------------


def test_what_escalation_due_says() -> None:
    assert whats(a_story(policy=a_policy(version=4)), "2025-03-20") == [
        EscalationDue(Stage.CONTACT, "contact.max_days", 60, day("2025-03-07"), ALL_MISSING, "default@4")
    ]
    assert whats(reached_on_8_january(), "2025-02-22") == [
        EscalationDue(
            Stage.NEGOTIATION,
            "negotiation.max_days",
            45,
            day("2025-02-22"),
            ("final_demand_aged",),
            "default@1",
        )
    ]


def test_escalation_due_is_said_again_when_something_else_is_missing() -> None:
    story = a_story()
    story.review("2025-03-07")
    story.then("2025-03-10", contacts.log, a_contact(outcome="no_answer"))
    assert story.review("2025-03-10") == []
    assert next_action(story.case, story.policy) is None
    story.then("2025-03-11", contacts.log, a_contact(outcome="no_answer"))
    story.then("2025-03-11", contacts.log, a_contact(outcome="no_answer"))
    assert next_action(story.case, story.policy) == NextAction(day("2025-03-11"), "escalation_due")
    assert [what.missing for what in whats(story, "2025-03-11")] == [("enough_demands", "final_demand_aged")]
    story.then("2025-03-12", contacts.log, a_final_demand())
    assert [what.missing for what in whats(story, "2025-03-12")] == [("final_demand_aged",)]
    assert next_action(story.case, story.policy) == NextAction(day("2025-03-27"), "escalation_due")
    assert story.review("2025-03-26") == []
    assert [what.missing for what in whats(story, "2025-03-27")] == [()]
    assert next_action(story.case, story.policy) is None
    assert story.review("2025-06-01") == []


def test_escalation_due_is_said_again_when_something_falls_away() -> None:
    story = fully_prepared(a_story())
    assert [what.missing for what in whats(story, "2025-03-07")] == [()]
    demand = story.case.contacts[-1].seq
    story.then("2025-03-10", notes.void, demand, "never sent", story.entries)
    assert [what.missing for what in whats(story, "2025-03-10")] == [ALL_MISSING]


def test_nothing_is_said_again_after_the_case_has_moved_on() -> None:
    story = a_story()
    story.review("2025-03-07")
    story.then("2025-03-08", contacts.log, a_contact())
    assert story.review("2025-03-08") == []
    assert next_action(story.case, story.policy) == NextAction(day("2025-04-22"), "escalation_due")


AUTO = a_policy(legal={"auto_escalate": True})


@pytest.mark.parametrize(
    ("build", "last_quiet_day"),
    [
        pytest.param(lambda: fully_prepared(a_story(policy=AUTO)), "2025-03-06", id="contact"),
        pytest.param(
            lambda: fully_prepared(a_story(policy=AUTO, stage=Stage.NEGOTIATION, moved="2025-01-08")),
            "2025-02-21",
            id="negotiation",
        ),
    ],
)
def test_a_policy_that_escalates_by_itself(build: Callable[[], Story], last_quiet_day: str) -> None:
    story = build()
    stage = story.case.stage
    the_day = day(last_quiet_day) + timedelta(days=1)
    assert next_action(story.case, story.policy) == NextAction(the_day, "escalate")
    assert story.review(last_quiet_day) == []
    (moved,) = whats(story, the_day.isoformat())
    assert (moved.source, moved.target, moved.event, moved.rule) == (stage, "legal", "escalate", f"{stage}.max_days")
    assert moved.guards
    assert (story.case.stage, story.case.since) == ("legal", the_day)
    assert next_action(story.case, story.policy) is None


def test_a_policy_that_escalates_by_itself_waits_for_the_guards() -> None:
    story = a_story(policy=AUTO)
    assert kinds(story.review("2025-03-07")) == ["escalation_due"]
    fully_prepared(story, "2025-03-10")
    assert kinds(story.review("2025-03-10")) == ["escalation_due"]
    assert next_action(story.case, story.policy) == NextAction(day("2025-03-25"), "escalate")
    assert story.review("2025-03-24") == []
    assert kinds(story.review("2025-03-25")) == ["stage_moved"]


def test_a_policy_without_auto_escalate_moves_nothing_by_itself() -> None:
    story = fully_prepared(a_story())
    assert kinds(story.review("2025-03-07")) == ["escalation_due"]
    assert story.case.stage == "contact"
    story.then("2025-03-08", legal.escalate)
    assert story.case.stage == "legal"


def test_a_case_not_worth_it_is_said_to_be_due_and_stays() -> None:
    story = fully_prepared(a_story(policy=a_policy(legal={"auto_escalate": True, "min_balance": "1000.01"})))
    assert [what.missing for what in whats(story, "2025-03-07")] == [("worth_it",)]


def test_a_new_policy_is_heeded() -> None:
    story = a_story()
    story.policy = a_policy(version=2, contact={"max_days": 10})
    assert next_action(story.case, story.policy) == NextAction(day("2025-01-16"), "escalation_due")
    assert whats(story, "2025-01-15") == [PolicyChanged("default@1", "default@2", "version")]
    assert story.review("2025-01-15") == []
    assert whats(story, "2025-01-16")[0].policy == "default@2"


def test_a_new_policy_that_escalates_by_itself_is_heeded() -> None:
    """Said to be due with nothing missing; the new policy does what the old one only said."""
    story = fully_prepared(a_story())
    assert [what.missing for what in whats(story, "2025-03-07")] == [()]
    assert next_action(story.case, story.policy) is None
    assert next_action(story.case, AUTO) == NextAction(day("2025-03-07"), "escalate")
    story.policy = AUTO
    assert kinds(story.review("2025-03-08")) == ["stage_moved"]


def test_a_stage_that_may_last_no_day() -> None:
    story = a_story(policy=a_policy(contact={"max_days": 0}))
    assert kinds(story.review("2025-01-06")) == ["escalation_due"]
    assert story.review("2025-01-06") == []


# --- holds ----------------------------------------------------------------------------------------------------------


def test_what_the_end_of_a_hold_says() -> None:
    assert whats(held(), "2025-01-25") == [Released(HoldReason.DISPUTE, day("2025-01-20"))]


def test_days_on_hold_are_left_out_of_the_deadline() -> None:
    """Held from 10 to 21 January: 11 of the 60 days are added to 7 March."""
    story = held()
    story.review("2025-01-21")
    assert story.case.held_days == 11
    assert next_action(story.case, story.policy) == NextAction(day("2025-03-18"), "escalation_due")
    assert story.review("2025-03-17") == []
    assert whats(story, "2025-03-18")[0].rule_day == day("2025-03-18")


def test_two_holds_add_up() -> None:
    story = held()
    story.review("2025-01-21")
    story.then("2025-02-01", holds.hold, HoldReason.COMPLAINT)
    story.then("2025-02-05", holds.release)
    assert story.case.held_days == 15
    assert next_action(story.case, story.policy) == NextAction(day("2025-03-22"), "escalation_due")


def test_a_hold_over_the_deadline() -> None:
    """Held from 1 March on, before the deadline of 7 March; the six days left run after the release."""
    story = a_story()
    story.then("2025-03-01", holds.hold, HoldReason.DISPUTE)
    assert story.review("2025-04-30") == []
    story.then("2025-05-01", holds.release)
    assert story.review("2025-05-06") == []
    assert kinds(story.review("2025-05-07")) == ["escalation_due"]


def test_installments_are_not_missed_on_hold_but_at_its_end() -> None:
    story = followed()
    story.then("2025-01-20", holds.hold, HoldReason.VULNERABLE, day("2025-03-10"))
    assert story.review("2025-03-10") == []
    assert kinds(story.review("2025-03-11")) == [
        "released",
        "installment_missed",
        "installment_missed",
        "plan_broken",
        "stage_moved",
    ]


def test_a_broken_plan_is_not_cured_on_hold() -> None:
    story = followed(installments=1)
    story.review("2025-02-05")
    story.then("2025-02-06", holds.hold, HoldReason.DISPUTE)
    pay(story, "2025-02-07", "500.00", on="2025-02-01")
    pay(story, "2025-02-07", "399.00", on="2025-02-01")
    assert story.review("2025-02-07") == []
    pay(story, "2025-02-08", "1.00", on="2025-02-01")
    story.then("2025-02-10", holds.release)
    assert story.case.plan
    assert story.case.plan.status == "broken"
    story.review("2025-02-10")
    assert story.case.plan.status != "broken" or story.case.stage != "negotiation"


def test_a_later_deadline_and_a_new_demand_do_not_wake_the_run_for_nothing() -> None:
    """Due on 7 March with nothing missing; then a policy with more days, the demand voided and sent again."""
    story = fully_prepared(a_story(), "2025-02-01")
    assert [what.missing for what in whats(story, "2025-03-07")] == [()]
    story.policy = a_policy(version=2, contact={"max_days": 90})
    story.then("2025-03-08", notes.void, story.case.contacts[-1].seq, "returned", story.entries)
    story.then("2025-03-08", contacts.log, a_final_demand())
    for number in range(60):
        on = day("2025-03-08") + timedelta(days=number)
        ahead = next_action(story.case, story.policy)
        due = ahead is not None and ahead.on <= on
        assert bool(story.review(on)) is due, on


# --- money ----------------------------------------------------------------------------------------------------------


def test_a_case_that_a_new_tolerance_makes_paid_is_closed_by_the_run() -> None:
    story = a_story()
    pay(story, "2025-01-20", "999.50")
    assert story.review("2025-01-20") == []
    story.policy = a_policy(version=2, tolerance="0.50")
    assert next_action(story.case, story.policy) == NextAction(day("2025-01-20"), "close_paid")
    assert whats(story, "2025-01-21") == [
        PolicyChanged("default@1", "default@2", "version"),
        ChargeWaived(money("0.50 CNY"), "tolerance"),
        CaseClosed(CaseOutcome.PAID, "paid"),
    ]


def test_a_paid_up_case_is_closed_by_the_run_even_on_hold() -> None:
    story = held(None)
    pay(story, "2025-01-20", "999.50")
    story.policy = a_policy(version=2, tolerance="0.50")
    assert kinds(story.review("2025-01-21")) == ["policy_changed", "charge_waived", "case_closed"]


# --- a new version of the policy ------------------------------------------------------------------------------------

NEWER = PolicyChanged("default@1", "default@3", "version")


def newer(story: Story, version: int = 3, **overrides: Any) -> Story:
    """The same case, whose policy has a newer version."""
    story.policy = a_policy(version=version, **overrides)
    return story


@pytest.mark.parametrize(
    "acts",
    [
        pytest.param((contacts.log, a_contact(outcome="no_answer")), id="contact"),
        pytest.param((payments.receive, money("5.00 CNY")), id="payment"),
        pytest.param((payments.receive, money("1000.00 CNY")), id="paid"),
        pytest.param((holds.hold, HoldReason.DISPUTE), id="hold"),
        pytest.param((closures.close, CaseOutcome.WRITTEN_OFF), id="closed"),
        pytest.param((review,), id="nightly-run"),
    ],
)
def test_whatever_comes_first_under_a_new_version_says_so_once(acts: tuple[Any, ...]) -> None:
    story = newer(a_story())
    first = story.then("2025-01-20", *acts)
    assert [what.what for what in first.entries if what.what.kind == "policy_changed"] == [NEWER]
    assert first.entries[0].what == NEWER
    assert story.case.version == 3
    assert story.case.policy == "default"
    assert fold(7, story.entries) == story.case
    assert story.review("2025-01-20") == []


def test_a_payment_is_called_by_its_own_entry() -> None:
    story = newer(a_story())
    changed, paid = story.then("2025-01-20", payments.receive, money("5.00 CNY")).entries
    assert (changed.seq, paid.seq, paid.what.reference) == (2, 3, "P3")


def test_what_is_refused_says_nothing() -> None:
    story = newer(a_story())
    with pytest.raises(RefusedError):
        story.then("2025-01-20", plans.accept)
    assert story.case.version == 1


def test_a_closed_case_says_it_when_it_is_opened_again() -> None:
    story = newer(a_story(stage="closed"))
    assert kinds(story.then("2025-02-01", notes.note, "still in touch")) == ["noted"]
    assert kinds(story.then("2025-02-02", closures.reopen, "found")) == [
        "policy_changed",
        "case_reopened",
        "stage_moved",
    ]
    assert story.case.version == 3


def test_a_new_version_does_not_say_again_what_is_due() -> None:
    """Escalation was said to be due; the new version asks for the same, so there is no second entry."""
    story = a_story()
    assert kinds(story.review("2025-03-07")) == ["escalation_due"]
    marked = story.case.marked
    assert kinds(newer(story, worklist={"lease_minutes": 5}).review("2025-03-08")) == ["policy_changed"]
    assert story.case.marked == marked
    assert next_action(story.case, story.policy) is None


def test_a_new_version_that_asks_for_something_else_says_it() -> None:
    story = a_story()
    story.review("2025-03-07")
    changed, due = newer(story, contact={"min_attempts": 0}).review("2025-03-08")
    assert (changed.what, due.what.kind) == (NEWER, "escalation_due")
    assert "enough_attempts" not in due.what.missing


def test_another_policy_says_again_what_is_due() -> None:
    story = a_story()
    story.review("2025-03-07")
    story.policy = a_policy(name="strict", version=1)
    story.add("2025-03-08", PolicyChanged("default@1", "strict@1", "case"))
    assert (story.case.policy, story.case.version, story.case.marked) == ("strict", 1, None)
    assert kinds(story.review("2025-03-08")) == ["escalation_due"]


def untold() -> Story:
    """A case from before the version was noted when a case is opened."""
    story = a_story()
    story.case = replace(story.case, version=None)
    story.entries[0] = story.entries[0]._replace(what=replace(story.entries[0].what, policy_version=None))
    assert fold(7, story.entries) == story.case
    return story


def test_a_journal_that_does_not_tell_the_version() -> None:
    """What the row was last reviewed under is said by the nightly run; from then on the journal tells."""
    story = newer(untold())
    assert story.review("2025-01-20") == []
    (entry,) = story.then("2025-01-20", review, None, None, a_policy()).entries
    assert entry.what == NEWER
    assert (story.case.version, fold(7, story.entries)) == (3, story.case)
    assert kinds(newer(story, 4).review("2025-01-21")) == ["policy_changed"]


def test_a_journal_that_does_not_tell_goes_on_not_to_where_a_policy_is_assigned() -> None:
    """The rows of such cases stay explained by their journals."""
    story = untold()
    story.add("2025-01-20", PolicyChanged("default@1", "strict@2", "creditor"))
    assert (story.case.policy, story.case.version) == ("strict", None)


# --- a broken plan that was kept after all --------------------------------------------------------------------------


def broken() -> Story:
    """Installments 1 and 2 were missed; the plan was broken on 5 March."""
    story = followed()
    story.review("2025-02-05")
    story.review("2025-03-05")
    assert story.case.stage == "negotiation"
    return story


@pytest.mark.parametrize(
    "payments_booked_late",
    [
        pytest.param([("300.00", "2025-02-01"), ("300.00", "2025-03-01")], id="both-on-the-day"),
        pytest.param([("300.00", "2025-02-04"), ("300.00", "2025-03-04")], id="both-on-the-last-day-of-the-tolerance"),
        pytest.param([("300.00", "2025-02-04")], id="the-first-is-enough-to-part-the-row"),
        pytest.param([("300.00", "2025-03-01"), ("300.00", "2025-03-04")], id="the-second-is-enough-to-part-the-row"),
    ],
)
def test_payments_booked_late_but_made_in_time_cure_a_broken_plan(payments_booked_late: list[tuple[str, str]]) -> None:
    story = broken()
    for amount, on in payments_booked_late:
        pay(story, "2025-03-20", amount, on=on)
    assert next_action(story.case, story.policy) == NextAction(story.case.last_on, "reinstate_plan")
    assert whats(story, "2025-03-20") == [
        PlanReinstated(1, "paid_in_time"),
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
    assert story.review("2025-03-20") == []
    assert next_action(case, story.policy) == NextAction(day("2025-04-05"), "installment_overdue")


@pytest.mark.parametrize(
    "late",
    [
        pytest.param([("300.00", "2025-03-05")], id="a-day-too-late-for-the-second"),
        pytest.param([("299.99", "2025-02-04")], id="a-cent-short-in-time"),
        pytest.param([("600.00", "2025-03-05")], id="all-of-it-a-day-too-late"),
        pytest.param([("599.99", "2025-03-04")], id="the-first-late-and-the-second-a-cent-short"),
        pytest.param([], id="nothing"),
    ],
)
def test_payments_made_too_late_cure_nothing(late: list[tuple[str, str]]) -> None:
    story = broken()
    for amount, on in late:
        pay(story, "2025-03-20", amount, on=on)
    assert story.review("2025-03-20") == []
    assert story.case.plan
    assert (story.case.stage, story.case.plan.status) == ("negotiation", "broken")


def test_a_cure_is_found_in_legal_as_well() -> None:
    story = followed(a_policy(plan={"on_break": "legal"}))
    story.then("2025-01-15", contacts.log, a_final_demand())
    story.review("2025-03-05")
    assert story.case.stage == "legal"
    pay(story, "2025-03-20", on="2025-02-01")
    assert kinds(story.review("2025-03-20")) == ["plan_reinstated", "stage_moved"]
    assert story.case.stage == "monitoring"


def test_a_new_proposal_stands_before_the_old_plan() -> None:
    story = broken()
    story.then("2025-03-10", plans.propose, an_offer(first="2025-04-01"))
    pay(story, "2025-03-20", on="2025-02-01")
    assert story.review("2025-03-20") == []
    assert story.case.plan
    assert (story.case.plan.number, story.case.plan.status) == (2, "proposed")


def test_a_plan_cured_in_full_is_completed_in_the_same_run() -> None:
    story = followed(installments=1)
    story.review("2025-02-05")
    pay(story, "2025-02-10", "900.00", on="2025-02-04")
    assert kinds(story.review("2025-02-10")) == ["plan_reinstated", "stage_moved", "plan_completed", "stage_moved"]
    assert (story.case.stage, story.case.plans_broken) == ("negotiation", 0)


def test_a_cure_that_is_taken_back_breaks_the_plan_again() -> None:
    story = broken()
    story.then("2025-03-20", payments.receive, money("300.00 CNY"), on=day("2025-02-01"), reference="A")
    story.review("2025-03-20")
    assert story.case.stage == "monitoring"
    story.then("2025-03-25", payments.reverse, "A", "returned")
    assert kinds(story.review("2025-03-25")) == ["plan_broken", "stage_moved"]
    assert story.review("2025-03-25") == []
    assert (story.case.stage, story.case.plans_broken) == ("negotiation", 1)


# --- late runs ------------------------------------------------------------------------------------------------------


def test_one_late_run_writes_missed_broken_and_moved_together() -> None:
    story = followed()
    written = story.review("2025-03-20")
    assert kinds(written) == ["installment_missed", "installment_missed", "plan_broken", "stage_moved"]
    assert [e.what.rule_day for e in written[:2]] == [day("2025-02-05"), day("2025-03-05")]
    assert {e.effective_on for e in written} == {day("2025-03-20")}
    assert story.case.since == day("2025-03-20")
    assert story.review("2025-03-20") == []
    assert next_action(story.case, story.policy) == NextAction(day("2025-05-04"), "escalation_due")


def held_over_two_installments() -> Story:
    story = followed()
    story.then("2025-01-20", holds.hold, HoldReason.DISPUTE, day("2025-03-10"))
    return story


def paid_once() -> Story:
    story = followed()
    pay(story, "2025-02-01")
    return story


def booked_late() -> Story:
    story = broken()
    pay(story, "2025-03-10", on="2025-02-01")
    return story


@pytest.mark.parametrize(
    ("build", "first", "last"),
    [
        pytest.param(proposed, "2025-01-11", "2025-02-20", id="proposal"),
        pytest.param(followed, "2025-01-11", "2025-03-20", id="nothing-paid"),
        pytest.param(paid_once, "2025-02-02", "2025-03-20", id="one-of-two-paid"),
        pytest.param(paid_once, "2025-02-02", "2025-04-20", id="one-of-three-paid"),
        pytest.param(lambda: followed(installments=1), "2025-01-11", "2025-02-20", id="promise"),
        pytest.param(
            lambda: followed(a_policy(plan={"on_break": "legal"})), "2025-01-11", "2025-03-20", id="no-demand-for-legal"
        ),
        pytest.param(held_over_two_installments, "2025-01-21", "2025-03-20", id="hold"),
        pytest.param(a_story, "2025-01-07", "2025-04-01", id="contact"),
        pytest.param(reached_on_8_january, "2025-01-09", "2025-04-01", id="negotiation"),
        pytest.param(
            lambda: fully_prepared(a_story(policy=AUTO)), "2025-01-21", "2025-04-01", id="escalates-by-itself"
        ),
        pytest.param(booked_late, "2025-03-10", "2025-04-20", id="cure"),
        pytest.param(lambda: a_story(stage="closed"), "2025-01-07", "2025-04-01", id="closed"),
    ],
)
def test_every_day_or_once_and_late_ends_the_same(build: Callable[[], Story], first: str, last: str) -> None:
    daily, late = build(), build()
    daily.review_daily(first, last)
    late.review(last)
    assert state(daily) == state(late)
    assert late.review(last) == []


def state(story: Story) -> tuple[Any, ...]:
    """Where a case stands."""
    case = story.case
    plan = case.plan and (case.plan.number, case.plan.status, case.plan.missed)
    return case.stage, case.status, case.outcome, plan, case.plans_broken, case.marked, case.owed(date(2025, 12, 31))


def test_a_review_of_an_earlier_day_goes_by_that_day_and_is_effective_now() -> None:
    """A run that catches up with a day it missed: the rules see that day, the entries are written today."""
    story = followed()
    decision = review(story.case, story.policy, a_now("2025-03-20"), day("2025-02-05"))
    assert kinds(decision) == ["installment_missed"]
    assert decision.entries[0].effective_on == day("2025-03-20")
    decision = review(story.case, story.policy, a_now("2025-03-20"), day("2025-02-04"))
    assert decision.entries == []


def test_the_run_writes_under_the_name_that_it_is_given() -> None:
    decision = review(a_story().case, a_policy(), a_now("2025-03-20", actor="nightly"))
    assert {entry.actor for entry in decision.entries} == {"nightly"}


def test_a_case_reopened_counts_from_its_reopening() -> None:
    story = a_story(stage="closed")
    story.then("2025-06-02", closures.reopen, "x")
    assert next_action(story.case, story.policy) == NextAction(day("2025-07-17"), "escalation_due")
