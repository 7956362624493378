"""The creditor's strategy: how long, how often, how much. Data, loaded from a file and versioned in the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from typing import Any, Final, TypeAlias

from msgspec import Struct

from .allocation import ORDER, Part
from .codec import canonical
from .collecting import CollectorRole, Lender
from .entries import Channel, Purpose
from .interest import DayCount, Step
from .money import Money, Rounding
from .stages import Stage
from .terms import Terms


class ContactRules(Struct, frozen=True):
    """After `max_days` without reaching the debtor the nightly run says that escalation is due."""

    min_attempts: int
    min_demands: int
    max_days: int


class NegotiationRules(Struct, frozen=True):
    proposal_valid_days: int
    max_days: int


class PlanRules(Struct, frozen=True):
    """`max_missed` in a row break a plan; after `max_renegotiations` broken plans no new one may be proposed."""

    max_installments: int
    tolerance_days: int
    max_missed: int
    max_renegotiations: int
    on_break: Stage


class LegalRules(Struct, frozen=True):
    demand_before_days: int
    auto_escalate: bool


class AllocationRules(Struct, frozen=True):
    """In which order payments count toward the parts of a debt; within a plan the oldest installment comes first.

    `by_law`: in the order that the rule pack of the debt's jurisdiction gives it, which its terms then hold.
    """

    order: tuple[Part, ...]
    by_law: bool = False


class InterestRules(Struct, frozen=True):
    """How days become years, and how half a minor unit is rounded, where a debt does not say otherwise itself."""

    day_count: DayCount
    rounding: Rounding


class LawRules(Struct, frozen=True):
    """Who collects and who lent, as far as rules of law ask."""

    collector_role: CollectorRole
    lender: Lender


class Advance(StrEnum):
    """Which level falls due on a case that is far behind: the next one, or the highest whose day has come."""

    SEQUENTIAL = "sequential"
    MOST_SEVERE = "most_severe"


class CountFrom(StrEnum):
    """Day 0 of the levels: the due date, the day after it, the day the case was opened, or that of the invoice (when
    the debt was incurred; the due date where that is not known)."""

    DUE = "due"
    DAY_AFTER_DUE = "day_after_due"
    OPENED = "opened"
    INVOICE = "invoice"


class OnHold(StrEnum):
    """What a hold does to the levels: its days are left out, they start anew, or those that fall in it are skipped."""

    FREEZE = "freeze"
    CLEAR = "clear"
    SKIP_NOTICE = "skip_notice"


class Mode(StrEnum):
    """How the day of a level is found: so many days after day 0, the end of the month in which that lies, or so many
    days after the level before."""

    NET = "net"
    END_OF_MONTH = "end_of_month"
    AFTER_PREVIOUS = "after_previous"


class Template(StrEnum):
    """The built-in texts of notices."""

    REMINDER = "reminder"
    DEMAND = "demand"
    FINAL_DEMAND = "final_demand"

    @property
    def purpose(self) -> Purpose:
        """What a notice with this text counts as: the guards of the stage table ask for demands."""
        return Purpose(self.value)


class DunningLevel(Struct, frozen=True):
    """One level: when it is reached, and what is then sent; then the debtor has `respond_within_days` to respond."""

    number: int
    after: int
    mode: Mode
    channel: Channel
    template: Template
    respond_within_days: int


class DunningRules(Struct, frozen=True):
    """The levels of dunning, none by default. No level falls due within `grace_days` after the due date."""

    advance: Advance
    require_sent: bool
    count_from: CountFrom
    min_gap_days: int
    on_hold: OnHold
    reanchor_after_payment: bool
    grace_days: int
    levels: tuple[DunningLevel, ...] = ()


class DeadlineRules(Struct, frozen=True):
    """How many days before a deadline passes the nightly run warns of it, the longest first; none: never."""

    warn_days: tuple[int, ...] = (90, 30, 7)


class WorklistRules(Struct, frozen=True):
    """How the worklist weighs what raises a case, in thousandths, and for how long a debtor is taken."""

    balance: int = 1000
    days_overdue: int = 500
    willingness: int = 1000
    promise_due: int = 3000
    promise_broken: int = 3000
    limitation_near: int = 4000
    lease_minutes: int = 30

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> WorklistRules:
        """From the table of a policy file, where a weight is a number with up to three decimals."""
        weights = {name: int(Decimal(str(value)) * 1000) for name, value in plain["weights"].items()}
        return cls(**weights, lease_minutes=plain["lease_minutes"])


class Amounts(Struct, frozen=True):
    """The policy's amounts in one currency.

    `tolerance`: a remainder up to this counts as paid. `min_installment`: no smaller installment is proposed.
    `tolerance_amount`: an installment short by up to this counts as paid. `min_balance`: less is not worth a
    claim. `contact_cost`: what one more contact costs, as the worklist reckons. `level_fees`: what the notice of each
    level costs the debtor, from the first level on.
    """

    tolerance: Money
    min_installment: Money
    tolerance_amount: Money
    min_balance: Money
    contact_cost: Money
    level_fees: tuple[Money, ...] = ()

    def level_fee(self, level: int) -> Money:
        """The fee of a level; nothing where none is given in this currency."""
        return self.level_fees[level - 1] if level <= len(self.level_fees) else Money(0, self.tolerance.currency)

    @classmethod
    def none(cls, currency: str) -> Amounts:
        zero = Money(0, currency)
        return cls(zero, zero, zero, zero, zero)


DEFAULT_NAME = "default"
BY_LAW = "law"  # in the place of an order of the parts of a debt
AMOUNTS = ("tolerance", "min_installment", "tolerance_amount", "min_balance", "contact_cost")
_WORKLIST: Mapping[str, Any] = {
    "weights": {
        "balance": 1.0,
        "days_overdue": 0.5,
        "willingness": 1.0,
        "promise_due": 3.0,
        "promise_broken": 3.0,
        "limitation_near": 4.0,
    },
    "contact_cost": "1.00",
    "lease_minutes": 30,
}


class Policy(Struct, frozen=True):
    """One version of a named policy. `name@version` stands in the entries that were made under it."""

    name: str
    version: int
    contact: ContactRules
    negotiation: NegotiationRules
    plan: PlanRules
    legal: LegalRules
    allocation: AllocationRules
    interest: InterestRules
    law: LawRules
    dunning: DunningRules
    working_days: str
    per_currency: Mapping[str, Amounts]
    digest: str
    deadlines: DeadlineRules = DeadlineRules()
    worklist: WorklistRules = WorklistRules()

    @property
    def label(self) -> str:
        return f"{self.name}@{self.version}"

    def terms(self, steps: tuple[Step, ...] = (), day_count: DayCount | None = None) -> Terms | None:
        """The terms of a new debt that bears interest at these rates; None where all is as usual, without interest."""
        terms = self.whole_terms(steps, day_count)
        return None if not steps and terms.order == Terms().order else terms

    def whole_terms(self, steps: tuple[Step, ...] = (), day_count: DayCount | None = None) -> Terms:
        """The same, also where all is as usual."""
        interest = self.interest
        return Terms(steps, day_count or interest.day_count, interest.rounding, self.allocation.order)

    def amounts(self, currency: str) -> Amounts:
        """The amounts in a currency; nothing where the policy does not speak of it."""
        return self.per_currency.get(currency) or Amounts.none(currency)


class Scope(StrEnum):
    """To what a policy can be assigned, the most specific first."""

    CASE = "case"
    DEBTOR = "debtor"
    PORTFOLIO = "portfolio"
    CREDITOR = "creditor"


Assigned: TypeAlias = Mapping[tuple[Scope, str], str]


def assigned_to(assigned: Assigned, debtors: Iterable[int], portfolio: str | None, creditor: str) -> str:
    """The name of the policy that a case follows which names none: the most specific one, or the built-in one.

    `assigned` holds policies by scope and subject; `debtors` are all numbers of the debtor.
    """
    keys = [(Scope.DEBTOR, str(number)) for number in debtors]
    if portfolio is not None:
        keys.append((Scope.PORTFOLIO, portfolio))
    keys.append((Scope.CREDITOR, creditor))
    return next((assigned[key] for key in keys if key in assigned), DEFAULT_NAME)


def plain_defaults() -> dict[str, Any]:
    """The built-in policy as the plain values that a policy file holds."""
    return {
        "name": DEFAULT_NAME,
        "currency": "CNY",
        "tolerance": "0.10",
        "grace_days": 3,
        "working_days": "",
        "dunning": {
            "advance": "sequential",
            "require_sent": True,
            "count_from": "due",
            "min_gap_days": 0,
            "on_hold": "freeze",
            "reanchor_after_payment": False,
            "level": [],
        },
        "contact": {"min_attempts": 3, "min_demands": 1, "max_days": 60},
        "negotiation": {"proposal_valid_days": 14, "max_days": 45},
        "plan": {
            "max_installments": 60,
            "min_installment": "0.00",
            "tolerance_days": 3,
            "tolerance_amount": "0.00",
            "max_missed": 2,
            "max_renegotiations": 1,
            "on_break": "negotiation",
        },
        "legal": {"min_balance": "0.00", "demand_before_days": 15, "auto_escalate": False},
        "allocation": {"order": [part.value for part in Part], "within": "oldest_first"},
        "interest": {"day_count": "act/365", "rounding": "half_even"},
        "law": {"collector_role": "third_party", "lender": "licensed"},
        "deadlines": {"warn_days": [*DeadlineRules().warn_days]},
        "worklist": {**_WORKLIST, "weights": {**_WORKLIST["weights"]}},
        "per_currency": [],
    }


# What a level says where it says nothing else; `after` it must say.
LEVEL_DEFAULTS: Final[Mapping[str, Any]] = {
    "mode": "net",
    "channel": "email",
    "template": "reminder",
    "fee": "0.00",
    "respond_within_days": 14,
}

# A policy that was stored before these keys were there means their defaults.
_LATER: Final = ("grace_days", "working_days", "dunning", "deadlines", "worklist")


def _levels(*rows: tuple[int, str, str, str]) -> list[dict[str, Any]]:
    return [
        {**LEVEL_DEFAULTS, "after": after, "mode": mode, "channel": channel, "template": template}
        for after, mode, channel, template in rows
    ]


# Answers to all the questions of a policy at once, by what a creditor calls them. A file's own keys come before.
PRESETS: Final[Mapping[str, Mapping[str, Any]]] = {
    # One level after the other, each only after the one before was sent and its time to respond is over.
    "sequential": {
        "dunning": {
            "advance": "sequential",
            "require_sent": True,
            "level": _levels(
                (5, "net", "email", "reminder"), (20, "net", "letter", "demand"), (40, "net", "letter", "final_demand")
            ),
        },
    },
    # The level follows from the days alone: who is 50 days behind is told so at once.
    "most-severe": {
        "dunning": {
            "advance": "most_severe",
            "require_sent": False,
            "min_gap_days": 7,
            "level": _levels(
                (5, "net", "email", "reminder"), (20, "net", "letter", "demand"), (40, "net", "letter", "final_demand")
            ),
        },
    },
    # Loans: early and friendly, a payment starts the count anew, broken plans may be agreed upon again.
    "loan": {
        "grace_days": 3,
        "dunning": {
            "advance": "sequential",
            "require_sent": True,
            "reanchor_after_payment": True,
            "level": _levels(
                (5, "net", "email", "reminder"),
                (15, "after_previous", "email", "demand"),
                (30, "after_previous", "letter", "final_demand"),
            ),
        },
        "contact": {"max_days": 90},
    },
    # Invoices between businesses: to the end of the month, by letter, without ado.
    "invoice": {
        "grace_days": 0,
        "dunning": {
            "advance": "sequential",
            "require_sent": True,
            "count_from": "day_after_due",
            "level": _levels(
                (0, "end_of_month", "email", "reminder"),
                (14, "after_previous", "letter", "demand"),
                (14, "after_previous", "letter", "final_demand"),
            ),
        },
        "contact": {"min_attempts": 2, "max_days": 75},
        "plan": {"max_installments": 12},
    },
}


def policy_of(plain: Mapping[str, Any], version: int) -> Policy:
    """The policy in validated plain values (those of `plain_defaults`, each perhaps replaced)."""
    defaults = plain_defaults()
    sealed = _sealed(plain, defaults)
    plain = {**{key: defaults[key] for key in _LATER}, **plain}
    plan, legal, dunning = dict(plain["plan"]), dict(plain["legal"]), dict(plain["dunning"])
    levels = dunning.pop("level")
    own = {
        "currency": plain["currency"],
        "tolerance": plain["tolerance"],
        "min_installment": plan.pop("min_installment"),
        "tolerance_amount": plan.pop("tolerance_amount"),
        "min_balance": legal.pop("min_balance"),
        "contact_cost": plain["worklist"]["contact_cost"],
        "level_fees": [level["fee"] for level in levels],
    }
    plan["on_break"] = Stage(plan["on_break"])
    return Policy(
        plain["name"],
        version,
        ContactRules(**plain["contact"]),
        NegotiationRules(**plain["negotiation"]),
        PlanRules(**plan),
        LegalRules(**legal),
        _allocation(plain["allocation"]["order"]),
        InterestRules(DayCount(plain["interest"]["day_count"]), Rounding(plain["interest"]["rounding"])),
        LawRules(CollectorRole(plain["law"]["collector_role"]), Lender(plain["law"]["lender"])),
        _dunning(dunning, levels, plain["grace_days"]),
        plain["working_days"],
        {row["currency"]: _amounts(row) for row in (own, *plain["per_currency"])},
        sha256(canonical({**sealed, "version": version}).encode()).hexdigest()[:16],
        DeadlineRules(tuple(plain["deadlines"]["warn_days"])),
        WorklistRules.of(plain["worklist"]),
    )


def _allocation(order: Any) -> AllocationRules:
    return AllocationRules(ORDER, by_law=True) if order == BY_LAW else AllocationRules(tuple(Part(p) for p in order))


def _dunning(plain: Mapping[str, Any], levels: list[dict[str, Any]], grace_days: int) -> DunningRules:
    return DunningRules(
        Advance(plain["advance"]),
        plain["require_sent"],
        CountFrom(plain["count_from"]),
        plain["min_gap_days"],
        OnHold(plain["on_hold"]),
        plain["reanchor_after_payment"],
        grace_days,
        tuple(
            DunningLevel(
                number,
                level["after"],
                Mode(level["mode"]),
                Channel(level["channel"]),
                Template(level["template"]),
                level["respond_within_days"],
            )
            for number, level in enumerate(levels, 1)
        ),
    )


def _amounts(row: Mapping[str, Any]) -> Amounts:
    currency = row["currency"]
    fees = tuple(Money.of(fee, currency) for fee in row.get("level_fees", ()))
    tolerance, min_installment, tolerance_amount, min_balance, contact_cost = (
        Money.of(row.get(name, "0"), currency) for name in AMOUNTS
    )
    return Amounts(tolerance, min_installment, tolerance_amount, min_balance, contact_cost, fees)


def _sealed(plain: Mapping[str, Any], defaults: Mapping[str, Any]) -> dict[str, Any]:
    """What a policy's digest covers. One from before there were these keys keeps the digest it had, so that no case is
    reviewed again for what stays as it was."""
    return {key: value for key, value in plain.items() if key not in _LATER or value != defaults[key]}
