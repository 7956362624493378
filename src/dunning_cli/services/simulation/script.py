"""Who does what on a case, day by day. Pure: a case as it stands, a character, a random source; out come acts.

The collector works by the rules of the trade and sometimes too early, too late in the evening, or once too often: then
the stage table or the law says no, as it would to anybody. The debtor answers by character.
"""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from random import Random
from typing import Final, NamedTuple, TypeAlias

from ...domain.cases import Case, Status
from ...domain.days import Every
from ...domain.entries import CaseOutcome, HoldReason, Level, Outcome, Purpose, Reason
from ...domain.facts import PlanStatus
from ...domain.money import Money
from ...domain.stages import Stage
from .cast import Character

# --- what can be done -------------------------------------------------------------------------------------------------


class Call(NamedTuple):
    """A call: planned ones are asked of the law first. `rash`: at an hour at which nobody should call."""

    outcome: Outcome
    purpose: Purpose
    reason: Reason | None = None
    willingness: Level | None = None
    ability: Level | None = None
    minutes: int = 1
    rash: bool = False


class Letter(NamedTuple):
    purpose: Purpose


class Notice(NamedTuple):
    """The notice that the policy has made due."""


class Assess(NamedTuple):
    income: Money
    expenses: Money


class Propose(NamedTuple):
    """`settle_for`: less than all; `waive`: the percentage of the interest that a kept plan waives."""

    installments: int
    first: date
    every: Every = Every.MONTH
    settle_for: Money | None = None
    waive: Decimal | None = None


class Accept(NamedTuple):
    pass


class Decline(NamedTuple):
    why: str


class Pay(NamedTuple):
    """Money that came in on a day, and is booked now."""

    amount: Money
    on: date
    reference: str


class Reverse(NamedTuple):
    reference: str


class Hold(NamedTuple):
    reason: HoldReason
    until: date


class Release(NamedTuple):
    pass


class Fact(NamedTuple):
    """Something that the law cares about, said by the debtor."""

    word: str


class Escalate(NamedTuple):
    why: str


class Close(NamedTuple):
    outcome: CaseOutcome
    why: str


class Reopen(NamedTuple):
    why: str


class Cost(NamedTuple):
    amount: Money
    why: str


class Remark(NamedTuple):
    text: str


Act: TypeAlias = (
    Call
    | Letter
    | Notice
    | Assess
    | Propose
    | Accept
    | Decline
    | Pay
    | Reverse
    | Hold
    | Release
    | Fact
    | Escalate
    | Close
    | Reopen
    | Cost
    | Remark
)
Acts: TypeAlias = Generator[Act, bool, None]  # each is answered by whether it was done, or refused


# --- characters -------------------------------------------------------------------------------------------------------


class Temper(NamedTuple):
    """How somebody of a character answers, in chances: to be reached, to keep a plan, to catch up after missing."""

    reached: float
    keeps: float
    catches_up: float
    reasons: tuple[Reason, ...]
    willingness: tuple[Level, ...]
    ability: tuple[Level, ...]


_LOW, _MEDIUM, _HIGH = Level.LOW, Level.MEDIUM, Level.HIGH
TEMPERS: Final = {
    Character.FORGOT: Temper(0.6, 0.96, 0.9, (Reason.FORGOT,), (_HIGH,), (_HIGH, _MEDIUM)),
    Character.CANNOT: Temper(
        0.5,
        0.86,
        0.5,
        (Reason.LOST_JOB, Reason.ILLNESS, Reason.FAMILY, Reason.CASH_FLOW, Reason.BUSINESS_FAILED),
        (_HIGH, _MEDIUM),
        (_LOW, _LOW, _MEDIUM),
    ),
    Character.WILL_NOT: Temper(0.35, 0.4, 0.15, (Reason.REFUSES, Reason.OTHER), (_LOW,), (_HIGH, _MEDIUM)),
    Character.DISPUTES: Temper(0.55, 0.9, 0.6, (Reason.DISPUTE,), (_MEDIUM, _LOW), (_HIGH, _MEDIUM)),
    Character.GONE: Temper(0.03, 0.5, 0.2, (Reason.OTHER,), (_LOW,), (_LOW,)),
}


