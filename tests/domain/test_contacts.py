"""Stage 1: what happened is always logged; the debtor being heard is what moves a case."""

from __future__ import annotations

from datetime import datetime

import pytest

from dunning_cli.domain import contacts, holds, plans
from dunning_cli.domain.cases import standing
from dunning_cli.domain.entries import (
    Channel,
    ContactLogged,
    Direction,
    HoldReason,
    Level,
    Outcome,
    Reason,
    StageMoved,
)
from dunning_cli.domain.stages import Event, Stage
from dunning_cli.errors import InputError
from tests.builders import a_contact, a_final_demand, a_now, a_story, an_offer, day, kinds, money


@pytest.mark.parametrize(
    ("outcome", "direction", "party", "reached"),
    [
        pytest.param("conversation", "out", "debtor", True, id="we-spoke"),
        pytest.param("refused_to_pay", "out", "debtor", True, id="the-debtor-refused"),
        pytest.param("promised", "out", "debtor", True, id="the-debtor-promised"),
        pytest.param("conversation", "out", "debt_adviser", True, id="we-spoke-with-the-debt-adviser"),
        pytest.param("conversation", "in", "debtor", True, id="the-debtor-called"),
        pytest.param("received", "in", "debtor", True, id="the-debtor-wrote"),
        pytest.param("sent", "in", "debtor", True, id="the-debtor-sent-something"),
        pytest.param("voicemail_left", "in", "debtor", True, id="the-debtor-left-a-voicemail"),
        pytest.param("received", "in", "debt_adviser", True, id="the-debt-adviser-wrote"),
        pytest.param("conversation", "out", "spouse", False, id="we-spoke-with-the-spouse"),
        pytest.param("conversation", "in", "guarantor", False, id="the-guarantor-called"),
        pytest.param("conversation", "out", "third_party:brother", False, id="we-spoke-with-a-third-party"),
        pytest.param("conversation", "out", "contact_person:accounts", False, id="we-spoke-with-a-contact-person"),
        pytest.param("no_answer", "out", "debtor", False, id="no-answer"),
        pytest.param("busy", "out", "debtor", False, id="busy"),
        pytest.param("dropped", "out", "debtor", False, id="dropped"),
        pytest.param("dropped", "in", "debtor", False, id="an-incoming-call-dropped"),
        pytest.param("not_in_service", "out", "debtor", False, id="not-in-service"),
        pytest.param("voicemail_left", "out", "debtor", False, id="we-left-a-voicemail"),
        pytest.param("voicemail_not_left", "out", "debtor", False, id="no-voicemail-left"),
        pytest.param("voicemail_limited_content", "out", "debtor", False, id="a-voicemail-that-says-nothing"),
        pytest.param("sent", "out", "debtor", False, id="sent"),
        pytest.param("delivered", "out", "debtor", False, id="delivered"),
        pytest.param("received", "out", "debtor", False, id="received-by-the-debtor"),
        pytest.param("returned", "out", "debtor", False, id="returned"),
    ],
)
def test_who_is_heard_is_reached(outcome: str, direction: str, party: str, reached: bool) -> None:
    story = a_story()
    decision = story.then("2025-01-08", contacts.log, a_contact(outcome=outcome, direction=direction, party=party))
    assert story.case.contacts[-1].reached is reached
    assert story.case.stage == ("negotiation" if reached else "contact")
    assert kinds(decision) == (["contact_logged", "stage_moved"] if reached else ["contact_logged"])


def test_the_move_takes_effect_now_and_names_its_rule() -> None:
    """A contact logged late is dated when it happened; the move it brings is not."""
    story = a_story()
    at = datetime.fromisoformat("2025-01-07T10:00:00+08:00")
    logged, moved = story.then("2025-01-15", contacts.log, a_contact(), at).entries
    assert (logged.effective, logged.effective_on) == (at, day("2025-01-07"))
    assert moved.effective_on == day("2025-01-15")
    assert moved.what == StageMoved(Stage.CONTACT, Stage.NEGOTIATION, Event.DEBTOR_REACHED, rule="debtor_reached")
    assert story.case.since == day("2025-01-15")
    assert story.case.contacts[0].on == day("2025-01-07")


