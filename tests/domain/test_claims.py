"""Facts of a claim: what may be recorded, and what follows from the journal of a case for the days of law."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from dunning_cli.domain import claims, contacts, notes, payments, plans
from dunning_cli.domain.claims import Holds, NewClaimFact, Word, facts_of, words_of
from dunning_cli.domain.debtors import Fact, FactField
from dunning_cli.domain.entries import CaseOutcome
from dunning_cli.domain.stages import Stage
from dunning_cli.errors import InputError
from dunning_cli.rules.book import Book
from dunning_cli.rules.words import words
from tests.builders import Story, a_contact, a_now, a_story, an_offer, day, money

CN = words_of(Book().pack("cn"), words().events)
DE = words_of(Book().pack("de"))
UK = words_of(Book().pack("uk-ew"))
SERVED = Word("payment_order_served", Holds.DAY)


# --- the words --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("pack", "name", "holds"),
    [
        ("cn", "payment_order_served", Holds.DAY),
        ("cn", "judgment_performance_last_day", Holds.DAY),
        ("cn", "acknowledgment", Holds.EVENT),
        ("cn", "demand_letter", Holds.EVENT),
        ("cn", "record_made", Holds.DAY),
        ("de", "mahnbescheid_served", Holds.DAY),  # an event and a day: the day counts
        ("de", "titled", Holds.DAY),
        ("de", "proceeding_ended", Holds.DAY),
        ("de", "consumer_credit", Holds.YES_NO),
        ("uk", "law", Holds.WORD),
        ("us-federal", "returned_undeliverable", Holds.YES_NO),
    ],
)
def test_a_pack_says_what_its_days_are_counted_from(pack: str, name: str, holds: Holds) -> None:
    assert words_of(Book().pack(pack))[name].holds is holds


@pytest.mark.parametrize("name", ["due", "consumer", "settled", "paid"])
def test_what_a_case_says_itself_is_no_fact_to_record(name: str) -> None:
    assert all(name not in words_of(pack) for pack in Book().packs())


def test_a_word_that_is_known_to_do_nothing_is_none() -> None:
    assert "call" not in CN
    assert "promise_to_pay" not in DE


# --- recording --------------------------------------------------------------------------------------------------------


def _record(story: Story, word: Word, new: NewClaimFact, on: str = "2025-02-10") -> None:
    story.take(claims.record(story.case, story.policy, a_now(on), word, new))


def test_a_fact_counts_from_its_day() -> None:
    story = a_story()
    _record(story, SERVED, NewClaimFact("payment_order_served", day("2025-02-01")))
    (fact,) = story.case.claim
    assert (fact.on, fact.field("at")) == (day("2025-02-01"), "2025-02-01")


def test_a_day_to_come_is_kept_and_dates_nothing_forward() -> None:
    """The last day to perform a judgment lies ahead; the case's own days stay where they are."""
    story = a_story()
    word = Word("judgment_performance_last_day", Holds.DAY)
    _record(story, word, NewClaimFact(word.name, day("2025-06-30")))
    assert story.case.claim[0].field("at") == "2025-06-30"
    assert story.entries[-1].effective_on == story.case.last_on == day("2025-02-10")


def test_without_a_day_it_is_today() -> None:
    story = a_story()
    _record(story, SERVED, NewClaimFact("payment_order_served"))
    assert story.case.claim[0].field("at") == "2025-02-10"


def test_an_event_that_is_still_to_come_is_refused() -> None:
    with pytest.raises(InputError, match="still to come"):
        _record(a_story(), CN["acknowledgment"], NewClaimFact("acknowledgment", day("2025-02-11")))


