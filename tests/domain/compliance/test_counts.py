"""Counts, cooldowns and spacing, and what does not count."""

from __future__ import annotations

from datetime import date, time
from typing import Any

import pytest

from dunning_cli.domain.compliance.counts import CooldownRule, CountRule, SpacingRule, Window
from dunning_cli.domain.compliance.facts import Contact, Debt
from dunning_cli.domain.compliance.hours import HoursRule
from dunning_cli.domain.compliance.hours import Window as Hours
from dunning_cli.domain.compliance.rule import EndsOn, Lifting, Which
from dunning_cli.domain.compliance.scene import Scene
from dunning_cli.domain.compliance.words import Event, Key, Party
from dunning_cli.domain.entries import Channel, Direction, Outcome
from dunning_cli.domain.rules import Severity

from .builders import BERLIN, LOS_ANGELES, NEW_YORK, ask, at, call, facts, flag, guard, rule

CALLS = Which(channels=(Channel.CALL, Channel.RINGLESS_VOICEMAIL))
CONSENT = Lifting(event=Event.CONSENT_CALLS, days=7, ends_on=(EndsOn.CONVERSATION, EndsOn.REVOKED))
THREE = rule(
    CountRule,
    most=3,
    window=Window(days=7),
    key=(Key.COLLECTOR, Key.PERSON, Key.DEBT),
    blocks=CALLS,
    counts=Which(
        channels=(Channel.CALL, Channel.RINGLESS_VOICEMAIL),
        direction=Direction.OUT,
        not_outcomes=(Outcome.BUSY, Outcome.NOT_IN_SERVICE),
    ),
    except_=(CONSENT,),
    not_misdirected=True,
)
SILENCE = rule(
    CooldownRule,
    days=7,
    key=(Key.COLLECTOR, Key.PERSON, Key.DEBT),
    blocks=CALLS,
    after=Which(channels=(Channel.CALL,), outcomes=(Outcome.CONVERSATION,)),
    except_=(CONSENT,),
    not_misdirected=True,
)
LOG = [call("2026-03-04 10:00"), call("2026-03-06 10:00"), call("2026-03-09 10:00")]


@pytest.mark.parametrize(
    ("log", "asked", "opens"),
    [
        pytest.param(LOG, {}, "11", id="the window is full"),
        pytest.param(LOG[1:], {}, None, id="one is left"),
        pytest.param(LOG, {"channel": Channel.TEXT}, None, id="a text is no call"),
        pytest.param(LOG, {"channel": Channel.RINGLESS_VOICEMAIL}, "11", id="a ringless voicemail is one"),
        pytest.param(LOG, {"debts": ("B",)}, None, id="about another debt"),
        pytest.param(LOG, {"debts": ("A", "B")}, "11", id="about both debts"),
        pytest.param(LOG, {"who": "spouse", "party": Party.SPOUSE}, None, id="another person"),
        pytest.param(LOG, {"by": "agency:south"}, None, id="another collector"),
        pytest.param([*LOG[1:], call("2026-03-09 11:00", Outcome.BUSY)], {}, None, id="a busy line is no call"),
        pytest.param([*LOG[1:], call("2026-03-09 11:00", Outcome.NOT_IN_SERVICE)], {}, None, id="nor a dead one"),
        pytest.param([*LOG[1:], call("2026-03-09 11:00", Outcome.DROPPED)], {}, "13", id="a dropped one is"),
        pytest.param(
            [*LOG[1:], call("2026-03-09 11:00", Outcome.VOICEMAIL_LIMITED_CONTENT)], {}, "13", id="a voicemail is"
        ),
        pytest.param(
            [*LOG[1:], call("2026-03-09 11:00", direction=Direction.IN)], {}, None, id="the debtor's own calls are not"
        ),
        pytest.param([*LOG[1:], call("2026-03-11 11:00")], {}, None, id="what came afterwards is not looked at"),
        pytest.param([*LOG[1:], call("2026-03-03 23:59:59")], {}, None, id="eight days ago"),
        pytest.param([*LOG[1:], call("2026-03-04 00:00")], {}, "11", id="seven days ago"),
        pytest.param([*LOG[1:], call("2026-03-09 11:00", debts=("B",))], {}, None, id="placed about the other debt"),
        pytest.param(
            [*LOG[1:], call("2026-03-09 11:00", debts=("A", "B"), counted_toward=("B",))],
            {},
            None,
            id="a neutral call counts where the collector counts it",
        ),
    ],
)
def test_a_count(log: list[Contact], asked: dict[str, Any], opens: str | None) -> None:
    """`opens`: the day on which enough calls have left the window."""
    found = guard(THREE).check(ask("2026-03-10 12:00", **asked), facts(contacts=log))
    assert found.allowed is (opens is None)
    assert found.allowed_from == (at(f"2026-03-{opens} 00:00") if opens else None)


