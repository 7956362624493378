"""Stages 2 and 3: schedules to the cent, what a policy allows, and every way a proposal is answered."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunning_cli.domain import closures, holds, payments, plans
from dunning_cli.domain.cases import Decision
from dunning_cli.domain.days import Every
from dunning_cli.domain.entries import CaseOutcome, HoldReason, Installment, PlanAccepted, PlanTerms, StageMoved
from dunning_cli.domain.facts import Payment, Plan
from dunning_cli.domain.money import Money
from dunning_cli.domain.plans import Offer, schedule
from dunning_cli.domain.review import next_action
from dunning_cli.domain.stages import Event, Stage
from dunning_cli.errors import InputError, RefusedError, StageRefusedError, UsageError
from tests.builders import (
    Story,
    a_plan,
    a_policy,
    a_story,
    an_offer,
    day,
    kinds,
    money,
    some_terms,
)

TODAY = "2025-01-10"


def in_negotiation(**given: Any) -> Story:
    """A case of 1000.00 whose debtor was reached."""
    return a_story(stage=Stage.NEGOTIATION, **given)


def proposed(**given: Any) -> Story:
    """A case in negotiation with a plan proposed on 10 January, open until 24 January."""
    story = in_negotiation(**given)
    story.then(TODAY, plans.propose, an_offer())
    return story


def rows(plan: Plan | None) -> list[tuple[int, str, str]]:
    assert plan
    return [(row.number, row.due.isoformat(), str(row.amount)) for row in plan.installments]


def row(number: int, due: str, amount: str) -> tuple[int, str, str]:
    return (number, due, amount)


@pytest.mark.parametrize(
    ("owed", "offer", "expected"),
    [
        pytest.param(
            "1000.00 CNY",
            an_offer(installments=3, first="2025-02-01"),
            [row(1, "2025-02-01", "333.34"), row(2, "2025-03-01", "333.33"), row(3, "2025-04-01", "333.33")],
            id="three-months-with-a-spare-cent",
        ),
        pytest.param(
            "1000.00 CNY",
            an_offer(installments=4, first="2025-01-31"),
            [
                row(1, "2025-01-31", "250.00"),
                row(2, "2025-02-28", "250.00"),
                row(3, "2025-03-31", "250.00"),
                row(4, "2025-04-30", "250.00"),
            ],
            id="month-ends",
        ),
        pytest.param(
            "100.00 CNY",
            an_offer(installments=3, first="2025-01-20", every="week"),
            [row(1, "2025-01-20", "33.34"), row(2, "2025-01-27", "33.33"), row(3, "2025-02-03", "33.33")],
            id="weeks",
        ),
        pytest.param(
            "100.00 CNY",
            an_offer(installments=3, first="2025-02-20", every="2weeks"),
            [row(1, "2025-02-20", "33.34"), row(2, "2025-03-06", "33.33"), row(3, "2025-03-20", "33.33")],
            id="fortnights",
        ),
        pytest.param(
            "1000.00 CNY",
            an_offer(installments=1, first="2025-01-31", amount="200.00 CNY"),
            [row(1, "2025-01-31", "200.00")],
            id="a-promise-over-a-part",
        ),
        pytest.param(
            "1000.00 CNY",
            an_offer(installments=2, first="2025-02-10", down="300.01 CNY"),
            [row(1, "2025-01-24", "300.01"), row(2, "2025-02-10", "350.00"), row(3, "2025-03-10", "349.99")],
            id="down-payment-due-when-the-proposal-expires",
        ),
        pytest.param(
            "1000.00 CNY",
            an_offer(installments=2, first="2025-01-20", down="400.00 CNY"),
            [row(1, "2025-01-20", "400.00"), row(2, "2025-01-20", "300.00"), row(3, "2025-02-20", "300.00")],
            id="down-payment-due-with-the-first-installment-at-the-latest",
        ),
        pytest.param(
            "1000.00 CNY",
            an_offer(installments=2, first="2025-02-01", settle_for="600.01 CNY"),
            [row(1, "2025-02-01", "300.01"), row(2, "2025-03-01", "300.00")],
            id="settlement",
        ),
        pytest.param(
            "1000.00 CNY",
            an_offer(installments=2, first="2025-02-01", settle_for="600.00 CNY", down="100.00 CNY"),
            [row(1, "2025-01-24", "100.00"), row(2, "2025-02-01", "250.00"), row(3, "2025-03-01", "250.00")],
            id="settlement-with-a-down-payment",
        ),
        pytest.param(
            "100 JPY",
            an_offer(installments=3, first="2025-02-01"),
            [row(1, "2025-02-01", "34"), row(2, "2025-03-01", "33"), row(3, "2025-04-01", "33")],
            id="yen",
        ),
    ],
)
def test_a_proposal_to_the_cent(owed: str, offer: Offer, expected: list[tuple[int, str, str]]) -> None:
    story = in_negotiation(owed=owed)
    story.then(TODAY, plans.propose, offer)
    assert rows(story.case.plan) == expected


@given(
    st.integers(1000, 10**9),
    st.integers(1, 400),
    st.dates(day("2000-01-01"), day("2050-12-31")),
    st.sampled_from(Every),
    st.booleans(),
)
def test_every_schedule_adds_up_and_goes_forward(
    total: int, parts: int, first: Any, every: Every, with_down: bool
) -> None:
    down = Installment(1, first, Money(137, "CNY")) if with_down else None
    found = schedule(Money(total, "CNY"), parts, first, every, down)
    assert sum(r.amount.minor for r in found) == total
    assert [r.number for r in found] == list(range(1, parts + with_down + 1))
    assert found[int(with_down)].due == first
    regular = [r.due for r in found[int(with_down) :]]
    assert all(a < b for a, b in pairwise(regular))


def test_what_a_proposal_says() -> None:
    story = in_negotiation(policy=a_policy(version=3))
    decision = story.then(TODAY, plans.propose, an_offer(every="week"))
    (entry,) = decision.entries
    assert entry.effective_on == day(TODAY)
    assert (entry.what.number, entry.what.expires, entry.what.every) == (1, day("2025-01-24"), "week")
    assert (entry.what.settles, entry.what.policy) == (False, "default@3")
    plan = story.case.plan
    assert plan
    assert (plan.status, plan.proposed_on, plan.proposed, plan.terms) == ("proposed", day(TODAY), entry.seq, None)
    assert story.case.stage == "negotiation"


def test_plans_are_numbered() -> None:
    story = proposed()
    story.then(TODAY, plans.decline)
    story.then(TODAY, plans.propose, an_offer(settle_for="900.00 CNY"))
    assert story.case.plan
    assert (story.case.plan.number, story.case.plan.settles, story.case.plans) == (2, True, 2)


def test_the_plan_covers_what_is_owed_today() -> None:
    story = in_negotiation()
    story.then("2025-01-08", payments.receive, money("399.99 CNY"))
    story.then(TODAY, plans.propose, an_offer(installments=2))
    assert rows(story.case.plan) == [row(1, "2025-02-01", "300.01"), row(2, "2025-03-01", "300.00")]


@pytest.mark.parametrize(
    ("offer", "error", "text"),
    [
        pytest.param(an_offer(first="2025-01-09"), InputError, "in the past", id="first-installment-yesterday"),
        pytest.param(an_offer(expires="2025-01-09"), InputError, "in the past", id="expired-yesterday"),
        pytest.param(an_offer(amount="1000.01 CNY"), RefusedError, "more than the 1000.00 owed", id="more-than-owed"),
        pytest.param(an_offer(settle_for="1000.00 CNY"), RefusedError, "less than the 1000.00", id="settles-for-all"),
        pytest.param(an_offer(settle_for="1000.01 CNY"), RefusedError, "less than the 1000.00", id="settles-for-more"),
        pytest.param(
            an_offer(settle_for="500.00 CNY", amount="500.00 CNY"), UsageError, "exclude each other", id="both-sums"
        ),
        pytest.param(an_offer(down="1000.00 CNY"), InputError, "leaves nothing", id="all-of-it-down"),
        pytest.param(an_offer(down="1000.01 CNY"), InputError, "leaves nothing", id="more-than-all-down"),
        pytest.param(
            an_offer(down="500.00 CNY", settle_for="500.00 CNY"), InputError, "leaves nothing", id="settlement-all-down"
        ),
        pytest.param(an_offer(installments=61), RefusedError, "allows 60 installments, not 61", id="too-many"),
        pytest.param(
            an_offer(installments=2, amount="0.01 CNY"), RefusedError, "too small", id="less-than-a-cent-each"
        ),
        pytest.param(an_offer(installments=0), (InputError, RefusedError, UsageError), ".", id="no-installments"),
        pytest.param(an_offer(installments=-1), (InputError, RefusedError, UsageError), ".", id="fewer-than-none"),
        pytest.param(an_offer(first="9999-12-31"), (InputError, RefusedError), ".", id="months-beyond-the-calendar"),
    ],
)
def test_what_cannot_be_proposed(offer: Offer, error: Any, text: str) -> None:
    with pytest.raises(error, match=text):
        in_negotiation().then(TODAY, plans.propose, offer)


@pytest.mark.parametrize(
    "offer",
    [
        pytest.param(an_offer(first=TODAY), id="first-installment-today"),
        pytest.param(an_offer(expires=TODAY), id="expires-today"),
        pytest.param(an_offer(amount="1000.00 CNY"), id="exactly-what-is-owed"),
        pytest.param(an_offer(settle_for="999.99 CNY"), id="a-cent-less"),
        pytest.param(an_offer(down="999.99 CNY", installments=1), id="all-but-a-cent-down"),
        pytest.param(an_offer(installments=60), id="as-many-as-allowed"),
        pytest.param(an_offer(installments=2, amount="0.02 CNY"), id="a-cent-each"),
    ],
)
def test_what_can_just_be_proposed(offer: Offer) -> None:
    assert kinds(in_negotiation().then(TODAY, plans.propose, offer)) == ["plan_proposed"]


def test_a_proposal_until_the_end_of_time() -> None:
    """The day after 9999-12-31 does not exist; nothing may fall over it."""
    story = in_negotiation()
    story.then(TODAY, plans.propose, an_offer(expires="9999-12-31"))
    assert next_action(story.case, story.policy) is None


@pytest.mark.parametrize(
    ("offer", "fine"),
    [
        pytest.param(an_offer(installments=4), True, id="each-250.00"),
        pytest.param(an_offer(installments=5), False, id="each-200.00"),
        pytest.param(an_offer(installments=4, amount="999.99 CNY"), False, id="the-last-a-cent-less"),
        pytest.param(an_offer(installments=1, down="249.99 CNY"), False, id="a-small-down-payment"),
    ],
)
def test_the_smallest_installment_that_a_policy_allows(offer: Offer, fine: bool) -> None:
    story = in_negotiation(policy=a_policy(plan={"min_installment": "250.00"}))
    if fine:
        story.then(TODAY, plans.propose, offer)
        return
    with pytest.raises(RefusedError, match=r"policy default@1 asks for 250\.00 at least"):
        story.then(TODAY, plans.propose, offer)


@pytest.mark.parametrize(
    ("stage", "fine"),
    [
        pytest.param(Stage.CONTACT, False, id="contact"),
        pytest.param(Stage.NEGOTIATION, True, id="negotiation"),
        pytest.param(Stage.MONITORING, False, id="monitoring"),
        pytest.param(Stage.LEGAL, True, id="legal"),
        pytest.param("closed", False, id="closed"),
    ],
)
def test_where_a_plan_can_be_proposed(stage: Stage, fine: bool) -> None:
    story = a_story(stage=stage)
    if fine:
        story.then(TODAY, plans.propose, an_offer())
        assert story.case.stage == stage
        return
    with pytest.raises(StageRefusedError, match="plan_proposed"):
        story.then(TODAY, plans.propose, an_offer())


def test_one_proposal_at_a_time() -> None:
    story = proposed()
    with pytest.raises(StageRefusedError) as refused:
        story.then("2025-01-24", plans.propose, an_offer())
    assert [failed["guard"] for failed in refused.value.details["failed"]] == ["no_open_proposal"]
    story.then("2025-01-25", plans.propose, an_offer())
    assert story.case.plan
    assert story.case.plan.number == 2


@pytest.mark.parametrize("stage", [pytest.param(Stage.NEGOTIATION, id="plan"), pytest.param(Stage.LEGAL, id="court")])
def test_an_accepted_plan_is_monitored(stage: Stage) -> None:
    story = a_story(stage=stage)
    story.then(TODAY, plans.propose, an_offer())
    accepted, moved = story.then("2025-01-12", plans.accept).entries
    terms = PlanTerms(3, money("0.00 CNY"), 2, Stage.NEGOTIATION)
    assert accepted.what == PlanAccepted(1, terms, "default@1")
    assert moved.what == StageMoved(
        stage, Stage.MONITORING, Event.PLAN_ACCEPTED, ("proposal_open",), rule="plan_accepted"
    )
    case = story.case
    assert case.plan
    assert (case.stage, case.since, case.agreed_on) == ("monitoring", day("2025-01-12"), day("2025-01-12"))
    assert (case.plan.status, case.plan.terms) == ("accepted", terms)


def test_an_accepted_plan_keeps_the_tolerances_it_was_agreed_with() -> None:
    own = {"tolerance_days": 10, "tolerance_amount": "5.00", "max_missed": 4, "on_break": "legal"}
    story = proposed(policy=a_policy(plan=own))
    story.then("2025-01-12", plans.accept)
    story.policy = a_policy(version=2)
    assert story.case.plan
    assert story.case.plan.terms == PlanTerms(10, money("5.00 CNY"), 4, Stage.LEGAL)
    assert kinds(story.review("2025-02-11")) == ["policy_changed"]
    assert kinds(story.review("2025-02-12")) == ["installment_missed"]


@pytest.mark.parametrize(
    ("act", "kind", "status"),
    [
        pytest.param(plans.decline, "plan_declined", "declined", id="the-debtor-declines"),
        pytest.param(plans.withdraw, "plan_withdrawn", "withdrawn", id="the-creditor-withdraws"),
    ],
)
def test_a_proposal_that_is_not_accepted(act: Callable[..., Decision], kind: str, status: str) -> None:
    story = proposed()
    decision = story.then("2025-01-12", act, "too much a month")
    assert kinds(decision) == [kind]
    assert (decision.entries[0].what.number, decision.entries[0].what.why) == (1, "too much a month")
    assert story.case.plan
    assert (story.case.plan.status, story.case.stage) == (status, "negotiation")
    with pytest.raises(RefusedError, match="No plan is proposed"):
        story.then("2025-01-12", act)


ANSWERS = [
    pytest.param(plans.accept, id="accept"),
    pytest.param(plans.decline, id="decline"),
    pytest.param(plans.withdraw, id="withdraw"),
]


@pytest.mark.parametrize("act", ANSWERS)
def test_a_proposal_is_answered_on_its_last_day_and_not_after(act: Callable[..., Decision]) -> None:
    on_time, late = proposed(), proposed()
    on_time.then("2025-01-24", act)
    with pytest.raises(RefusedError):
        late.then("2025-01-25", act)


@pytest.mark.parametrize("act", ANSWERS[1:])
def test_an_expired_proposal_is_named(act: Callable[..., Decision]) -> None:
    with pytest.raises(RefusedError, match=r"^Plan 1 expired on 2025-01-24\.$"):
        proposed().then("2025-01-25", act)


@pytest.mark.parametrize("act", ANSWERS)
@pytest.mark.parametrize(
    "story",
    [
        pytest.param(in_negotiation(), id="none-was-proposed"),
        pytest.param(a_story(stage=Stage.MONITORING), id="it-was-accepted-already"),
    ],
)
def test_there_must_be_a_proposal(story: Story, act: Callable[..., Decision]) -> None:
    with pytest.raises(RefusedError):
        story.then("2025-01-12", act)


@pytest.mark.parametrize("act", ANSWERS)
def test_a_closed_case_answers_no_proposal(act: Callable[..., Decision]) -> None:
    story = proposed()
    story.then("2025-01-12", closures.close, CaseOutcome.WITHDRAWN)
    with pytest.raises(RefusedError):
        story.then("2025-01-12", act)


def test_a_proposal_can_be_declined_on_hold() -> None:
    story = proposed()
    story.then("2025-01-11", holds.hold, HoldReason.DISPUTE)
    assert kinds(story.then("2025-01-12", plans.decline)) == ["plan_declined"]


def test_no_new_plan_after_as_many_broken_ones_as_the_policy_allows() -> None:
    """One renegotiation: the first broken plan may be followed by a second, the second by none."""
    story = a_story(stage=Stage.MONITORING, offer=an_offer(installments=1, first="2025-01-20"))
    story.review("2025-01-24")
    assert (story.case.stage, story.case.plans_broken) == ("negotiation", 1)
    story.then("2025-01-25", plans.propose, an_offer(installments=1, first="2025-02-01"))
    story.then("2025-01-25", plans.accept)
    story.review("2025-02-05")
    assert (story.case.stage, story.case.plans_broken) == ("negotiation", 2)
    with pytest.raises(StageRefusedError) as refused:
        story.then("2025-02-05", plans.propose, an_offer(first="2025-03-01"))
    assert [failed["guard"] for failed in refused.value.details["failed"]] == ["may_renegotiate"]


# --- what counts toward a plan --------------------------------------------------------------------------------------


def parts(story: Story, on: str) -> list[str]:
    """What each installment has received by the end of a day."""
    assert story.case.plan
    return [str(part) for _, part, _ in story.case.plan.statuses(story.case.payments, day(on))]


def test_payments_count_from_the_proposal_on_the_oldest_installment_first() -> None:
    story = in_negotiation()
    story.then("2025-01-09", payments.receive, money("100.00 CNY"), reference="before")
    story.then(TODAY, payments.receive, money("50.00 CNY"), reference="same-day-before")
    story.then(TODAY, plans.propose, an_offer(installments=3, amount="600.00 CNY"))
    story.then(TODAY, plans.accept)
    story.then(TODAY, payments.receive, money("120.00 CNY"), reference="same-day-after")
    story.then("2025-01-20", payments.receive, money("130.00 CNY"), reference="later")
    story.then("2025-01-21", payments.receive, money("10.00 CNY"), on=day("2025-01-09"), reference="dated-before")
    assert parts(story, "2025-01-19") == ["120.00", "0.00", "0.00"]
    assert parts(story, "2025-01-20") == ["200.00", "50.00", "0.00"]
    assert parts(story, "2025-01-21") == ["200.00", "50.00", "0.00"]


def test_what_is_paid_beyond_the_plan_is_nobodys_installment() -> None:
    story = a_story(stage=Stage.MONITORING, offer=an_offer(installments=2, amount="200.00 CNY"))
    story.then("2025-01-20", payments.receive, money("350.00 CNY"))
    assert parts(story, "2025-01-20") == ["100.00", "100.00"]


@pytest.mark.parametrize(
    ("missed", "paid", "expected"),
    [
        pytest.param((), "0.00", ["open", "open", "open"], id="nothing-paid-nothing-missed"),
        pytest.param((), "300.00", ["paid", "open", "open"], id="the-first-paid"),
        pytest.param((), "450.00", ["paid", "open", "open"], id="the-second-in-part"),
        pytest.param((1,), "0.00", ["missed", "open", "open"], id="the-first-missed"),
        pytest.param((1,), "299.99", ["partial", "open", "open"], id="the-first-short-by-a-cent"),
        pytest.param((1,), "300.00", ["paid", "open", "open"], id="the-first-paid-late"),
        pytest.param((1, 2), "310.00", ["paid", "partial", "open"], id="the-second-missed-in-part"),
        pytest.param((1, 2, 3), "0.00", ["missed", "missed", "missed"], id="all-missed"),
        pytest.param((), "900.00", ["paid", "paid", "paid"], id="all-paid"),
    ],
)
def test_the_word_for_each_installment(missed: tuple[int, ...], paid: str, expected: list[str]) -> None:
    received = [Payment(9, day("2025-02-10"), money(f"{paid} CNY"), "A")]
    found = a_plan(missed=missed).statuses(received, day("2025-02-10"))
    assert [str(status) for _, _, status in found] == expected
    before = a_plan(missed=missed).statuses(received, day("2025-02-09"))
    assert [str(part) for _, part, _ in before] == ["0.00", "0.00", "0.00"]


@pytest.mark.parametrize(
    ("paid", "short"),
    [
        pytest.param("294.99", [1, 2, 3], id="short-by-5.01"),
        pytest.param("295.00", [2, 3], id="short-by-5.00"),
        pytest.param("590.00", [2, 3], id="the-second-short-by-10.00"),
        pytest.param("595.00", [3], id="the-second-short-by-5.00"),
        pytest.param("895.00", [], id="the-last-short-by-5.00"),
    ],
)
def test_an_installment_short_by_the_tolerance_counts_as_paid(paid: str, short: list[int]) -> None:
    plan = a_plan(terms=some_terms(tolerance_amount="5.00 CNY"))
    received = [Payment(9, day("2025-02-10"), money(f"{paid} CNY"), "A")]
    assert [i.number for i, _ in plan.unpaid(received, day("2025-02-10"))] == short


@pytest.mark.parametrize(
    ("paid", "short"), [pytest.param("0.01", [], id="a-cent-paid"), pytest.param("0.00", [1], id="nothing-paid")]
)
def test_a_cent_is_something_paid(paid: str, short: list[int]) -> None:
    plan = a_plan(installments=[("2025-02-01", "5.01 CNY")], terms=some_terms(tolerance_amount="5.01 CNY"))
    received = [Payment(9, day("2025-02-10"), money(f"{paid} CNY"), "A")]
    assert [i.number for i, _ in plan.unpaid(received, day("2025-02-10"))] == short


def test_what_was_paid_toward_a_proposal_counts() -> None:
    """The debtor pays before they have said yes."""
    received = [Payment(9, day("2025-01-12"), money("300.00 CNY"), "A")]
    found = a_plan(status="proposed").statuses(received, day("2025-01-12"))
    assert [str(status) for _, _, status in found] == ["paid", "open", "open"]


def test_an_installment_of_which_nothing_was_paid_is_never_within_the_tolerance() -> None:
    """Ten installments of 10.00 under a tolerance of 10.00: the settlement must not be kept before a cent came in."""
    story = in_negotiation(policy=a_policy(plan={"tolerance_amount": "10.00"}))
    try:
        story.then(TODAY, plans.propose, an_offer(installments=10, settle_for="100.00 CNY"))
    except RefusedError:
        return
    story.then(TODAY, plans.accept)
    assert story.review(TODAY) == []
    assert story.case.status == "open"


def test_what_a_plan_adds_up_to() -> None:
    assert a_plan().total == money("900.00 CNY")
    assert a_plan(installments=[("2025-02-01", "7.00 EUR")], status="proposed").total == money("7.00 EUR")


@pytest.mark.parametrize(
    ("missed", "max_missed", "expected"),
    [
        pytest.param([], 2, None, id="none"),
        pytest.param([1], 2, None, id="one"),
        pytest.param([1, 3], 2, None, id="two-apart"),
        pytest.param([1, 2], 2, ("max_missed", (1, 2)), id="two-in-a-row"),
        pytest.param([2, 1], 2, ("max_missed", (1, 2)), id="in-any-order"),
        pytest.param([1, 3, 4], 2, ("max_missed", (3, 4)), id="two-in-a-row-after-one"),
        pytest.param([1, 2], 3, None, id="two-of-three"),
        pytest.param([1], 1, ("max_missed", (1,)), id="one-is-enough"),
        pytest.param([5], 2, ("last_missed", (5,)), id="the-last"),
        pytest.param([1, 2, 4, 5], 2, ("max_missed", (1, 2)), id="in-a-row-before-the-last"),
        pytest.param([3, 5], 2, ("last_missed", (5,)), id="the-last-and-one-apart"),
    ],
)
def test_what_breaks_a_plan(missed: list[int], max_missed: int, expected: tuple[str, tuple[int, ...]] | None) -> None:
    five = [(f"2025-0{month}-01", "100.00 CNY") for month in range(2, 7)]
    plan = a_plan(installments=five, terms=some_terms(max_missed=max_missed))
    assert plan.broken_by(missed) == expected


def test_a_proposal_breaks_by_nothing() -> None:
    assert a_plan(status="proposed").broken_by([1, 2, 3]) is None
