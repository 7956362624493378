"""Every switch of a policy, each with a table: what it does on the day before, and on the day itself.

A row is a value of the key, what is tried, and what comes of it. The debt of most is 1,000.00 CNY, due on 1 December
2024, and its case was opened on 6 January 2025. A key without a table fails, and so does a table that shows no effect.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from copy import deepcopy
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from typing import Any, NamedTuple

import pytest

from dunning_cli.domain import charges, contacts, holds, notices, payments, plans
from dunning_cli.domain.cases import standing
from dunning_cli.domain.collecting import CollectorRole, Lender
from dunning_cli.domain.deadline_warnings import warnings_of
from dunning_cli.domain.debtors import Details
from dunning_cli.domain.entries import Assessed, Channel, ChargeKind, DebtType, HoldReason, Level, NoticeDue
from dunning_cli.domain.interest import DayCount, Step
from dunning_cli.domain.limitation import LimitationRule
from dunning_cli.domain.money import Rounding
from dunning_cli.domain.policies import (
    LEVEL_DEFAULTS,
    Advance,
    CountFrom,
    Mode,
    OnHold,
    Policy,
    Template,
    plain_defaults,
    policy_of,
)
from dunning_cli.domain.reckoning import Due
from dunning_cli.domain.rules import Text
from dunning_cli.domain.stages import Event, Stage, missing, moves_from
from dunning_cli.domain.terms import Asked
from dunning_cli.domain.worklist import Factor, promise_due, worth
from dunning_cli.errors import RefusedError
from dunning_cli.rules.book import Book
from dunning_cli.services import compliance, worklist
from dunning_cli.services import terms as terms_of
from dunning_cli.services.notices import respond_by_of
from dunning_cli.settings import Settings
from dunning_cli.store.cases import Filter
from tests.builders import Story, a_contact, a_final_demand, a_now, a_story, an_offer, an_opening, day, money
from tests.store.databases import Database
from tests.store.desks import a_desk, a_filed_case

Row = tuple[Any, Any, Any]


class Table(NamedTuple):
    """What to do with a value and what is tried; and the rows."""

    effect: Callable[..., Any]
    rows: tuple[Row, ...]


TABLES: dict[str, Table] = {}


def shows(key: str, *rows: Row) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The function tells what comes of it when the key has a value and something is tried."""

    def register(effect: Callable[..., Any]) -> Callable[..., Any]:
        assert key not in TABLES
        TABLES[key] = Table(effect, rows)
        return effect

    return register


def policy(**values: Any) -> Policy:
    """The built-in policy with values under their keys, dots as two underscores: `plan__max_missed=1`."""
    plain = deepcopy(plain_defaults())
    for name, value in values.items():
        *tables, last = name.split("__")
        table = plain
        for each in tables:
            table = table[each]
        assert last in table, name
        table[last] = value
    return policy_of(plain, 1)


STEPS = ({"after": 40}, {"after": 50}, {"after": 65})


def levels(*rows: Mapping[str, Any], **dunning: Any) -> Policy:
    """Levels 40, 50 and 65 days after day 0: 10 and 20 January and 4 February; without grace and time to respond."""
    whole = [{**LEVEL_DEFAULTS, "respond_within_days": 0, **row} for row in rows or STEPS]
    grace = dunning.pop("grace_days", 0)
    given = {f"dunning__{name}": value for name, value in dunning.items()}
    return policy(grace_days=grace, contact__max_days=3000, dunning__level=whole, **given)


def kinds(story: Story, on: str) -> list[str]:
    return [entry.what.kind for entry in story.review(on)]


def reached(story: Story, on: str) -> list[int]:
    """The levels that the run of a day finds."""
    return [entry.what.level for entry in story.review(on) if isinstance(entry.what, NoticeDue)]


def lacking(story: Story, on: str) -> tuple[str, ...]:
    """What is missing for legal action on a day."""
    (escalate,) = moves_from(story.case.stage, Event.ESCALATE)
    return tuple(missing(escalate, standing(story.case, story.policy, day(on))))


# --- the whole ------------------------------------------------------------------------------------------------------


@shows(
    "name",
    ("default", "2025-03-06", None),
    ("default", "2025-03-07", "default@1"),
    ("strict", "2025-03-07", "strict@1"),
)
def _(value: str, on: str) -> str | None:
    story = a_story(policy=policy(name=value))
    return next((entry.what.policy for entry in story.review(on)), None)


