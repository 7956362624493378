"""Everything that can happen to a case: one frozen dataclass a kind, named in the past tense.

A kind's name in the journal is the class name in snake_case: `PlanProposed` is `plan_proposed`. Fields marked `Private`
identify a person or are free text; they lie in the erasable part of the entry. Facts count by their effective date and
can be voided; decisions fold in the order they were written and stand until a later entry answers them.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar

from msgspec import Struct

from .codec import Private, kind_of
from .days import Every
from .money import Money
from .stages import Event, Place, Stage
from .terms import Terms


class Channel(StrEnum):
    CALL = "call"
    RINGLESS_VOICEMAIL = "ringless_voicemail"
    TEXT = "text"
    EMAIL = "email"
    LETTER = "letter"
    POSTCARD = "postcard"
    VISIT = "visit"
    MESSAGE_APP = "message_app"
    SOCIAL_PUBLIC = "social_public"
    PUBLIC_NOTICE = "public_notice"
    CALLING_CARD = "calling_card"


class Outcome(StrEnum):
    CONVERSATION = "conversation"
    NO_ANSWER = "no_answer"
    DROPPED = "dropped"
    VOICEMAIL_LEFT = "voicemail_left"
    VOICEMAIL_NOT_LEFT = "voicemail_not_left"
    VOICEMAIL_LIMITED_CONTENT = "voicemail_limited_content"
    BUSY = "busy"
    NOT_IN_SERVICE = "not_in_service"
    SENT = "sent"
    RECEIVED = "received"
    DELIVERED = "delivered"
    RETURNED = "returned"
    REFUSED_TO_PAY = "refused_to_pay"
    PROMISED = "promised"


class Direction(StrEnum):
    OUT = "out"
    IN = "in"


class Purpose(StrEnum):
    REMINDER = "reminder"
    DEMAND = "demand"
    FINAL_DEMAND = "final_demand"
    NEGOTIATE = "negotiate"
    COLLECT = "collect"
    LOCATE = "locate"
    RELAY = "relay"
    SERVICE = "service"
    ACCEPT_PAYMENT = "accept_payment"
    AT_REQUEST = "at_request"
    ANSWER = "answer"
    REQUIRED_BY_LAW = "required_by_law"
    PROCEEDINGS = "proceedings"
    THREATEN_SUIT = "threaten_suit"
    END_OF_EFFORTS = "end_of_efforts"
    POSSIBLE_REMEDY = "possible_remedy"
    SPECIFIC_REMEDY = "specific_remedy"
    OTHER_LIABILITY = "other_liability"
    VERIFY = "verify"
    CONFIRM_OPT_OUT = "confirm_opt_out"


class Reason(StrEnum):
    """Why the debtor is overdue."""

    LOST_JOB = "lost_job"
    ILLNESS = "illness"
    FAMILY = "family"
    BUSINESS_FAILED = "business_failed"
    CASH_FLOW = "cash_flow"
    DISPUTE = "dispute"
    FORGOT = "forgot"
    REFUSES = "refuses"
    OTHER = "other"


class Level(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class HoldReason(StrEnum):
    DISPUTE = "dispute"
    MORATORIUM = "moratorium"
    INSOLVENCY = "insolvency"
    DECEASED = "deceased"
    COMPLAINT = "complaint"
    VULNERABLE = "vulnerable"
    OTHER = "other"


class CaseOutcome(StrEnum):
    PAID = "paid"
    SETTLED = "settled"
    WRITTEN_OFF = "written_off"
    WITHDRAWN = "withdrawn"
    UNCOLLECTABLE = "uncollectable"


class ChargeKind(StrEnum):
    """`cost`: what pursuing the debt cost others' money; `fee`: what the creditor asks for besides."""

    COST = "cost"
    FEE = "fee"


class DebtType(StrEnum):
    CONSUMER_LOAN = "consumer_loan"
    CREDIT_CARD = "credit_card"
    MORTGAGE = "mortgage"
    MEDICAL = "medical"
    STUDENT_LOAN = "student_loan"
    INVOICE = "invoice"
    PRIVATE_LOAN = "private_loan"
    OTHER = "other"


class Happening(Struct, frozen=True):
    """Base of all kinds."""

    voidable: ClassVar[bool] = False

    @property
    def kind(self) -> str:
        return kind_of(type(self))


class CaseOpened(Happening, frozen=True):
    debtor_id: int
    creditor: str
    principal: Money
    due: date
    reference: str | None = None
    incurred: date | None = None
    debt_type: DebtType | None = None
    consumer: bool | None = None
    jurisdiction: str = "generic"
    portfolio: str | None = None
    collector: str | None = None
    policy: str = "default"
    terms: Terms | None = None


