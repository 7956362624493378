"""Holds stop what the creditor does, in any stage, and end by hand or by themselves."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from dunning_cli.domain import closures, holds, legal, plans
from dunning_cli.domain.cases import Decision
from dunning_cli.domain.entries import CaseOutcome, Held, HoldReason, Released
from dunning_cli.domain.facts import Hold
from dunning_cli.domain.review import next_action
from dunning_cli.domain.stages import Stage
from dunning_cli.errors import InputError, RefusedError, StageRefusedError
from tests.builders import a_story, an_offer, day, kinds


@pytest.mark.parametrize("reason", [pytest.param(reason, id=str(reason)) for reason in HoldReason])
@pytest.mark.parametrize("stage", [pytest.param(stage, id=str(stage)) for stage in Stage])
def test_a_case_can_be_held_in_any_stage(stage: Stage, reason: HoldReason) -> None:
    story = a_story(stage=stage)
    decision = story.then("2025-01-10", holds.hold, reason, day("2025-01-31"))
    assert [entry.what for entry in decision.entries] == [Held(reason, day("2025-01-31"))]
    assert story.case.hold == Hold(day("2025-01-10"), reason, day("2025-01-31"))
    assert (story.case.status, story.case.stage) == ("on_hold", stage)


def test_a_hold_is_released_by_hand() -> None:
    story = a_story()
    story.then("2025-01-10", holds.hold, HoldReason.DISPUTE)
    decision = story.then("2025-01-15", holds.release)
    assert [entry.what for entry in decision.entries] == [Released(HoldReason.DISPUTE)]
    assert story.case.hold is None
    assert story.case.status == "open"
    assert story.case.held_days == 5


def test_a_hold_in_force_is_replaced() -> None:
    story = a_story()
    story.then("2025-01-10", holds.hold, HoldReason.DISPUTE)
    decision = story.then("2025-01-14", holds.hold, HoldReason.INSOLVENCY)
    assert [entry.what for entry in decision.entries] == [
        Released(HoldReason.DISPUTE),
        Held(HoldReason.INSOLVENCY, None),
    ]
    assert story.case.hold == Hold(day("2025-01-14"), HoldReason.INSOLVENCY)
    story.then("2025-01-20", holds.release)
    assert story.case.held_days == 4 + 6


@pytest.mark.parametrize(
    ("until", "fine"),
    [
        pytest.param("2025-01-09", False, id="yesterday"),
        pytest.param("2025-01-10", True, id="today"),
        pytest.param("2025-01-11", True, id="tomorrow"),
    ],
)
def test_a_hold_ends_today_at_the_earliest(until: str, fine: bool) -> None:
    story = a_story()
    if fine:
        story.then("2025-01-10", holds.hold, HoldReason.OTHER, day(until))
        return
    with pytest.raises(InputError, match="in the past"):
        story.then("2025-01-10", holds.hold, HoldReason.OTHER, day(until))


def test_a_hold_until_the_end_of_time() -> None:
    """People write 9999-12-31 where they mean for ever."""
    story = a_story()
    story.then("2025-01-10", holds.hold, HoldReason.DECEASED, day("9999-12-31"))
    assert next_action(story.case, story.policy) is None
    assert story.review("2030-01-01") == []


def test_only_a_hold_can_be_released() -> None:
    with pytest.raises(RefusedError, match="not on hold"):
        a_story().then("2025-01-10", holds.release)


def test_a_closed_case_is_not_held() -> None:
    story = a_story(stage="closed")
    with pytest.raises(RefusedError, match=r"closed \(written_off\): a hold is refused"):
        story.then("2025-01-10", holds.hold, HoldReason.OTHER)


def test_closing_ends_a_hold() -> None:
    story = a_story()
    story.then("2025-01-10", holds.hold, HoldReason.DISPUTE)
    story.then("2025-01-12", closures.close, CaseOutcome.WITHDRAWN)
    assert (story.case.hold, story.case.status) == (None, "closed")
    story.then("2025-01-13", closures.reopen, "an error")
    assert story.case.status == "open"


@pytest.mark.parametrize(
    ("act", "given"),
    [
        pytest.param(plans.propose, (an_offer(),), id="propose"),
        pytest.param(legal.escalate, (), id="escalate"),
    ],
)
def test_nothing_is_proposed_and_nothing_escalated_on_hold(act: Callable[..., Decision], given: tuple[Any]) -> None:
    story = a_story(stage=Stage.NEGOTIATION)
    story.then("2025-01-10", holds.hold, HoldReason.DISPUTE)
    with pytest.raises(StageRefusedError) as refused:
        story.then("2025-01-11", act, *given)
    assert refused.value.details["failed"][0]["guard"] == "not_on_hold"


def test_what_the_debtor_accepts_is_accepted_on_hold() -> None:
    story = a_story(stage=Stage.NEGOTIATION)
    story.then("2025-01-08", plans.propose, an_offer())
    story.then("2025-01-10", holds.hold, HoldReason.COMPLAINT)
    assert kinds(story.then("2025-01-11", plans.accept)) == ["plan_accepted", "stage_moved"]
    assert (story.case.stage, story.case.status) == ("monitoring", "on_hold")


def test_held_days_start_with_the_stage() -> None:
    """A case that changes its stage on hold leaves out of the new deadline only the days held in the new stage."""
    story = a_story(stage=Stage.NEGOTIATION)
    story.then("2025-01-08", plans.propose, an_offer())
    story.then("2025-01-10", holds.hold, HoldReason.COMPLAINT)
    story.then("2025-01-14", plans.accept)
    story.then("2025-01-20", holds.release)
    assert story.case.held_days == 6


def test_a_hold_of_no_day_leaves_out_no_day() -> None:
    story = a_story()
    story.then("2025-01-10", holds.hold, HoldReason.OTHER)
    story.then("2025-01-10", holds.release)
    assert story.case.held_days == 0