@shows("currency", ("CNY", "999.90", True), ("CNY", "999.89", False), ("EUR", "999.90", False), ("EUR", "1000", True))
def _(value: str, paid: str) -> bool:
    return closed_by(policy(currency=value), paid)


@shows(
    "tolerance",
    ("0.10", "999.89", False),
    ("0.10", "999.90", True),
    ("0.11", "999.89", True),
    ("0.00", "999.99", False),
    ("0.00", "1000.00", True),
)
def _(value: str, paid: str) -> bool:
    return closed_by(policy(tolerance=value), paid)


def closed_by(under: Policy, paid: str, currency: str = "CNY") -> bool:
    story = a_story(policy=under, owed=f"1000.00 {currency}")
    story.then("2025-01-20", payments.receive, money(f"{paid} {currency}"))
    return story.case.outcome is not None


@shows(
    "per_currency",
    ([{"currency": "EUR", "tolerance": "0.05"}], "999.94", False),
    ([{"currency": "EUR", "tolerance": "0.05"}], "999.95", True),
    ([], "999.95", False),
)
def _(value: list[dict[str, str]], paid: str) -> bool:
    return closed_by(policy(per_currency=value), paid, "EUR")


@shows("grace_days", (40, "2025-01-10", []), (40, "2025-01-11", [1]), (39, "2025-01-09", []), (39, "2025-01-10", [1]))
def _(value: int, on: str) -> list[int]:
    return reached(a_story(policy=levels(grace_days=value)), on)


@shows(
    "working_days",
    ("", 5, "2025-01-29"),  # sent on a Friday
    ("", 6, "2025-01-30"),
    ("DE", 5, "2025-01-31"),
    ("DE", 6, "2025-02-03"),
    ("CN", 1, "2025-01-26"),  # a Sunday that is worked, before the Spring Festival
    ("CN", 2, "2025-01-27"),
    ("CN", 3, "2025-02-05"),
)
def _(value: str, days: int) -> str:
    level = {**LEVEL_DEFAULTS, "after": 40, "respond_within_days": days}
    under = policy(working_days=value, dunning__level=[level])
    return str(respond_by_of(under, under.dunning.levels[0], day("2025-01-24")))


# --- dunning --------------------------------------------------------------------------------------------------------


@shows(
    "dunning.advance",
    ("sequential", "2025-01-09", []),
    ("sequential", "2025-01-20", [1]),
    ("most_severe", "2025-01-19", [1]),
    ("most_severe", "2025-01-20", [2]),
)
def _(value: str, first_run: str) -> list[int]:
    return reached(a_story(policy=levels(advance=value)), first_run)


@shows(
    "dunning.require_sent",
    (True, "2025-01-20", []),
    (True, "2025-06-01", []),
    (False, "2025-01-19", []),
    (False, "2025-01-20", [2]),
)
def _(value: bool, on: str) -> list[int]:
    story = a_story(policy=levels(require_sent=value))
    assert reached(story, "2025-01-10") == [1]
    return reached(story, on)


@shows(
    "dunning.count_from",
    ("due", "2025-01-09", []),
    ("due", "2025-01-10", [1]),
    ("day_after_due", "2025-01-10", []),
    ("day_after_due", "2025-01-11", [1]),
    ("opened", "2025-02-14", []),
    ("opened", "2025-02-15", [1]),
    ("invoice", "2025-01-07", [1]),
    ("invoice", "2025-01-06", []),
)
def _(value: str, on: str) -> list[int]:
    """The invoice is of 28 November."""
    return reached(a_story(policy=levels(count_from=value), incurred=day("2024-11-28")), on)


@shows(
    "dunning.min_gap_days",
    (10, "2025-01-19", []),
    (10, "2025-01-20", [2]),
    (11, "2025-01-20", []),
    (11, "2025-01-21", [2]),
)
def _(value: int, on: str) -> list[int]:
    story = a_story(policy=levels(min_gap_days=value, require_sent=False))
    assert reached(story, "2025-01-10") == [1]
    return reached(story, on)


_EVE, _THAT_DAY, _AFTER = ("2025-01-08", "2025-01-09"), ("2025-01-10", "2025-01-12"), ("2025-01-11", "2025-01-13")
_UNTIL_THAT_DAY = ("2025-01-08", "2025-01-10")


