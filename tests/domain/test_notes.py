"""Notes, assignments, and entries made by mistake."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings

from dunning_cli.domain import assessments, contacts, notes, payments
from dunning_cli.domain.cases import entries_as_of, fold
from dunning_cli.domain.entries import CASE_KINDS, Assessed, Assigned, CaseReopened, Level, Noted, Voided
from dunning_cli.domain.journal import entry as new_entry
from dunning_cli.domain.stages import Stage
from dunning_cli.errors import EntryNotFoundError, InputError, RefusedError
from tests.builders import Story, a_contact, a_final_demand, a_now, a_story, an_offer, day, kinds, money
from tests.domain.values import of_type

# Facts can be voided; everything else is a decision, or has an answer of its own.
VOIDABLE = {
    *("contact_logged", "assessed", "payment_received", "payment_reversed", "noted"),
    *("charge_added", "refunded", "claim_fact_recorded", "notice_sent"),
}


def test_a_note_changes_nothing_but_the_journal() -> None:
    story = a_story()
    before = story.case
    decision = story.then("2025-01-20", notes.note, "call after six\n\n王")
    assert [entry.what for entry in decision.entries] == [Noted("call after six\n\n王")]
    assert story.case.seq == before.seq + 1
    assert (story.case.stage, story.case.contacts, story.case.hold) == (before.stage, (), None)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param(" \n\t", id="white-space"),
        pytest.param("\u3000", id="full-width-space"),
    ],
)
def test_an_empty_note_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="empty"):
        a_story().then("2025-01-20", notes.note, text)


def test_a_case_is_given_to_a_collector_once() -> None:
    story = a_story(collector="li")
    assert kinds(story.then("2025-01-20", notes.assign, "li")) == []
    assert [e.what for e in story.then("2025-01-20", notes.assign, "wang").entries] == [Assigned("wang")]
    assert story.case.collector == "wang"
    assert kinds(story.then("2025-01-21", notes.assign, "wang")) == []


@pytest.mark.parametrize("name", [pytest.param("", id="empty"), pytest.param(" \t", id="white-space")])
def test_a_case_is_given_to_somebody(name: str) -> None:
    with pytest.raises(InputError, match="empty"):
        a_story().then("2025-01-20", notes.assign, name)


def with_a_contact() -> Story:
    story = a_story(stage=Stage.NEGOTIATION)
    story.then("2025-01-10", contacts.log, a_final_demand(willingness=Level.LOW))
    return story


def with_an_assessment() -> Story:
    story = a_story()
    story.then("2025-01-10", assessments.record, Assessed(Level.LOW, Level.LOW))
    return story


def with_a_payment() -> Story:
    story = a_story()
    story.then("2025-01-10", payments.receive, money("300.00 CNY"), on=day("2025-01-08"), reference="A")
    return story


def with_a_reversal() -> Story:
    story = with_a_payment()
    story.then("2025-01-12", payments.reverse, "A", "returned", day("2025-01-11"))
    return story


def with_a_note() -> Story:
    story = a_story()
    story.then("2025-01-10", notes.note, "wrong file")
    return story


def facts(story: Story) -> tuple[Any, ...]:
    """What a void can take away, and the balance of some days."""
    days = [day(f"2025-01-{number:02}") for number in range(6, 21)]
    return story.case.contacts, story.case.beliefs, story.case.payments, [str(story.case.owed(on)) for on in days]


@pytest.mark.parametrize(
    ("build", "without", "kind"),
    [
        pytest.param(with_a_contact, lambda: a_story(stage=Stage.NEGOTIATION), "contact_logged", id="contact_logged"),
        pytest.param(with_an_assessment, a_story, "assessed", id="assessed"),
        pytest.param(with_a_payment, a_story, "payment_received", id="payment_received"),
        pytest.param(with_a_reversal, with_a_payment, "payment_reversed", id="payment_reversed"),
        pytest.param(with_a_note, a_story, "noted", id="noted"),
    ],
)
def test_a_voided_fact_counts_no_longer(build: Callable[[], Story], without: Callable[[], Story], kind: str) -> None:
    """The case is as if it had never been written, on every day; both entries stand in the journal."""
    story = build()
    target = story.entries[-1]
    decision = story.then("2025-01-20", notes.void, target.seq, "my mistake", story.entries)
    (entry,) = decision.entries
    assert entry.what == Voided(target.seq, kind, "my mistake")
    assert (entry.effective, entry.effective_on) == (target.effective, target.effective_on)
    assert facts(story) == facts(without())
    assert target in story.entries
    for on in range(6, 21):
        as_of = fold(7, entries_as_of(story.entries, day(f"2025-01-{on:02}")))
        assert as_of.owed(day("2025-01-20")) == story.case.owed(day(f"2025-01-{on:02}"))


def test_what_is_voidable() -> None:
    assert {name for name, cls in CASE_KINDS.items() if cls.voidable} == VOIDABLE


@pytest.mark.parametrize("name", [pytest.param(name, id=name) for name in sorted(set(CASE_KINDS) - VOIDABLE)])
def test_decisions_are_not_voidable(name: str) -> None:
    @settings(max_examples=3)
    @given(of_type(CASE_KINDS[name]))
    def refuse(what: Any) -> None:
        story = a_story()
        entries = [*story.entries, new_entry(what, a_now("2025-01-10"), 2, None)]
        with pytest.raises(RefusedError, match=rf"^Entry 2 \({name}\) is a decision"):
            story.then("2025-01-20", notes.void, 2, "x", entries)

    refuse()


@pytest.mark.parametrize("seq", [pytest.param(0, id="0"), pytest.param(3, id="the-next"), pytest.param(-1, id="-1")])
def test_only_an_entry_that_is_there(seq: int) -> None:
    story = with_a_note()
    with pytest.raises(EntryNotFoundError, match=rf"no entry {seq}"):
        story.then("2025-01-20", notes.void, seq, "x", story.entries)


def test_an_entry_is_voided_once() -> None:
    story = with_a_note()
    story.then("2025-01-20", notes.void, 2, "x", story.entries)
    with pytest.raises(RefusedError, match="already void"):
        story.then("2025-01-20", notes.void, 2, "x", story.entries)


def test_a_void_is_not_voided() -> None:
    story = with_a_note()
    story.then("2025-01-20", notes.void, 2, "x", story.entries)
    with pytest.raises(RefusedError, match="decision"):
        story.then("2025-01-20", notes.void, 3, "x", story.entries)


def test_a_reversed_payment_is_voided_after_its_reversal_only() -> None:
    story = with_a_reversal()
    with pytest.raises(RefusedError, match="was reversed"):
        story.then("2025-01-20", notes.void, 2, "x", story.entries)
    story.then("2025-01-20", notes.void, 3, "x", story.entries)
    story.then("2025-01-20", notes.void, 2, "x", story.entries)
    assert story.case.payments == ()


def test_voiding_the_payment_that_closed_a_case_opens_it_again() -> None:
    story = a_story()
    story.then("2025-01-10", payments.receive, money("999.95 CNY"), reference="A")
    assert story.case.status == "closed"
    decision = story.then("2025-01-20", notes.void, 2, "another debtor's money", story.entries)
    assert kinds(decision) == ["voided", "case_reopened", "stage_moved"]
    assert decision.entries[1].what == CaseReopened("payment_voided")
    assert (story.case.status, str(story.case.owed(day("2025-01-20")))) == ("open", "1000.00")


def test_voiding_the_reversal_closes_the_case_again() -> None:
    story = a_story()
    story.then("2025-01-10", payments.receive, money("1000.00 CNY"), reference="A")
    story.then("2025-01-12", payments.reverse, "A", "returned")
    assert story.case.status == "open"
    reversal = next(e.seq for e in story.entries if e.what.kind == "payment_reversed")
    decision = story.then("2025-01-20", notes.void, reversal, "another payment was meant", story.entries)
    assert kinds(decision) == ["voided", "case_closed"]
    assert (story.case.outcome, story.case.closed_on) == ("paid", day("2025-01-20"))


def test_voiding_an_installment_of_a_completed_plan_follows_it_again() -> None:
    story = a_story(stage=Stage.MONITORING, offer=an_offer(installments=2))
    story.then("2025-02-01", payments.receive, money("500.00 CNY"), reference="A")
    story.then("2025-02-02", payments.receive, money("500.00 CNY"), reference="B")
    paid = next(e.seq for e in story.entries if e.what.kind == "payment_received" and e.what.reference == "B")
    story.then("2025-02-10", notes.void, paid, "x", story.entries)
    assert story.case.plan
    assert (story.case.stage, story.case.plan.status) == ("monitoring", "accepted")


def test_a_voided_contact_does_not_take_the_move_back() -> None:
    """Decisions stand until a later entry answers them."""
    story = a_story()
    story.then("2025-01-08", contacts.log, a_contact())
    story.then("2025-01-10", notes.void, 2, "another debtor", story.entries)
    assert (story.case.contacts, story.case.stage) == ((), "negotiation")


def test_a_void_written_in_another_zone_counts_on_the_day_of_what_it_cancels() -> None:
    """The day of an entry was fixed when it was written; its void must not come a day later."""
    story = a_story()
    at = datetime.fromisoformat("2025-01-08T02:00:00+08:00")  # still 7 January in UTC
    utc = a_now("2025-01-09", zone=ZoneInfo("UTC"))
    story.take(contacts.log(story.case, story.policy, utc, a_contact(outcome="no_answer"), at))
    assert story.entries[-1].effective_on == day("2025-01-07")
    (void,) = story.then("2025-01-10", notes.void, 2, "x", story.entries).entries
    assert void.effective_on == day("2025-01-07")
