"""Gates: what opens and closes them, whom they bind, and how long they last."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dunning_cli.domain.compliance.gates import GateRule, Lasts, Opening, Within
from dunning_cli.domain.compliance.words import Action, Aim, Effective, Event, Party, Scope, Weekday
from dunning_cli.domain.entries import Channel, Outcome

from .builders import ask, at, call, facts, flag, guard, heard, rule

CEASE = rule(
    GateRule,
    opens=Opening(events=(Event.CEASE_NOTICE,), effective=Effective.RECEIVED, in_writing=True),
    closes=(Event.CEASE_WITHDRAWN,),
    scope=Scope.DEBT,
    allow_purposes=(Aim.END_OF_EFFORTS, Aim.ANSWER),
    allow_parties=(Party.ATTORNEY,),
)


@pytest.mark.parametrize(
    ("said", "asked", "allowed"),
    [
        pytest.param({"received": at("2026-03-10 12:00")}, {}, False, id="from receipt on"),
        pytest.param({"received": at("2026-03-10 12:01")}, {}, True, id="before receipt"),
        pytest.param({"sent": date(2026, 3, 1)}, {}, True, id="sent, and not known to be received"),
        pytest.param({"received": date(2026, 3, 10)}, {}, False, id="on the day of receipt"),
        pytest.param({"received": date(2026, 3, 1), "in_writing": False}, {}, True, id="only said"),
        pytest.param({"received": date(2026, 3, 1), "debts": ("B",)}, {}, True, id="another debt"),
        pytest.param({"received": date(2026, 3, 1), "debts": ("B",)}, {"debts": ("A", "B")}, False, id="one of two"),
        pytest.param({"received": date(2026, 3, 1)}, {"aims": (Aim.END_OF_EFFORTS,)}, True, id="an allowed purpose"),
        pytest.param(
            {"received": date(2026, 3, 1)}, {"aims": (Aim.ANSWER, Aim.DEMAND)}, False, id="one purpose too many"
        ),
        pytest.param(
            {"received": date(2026, 3, 1)}, {"party": Party.ATTORNEY, "who": "attorney"}, True, id="an allowed party"
        ),
        pytest.param({"received": date(2026, 3, 1), "ended": date(2026, 3, 9)}, {}, True, id="taken back"),
        pytest.param({"received": date(2026, 3, 1), "until": date(2026, 3, 10)}, {}, False, id="on its last day"),
    ],
)
def test_a_gate(said: dict[str, Any], asked: dict[str, Any], allowed: bool) -> None:
    known = facts(flags=[flag(Event.CEASE_NOTICE, None, **said)])
    found = guard(CEASE).check(ask(**asked), known)
    assert found.allowed is allowed
    if said.get("until"):
        assert found.allowed_from == at("2026-03-11 00:00")
    elif not allowed:
        assert found.allowed_from is None, "only a new fact opens it"


def test_what_closes_it() -> None:
    shut = flag(Event.CEASE_NOTICE, None, received=at("2026-03-01 12:00"), debts=("A", "B"))
    open_a = flag(Event.CEASE_WITHDRAWN, "2026-03-05 12:00", debts=("A",))
    open_b = flag(Event.CEASE_WITHDRAWN, "2026-03-12 12:00", debts=("B",))
    known = facts(flags=[shut, open_a, open_b])
    assert guard(CEASE).check(ask("2026-03-05 11:59"), known).allowed_from == at("2026-03-05 12:00")
    assert guard(CEASE).check(ask(), known).allowed
    assert guard(CEASE).check(ask(debts=("A", "B")), known).allowed_from == at("2026-03-12 12:00")
    early = flag(Event.CEASE_WITHDRAWN, "2026-02-05 12:00")
    assert not guard(CEASE).check(ask(), facts(flags=[shut, early])).allowed, "what closes it comes after it"
    again = flag(Event.CEASE_NOTICE, None, received=at("2026-03-06 12:00"), debts=("A",))
    assert not guard(CEASE).check(ask(), facts(flags=[shut, open_a, again])).allowed, "a second notice shuts it again"


OPT_OUT = rule(
    GateRule,
    opens=Opening(events=(Event.MEDIUM_OPT_OUT,)),
    closes=(Event.MEDIUM_OPT_IN,),
    scope=Scope.MEDIUM,
    once=(Aim.CONFIRM_OPT_OUT,),
    reply_once=True,
)
EMAIL, TEXT = Channel.EMAIL, Channel.TEXT


@pytest.mark.parametrize(
    ("said", "asked", "log", "allowed"),
    [
        pytest.param({"media": (EMAIL,)}, {"channel": EMAIL}, [], False, id="the medium"),
        pytest.param({"media": (EMAIL,)}, {"channel": TEXT}, [], True, id="another medium"),
        pytest.param({"media": (TEXT,), "to": "N1"}, {"channel": TEXT, "to": "N1"}, [], False, id="the number"),
        pytest.param({"media": (TEXT,), "to": "N1"}, {"channel": TEXT, "to": "N2"}, [], True, id="another number"),
        pytest.param({"media": (EMAIL,)}, {"channel": EMAIL, "who": "spouse"}, [], True, id="another person"),
        pytest.param({"media": (EMAIL,)}, {"channel": EMAIL, "aims": (Aim.CONFIRM_OPT_OUT,)}, [], True, id="confirmed"),
        pytest.param(
            {"media": (EMAIL,)},
            {"channel": EMAIL, "aims": (Aim.CONFIRM_OPT_OUT,)},
            [call("2026-03-02 12:00", Outcome.SENT, channel=EMAIL, aims=(Aim.CONFIRM_OPT_OUT,))],
            False,
            id="confirmed twice",
        ),
        pytest.param(
            {"media": (EMAIL,)},
            {"channel": EMAIL, "in_reply": True},
            [heard("2026-03-02 12:00")],
            True,
            id="an answer",
        ),
        pytest.param(
            {"media": (EMAIL,)},
            {"channel": TEXT, "in_reply": True},
            [heard("2026-03-02 12:00")],
            True,
            id="an answer in an open medium",
        ),
        pytest.param(
            {"media": (EMAIL,)},
            {"channel": EMAIL, "in_reply": True},
            [heard("2026-03-02 12:00"), call("2026-03-02 12:05", Outcome.SENT, channel=EMAIL)],
            False,
            id="a second answer",
        ),
    ],
)
def test_a_medium(said: dict[str, Any], asked: dict[str, Any], log: list[Any], allowed: bool) -> None:
    known = facts(flags=[flag(Event.MEDIUM_OPT_OUT, **said)], contacts=log)
    assert guard(OPT_OUT).check(ask(**asked), known).allowed is allowed


def test_a_medium_that_is_opened_again() -> None:
    shut = flag(Event.MEDIUM_OPT_OUT, media=(EMAIL, TEXT))
    some = flag(Event.MEDIUM_OPT_IN, "2026-03-05 12:00", media=(EMAIL,))
    all_ = flag(Event.MEDIUM_OPT_IN, "2026-03-05 12:00", media=(EMAIL, TEXT))
    assert not guard(OPT_OUT).check(ask(channel=TEXT), facts(flags=[shut, some])).allowed
    assert guard(OPT_OUT).check(ask(channel=TEXT), facts(flags=[shut, all_])).allowed


def test_a_place() -> None:
    place = rule(GateRule, opens=Opening(events=(Event.INCONVENIENT_PLACE,)), scope=Scope.PLACE)
    known = facts(flags=[flag(Event.INCONVENIENT_PLACE, place="home")])
    assert not guard(place).check(ask(place="home"), known).allowed
    assert guard(place).check(ask(place="work"), known).allowed
    assert guard(place).check(ask(), known).allowed, "a mobile number is bound to no place"


@pytest.mark.parametrize(
    ("lasts", "last_day"),
    [
        pytest.param(Lasts(days=60, first_day_counts=True), "2026-04-29", id="the first day counts"),
        pytest.param(Lasts(days=60), "2026-04-30", id="it does not"),
    ],
)
def test_how_long(lasts: Lasts, last_day: str) -> None:
    """60 days from 1 March, over a change of clocks."""
    gate = rule(GateRule, opens=Opening(events=(Event.MORATORIUM,)), lasts=lasts)
    known = facts(flags=[flag(Event.MORATORIUM, None, at=date(2026, 3, 1))])
    last = date.fromisoformat(last_day)
    after = date.fromordinal(last.toordinal() + 1)
    assert guard(gate).check(ask("2026-02-28 23:59:59"), known).allowed
    assert guard(gate).check(ask("2026-03-01 00:00"), known).allowed_from == at(f"{after} 00:00")
    assert not guard(gate).check(ask(f"{last} 23:59:59"), known).allowed
    assert guard(gate).check(ask(f"{after} 00:00"), known).allowed


def test_days_after_the_first_ones() -> None:
    gate = rule(GateRule, opens=Opening(events=(Event.DEBT_ADVICE_PLAN,)), lasts=Lasts(days=10, after_days=30))
    known = facts(flags=[flag(Event.DEBT_ADVICE_PLAN, "2026-03-01 12:00")])
    for day, allowed in (("2026-03-31", True), ("2026-04-01", False), ("2026-04-10", False), ("2026-04-11", True)):
        assert guard(gate).check(ask(f"{day} 12:00"), known).allowed is allowed, day


def test_days_after_a_treatment() -> None:
    gate = rule(
        GateRule,
        opens=Opening(events=(Event.MORATORIUM,), kinds=("mental_health",), stated=True),
        lasts=Lasts(days=30, from_treatment_end=True),
    )
    begun: dict[str, Any] = {"at": date(2026, 1, 5), "kind": "mental_health"}
    without = facts(flags=[flag(Event.MORATORIUM, None, **begun)])
    assert guard(gate).check(ask("2027-03-10 12:00"), without).allowed_from is None
    ended = facts(flags=[flag(Event.MORATORIUM, None, **begun, treatment_ended=date(2026, 3, 1))])
    assert guard(gate).check(ask("2026-02-10 12:00"), ended).allowed_from == at("2026-04-01 00:00")
    plain = facts(flags=[flag(Event.MORATORIUM, None, at=date(2026, 1, 5))])
    assert guard(gate).check(ask(), plain).allowed, "a flag that says no kind is not of this one"


def test_a_status() -> None:
    gate = rule(GateRule, opens=Opening(events=(Event.INSTALMENT_AGREEMENT,), statuses=("performing",)))
    for status, allowed in (("performing", False), (None, False), ("broken", True)):
        known = facts(flags=[flag(Event.INSTALMENT_AGREEMENT, status=status)])
        assert guard(gate).check(ask(), known).allowed is allowed, status


def test_together_with() -> None:
    gate = rule(
        GateRule, opens=Opening(events=(Event.REFUSES_TO_PAY,), together_with=(Event.TIME_BARRED,)), scope=Scope.DEBT
    )
    refused = flag(Event.REFUSES_TO_PAY)
    barred = flag(Event.TIME_BARRED, "2026-03-05 12:00", debts=("A",))
    assert guard(gate).check(ask(), facts(flags=[refused])).allowed
    assert not guard(gate).check(ask(), facts(flags=[refused, barred])).allowed
    assert guard(gate).check(ask("2026-03-05 11:00"), facts(flags=[refused, barred])).allowed
    assert guard(gate).check(ask(debts=("B",)), facts(flags=[refused, barred])).allowed


WITHIN = Within(
    event=Event.VALIDATION_PROVIDED,
    days=30,
    receipt_days=5,
    at_once=("handed",),
    skip=(Weekday.SA, Weekday.SU),
    skip_days=(date(2026, 3, 4),),
)
DISPUTE = rule(
    GateRule,
    opens=Opening(events=(Event.DISPUTE_WRITTEN,), effective=Effective.RECEIVED, within=WITHIN),
    closes=(Event.VERIFICATION_SENT,),
    scope=Scope.DEBT,
)


@pytest.mark.parametrize(
    ("mode", "received", "allowed"),
    [
        # Sent on Friday 27 February: 2, 3, 5, 6 and 9 March, the 4th being a holiday; 30 days on is 8 April.
        pytest.param("letter", "2026-04-08 23:59", False, id="on the last day"),
        pytest.param("letter", "2026-04-09 00:00", True, id="a day late"),
        pytest.param("handed", "2026-03-29 23:59", False, id="handed over: on the last day"),
        pytest.param("handed", "2026-03-30 00:00", True, id="handed over: a day late"),
    ],
)
def test_within_a_period(mode: str, received: str, allowed: bool) -> None:
    sent = flag(Event.VALIDATION_PROVIDED, "2026-02-27 12:00", mode=mode)
    known = facts(flags=[sent, flag(Event.DISPUTE_WRITTEN, None, received=at(received))])
    assert guard(DISPUTE).check(ask("2026-04-20 12:00"), known).allowed is allowed


def test_without_the_beginning_of_a_period_everything_is_in_time() -> None:
    known = facts(flags=[flag(Event.DISPUTE_WRITTEN, None, received=at("2026-03-05 12:00"))])
    assert not guard(DISPUTE).check(ask(), known).allowed


def test_steps() -> None:
    gate = rule(GateRule, actions=(Action.SUE,), opens=Opening(events=(Event.TIME_BARRED,)))
    known = facts(flags=[flag(Event.TIME_BARRED)])
    assert guard(gate).check(ask(), known).allowed
    assert not guard(gate).check(ask(channel=None, action=Action.SUE), known).allowed
