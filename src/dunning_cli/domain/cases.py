"""A case, and `apply`: the only way a case changes is an entry.

`Case` holds facts and decisions. `apply(case, entry)` is pure and total; folding a journal with it gives the case as it
stands, and folding a part of the journal gives the case as of a day, or as it was known then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from enum import StrEnum
from operator import attrgetter
from typing import Any, TypeVar

from msgspec import Struct, field
from msgspec.structs import replace

from . import journal
from .allocation import Part
from .days import Now, bucket
from .entries import (
    Assessed,
    Assigned,
    CaseClosed,
    CaseOpened,
    CaseOutcome,
    CaseReopened,
    ChargeAdded,
    ChargeWaived,
    ClaimFactRecorded,
    ContactLogged,
    ContactRefused,
    DeadlineNear,
    DebtType,
    EscalationDue,
    Held,
    InstallmentMissed,
    Noted,
    NoticeDue,
    NoticeSent,
    Outcome,
    PartyAdded,
    PartyEnded,
    PaymentReceived,
    PaymentReversed,
    PlanAccepted,
    PlanBroken,
    PlanCompleted,
    PlanDeclined,
    PlanExpired,
    PlanProposed,
    PlanReinstated,
    PlanWithdrawn,
    PolicyChanged,
    Reallocated,
    Refunded,
    Released,
    Split,
    SplitChanged,
    StageMoved,
    TermsChanged,
    Voided,
)
from .facts import (
    Belief,
    Charge,
    ClaimFact,
    Contact,
    Hold,
    Marked,
    Notice,
    Participant,
    Pause,
    Payment,
    Plan,
    PlanStatus,
    Refund,
    Waiver,
    Warned,
)
from .interest import Frozen
from .journal import Entry
from .ledger import Facts, Ledger, draw
from .money import Money
from .policies import NEW_VERSION, Policy
from .stages import CLOSED, Event, Move, Place, Stage, Standing, find_move
from .terms import Terms


class Status(StrEnum):
    OPEN = "open"
    ON_HOLD = "on_hold"
    CLOSED = "closed"


class Debt(Struct, frozen=True):
    """What was opened: it never changes."""

    debtor_id: int
    creditor: str
    reference: str | None
    portfolio: str | None
    principal: Money
    due: date
    incurred: date | None
    debt_type: DebtType | None
    consumer: bool | None
    jurisdiction: str


class Balance(Struct, frozen=True):
    """What is owed on a day, by the parts that the law tells apart, and what was paid beyond it."""

    costs: Money
    fees: Money
    interest: Money
    principal: Money
    unallocated: Money

    @property
    def total(self) -> Money:
        return self.costs + self.fees + self.interest + self.principal


class Case(Struct, frozen=True, eq=False):
    """One overdue debt and all that was done about it.

    `since` is the day on which the case entered its stage; `held_days` are the days of it spent on hold, which
    deadlines leave out. `last_on` is the latest day any entry speaks of. `paused` are all holds that are over, and
    `entered` the day on which the case was opened, once it has left its first stage. `version` is that of the policy
    as the journal last says it; None where it never did, as in journals from before it was noted.
    """

    case_id: int
    debt: Debt
    seq: int
    recorded_at: datetime
    last_on: date
    stage: Stage
    since: date
    policy: str
    collector: str | None = None
    held_days: int = 0
    hold: Hold | None = None
    outcome: CaseOutcome | None = None
    closed_on: date | None = None
    contacts: tuple[Contact, ...] = ()
    beliefs: tuple[Belief, ...] = ()
    payments: tuple[Payment, ...] = ()
    waivers: tuple[Waiver, ...] = ()
    plan: Plan | None = None
    plans: int = 0
    plans_broken: int = 0
    agreed_on: date | None = None
    marked: Marked | None = None
    terms: Terms | None = None
    charges: tuple[Charge, ...] = ()
    refunds: tuple[Refund, ...] = ()
    frozen: tuple[Frozen, ...] = ()
    parties: tuple[Participant, ...] = ()
    claim: tuple[ClaimFact, ...] = ()
    warned: tuple[Warned, ...] = ()
    notices: tuple[Notice, ...] = ()
    paused: tuple[Pause, ...] = ()
    entered: date | None = None
    version: int | None = None
    # What was worked out already: a review asks for the same total again and again.
    _known: dict[date, Money] = field(default_factory=dict)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Case) and _VALUES(self) == _VALUES(other)

    def __hash__(self) -> int:
        return hash(_VALUES(self))

    @property
    def status(self) -> Status:
        if self.outcome:
            return Status.CLOSED
        return Status.ON_HOLD if self.hold else Status.OPEN

    @property
    def place(self) -> Place:
        return CLOSED if self.outcome else self.stage

    @property
    def opened_on(self) -> date:
        return self.entered or self.since

    @property
    def level(self) -> int:
        """The level of dunning that was last reached or sent, 0 for none."""
        return self.notices[-1].level if self.notices else 0

    @property
    def accrues(self) -> bool:
        """Whether what is owed changes with the days alone: by interest, or by fees for which a cap has no room yet."""
        terms = self.terms
        return terms is not None and (bool(terms.steps) or (terms.cap is not None and bool(self.charges)))

    def paid(self, on: date) -> Money:
        """All money received by the end of a day, and neither taken back nor refunded."""
        if not self.payments:
            return Money(0, self.debt.principal.currency)
        minor = sum(p.amount.minor for p in self.payments if p.counts(on))
        minor -= sum(r.amount.minor for r in self.refunds if r.on <= on)
        return Money(minor, self.debt.principal.currency)

    def ledger(self, on: date, cuts: Sequence[date] = ()) -> Ledger:
        """Every line that makes the balance at the end of a day, and how each payment was spread.

        Lines of interest also end on the days `cuts`.
        """
        return self._drawn(on, self.waivers, cuts)

    def _drawn(self, on: date, waivers: Iterable[Waiver], cuts: Sequence[date] = ()) -> Ledger:
        frozen = tuple(self.frozen)
        if self.closed_on:
            frozen = (*frozen, Frozen(self.closed_on + timedelta(days=1)))
        terms = self.terms or Terms()
        facts = Facts(self.debt, terms, self.charges, self.payments, self.refunds, tuple(waivers), frozen)
        return draw(facts, on, cuts)

    def balance(self, on: date) -> Balance:
        """What is owed at the end of a day."""
        drawn = self.ledger(on)
        costs, fees, interest, principal = (drawn.money(part) for part in Part)
        return Balance(costs, fees, interest, principal, Money(drawn.unallocated, drawn.currency))

    def owed(self, on: date) -> Money:
        """The total of the balance on a day."""
        known = self._known.get(on)
        if known is None:
            known = self._known[on] = self._total(on, self.waivers)
        return known

    def unpaid(self, on: date, *, kept: bool = True) -> Money:
        """What was never received, whatever of it was waived when the case was closed.

        What its plan waived counts as received as long as the plan is `kept`.
        """
        return self._total(on, self.lasting_waivers if kept else self.waivers_without_plan)

    @property
    def lasting_waivers(self) -> tuple[Waiver, ...]:
        """What was waived for another reason than that the case was closed."""
        return tuple(w for w in self.waivers if w.charge is not None or w.plan)

    @property
    def waivers_without_plan(self) -> tuple[Waiver, ...]:
        """The same without what the latest plan waived."""
        since = self.plan.proposed if self.plan else 0
        return tuple(w for w in self.lasting_waivers if not (w.plan and w.seq > since))

    def _total(self, on: date, waivers: Sequence[Waiver]) -> Money:
        principal = self.debt.principal
        if self.accrues:
            return Money(sum(self._drawn(on, waivers).owed.values()), principal.currency)
        # Without interest the total depends on no order, and the nightly run asks for little else.
        minor = principal.minor - self.paid(on).minor
        if self.charges:
            minor += sum(c.amount.minor for c in self.charges if c.on <= on)
        if waivers:
            minor -= sum(w.amount.minor for w in waivers if w.on <= on)
        return Money(max(0, minor), principal.currency)

    def splits(self, on: date) -> dict[int, Split]:
        """How each payment that counts on a day was spread, by its entry."""
        return dict(self.ledger(on).splits)

    def days_overdue(self, on: date) -> int:
        """Days since the due date, 0 or less before it; a closed case counts to the day it closed."""
        return (min(on, self.closed_on or on) - self.debt.due).days

    def bucket(self, on: date) -> str:
        return bucket(self.days_overdue(on))

    def payment(self, reference: str) -> Payment | None:
        return next((p for p in self.payments if p.reference == reference), None)

    def open_proposal(self, on: date) -> Plan | None:
        """The plan that can be accepted on a day."""
        plan = self.plan
        return plan if plan and plan.status is PlanStatus.PROPOSED and on <= plan.expires else None


_VALUES = attrgetter(*(name for name in Case.__struct_fields__ if name != "_known"))


# --- how each kind of entry changes a case --------------------------------------------------------------------------

_F = TypeVar("_F", Contact, Belief, Payment, Charge, Refund, Notice, ClaimFact)


def _open(case_id: int, entry: Entry) -> Case:
    what: CaseOpened = entry.what
    debt = Debt(
        what.debtor_id,
        what.creditor,
        what.reference,
        what.portfolio,
        what.principal,
        what.due,
        what.incurred,
        what.debt_type,
        what.consumer,
        what.jurisdiction,
    )
    return Case(
        case_id,
        debt,
        entry.seq,
        entry.recorded_at,
        entry.effective_on,
        Stage.CONTACT,
        entry.effective_on,
        what.policy,
        what.collector,
        terms=what.terms,
        version=what.policy_version,
    )


def _contact_logged(case: Case, entry: Entry) -> dict[str, Any]:
    what: ContactLogged = entry.what
    changes: dict[str, Any] = {"contacts": (*case.contacts, Contact.of(entry.seq, entry.effective_on, what))}
    if what.willingness or what.ability or what.reason:
        belief = Belief(entry.seq, entry.effective_on, what.willingness, what.ability, what.reason)
        changes["beliefs"] = (*case.beliefs, belief)
    return changes


def _assessed(case: Case, entry: Entry) -> dict[str, Any]:
    what: Assessed = entry.what
    belief = Belief(entry.seq, entry.effective_on, what.willingness, what.ability, None, what.income, what.expenses)
    return {"beliefs": (*case.beliefs, belief)}


def _plan_proposed(case: Case, entry: Entry) -> dict[str, Any]:
    what: PlanProposed = entry.what
    plan = Plan(
        what.number,
        PlanStatus.PROPOSED,
        what.installments,
        entry.effective_on,
        entry.seq,
        what.expires,
        what.settles,
        waives=what.waives,
    )
    return {"plan": plan, "plans": max(case.plans, what.number)}


def _with_plan(case: Case, **changes: Any) -> dict[str, Any]:
    return {"plan": case.plan and replace(case.plan, **changes)}


def _plan_accepted(case: Case, entry: Entry) -> dict[str, Any]:
    what: PlanAccepted = entry.what
    return {
        **_with_plan(case, status=PlanStatus.ACCEPTED, terms=what.terms),
        "agreed_on": entry.effective_on,
    }


def _installment_missed(case: Case, entry: Entry) -> dict[str, Any]:
    what: InstallmentMissed = entry.what
    return _with_plan(case, missed=(*(case.plan.missed if case.plan else ()), what.number))


def _plan_broken(case: Case, entry: Entry) -> dict[str, Any]:
    return {**_with_plan(case, status=PlanStatus.BROKEN), "plans_broken": case.plans_broken + 1}


def _plan_reinstated(case: Case, entry: Entry) -> dict[str, Any]:
    plan = case.plan
    was_broken = plan is not None and plan.status is PlanStatus.BROKEN
    changes = {**_with_plan(case, status=PlanStatus.ACCEPTED), "plans_broken": case.plans_broken - was_broken}
    if plan is not None and not was_broken:
        # It was completed, and is not: what it waived is owed until it is kept again.
        changes["waivers"] = case.waivers_without_plan
    return changes


def _payment_received(case: Case, entry: Entry) -> dict[str, Any]:
    what: PaymentReceived = entry.what
    payment = Payment(entry.seq, entry.effective_on, what.amount, what.reference)
    return {"payments": (*case.payments, payment)}


def _payment_reversed(case: Case, entry: Entry) -> dict[str, Any]:
    what: PaymentReversed = entry.what

    def taken_back(payment: Payment) -> Payment:
        return replace(payment, reversed_on=entry.effective_on, reversal=entry.seq)

    return {"payments": tuple(taken_back(p) if p.seq == what.payment else p for p in case.payments)}


def _refunded(case: Case, entry: Entry) -> dict[str, Any]:
    what: Refunded = entry.what
    return {"refunds": (*case.refunds, Refund(entry.seq, entry.effective_on, what.amount))}


def _charge_added(case: Case, entry: Entry) -> dict[str, Any]:
    what: ChargeAdded = entry.what
    return {"charges": (*case.charges, Charge(entry.seq, entry.effective_on, what.amount, what.charge, what.rule))}


def _charge_waived(case: Case, entry: Entry) -> dict[str, Any]:
    return {"waivers": (*case.waivers, _waiver(entry))}


def _waiver(entry: Entry) -> Waiver:
    what: ChargeWaived = entry.what
    return Waiver(entry.seq, entry.effective_on, what.amount, what.charge, what.why == "plan")


def _terms_changed(case: Case, entry: Entry) -> dict[str, Any]:
    what: TermsChanged = entry.what
    return {"terms": what.terms}


def _stage_moved(case: Case, entry: Entry) -> dict[str, Any]:
    what: StageMoved = entry.what
    return {
        "stage": what.target,
        "since": entry.effective_on,
        "entered": case.opened_on,
        "held_days": 0,
        "marked": None,
    }


def _notice_due(case: Case, entry: Entry) -> dict[str, Any]:
    what: NoticeDue = entry.what
    return {"notices": (*case.notices, Notice(entry.seq, entry.effective_on, what.level))}


def _notice_sent(case: Case, entry: Entry) -> dict[str, Any]:
    what: NoticeSent = entry.what
    notice = Notice(entry.seq, entry.effective_on, what.level, True, what.respond_by)
    changes: dict[str, Any] = {"notices": (*case.notices, notice)}
    if what.contact_in is not None:
        # The stages ask what this debtor was told about this debt, whichever case keeps the contact.
        logged = ContactLogged(what.channel, Outcome.SENT, purpose=what.purpose)
        changes["contacts"] = (*case.contacts, Contact.of(entry.seq, entry.effective_on, logged))
    return changes


def _escalation_due(case: Case, entry: Entry) -> dict[str, Any]:
    what: EscalationDue = entry.what
    return {"marked": Marked(what.stage, what.missing)}


def _held(case: Case, entry: Entry) -> dict[str, Any]:
    what: Held = entry.what
    changes: dict[str, Any] = {"hold": Hold(entry.effective_on, what.reason, what.until, what.fact, what.whose)}
    if what.freezes:
        changes["frozen"] = (*case.frozen, Frozen(entry.effective_on, what.until))
    return changes


def _released(case: Case, entry: Entry) -> dict[str, Any]:
    what: Released = entry.what
    begun = max(case.hold.on, case.since) if case.hold else entry.effective_on
    return {
        "hold": None,
        "held_days": case.held_days + max(0, (entry.effective_on - begun).days),
        # A hold that ended by itself ended on its last day, however late that is found.
        "frozen": _thawed(case, what.until or entry.effective_on - timedelta(days=1)),
        "paused": _paused(case, what.until or entry.effective_on - timedelta(days=1)),
    }


def _paused(case: Case, last: date) -> Sequence[Pause]:
    """The holds that are over, with the one in force, which ends with a day."""
    hold = case.hold
    if hold is None or (end := min(last, hold.until or last)) < hold.on:
        return case.paused
    return (*case.paused, Pause(hold.on, end + timedelta(days=1)))


def _thawed(case: Case, last: date) -> tuple[Frozen, ...]:
    """Interest runs again after a day, where the hold in force had frozen it."""
    frozen = tuple(case.frozen)
    if not frozen or case.hold is None or frozen[-1].start != case.hold.on:
        return frozen
    start = frozen[-1].start
    if case.hold.until is not None:
        # Late is not longer: the last day was said, whenever the end of the hold is written.
        last = min(last, case.hold.until)
    return (*frozen[:-1], Frozen(start, last)) if last >= start else frozen[:-1]


def _case_closed(case: Case, entry: Entry) -> dict[str, Any]:
    what: CaseClosed = entry.what
    return {
        "outcome": what.outcome,
        "closed_on": entry.effective_on,
        "hold": None,
        "marked": None,
        "frozen": _thawed(case, entry.effective_on),
        "paused": _paused(case, entry.effective_on),
    }


def _case_reopened(case: Case, entry: Entry) -> dict[str, Any]:
    # What was waived to close the case is owed again: open, the debt stands in full.
    return {"outcome": None, "closed_on": None, "waivers": case.lasting_waivers}


def _assigned(case: Case, entry: Entry) -> dict[str, Any]:
    what: Assigned = entry.what
    return {"collector": what.collector}


def _policy_changed(case: Case, entry: Entry) -> dict[str, Any]:
    what: PolicyChanged = entry.what
    name, _, version = what.after.rpartition("@")
    changes: dict[str, Any] = {"policy": name}
    # A journal that did not note the version when the case was opened notes it only where a new one is followed.
    if case.version is not None or what.scope == NEW_VERSION:
        changes["version"] = int(version)
    if name != case.policy:
        # What was missing for escalation was missing under the policy of then. A new version of the same one changes
        # little as a rule: where other things are missing under it the review says so, and else has said it already.
        changes["marked"] = None
    return changes


def _party_added(case: Case, entry: Entry) -> dict[str, Any]:
    what: PartyAdded = entry.what
    return {"parties": (*case.parties, Participant(what.person, what.role, entry.effective_on))}


def _party_ended(case: Case, entry: Entry) -> dict[str, Any]:
    what: PartyEnded = entry.what

    def ended(each: Participant) -> Participant:
        mine = (each.person, each.role, each.ended) == (what.person, what.role, None)
        return replace(each, ended=entry.effective_on) if mine else each

    return {"parties": tuple(map(ended, case.parties))}


def _claim_fact_recorded(case: Case, entry: Entry) -> dict[str, Any]:
    what: ClaimFactRecorded = entry.what
    return {"claim": (*case.claim, ClaimFact(entry.seq, entry.effective_on, what.fact, what.fields))}


def _deadline_near(case: Case, entry: Entry) -> dict[str, Any]:
    what: DeadlineNear = entry.what
    return {"warned": (*case.warned, Warned(what.rule, what.key, what.day, what.days_left))}


def _unchanged(case: Case, entry: Entry) -> dict[str, Any]:
    return {}


def _voided(case: Case, entry: Entry) -> dict[str, Any]:
    what: Voided = entry.what

    def without(facts: tuple[_F, ...]) -> tuple[_F, ...]:
        return tuple(fact for fact in facts if fact.seq != what.seq)

    payments = tuple(
        replace(p, reversed_on=None, reversal=None) if p.reversal == what.seq else p for p in without(case.payments)
    )
    return {
        "contacts": without(case.contacts),
        "notices": without(case.notices),
        "beliefs": without(case.beliefs),
        "payments": payments,
        "charges": without(case.charges),
        "refunds": without(case.refunds),
        "claim": without(case.claim),
        # What was waived of a charge goes with it.
        "waivers": tuple(w for w in case.waivers if w.charge != what.seq),
    }


_CHANGES: dict[type, Callable[[Case, Entry], dict[str, Any]]] = {
    ContactLogged: _contact_logged,
    ContactRefused: _unchanged,
    Assessed: _assessed,
    PlanProposed: _plan_proposed,
    PlanAccepted: _plan_accepted,
    PlanDeclined: lambda case, entry: _with_plan(case, status=PlanStatus.DECLINED),
    PlanWithdrawn: lambda case, entry: _with_plan(case, status=PlanStatus.WITHDRAWN),
    PlanExpired: lambda case, entry: _with_plan(case, status=PlanStatus.EXPIRED),
    InstallmentMissed: _installment_missed,
    PlanBroken: _plan_broken,
    PlanReinstated: _plan_reinstated,
    PlanCompleted: lambda case, entry: _with_plan(case, status=PlanStatus.COMPLETED),
    PaymentReceived: _payment_received,
    PaymentReversed: _payment_reversed,
    Reallocated: lambda case, entry: {},  # the splits follow from the facts; the entry says that they did
    Refunded: _refunded,
    ChargeAdded: _charge_added,
    ChargeWaived: _charge_waived,
    TermsChanged: _terms_changed,
    NoticeDue: _notice_due,
    NoticeSent: _notice_sent,
    StageMoved: _stage_moved,
    EscalationDue: _escalation_due,
    Held: _held,
    Released: _released,
    CaseClosed: _case_closed,
    CaseReopened: _case_reopened,
    Assigned: _assigned,
    PolicyChanged: _policy_changed,
    PartyAdded: _party_added,
    PartyEnded: _party_ended,
    ClaimFactRecorded: _claim_fact_recorded,
    DeadlineNear: _deadline_near,
    Noted: _unchanged,
    Voided: _voided,
}


def apply(case: Case, entry: Entry) -> Case:
    """The case after an entry."""
    changes = _CHANGES[type(entry.what)](case, entry)
    changes["seq"] = entry.seq
    changes["recorded_at"] = entry.recorded_at
    changes["last_on"] = max(case.last_on, entry.effective_on)
    return replace(case, _known={}, **changes)


def fold(case_id: int, entries: Iterable[Entry]) -> Case:
    """The case that a journal tells. Its first entry opens it."""
    rest = iter(entries)
    case = _open(case_id, next(rest))
    for entry in rest:
        case = apply(case, entry)
    return case


_FACTS = (
    ContactLogged,
    Assessed,
    PaymentReceived,
    PaymentReversed,
    ChargeAdded,
    Refunded,
    ClaimFactRecorded,
    NoticeSent,
    Noted,
    Voided,
)
_MONEY = (
    PaymentReceived,
    PaymentReversed,
    PlanReinstated,
    ChargeAdded,
    ChargeWaived,
    Refunded,
    TermsChanged,
    Voided,
)


def entries_as_of(entries: Iterable[Entry], as_of: date | None, known_at: datetime | None = None) -> list[Entry]:
    """The entries that count for a day, going by all that is known now, or by what was known at an instant.

    A fact counts from its own day on. Decisions keep their order: once one is later than the day, all after it are left
    out. The opening of the case always counts.
    """
    kept: list[Entry] = []
    decisions_open = True
    for entry in entries:
        if known_at is not None and kept and entry.recorded_at > known_at:
            break
        in_time = as_of is None or entry.effective_on <= as_of
        if not isinstance(entry.what, _FACTS):
            in_time = decisions_open = not kept or (decisions_open and in_time)
        if in_time:
            kept.append(entry)
    return kept


# --- deciding -------------------------------------------------------------------------------------------------------


class Decision:
    """Entries being decided for one case, and the case as it stands after them. Nothing is written yet.

    `today` is the day that the rules go by: the day of `now`, or an earlier one that a review catches up with.
    """

    __slots__ = ("case", "entries", "now", "policy", "today")

    def __init__(self, case: Case, policy: Policy, now: Now, today: date | None = None) -> None:
        self.case = case
        self.policy = policy
        self.now = now
        self.today = today or now.today
        self.entries: list[Entry] = []

    def add(self, what: Any, effective: date | datetime | None = None, on: date | None = None) -> None:
        """Add an entry; without `effective` it takes effect when it is recorded. `on` fixes its day.

        The first one that is decided under a new version of the policy comes after one that says so.
        """
        if self.case.version != self.policy.version and not isinstance(what, PolicyChanged):
            self.note_version(reopens=isinstance(what, CaseReopened))
        entry = journal.entry(what, self.now, self.case.seq + 1, self.case.recorded_at, effective)
        if on:
            entry = entry._replace(effective_on=on)
        before, self.case = self.case, apply(self.case, entry)
        self.entries.append(entry)
        if isinstance(what, _MONEY) and (changes := _reallocations(before, self.case, entry, self.now.today)):
            self.add(Reallocated(entry.seq, changes))

    def first(self, *kinds: type) -> Entry:
        """The first of the entries that is of one of these kinds."""
        return next(entry for entry in self.entries if isinstance(entry.what, kinds))

    def note_version(self, *, reopens: bool = False) -> None:
        """Say that the case is decided by another version of its policy than the last entries were, if it is so.

        Of a closed case that is said when it is opened again.
        """
        case, policy = self.case, self.policy
        if follows_anew(case, policy) and (reopens or not case.outcome):
            self.add(PolicyChanged(f"{case.policy}@{case.version}", policy.label, NEW_VERSION))

    def allowed(self, event: Event) -> Move:
        """The move that an event makes from here, or StageRefusedError."""
        return find_move(self.case.place, event, standing(self.case, self.policy, self.today))

    def move(self, move: Move, *, rule: str | None = None, why: str | None = None) -> None:
        """Make a move that was found to be allowed."""
        self.add(StageMoved(move.source, move.target, move.event, move.needs, rule, why))


def _reallocations(before: Case, after: Case, entry: Entry, today: date) -> tuple[SplitChanged, ...]:
    """Payments that were there already, and are spread otherwise since an entry."""
    what = entry.what
    # What counts after all payments changes none of them, and that is nearly always so.
    late = not isinstance(what, PaymentReceived | ChargeAdded | Refunded) or any(
        p.on >= entry.effective_on for p in before.payments
    )
    if not late or not before.payments:
        return ()
    was, now = before.splits(today), after.splits(today)
    return tuple(SplitChanged(seq, split, now[seq]) for seq, split in was.items() if seq in now and now[seq] != split)


def follows_anew(case: Case, policy: Policy) -> bool:
    """Whether a policy is another version of the case's own than the journal last said."""
    return case.version not in (None, policy.version) and case.policy == policy.name