@shows(
    "dunning.on_hold",
    # Its days are left out: two, three, three; and none where the level was reached on the day before it begins.
    ("freeze", _EVE, ("2025-01-12", 1)),
    ("freeze", _UNTIL_THAT_DAY, ("2025-01-13", 1)),
    ("freeze", _THAT_DAY, ("2025-01-13", 1)),
    ("freeze", _AFTER, ("2025-01-10", 1)),
    # The count starts anew on the day after it: 40 days from then.
    ("clear", _EVE, ("2025-02-19", 1)),
    ("clear", _UNTIL_THAT_DAY, ("2025-02-20", 1)),
    ("clear", _THAT_DAY, ("2025-02-22", 1)),
    ("clear", _AFTER, ("2025-01-10", 1)),
    # A level whose day falls in it is passed over: on its first day and on its last, not on the day after it.
    ("skip_notice", _EVE, ("2025-01-10", 1)),
    ("skip_notice", _UNTIL_THAT_DAY, ("2025-01-20", 2)),
    ("skip_notice", _THAT_DAY, ("2025-01-20", 2)),
    ("skip_notice", _AFTER, ("2025-01-10", 1)),
)
def _(value: str, hold: tuple[str, str]) -> tuple[str, int]:
    """The first level that is reached by nightly runs, around a hold that is put on before the run of its first day."""
    story = a_story(policy=levels(on_hold=value))
    start, last = map(day, hold)
    found = story.review_daily("2025-01-06", start - timedelta(days=1))
    story.then(start, holds.hold, HoldReason.DISPUTE, last)
    found += story.review_daily(start, "2025-03-01")
    first = next(entry for entry in found if isinstance(entry.what, NoticeDue))
    assert first.what.rule_day == first.effective_on
    return first.effective_on.isoformat(), first.what.level


@shows(
    "dunning.reanchor_after_payment",
    (False, "2025-01-09", []),
    (False, "2025-01-10", [1]),
    (True, "2025-01-10", []),
    (True, "2025-02-17", []),
    (True, "2025-02-18", [1]),
)
def _(value: bool, on: str) -> list[int]:
    """100.00 were paid on 9 January."""
    story = a_story(policy=levels(reanchor_after_payment=value))
    story.then("2025-01-09", payments.receive, money("100.00 CNY"))
    return reached(story, on)


@shows(
    "dunning.level.after",
    (40, "2025-01-09", []),
    (40, "2025-01-10", [1]),
    (41, "2025-01-10", []),
    (41, "2025-01-11", [1]),
)
def _(value: int, on: str) -> list[int]:
    return reached(a_story(policy=levels({"after": value})), on)


def send(story: Story, on: str, purpose: str = "demand", respond_by: str | None = None) -> list[str]:
    letter = a_contact(channel="letter", outcome="sent", purpose=purpose)
    done = story.then(on, notices.send, letter, day(respond_by) if respond_by else None)
    return [entry.what.kind for entry in done.entries]


@shows(
    "dunning.level.mode",
    ("net", "2025-01-19", []),
    ("net", "2025-01-20", [2]),
    ("end_of_month", "2025-01-20", []),
    ("end_of_month", "2025-01-30", []),
    ("end_of_month", "2025-01-31", [2]),
    ("after_previous", "2025-01-31", []),
    ("after_previous", "2025-03-05", []),
    ("after_previous", "2025-03-06", [2]),
)
def _(value: str, on: str) -> list[int]:
    """Level 2 is 50 days on; the notice of level 1 was sent on 15 January."""
    story = a_story(policy=levels({"after": 40}, {"after": 50, "mode": value}))
    assert reached(story, "2025-01-10") == [1]
    send(story, "2025-01-15")
    return reached(story, on)


@shows("dunning.level.channel", ("email", "2025-01-10", "email"), ("letter", "2025-01-10", "letter"))
def _(value: str, on: str) -> str:
    (entry,) = a_story(policy=levels({"after": 40, "channel": value})).review(on)
    return str(entry.what.channel)


@shows(
    "dunning.level.template",
    ("reminder", "2025-01-25", ("enough_demands", "final_demand_aged")),
    ("demand", "2025-01-25", ("final_demand_aged",)),
    ("final_demand", "2025-01-24", ("final_demand_aged",)),
    ("final_demand", "2025-01-25", ()),
)
def _(value: str, on: str) -> tuple[str, ...]:
    """What legal action still lacks after the notice of 10 January: it counts as what its text is."""
    story = a_story(policy=levels({"after": 40, "template": value}))
    assert reached(story, "2025-01-10") == [1]
    send(story, "2025-01-10", story.policy.dunning.levels[0].template.purpose)
    return tuple(each for each in lacking(story, on) if each != "enough_attempts")


