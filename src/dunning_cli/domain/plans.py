"""Stages 2 and 3: plans that are proposed, answered, followed, broken and kept.

A promise to pay is a plan of one installment.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from ..errors import InputError, RefusedError, UsageError
from .allocation import Part
from .cases import Case, Decision
from .days import Every, Now, days_after, step
from .entries import (
    Installment,
    PlanAccepted,
    PlanDeclined,
    PlanProposed,
    PlanTerms,
    PlanWithdrawn,
)
from .facts import Plan, PlanStatus
from .ledger import Account
from .money import Money
from .policies import Policy
from .stages import Event
from .terms import Terms


class Offer(Struct, frozen=True):
    """What is offered to the debtor. Without `amount` or `settle_for` the plan covers the whole balance.

    What interest runs while the plan is followed remains owed after it, unless `with_interest` puts it inside the
    installments. `waive_interest` is the percentage of all interest that is waived once the plan is kept; the rest of
    it lies inside.
    """

    installments: int
    first: date
    every: Every = Every.MONTH
    amount: Money | None = None
    down: Money | None = None
    settle_for: Money | None = None
    expires: date | None = None
    with_interest: bool = False
    waive_interest: Decimal | None = None

    @property
    def inside(self) -> bool:
        """Whether the installments pay interest that is still to run."""
        return self.with_interest or self.waive_interest is not None


def schedule(
    total: Money, installments: int, first: date, every: Every, down: Installment | None
) -> tuple[Installment, ...]:
    """Equal installments that add up to `total` to the cent, after the down payment where there is one."""
    rest = total - down.amount if down else total
    start = 1 + (down is not None)
    rows = [
        Installment(start + number, step(first, every, number), amount)
        for number, amount in enumerate(rest.split(installments))
    ]
    return tuple([down, *rows] if down else rows)


def propose(case: Case, policy: Policy, now: Now, offer: Offer) -> Decision:
    """Propose a plan: allowed in negotiation, and in legal as a settlement."""
    decision = Decision(case, policy, now)
    decision.allowed(Event.PLAN_PROPOSED)
    decision.add(terms_of(case, policy, now, offer))
    return decision


def terms_of(case: Case, policy: Policy, now: Now, offer: Offer) -> PlanProposed:
    """The plan that an offer means for this case today, or the reason why it cannot be."""
    owed = case.owed(now.today)
    expires = offer.expires or days_after(now.today, policy.negotiation.proposal_valid_days)
    if offer.settle_for and offer.amount:
        raise UsageError("--amount and --settle-for exclude each other.", hint="A settlement names the whole sum.")
    if offer.installments < 1:
        raise InputError("A plan has one installment at least, not {count}.", count=offer.installments)
    if offer.installments > policy.plan.max_installments:
        raise RefusedError(
            "The policy {policy} allows {limit} installments, not {installments}.",
            hint="Propose fewer installments, or load a policy that allows more.",
            policy=policy.label,
            limit=policy.plan.max_installments,
            installments=offer.installments,
        )
    if offer.first < now.today:
        raise InputError("The first installment would be due on {first}, in the past.", first=offer.first)
    if expires < now.today:
        raise InputError("The proposal would expire on {expires}, in the past.", expires=expires)
    if offer.inside and (offer.amount or offer.settle_for):
        raise UsageError(
            "A plan with interest inside is over the whole debt.",
            hint="Leave --amount and --settle-for out, or --with-interest and --waive-interest.",
        )
    share = 1 - (offer.waive_interest or Decimal(0)) / 100
    account = _account(case, now.today, share)
    total = offer.settle_for or offer.amount or (_owed(account) if offer.inside else owed)
    if total > owed or (offer.settle_for and total == owed):
        raise RefusedError(
            "A settlement for {total} {currency} must be for less than the {owed} owed."
            if offer.settle_for
            else "A plan over {total} {currency} is for more than the {owed} owed.",
            hint="Leave --amount and --settle-for out for a plan over the whole balance.",
            total=total,
            currency=total.currency,
            owed=owed,
        )
    down = None
    if offer.down:
        if offer.down >= total:
            raise InputError("The down payment of {down} leaves nothing for installments.", down=offer.down)
        down = Installment(1, min(expires, offer.first), offer.down)
    try:
        rows = schedule(total, offer.installments, offer.first, offer.every, down)
        if offer.inside:
            rows = _with_interest(case, now.today, share, rows, down is not None)
    except (ValueError, OverflowError) as error:
        raise InputError("The last installment would be due beyond the year 9999.") from error
    _large_enough(rows, policy, total.currency)
    return PlanProposed(
        case.plans + 1,
        rows,
        expires,
        offer.every,
        offer.settle_for is not None,
        policy.label,
        offer.waive_interest or None,
        offer.inside or None,
    )


def _account(case: Case, today: date, share: Decimal) -> Account:
    """The debt as it stands today, of whose interest only a share is asked for from here on."""
    drawn, terms = case.ledger(today), case.terms or Terms()
    owed = dict(drawn.owed)
    owed[Part.INTEREST] = drawn.money(Part.INTEREST).times(share, terms.rounding).minor
    return Account(
        replace(terms, steps=terms.scaled(share)), drawn.currency, today, owed, unallocated=drawn.unallocated
    )


def _owed(account: Account) -> Money:
    return Money(sum(account.owed.values()), account.currency)


def _with_interest(
    case: Case, today: date, share: Decimal, rows: Sequence[Installment], has_down: bool
) -> tuple[Installment, ...]:
    """The same installments, each so much larger that together they pay the interest that runs meanwhile.

    All are equal but the last, which is smaller by less than one minor unit for each of the others. The amount is found
    by trying: what is left after all but the last must be no more than one of them.
    """
    first = 1 if has_down else 0

    def last(each: int) -> int:
        account = _account(case, today, share)
        for row in rows[:-1]:
            account.until(row.due, case.frozen)
            account.take(row.amount.minor if row.number <= first else each)
        account.until(rows[-1].due, case.frozen)
        account.fix()
        return sum(account.owed.values())

    low, high = 0, last(0)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if last(middle) <= middle else (middle, high)
    amounts = [row.amount.minor if row.number <= first else high for row in rows[:-1]]
    return tuple(
        replace(row, amount=Money(minor, row.amount.currency))
        for row, minor in zip(rows, [*amounts, last(high)], strict=True)
    )


def _large_enough(rows: tuple[Installment, ...], policy: Policy, currency: str) -> None:
    least = min(row.amount for row in rows)
    floor = policy.amounts(currency).min_installment
    if least < floor or least.minor <= 0:
        raise RefusedError(
            "An installment of {least} {currency} is too small; the policy {policy} asks for {floor} at least.",
            hint="Propose fewer installments.",
            least=least,
            currency=currency,
            policy=policy.label,
            floor=max(floor, Money(1, currency)),
        )


def accept(case: Case, policy: Policy, now: Now) -> Decision:
    """The debtor agrees: the plan is in force, and keeps the tolerances of the policy it was agreed under."""
    decision = Decision(case, policy, now)
    move = decision.allowed(Event.PLAN_ACCEPTED)
    plan = _proposal(case, now.today)
    terms = PlanTerms(
        policy.plan.tolerance_days,
        policy.amounts(case.debt.principal.currency).tolerance_amount,
        policy.plan.max_missed,
        policy.plan.on_break,
    )
    decision.add(PlanAccepted(plan.number, terms, policy.label))
    decision.move(move, rule="plan_accepted")
    return decision


def decline(case: Case, policy: Policy, now: Now, why: str | None = None) -> Decision:
    """The debtor says no."""
    decision = Decision(case, policy, now)
    decision.add(PlanDeclined(_proposal(case, now.today).number, why))
    return decision


def withdraw(case: Case, policy: Policy, now: Now, why: str | None = None) -> Decision:
    """The creditor takes the proposal back."""
    decision = Decision(case, policy, now)
    decision.add(PlanWithdrawn(_proposal(case, now.today).number, why))
    return decision


def _proposal(case: Case, today: date) -> Plan:
    plan = case.plan
    if case.outcome is None and (proposal := case.open_proposal(today)):
        return proposal
    if plan and plan.status is PlanStatus.PROPOSED and not case.outcome:
        raise RefusedError(
            "Plan {number} expired on {expires}.",
            hint="Propose it again with: dunning propose-plan",
            number=plan.number,
            expires=plan.expires,
        )
    raise RefusedError("No plan is proposed on this case.", hint="Propose one with: dunning propose-plan")