def test_windows_by_the_calendar() -> None:
    log = [call("2026-03-09 23:00"), call("2026-03-09 23:30"), call("2026-03-10 00:30")]
    day = rule(CountRule, most=2, window=Window(days=1))
    assert guard(day).check(ask("2026-03-09 23:45"), facts(contacts=log)).allowed_from == at("2026-03-10 00:00")
    assert guard(day).check(ask("2026-03-10 01:00"), facts(contacts=log)).allowed
    week = rule(CountRule, most=3, window=Window(week=True))  # 9 March is a Monday
    assert guard(week).check(ask("2026-03-15 12:00"), facts(contacts=log)).allowed_from == at("2026-03-16 00:00")
    ever = rule(CountRule, most=3)
    found = guard(ever).check(ask("2027-03-15 12:00"), facts(contacts=log))
    assert not found.allowed
    assert found.allowed_from is None


def test_more_than_the_most_must_leave_the_window() -> None:
    log = [call(f"2026-03-0{day} 10:00") for day in (4, 5, 6, 7, 8)]
    found = guard(THREE).check(ask("2026-03-08 12:00"), facts(contacts=log))
    assert found.allowed_from == at("2026-03-13 00:00")
    assert found.findings[0].opens == at("2026-03-13 00:00")


def test_days_are_those_of_the_debtor_and_where_zones_differ_the_fullest_window_counts() -> None:
    """01:00 in New York on the 4th is still the 3rd in Los Angeles."""
    log = [call(f"2026-03-{day} 10:00", zone=NEW_YORK) for day in ("06", "09")]
    log.append(call("2026-03-04 01:00", zone=NEW_YORK))
    asked = ask("2026-03-10 12:00", NEW_YORK)
    assert guard(THREE).check(asked, facts(zones=(LOS_ANGELES,), contacts=log)).allowed
    assert not guard(THREE).check(asked, facts(zones=(NEW_YORK,), contacts=log)).allowed
    found = guard(THREE).check(asked, facts(zones=(LOS_ANGELES, NEW_YORK), contacts=log))
    assert found.allowed_from == at("2026-03-11 00:00", NEW_YORK)


def test_calls_to_a_number_that_was_somebody_elses_drop_out() -> None:
    log = [call(f"2026-03-0{day} 10:00", to="N1") for day in (7, 8, 9)]
    learned = flag(Event.WRONG_NUMBER_LEARNED, "2026-03-09 12:00", to="N1")
    assert not guard(THREE).check(ask("2026-03-09 11:00"), facts(contacts=log, flags=[learned])).allowed
    assert guard(THREE).check(ask("2026-03-09 12:00"), facts(contacts=log, flags=[learned])).allowed
    other = flag(Event.WRONG_NUMBER_LEARNED, "2026-03-09 12:00", to="N2")
    assert not guard(THREE).check(ask("2026-03-09 13:00"), facts(contacts=log, flags=[other])).allowed


