"""Log contacts, and what the collector believes about the debtor."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from ..domain import assessments, contacts
from ..domain.cases import Case, Decision
from ..domain.days import Now
from ..domain.entries import Assessed, ContactLogged
from ..domain.money import Money
from ..domain.policies import Policy
from ..errors import InputError
from .desk import Changed, Desk


def log_contact(
    desk: Desk, ref: str, what: ContactLogged, *, at: datetime | None = None, cost: str | None = None
) -> Changed:
    """Log a contact that took place. `cost` is an amount in the case's currency."""

    def decide(case: Case, policy: Policy, now: Now) -> Decision:
        spent = _amount(cost, case.debt.principal.currency, "cost")
        return contacts.log(case, policy, now, replace(what, cost=spent), at)

    return desk.change(ref, decide)


def assess(desk: Desk, ref: str, what: Assessed, *, income: str | None = None, expenses: str | None = None) -> Changed:
    """Record willingness and ability, or income and expenses a month in the case's currency."""

    def decide(case: Case, policy: Policy, now: Now) -> Decision:
        currency = case.debt.principal.currency
        given = replace(
            what,
            income=_amount(income, currency, "income"),
            expenses=_amount(expenses, currency, "expenses"),
        )
        return assessments.record(case, policy, now, given)

    return desk.change(ref, decide)


def _amount(text: str | None, currency: str, what: str) -> Money | None:
    """An amount as it was typed, nothing or more."""
    amount = Money.of(text, currency) if text is not None else None
    if amount and amount.minor < 0:
        raise InputError("The {what} cannot be less than 0: {text}.", what=what, text=text)
    return amount
