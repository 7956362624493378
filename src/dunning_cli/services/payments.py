"""Book payments and take them back."""

from __future__ import annotations

from datetime import date

from ..domain import payments
from ..domain.cases import Case, Decision
from ..domain.days import Now
from ..domain.money import Money
from ..domain.policies import Policy
from .desk import Changed, Desk


def record_payment(
    desk: Desk,
    ref: str,
    amount: str,
    *,
    on: date | None = None,
    reference: str | None = None,
    method: str | None = None,
) -> Changed:
    """Book a payment in the case's currency."""

    def decide(case: Case, policy: Policy, now: Now) -> Decision:
        money = Money.positive(amount, case.debt.principal.currency, "payment")
        return payments.receive(case, policy, now, money, on=on, reference=reference, method=method)

    return desk.change(ref, decide)


def reverse_payment(desk: Desk, ref: str, reference: str, why: str, on: date | None = None) -> Changed:
    return desk.change(ref, lambda case, policy, now: payments.reverse(case, policy, now, reference, why, on))
