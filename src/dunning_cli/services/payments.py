"""Book payments and take them back."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ..domain import payments
from ..domain.cases import Case, Decision
from ..domain.days import Now
from ..domain.entries import Refunded
from ..domain.money import Money
from ..domain.policies import Policy
from ..errors import RefusedError
from .desk import Changed, Desk

if TYPE_CHECKING:
    from ..store.session import Tx


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


def refund(
    desk: Desk, ref: str, amount: str | None, to: str | None, reference: str | None = None, why: str | None = None
) -> Changed:
    """Give back what was paid beyond the debt, or, with `to`, count it as a payment on another case of the debtor."""

    def decide(tx: Tx, case: Case, policy: Policy) -> Decision:
        money = Money.positive(amount, case.debt.principal.currency, "refund") if amount is not None else None
        other = tx.cases.load(tx.cases.find(to)) if to is not None else None
        if other and (other.case.case_id == case.case_id or not _same_debtor(tx, case, other.case)):
            raise RefusedError(
                "Case {other} is not another case of the same debtor.",
                hint="See the debtor's cases with: dunning show-debtor ID",
                other=other.case.case_id,
            )
        to_case = other.case.case_id if other else None
        decision = payments.refund(case, policy, desk.now, money, reference=reference, to_case=to_case, why=why)
        if other:
            entry = decision.first(Refunded)
            moved = payments.receive(
                other.case,
                tx.policies.get(other.case.policy),
                desk.now,
                entry.what.amount,
                reference=f"case {case.case_id}, entry {entry.seq}",
            )
            tx.cases.append(other, moved)
        return decision

    return desk.change_knowing(ref, decide)


def _same_debtor(tx: Tx, case: Case, other: Case) -> bool:
    """Whether two cases are against one person, whichever record each was opened with."""
    first, second = case.debt.debtor_id, other.debt.debtor_id
    return first == second or len(set(tx.debtors.kept([first, second]).values())) == 1


def reverse_payment(desk: Desk, ref: str, reference: str, why: str, on: date | None = None) -> Changed:
    return desk.change(ref, lambda case, policy, now: payments.reverse(case, policy, now, reference, why, on))
