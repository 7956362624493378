"""Hours: windows, zones, wishes, answers, and the days on which clocks change."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from dunning_cli.domain.compliance.hours import HoursRule, Window
from dunning_cli.domain.compliance.rule import Lifting
from dunning_cli.domain.compliance.words import Event, Weekday
from dunning_cli.domain.entries import Channel, Outcome

from .builders import BERLIN, LOS_ANGELES, NEW_YORK, SHANGHAI, ask, at, call, facts, flag, guard, heard, rule

DAY = Window(from_=time(8), to=time(21))
NIGHT = Window(from_=time(22), to=time(8))
ALLOW = rule(HoursRule, allow=(DAY,))
FORBID = rule(HoursRule, forbid=(NIGHT,))
WISHES = rule(HoursRule, designated=(Event.INCONVENIENT_TIME,), reply_once=True)


@pytest.mark.parametrize(
    ("said", "when", "allowed"),
    [
        pytest.param(ALLOW, "2026-03-10 07:59:59.999999", False, id="an instant before the window"),
        pytest.param(ALLOW, "2026-03-10 08:00", True, id="its start is inside"),
        pytest.param(ALLOW, "2026-03-10 20:59:59.999999", True, id="an instant before its end"),
        pytest.param(ALLOW, "2026-03-10 21:00", False, id="its end is outside"),
        pytest.param(FORBID, "2026-03-10 21:59:59.999999", True, id="before a night"),
        pytest.param(FORBID, "2026-03-10 22:00", False, id="the night begins"),
        pytest.param(FORBID, "2026-03-10 00:00", False, id="the night runs past midnight"),
        pytest.param(FORBID, "2026-03-10 07:59:59.999999", False, id="the night's last instant"),
        pytest.param(FORBID, "2026-03-10 08:00", True, id="the night is over"),
    ],
)
def test_windows(said: HoursRule, when: str, allowed: bool) -> None:
    assert guard(said).check(ask(when), facts()).allowed is allowed


@pytest.mark.parametrize(
    ("when", "allowed"),
    [
        pytest.param("2026-03-10 10:59:59", False, id="07:59:59 in the west"),
        pytest.param("2026-03-10 11:00", True, id="08:00 in the west"),
        pytest.param("2026-03-10 20:59:59", True, id="still day in the east"),
        pytest.param("2026-03-10 21:00", False, id="21:00 in the east"),
    ],
)
def test_every_zone_in_which_the_debtor_may_be(when: str, allowed: bool) -> None:
    found = guard(ALLOW).check(ask(when, NEW_YORK), facts(zones=(NEW_YORK, LOS_ANGELES)))
    assert found.allowed is allowed
    if not allowed:
        day = 10 if when < "2026-03-10 11" else 11
        assert found.allowed_from == at(f"2026-03-{day} 11:00", NEW_YORK)


def test_zones_that_never_agree() -> None:
    """Office hours in Shanghai are the night of New York: no instant is found, and the search ends."""
    office = rule(HoursRule, allow=(Window(from_=time(9), to=time(12)),))
    found = guard(office).check(ask("2026-03-10 10:00", SHANGHAI), facts(zones=(SHANGHAI, NEW_YORK)))
    assert not found.allowed
    assert found.allowed_from is None


def test_without_a_zone_nobody_is_called() -> None:
    found = guard(ALLOW).check(ask(), facts(zones=()))
    assert not found.allowed
    assert found.findings[0].missing == ("debtor_timezones",)
    assert found.allowed_from is None
    assert guard(ALLOW, zone="Europe/Berlin").check(ask(), facts(zones=())).allowed


def test_the_zone_of_the_pack_beats_that_of_the_debtor() -> None:
    found = guard(FORBID, zone="Asia/Shanghai")
    assert not found.check(ask("2026-03-10 23:00", SHANGHAI), facts(zones=(BERLIN,))).allowed
    assert found.check(ask("2026-03-10 23:00", BERLIN), facts(zones=(BERLIN,))).findings[0].rule == "x.rule"
    assert found.check(ask("2026-03-10 09:00", SHANGHAI), facts(zones=(BERLIN,))).allowed  # 02:00 in Berlin


@pytest.mark.parametrize(
    ("when", "allowed"),
    [
        # New York: on 8 March 2026 clocks go from 02:00 -05:00 to 03:00 -04:00; on 1 November back again.
        pytest.param("2026-03-08T11:59:59+00:00", False, id="07:59:59 of the new time"),
        pytest.param("2026-03-08T12:00:00+00:00", True, id="08:00 of the new time"),
        pytest.param("2026-03-07T12:00:00+00:00", False, id="07:00 of the old time"),
        pytest.param("2026-11-01T12:59:59+00:00", False, id="07:59:59 after the clocks went back"),
        pytest.param("2026-11-01T13:00:00+00:00", True, id="08:00 after the clocks went back"),
        pytest.param("2026-11-02T01:59:59+00:00", True, id="20:59:59 after the clocks went back"),
    ],
)
def test_days_on_which_clocks_change(when: str, allowed: bool) -> None:
    asked = ask(zone=NEW_YORK)
    moved = type(asked)(at=datetime.fromisoformat(when), channel=Channel.CALL, debts=("A",))
    assert guard(ALLOW).check(moved, facts(zones=(NEW_YORK,))).allowed is allowed


def test_hours_that_begin_in_an_hour_that_is_skipped() -> None:
    """02:30 does not exist on that night: the hours open with the change itself, at 03:00."""
    early = rule(HoursRule, allow=(Window(from_=time(2, 30), to=time(12)),))
    found = guard(early).check(ask("2026-03-08 01:00", NEW_YORK), facts(zones=(NEW_YORK,)))
    assert found.allowed_from is not None
    assert found.allowed_from.astimezone(UTC) == datetime(2026, 3, 8, 7, 0, tzinfo=UTC)


def test_hours_that_begin_in_an_hour_that_comes_twice() -> None:
    """01:30 comes at -04:00 first."""
    early = rule(HoursRule, allow=(Window(from_=time(1, 30), to=time(12)),))
    found = guard(early).check(ask("2026-11-01 00:10", NEW_YORK), facts(zones=(NEW_YORK,)))
    assert found.allowed_from is not None
    assert found.allowed_from.astimezone(UTC) == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


def test_the_next_window() -> None:
    assert guard(ALLOW).check(ask("2026-03-10 22:00"), facts()).allowed_from == at("2026-03-11 08:00")
    assert guard(ALLOW).check(ask("2026-03-10 03:00"), facts()).allowed_from == at("2026-03-10 08:00")
    sundays = rule(HoursRule, allow=(Window(from_=time(10), to=time(12), weekdays=(Weekday.SU,)),))
    assert guard(sundays).check(ask("2026-03-08 12:00"), facts()).allowed_from == at("2026-03-15 10:00")


TUESDAYS: dict[str, Any] = {"weekdays": (Weekday.TU,)}
AFTERNOON: dict[str, Any] = {"from_": time(15), "to_": time(17)}


@pytest.mark.parametrize(
    ("wish", "when", "allowed"),
    [
        pytest.param(TUESDAYS, "2026-03-10 00:00", False, id="the day begins"),
        pytest.param(TUESDAYS, "2026-03-10 23:59:59", False, id="the day ends"),
        pytest.param(TUESDAYS, "2026-03-11 00:00", True, id="the day after"),
        pytest.param(AFTERNOON, "2026-03-10 14:59:59", True, id="before the hours"),
        pytest.param(AFTERNOON, "2026-03-10 15:00", False, id="in the hours"),
        pytest.param(AFTERNOON, "2026-03-10 17:00", True, id="after the hours"),
        pytest.param({"until": date(2026, 3, 10)}, "2026-03-10 23:59", False, id="on the last day"),
        pytest.param({"until": date(2026, 3, 10)}, "2026-03-11 00:00", True, id="after the last day"),
        pytest.param({"media": (Channel.EMAIL,)}, "2026-03-10 12:00", True, id="of another medium"),
        pytest.param({"debts": ("B",)}, "2026-03-10 12:00", True, id="of another debt"),
        pytest.param({"debts": ("A",)}, "2026-03-10 12:00", False, id="of this debt"),
        pytest.param({}, "2026-02-28 12:00", True, id="before it was said"),
    ],
)
def test_wishes_of_the_debtor(wish: dict[str, Any], when: str, allowed: bool) -> None:
    known = facts(flags=[flag(Event.INCONVENIENT_TIME, **wish)])
    assert guard(WISHES).check(ask(when), known).allowed is allowed


def test_a_wish_of_nights_belongs_to_the_day_on_which_it_begins() -> None:
    known = facts(flags=[flag(Event.INCONVENIENT_TIME, weekdays=(Weekday.TU,), from_=time(22), to_=time(6))])
    assert not guard(WISHES).check(ask("2026-03-10 23:00"), known).allowed
    assert not guard(WISHES).check(ask("2026-03-11 05:59"), known).allowed
    assert guard(WISHES).check(ask("2026-03-11 23:00"), known).allowed
    assert guard(WISHES).check(ask("2026-03-10 05:00"), known).allowed


@pytest.mark.parametrize(
    ("log", "asked", "allowed"),
    [
        pytest.param([heard("2026-03-10 15:30")], {"in_reply": True}, True, id="answered once"),
        pytest.param([heard("2026-03-10 15:30")], {}, False, id="no answer, but a message of our own"),
        pytest.param([heard("2026-03-10 14:30")], {"in_reply": True}, False, id="written before the hours"),
        pytest.param([heard("2026-03-09 15:30")], {"in_reply": True}, False, id="written in the hours of yesterday"),
        pytest.param(
            [heard("2026-03-10 15:30", Channel.TEXT)], {"in_reply": True}, False, id="written in another medium"
        ),
        pytest.param([heard("2026-03-10 15:30", who="spouse")], {"in_reply": True}, False, id="by somebody else"),
        pytest.param(
            [heard("2026-03-10 15:30"), call("2026-03-10 15:35", Outcome.SENT, channel=Channel.EMAIL)],
            {"in_reply": True},
            False,
            id="answered already",
        ),
        pytest.param(
            [
                heard("2026-03-10 15:30"),
                call("2026-03-10 15:35", Outcome.SENT, channel=Channel.EMAIL),
                heard("2026-03-10 15:40"),
            ],
            {"in_reply": True},
            True,
            id="each message of theirs renews it",
        ),
    ],
)
def test_a_message_is_answered_once(log: list[Any], asked: dict[str, Any], allowed: bool) -> None:
    known = facts(flags=[flag(Event.INCONVENIENT_TIME, **AFTERNOON)], contacts=log)
    assert guard(WISHES).check(ask("2026-03-10 16:00", channel=Channel.EMAIL, **asked), known).allowed is allowed


AGREED = rule(HoursRule, forbid=(NIGHT,), except_=(Lifting(event=Event.CONSENT_HOURS),))


@pytest.mark.parametrize(
    ("consent", "when", "allowed"),
    [
        pytest.param({"from_": time(22), "to_": time(23)}, "2026-03-10 22:30", True, id="in the hours"),
        pytest.param({"from_": time(22), "to_": time(23)}, "2026-03-10 23:00", False, id="their end is outside"),
        pytest.param({"valid_on": date(2026, 3, 10)}, "2026-03-10 23:00", True, id="on the day"),
        pytest.param({"valid_on": date(2026, 3, 10)}, "2026-03-11 00:00", False, id="after the day"),
        pytest.param({"ended": at("2026-03-10 20:00")}, "2026-03-10 22:30", False, id="taken back"),
        pytest.param({"media": (Channel.TEXT,)}, "2026-03-10 22:30", False, id="for another medium"),
        pytest.param({"debts": ("B",)}, "2026-03-10 22:30", False, id="for another debt"),
    ],
)
def test_consent_to_other_hours(consent: dict[str, Any], when: str, allowed: bool) -> None:
    known = facts(flags=[flag(Event.CONSENT_HOURS, **consent)])
    assert guard(AGREED).check(ask(when), known).allowed is allowed


def test_agreed_hours_open_sooner_than_the_morning() -> None:
    known = facts(flags=[flag(Event.CONSENT_HOURS, from_=time(6, 15), to_=time(7))])
    assert guard(AGREED).check(ask("2026-03-10 23:00"), known).allowed_from == at("2026-03-11 06:15")


def test_a_consent_to_somebody_else_lifts_nothing() -> None:
    direct = rule(HoursRule, forbid=(NIGHT,), except_=(Lifting(event=Event.CONSENT_HOURS, direct=True),))
    for given_to, allowed in ((None, True), ("collector", True), ("creditor", False)):
        known = facts(flags=[flag(Event.CONSENT_HOURS, given_to=given_to)])
        assert guard(direct).check(ask("2026-03-10 23:00"), known).allowed is allowed


@pytest.mark.parametrize("zone", ["America/New_York", "Asia/Kathmandu", "Pacific/Apia", "Australia/Lord_Howe"])
def test_opens_on_every_hour_of_a_week(zone: str) -> None:
    """What is told as the next open instant is open, and the instant before is not."""
    there = ZoneInfo(zone)
    found = guard(ALLOW)
    first = datetime(2026, 3, 28, tzinfo=UTC)
    for hours in range(24 * 9):
        moment = first + timedelta(hours=hours, minutes=7)
        asked = type(ask())(at=moment, channel=Channel.CALL, debts=("A",))
        verdict = found.check(asked, facts(zones=(there,)))
        if verdict.allowed_from:
            opens = verdict.allowed_from.astimezone(there)
            assert (opens.hour, opens.minute) == (8, 0)
            assert opens - moment < timedelta(hours=12)
