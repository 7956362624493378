"""What a case remembers: contacts, beliefs, payments, waivers, its hold and its plan, with the questions they answer.

Facts keep the number of their entry (`seq`) and the day they count from (`on`). What follows from them (a balance, the
state of an installment) is computed for a day and never stored.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum

from msgspec import Struct

from .allocation import Part
from .days import days_after
from .entries import (
    ChargeKind,
    ClaimField,
    ContactLogged,
    Direction,
    HoldReason,
    Installment,
    Level,
    Outcome,
    PlanTerms,
    Purpose,
    Reason,
)
from .money import Money
from .stages import Stage

# Who speaks for the debtor: a conversation with them reaches the debtor.
_DEBTOR_SIDE = ("debtor", "debt_adviser", "attorney", "guardian", "executor")
_SPOKEN = (Outcome.CONVERSATION, Outcome.REFUSED_TO_PAY, Outcome.PROMISED)
_HEARD = (*_SPOKEN, Outcome.RECEIVED, Outcome.SENT, Outcome.DELIVERED, Outcome.VOICEMAIL_LEFT)
_NOT_CONVEYED = (
    Outcome.NO_ANSWER,
    Outcome.DROPPED,
    Outcome.BUSY,
    Outcome.NOT_IN_SERVICE,
    Outcome.RETURNED,
    Outcome.VOICEMAIL_NOT_LEFT,
    Outcome.VOICEMAIL_LIMITED_CONTENT,
)


class Contact(Struct, frozen=True, array_like=True):
    """A logged contact, as far as the stages and the cost of the case depend on it.

    `conveyed` says that what we wanted to say could arrive; `reached` that the debtor, or who speaks for them, was
    heard.
    """

    seq: int
    on: date
    out: bool
    conveyed: bool
    reached: bool
    purpose: Purpose | None = None
    minutes: int | None = None
    cost: Money | None = None

    @classmethod
    def of(cls, seq: int, on: date, what: ContactLogged) -> Contact:
        out = what.direction is Direction.OUT
        return cls(
            seq,
            on,
            out,
            what.outcome not in _NOT_CONVEYED,
            what.party.partition(":")[0] in _DEBTOR_SIDE and what.outcome in (_SPOKEN if out else _HEARD),
            what.purpose,
            what.minutes,
            what.cost,
        )

    @property
    def demand(self) -> bool:
        return self.out and self.conveyed and self.purpose in (Purpose.DEMAND, Purpose.FINAL_DEMAND)

    @property
    def final_demand(self) -> bool:
        return self.demand and self.purpose is Purpose.FINAL_DEMAND


class Belief(Struct, frozen=True, array_like=True):
    """What was learned about the debtor on a day: from a contact, or an assessment."""

    seq: int
    on: date
    willingness: Level | None = None
    ability: Level | None = None
    reason: Reason | None = None
    income: Money | None = None
    expenses: Money | None = None


class Payment(Struct, frozen=True, array_like=True):
    seq: int
    on: date
    amount: Money
    reference: str
    reversed_on: date | None = None
    reversal: int | None = None  # the entry that reversed it

    def counts(self, on: date) -> bool:
        """Whether the money is there at the end of the day."""
        return self.on <= on and (self.reversed_on is None or self.reversed_on > on)


class Charge(Struct, frozen=True, array_like=True):
    """A cost or a fee that is owed besides the principal. `rule` is that of the law which gives it."""

    seq: int
    on: date
    amount: Money
    kind: ChargeKind
    rule: str | None = None

    @property
    def part(self) -> Part:
        return Part.COSTS if self.kind is ChargeKind.COST else Part.FEES


class Refund(Struct, frozen=True, array_like=True):
    """Money that was given back out of what was paid beyond the debt."""

    seq: int
    on: date
    amount: Money


class Waiver(Struct, frozen=True, array_like=True):
    """What is no longer asked for: of the charge with that entry, of the interest by a plan that was kept (`plan`), or
    of all that was owed when the debt was closed."""

    seq: int
    on: date
    amount: Money
    charge: int | None = None
    plan: bool = False


class Hold(Struct, frozen=True, array_like=True):
    """`until` is its last day; without it the hold ends when it is released. `fact`: the debtor's entry behind it, in
    the journal of `whose` record, or of that with which the case was opened."""

    on: date
    reason: HoldReason
    until: date | None = None
    fact: int | None = None
    whose: int | None = None


class Pause(Struct, frozen=True, array_like=True):
    """A hold that is over: its first day, and the first day after it."""

    start: date
    end: date


class Notice(Struct, frozen=True, array_like=True):
    """A level that was reached on a day (`sent` is False), or whose notice was sent then."""

    seq: int
    on: date
    level: int
    sent: bool = False
    respond_by: date | None = None


class Participant(Struct, frozen=True, array_like=True):
    """A person beside the debtor who is, or until the day `ended` was, a party of the case in a role."""

    person: int
    role: str
    on: date
    ended: date | None = None


class Marked(Struct, frozen=True, array_like=True):
    """The last escalation_due: in which stage it was written, and the guards that were missing."""

    stage: Stage
    missing: tuple[str, ...] = ()


class ClaimFact(Struct, frozen=True, array_like=True):
    """Something from which days are counted for this claim; `fields` by the words of docs/deadlines.md."""

    seq: int
    on: date
    fact: str
    fields: tuple[ClaimField, ...] = ()

    def field(self, name: str) -> str | None:
        return next((each.value for each in self.fields if each.name == name), None)


class Warned(Struct, frozen=True, array_like=True):
    """A warning that was written: for which day of which rule, and how many days were left."""

    rule: str
    key: str
    day: date
    left: int


class PlanStatus(StrEnum):
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    BROKEN = "broken"
    COMPLETED = "completed"


class InstallmentStatus(StrEnum):
    OPEN = "open"
    PAID = "paid"
    PARTIAL = "partial"
    MISSED = "missed"


class Plan(Struct, frozen=True, array_like=True):
    """The latest plan of a case. `missed` are the installments that a review found short after their tolerance.

    Payments count toward the plan from its proposal on, by their own date: `proposed` is the entry that proposed it.
    """

    number: int
    status: PlanStatus
    installments: tuple[Installment, ...]
    proposed_on: date
    proposed: int
    expires: date
    settles: bool = False
    terms: PlanTerms | None = None
    missed: tuple[int, ...] = ()
    waives: Decimal | None = None

    @property
    def total(self) -> Money:
        return Money.total((i.amount for i in self.installments), self.installments[0].amount.currency)

    @property
    def last(self) -> int:
        return self.installments[-1].number

    def counted(self, payments: Sequence[Payment], on: date) -> int:
        """Minor units paid toward the plan by the end of a day."""
        if not payments:
            return 0
        start = (self.proposed_on, self.proposed)
        return sum(p.amount.minor for p in payments if (p.on, p.seq) > start and p.counts(on))

    def spread(self, payments: Sequence[Payment], on: date) -> Iterator[tuple[Installment, int]]:
        """Each installment with the minor units it has received by the end of a day, the oldest first."""
        left = self.counted(payments, on)
        for installment in self.installments:
            part = min(left, installment.amount.minor) if left else 0
            left -= part
            yield installment, part

    def enough(self, installment: Installment, part: int) -> bool:
        """Whether these minor units count as the whole installment, under the plan's own tolerance."""
        short = installment.amount.minor - part
        return short <= 0 or (part > 0 and self.terms is not None and short <= self.terms.tolerance_amount.minor)

    def tolerated_until(self, installment: Installment) -> date:
        """The last day on which a payment is in time."""
        return days_after(installment.due, self.terms.tolerance_days if self.terms else 0)

    def kept(self, payments: Sequence[Payment], on: date) -> bool:
        """Whether every installment is paid by the end of a day."""
        return self.counted(payments, on) > 0 and all(
            self.enough(installment, part) for installment, part in self.spread(payments, on)
        )

    def unpaid(self, payments: Sequence[Payment], on: date) -> list[tuple[Installment, int]]:
        """The installments not paid by the end of a day, each with the minor units it has received."""
        return [(each, part) for each, part in self.spread(payments, on) if not self.enough(each, part)]

    def statuses(self, payments: Sequence[Payment], on: date) -> list[tuple[Installment, Money, InstallmentStatus]]:
        """Each installment with what it has received by the end of a day, and the word for it."""
        rows = []
        for installment, part in self.spread(payments, on):
            if self.enough(installment, part):
                status = InstallmentStatus.PAID
            elif installment.number in self.missed:
                status = InstallmentStatus.PARTIAL if part else InstallmentStatus.MISSED
            else:
                status = InstallmentStatus.OPEN
            rows.append((installment, Money(part, installment.amount.currency), status))
        return rows

    def broken_by(self, missed: Iterable[int]) -> tuple[str, tuple[int, ...]] | None:
        """The rule that these missed installments break, and those that break it; None while the plan holds.

        A plan breaks at `max_missed` in a row, or when its last installment is missed: then nothing more is to come. A
        promise to pay, which is a plan of one installment, therefore breaks at once.
        """
        if self.terms is None:
            return None
        numbers = sorted(missed)
        run: list[int] = []
        for number in numbers:
            run = [*run, number] if run and number == run[-1] + 1 else [number]
            if len(run) >= self.terms.max_missed:
                return "max_missed", tuple(run)
        return ("last_missed", (self.last,)) if self.last in numbers else None

    def late_on(self, payments: Sequence[Payment]) -> list[int]:
        """The installments decided as missed which were not paid in time, by the dates of all payments now known.

        A payment that was taken back later did not pay them, whatever day it once came.
        """
        stayed = [p for p in payments if p.reversed_on is None]

        def in_time(installment: Installment) -> bool:
            parts = dict(self.spread(stayed, self.tolerated_until(installment)))
            return self.enough(installment, parts[installment])

        return [i.number for i in self.installments if i.number in self.missed and not in_time(i)]