@pytest.mark.parametrize(
    ("word", "fields", "said"),
    [
        (CN["acknowledgment"], (("signed", "soon"),), "is a day"),
        (CN["acknowledgment"], (("colour", "2025-01-01"),), "no particular 'colour'"),
        (CN["acknowledgment"], (("at", "2025-01-01"), ("at", "2025-01-02")), "given twice"),
        (SERVED, (("signed", "2025-01-01"),), "it takes 'at'"),
        (UK["law"], (("value", "france"),), "is one of: "),
        (UK["law"], (), "is one of: "),
        (DE["consumer_credit"], (("value", "maybe"),), "is one of: true, false"),
    ],
)
def test_what_no_rule_could_read_is_refused(word: Word, fields: tuple[tuple[str, str], ...], said: str) -> None:
    with pytest.raises(InputError, match=said) as found:
        _record(a_story(), word, NewClaimFact(word.name, None, fields))
    assert found.value.exit_code == 6


def test_void_takes_a_fact_back() -> None:
    story = a_story()
    _record(story, SERVED, NewClaimFact("payment_order_served", day("2025-02-01")))
    story.then("2025-02-11", notes.void, 2, "another case", story.entries)
    assert tuple(story.case.claim) == ()


# --- what follows from the journal ------------------------------------------------------------------------------------


def _facts(story: Story, words: dict[str, Word] = CN, known: tuple[Fact, ...] = ()) -> dict[str, Any]:
    return facts_of(story.case, story.entries, known, words, story.policy)


def _events(story: Story, words: dict[str, Word] = CN) -> list[tuple[str, ...]]:
    rows = _facts(story, words).get("events", [])
    return [tuple(str(v) for k, v in row.items() if k != "inferred") for row in rows]


def test_of_a_new_case_the_opening_is_known() -> None:
    facts = _facts(a_story(due="2024-12-01", consumer=True))
    assert facts == {"due": "2024-12-01", "consumer": True, "collector_role": "third_party", "lender": "licensed"}


@pytest.mark.parametrize(
    ("given", "event"),
    [
        pytest.param({"outcome": "delivered"}, ("demand_letter", "2025-02-03"), id="arrived"),
        pytest.param({"outcome": "sent"}, None, id="only-sent"),
        pytest.param({"outcome": "returned"}, None, id="came-back"),
        pytest.param({"outcome": "delivered", "purpose": "reminder"}, None, id="no-demand"),
        pytest.param({"outcome": "delivered", "party": "third_party:7"}, None, id="to-another"),
        pytest.param({"outcome": "received", "direction": "in"}, None, id="from-the-debtor"),
        pytest.param({"channel": "call", "outcome": "conversation"}, ("demand_call", "2025-02-03"), id="spoken"),
        pytest.param({"channel": "call", "outcome": "voicemail_left"}, None, id="a-voicemail"),
        pytest.param({"channel": "call", "outcome": "no_answer"}, None, id="nobody-there"),
    ],
)
def test_a_demand_counts_where_it_surely_arrived(given: dict[str, Any], event: tuple[str, ...] | None) -> None:
    story = a_story()
    story.then("2025-02-03", contacts.log, a_contact(**{"channel": "letter", "purpose": "demand"} | given))
    assert _events(story) == ([event] if event else [])


def test_a_demand_does_nothing_where_the_law_gives_it_no_force() -> None:
    story = a_story()
    story.then("2025-02-03", contacts.log, a_contact(channel="letter", outcome="delivered", purpose="demand"))
    assert _events(story, DE) == _events(story, UK) == []


def test_a_voided_contact_never_happened() -> None:
    story = a_story()
    story.then("2025-02-03", contacts.log, a_contact(channel="letter", outcome="delivered", purpose="demand"))
    story.then("2025-02-04", notes.void, 2, "another case", story.entries)
    assert _events(story) == []
    assert "record_made" not in _facts(story)


def test_payments_count_unless_they_were_taken_back() -> None:
    story = a_story()
    story.then("2025-02-03", payments.receive, money("10.00 CNY"), reference="A")
    story.then("2025-02-04", payments.receive, money("10.00 CNY"), reference="B")
    story.then("2025-02-05", payments.reverse, "A", "returned")
    assert _events(story) == [("part_payment", "2025-02-04")]
    assert _events(story, UK) == _events(story, DE) == [("part_payment", "2025-02-04")]