def opening(what: CaseOpened, case_id: int, policy: Policy, now: Now) -> Decision:
    """The decision that opens a case; it notes the version of the policy."""
    if what.policy_version is None and what.policy == policy.name:
        what = replace(what, policy_version=policy.version)
    entry = journal.entry(what, now, 1, None)
    decision = Decision(_open(case_id, entry), policy, now)
    decision.entries.append(entry)
    return decision


def standing(case: Case, policy: Policy, on: date) -> Standing:
    """What the stage table's guards look at, on a day."""
    currency = case.debt.principal.currency
    amounts = policy.amounts(currency)
    contacts = [c for c in case.contacts if c.on <= on]
    final_demands = [c.on for c in contacts if c.final_demand and (case.agreed_on is None or c.on >= case.agreed_on)]
    plan = case.plan
    return Standing(
        today=on,
        # Of a closed case, what would be owed if it were opened again: the waivers that closed it would be undone.
        owed=case.unpaid(on) if case.outcome else case.owed(on),
        tolerance=amounts.tolerance,
        min_balance=amounts.min_balance,
        on_hold=case.hold is not None,
        attempts=sum(c.out for c in contacts),
        min_attempts=policy.contact.min_attempts,
        demands=sum(c.demand for c in contacts),
        min_demands=policy.contact.min_demands,
        final_demand_on=min(final_demands, default=None),
        demand_before_days=policy.legal.demand_before_days,
        proposal_open=case.open_proposal(on) is not None,
        plan_settled=plan is not None and plan.settles and plan_kept(case, on),
        plan_in_order=plan is not None and plan_in_order(case, on),
        break_goes_to_legal=plan is not None and plan.terms is not None and plan.terms.on_break is Stage.LEGAL,
        plans_broken=case.plans_broken,
        max_renegotiations=policy.plan.max_renegotiations,
        closed_in_legal=case.outcome is not None and case.stage is Stage.LEGAL,
        plan_in_force=plan is not None and plan.status is PlanStatus.ACCEPTED,
    )


def plan_kept(case: Case, on: date) -> bool:
    """Whether every installment of an agreed plan is paid."""
    plan = case.plan
    return plan is not None and plan.terms is not None and plan.kept(case.payments, on)


def plan_in_order(case: Case, on: date) -> bool:
    """Whether the payments now known answer an earlier decision on the plan.

    A broken plan whose installments turn out to have been paid in time, or a completed one that is no longer paid.
    """
    plan = case.plan
    if plan is None:
        return False
    if plan.status is PlanStatus.BROKEN:
        return plan.broken_by(plan.late_on(case.payments)) is None
    return plan.status is PlanStatus.COMPLETED and not plan_kept(case, on)