class ContactLogged(Happening, frozen=True):
    """A contact that took place, or was tried. Effective at the instant it happened.

    `about` are the debtor's other cases that it was placed about too, `discussed` those that were talked about,
    `counted_toward` the one that a call which named none is counted toward. `by` is `agency:ID` where an agency made
    it; `said` are further facts of it (`recorded=true`), `states` the particulars that a message contained.
    `violations` and `warnings` are the rules of `pack` that stood against it at its instant; `override` is the reason
    for which the first were gone over.
    """

    voidable: ClassVar[bool] = True
    channel: Channel
    outcome: Outcome
    direction: Direction = Direction.OUT
    party: str = "debtor"
    purpose: Purpose | None = None
    reason: Reason | None = None
    willingness: Level | None = None
    ability: Level | None = None
    minutes: int | None = None
    cost: Money | None = None
    to: Private[str | None] = None
    reason_text: Private[str | None] = None
    note: Private[str | None] = None
    about: tuple[int, ...] = ()
    discussed: tuple[int, ...] = ()
    counted_toward: int | None = None
    by: str | None = None
    in_reply: bool | None = None
    place: str | None = None
    said: tuple[str, ...] = ()
    states: tuple[str, ...] = ()
    violations: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    override: str | None = None
    pack: str | None = None


class ContactRefused(Happening, frozen=True):
    """A contact that was planned and not made, because the rules of `pack` do not allow it.

    `rules` stand in the way; `allowed_from` is the instant at which it would be allowed, None where only a new fact
    can open it. `override` is the reason that was given and does not suffice.
    """

    channel: Channel
    party: str
    rules: tuple[str, ...]
    pack: str
    purpose: Purpose | None = None
    allowed_from: datetime | None = None
    override: str | None = None
    about: tuple[int, ...] = ()
    to: Private[str | None] = None
    note: Private[str | None] = None


class Assessed(Happening, frozen=True):
    """What the collector believes, or what income and expenses a month say."""

    voidable: ClassVar[bool] = True
    willingness: Level | None = None
    ability: Level | None = None
    income: Money | None = None
    expenses: Money | None = None


class Installment(Struct, frozen=True, array_like=True):
    number: int
    due: date
    amount: Money


class PlanProposed(Happening, frozen=True):
    """`settles` says that the plan, when kept, counts as the whole debt.

    `waives` is the percentage of the interest that is waived when the plan is kept; `interest_inside` says that the
    installments pay the interest that runs meanwhile.
    """

    number: int
    installments: tuple[Installment, ...]
    expires: date
    every: Every
    settles: bool
    policy: str
    waives: Decimal | None = None
    interest_inside: bool | None = None


class PlanTerms(Struct, frozen=True):
    """The tolerances that an accepted plan keeps, whatever the policy says later."""

    tolerance_days: int
    tolerance_amount: Money
    max_missed: int
    on_break: Stage


class PlanAccepted(Happening, frozen=True):
    number: int
    terms: PlanTerms
    policy: str


class PlanDeclined(Happening, frozen=True):
    number: int
    why: Private[str | None] = None


class PlanWithdrawn(Happening, frozen=True):
    number: int
    why: Private[str | None] = None


class PlanExpired(Happening, frozen=True):
    number: int
    expires: date


class InstallmentMissed(Happening, frozen=True):
    """An installment was not paid, or only in part, when its tolerance ended. `rule_day` is the day the rule names."""

    plan: int
    number: int
    due: date
    amount: Money
    paid: Money
    rule_day: date
    tolerance_days: int


class PlanBroken(Happening, frozen=True):
    """`missed` are the installments in a row that broke it; `rule` says which rule did."""

    number: int
    missed: tuple[int, ...]
    rule: str
    limit: int


class PlanReinstated(Happening, frozen=True):
    """`why` is `paid_in_time` (payments booked late show that the plan was kept) or `payment_reversed`."""

    number: int
    why: str


class PlanCompleted(Happening, frozen=True):
    number: int
    paid: Money


class PaymentReceived(Happening, frozen=True):
    """Money that came in, effective on the day it was received."""

    voidable: ClassVar[bool] = True
    amount: Money
    reference: str
    method: str | None = None


class PaymentReversed(Happening, frozen=True):
    """A payment that was taken back, a returned direct debit say. `payment` is the entry that booked it."""

    voidable: ClassVar[bool] = True
    payment: int
    reference: str
    why: Private[str]


class Split(Struct, frozen=True):
    """How a payment is spread over what was owed when it came in, and what of it was too much."""

    costs: Money
    fees: Money
    interest: Money
    principal: Money
    unallocated: Money


class SplitChanged(Struct, frozen=True):
    """The payment of entry `payment` is spread otherwise than before."""

    payment: int
    before: Split
    after: Split


class Reallocated(Happening, frozen=True):
    """A fact that became known late, entry `because`, changed how earlier payments are spread."""

    because: int
    changes: tuple[SplitChanged, ...]


class Refunded(Happening, frozen=True):
    """Money that was paid beyond the debt and given back, or used for another case of the debtor (`to_case`)."""

    voidable: ClassVar[bool] = True
    amount: Money
    reference: str | None = None
    to_case: int | None = None
    why: Private[str | None] = None


class ChargeAdded(Happening, frozen=True):
    """A cost or a fee that the debtor owes besides, from its day on.

    `rule` names the rule of law that gives it, and `law` where that was read.
    """

    voidable: ClassVar[bool] = True
    amount: Money
    charge: ChargeKind
    rule: str | None = None
    law: str | None = None
    why: Private[str | None] = None