class Later(Enum):
    """What a debtor will do on a day to come."""

    PAY_ALL = "pay_all"
    PAY_PART = "pay_part"
    PAY_INSTALLMENT = "pay_installment"
    ANSWER = "answer"
    REVERSE = "reverse"
    RESOLVE = "resolve"
    REOPEN = "reopen"


class Planned(NamedTuple):
    on: date
    what: Later
    plan: int = 0
    number: int = 0
    value_on: date | None = None
    reference: str = ""


@dataclass(slots=True)
class Script:
    """One case, worked by its collector and lived by its debtor. Whoever plays it keeps `case` as it now stands."""

    rng: Random
    character: Character
    case: Case
    look_on: date
    pace: float = 1.0  # by how much the collector's visits to the case lie further apart
    tries: int = 0
    talks: int = 0
    booked: int = 0
    silenced: bool = False
    agreed: int = 0  # the last plan whose payments were planned
    entered: Stage | None = None
    planned: list[Planned] = field(default_factory=list)

    @property
    def next_on(self) -> date | None:
        """The next day on which something is to be done."""
        days = [each.on for each in self.planned]
        if not self.case.outcome:
            days.append(self.look_on)
        return min(days, default=None)

    def day(self, today: date) -> Acts:
        """All that is done on the case on a day."""
        for each in sorted(self._due(today), key=lambda each: each.on):
            self.planned.remove(each)
            yield from self._lived(each, today)
        if not self.case.outcome and self.look_on <= today:
            yield from self._worked(today)
        self._after(today)

    def _due(self, today: date) -> list[Planned]:
        return [each for each in self.planned if each.on <= today]

    # --- the debtor ---------------------------------------------------------------------------------------------------

    @property
    def temper(self) -> Temper:
        return TEMPERS[self.character]

    def _chance(self, share: float) -> bool:
        return self.rng.random() < share

    def _in(self, today: date, low: int, high: int) -> date:
        return today + timedelta(days=self.rng.randint(low, high))

    def _lived(self, each: Planned, today: date) -> Acts:
        case = self.case
        if each.what is Later.REVERSE:
            yield Reverse(each.reference)
        elif each.what is Later.REOPEN:
            yield Reopen("a new address was found")
        elif each.what is Later.PAY_PART and case.outcome in (None, CaseOutcome.WRITTEN_OFF):
            yield from self._pays(case.unpaid(today).times(Decimal("0.3")), today, today)
        elif case.outcome:
            return
        elif each.what is Later.PAY_ALL:
            yield from self._pays(case.owed(today), today, today)
        elif each.what is Later.PAY_INSTALLMENT:
            yield from self._pays_installment(each, today)
        elif each.what is Later.ANSWER and case.open_proposal(today):
            if self._chance(0.85):
                yield Accept()
            else:
                yield Decline("the installments are too large")
        elif each.what is Later.RESOLVE:
            yield from self._resolved(today)

    def _pays(self, amount: Money, today: date, value_on: date) -> Acts:
        if amount.minor <= 0:
            return
        self.booked += 1
        reference = f"TX-{self.case.case_id}-{self.booked}"
        if (yield Pay(amount, value_on, reference)) and self._chance(0.04):
            self.planned.append(Planned(self._in(today, 3, 8), Later.REVERSE, reference=reference))

    def _pays_installment(self, each: Planned, today: date) -> Acts:
        plan = self.case.plan
        if plan is None or (plan.number, plan.status) != (each.plan, PlanStatus.ACCEPTED):
            return
        amount = plan.installments[each.number - 1].amount
        yield from self._pays(min(amount, self.case.owed(today)), today, each.value_on or today)

    def _resolved(self, today: date) -> Acts:
        """The dispute is looked into: it was right, or the debtor pays, or talks again."""
        luck = self.rng.random()
        if luck < 0.35:
            yield Close(CaseOutcome.WITHDRAWN, "the goods were returned")
            return
        if self.case.hold:
            yield Release()
        if luck < 0.75:
            self.planned.append(Planned(self._in(today, 2, 9), Later.PAY_ALL))

    def _after(self, today: date) -> None:
        """What follows from what was done: payments that a new plan promises, a move to another stage."""
        case, plan = self.case, self.case.plan
        if plan and plan.status is PlanStatus.ACCEPTED and plan.number != self.agreed:
            self.agreed = plan.number
            self.planned = [each for each in self.planned if each.what is not Later.ANSWER]
            self._plan_to_pay(today)
        if case.outcome is CaseOutcome.WRITTEN_OFF and not self.planned:
            if self._chance(0.15):
                self.planned.append(Planned(self._in(today, 20, 70), Later.PAY_PART))
            elif self._chance(0.1):
                self.planned.append(Planned(self._in(today, 20, 70), Later.REOPEN))
        if not case.outcome and self.look_on <= today:
            self.look_on = today + timedelta(days=max(1, round(self._pause() * self.pace)))

    def _plan_to_pay(self, today: date) -> None:
        plan = self.case.plan
        assert plan is not None  # noqa: S101  who calls has seen it
        for number, installment in enumerate(plan.installments, 1):
            if self._chance(self.temper.keeps):
                paid = max(today, installment.due + timedelta(days=self.rng.choice((-2, -1, 0, 0, 0, 0, 1, 3))))
            elif self._chance(self.temper.catches_up):
                paid = max(today, installment.due + timedelta(days=self.rng.randint(5, 14)))
            elif self._chance(0.4):  # whoever stops, mostly stops for good
                continue
            else:
                return
            booked = paid + timedelta(days=self.rng.choice((0, 0, 0, 0, 0, 0, 0, 0, 0, 4)))
            self.planned.append(Planned(booked, Later.PAY_INSTALLMENT, plan.number, number, paid))

    def _pause(self) -> int:
        """Days until the collector looks at the case again."""
        low, high = {
            Stage.CONTACT: (4, 11),
            Stage.NEGOTIATION: (5, 12),
            Stage.MONITORING: (18, 35),
            Stage.LEGAL: (28, 55),
        }[self.case.stage]
        return self.rng.randint(low, high)

    # --- the collector ------------------------------------------------------------------------------------------------

    def _worked(self, today: date) -> Acts:
        case = self.case
        if case.status is Status.ON_HOLD:
            if self._chance(0.1):
                yield Remark("still waiting for an answer")
            return
        if case.stage is not self.entered:
            self.entered = case.stage
            if case.stage is Stage.LEGAL:
                yield Cost(
                    Money(max(2_000, case.debt.principal.minor // 50), case.debt.principal.currency), "court fee"
                )
        due = case.notices and not case.notices[-1].sent and case.stage in (Stage.CONTACT, Stage.NEGOTIATION)
        if due and not self.silenced:
            yield Notice()
            if self.character is Character.FORGOT and self._chance(0.4):
                self.planned.append(Planned(self._in(today, 2, 8), Later.PAY_ALL))
                return
        match case.stage:
            case Stage.CONTACT:
                yield from self._reach(today)
            case Stage.NEGOTIATION:
                yield from self._negotiate(today)
            case Stage.MONITORING:
                yield from self._follow(today)
            case Stage.LEGAL:
                yield from self._at_court(today)

    def _reach(self, today: date) -> Acts:
        if (yield from self._goes_to_court(today)):
            return
        self.tries += 1
        if not self.silenced:
            yield from self._calls(Purpose.COLLECT, today)

    def _calls(self, purpose: Purpose, today: date) -> Acts:
        """One call, and what comes of it."""
        temper, rng = self.temper, self.rng
        rash = self._chance(0.04)
        if not self._chance(temper.reached):
            outcome = rng.choice((Outcome.NO_ANSWER, Outcome.NO_ANSWER, Outcome.BUSY, Outcome.VOICEMAIL_NOT_LEFT))
            if self.character is Character.GONE and self._chance(0.5):
                outcome = Outcome.NOT_IN_SERVICE
            yield Call(outcome, purpose, rash=rash)
            return
        refuses = self.character is Character.WILL_NOT and self._chance(0.5)
        done = yield Call(
            Outcome.REFUSED_TO_PAY if refuses else Outcome.CONVERSATION,
            purpose,
            rng.choice(temper.reasons),
            rng.choice(temper.willingness),
            rng.choice(temper.ability),
            rng.randint(3, 18),
            rash=rash,
        )
        if done:
            self.talks += 1
            yield from self._talks(today, refuses=refuses)

    def _talks(self, today: date, *, refuses: bool) -> Acts:
        """What the debtor says once they are on the line."""
        currency = self.case.debt.principal.currency
        match self.character:
            case Character.FORGOT:
                if self._chance(0.5):
                    yield from self._offers(today, 1)
                else:
                    self.planned.append(Planned(self._in(today, 1, 9), Later.PAY_ALL))
            case Character.CANNOT | Character.GONE:
                if self.talks == 1 and self._chance(0.6):
                    income = self.rng.randrange(180_000, 700_000, 5_000)
                    yield Assess(Money(income, currency), Money(int(income * self.rng.uniform(0.75, 1.05)), currency))
                yield from self._offers(today, self.rng.choice((3, 4, 6, 6, 9, 12)))
            case Character.WILL_NOT:
                if refuses and self._chance(0.2):
                    self.silenced = yield Fact("cease_notice")
                elif not refuses and self._chance(0.6):
                    yield from self._offers(today, self.rng.choice((1, 2, 3)))
            case Character.DISPUTES:
                if self.talks == 1:
                    until = self._in(today, 30, 60)
                    if (yield Hold(HoldReason.DISPUTE, until)):
                        self.planned.append(Planned(self._in(today, 12, 29), Later.RESOLVE))
                else:
                    yield from self._offers(today, self.rng.choice((1, 3)))

    def _offers(self, today: date, installments: int, settle_for: Money | None = None) -> Acts:
        """A plan is proposed; the debtor accepts at once, answers later, or never does."""
        case = self.case
        waive = Decimal(self.rng.choice((50, 100))) if case.accrues and installments > 1 and not settle_for else None
        first = self._in(today, 5, 24)
        every = Every.MONTH if installments > 2 else Every.TWO_WEEKS
        if not (yield Propose(installments, first, every, settle_for, waive)):
            return
        luck = self.rng.random()
        if luck < 0.6:
            yield Accept()
        elif luck < 0.92:
            self.planned.append(Planned(self._in(today, 1, 9), Later.ANSWER))

    def _negotiate(self, today: date) -> Acts:
        case = self.case
        if case.open_proposal(today):
            return
        if (yield from self._goes_to_court(today)):
            return
        if any(each.what in (Later.PAY_ALL, Later.RESOLVE) for each in self.planned) and self._chance(0.8):
            return
        if not self.silenced:
            yield from self._calls(Purpose.NEGOTIATE, today)

    def _goes_to_court(self, today: date) -> Generator[Act, bool, bool]:
        """The way to legal action: the final demand, its time, the step. Some hurry, and are told what is missing."""
        case = self.case
        patience = 6 if case.stage is Stage.CONTACT else 4
        tired = case.marked is not None or self.tries + 2 * self.talks > 2 * patience or case.plans_broken > 1
        since = case.agreed_on or date.min
        demanded = [each.on for each in case.contacts if each.final_demand and each.on >= since]
        if not tired:
            if self._chance(0.015):
                yield Escalate("the debtor does not answer")
            return False
        if not demanded:
            yield Letter(Purpose.FINAL_DEMAND)
            return False
        if (today - min(demanded)).days < 15 and not self._chance(0.06):
            return False
        return (yield Escalate("no agreement was reached"))

    def _follow(self, today: date) -> Acts:
        """Monitoring: a word where an installment was missed."""
        plan = self.case.plan
        if plan and plan.missed and not self.silenced:
            yield Call(
                Outcome.CONVERSATION if self._chance(self.temper.reached) else Outcome.NO_ANSWER,
                Purpose.REMINDER,
                minutes=self.rng.randint(1, 6),
            )
            late = plan.installments[plan.missed[-1] - 1]
            if self._chance(self.temper.catches_up):
                day = self._in(today, 1, 6)
                self.planned.append(Planned(day, Later.PAY_INSTALLMENT, plan.number, late.number, day))

    def _at_court(self, today: date) -> Acts:
        case, rng = self.case, self.rng
        if case.open_proposal(today):
            return
        waited = (today - case.since).days
        luck = rng.random()
        if waited < 30:
            return
        if self.character is Character.GONE or waited > 220:
            if luck < 0.5:
                outcome = rng.choice((CaseOutcome.UNCOLLECTABLE, CaseOutcome.WRITTEN_OFF))
                yield Close(outcome, "nothing can be enforced")
        elif luck < 0.3:
            yield from self._pays(case.owed(today), today, today)
        elif luck < 0.55:
            owed = case.owed(today)
            yield from self._offers(
                today, rng.choice((1, 2, 4)), owed.times(Decimal(rng.choice(("0.6", "0.7", "0.8"))))
            )
