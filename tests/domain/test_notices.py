"""Levels of dunning: each switch of a policy on the day before and on the day itself, by days worked out by hand.

The debt of most stories is due on 1 December 2024, and the case opened on 6 January 2025, a Monday. The levels of
`STEPS` are reached 40, 50 and 65 days after day 0: counted from the due date, on 10 and 20 January and 4 February.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from dunning_cli.domain import closures, contacts, holds, notes, notices, payments, plans
from dunning_cli.domain.entries import CaseOutcome, Channel, HoldReason, NoticeDue, NoticeSent, Purpose, StageMoved
from dunning_cli.domain.policies import LEVEL_DEFAULTS, Policy
from dunning_cli.domain.review import NextAction, next_action
from dunning_cli.domain.stages import Event, Stage
from dunning_cli.errors import RefusedError
from tests.builders import Story, a_contact, a_policy, a_story, an_offer, day, kinds, money

STEPS: list[dict[str, Any]] = [
    {"after": 40},
    {"after": 50, "template": "demand"},
    {"after": 65, "template": "final_demand"},
]


def policy(*levels: dict[str, Any], **dunning: Any) -> Policy:
    """No days of grace, and what a level does not say is usual; a fee of 5.00 from the second level on."""
    rows = [
        {**LEVEL_DEFAULTS, "fee": "5.00" if number else "0.00", "respond_within_days": 0, **level}
        for number, level in enumerate(levels or STEPS)
    ]
    grace = dunning.pop("grace_days", 0)
    return a_policy(grace_days=grace, contact={"max_days": 3000}, dunning=dunning | {"level": rows})


def story(*levels: dict[str, Any], **dunning: Any) -> Story:
    return a_story(policy=policy(*levels, **dunning))


def send(story: Story, when: str, respond_by: str | None = None) -> list[str]:
    letter = a_contact(channel="letter", outcome="sent", purpose="demand", to="1 Long Street")
    return kinds(story.then(when, notices.send, letter, day(respond_by) if respond_by else None))


def reached(story: Story, first: str, last: str) -> list[tuple[str, int]]:
    """The levels that nightly runs find, each with its day."""
    found = story.review_daily(first, last)
    return [(e.effective_on.isoformat(), e.what.level) for e in found if isinstance(e.what, NoticeDue)]


def ahead(story: Story) -> NextAction | None:
    """What is next, but for the escalation, which these policies put off for years."""
    found = next_action(story.case, story.policy)
    return None if found and found.what == "escalation_due" else found


def is_first_due(story: Story, the_day: str, level: int = 1) -> None:
    """Nothing on the day before, the level on the day, nothing again; and the day is known before."""
    on = day(the_day)
    assert ahead(story) == NextAction(on, "notice_due")
    assert story.review(on - timedelta(days=1)) == []
    (entry,) = story.review(on)
    assert (entry.what.kind, entry.what.level, entry.what.rule_day) == ("notice_due", level, on)
    assert story.review(on) == []


# --- when nothing is asked for --------------------------------------------------------------------------------------


def test_a_policy_without_levels_does_nothing() -> None:
    quiet = a_story(policy=a_policy(contact={"max_days": 3000}))
    assert quiet.review("2026-01-01") == []
    assert quiet.case.level == 0


# --- day 0 ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("count_from", "opened", "the_day"),
    [
        pytest.param("due", {}, "2025-01-10", id="due"),
        pytest.param("day_after_due", {}, "2025-01-11", id="day-after-due"),
        pytest.param("opened", {}, "2025-02-15", id="opened"),
        pytest.param("invoice", {"incurred": day("2024-12-11")}, "2025-01-20", id="invoice"),
        pytest.param("invoice", {}, "2025-01-10", id="invoice-not-known"),
    ],
)
def test_day_0(count_from: str, opened: dict[str, Any], the_day: str) -> None:
    is_first_due(a_story(policy=policy(count_from=count_from), **opened), the_day)


def test_the_day_of_opening_stays_known_in_later_stages() -> None:
    later = a_story(policy=policy(count_from="opened"), stage=Stage.NEGOTIATION, moved="2025-01-20")
    is_first_due(later, "2025-02-15")


@pytest.mark.parametrize(("grace", "the_day"), [(39, "2025-01-10"), (40, "2025-01-11"), (45, "2025-01-16")])
def test_no_level_within_the_days_of_grace(grace: int, the_day: str) -> None:
    is_first_due(story(grace_days=grace), the_day)


@pytest.mark.parametrize(
    ("after", "the_day"),
    [(40, "2025-01-31"), (61, "2025-01-31"), (62, "2025-02-28")],
)
def test_the_end_of_the_month(after: int, the_day: str) -> None:
    """1 December and 61 days is 31 January, one more is 1 February."""
    is_first_due(story({"after": after, "mode": "end_of_month"}), the_day)


# --- one level after the other --------------------------------------------------------------------------------------


def test_what_a_level_says() -> None:
    late = story(advance="most_severe")
    (entry,) = late.review("2025-01-22")
    rule = "dunning.most_severe"
    assert entry.what == NoticeDue(2, rule, day("2025-01-20"), 50, Channel.EMAIL, "demand", "default@1", (1,))
    assert entry.effective_on == day("2025-01-22")
    assert late.case.level == 2


def test_sequential_a_case_far_behind_gets_the_first_level_first() -> None:
    late = story(require_sent=False)
    assert reached(late, "2025-03-01", "2025-03-05") == [("2025-03-01", 1), ("2025-03-02", 2), ("2025-03-03", 3)]
    assert ahead(late) is None


def test_most_severe_a_case_far_behind_gets_the_highest_level() -> None:
    late = story(advance="most_severe", require_sent=False)
    assert reached(late, "2025-03-01", "2025-03-05") == [("2025-03-01", 3)]
    assert ahead(late) is None


def test_most_severe_goes_up_day_by_day_like_any_other() -> None:
    daily = story(advance="most_severe", require_sent=False)
    assert reached(daily, "2025-01-06", "2025-02-10") == [("2025-01-10", 1), ("2025-01-20", 2), ("2025-02-04", 3)]


def test_require_sent_the_next_level_waits() -> None:
    waiting = story()
    assert reached(waiting, "2025-01-06", "2025-01-25") == [("2025-01-10", 1)]
    assert ahead(waiting) is None
    assert send(waiting, "2025-01-25") == ["contact_logged", "notice_sent"]
    is_first_due(waiting, "2025-01-26", 2)  # its day has passed, but two notices never fall due on one day


def test_without_it_the_days_alone_count() -> None:
    counting = story(require_sent=False)
    assert reached(counting, "2025-01-06", "2025-02-10") == [("2025-01-10", 1), ("2025-01-20", 2), ("2025-02-04", 3)]


@pytest.mark.parametrize(("gap", "the_day"), [(0, "2025-01-20"), (10, "2025-01-20"), (11, "2025-01-21")])
def test_days_between_two_notices(gap: int, the_day: str) -> None:
    spaced = story(min_gap_days=gap, require_sent=False)
    spaced.review("2025-01-10")
    is_first_due(spaced, the_day, 2)


@pytest.mark.parametrize(("sent", "the_day"), [("2025-01-10", "2025-01-20"), ("2025-01-18", "2025-01-25")])
def test_the_gap_is_counted_from_the_sending(sent: str, the_day: str) -> None:
    spaced = story(min_gap_days=7)
    spaced.review("2025-01-10")
    send(spaced, sent)
    is_first_due(spaced, the_day, 2)


@pytest.mark.parametrize(("respond_by", "the_day"), [("2025-01-19", "2025-01-20"), ("2025-01-31", "2025-02-01")])
def test_the_time_to_respond_comes_first(respond_by: str, the_day: str) -> None:
    answered = story()
    answered.review("2025-01-10")
    send(answered, "2025-01-11", respond_by)
    is_first_due(answered, the_day, 2)


def test_after_the_previous_notice_was_sent() -> None:
    chained = story({"after": 40}, {"after": 14, "mode": "after_previous"})
    chained.review("2025-01-10")
    send(chained, "2025-01-15")
    is_first_due(chained, "2025-01-29", 2)


def test_after_the_previous_level_where_nothing_needs_to_be_sent() -> None:
    chained = story({"after": 40}, {"after": 14, "mode": "after_previous"}, require_sent=False)
    chained.review("2025-01-12")
    is_first_due(chained, "2025-01-26", 2)


def test_most_severe_counts_levels_that_were_never_reached_from_their_own_day() -> None:
    """10 January and 14 days is the 24th, and 14 more is 7 February."""
    chain = {"after": 14, "mode": "after_previous"}
    late = story({"after": 40}, chain, chain, advance="most_severe", require_sent=False)
    assert [e.what.level for e in late.review("2025-02-06")] == [2]
    other = story({"after": 40}, chain, chain, advance="most_severe", require_sent=False)
    (entry,) = other.review("2025-02-07")
    assert (entry.what.level, entry.what.rule_day, entry.what.passed) == (3, day("2025-02-07"), (1, 2))


# --- holds ----------------------------------------------------------------------------------------------------------


def held(on_hold: str, start: str = "2025-01-08", last: str = "2025-01-12", **dunning: Any) -> Story:
    """Five days on hold, over the day of the first level."""
    paused = story(on_hold=on_hold, **dunning)
    paused.then(start, holds.hold, HoldReason.DISPUTE, day(last))
    return paused


@pytest.mark.parametrize(
    ("on_hold", "the_day", "level"),
    [
        pytest.param("freeze", "2025-01-15", 1, id="its-days-are-left-out"),
        pytest.param("clear", "2025-02-22", 1, id="the-count-starts-anew-on-the-13th"),
        pytest.param("skip_notice", "2025-01-20", 2, id="the-level-that-falls-in-it-is-passed-over"),
    ],
)
def test_what_a_hold_does(on_hold: str, the_day: str, level: int) -> None:
    paused = held(on_hold)
    assert kinds(paused.review("2025-01-13")) == ["released"]
    is_first_due(paused, the_day, level)


@pytest.mark.parametrize("on_hold", ["freeze", "clear", "skip_notice"])
def test_no_level_is_reached_on_hold(on_hold: str) -> None:
    assert held(on_hold, last="2025-03-01").review("2025-02-20") == []


def test_a_release_that_is_found_late_gives_no_further_delay() -> None:
    """The hold ended on the 12th, the run comes on the 20th: the level is due since the 15th."""
    paused = held("freeze")
    released, due = paused.review("2025-01-20")
    assert released.what.kind == "released"
    assert (due.what.level, due.what.rule_day) == (1, day("2025-01-15"))


def test_a_hold_that_clears_takes_back_the_levels() -> None:
    cleared = story(on_hold="clear", require_sent=False)
    reached(cleared, "2025-01-06", "2025-01-20")
    assert cleared.case.level == 2
    cleared.then("2025-01-21", holds.hold, HoldReason.DISPUTE)
    cleared.then("2025-02-01", holds.release)
    assert reached(cleared, "2025-02-01", "2025-03-31") == [("2025-03-13", 1), ("2025-03-23", 2)]


def test_a_skipped_level_is_named_by_the_next() -> None:
    paused = held("skip_notice")
    paused.review("2025-01-13")
    (entry,) = paused.review("2025-01-20")
    assert entry.what.passed == (1,)


def test_a_hold_that_ends_with_the_case_is_left_out_as_well() -> None:
    """Held from the 8th, closed on the 10th, opened again on the 11th: the three days on hold are left out."""
    paused = held("freeze", last="2025-03-01")
    paused.then("2025-01-10", closures.close, CaseOutcome.WRITTEN_OFF)
    paused.then("2025-01-11", closures.reopen, "found")
    assert ahead(paused) == NextAction(day("2025-01-13"), "notice_due")


# --- payments -------------------------------------------------------------------------------------------------------


def pay(story: Story, when: str, on: str | None = None, amount: str = "100.00 CNY") -> None:
    story.then(when, payments.receive, money(amount), on=day(on) if on else None, reference=f"P{when}")


def test_a_payment_changes_nothing_by_default() -> None:
    paid = story()
    pay(paid, "2025-01-09")
    is_first_due(paid, "2025-01-10")


def test_a_payment_starts_the_count_anew() -> None:
    paid = story(reanchor_after_payment=True)
    pay(paid, "2025-01-09")
    is_first_due(paid, "2025-02-18")


def test_a_payment_before_the_due_date_does_not() -> None:
    paid = story(reanchor_after_payment=True)
    pay(paid, "2025-01-07", on="2024-11-20")
    is_first_due(paid, "2025-01-10")


def test_a_payment_that_is_booked_late_takes_no_level_twice() -> None:
    """It came on the 9th and is booked on the 15th, after level 1 went out on the 10th: level 2 is next, 50 days on."""
    paid = story(reanchor_after_payment=True)
    paid.review("2025-01-10")
    send(paid, "2025-01-10")
    pay(paid, "2025-01-15", on="2025-01-09")
    is_first_due(paid, "2025-02-28", 2)


def test_a_reversal_takes_the_count_back() -> None:
    """Level 1 went out, and the payment that had started the count anew bounces: level 2 is next, not level 1."""
    paid = story(reanchor_after_payment=True)
    paid.review("2025-01-10")
    send(paid, "2025-01-10")
    pay(paid, "2025-01-15")
    assert ahead(paid) == NextAction(day("2025-02-24"), "notice_due")
    paid.then("2025-01-18", payments.reverse, "P2025-01-15", "returned")
    is_first_due(paid, "2025-01-20", 2)


def test_a_case_that_is_paid_gets_no_notice() -> None:
    paid = story()
    pay(paid, "2025-01-09", amount="1000.00 CNY")
    assert paid.review("2025-02-20") == []


def test_nor_does_one_within_the_tolerance() -> None:
    paid = story()
    pay(paid, "2025-01-09", amount="999.95 CNY")
    assert [kind for kind in kinds(paid.review("2025-02-20")) if kind == "notice_due"] == []


def test_a_reversal_opens_the_case_again_and_the_levels_go_on() -> None:
    paid = story()
    paid.review("2025-01-10")
    send(paid, "2025-01-10")
    pay(paid, "2025-01-12", amount="1000.00 CNY")
    paid.then("2025-01-25", payments.reverse, "P2025-01-12", "returned")
    assert [e.what.level for e in paid.review("2025-01-25")] == [2]


# --- where levels are counted ---------------------------------------------------------------------------------------


def test_not_while_a_proposal_is_open() -> None:
    proposed = a_story(policy=policy(), stage=Stage.NEGOTIATION)
    proposed.then("2025-01-08", plans.propose, an_offer(expires="2025-01-15"))
    assert proposed.review("2025-01-15") == []
    assert kinds(proposed.review("2025-01-16")) == ["plan_expired", "notice_due"]


def test_not_while_a_plan_is_followed() -> None:
    assert a_story(policy=policy(), stage=Stage.MONITORING).review("2025-01-31") == []


def test_not_in_legal() -> None:
    assert a_story(policy=policy(), stage=Stage.LEGAL).review("2026-01-31") == []


def test_not_on_a_closed_case() -> None:
    assert a_story(policy=policy(), stage="closed").review("2026-01-31") == []


def test_a_case_that_goes_to_legal_today_gets_no_notice() -> None:
    ready = a_policy(
        grace_days=0,
        contact={"max_days": 4, "min_attempts": 0, "min_demands": 0},
        legal={"auto_escalate": True, "demand_before_days": 0},
        dunning={"level": [{**LEVEL_DEFAULTS, "after": 40}]},
    )
    case = a_story(policy=ready)
    case.then("2025-01-06", contacts.log, a_contact(channel="letter", outcome="sent", purpose="final_demand"))
    assert ahead(case) == NextAction(day("2025-01-10"), "escalate")
    assert kinds(case.review("2025-01-10")) == ["stage_moved"]


# --- late runs ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("advance", ["sequential", "most_severe"])
def test_a_missed_run_skips_no_level(advance: str) -> None:
    """Whether the run comes each night or not for a week: the same level, due since the same day."""
    daily, late = story(advance=advance), story(advance=advance)
    daily.review_daily("2025-01-06", "2025-01-17")
    late.review("2025-01-17")
    told = [
        [(e.what.level, e.what.rule_day) for e in s.entries if isinstance(e.what, NoticeDue)] for s in (daily, late)
    ]
    assert told[0] == told[1] == [(1, day("2025-01-10"))]


# --- sending --------------------------------------------------------------------------------------------------------


def test_sending_charges_the_fee_once() -> None:
    sent = story(require_sent=False)
    reached(sent, "2025-01-06", "2025-01-20")
    assert send(sent, "2025-01-21", "2025-02-01") == ["contact_logged", "notice_sent", "charge_added"]
    notice = sent.entries[-2].what
    expected = NoticeSent(
        2, Channel.LETTER, "demand", Purpose.DEMAND, "default@1", day("2025-02-01"), money("5.00 CNY")
    )
    assert notice == replace(expected, to="1 Long Street")
    assert sent.case.owed(day("2025-01-21")) == money("1005.00 CNY")
    with pytest.raises(RefusedError, match="No notice is due"):
        send(sent, "2025-01-21")


def test_what_was_sent_by_mistake_can_be_sent_again_without_a_second_fee() -> None:
    sent = story(require_sent=False)
    reached(sent, "2025-01-06", "2025-01-20")
    send(sent, "2025-01-21")
    seq = next(e.seq for e in sent.entries if isinstance(e.what, NoticeSent))
    sent.then("2025-01-22", notes.void, seq, "the printer broke", sent.entries)
    assert send(sent, "2025-01-23") == ["contact_logged", "notice_sent"]
    assert sent.case.owed(day("2025-01-23")) == money("1005.00 CNY")


def test_a_fee_only_in_the_currency_of_the_policy() -> None:
    foreign = a_story(policy=policy(require_sent=False), owed="1000.00 EUR")
    reached(foreign, "2025-01-06", "2025-01-20")
    assert send(foreign, "2025-01-21") == ["contact_logged", "notice_sent"]


def test_a_notice_is_a_demand_for_the_guards() -> None:
    sent = story({"after": 40, "template": "final_demand"})
    sent.review("2025-01-10")
    sent.then("2025-01-10", notices.send, 9)
    (contact,) = sent.case.contacts
    assert (contact.demand, contact.final_demand, contact.on) == (True, True, day("2025-01-10"))
    assert sent.entries[-1].what.contact_in == 9


def test_nothing_is_sent_where_no_level_was_reached() -> None:
    with pytest.raises(RefusedError):
        send(story(), "2025-01-09")


def test_nothing_is_sent_while_a_plan_is_followed() -> None:
    reached_first = story()
    reached_first.review("2025-01-10")
    reached_first.then("2025-01-11", contacts.log, a_contact())
    reached_first.then("2025-01-11", plans.propose, an_offer())
    with pytest.raises(RefusedError):
        send(reached_first, "2025-01-12")


def test_a_level_that_the_policy_lost_is_not_sent() -> None:
    lost = story(advance="most_severe")
    lost.review("2025-03-01")
    lost.policy = policy({"after": 40})
    assert notices.unsent(lost.case, lost.policy) is None
    assert ahead(lost) is None


def test_the_day_of_a_far_future_is_the_last_of_the_calendar() -> None:
    far = a_story(policy=policy({"after": 3650}), due="9999-12-01")
    assert notices.next_day(far.case, far.policy) == date.max


def test_moves_by_hand_leave_the_levels_as_they_are() -> None:
    moved = story()
    moved.review("2025-01-10")
    moved.add("2025-01-11", StageMoved(Stage.CONTACT, Stage.LEGAL, Event.ESCALATE))
    assert moved.case.level == 1
    assert ahead(moved) is None
