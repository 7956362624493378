"""The guard: all findings, the gravest first; whom a pack binds; and what holds for any log and any flags."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from msgspec.structs import replace

from dunning_cli.domain.collecting import CollectorRole
from dunning_cli.domain.compliance.channels import ChannelRule
from dunning_cli.domain.compliance.counts import CooldownRule, CountRule
from dunning_cli.domain.compliance.counts import Window as Days
from dunning_cli.domain.compliance.facts import Ask, Contact, Debt, Facts, Flag
from dunning_cli.domain.compliance.gates import GateRule, Lasts, Opening
from dunning_cli.domain.compliance.guard import guard_of
from dunning_cli.domain.compliance.hours import HoursRule, Window
from dunning_cli.domain.compliance.rule import EndsOn, Lifting, Which
from dunning_cli.domain.compliance.words import Action, Effective, Event, Key, Override, Party, Scope, Weekday
from dunning_cli.domain.entries import Channel, Direction, Outcome
from dunning_cli.domain.rules import Applies, Header, Pack, Severity, Strength, Text

from .builders import BERLIN, LOS_ANGELES, NEW_YORK, ask, at, blocked, call, facts, flag, guard, rule

SOFT = rule(
    ChannelRule,
    "x.soft",
    forbidden=True,
    severity=Severity.BLOCK_OVERRIDABLE,
    override_reasons=(Override.AGREED, Override.CONSUMER_ASKED),
)
SOFTER = dataclasses.replace(SOFT, id="x.softer", override_reasons=(Override.CONSUMER_ASKED, Override.REQUIRED_BY_LAW))
HARD = rule(ChannelRule, "x.hard", forbidden=True)
WARNS = rule(ChannelRule, "x.warns", forbidden=True, severity=Severity.WARN)


def test_every_rule_is_named_and_the_gravest_decides() -> None:
    found = guard(WARNS, SOFT, SOFTER, HARD).check(ask(), facts())
    assert [finding.rule for finding in found.findings] == ["x.hard", "x.soft", "x.softer", "x.warns"]
    assert (found.severity, found.override_reasons) == (Severity.BLOCK, ())
    assert found.findings[0].source.title == "A law"


def test_an_override_needs_a_reason_that_every_rule_accepts() -> None:
    found = guard(SOFT, SOFTER, WARNS).check(ask(), facts())
    assert found.severity is Severity.BLOCK_OVERRIDABLE
    assert found.override_reasons == (Override.CONSUMER_ASKED,)
    assert guard(WARNS).check(ask(), facts()).allowed


def test_what_the_debtor_sends_is_never_refused() -> None:
    assert guard(HARD).check(ask(direction=Direction.IN), facts()).findings == ()


def test_a_rule_is_law_from_a_day_to_a_day() -> None:
    """What happened is judged by the rules of its day."""
    dated = dataclasses.replace(HARD, from_=date(2026, 3, 1), until=date(2026, 3, 10))
    for when, allowed in (("2026-02-28 23:59", True), ("2026-03-01 00:00", False), ("2026-03-11 00:00", True)):
        assert guard(dated).check(ask(when), facts()).allowed is allowed, when
    assert guard(dated).check(ask("2026-03-09 12:00"), facts()).allowed_from == at("2026-03-11 00:00")


def test_a_fact_without_which_the_pack_cannot_be_judged() -> None:
    found = guard(required_facts=("debts", "consumer", "debtor_timezones", "collector_role"))
    assert found.check(ask(), facts()).allowed
    unknown = facts(debts=(Debt(id="A"),), zones=())
    verdict = found.check(ask(), unknown)
    assert verdict.findings[0].missing == ("consumer", "debtor_timezones")
    assert (verdict.severity, verdict.allowed_from) == (Severity.BLOCK, None)
    assert found.check(ask(debts=()), replace(unknown, debts=())).findings[0].missing[0] == "debts"


def test_whom_a_pack_binds() -> None:
    binds = Applies(consumer=True, collector_roles=(CollectorRole.THIRD_PARTY,))
    found = guard(HARD, applies=binds)
    assert blocked(found.check(ask(), facts())) == {"x.hard"}
    own_name = replace(facts(), collector_role=CollectorRole.CREDITOR)
    verdict = found.check(ask(), own_name)
    assert verdict.allowed
    assert [finding.rule for finding in verdict.warnings] == ["x.applies"]
    business = facts(debts=(Debt(id="A", consumer=False),))
    kept = guard(dataclasses.replace(HARD, strength=Strength.STANDARD), applies=binds, beyond=Strength.POLICY)
    assert [finding.strength for finding in kept.check(ask(), business).findings] == [Strength.POLICY]
    law = guard(HARD, applies=binds, beyond=Strength.POLICY)
    assert [finding.strength for finding in law.check(ask(), business).findings] == [Strength.LAW]


def test_of_several_debts_one_is_enough() -> None:
    cards = dataclasses.replace(HARD, applies=Applies(consumer=True))
    mixed = facts(debts=(Debt(id="A", consumer=False), Debt(id="B", consumer=True)))
    assert guard(cards).check(ask(debts=("A",)), mixed).allowed
    assert not guard(cards).check(ask(debts=("A", "B")), mixed).allowed
    assert not guard(cards).check(ask(debts=()), mixed).allowed, "no debt named: all of them"


def test_a_child_is_bound_by_its_parents_own_conditions() -> None:
    """A parent's rules bind whom the parent binds; the child's bind whom the child binds."""
    mine = dataclasses.replace(HARD, id="y.hard")
    parent = guard(HARD, applies=Applies(collector_roles=(CollectorRole.THIRD_PARTY,))).pack
    header = Header(id="y", version="1", title=Text(en="Y"), checked_on=date(2026, 1, 1))
    child = Pack(
        id="y",
        version="1",
        title=Text(en="Y"),
        checked_on=date(2026, 1, 1),
        rules=(HARD, mine),
        tables={},
        origins={"x.hard": "x", "y.hard": "y"},
        headers={**parent.headers, "y": header},
    )
    assert blocked(guard_of(child).check(ask(), facts())) == {"x.hard", "y.hard"}
    own_name = replace(facts(), collector_role=CollectorRole.CREDITOR)
    assert blocked(guard_of(child).check(ask(), own_name)) == {"y.hard"}
    assert guard_of(child) is guard_of(child)


def test_which_contacts() -> None:
    which = Which(parties=(Party.DEBTOR,), not_outcomes=(Outcome.BUSY,), direction=Direction.OUT)
    assert which.fits(call("2026-03-10 12:00"))
    assert not which.fits(call("2026-03-10 12:00", Outcome.BUSY))
    assert not which.fits(call("2026-03-10 12:00", direction=Direction.IN))
    assert not which.fits(call("2026-03-10 12:00", party=Party.SPOUSE))


# --- what holds for any log and any flags -----------------------------------------------------------------------------

CALLS = Which(channels=(Channel.CALL,))
CONSENT = Lifting(event=Event.CONSENT_CALLS, days=7, ends_on=(EndsOn.CONVERSATION, EndsOn.REVOKED))
RULES = (
    rule(
        HoursRule,
        "x.hours",
        allow=(Window(from_=time(8), to=time(21)),),
        except_=(Lifting(event=Event.CONSENT_HOURS),),
        reply_once=True,
    ),
    rule(HoursRule, "x.wishes", designated=(Event.INCONVENIENT_TIME,), reply_once=True),
    rule(
        CountRule,
        "x.count",
        most=2,
        window=Days(days=7),
        key=(Key.PERSON, Key.DEBT),
        blocks=CALLS,
        counts=Which(channels=(Channel.CALL,), direction=Direction.OUT),
        except_=(CONSENT,),
    ),
    rule(
        CooldownRule,
        "x.silence",
        days=7,
        key=(Key.PERSON, Key.DEBT),
        blocks=CALLS,
        except_=(CONSENT,),
        severity=Severity.BLOCK_OVERRIDABLE,
        override_reasons=(Override.AGREED,),
    ),
    rule(
        GateRule,
        "x.cease",
        opens=Opening(events=(Event.CEASE_NOTICE,), effective=Effective.RECEIVED),
        closes=(Event.CEASE_WITHDRAWN,),
        scope=Scope.DEBT,
    ),
    rule(
        GateRule,
        "x.moratorium",
        opens=Opening(events=(Event.MORATORIUM,)),
        closes=(Event.MORATORIUM_ENDED,),
        lasts=Lasts(days=60, first_day_counts=True),
        scope=Scope.DEBT,
    ),
    rule(GateRule, "x.medium", opens=Opening(events=(Event.MEDIUM_OPT_OUT,)), scope=Scope.MEDIUM, reply_once=True),
)
GUARD = guard(*RULES)
ZONES = st.sampled_from([(BERLIN,), (NEW_YORK,), (NEW_YORK, LOS_ANGELES), (ZoneInfo("Asia/Kathmandu"),)])
# Around the changes of clocks of spring 2026, so that windows lie over them.
INSTANTS = st.integers(0, 40 * 24 * 4).map(lambda n: datetime(2026, 3, 1, tzinfo=UTC) + timedelta(minutes=15 * n))
DAYS = st.integers(0, 60).map(lambda n: date(2026, 3, 1) + timedelta(days=n))
IDS = st.sampled_from([("A",), ("B",), ("A", "B")])
CONTACTS = st.builds(
    Contact,
    at=INSTANTS,
    channel=st.sampled_from([Channel.CALL, Channel.EMAIL]),
    direction=st.sampled_from(Direction),
    outcome=st.sampled_from([Outcome.NO_ANSWER, Outcome.CONVERSATION, Outcome.SENT]),
    who=st.sampled_from(["debtor", "spouse"]),
    debts=IDS,
)
EVENTS = sorted({event for each in RULES for event in each.wakes_on} | {
    Event.CEASE_WITHDRAWN, Event.MORATORIUM_ENDED, Event.CONSENT_CALLS, Event.CONSENT_HOURS, Event.CONSENT_REVOKED
})  # fmt: skip
HOURS = st.none() | st.sampled_from([time(0), time(6, 30), time(12), time(15), time(22)])
FLAGS = st.builds(
    Flag,
    event=st.sampled_from(EVENTS),
    at=INSTANTS | DAYS,
    until=st.none() | DAYS,
    debts=st.just(()) | IDS,
    media=st.sampled_from([(), (Channel.EMAIL,), (Channel.CALL, Channel.EMAIL)]),
    weekdays=st.sampled_from([(), (Weekday.MO, Weekday.SU)]),
    from_=HOURS,
    to_=HOURS,
).map(lambda each: replace(each, from_=None, to_=None, weekdays=()) if each.event is Event.CONSENT_CALLS else each)
ASKS = st.builds(
    Ask,
    at=INSTANTS,
    channel=st.sampled_from([Channel.CALL, Channel.EMAIL]),
    debts=IDS,
    in_reply=st.sampled_from([None, True]),
)
FACTS = st.builds(
    facts,
    zones=ZONES,
    contacts=st.lists(CONTACTS, max_size=6),
    flags=st.lists(FLAGS, max_size=4),
)


@given(ASKS, FACTS)
def test_the_instant_that_is_told_is_open_and_the_one_before_is_not(asked: Ask, known: Facts) -> None:
    verdict = GUARD.check(asked, known)
    if verdict.allowed_from is None:
        return
    assert verdict.allowed_from > asked.at
    assert GUARD.check(replace(asked, at=verdict.allowed_from), known).allowed
    before = verdict.allowed_from - timedelta(microseconds=1)
    assert not GUARD.check(replace(asked, at=before), known).allowed


@given(ASKS, FACTS, st.integers(1, 96 * 20))
def test_no_open_instant_comes_sooner(asked: Ask, known: Facts, quarters: int) -> None:
    """Nor at all where none is told."""
    verdict = GUARD.check(asked, known)
    assume(not verdict.allowed)
    later = asked.at + timedelta(minutes=15 * quarters)
    if verdict.allowed_from is None or later < verdict.allowed_from:
        assert not GUARD.check(replace(asked, at=later), known).allowed


@given(ASKS, FACTS, st.randoms(use_true_random=False))
def test_the_order_of_the_facts_says_nothing(asked: Ask, known: Facts, random: object) -> None:
    log, flags = list(known.contacts), list(known.flags)
    random.shuffle(log)  # type: ignore[attr-defined]
    random.shuffle(flags)  # type: ignore[attr-defined]
    shuffled = replace(known, contacts=tuple(log), flags=tuple(flags), debts=known.debts[::-1])
    assert GUARD.check(asked, shuffled) == GUARD.check(asked, known)


@given(ASKS, FACTS, CONTACTS)
def test_a_contact_that_does_not_matter(asked: Ask, known: Facts, extra: Contact) -> None:
    """Of another person, about another debt, or later than the question."""
    verdict = GUARD.check(asked, known)
    assert (
        GUARD.check(asked, replace(known, contacts=(*known.contacts, replace(extra, who="neighbour", debts=("C",)))))
        == verdict
    )
    later = replace(extra, at=asked.at + timedelta(days=400))
    found = GUARD.check(asked, replace(known, contacts=(*known.contacts, later)))
    assert found.findings == verdict.findings


@given(ASKS, FACTS)
def test_more_rules_never_allow_more(asked: Ask, known: Facts) -> None:
    """The strictest wins: what one rule blocks, all rules block."""
    together = GUARD.check(asked, known)
    alone = {each.id for each in RULES if not guard(each).check(asked, known).allowed}
    assert blocked(together) == alone
    assert together.allowed is not bool(alone)


@given(ASKS, FACTS)
def test_more_zones_never_allow_more(asked: Ask, known: Facts) -> None:
    known = replace(known, flags=())
    together = GUARD.check(asked, replace(known, zones=(NEW_YORK, LOS_ANGELES)))
    if together.allowed:
        assert GUARD.check(asked, replace(known, zones=(NEW_YORK,))).allowed
        assert GUARD.check(asked, replace(known, zones=(LOS_ANGELES,))).allowed


@pytest.mark.parametrize("action", [each for each in Action if each is not Action.CONTACT])
def test_a_step_is_no_contact(action: Action) -> None:
    known = facts(flags=[flag(Event.CEASE_NOTICE, None, received=at("2026-03-01 12:00"))], zones=())
    assert GUARD.check(ask(action=action, channel=None), known).findings == ()