class ChargeWaived(Happening, frozen=True):
    """Money that the creditor no longer asks for.

    `why`: `tolerance`, `settlement` or `plan` (what is left of a debt that is thereby closed), or `charge`: then
    `charge` is the entry of the cost or fee.
    """

    amount: Money
    why: str
    charge: int | None = None
    reason: Private[str | None] = None


class TermsChanged(Happening, frozen=True):
    """The debt has other terms of interest from now on: `terms` hold the rates of all days, earlier ones as well.

    `rule` is `rate_table` where the nightly run found that the table of a statutory rate says more than it did, and
    `cap` where a fee made it matter how far the law lets the creditor go.
    """

    terms: Terms
    why: Private[str | None] = None
    rule: str | None = None


class NoticeDue(Happening, frozen=True):
    """A level of dunning was reached, and its notice is to be sent.

    `rule_day` is the day that the policy gives, `days` those it counts to it; `passed` are levels that were skipped.
    """

    level: int
    rule: str
    rule_day: date
    days: int
    channel: Channel
    template: str
    policy: str
    passed: tuple[int, ...] = ()


class NoticeSent(Happening, frozen=True):
    """The notice of a level was sent. The debtor has until `respond_by`; `fee` is what it costs them.

    It is a contact, with the purpose of its template. Where one letter is about several cases, the contact stands in
    the journal of the case `contact_in`, and not in this one.
    """

    voidable: ClassVar[bool] = True
    level: int
    channel: Channel
    template: str
    purpose: Purpose
    policy: str
    respond_by: date | None = None
    fee: Money | None = None
    contact_in: int | None = None
    to: Private[str | None] = None


class StageMoved(Happening, frozen=True):
    """A move of the stage table. `guards` are those that were checked and held."""

    source: Place
    target: Place
    event: Event
    guards: tuple[str, ...] = ()
    rule: str | None = None
    why: Private[str | None] = None


class EscalationDue(Happening, frozen=True):
    """A case stayed too long in its stage. `missing` are the guards of the move to legal that do not hold yet."""

    stage: Stage
    rule: str
    limit_days: int
    rule_day: date
    missing: tuple[str, ...]
    policy: str


class Held(Happening, frozen=True):
    """`until` is the last day of the hold. While it lasts no interest runs, where `freezes` says so. `fact` is the
    entry of the debtor's journal that made it so; `whose` names that journal where it is not that of the debtor with
    whom the case was opened, but of a record that is the same person."""

    reason: HoldReason
    until: date | None = None
    freezes: bool | None = None
    fact: int | None = None
    whose: int | None = None


class Released(Happening, frozen=True):
    """`until` stands where the hold ended by itself."""

    reason: HoldReason
    until: date | None = None


class CaseClosed(Happening, frozen=True):
    outcome: CaseOutcome
    rule: str | None = None
    why: Private[str | None] = None


class CaseReopened(Happening, frozen=True):
    """`rule` is `payment_reversed` or `payment_voided` where the money that closed the case went away."""

    rule: str | None = None
    why: Private[str | None] = None


class Assigned(Happening, frozen=True):
    collector: str


class PolicyChanged(Happening, frozen=True):
    """The case follows another policy from now on: it was assigned to the `scope` of the case (a word of
    `policies.Scope`)."""

    before: str
    after: str
    scope: str


class PartyAdded(Happening, frozen=True):
    """Somebody beside the debtor has to do with the case: `person` is their number among the debtors, and `role` a
    word of `compliance.words.Party`."""

    person: int
    role: str


class PartyEnded(Happening, frozen=True):
    """`person` is no longer a party of the case in this role."""

    person: int
    role: str
    why: Private[str | None] = None


class ClaimField(Struct, frozen=True):
    """A particular of a fact of a claim: a day, true or false, or a word of the rules. Never free text."""

    name: str
    value: str


class ClaimFactRecorded(Happening, frozen=True):
    """Something became known from which the law counts days for this claim: a payment order was served, say.

    Effective on its day, or when it is recorded where that day is still to come.
    """

    voidable: ClassVar[bool] = True
    fact: str
    fields: tuple[ClaimField, ...] = ()


class DeadlineNear(Happening, frozen=True):
    """A day that a rule of `pack` gives will pass soon: `day` as counted, `after_rest_days` where it moves on.

    `key` is the rule's name for it, `means` what it is, in English and Chinese. `days_left` counts from the day of the
    run that wrote it.
    """

    rule: str
    key: str
    day: date
    days_left: int
    means: str
    means_zh: str
    pack: str
    after_rest_days: date | None = None


class Noted(Happening, frozen=True):
    voidable: ClassVar[bool] = True
    text: Private[str]


class Voided(Happening, frozen=True):
    """Entry `seq` was a mistake and counts no longer. Effective on the same day as what it cancels."""

    seq: int
    voids: str
    why: Private[str]


def _kinds() -> dict[str, type[Happening]]:
    return {kind_of(cls): cls for cls in Happening.__subclasses__()}


CASE_KINDS = _kinds()
