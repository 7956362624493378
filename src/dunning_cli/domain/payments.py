"""Stage 3: money that comes in, and money that is taken back."""

from __future__ import annotations

from datetime import date

from ..errors import DuplicateError, EntryNotFoundError, InputError, RefusedError
from . import closures
from .cases import Case, Decision
from .days import Now
from .entries import PaymentReceived, PaymentReversed, Refunded
from .money import Money
from .policies import Policy


def receive(
    case: Case,
    policy: Policy,
    now: Now,
    amount: Money,
    *,
    on: date | None = None,
    reference: str | None = None,
    method: str | None = None,
) -> Decision:
    """Book a payment on the day it was received. Without a reference it is called P and its entry's number."""
    closures.refuse_money_if_closed(case)
    if amount.currency != case.debt.principal.currency:
        raise InputError(
            "The payment is in {currency}, the case in {other}.",
            currency=amount.currency,
            other=case.debt.principal.currency,
        )
    on = on or now.today
    if on > now.today:
        raise RefusedError("The payment is dated {on}, after today ({today}).", on=on, today=now.today)
    if reference and case.payment(reference):
        raise DuplicateError(
            "A payment with the reference '{reference}' is already booked on this case.",
            hint="If it is another payment, give it another reference.",
            reference=reference,
        )
    decision = Decision(case, policy, now)
    decision.note_version()  # before the entry that the payment is called by
    decision.add(PaymentReceived(amount, reference or _free_reference(decision.case), method), on)
    closures.settle_up(decision)
    return decision


def reverse(case: Case, policy: Policy, now: Now, reference: str, why: str, on: date | None = None) -> Decision:
    """Take a payment back, a returned direct debit say. A case that it had closed is opened again."""
    payment = case.payment(reference)
    if payment is None:
        raise EntryNotFoundError("No payment '{reference}' is booked on this case.", reference=reference)
    if payment.reversed_on:
        raise DuplicateError(
            "The payment '{reference}' was already reversed on {on}.", reference=reference, on=payment.reversed_on
        )
    on = on or now.today
    if not payment.on <= on <= now.today:
        raise InputError(
            "A payment of {received} can be reversed from that day to today ({today}), not on {on}.",
            received=payment.on,
            today=now.today,
            on=on,
        )
    decision = Decision(case, policy, now)
    decision.add(PaymentReversed(payment.seq, reference, why), on)
    closures.undo_closing(decision, "payment_reversed")
    if not decision.case.outcome:
        closures.reinstate(decision)  # a plan that it had completed, with what the plan waived
    return decision


def refund(
    case: Case,
    policy: Policy,
    now: Now,
    amount: Money | None = None,
    *,
    reference: str | None = None,
    to_case: int | None = None,
    why: str | None = None,
) -> Decision:
    """Give back what was paid beyond the debt, or a part of it. Nothing that is owed can be given back."""
    held = case.balance(now.today).unallocated
    if not held:
        raise RefusedError("Nothing was paid beyond what is owed on this case.")
    amount = amount or held
    if amount > held:
        raise RefusedError(
            "Only {held} {currency} were paid beyond what is owed, not {amount}.",
            held=held,
            currency=held.currency,
            amount=amount,
        )
    decision = Decision(case, policy, now)
    decision.add(Refunded(amount, reference, to_case, why), now.today)
    return decision


def _free_reference(case: Case) -> str:
    """P and the number of the entry, or the next number that no payment of the case is called by."""
    number = case.seq + 1
    while case.payment(f"P{number}"):
        number += 1
    return f"P{number}"
