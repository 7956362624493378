"""One payment over several debts of a debtor: what each receives, by the order that the law gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from ..errors import RefusedError
from .appropriation import AllocationRule, Claim, in_turn, order_of_debts, spread
from .cases import Case
from .entries import HoldReason
from .lawful import subject_of
from .money import Money
from .rules import Pack
from .terms import Terms


class Shares(NamedTuple):
    """What each case receives, by its number, in the order in which they are paid; `beyond` is what is too much, and
    part of what the last of them receives."""

    rule: AllocationRule
    of: Mapping[int, Money]
    beyond: Money


def share(pack: Pack, cases: Sequence[Case], amount: Money, on: date, chosen: Sequence[int] = ()) -> Shares:
    """Spread a payment of a day over cases that the same law governs, all in the payment's currency.

    `chosen` are the cases that the debtor names, the first one in front. What all of them together do not need is kept
    on the last that may receive anything. RefusedError where none may.
    """
    rule = order_of_debts(pack, subject_of(cases[0].debt, on), on)
    claims = {case.case_id: _claim(case, on, chosen) for case in cases}
    order = in_turn(rule, claims)
    if not order:
        raise RefusedError(
            "Every debt is in dispute, and nothing may be paid toward one ({rule}).",
            hint="Release one with dunning release-case CASE, or book the payment with dunning record-payment CASE.",
            rule=rule.id,
        )
    parts = spread(rule, amount.minor, claims)
    beyond = amount.minor - sum(parts.values())
    if beyond:
        parts[order[-1]] += beyond
    rest = [number for number in claims if number not in order]
    of = {number: Money(parts[number], amount.currency) for number in (*order, *rest)}
    return Shares(rule, of, Money(beyond, amount.currency))


def _claim(case: Case, on: date, chosen: Sequence[int]) -> Claim:
    debt = case.debt
    return Claim(
        owed=case.owed(on).minor,
        due=debt.due <= on,
        due_on=debt.due,
        incurred=debt.incurred,
        rate=rate_on(case, on),
        chosen=chosen.index(case.case_id) if case.case_id in chosen else None,
        disputed=case.hold is not None and case.hold.reason is HoldReason.DISPUTE,
    )


def rate_on(case: Case, on: date) -> Decimal:
    """The rate in percent a year that a debt bears on a day."""
    terms = case.terms or Terms()
    steps = [step for step in terms.steps if step.after < on]
    return terms.claimed(max(steps, key=lambda step: step.after)) if steps else Decimal(0)