@shows("dunning.level.fee", ("0.00", "2025-01-10", "1000.00"), ("5.00", "2025-01-10", "1005.00"))
def _(value: str, on: str) -> str:
    story = a_story(policy=levels({"after": 40, "fee": value}))
    assert reached(story, on) == [1]
    send(story, on)
    return str(story.case.owed(day(on)))


@shows(
    "dunning.level.respond_within_days",
    (14, "2025-01-24", []),
    (14, "2025-01-25", [2]),
    (15, "2025-01-25", []),
    (15, "2025-01-26", [2]),
)
def _(value: int, on: str) -> list[int]:
    story = a_story(policy=levels({"after": 40, "respond_within_days": value}, {"after": 50}))
    assert reached(story, "2025-01-10") == [1]
    send(
        story,
        "2025-01-10",
        respond_by=str(respond_by_of(story.policy, story.policy.dunning.levels[0], day("2025-01-10"))),
    )
    return reached(story, on)


# --- contact and negotiation ----------------------------------------------------------------------------------------


@shows("contact.min_attempts", (3, 2, True), (3, 3, False), (2, 2, False), (0, 0, False))
def _(value: int, attempts: int) -> bool:
    story = a_story(policy=policy(contact__min_attempts=value))
    for _number in range(attempts):
        story.then("2025-01-07", contacts.log, a_contact(outcome="no_answer"))
    return "enough_attempts" in lacking(story, "2025-01-07")


@shows("contact.min_demands", (1, 0, True), (1, 1, False), (2, 1, True), (0, 0, False))
def _(value: int, demands: int) -> bool:
    story = a_story(policy=policy(contact__min_demands=value))
    for _number in range(demands):
        story.then("2025-01-07", contacts.log, a_contact(channel="letter", outcome="sent", purpose="demand"))
    return "enough_demands" in lacking(story, "2025-01-07")


@shows(
    "contact.max_days",
    (60, "2025-03-06", []),
    (60, "2025-03-07", ["escalation_due"]),
    (61, "2025-03-07", []),
    (61, "2025-03-08", ["escalation_due"]),
)
def _(value: int, on: str) -> list[str]:
    return kinds(a_story(policy=policy(contact__max_days=value)), on)


@shows(
    "negotiation.proposal_valid_days",
    (14, "2025-01-24", []),
    (14, "2025-01-25", ["plan_expired"]),
    (13, "2025-01-24", ["plan_expired"]),
)
def _(value: int, on: str) -> list[str]:
    story = a_story(policy=policy(negotiation__proposal_valid_days=value), stage=Stage.NEGOTIATION)
    story.then("2025-01-10", plans.propose, an_offer())
    return kinds(story, on)


@shows(
    "negotiation.max_days",
    (45, "2025-02-21", []),
    (45, "2025-02-22", ["escalation_due"]),
    (46, "2025-02-22", []),
    (46, "2025-02-23", ["escalation_due"]),
)
def _(value: int, on: str) -> list[str]:
    return kinds(a_story(policy=policy(negotiation__max_days=value), stage=Stage.NEGOTIATION, moved="2025-01-08"), on)


# --- plans ----------------------------------------------------------------------------------------------------------


def may_propose(story: Story, on: str = "2025-01-10", **offer: Any) -> bool:
    try:
        plans.propose(story.case, story.policy, a_now(on), an_offer(**offer))
    except RefusedError:
        return False
    return True


@shows("plan.max_installments", (3, 3, True), (3, 4, False), (4, 4, True), (4, 5, False))
def _(value: int, installments: int) -> bool:
    story = a_story(policy=policy(plan__max_installments=value), stage=Stage.NEGOTIATION)
    return may_propose(story, installments=installments)


@shows("plan.min_installment", ("300.00", "900.00", True), ("300.00", "899.97", False), ("299.99", "899.97", True))
def _(value: str, amount: str) -> bool:
    """Three equal installments of a sum."""
    story = a_story(policy=policy(plan__min_installment=value), stage=Stage.NEGOTIATION)
    return may_propose(story, installments=3, amount=f"{amount} CNY")


def followed(under: Policy, amount: str = "900.00 CNY") -> Story:
    """Three times 300.00 on the first of February, March and April, agreed on 10 January."""
    offer = an_offer(installments=3, first="2025-02-01", amount=amount)
    return a_story(stage=Stage.MONITORING, moved="2025-01-10", policy=under, offer=offer)


