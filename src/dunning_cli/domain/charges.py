"""Costs and fees that are owed besides the principal: added, waived, refunded; and the terms of interest."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ..errors import DuplicateError, EntryNotFoundError, InputError, RefusedError
from . import closures
from .cases import Case, Decision
from .days import Now
from .entries import ChargeAdded, ChargeKind, ChargeWaived, TermsChanged
from .money import Money
from .policies import Policy
from .terms import Terms

if TYPE_CHECKING:
    from .lawful import Fixed


def add(
    case: Case,
    policy: Policy,
    now: Now,
    amount: Money,
    kind: ChargeKind,
    why: str | None = None,
    *,
    on: date | None = None,
    terms: Terms | None = None,
) -> Decision:
    """Owe a cost or a fee from a day on: today, or an earlier one. A closed case asks for nothing more.

    `terms` are those of the case with the cap that the law sets to its fees, where it was not noted before.
    """
    closures.refuse_if_closed(case, "a charge")
    on = on or now.today
    if on > now.today:
        raise InputError("The charge is dated {on}, after today ({today}).", on=on, today=now.today)
    if amount.currency != case.debt.principal.currency:
        raise InputError(
            "The charge is in {currency}, the case in {other}.",
            currency=amount.currency,
            other=case.debt.principal.currency,
        )
    decision = Decision(case, policy, now)
    if terms and terms != (case.terms or Terms()):
        decision.add(TermsChanged(terms, rule="cap"))
    decision.add(ChargeAdded(amount, kind, why=why), on)
    return decision


def add_by_law(
    case: Case,
    policy: Policy,
    now: Now,
    fixed: Fixed,
    kind: ChargeKind | None = None,
    why: str | None = None,
    *,
    on: date | None = None,
) -> Decision:
    """Owe the fixed sum that the law adds to a late debt: a cost unless said otherwise, once a case."""
    closures.refuse_if_closed(case, "a charge")
    on = on or now.today
    if on > now.today:
        raise InputError("The charge is dated {on}, after today ({today}).", on=on, today=now.today)
    if on <= case.debt.due:
        raise RefusedError(
            "The debt is not late on {on}: it is due on {due}.",
            hint="Fixed compensation is owed from the day after the due date.",
            on=on,
            due=case.debt.due,
        )
    if earlier := next((charge for charge in case.charges if charge.rule == fixed.rule), None):
        raise DuplicateError(
            "The law gives this once a debt, and entry {seq} added it ({rule}).",
            hint="See it with: dunning statement CASE",
            seq=earlier.seq,
            rule=fixed.rule,
        )
    decision = Decision(case, policy, now)
    decision.add(ChargeAdded(fixed.amount, kind or ChargeKind.COST, fixed.rule, fixed.law, why), on)
    return decision


def waive(
    case: Case, policy: Policy, now: Now, charge: int, why: str | None = None, amount: Money | None = None
) -> Decision:
    """No longer ask for a charge, or for a part of it. What was paid on it counts toward the rest of the debt."""
    closures.refuse_if_closed(case, "a waiver")
    found = next((c for c in case.charges if c.seq == charge), None)
    if found is None:
        raise EntryNotFoundError(
            "Entry {seq} is no charge of this case.",
            hint="See the charges with: dunning statement CASE",
            seq=charge,
        )
    waived = sum(w.amount.minor for w in case.waivers if w.charge == charge)
    left = Money(found.amount.minor - waived, found.amount.currency)
    if not left:
        raise RefusedError("The charge of entry {seq} is already waived.", seq=charge)
    amount = amount or left
    if amount > left:
        raise InputError(
            "Of the charge of entry {seq}, {left} {currency} are left to be waived, not {amount}.",
            seq=charge,
            left=left,
            currency=left.currency,
            amount=amount,
        )
    decision = Decision(case, policy, now)
    decision.add(ChargeWaived(amount, "charge", charge, why))
    closures.settle_up(decision)
    return decision


def change_terms(case: Case, policy: Policy, now: Now, terms: Terms, why: str | None = None) -> Decision:
    """Give the debt other terms of interest. The same terms again change nothing."""
    closures.refuse_if_closed(case, "a change of its interest")
    decision = Decision(case, policy, now)
    if terms != (case.terms or Terms()):
        decision.add(TermsChanged(terms, why))
        closures.settle_up(decision)
    return decision