def test_an_accepted_plan_counts_where_the_pack_has_the_word() -> None:
    story = a_story(stage=Stage.MONITORING, moved="2025-02-01")
    assert ("plan_agreed", "2025-02-01") in _events(story)
    assert _events(story, UK) == _events(story, DE) == []


def test_a_declined_plan_is_no_acknowledgment() -> None:
    story = a_story(stage=Stage.NEGOTIATION, moved="2025-02-03")
    story.then("2025-02-03", plans.propose, an_offer(first="2025-03-01"))
    story.then("2025-02-04", plans.decline)
    assert _events(story) == []


def test_the_first_demand_after_the_due_day_puts_the_debtor_in_default() -> None:
    story = a_story(due="2025-02-01")
    for on in ("2025-01-30", "2025-02-03", "2025-02-05"):
        story.then(on, contacts.log, a_contact(channel="letter", outcome="delivered", purpose="demand"))
    assert _facts(story, DE)["reminder"] == "2025-02-03"


def test_records_are_dated_by_the_last_contact_and_activity_by_the_last_of_all() -> None:
    story = a_story()
    story.then("2025-02-03", contacts.log, a_contact(said=("recorded=true",)))
    story.then("2025-02-05", contacts.log, a_contact(outcome="no_answer"))
    story.then("2025-02-09", payments.receive, money("10.00 CNY"))
    facts = _facts(story)
    names = ("record_made", "recording_made", "last_collection_activity", "initial_communication")
    assert [facts[name] for name in names] == ["2025-02-05", "2025-02-03", "2025-02-09", "2025-02-03"]


def test_a_paid_case_is_settled() -> None:
    story = a_story()
    story.then("2025-02-09", payments.receive, money("1000.00 CNY"))
    assert story.case.outcome is CaseOutcome.PAID
    assert (_facts(story)["settled"], _facts(story)["paid"]) == ("2025-02-09", "2025-02-09")


# --- what the debtor's journal adds -----------------------------------------------------------------------------------


def _fact(name: str, *, ended: str | None = None, cases: tuple[int, ...] = (), **fields: str) -> Fact:
    return Fact(2, name, "2025-02-01", cases, tuple(FactField(*each) for each in fields.items()), ended)


@pytest.mark.parametrize(
    ("fact", "name", "value"),
    [
        (_fact("moratorium", at="2025-02-02"), "first_day", "2025-02-02"),
        (_fact("moratorium"), "first_day", "2025-02-01"),
        (_fact("moratorium", kind="mental_health"), "first_day", None),
        (_fact("treatment_ended", at="2025-02-02"), "treatment_ended", "2025-02-02"),
        (_fact("complaint_open", at="2025-02-02"), "complaint_received", "2025-02-02"),
        (_fact("complaint_open", at="2025-02-02", cases=(8,)), "complaint_received", None),
        (_fact("complaint_open", at="2025-02-02", cases=(7,)), "complaint_received", "2025-02-02"),
        (_fact("moratorium", ended="2025-02-09"), "first_day", None),
    ],
)
def test_facts_of_the_debtor_that_concern_the_case_count(fact: Fact, name: str, value: str | None) -> None:
    assert _facts(a_story(), UK, (fact,)).get(name) == value


def test_a_word_of_both_worlds_is_read_from_the_debtors_journal() -> None:
    """The guard's own word for it: a signed notice is how a time-barred debt is acknowledged."""
    facts = _facts(a_story(), CN, (_fact("acknowledged_after_expiry", at="2025-02-02"),))
    assert facts["events"] == [{"type": "signed_collection_notice", "at": "2025-02-02"}]


def test_the_record_of_a_day_twice_leaves_the_latest() -> None:
    story = a_story()
    for on in ("2025-02-03", "2025-02-01"):
        _record(story, SERVED, NewClaimFact("payment_order_served", date.fromisoformat(on)))
    assert sorted(_facts(story)["payment_order_served"]) == ["2025-02-01", "2025-02-03"]


def test_no_country_stands_in_the_code() -> None:
    source = Path(claims.__file__).read_text()
    assert not any(f'"{pack}"' in source for pack in Book().pack_ids())
