"""Costs, fees and the terms of interest of a case."""

from __future__ import annotations

from datetime import date

from ..domain import charges, closures, lawful
from ..domain.cases import Case, Decision
from ..domain.days import Now
from ..domain.entries import ChargeKind
from ..domain.money import Money
from ..domain.policies import Policy
from ..domain.terms import Asked
from . import terms as terms_of
from .desk import Changed, Desk


def add_charge(
    desk: Desk, ref: str, amount: str, kind: ChargeKind, why: str | None = None, on: date | None = None
) -> Changed:
    """Owe a cost or a fee, in the case's currency."""

    def decide(case: Case, policy: Policy, now: Now) -> Decision:
        money = Money.positive(amount, case.debt.principal.currency, "charge")
        terms = terms_of.with_cap(desk.settings, case, policy) if kind is ChargeKind.FEE else None
        return charges.add(case, policy, now, money, kind, why, on=on, terms=terms)

    return desk.change(ref, decide)


def add_charge_by_law(
    desk: Desk, ref: str, kind: ChargeKind | None = None, why: str | None = None, on: date | None = None
) -> Changed:
    """Owe the fixed sum that the law of the case's jurisdiction adds to a late debt."""

    def decide(case: Case, policy: Policy, now: Now) -> Decision:
        fixed = lawful.compensation(terms_of.pack_of(desk.settings, case.debt.jurisdiction), case.debt)
        return charges.add_by_law(case, policy, now, fixed, kind, why, on=on)

    return desk.change(ref, decide)


def waive_charge(desk: Desk, ref: str, charge: int, why: str | None, amount: str | None = None) -> Changed:
    """No longer ask for a charge, or for a part of it."""

    def decide(case: Case, policy: Policy, now: Now) -> Decision:
        money = Money.positive(amount, case.debt.principal.currency, "amount") if amount is not None else None
        return charges.waive(case, policy, now, charge, why, money)

    return desk.change(ref, decide)


def change_interest(desk: Desk, ref: str, asked: Asked, why: str | None, since: date | None = None) -> Changed:
    """Give a case other rates: from a day on, or, without one, from the beginning."""

    def decide(case: Case, policy: Policy, now: Now) -> Decision:
        closures.refuse_if_closed(case, "a change of its interest")
        terms = terms_of.changed(desk.settings, case, policy, asked, since, now.today)
        return charges.change_terms(case, policy, now, terms, why)

    return desk.change(ref, decide)
