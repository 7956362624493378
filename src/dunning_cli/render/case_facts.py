"""What the panel of a case says, fact by fact."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from ..domain.assessments import assess
from ..domain.debtors import DetailKind
from ..domain.money import Money
from . import masks, plans, signs
from .pictures import Facts, Line, Picture, Span, fact, line, span
from .reasons import reasons
from .sentences import cap
from .text import amount, percent_text

if TYPE_CHECKING:
    from datetime import date

    from ..domain.cases import Case
    from ..domain.debtors import Debtor
    from ..domain.views import CaseView
    from ..i18n import Translator

_BAR = 20  # cells
Fact = tuple[Line, tuple[Picture, ...]]


def case_facts(view: CaseView, t: Translator, reveal: bool) -> Facts:
    """The facts that there are; what is not known has no line."""
    case, on = view.case, view.as_of
    found = [
        _debtor(view.debtor, t, reveal),
        _claim(case, t),
        _hold(case, t),
        _overdue(case, on, t),
        _owed(case, on, t),
        _interest(case, on, t),
        _paid(case, on, t),
        _level(case, t),
        _plan(case, on, t),
        _assessment(case, on, t),
        _facts(view, t),
        _parties(view, t, reveal),
        _deadlines(view, t),
        _effort(case, on, t),
        _next(view, t),
    ]
    return Facts(tuple(each for each in found if each))


def _debtor(debtor: Debtor, t: Translator, reveal: bool) -> Fact:
    reach = [
        masks.detail(kind, value, reveal=reveal)
        for kind in (DetailKind.PHONE, DetailKind.EMAIL, DetailKind.ADDRESS, DetailKind.ID_NUMBER)
        for value in debtor.valid(kind)
    ]
    named = line(span(debtor.name, "strong"), t(" (debtor {number})", number=debtor.debtor_id))
    return fact(t("Debtor"), named, *reach)


def _claim(case: Case, t: Translator) -> Fact:
    debt = case.debt
    named = [debt.creditor]
    if debt.debt_type:
        named.append(t.word(debt.debt_type, "debt"))
    if debt.portfolio:
        named.append(t("portfolio {name}", name=debt.portfolio))
    if case.collector:
        named.append(t("collector {name}", name=case.collector))
    return fact(t("Creditor"), " · ".join(named))


def _hold(case: Case, t: Translator) -> Fact | None:
    hold = case.hold
    if hold is None:
        return None
    until = t(" until {day}", day=hold.until) if hold.until else ""
    since = t("{reason}, since {day}", reason=t.word(hold.reason, "hold"), day=hold.on)
    return fact(t("On hold"), line(span(since + until, "warn")))


def _overdue(case: Case, on: date, t: Translator) -> Fact:
    days = case.days_overdue(on)
    if case.closed_on:
        said_ = line(t("closed on {day}, {days} days after the due date", day=case.closed_on, days=days))
    elif days > 0:
        bucket = case.bucket(on)
        counted = signs.overdue(days, bucket, t)[0]
        said_ = line(counted, t(" days ({bucket})", bucket=t.word(bucket, "bucket")))
    else:
        said_ = line(t("not yet overdue"))
    return fact(t("Overdue"), line(said_, t(", due {day}", day=case.debt.due)))


def _owed(case: Case, on: date, t: Translator) -> Fact:
    balance = case.balance(on)
    total = line(span(amount(balance.total), "strong"), t(" on {day}", day=on))
    named = (
        (t("costs"), balance.costs),
        (t("fees"), balance.fees),
        (t("interest"), balance.interest),
        (t("principal"), balance.principal),
    )
    if balance.total != balance.principal:
        parts = t(", ").join(f"{name} {amount(part, False)}" for name, part in named if part)
        total = line(total, t(": {parts}", parts=parts))
    if balance.unallocated:
        return fact(t("Owed"), total, t("{amount} was paid beyond it", amount=amount(balance.unallocated)))
    return fact(t("Owed"), total)


def _level(case: Case, t: Translator) -> Fact | None:
    """The level of dunning, and how far its notice is."""
    if not case.notices:
        return None
    last = case.notices[-1]
    if not last.sent:
        return fact(t("Level"), line(str(last.level), t(", reached on {day}; its notice is to be sent", day=last.on)))
    answer = t("; to be answered by {day}", day=last.respond_by) if last.respond_by else ""
    return fact(t("Level"), line(str(last.level), t(", its notice sent on {day}", day=last.on) + answer))


def _interest(case: Case, on: date, t: Translator) -> Fact | None:
    """The rate that holds on the day, and whether it runs."""
    terms = case.terms
    held = [step for step in terms.steps if step.after < on] if terms else []
    if terms is None or not held:
        return None
    first = held[-1].after + timedelta(days=1)
    law = [line(span(terms.statute.law, "faint"))] if terms.statute else []
    if terms.known_until and terms.statute and terms.known_until < on:
        unknown = t("not known since {day}: {table} ends there", day=first, table=terms.statute.table)
        return fact(t("Interest"), line(span(unknown, "warn")), *law)
    rate = t("{percent} % a year since {day}", percent=percent_text(terms.claimed(held[-1])), day=first)
    if terms.cap and terms.claimed(held[-1]) != held[-1].percent:
        agreed = t("{percent} % were agreed", percent=percent_text(held[-1].percent))
        law.append(line(span(t("; ").join([agreed, cap(terms.cap, t)]), "faint")))
    elif terms.cap and terms.cap.percent is None:
        law.append(line(span(cap(terms.cap, t), "warn")))
    stops = any(f.start <= on and (f.end is None or on <= f.end) for f in case.frozen)
    said_ = t("{rates} ({how})", rates=rate, how=terms.day_count.value)
    return fact(t("Interest"), line(said_, span(t(", frozen by the hold"), "warn") if stops else ""), *law)


def _paid(case: Case, on: date, t: Translator) -> Fact:
    paid, principal = case.paid(on), case.debt.principal
    if case.terms or case.charges:  # what was asked for in all: what came in for it, and what is still owed
        balance = case.balance(on)
        principal = paid - balance.unallocated + balance.total
    if not paid:
        return fact(t("Paid"), t("nothing yet of {principal}", principal=amount(principal)))
    share = min(paid.minor * 100 // principal.minor, 100) if principal else 100
    full = share * _BAR // 100
    bar = line(Span("█" * full, "good"), Span("░" * (_BAR - full), "faint"))
    of_all = t("{paid} of {principal}", paid=amount(paid, False), principal=amount(principal))
    return fact(t("Paid"), line(of_all, "  ", bar, f" {share} %"))


def _plan(case: Case, on: date, t: Translator) -> Fact | None:
    plan = case.plan
    if plan is None:
        return None
    rows = plans.installments(plan, case.payments, on, t)
    return fact(t("Plan {number}", number=plan.number), plans.head(plan, t), rows)


def _assessment(case: Case, on: date, t: Translator) -> Fact | None:
    found = assess(case, on)
    if found is None:
        return None
    lines: list[Line | Picture] = []
    if found.segment and found.advice:
        lines.append(line(span(t.word(found.segment, "segment"), "strong"), t(": {advice}", advice=t(found.advice))))
    lines += [line(span(each, "faint")) for each in reasons(found, case.owed(on), t)]
    return fact(t("Assessment"), *lines)


def _facts(view: CaseView, t: Translator) -> Fact | None:
    """What the law makes of what is known of the debtor: each fact with what it forbids or lifts, and until when."""
    if not view.facts:
        return None
    from .debtor_facts import summary_lines  # noqa: PLC0415  most cases have none

    return fact(t("Facts"), *(each for found in view.facts for each in summary_lines(found, t)))


def _parties(view: CaseView, t: Translator, reveal: bool) -> Fact | None:
    """Who else has to do with the case."""
    if not view.parties:
        return None
    from .parties import party_lines  # noqa: PLC0415  most cases have none

    return fact(t("Parties"), *(each for found in view.parties for each in party_lines(found, t, reveal)))


def _deadlines(view: CaseView, t: Translator) -> Fact | None:
    """The days of law by which somebody has to act, with the days left; what passed already is said as well."""
    if not any(due.warn for due in view.dues):
        if view.deadline_on:
            more = t("next {day}; all of them: dunning deadlines {case}", day=view.deadline_on, case=view.case.case_id)
            return fact(t("Deadlines"), more)
        if view.days_known:
            return None
        later = t("worked out by the next nightly run; now: dunning deadlines {case}", case=view.case.case_id)
        return fact(t("Deadlines"), line(span(later, "faint")))
    from .deadlines import due_line  # noqa: PLC0415  most cases are under rules that give none

    return fact(t("Deadlines"), *(due_line(due, view.as_of, t) for due in view.dues if due.warn))


def _effort(case: Case, on: date, t: Translator) -> Fact:
    contacts = [c for c in case.contacts if c.on <= on]
    if not contacts:
        return fact(t("Effort"), t("no contact yet"))
    count = t("1 contact") if len(contacts) == 1 else t("{count} contacts", count=len(contacts))
    parts = [count, t("{minutes} min", minutes=sum(c.minutes or 0 for c in contacts))]
    cost = Money.total((c.cost for c in contacts if c.cost), case.debt.principal.currency)
    if cost:
        parts.append(t("cost {cost}", cost=amount(cost)))
    return fact(t("Effort"), " · ".join(parts))


def _next(view: CaseView, t: Translator) -> Fact | None:
    action = view.next_action
    if action is None:
        return None
    return fact(t("Next action"), line(signs.deadline(action.on, view.as_of), " ", t.word(action.what, "next")))