@shows(
    "plan.tolerance_days",
    (3, "2025-02-04", []),
    (3, "2025-02-05", ["installment_missed"]),
    (4, "2025-02-05", []),
    (0, "2025-02-01", []),
    (0, "2025-02-02", ["installment_missed"]),
)
def _(value: int, on: str) -> list[str]:
    return kinds(followed(policy(plan__tolerance_days=value)), on)


@shows(
    "plan.tolerance_amount",
    ("0.50", "299.49", ["installment_missed"]),
    ("0.50", "299.50", []),
    ("0.00", "299.50", ["installment_missed"]),
    ("0.00", "299.99", ["installment_missed"]),
    ("0.00", "300.00", []),
)
def _(value: str, paid: str) -> list[str]:
    story = followed(policy(plan__tolerance_amount=value))
    story.then("2025-02-01", payments.receive, money(f"{paid} CNY"))
    return kinds(story, "2025-02-05")


@shows(
    "plan.max_missed",
    (1, "2025-02-04", False),
    (1, "2025-02-05", True),
    (2, "2025-02-05", False),
    (2, "2025-03-04", False),
    (2, "2025-03-05", True),
    (9, "2025-04-04", False),
    (9, "2025-04-05", True),  # the last one
)
def _(value: int, on: str) -> bool:
    return "plan_broken" in kinds(followed(policy(plan__max_missed=value)), on)


@shows("plan.max_renegotiations", (0, 0, True), (0, 1, False), (1, 1, True), (1, 2, False))
def _(value: int, broken: int) -> bool:
    """Whether a new plan may be proposed after so many were broken, a promise each, each missed."""
    story = a_story(policy=policy(plan__max_renegotiations=9), stage=Stage.NEGOTIATION)
    for month in range(2, 2 + broken):
        story.then(f"2025-0{month}-01", plans.propose, an_offer(installments=1, first=f"2025-0{month}-03"))
        story.then(f"2025-0{month}-01", plans.accept)
        assert "plan_broken" in kinds(story, f"2025-0{month}-10")
    story.policy = policy(plan__max_renegotiations=value)
    return may_propose(story, "2025-06-10", first="2025-07-01")


@shows(
    "plan.on_break",
    ("negotiation", "2025-02-18", Stage.NEGOTIATION),
    ("legal", "2025-02-18", Stage.LEGAL),
    ("legal", "2025-02-19", Stage.NEGOTIATION),
)
def _(value: str, demanded: str) -> Stage:
    """The plan breaks on 5 March, and a final demand must be 15 days old."""
    story = followed(policy(plan__on_break=value))
    story.then(demanded, contacts.log, a_final_demand())
    assert "plan_broken" in kinds(story, "2025-03-05")
    return story.case.stage


# --- legal ----------------------------------------------------------------------------------------------------------


@shows("legal.min_balance", ("500.00", "500.00", False), ("500.00", "499.99", True), ("0.00", "499.99", False))
def _(value: str, owed: str) -> bool:
    """Whether it is not worth it."""
    story = a_story(policy=policy(legal__min_balance=value), owed=f"{owed} CNY")
    return "worth_it" in lacking(story, "2025-01-06")


@shows(
    "legal.demand_before_days",
    (15, "2025-01-24", True),
    (15, "2025-01-25", False),
    (14, "2025-01-23", True),
    (14, "2025-01-24", False),
)
def _(value: int, on: str) -> bool:
    """Whether the final demand of 10 January is too young."""
    story = a_story(policy=policy(legal__demand_before_days=value))
    story.then("2025-01-10", contacts.log, a_final_demand())
    return "final_demand_aged" in lacking(story, on)


@shows(
    "legal.auto_escalate",
    (True, "2025-03-06", []),
    (True, "2025-03-07", ["stage_moved"]),
    (False, "2025-03-07", ["escalation_due"]),
)
def _(value: bool, on: str) -> list[str]:
    story = a_story(policy=policy(legal__auto_escalate=value))
    for _number in range(3):
        story.then("2025-01-10", contacts.log, a_final_demand())
    return kinds(story, on)


# --- money ----------------------------------------------------------------------------------------------------------


