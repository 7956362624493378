"""Appropriation: what the law, or a contract, says about the order in which a payment counts: the rules of kind
`allocation`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar, Final, TypeVar

from ..errors import InputError
from .allocation import pro_rata, waterfall
from .rules import Kind, Pack, Rule, Subject

K = TypeVar("K")


class DebtPart(StrEnum):
    """The parts of a debt. `judgment_money` is the sum that a judgment orders to be paid, as one; `general_interest` is
    the interest that it orders; `doubled_part` is what the law adds for paying a judgment late."""

    COSTS = "costs"
    FEES = "fees"
    INTEREST = "interest"
    PRINCIPAL = "principal"
    JUDGMENT_MONEY = "judgment_money"
    GENERAL_INTEREST = "general_interest"
    DOUBLED_PART = "doubled_part"


class DebtKey(StrEnum):
    """What decides between several debts: those that it puts first are paid first, and the next key breaks ties.

    `due_first`: what is due before what is not. `most_onerous`: the higher rate of interest. `oldest` goes by the day
    when the debt came about, `due_earliest` by its due date. `pro_rata` shares between those that are still equal.
    """

    DEBTORS_CHOICE = "debtors_choice"
    CREDITORS_CHOICE = "creditors_choice"
    DUE_FIRST = "due_first"
    LEAST_SECURED = "least_secured"
    MOST_ONEROUS = "most_onerous"
    OLDEST = "oldest"
    DUE_EARLIEST = "due_earliest"
    PRO_RATA = "pro_rata"


@dataclass(frozen=True, kw_only=True, slots=True)
class AllocationRule(Rule):
    """In which order a payment is spread: over the parts of one debt (`order`), or over several debts (`debts`).

    With `skip_disputed` a debt in dispute receives nothing.
    """

    kind: ClassVar[Kind] = Kind.ALLOCATION

    order: tuple[DebtPart, ...] = ()
    debts: tuple[DebtKey, ...] = ()
    skip_disputed: bool = False

    def __post_init__(self) -> None:
        Rule.__post_init__(self)
        if bool(self.order) is bool(self.debts):
            raise ValueError("it says either the order of the parts of a debt, or that of several debts")
        for keys in (self.order, self.debts):
            if len(set(keys)) < len(keys):
                raise ValueError("each word stands once in an order")


def order_of_parts(pack: Pack, subject: Subject, parts: Iterable[DebtPart], day: date | None = None) -> AllocationRule:
    """The rule for the parts of one debt: the one with the most conditions that are known to hold.

    A rule that does not name all the parts does not come into question. Where none is known to hold, one whose
    conditions are not known to fail will do. InputError where there is none.
    """
    wanted = set(parts)
    rules = [rule for rule in pack.rules_of(AllocationRule, day) if rule.order and wanted <= set(rule.order)]
    for unknown in (False, True):
        fitting = [rule for rule in rules if rule.applies.fits(subject, unknown=unknown)]
        if fitting:
            return max(reversed(fitting), key=lambda rule: len(rule.applies))
    raise InputError("The rule pack {pack} has no order for: {parts}.", pack=pack.id, parts=", ".join(sorted(wanted)))


def order_of_debts(pack: Pack, subject: Subject, day: date | None = None) -> AllocationRule:
    """The rule for several debts."""
    rules = [rule for rule in pack.rules_of(AllocationRule, day) if rule.debts and rule.applies.fits(subject)]
    if not rules:
        raise InputError("The rule pack {pack} has no order for several debts.", pack=pack.id)
    return max(reversed(rules), key=lambda rule: len(rule.applies))


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """One of several debts, as far as their order asks; `owed` in minor units, `security` in any one measure."""

    owed: int
    due: bool = True
    due_on: date | None = None
    incurred: date | None = None
    security: Decimal = Decimal(0)
    rate: Decimal = Decimal(0)
    chosen: int | None = None
    creditors: int | None = None
    disputed: bool = False


def spread(rule: AllocationRule, amount: int, claims: Mapping[K, Claim]) -> dict[K, int]:
    """Spread minor units over several debts. Debts that all keys call equal share in proportion, or stand in the order
    in which they are given where the rule knows no `pro_rata`."""
    parts = dict.fromkeys(claims, 0)
    ranks = _ranks(rule, claims)
    for rank in sorted(set(ranks.values())):
        owed = {name: claims[name].owed for name in ranks if ranks[name] == rank}
        share = pro_rata(amount, owed) if DebtKey.PRO_RATA in rule.debts else waterfall(amount, owed, owed)
        parts |= share
        amount -= sum(share.values())
    return parts


def in_turn(rule: AllocationRule, claims: Mapping[K, Claim]) -> list[K]:
    """The debts that come into question, the one that is paid first in front."""
    ranks = _ranks(rule, claims)
    return sorted(ranks, key=lambda name: ranks[name])


def _ranks(rule: AllocationRule, claims: Mapping[K, Claim]) -> dict[K, tuple[Any, ...]]:
    """The place of each debt that comes into question; equal ones have the same."""
    return {
        name: tuple(_RANKS[key](claim) for key in rule.debts if key in _RANKS)
        for name, claim in claims.items()
        if not (rule.skip_disputed and claim.disputed)
    }


def _chosen(place: int | None) -> tuple[bool, int]:
    return place is None, place or 0


_RANKS: Final[Mapping[DebtKey, Callable[[Claim], Any]]] = {
    DebtKey.DEBTORS_CHOICE: lambda claim: _chosen(claim.chosen),
    DebtKey.CREDITORS_CHOICE: lambda claim: _chosen(claim.creditors),
    DebtKey.DUE_FIRST: lambda claim: not claim.due,
    DebtKey.LEAST_SECURED: lambda claim: claim.security,
    DebtKey.MOST_ONEROUS: lambda claim: -claim.rate,
    DebtKey.OLDEST: lambda claim: claim.incurred or claim.due_on or date.max,
    DebtKey.DUE_EARLIEST: lambda claim: claim.due_on or date.max,
}