def test_without_a_time_a_contact_is_dated_now() -> None:
    decision = a_story().then("2025-01-08T09:30", contacts.log, a_contact())
    assert decision.entries[0].effective == a_now("2025-01-08T09:30").instant


@pytest.mark.parametrize(
    ("at", "moves"),
    [
        pytest.param("2025-01-05T18:00:00+08:00", False, id="the-day-before-the-case-was-opened"),
        pytest.param("2025-01-06T00:00:00+08:00", True, id="the-day-the-case-was-opened"),
        pytest.param("2025-01-05T17:00:00+00:00", True, id="that-day-in-the-creditors-zone"),
    ],
)
def test_a_contact_from_before_the_case_moves_nothing(at: str, moves: bool) -> None:
    story = a_story()
    story.then("2025-01-10", contacts.log, a_contact(), datetime.fromisoformat(at))
    assert len(story.case.contacts) == 1
    assert story.case.stage == ("negotiation" if moves else "contact")


@pytest.mark.parametrize(
    ("stage", "plan_status"),
    [
        pytest.param(Stage.NEGOTIATION, None, id="negotiation"),
        pytest.param(Stage.MONITORING, "accepted", id="monitoring"),
        pytest.param(Stage.LEGAL, None, id="legal"),
        pytest.param("closed", None, id="closed"),
    ],
)
def test_reaching_the_debtor_later_moves_nothing(stage: Stage, plan_status: str | None) -> None:
    story = a_story(stage=stage)
    before = story.case
    assert kinds(story.then("2025-01-20", contacts.log, a_contact())) == ["contact_logged"]
    assert (story.case.stage, story.case.since, story.case.outcome) == (before.stage, before.since, before.outcome)
    assert (story.case.plan and story.case.plan.status) == plan_status


def test_a_case_on_hold_is_moved_by_a_debtor_who_calls() -> None:
    """A hold stops what the creditor does; it is no stage."""
    story = a_story()
    story.then("2025-01-07", holds.hold, HoldReason.DISPUTE)
    story.then("2025-01-08", contacts.log, a_contact(direction="in"))
    assert (story.case.stage, story.case.status) == ("negotiation", "on_hold")


def test_a_contact_still_to_come_is_refused() -> None:
    story = a_story()
    at = datetime.fromisoformat("2025-01-08T12:00:01+08:00")
    with pytest.raises(InputError, match="still to come"):
        story.then("2025-01-08T12:00", contacts.log, a_contact(), at)
    story.then("2025-01-08T12:00:01", contacts.log, a_contact(), at)


def test_the_same_contact_is_logged_as_often_as_it_happened() -> None:
    story = a_story()
    for _ in range(96):
        story.then("2025-01-08", contacts.log, a_contact(channel="email", outcome="sent"))
    assert len(story.case.contacts) == 96


@pytest.mark.parametrize(
    ("party", "known"),
    [
        pytest.param("debtor", True, id="debtor"),
        pytest.param("guarantor", True, id="guarantor"),
        pytest.param("spouse", True, id="spouse"),
        pytest.param("debt_adviser", True, id="debt-adviser"),
        pytest.param("third_party:17", True, id="third-party"),
        pytest.param("contact_person:accounts: payable", True, id="contact-person-with-a-colon"),
        pytest.param("third_party", False, id="third-party-without-a-name"),
        pytest.param("third_party:", False, id="third-party-with-an-empty-name"),
        pytest.param("debtor:7", False, id="debtor-with-a-name"),
        pytest.param("Debtor", False, id="capital"),
        pytest.param("neighbour", False, id="unknown-word"),
        pytest.param("", False, id="empty"),
    ],
)
def test_party(party: str, known: bool) -> None:
    story = a_story()
    if known:
        story.then("2025-01-08", contacts.log, a_contact(party=party))
        return
    with pytest.raises(InputError, match="no party"):
        story.then("2025-01-08", contacts.log, a_contact(party=party))