@shows(
    "allocation.order",
    (["costs", "fees", "interest", "principal"], "25.00", (0, 0, 5_000, 100_000)),
    (["costs", "fees", "interest", "principal"], "26.00", (0, 0, 4_900, 100_000)),
    (["principal", "interest", "fees", "costs"], "26.00", (0, 2_500, 5_000, 97_400)),
    (["interest", "principal", "fees", "costs"], "26.00", (0, 2_500, 2_400, 100_000)),
    ("law", "26.00", (0, 0, 5_000, 99_900)),  # § 497(3) BGB: a consumer's loan, principal before interest
)
def _(value: Any, paid: str) -> tuple[int, ...]:
    """What is owed after a payment on the 50th day, with a fee of 25.00 and interest of 1.00 a day."""
    under = policy(allocation__order=value)
    debt = an_opening(jurisdiction="de", consumer=True, debt_type=DebtType.CONSUMER_LOAN)
    asked = Asked(Decimal("36.5"))
    terms = terms_of.opening(Settings("sqlite://"), debt, "de", under, asked, day("2025-01-06"))
    story = a_story(policy=under, terms=terms, jurisdiction="de", consumer=True, debt_type=DebtType.CONSUMER_LOAN)
    story.then("2025-01-20", charges.add, money("25.00 CNY"), ChargeKind.FEE)
    story.then("2025-01-20", payments.receive, money(f"{paid} CNY"))
    balance = story.case.balance(day("2025-01-20"))
    return tuple(part.minor for part in (balance.costs, balance.fees, balance.interest, balance.principal))


