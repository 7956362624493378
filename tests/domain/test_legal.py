"""Stage 4: the step to legal action, and what it asks for."""

from __future__ import annotations

import pytest

from dunning_cli.domain import contacts, legal, payments, plans
from dunning_cli.domain.entries import StageMoved
from dunning_cli.domain.stages import Event, Stage
from dunning_cli.errors import StageRefusedError
from tests.builders import Story, a_contact, a_final_demand, a_policy, a_story, an_offer, day, money


def prepared(stage: Stage = Stage.NEGOTIATION) -> Story:
    """Two attempts and a final demand on 10 January: ready on 25 January."""
    story = a_story(stage=stage)
    for what in (a_contact(outcome="no_answer"), a_contact(outcome="no_answer"), a_final_demand()):
        story.then("2025-01-10", contacts.log, what)
    return story


@pytest.mark.parametrize(
    ("stage", "guards"),
    [
        pytest.param(
            Stage.CONTACT,
            ("not_on_hold", "enough_attempts", "enough_demands", "final_demand_aged", "worth_it"),
            id="contact",
        ),
        pytest.param(
            Stage.NEGOTIATION, ("not_on_hold", "no_open_proposal", "final_demand_aged", "worth_it"), id="negotiation"
        ),
    ],
)
def test_escalated_on_the_day_the_demand_is_old_enough(stage: Stage, guards: tuple[str, ...]) -> None:
    story = prepared(stage)
    with pytest.raises(StageRefusedError) as refused:
        story.then("2025-01-24", legal.escalate)
    assert [failed["guard"] for failed in refused.value.details["failed"]] == ["final_demand_aged"]
    (moved,) = story.then("2025-01-25", legal.escalate, "no answer to anything").entries
    assert moved.what == StageMoved(stage, Stage.LEGAL, Event.ESCALATE, guards, why="no answer to anything")
    assert (story.case.stage, story.case.since) == ("legal", day("2025-01-25"))


@pytest.mark.parametrize(
    "stage",
    [
        pytest.param(Stage.MONITORING, id="monitoring"),
        pytest.param(Stage.LEGAL, id="legal"),
        pytest.param("closed", id="closed"),
    ],
)
def test_where_there_is_no_way_to_legal(stage: Stage) -> None:
    story = prepared(stage)
    with pytest.raises(StageRefusedError, match=rf"'escalate' is not a move from {stage}; it starts from"):
        story.then("2025-02-25", legal.escalate)


def test_an_open_proposal_must_be_answered_first() -> None:
    story = prepared()
    story.then("2025-01-20", plans.propose, an_offer())
    with pytest.raises(StageRefusedError) as refused:
        story.then("2025-01-25", legal.escalate)
    assert [failed["guard"] for failed in refused.value.details["failed"]] == ["no_open_proposal"]
    story.then("2025-01-25", plans.decline)
    story.then("2025-01-25", legal.escalate)


def test_too_little_is_not_worth_it() -> None:
    story = prepared()
    story.policy = a_policy(legal={"min_balance": "600.00"})
    story.then("2025-01-20", payments.receive, money("400.01 CNY"), reference="A")
    with pytest.raises(StageRefusedError) as refused:
        story.then("2025-01-25", legal.escalate)
    assert [failed["guard"] for failed in refused.value.details["failed"]] == ["worth_it"]
    story.then("2025-01-25", payments.reverse, "A", "returned")
    story.then("2025-01-25", legal.escalate)


def test_a_demand_that_came_back_is_none() -> None:
    story = a_story(stage=Stage.NEGOTIATION)
    story.then("2025-01-10", contacts.log, a_final_demand(outcome="returned"))
    with pytest.raises(StageRefusedError):
        story.then("2025-03-25", legal.escalate)