@pytest.mark.parametrize(
    ("consent", "log", "when", "allowed"),
    [
        pytest.param({}, [], "2026-03-09 12:00", True, id="lets a call pass"),
        pytest.param({}, [], "2026-03-15 23:59", True, id="on its seventh day"),
        pytest.param({"debts": ("B",)}, [], "2026-03-09 12:00", False, id="for another debt"),
        pytest.param({"valid_on": date(2026, 3, 10)}, [], "2026-03-09 12:00", False, id="before its day"),
        pytest.param({"valid_on": date(2026, 3, 10)}, [], "2026-03-10 12:00", True, id="on its day"),
        pytest.param({"valid_on": date(2026, 3, 10)}, [], "2026-03-11 00:00", False, id="after its day"),
        pytest.param({"until": date(2026, 3, 10)}, [], "2026-03-11 00:00", False, id="after its end"),
        pytest.param(
            {}, [call("2026-03-10 09:00", Outcome.CONVERSATION)], "2026-03-10 12:00", False, id="after a conversation"
        ),
        pytest.param(
            {"debts": ("A",)},
            [call("2026-03-10 09:00", Outcome.CONVERSATION, debts=("B",))],
            "2026-03-10 12:00",
            True,
            id="a conversation about something else ends nothing",
        ),
    ],
)
def test_consent_to_more_calls(consent: dict[str, Any], log: list[Contact], when: str, allowed: bool) -> None:
    full = [call(f"2026-03-09 0{hour}:00") for hour in (7, 8, 9)]
    known = facts(contacts=[*full, *log], flags=[flag(Event.CONSENT_CALLS, "2026-03-09 10:00", **consent)])
    assert guard(THREE).check(ask(when), known).allowed is allowed


def test_a_revoked_consent() -> None:
    full = [call(f"2026-03-09 0{hour}:00") for hour in (7, 8, 9)]
    given = flag(Event.CONSENT_CALLS, "2026-03-09 10:00")
    taken = flag(Event.CONSENT_REVOKED, "2026-03-10 10:00")
    known = facts(contacts=full, flags=[given, taken])
    assert guard(THREE).check(ask("2026-03-10 09:59"), known).allowed
    assert not guard(THREE).check(ask("2026-03-10 10:00"), known).allowed


def test_calls_under_a_consent_never_count() -> None:
    given = flag(Event.CONSENT_CALLS, "2026-03-02 10:00")
    log = [call(f"2026-03-0{day} 10:00") for day in (5, 6, 7, 8)]
    known = facts(contacts=log, flags=[given])
    assert guard(THREE).check(ask("2026-03-09 12:00"), known).allowed
    scene = Scene(ask("2026-03-09 12:00"), known)
    assert THREE.number(scene, "A", (BERLIN,)) == 0
    assert THREE.number(Scene(ask("2026-03-09 12:00"), facts(contacts=log)), "A", (BERLIN,)) == 4


@pytest.mark.parametrize(
    ("contact", "asked", "allowed"),
    [
        pytest.param(call("2026-03-04 10:00", Outcome.CONVERSATION), {}, False, id="on the seventh day"),
        pytest.param(call("2026-03-03 23:59", Outcome.CONVERSATION), {}, True, id="on the eighth day"),
        pytest.param(
            call("2026-03-09 10:00", Outcome.CONVERSATION, direction=Direction.IN), {}, False, id="the debtor rang"
        ),
        pytest.param(call("2026-03-09 10:00"), {}, True, id="nobody spoke"),
        pytest.param(
            call("2026-03-09 10:00", Outcome.CONVERSATION, debts=("B",), discussed=("A", "B")),
            {},
            False,
            id="whoever raised the debt",
        ),
        pytest.param(
            call("2026-03-09 10:00", Outcome.CONVERSATION, debts=("A", "B"), discussed=("B",)),
            {},
            True,
            id="the debt was not spoken of",
        ),
        pytest.param(
            call("2026-03-09 10:00", Outcome.CONVERSATION, discussed=(), counted_toward=("B",)),
            {},
            True,
            id="of no debt: the collector's choice",
        ),
        pytest.param(
            call("2026-03-09 10:00", Outcome.CONVERSATION), {"channel": Channel.LETTER}, True, id="a letter is no call"
        ),
        pytest.param(
            call("2026-03-09 10:00", Outcome.CONVERSATION, channel=Channel.VISIT), {}, True, id="a visit is no call"
        ),
    ],
)
def test_a_cooldown(contact: Contact, asked: dict[str, Any], allowed: bool) -> None:
    assert guard(SILENCE).check(ask("2026-03-10 12:00", **asked), facts(contacts=[contact])).allowed is allowed


