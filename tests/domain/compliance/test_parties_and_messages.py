"""Parties, channels, content, waits and plans, each by table."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dunning_cli.domain.compliance.channels import Absent, ChannelRule, Need
from dunning_cli.domain.compliance.contents import ContentRule, RequiredIf
from dunning_cli.domain.compliance.parties import Condition, Failures, PartyRule
from dunning_cli.domain.compliance.rule import Which
from dunning_cli.domain.compliance.waits import PlanRule, Start, WaitRule
from dunning_cli.domain.compliance.words import Action, Aim, Event, Override, Particular, Party, Said
from dunning_cli.domain.entries import Channel, Direction, Outcome
from dunning_cli.domain.rules import Severity

from .builders import ask, at, call, facts, flag, guard, rule

FAILED = (Outcome.NO_ANSWER, Outcome.NOT_IN_SERVICE)
PARTIES = rule(
    PartyRule,
    allow=(Party.DEBTOR, Party.GUARANTOR),
    conditional=(
        Condition(
            parties=(Party.THIRD_PARTY,),
            needs_any=(Event.LOST_CONTACT,),
            failures=Failures(count=3, outcomes=FAILED, channels=(Channel.CALL,)),
            purposes=(Aim.LOCATE, Aim.RELAY),
            discloses_debt=False,
        ),
        Condition(parties=(Party.THIRD_PARTY,), needs_any=(Event.OFFERS_TO_PAY,)),
    ),
)
LOST = flag(Event.LOST_CONTACT)
NEIGHBOUR: dict[str, Any] = {"party": Party.THIRD_PARTY, "who": "third_party:neighbour"}
LOCATE = {**NEIGHBOUR, "aims": (Aim.LOCATE,)}
THREE = [call(f"2026-03-0{day} 12:00") for day in (5, 6, 7)]


@pytest.mark.parametrize(
    ("asked", "known", "allowed"),
    [
        pytest.param({}, {}, True, id="the debtor"),
        pytest.param(NEIGHBOUR, {}, False, id="a neighbour"),
        pytest.param(LOCATE, {}, False, id="not lost"),
        pytest.param(LOCATE, {"flags": [LOST]}, True, id="lost"),
        pytest.param(LOCATE, {"flags": [flag(Event.LOST_CONTACT, "2026-03-11 12:00")]}, False, id="lost later"),
        pytest.param({**NEIGHBOUR, "aims": (Aim.LOCATE, Aim.RELAY)}, {"flags": [LOST]}, True, id="both purposes"),
        pytest.param({**NEIGHBOUR, "aims": (Aim.LOCATE, Aim.DEMAND)}, {"flags": [LOST]}, False, id="a demand as well"),
        pytest.param(NEIGHBOUR, {"flags": [LOST]}, False, id="no purpose is to collect"),
        pytest.param({**LOCATE, "said": {Said.DISCLOSES_DEBT: True}}, {"flags": [LOST]}, False, id="tells of the debt"),
        pytest.param(LOCATE, {"contacts": THREE}, True, id="three failures"),
        pytest.param(LOCATE, {"contacts": THREE[1:]}, False, id="two failures"),
        pytest.param(
            LOCATE, {"contacts": [*THREE, call("2026-03-08 12:00", Outcome.CONVERSATION)]}, False, id="reached since"
        ),
        pytest.param(
            LOCATE, {"contacts": [*THREE, call("2026-03-08 12:00", direction=Direction.IN)]}, False, id="heard since"
        ),
        pytest.param(
            LOCATE,
            {"contacts": [*THREE, call("2026-03-08 12:00", Outcome.SENT, channel=Channel.LETTER)]},
            True,
            id="a letter between does not matter",
        ),
        pytest.param(
            LOCATE,
            {"contacts": [*THREE[1:], call("2026-03-08 12:00", who="spouse", party=Party.SPOUSE)]},
            False,
            id="failures with somebody else",
        ),
        pytest.param(
            NEIGHBOUR, {"flags": [flag(Event.OFFERS_TO_PAY, who="third_party:neighbour")]}, True, id="offers to pay"
        ),
        pytest.param(
            NEIGHBOUR, {"flags": [flag(Event.OFFERS_TO_PAY, who="third_party:aunt")]}, False, id="another one offers"
        ),
    ],
)
def test_parties(asked: dict[str, Any], known: dict[str, Any], allowed: bool) -> None:
    assert guard(PARTIES).check(ask(**asked), facts(**known)).allowed is allowed


def test_what_has_to_be_said_for_certain() -> None:
    told = rule(
        PartyRule,
        allow=(Party.DEBTOR,),
        conditional=(Condition(parties=(Party.THIRD_PARTY,), discloses_debt=False, stated=True),),
    )
    for says, allowed in ((False, True), (True, False), (None, False)):
        said = {} if says is None else {Said.DISCLOSES_DEBT: says}
        assert guard(told).check(ask(**NEIGHBOUR, said=said), facts()).allowed is allowed


VISIT = rule(
    ChannelRule,
    blocks=Which(channels=(Channel.VISIT,)),
    requires=(
        Need(fact=Said.COLLECTORS, least=2, absent=Absent.WARN),
        Need(fact=Said.HOME_CONSENT, when=(Said.ENTERS_HOME,), absent=Absent.BLOCK),
        Need(fact=Said.PERSONAL_ACCOUNT, must_be=False),
    ),
)


@pytest.mark.parametrize(
    ("said", "severity", "missing"),
    [
        pytest.param({Said.COLLECTORS: 2}, None, (), id="two"),
        pytest.param({Said.COLLECTORS: 1}, Severity.BLOCK, (), id="one"),
        pytest.param({}, Severity.WARN, ("collectors",), id="how many is not said"),
        pytest.param({Said.COLLECTORS: 2, Said.ENTERS_HOME: True}, Severity.BLOCK, ("home_consent",), id="no consent"),
        pytest.param(
            {Said.COLLECTORS: 2, Said.ENTERS_HOME: True, Said.HOME_CONSENT: True}, None, (), id="with consent"
        ),
        pytest.param({Said.COLLECTORS: 2, Said.ENTERS_HOME: False}, None, (), id="stays outside"),
        pytest.param({Said.COLLECTORS: 2, Said.PERSONAL_ACCOUNT: True}, Severity.BLOCK, (), id="must be false"),
        pytest.param({Said.COLLECTORS: 2, Said.PERSONAL_ACCOUNT: False}, None, (), id="is false"),
    ],
)
def test_what_a_visit_needs(said: dict[Said, Any], severity: Severity | None, missing: tuple[str, ...]) -> None:
    found = guard(VISIT).check(ask(channel=Channel.VISIT, said=said), facts())
    assert [(finding.severity, finding.missing) for finding in found.findings] == (
        [(severity, missing)] * bool(severity)
    )
    assert guard(VISIT).check(ask(said=said), facts()).findings == ()


def test_a_forbidden_channel() -> None:
    card = rule(ChannelRule, blocks=Which(channels=(Channel.POSTCARD,)), forbidden=True)
    assert not guard(card).check(ask(channel=Channel.POSTCARD), facts()).allowed
    assert guard(card).check(ask(channel=Channel.LETTER), facts()).allowed


CLAIM = rule(
    ContentRule,
    when=(Said.FIRST_CLAIM,),
    required=(Particular.CLIENT_NAME, Particular.CLAIM_GROUND),
    required_if=(RequiredIf(said=Said.INTEREST_CLAIMED, fields=(Particular.INTEREST_CALCULATION,)),),
    forbidden=(Said.THREATENS,),
    phrases=("Missed Delivery",),
)
BOTH = (Particular.CLIENT_NAME, Particular.CLAIM_GROUND)
FIRST: dict[Said, bool] = {Said.FIRST_CLAIM: True}


@pytest.mark.parametrize(
    ("asked", "severity", "lacks"),
    [
        pytest.param({"said": FIRST, "fields": BOTH}, None, (), id="complete"),
        pytest.param({"said": FIRST, "fields": BOTH[:1]}, Severity.BLOCK, ("claim_ground",), id="one lacks"),
        pytest.param(
            {"said": FIRST | {Said.INTEREST_CLAIMED: True}, "fields": BOTH},
            Severity.BLOCK,
            ("interest_calculation",),
            id="with interest",
        ),
        pytest.param({"said": FIRST}, Severity.WARN, (), id="nothing is known of it"),
        pytest.param({"fields": ()}, None, (), id="not the first"),
        pytest.param({"said": FIRST | {Said.THREATENS: True}, "fields": BOTH}, Severity.BLOCK, (), id="a threat"),
        pytest.param(
            {"said": FIRST, "fields": BOTH, "content": "a MISSED\n delivery"}, Severity.BLOCK, (), id="a phrase"
        ),
        pytest.param({"said": FIRST, "fields": BOTH, "content": "please ring"}, None, (), id="harmless words"),
    ],
)
def test_content(asked: dict[str, Any], severity: Severity | None, lacks: tuple[str, ...]) -> None:
    found = guard(CLAIM).check(ask(**asked), facts())
    assert [(each.severity, each.lacks) for each in found.findings] == ([(severity, lacks)] * bool(severity))


SPOKEN = Which(outcomes=(Outcome.CONVERSATION,))
LETTER = Start(event=Event.LETTER_ABOUT_DEBT, days=14, unless=(Event.UNDELIVERABLE,))
WAIT = rule(WaitRule, actions=(Action.FURNISH,), starts=(Start(contacts=SPOKEN), LETTER))
FURNISH: dict[str, Any] = {"action": Action.FURNISH, "channel": None}


def letter(day: str) -> Any:
    return flag(Event.LETTER_ABOUT_DEBT, None, sent=date.fromisoformat(day))


def returned(day: str) -> Any:
    return flag(Event.UNDELIVERABLE, None, at=date.fromisoformat(day))


@pytest.mark.parametrize(
    ("known", "opens"),
    [
        pytest.param({}, "never", id="nothing happened"),
        pytest.param({"contacts": [call("2026-03-09 12:00", Outcome.CONVERSATION)]}, None, id="spoken with"),
        pytest.param(
            {"contacts": [call("2026-03-09 12:00", Outcome.CONVERSATION, debts=("B",))]}, "never", id="of another debt"
        ),
        pytest.param({"flags": [letter("2026-02-24")]}, None, id="14 days"),
        pytest.param({"flags": [letter("2026-02-25")]}, "2026-03-11 00:00", id="13 days"),
        pytest.param({"flags": [letter("2026-02-20"), returned("2026-03-05")]}, "never", id="returned on the last day"),
        pytest.param({"flags": [letter("2026-02-20"), returned("2026-03-06")]}, None, id="returned afterwards"),
        pytest.param(
            {"flags": [letter("2026-02-20"), returned("2026-03-01"), letter("2026-03-02")]},
            "2026-03-16 00:00",
            id="sent again",
        ),
        pytest.param({"flags": [letter("2026-03-11")]}, "2026-03-25 00:00", id="to be sent tomorrow"),
    ],
)
def test_a_wait(known: dict[str, Any], opens: str | None) -> None:
    found = guard(WAIT).check(ask(**FURNISH), facts(**known))
    assert found.allowed is (opens is None)
    assert found.allowed_from == (at(opens) if opens not in (None, "never") else None)


ORDER = rule(
    WaitRule,
    actions=(Action.PAYMENT_ORDER,),
    needs=(Event.SUM_CERTAIN_AND_DUE, Event.NO_OTHER_DISPUTE),
    none_of=(Event.ADDRESS_UNKNOWN,),
)


@pytest.mark.parametrize(
    ("events", "lacks"),
    [
        pytest.param((Event.SUM_CERTAIN_AND_DUE, Event.NO_OTHER_DISPUTE), None, id="complete"),
        pytest.param((Event.SUM_CERTAIN_AND_DUE,), ("no_other_dispute",), id="one lacks"),
        pytest.param((Event.SUM_CERTAIN_AND_DUE, Event.NO_OTHER_DISPUTE, Event.ADDRESS_UNKNOWN), (), id="one too many"),
    ],
)
def test_a_step_with_conditions(events: tuple[Event, ...], lacks: tuple[str, ...] | None) -> None:
    known = facts(flags=[flag(event, None) for event in events])
    found = guard(ORDER).check(ask(action=Action.PAYMENT_ORDER, channel=None), known)
    assert [each.lacks for each in found.findings] == ([] if lacks is None else [lacks])


@pytest.mark.parametrize(
    ("months", "fields", "blocks", "lacks"),
    [
        pytest.param(60, (Particular.SCHEDULE,), False, (), id="as long as may be"),
        pytest.param(61, (Particular.SCHEDULE,), True, (), id="a month too long"),
        pytest.param(None, (Particular.SCHEDULE,), False, (), id="how long is not said"),
        pytest.param(12, (), False, ("schedule",), id="one lacks"),
    ],
)
def test_plans(months: int | None, fields: tuple[Particular, ...], blocks: bool, lacks: tuple[str, ...]) -> None:
    long = rule(PlanRule, "x.long", most_months=60)
    full = rule(PlanRule, "x.full", fields=(Particular.SCHEDULE,), severity=Severity.WARN)
    said = {} if months is None else {Said.MONTHS: months}
    asked = ask(action=Action.PLAN, channel=None, said=said, fields=fields)
    found = guard(long, full).check(asked, facts())
    assert found.allowed is not blocks
    assert [name for each in found.warnings for name in each.lacks] == list(lacks)


@pytest.mark.parametrize(
    ("kind", "says", "reason"),
    [
        pytest.param(ChannelRule, {}, "forbidden", id="a channel rule that says nothing"),
        pytest.param(ContentRule, {}, "says nothing", id="a content rule that says nothing"),
        pytest.param(WaitRule, {}, "waits for nothing", id="a wait for nothing"),
        pytest.param(
            ChannelRule,
            {"forbidden": True, "severity": Severity.BLOCK_OVERRIDABLE},
            "which reasons it accepts",
            id="overridable by nothing",
        ),
        pytest.param(
            ChannelRule,
            {"forbidden": True, "override_reasons": (Override.AGREED,)},
            "only a rule",
            id="not overridable",
        ),
    ],
)
def test_rules_that_mean_nothing_are_refused(kind: Any, says: dict[str, Any], reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        rule(kind, **says)


def test_a_start_is_one_thing() -> None:
    with pytest.raises(ValueError, match="either"):
        Start()
