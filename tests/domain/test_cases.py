"""The case as of a day, and as it was known: facts count by their own day, decisions in the order they were made."""

from __future__ import annotations

from datetime import datetime

import pytest

from dunning_cli.domain import closures, contacts, holds, notes, payments, plans
from dunning_cli.domain.cases import Case, entries_as_of, fold
from dunning_cli.domain.entries import CaseOutcome, DebtType, HoldReason
from dunning_cli.domain.stages import Stage
from tests.builders import Story, a_contact, a_now, a_policy, a_story, an_offer, day, kinds, money


def as_of(story: Story, on: str, known: str | None = None) -> Case:
    at = a_now(known).instant if known else None
    return fold(7, entries_as_of(story.entries, day(on), at))


def test_what_opens_a_case_stands_in_its_debt() -> None:
    story = a_story(
        owed="500.00 EUR",
        due="2024-09-01",
        opened="2025-01-06",
        reference="LOAN-7",
        portfolio="2024-Q3",
        incurred=day("2024-03-01"),
        debt_type=DebtType.CONSUMER_LOAN,
        consumer=True,
        jurisdiction="cn",
        collector="li",
        policy=a_policy(),
    )
    case, debt = story.case, story.case.debt
    assert (case.case_id, case.seq, case.stage, case.since, case.collector) == (
        7,
        1,
        "contact",
        day("2025-01-06"),
        "li",
    )
    assert (debt.debtor_id, debt.creditor, debt.reference, debt.portfolio) == (1, "Acme", "LOAN-7", "2024-Q3")
    assert (debt.principal, debt.due, debt.incurred) == (money("500.00 EUR"), day("2024-09-01"), day("2024-03-01"))
    assert (debt.debt_type, debt.consumer, debt.jurisdiction) == ("consumer_loan", True, "cn")
    assert kinds(story.entries) == ["case_opened"]
    assert fold(7, story.entries) == case


def a_year() -> Story:
    """Reached on the 8th, paid late for the 9th, planned on the 20th, held from the 25th, written off on 3 February."""
    story = a_story()
    story.then("2025-01-08", contacts.log, a_contact())
    story.then("2025-01-15", payments.receive, money("100.00 CNY"), on=day("2025-01-09"), reference="A")
    story.then("2025-01-20", plans.propose, an_offer())
    story.then("2025-01-20", plans.accept)
    story.then("2025-01-25", holds.hold, HoldReason.DISPUTE)
    story.then("2025-02-03", closures.close, CaseOutcome.WRITTEN_OFF)
    return story


@pytest.mark.parametrize(
    ("on", "stage", "status", "owed", "plan"),
    [
        pytest.param("2024-12-24", "contact", "open", "1000.00", None, id="before-it-was-opened"),
        pytest.param("2025-01-07", "contact", "open", "1000.00", None, id="the-day-before-the-call"),
        pytest.param("2025-01-08", "negotiation", "open", "1000.00", None, id="the-day-of-the-call"),
        pytest.param("2025-01-09", "negotiation", "open", "900.00", None, id="the-day-of-the-payment"),
        pytest.param("2025-01-19", "negotiation", "open", "900.00", None, id="the-day-before-the-plan"),
        pytest.param("2025-01-20", "monitoring", "open", "900.00", "accepted", id="the-day-of-the-plan"),
        pytest.param("2025-01-25", "monitoring", "on_hold", "900.00", "accepted", id="the-day-of-the-hold"),
        pytest.param("2025-02-02", "monitoring", "on_hold", "900.00", "accepted", id="the-day-before-the-end"),
        pytest.param("2025-02-03", "monitoring", "closed", "900.00", "accepted", id="the-end"),
    ],
)
def test_as_of_a_day(on: str, stage: str, status: str, owed: str, plan: str | None) -> None:
    case = as_of(a_year(), on)
    assert (case.stage, case.status, str(case.owed(day(on)))) == (stage, status, owed)
    assert (case.plan and case.plan.status) == plan


@pytest.mark.parametrize(
    ("on", "known", "owed"),
    [
        pytest.param("2025-01-09", "2025-01-14", "1000.00", id="not-yet-booked"),
        pytest.param("2025-01-09", "2025-01-15", "900.00", id="booked"),
        pytest.param("2025-01-08", "2025-01-15", "1000.00", id="booked-for-a-later-day"),
    ],
)
def test_what_was_known_then_about_a_day(on: str, known: str, owed: str) -> None:
    assert str(as_of(a_year(), on, known).owed(day(on))) == owed


def test_a_case_is_known_from_its_first_entry_on() -> None:
    """A question about the time before has the opening as its answer, never nothing."""
    assert kinds(entries_as_of(a_year().entries, None, a_now("2024-01-01").instant)) == ["case_opened"]


def test_a_decision_is_never_dated_back() -> None:
    """Paid on the 9th, booked on 3 March: the money counts from the 9th, the closing from 3 March."""
    story = a_story()
    story.then("2025-03-03", payments.receive, money("1000.00 CNY"), on=day("2025-01-09"))
    case = as_of(story, "2025-01-20")
    assert (case.status, str(case.owed(day("2025-01-20")))) == ("open", "0.00")
    assert as_of(story, "2025-03-03").status == "closed"


def test_a_decision_left_out_leaves_out_those_after_it() -> None:
    """A move from next month is no move yet, and what was decided on it later is not either, whatever its day."""
    story = a_story()
    late = datetime.fromisoformat("2025-01-07T10:00:00+08:00")
    story.then("2025-02-10", contacts.log, a_contact(), late)
    story.then("2025-02-11", plans.propose, an_offer(first="2025-03-01"))
    kept = entries_as_of(story.entries, day("2025-02-10"))
    assert kinds(kept) == ["case_opened", "contact_logged", "stage_moved"]
    assert kinds(entries_as_of(story.entries, day("2025-01-31"))) == ["case_opened", "contact_logged"]


def test_a_void_counts_on_every_day_on_which_its_target_would() -> None:
    story = a_story()
    story.then("2025-01-08", contacts.log, a_contact(outcome="no_answer"))
    story.then("2025-03-01", notes.void, 2, "another debtor", story.entries)
    assert as_of(story, "2025-01-08").contacts == ()
    assert len(as_of(story, "2025-01-08", "2025-02-28").contacts) == 1


def test_a_case_opened_on_a_past_day_in_the_creditors_zone() -> None:
    """23:30 UTC of the 5th is the 6th in Shanghai."""
    story = a_story(opened="2025-01-06T07:30")
    assert story.entries[0].effective_on == day("2025-01-06")
    assert story.entries[0].recorded_at.isoformat() == "2025-01-05T23:30:00+00:00"


def test_the_last_day_that_any_entry_speaks_of() -> None:
    story = a_story()
    assert story.case.last_on == day("2025-01-06")
    story.then("2025-01-20", payments.receive, money("1.00 CNY"), on=day("2025-01-02"))
    assert story.case.last_on == day("2025-01-06")
    story.then("2025-01-20", notes.note, "x")
    assert story.case.last_on == day("2025-01-20")


@pytest.mark.parametrize(
    ("on", "open_to_it"),
    [
        pytest.param("2025-01-24", True, id="last-day"),
        pytest.param("2025-01-25", False, id="the-day-after"),
    ],
)
def test_an_open_proposal(on: str, open_to_it: bool) -> None:
    story = a_story(stage=Stage.NEGOTIATION)
    assert story.case.open_proposal(day(on)) is None
    story.then("2025-01-10", plans.propose, an_offer())
    assert (story.case.open_proposal(day(on)) is not None) is open_to_it
