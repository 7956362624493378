"""Propose plans and take the debtor's answer."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from msgspec import Struct

from ..domain import plans
from ..domain.cases import Case, Decision
from ..domain.days import Every, Now
from ..domain.entries import PlanProposed
from ..domain.money import Money
from ..domain.plans import Offer
from ..domain.policies import Policy
from ..domain.views import CaseView
from .desk import Changed, Desk


class Terms(Struct, frozen=True):
    """An offer as it is typed: amounts are texts in the case's currency."""

    installments: int
    first: date
    every: Every
    amount: str | None = None
    down: str | None = None
    settle_for: str | None = None
    expires: date | None = None
    with_interest: bool = False
    waive_interest: Decimal | None = None

    def offer(self, currency: str) -> Offer:
        def money(text: str | None, what: str) -> Money | None:
            return Money.positive(text, currency, what) if text is not None else None

        return Offer(
            self.installments,
            self.first,
            self.every,
            money(self.amount, "amount"),
            money(self.down, "down payment"),
            money(self.settle_for, "settlement"),
            self.expires,
            self.with_interest,
            self.waive_interest,
        )


def propose_plan(desk: Desk, ref: str, terms: Terms) -> Changed:
    def decide(case: Case, policy: Policy, now: Now) -> Decision:
        return plans.propose(case, policy, now, terms.offer(case.debt.principal.currency))

    return desk.change(ref, decide)


def preview_plan(desk: Desk, ref: str, terms: Terms) -> tuple[CaseView, PlanProposed]:
    """The plan that would be proposed, without writing; refused as proposing it would be."""
    with desk.store.reading() as tx:
        filed = tx.cases.load(tx.cases.find(ref))
        offer = terms.offer(filed.case.debt.principal.currency)
        decision = plans.propose(filed.case, tx.policies.get(filed.case.policy), desk.now, offer)
        return desk.view(tx, filed), decision.entries[-1].what


def accept_plan(desk: Desk, ref: str) -> Changed:
    return desk.change(ref, plans.accept)


def decline_plan(desk: Desk, ref: str, why: str | None) -> Changed:
    return desk.change(ref, lambda case, policy, now: plans.decline(case, policy, now, why))


def withdraw_plan(desk: Desk, ref: str, why: str | None) -> Changed:
    return desk.change(ref, lambda case, policy, now: plans.withdraw(case, policy, now, why))