@shows("allocation.within", ("oldest_first", "300.00", [300, 0, 0]), ("oldest_first", "450.00", [300, 150, 0]))
def _(value: str, paid: str) -> list[int]:
    story = followed(policy(allocation__within=value))
    story.then("2025-01-20", payments.receive, money(f"{paid} CNY"))
    assert story.case.plan
    return [part // 100 for _, part in story.case.plan.spread(story.case.payments, day("2025-01-20"))]


@shows(
    "interest.day_count",
    ("act/365", "2024-02-21", "1.00"),
    ("act/365", "2024-03-01", "10.00"),
    ("act/360", "2024-03-01", "10.14"),
    ("act/act", "2024-03-01", "9.97"),
    ("30/360", "2024-02-29", "9.12"),  # nine days, 9.125
    ("30/360", "2024-03-01", "11.15"),
)
def _(value: str, on: str) -> str:
    """36.5 % a year on 1,000.00 from 20 February of a leap year on."""
    under = policy(interest__day_count=value)
    terms = under.terms((Step(day("2024-02-20"), Decimal("36.5")),))
    story = a_story(policy=under, due="2024-02-20", opened="2024-02-20", terms=terms)
    return str(story.case.balance(day(on)).interest)


@shows(
    "interest.rounding",
    ("half_even", 1, "0.00"),
    ("half_up", 1, "0.01"),
    ("half_even", 2, "0.01"),
    ("half_up", 2, "0.01"),
)
def _(value: str, days: int) -> str:
    """36.5 % a year on 5.00 is half a cent a day."""
    under = policy(interest__rounding=value)
    terms = under.terms((Step(day("2024-12-01"), Decimal("36.5")),))
    story = a_story(policy=under, owed="5.00 CNY", terms=terms)
    return str(story.case.balance(day("2024-12-01") + timedelta(days=days)).interest)


# --- law ------------------------------------------------------------------------------------------------------------


def against(database: Database, under: Policy, jurisdiction: str, zone: str, at: str, kind: DebtType) -> list[str]:
    """What stands against a call on a new case, and with which strength."""
    add(database, under)
    desk, who = a_desk(database), Details("W", timezones=(zone,))
    debt: dict[str, Any] = {"jurisdiction": jurisdiction, "consumer": True, "debt_type": kind}
    filed = a_filed_case(desk, policy="tried", details=who, **debt)
    asked = compliance.Intended(Channel.CALL)
    found = compliance.check_contact(desk, str(filed.after.case.case_id), asked, datetime.fromisoformat(at))
    return [f"{each.rule}: {each.strength}" for each in found.verdict.findings if each.blocks]


def add(database: Database, under: Policy) -> None:
    plain = deepcopy(plain_defaults()) | {"name": "tried"}
    plain["law"] = {"collector_role": str(under.law.collector_role), "lender": str(under.law.lender)}
    plain["worklist"]["lease_minutes"] = under.worklist.lease_minutes
    database.store().writing(lambda tx: tx.policies.add(plain, "2025-01-06T04:00:00.000000Z", "li"))


_EARLY, _EIGHT = "2025-01-07T07:59:00-06:00", "2025-01-07T08:00:00-06:00"
_HOURS = ["us.hours: regulation"]


@shows(
    "law.collector_role",
    ("third_party", _EARLY, _HOURS),
    ("third_party", _EIGHT, []),
    ("debt_buyer", _EARLY, _HOURS),
    ("creditor_other_name", _EARLY, _HOURS),
    ("creditor", _EARLY, []),
)
def _(value: str, at: str, database: Database) -> list[str]:
    """The federal rule about hours binds collectors, and creditors under another name."""
    under = policy(law__collector_role=value)
    return against(database, under, "us-federal", "America/Chicago", at, DebtType.CREDIT_CARD)


_BEFORE_TEN, _TEN = "2025-01-06T21:59:00+08:00", "2025-01-06T22:00:00+08:00"


@shows(
    "law.lender",
    ("licensed", _BEFORE_TEN, []),
    ("licensed", _TEN, ["cn.hours: standard"]),
    ("private", _BEFORE_TEN, []),
    ("private", _TEN, ["cn.hours: policy"]),
)
def _(value: str, at: str, database: Database) -> list[str]:
    """The Chinese rules about contacts bind licensed lenders; with others they are kept as one's own policy."""
    under = policy(law__lender=value)
    return against(database, under, "cn", "Asia/Shanghai", at, DebtType.CONSUMER_LOAN)


# --- deadlines and the worklist -------------------------------------------------------------------------------------


@shows(
    "deadlines.warn_days",
    ([90, 30, 7], "2025-07-02", []),
    ([90, 30, 7], "2025-07-03", [90]),
    ([30], "2025-07-03", []),
    ([30], "2025-08-31", []),
    ([30], "2025-09-01", [30]),
    ([], "2025-10-01", []),
)
def _(value: list[int], on: str) -> list[int]:
    """A day of law passes on 1 October."""
    under = policy(deadlines__warn_days=value)
    rule = Book().pack("cn").rules_of(LimitationRule)[0]
    due = Due(rule, day("2025-10-01"), day("2025-10-01"), Text(en="the end", zh="期满"), (), "end", True)
    found = warnings_of(a_story(policy=under).case, [due], under.deadlines.warn_days, day(on), "cn@1")
    return [warning.days_left for warning in found]


def adds(key: str, value: float, factor: Factor, story: Story, on: date, **given: Any) -> str:
    """What a factor adds to the worth, where its weight is the value and no other raises anything."""
    weights = dict.fromkeys(plain_defaults()["worklist"]["weights"], 0.0) | {"balance": 1.0, key: value}
    found = worth(story.case, policy(worklist__weights=weights), on, **given)
    assert sum(each.contribution for each in found.why) == found.total
    return f"{sum(each.contribution for each in found.why if each.factor is factor) / 100:.2f}"


# 1,000.00, a recovery of 40 % (M4) and a reach of 30 %: 120.00, which the weights multiply.


@shows("worklist.weights.balance", (1.0, 91, "1000.00"), (2.0, 91, "2000.00"), (0.0, 91, "0.00"))
def _(value: float, days: int) -> str:
    story = a_story()
    return adds("balance", value, Factor.BALANCE, story, story.case.debt.due + timedelta(days=days))


@shows(
    "worklist.weights.days_overdue",
    (0.5, 0, "0.00"),
    (0.5, 1, "0.63"),  # 850 thousandths to recover in the first month: 255.00 × 0.5 × 5 thousandths
    (0.5, 180, "37.50"),
    (0.5, 181, "18.00"),  # no more than from 180 days on, of a chance that has halved
    (1.0, 180, "75.00"),
)
def _(value: float, days: int) -> str:
    story = a_story()
    return adds("days_overdue", value, Factor.DAYS_OVERDUE, story, story.case.debt.due + timedelta(days=days))


@shows(
    "worklist.weights.willingness",
    (1.0, Level.HIGH, "120.00"),
    (1.0, None, "60.00"),
    (1.0, Level.LOW, "0.00"),
    (2.0, Level.HIGH, "240.00"),
)
def _(value: float, level: Level | None) -> str:
    story = a_story()
    if level:
        story.add("2025-01-06", Assessed(level, None))
    return adds("willingness", value, Factor.WILLINGNESS, story, story.case.debt.due + timedelta(days=91))


@shows(
    "worklist.weights.promise_due",
    (3.0, "2025-01-28", "0.00"),  # four days before
    (3.0, "2025-01-29", "292.50"),  # three days before: half of it
    (3.0, "2025-01-31", "225.00"),  # the fourth month overdue has begun, with a smaller chance
    (3.0, "2025-02-01", "450.00"),
    (1.0, "2025-02-01", "150.00"),
    (3.0, "2025-02-02", "450.00"),
)
def _(value: float, on: str) -> str:
    story = followed(policy())
    promise = promise_due(story.case, day(on))
    return adds("promise_due", value, Factor.PROMISE_DUE, story, day(on), promise=promise)


@shows(
    "worklist.weights.promise_broken",
    (3.0, "2025-02-04", "0.00"),
    (3.0, "2025-02-05", "225.00"),  # an installment is missed: half of it
    (3.0, "2025-03-05", "360.00"),  # the plan is broken
    (1.0, "2025-03-05", "120.00"),
)
def _(value: float, on: str) -> str:
    story = followed(policy())
    story.review_daily("2025-02-01", on)
    return adds("promise_broken", value, Factor.PROMISE_BROKEN, story, day(on))


@shows(
    "worklist.weights.limitation_near",
    (4.0, 90, "0.00"),
    (4.0, 89, "5.28"),
    (4.0, 0, "480.00"),
    (4.0, -1, "0.00"),
    (1.0, 0, "120.00"),
)
def _(value: float, days: int) -> str:
    story = a_story()
    on = story.case.debt.due + timedelta(days=91)
    return adds("limitation_near", value, Factor.LIMITATION_NEAR, story, on, deadline=on + timedelta(days=days))


@shows("worklist.contact_cost", ("1.00", 91, -100), ("0.00", 91, 0), ("4.00", 91, -400))
def _(value: str, days: int) -> int:
    story = a_story()
    found = worth(story.case, policy(worklist__contact_cost=value), story.case.debt.due + timedelta(days=days))
    return sum(each.contribution for each in found.why if each.factor is Factor.CONTACT_COST)


@shows("worklist.lease_minutes", (30, 29, False), (30, 30, True), (5, 4, False), (5, 5, True), (30, 5, False))
def _(value: int, minutes: int, database: Database) -> bool:
    """Whether a colleague gets the only debtor so many minutes after."""
    add(database, policy(worklist__lease_minutes=value))
    a_filed_case(a_desk(database), policy="tried", details=Details("W", timezones=("Asia/Shanghai",)))
    assert worklist.take(a_desk(database, "2025-01-06T10:00"), Filter(), None).lines
    later = a_desk(database, f"2025-01-06T10:{minutes:02d}", actor="wang")
    return bool(worklist.take(later, Filter(), None).lines)


# --- all of them ----------------------------------------------------------------------------------------------------


def keys(plain: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    for key, value in plain.items():
        if isinstance(value, dict):
            yield from keys(value, f"{prefix}{key}.")
        else:
            yield prefix + key
    if not prefix:
        yield from (f"dunning.level.{key}" for key in ("after", *LEVEL_DEFAULTS))


def test_every_key_has_a_table() -> None:
    assert set(TABLES) == set(keys(plain_defaults())) - {"dunning.level"}


CHOICES: dict[str, type[Enum]] = {
    "dunning.advance": Advance,
    "dunning.count_from": CountFrom,
    "dunning.on_hold": OnHold,
    "dunning.level.mode": Mode,
    "dunning.level.template": Template,
    "interest.day_count": DayCount,
    "interest.rounding": Rounding,
    "law.collector_role": CollectorRole,
    "law.lender": Lender,
}


@pytest.mark.parametrize("key", CHOICES)
def test_a_table_tries_every_word_of_its_key(key: str) -> None:
    assert {value for value, _, _ in TABLES[key].rows} == {choice.value for choice in CHOICES[key]}


@pytest.mark.parametrize("key", TABLES)
def test_a_table_shows_that_the_switch_does_something(key: str) -> None:
    """One thing that is tried comes out otherwise under two values; of `allocation.within` there is but one."""
    rows = TABLES[key].rows
    assert len({repr(expected) for _, _, expected in rows}) > 1
    if key != "allocation.within":
        assert any(
            tried == other_tried and value != other and expected != other_expected
            for value, tried, expected in rows
            for other, other_tried, other_expected in rows
        )


@pytest.mark.parametrize(
    ("key", "number"),
    [pytest.param(key, number, id=f"{key}-{number}") for key in TABLES for number in range(len(TABLES[key].rows))],
)
def test_what_a_switch_does(key: str, number: int, request: pytest.FixtureRequest) -> None:
    effect, rows = TABLES[key]
    value, tried, expected = rows[number]
    more = {"database": request.getfixturevalue("sqlite")} if "database" in inspect.signature(effect).parameters else {}
    assert effect(value, tried, **more) == expected
