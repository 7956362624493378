"""The creditor's strategy: how long, how often, how much. Data, loaded from a file and versioned in the database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any

from .allocation import ORDER, Part
from .codec import canonical
from .collecting import CollectorRole, Lender
from .interest import DayCount, Step
from .money import Money, Rounding
from .stages import Stage
from .terms import Terms


@dataclass(frozen=True, slots=True)
class ContactRules:
    """After `max_days` without reaching the debtor the nightly run says that escalation is due."""

    min_attempts: int
    min_demands: int
    max_days: int


@dataclass(frozen=True, slots=True)
class NegotiationRules:
    proposal_valid_days: int
    max_days: int


@dataclass(frozen=True, slots=True)
class PlanRules:
    """`max_missed` in a row break a plan; after `max_renegotiations` broken plans no new one may be proposed."""

    max_installments: int
    tolerance_days: int
    max_missed: int
    max_renegotiations: int
    on_break: Stage


@dataclass(frozen=True, slots=True)
class LegalRules:
    demand_before_days: int
    auto_escalate: bool


@dataclass(frozen=True, slots=True)
class AllocationRules:
    """In which order payments count toward the parts of a debt; within a plan the oldest installment comes first.

    `by_law`: in the order that the rule pack of the debt's jurisdiction gives it, which its terms then hold.
    """

    order: tuple[Part, ...]
    by_law: bool = False


@dataclass(frozen=True, slots=True)
class InterestRules:
    """How days become years, and how half a minor unit is rounded, where a debt does not say otherwise itself."""

    day_count: DayCount
    rounding: Rounding


@dataclass(frozen=True, slots=True)
class LawRules:
    """Who collects and who lent, as far as rules of law ask."""

    collector_role: CollectorRole
    lender: Lender


@dataclass(frozen=True, slots=True)
class DeadlineRules:
    """How many days before a deadline passes the nightly run warns of it, the longest first; none: never."""

    warn_days: tuple[int, ...] = (90, 30, 7)


@dataclass(frozen=True, slots=True)
class WorklistRules:
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


@dataclass(frozen=True, slots=True)
class Amounts:
    """The policy's amounts in one currency.

    `tolerance`: a remainder up to this counts as paid. `min_installment`: no smaller installment is proposed.
    `tolerance_amount`: an installment short by up to this counts as paid. `min_balance`: less is not worth a
    claim. `contact_cost`: what one more contact costs, as the worklist reckons.
    """

    tolerance: Money
    min_installment: Money
    tolerance_amount: Money
    min_balance: Money
    contact_cost: Money

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


@dataclass(frozen=True, slots=True)
class Policy:
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


def plain_defaults() -> dict[str, Any]:
    """The built-in policy as the plain values that a policy file holds."""
    return {
        "name": DEFAULT_NAME,
        "currency": "CNY",
        "tolerance": "0.10",
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


def policy_of(plain: Mapping[str, Any], version: int) -> Policy:
    """The policy in validated plain values (those of `plain_defaults`, each perhaps replaced)."""
    plan, legal = dict(plain["plan"]), dict(plain["legal"])
    own = {
        "currency": plain["currency"],
        "tolerance": plain["tolerance"],
        "min_installment": plan.pop("min_installment"),
        "tolerance_amount": plan.pop("tolerance_amount"),
        "min_balance": legal.pop("min_balance"),
        "contact_cost": plain.get("worklist", _WORKLIST)["contact_cost"],
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
        {row["currency"]: _amounts(row) for row in (own, *plain["per_currency"])},
        sha256(canonical({**_sealed(plain), "version": version}).encode()).hexdigest()[:16],
        DeadlineRules(tuple(plain.get("deadlines", {}).get("warn_days", DeadlineRules().warn_days))),
        WorklistRules.of(plain.get("worklist", _WORKLIST)),
    )


def _allocation(order: Any) -> AllocationRules:
    return AllocationRules(ORDER, by_law=True) if order == BY_LAW else AllocationRules(tuple(Part(p) for p in order))


def _sealed(plain: Mapping[str, Any]) -> dict[str, Any]:
    """What a policy's digest covers. A policy from before there were warnings of deadlines, or a worklist, keeps the
    digest it had."""
    usual = {"deadlines": {"warn_days": [*DeadlineRules().warn_days]}, "worklist": _WORKLIST}
    return {key: value for key, value in plain.items() if key not in usual or value != usual[key]}


def _amounts(row: Mapping[str, str]) -> Amounts:
    return Amounts(*(Money.of(row.get(name, "0"), row["currency"]) for name in AMOUNTS))