@pytest.mark.parametrize(
    ("what", "demand", "final"),
    [
        pytest.param(a_contact(channel="letter", outcome="sent", purpose="demand"), True, False, id="demand-by-letter"),
        pytest.param(a_final_demand(), True, True, id="final-demand-by-letter"),
        pytest.param(a_contact(purpose="demand"), True, False, id="demand-in-a-conversation"),
        pytest.param(a_contact(outcome="voicemail_left", purpose="demand"), True, False, id="demand-on-voicemail"),
        pytest.param(a_final_demand(outcome="returned"), False, False, id="returned"),
        pytest.param(a_contact(outcome="no_answer", purpose="demand"), False, False, id="nobody-answered"),
        pytest.param(
            a_contact(outcome="voicemail_limited_content", purpose="demand"), False, False, id="limited-content"
        ),
        pytest.param(a_final_demand(direction="in"), False, False, id="incoming"),
        pytest.param(a_contact(channel="letter", outcome="sent", purpose="reminder"), False, False, id="reminder"),
        pytest.param(a_contact(channel="letter", outcome="sent"), False, False, id="no-purpose"),
    ],
)
def test_what_is_a_demand(what: ContactLogged, demand: bool, final: bool) -> None:
    """A demand is one that went out and could arrive."""
    story = a_story()
    story.then("2025-01-08", contacts.log, what)
    contact = story.case.contacts[0]
    assert (contact.demand, contact.final_demand) == (demand, final)
    facing = standing(story.case, story.policy, day("2025-01-08"))
    assert facing.demands == demand
    assert facing.final_demand_on == (day("2025-01-08") if final else None)


def test_attempts_are_those_that_went_out() -> None:
    story = a_story()
    for what in (
        a_contact(outcome="no_answer"),
        a_contact(outcome="busy"),
        a_contact(channel="email", outcome="sent"),
        a_contact(direction="in", outcome="dropped"),
    ):
        story.then("2025-01-08", contacts.log, what)
    assert standing(story.case, story.policy, day("2025-01-08")).attempts == 3
    assert standing(story.case, story.policy, day("2025-01-07")).attempts == 0


def test_the_first_final_demand_counts_and_one_from_before_the_agreement_does_not() -> None:
    """A plan that was agreed buries the demand before it; after the plan a new one is asked for."""
    story = a_story(stage=Stage.NEGOTIATION)
    story.then("2025-01-07", contacts.log, a_final_demand())
    story.then("2025-01-12", contacts.log, a_final_demand())
    assert standing(story.case, story.policy, day("2025-01-20")).final_demand_on == day("2025-01-07")
    story.then("2025-01-20", plans.propose, an_offer())
    story.then("2025-01-20", plans.accept)
    assert standing(story.case, story.policy, day("2025-01-21")).final_demand_on is None
    story.then("2025-02-10", contacts.log, a_final_demand())
    assert standing(story.case, story.policy, day("2025-02-10")).final_demand_on == day("2025-02-10")


def test_what_was_learned_and_what_it_cost_are_kept() -> None:
    story = a_story()
    what = ContactLogged(
        Channel.VISIT,
        Outcome.CONVERSATION,
        Direction.OUT,
        reason=Reason.LOST_JOB,
        willingness=Level.HIGH,
        ability=Level.LOW,
        minutes=25,
        cost=money("30.00 CNY"),
    )
    story.then("2025-01-08", contacts.log, what)
    (contact,), (belief,) = story.case.contacts, story.case.beliefs
    assert (contact.seq, contact.minutes, contact.cost) == (2, 25, money("30.00 CNY"))
    assert (belief.seq, belief.on) == (2, day("2025-01-08"))
    assert (belief.willingness, belief.ability, belief.reason) == ("high", "low", "lost_job")


@pytest.mark.parametrize(
    ("what", "beliefs"),
    [
        pytest.param(a_contact(), 0, id="nothing-learned"),
        pytest.param(a_contact(willingness=Level.LOW), 1, id="willingness"),
        pytest.param(a_contact(ability=Level.LOW), 1, id="ability"),
        pytest.param(a_contact(reason=Reason.FORGOT), 1, id="reason"),
    ],
)
def test_a_contact_is_a_belief_where_it_taught_something(what: ContactLogged, beliefs: int) -> None:
    story = a_story()
    story.then("2025-01-08", contacts.log, what)
    assert len(story.case.beliefs) == beliefs