def test_a_cooldown_ends_on_a_day_of_the_calendar() -> None:
    """Seven days over a change of clocks: 29 March has 23 hours."""
    log = [call("2026-03-25 23:50", Outcome.CONVERSATION)]
    assert guard(SILENCE).check(ask("2026-03-26 12:00"), facts(contacts=log)).allowed_from == at("2026-04-01 00:00")


def test_the_first_day_of_a_cooldown_may_be_the_next_one() -> None:
    after = rule(CooldownRule, days=2, first_day_counts=False)
    log = [call("2026-03-10 10:00", Outcome.CONVERSATION)]
    assert guard(after).check(ask("2026-03-10 12:00"), facts(contacts=log)).allowed_from == at("2026-03-13 00:00")


def test_a_conversation_under_a_consent_begins_the_silence_anew() -> None:
    log = [call("2026-03-02 10:00", Outcome.CONVERSATION), call("2026-03-05 10:00", Outcome.CONVERSATION)]
    known = facts(contacts=log, flags=[flag(Event.CONSENT_CALLS, "2026-03-02 10:05")])
    assert guard(SILENCE).check(ask("2026-03-05 09:00"), known).allowed
    assert guard(SILENCE).check(ask("2026-03-05 12:00"), known).allowed_from == at("2026-03-12 00:00")


def test_a_consent_for_a_day_opens_that_day() -> None:
    log = [call("2026-03-06 10:00", Outcome.CONVERSATION)]
    known = facts(contacts=log, flags=[flag(Event.CONSENT_CALLS, "2026-03-06 10:05", valid_on=date(2026, 3, 9))])
    hours = rule(HoursRule, "x.hours", allow=(Hours(from_=time(8), to=time(21)),))
    found = guard(SILENCE, hours).check(ask("2026-03-07 12:00"), known)
    assert found.allowed_from == at("2026-03-09 08:00")


def test_loans_under_one_account_are_one_debt() -> None:
    debts = (Debt(id="S1", group="one"), Debt(id="S2", group="one"), Debt(id="S3"))
    known = facts(debts=debts, contacts=[call("2026-03-09 10:00", Outcome.CONVERSATION, debts=("S1",))])
    assert not guard(SILENCE).check(ask(debts=("S2",)), known).allowed
    assert guard(SILENCE).check(ask(debts=("S3",)), known).allowed


def test_spacing() -> None:
    five = rule(SpacingRule, minutes=5, key=(Key.PERSON, Key.ADDRESS), severity=Severity.WARN)
    log = [call("2026-03-10 11:56", to="N1")]
    found = guard(five).check(ask("2026-03-10 12:00", to="N1"), facts(contacts=log))
    assert found.allowed
    assert [finding.opens for finding in found.warnings] == [at("2026-03-10 12:01")]
    assert not guard(five).check(ask("2026-03-10 12:01", to="N1"), facts(contacts=log)).warnings
    assert not guard(five).check(ask("2026-03-10 12:00", to="N2"), facts(contacts=log)).warnings
    assert guard(five).check(ask("2026-03-10 12:00"), facts(contacts=log)).warnings, "an unknown number may be the same"


@pytest.mark.parametrize("window", [{"days": 0}, {"days": 7, "week": True}])
def test_windows_that_mean_nothing(window: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="days"):
        Window(**window)
