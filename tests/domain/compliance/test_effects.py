"""What a fact changes, found by asking the guard with it and without it."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from dunning_cli.domain.compliance.effects import Effects, effects
from dunning_cli.domain.compliance.facts import Debt, Facts, Flag
from dunning_cli.domain.compliance.guard import guard_of
from dunning_cli.domain.compliance.words import Event, Weekday
from dunning_cli.domain.entries import Channel
from dunning_cli.rules.book import Book

NOON = datetime(2026, 2, 11, 12, tzinfo=ZoneInfo("America/Chicago"))
US = guard_of(Book().pack("us-federal"))
KNOWN = Facts(debts=(Debt(id="1", type="medical", consumer=True),), zones=(ZoneInfo("America/Chicago"),))


def of(flag: Flag, *others: Flag, at: datetime = NOON) -> Effects:
    return effects(US, replace(KNOWN, flags=(flag, *others)), flag, at.astimezone(UTC))


def test_a_cease_notice_forbids_every_contact() -> None:
    found = of(Flag(event=Event.CEASE_NOTICE, received=date(2026, 2, 10)))
    assert found.holds
    (effect,) = found.forbids
    assert (effect.finding.rule, set(effect.channels), effect.until) == ("us.cease", set(Channel), None)
    assert found.lifts == ()


def test_what_was_only_sent_forbids_nothing_yet() -> None:
    assert of(Flag(event=Event.CEASE_NOTICE, sent=date(2026, 2, 10))).forbids == ()


def test_an_opt_out_forbids_its_own_medium_alone() -> None:
    found = of(Flag(event=Event.MEDIUM_OPT_OUT, at=date(2026, 2, 10), media=(Channel.TEXT,)))
    assert [effect.channels for effect in found.forbids] == [(Channel.TEXT,)]


def test_a_fact_that_answers_another_lifts_what_it_forbade() -> None:
    notice = Flag(event=Event.CEASE_NOTICE, received=date(2026, 2, 1))
    back = Flag(event=Event.CEASE_WITHDRAWN, at=date(2026, 2, 9))
    assert of(notice, back).forbids == ()
    assert [effect.finding.rule for effect in of(back, notice).lifts] == ["us.cease"]


@pytest.mark.parametrize(
    ("at", "holds"),
    [
        pytest.param(NOON - timedelta(days=3), False, id="before-it-begins"),
        pytest.param(NOON, True, id="while-it-lasts"),
        pytest.param(datetime(2026, 2, 12, 23, 59, tzinfo=ZoneInfo("America/Chicago")), True, id="its-last-minute"),
        pytest.param(datetime(2026, 2, 13, tzinfo=ZoneInfo("America/Chicago")), False, id="the-day-after"),
    ],
)
def test_a_fact_lasts_from_its_first_local_day_to_its_last(at: datetime, holds: bool) -> None:
    found = of(Flag(event=Event.ATTORNEY_REPRESENTED, at=date(2026, 2, 9), until=date(2026, 2, 12)), at=at)
    assert found.holds is holds
    assert bool(found.forbids) is holds
    assert found.until == datetime(2026, 2, 13, 6, tzinfo=UTC)


def test_hours_that_suit_nobody_are_said_outside_them_too() -> None:
    """At noon on a Wednesday a wish about Monday mornings forbids nothing, and still stands."""
    wish = Flag(event=Event.INCONVENIENT_TIME, weekdays=(Weekday.MO,), from_=time(9), to_=time(12))
    found = of(wish)
    assert found.forbids == ()
    assert [each.rule for each in found.at_times] == ["us.designated_times"]
    monday = of(wish, at=datetime(2026, 2, 9, 10, tzinfo=ZoneInfo("America/Chicago")))
    (effect,) = monday.forbids
    assert effect.until == datetime(2026, 2, 9, 12, tzinfo=ZoneInfo("America/Chicago"))


def test_of_two_notices_each_forbids_what_both_do() -> None:
    one = Flag(event=Event.CEASE_NOTICE, received=date(2026, 2, 1))
    other = Flag(event=Event.CEASE_NOTICE, received=date(2026, 2, 2))
    assert [each.finding.rule for each in of(one, other).forbids] == ["us.cease"]
    assert of(one, other).forbids == of(other, one).forbids
