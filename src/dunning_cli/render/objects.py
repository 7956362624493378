"""Domain values as plain JSON: what scripts may rely on. Never translated, never Rich.

Money is a string in major units and its currency stands beside it; days and instants are ISO 8601.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from msgspec.structs import asdict

from ..domain.assessments import assess
from ..domain.codec import encode
from ..domain.days import utc_text
from ..domain.debtors import Debtor, DetailKind
from ..domain.entries import PaymentReceived
from ..domain.money import Money
from ..domain.terms import Terms
from ..i18n import Translator
from . import masks
from .answers import dumps, refused_object
from .reasons import reasons
from .sentences import summary
from .text import percent_text

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from ..domain.cases import Balance, Case
    from ..domain.entries import PlanProposed
    from ..domain.journal import Entry
    from ..domain.terms import Cap, Statute
    from ..domain.views import (
        AuditReport,
        CaseView,
        DebtorView,
        FactView,
        PartyIn,
        PartyView,
        SweepSummary,
        TimelineRow,
    )

__all__ = [
    "audit_object",
    "case_object",
    "debtor_object",
    "dumps",
    "payment_answer",
    "plan_object",
    "refused_object",
    "sweep_object",
    "timeline_object",
]

_PARTS = ("costs", "fees", "interest", "principal")
_LISTS = {
    "phones": DetailKind.PHONE,
    "emails": DetailKind.EMAIL,
    "addresses": DetailKind.ADDRESS,
    "id_numbers": DetailKind.ID_NUMBER,
    "timezones": DetailKind.TIMEZONE,
}

Json = dict[str, Any]


def case_object(view: CaseView, *, reveal: bool = False, brief: bool = False) -> Json:
    """A case as of the view's day; `brief` leaves out plan and assessment, as lists do."""
    case, on, action = view.case, view.as_of, view.next_action
    return {
        "case": case.case_id,
        "reference": case.debt.reference,
        "creditor": case.debt.creditor,
        "portfolio": case.debt.portfolio,
        "collector": case.collector,
        "debtor": _debtor(view.debtor, reveal),
        **_debt(case),
        "policy": case.policy,
        "as_of": on.isoformat(),
        "days_overdue": case.days_overdue(on),
        "bucket": case.bucket(on),
        **_state(case),
        "interest": _interest(case),
        "allocation": _allocation(case),
        "balance": balance_object(case.balance(on)),
        "paid": str(case.paid(on)),
        "level": case.level,
        **({} if brief else {"plan": _plan(case, on), "assessment": _assessment(case, on)}),
        **({} if brief else {"facts": _facts(view.facts, reveal), "parties": _parties(view.parties, reveal)}),
        **({} if brief else {"deadline_on": _day(view.deadline_on), "deadlines": _deadlines(view)}),
        "effort": _effort(case, on),
        "next_action": action and {"on": action.on.isoformat(), "what": action.what},
        "entries": case.seq,
        "head": view.head,
    }


def _facts(views: Sequence[FactView], reveal: bool) -> list[Json]:
    if not views:
        return []
    from .debtor_facts import fact_object  # noqa: PLC0415  most cases have none

    return [fact_object(view, reveal=reveal) for view in views]


def _parties(views: Sequence[PartyView], reveal: bool) -> list[Json]:
    if not views:
        return []
    from .parties import party_object  # noqa: PLC0415  most cases have none

    return [party_object(view, reveal) for view in views]


def _deadlines(view: CaseView) -> list[Json]:
    if not view.dues:
        return []
    from .deadlines import due_object  # noqa: PLC0415  of most answers they are no part

    return [due_object(due, view.as_of, view.pack) for due in view.dues]


def _debt(case: Case) -> Json:
    debt = case.debt
    return {
        "jurisdiction": debt.jurisdiction,
        "debt_type": debt.debt_type and str(debt.debt_type),
        "consumer": debt.consumer,
        "incurred": _day(debt.incurred),
        "currency": debt.principal.currency,
        "principal": str(debt.principal),
        "due_date": debt.due.isoformat(),
    }


def _state(case: Case) -> Json:
    hold = case.hold
    return {
        "stage": str(case.stage),
        "status": str(case.status),
        "outcome": case.outcome and str(case.outcome),
        "closed_on": _day(case.closed_on),
        "hold": hold and {"reason": str(hold.reason), "until": _day(hold.until), "since": hold.on.isoformat()},
    }


def balance_object(balance: Balance) -> Json:
    """What is owed by its parts, their total, and what was paid beyond it."""
    return {name: str(getattr(balance, name)) for name in (*_PARTS, "total", "unallocated")}


def _plan(case: Case, on: date) -> Json | None:
    plan = case.plan
    if plan is None:
        return None
    return {
        "number": plan.number,
        "status": str(plan.status),
        "total": str(plan.total),
        "settles": plan.settles,
        "waives_interest": _percent(plan.waives),
        "proposed_on": plan.proposed_on.isoformat(),
        "expires": plan.expires.isoformat(),
        "installments": [
            {
                "number": installment.number,
                "due": installment.due.isoformat(),
                "amount": str(installment.amount),
                "paid": str(paid),
                "status": str(status),
            }
            for installment, paid, status in plan.statuses(case.payments, on)
        ],
    }


def plan_object(plan: PlanProposed) -> Json:
    """A plan as it is proposed."""
    return {
        "number": plan.number,
        "total": str(Money.total((i.amount for i in plan.installments), plan.installments[0].amount.currency)),
        "settles": plan.settles,
        "waives_interest": _percent(plan.waives),
        "interest_inside": bool(plan.interest_inside),
        "expires": plan.expires.isoformat(),
        "installments": [
            {"number": i.number, "due": i.due.isoformat(), "amount": str(i.amount)} for i in plan.installments
        ],
    }


def _interest(case: Case) -> Json | None:
    """The rates of a debt, each with the first day on which it holds; None where it bears no interest."""
    terms = case.terms
    if terms is None or not terms.steps:
        return None
    return {
        "day_count": terms.day_count.value,
        "rounding": terms.rounding.value,
        "rates": [
            {"from": (step.after + timedelta(days=1)).isoformat(), "percent": _percent(step.percent)}
            for step in terms.known_steps
        ],
        "known_until": _day(terms.known_until),
        "source": terms.source,
        "statute": terms.statute and _statute(terms.statute),
        "cap": terms.cap and cap_object(terms.cap),
        "frozen": [{"from": f.start.isoformat(), "to": _day(f.end)} for f in case.frozen],
    }


def _statute(statute: Statute) -> Json:
    """The law that gives a rate, and how it is made."""
    return {
        "pack": statute.pack,
        "rule": statute.rule,
        "law": statute.law,
        "from": statute.begins.isoformat(),
        "table": statute.table,
        "multiple": _percent(statute.multiple),
        "margin": _percent(statute.margin),
    }


def cap_object(cap: Cap) -> Json:
    """The law that limits what may be claimed, and the rate, None where it is not known."""
    return {"pack": cap.pack, "rule": cap.rule, "law": cap.law, "percent": _percent(cap.percent)}


def _allocation(case: Case) -> Json:
    """The order in which a payment counts toward the parts of a debt, and the rule of law that gives it."""
    terms = case.terms or Terms()
    return {"order": [part.value for part in terms.order], "source": terms.ordered_by}


def _percent(rate: Decimal | None) -> str | None:
    return None if rate is None else percent_text(rate)


def _assessment(case: Case, on: date) -> Json | None:
    found = assess(case, on)
    if found is None:
        return None
    return {
        "willingness": found.willingness and str(found.willingness),
        "ability": found.ability and str(found.ability),
        "reason": found.reason and str(found.reason),
        "segment": found.segment,
        "advice": found.advice,
        "reasons": reasons(found, case.owed(on), Translator()),
    }


def _effort(case: Case, on: date) -> Json:
    contacts = [c for c in case.contacts if c.on <= on]
    cost = Money.total((c.cost for c in contacts if c.cost), case.debt.principal.currency)
    return {"contacts": len(contacts), "minutes": sum(c.minutes or 0 for c in contacts), "cost": str(cost)}


def _debtor(debtor: Debtor, reveal: bool) -> Json:
    lists = {
        name: [masks.detail(kind, value, reveal=reveal) for value in debtor.valid(kind)]
        for name, kind in _LISTS.items()
    }
    language = debtor.language and str(debtor.language)
    merged = {"merged": list(debtor.merged)} if debtor.merged else {}
    return {"id": debtor.debtor_id, "name": debtor.name, **lists, "language": language, **merged}


def debtor_object(view: DebtorView, reveal: bool = False) -> Json:
    """A debtor with every detail ever given, its number for `edit-debtor`, and the cases against them."""
    details = [
        {
            "seq": each.seq,
            "record": each.whose,
            "kind": str(each.kind),
            "value": masks.detail(each.kind, each.value, reveal=reveal),
            "valid": each.valid,
        }
        for each in view.debtor.details
    ]
    return {
        **_debtor(view.debtor, reveal),
        "details": details,
        "facts": _facts(view.facts, reveal),
        "cases": [case_object(case, reveal=reveal, brief=True) for case in view.cases],
        "party_in": _party_in(view.party_in),
        "entries": view.debtor.seq,
        "head": view.head,
    }


def _party_in(found: Sequence[PartyIn]) -> list[Json]:
    if not found:
        return []
    from .parties import party_in_object  # noqa: PLC0415  most debtors are a party of nothing

    return [party_in_object(each) for each in found]


def timeline_object(rows: list[TimelineRow]) -> list[Json]:
    """Every entry with what it says in full: the case file belongs to who may read the database."""
    t = Translator()
    return [
        {
            "seq": row.entry.seq,
            "recorded_at": utc_text(row.entry.recorded_at),
            "effective": row.entry.effective.isoformat(),
            "effective_on": row.entry.effective_on.isoformat(),
            "actor": row.entry.actor,
            "kind": row.entry.what.kind,
            "summary": summary(row.entry, t),
            "data": encode(row.entry.what),
            "digest": row.digest,
            "voided": row.voided,
            "stage": str(row.stage),
            "clock": str(row.entry.clock),
        }
        for row in rows
    ]


def payment_answer(after: CaseView, entries: Sequence[Entry]) -> Json:
    """How a payment was spread, with the case as it then is. The parts and what is unallocated add up to the payment.

    What was waived with it (a remainder within the tolerance, the rest of a settlement) also lowers the balance, and is
    not counted as paid.
    """
    (received,) = (entry for entry in entries if isinstance(entry.what, PaymentReceived))
    split = after.case.splits(after.as_of)[received.seq]
    return {
        "allocated": {name: str(getattr(split, name)) for name in _PARTS},
        "unallocated": str(split.unallocated),
        "balance": balance_object(after.case.balance(after.as_of)),
        "case": case_object(after),
    }


def sweep_object(done: SweepSummary) -> Json:
    """What a run of check-overdue did."""
    return {
        "as_of": done.as_of.isoformat(),
        "reviewed": done.reviewed,
        "changed": done.changed,
        "entries": dict(sorted(done.entries.items())),
        "moved": dict(sorted(done.moved.items())),
        "failed": done.failed,
        "seconds": round(done.seconds, 3),
    }


def audit_object(found: AuditReport) -> Json:
    """What audit verify found; `sound` says in one word whether anything is wrong."""
    return asdict(found) | {"sound": found.sound}


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
