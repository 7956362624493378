"""Plans: their installments, and a look at one before it is proposed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..domain.facts import Plan, PlanStatus
from ..domain.money import Money
from . import signs
from .pictures import Column, Line, Panel, Stack, Table, line, said, span
from .text import amount, percent_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from ..domain.entries import Installment, PlanProposed
    from ..domain.facts import Payment
    from ..i18n import Translator


def head(plan: Plan, t: Translator) -> Line:
    """`accepted · 1,000.00 CNY in 3 installments`."""
    parts = [_size(plan.installments, t)]
    if plan.settles:
        parts.append(t("settles the whole debt"))
    if plan.waives:
        parts.append(t("waives {percent} % of the interest", percent=percent_text(plan.waives)))
    if plan.status is PlanStatus.PROPOSED:
        parts.append(t("expires {day}", day=plan.expires))
    return line(signs.plan(plan.status, t), *(f" · {part}" for part in parts))


def installments(plan: Plan, payments: Sequence[Payment], on: date, t: Translator) -> Table:
    """Every installment with what it has received by a day."""
    rows = tuple(
        (
            line(str(each.number)),
            line(each.due.isoformat()),
            line(amount(each.amount, False)),
            line(amount(paid, False)),
            line(signs.installment(status, t)),
        )
        for each, paid, status in plan.statuses(payments, on)
    )
    return Table(
        (
            Column(t("No."), right=True),
            Column(t("Due")),
            Column(t("Amount"), right=True),
            Column(t("Paid"), right=True),
            Column(t("Status")),
        ),
        rows,
    )


def plan_preview(plan: PlanProposed | Plan, currency: str, t: Translator) -> Panel:
    """A plan as it would be proposed: nothing of it is written yet."""
    rows = tuple(
        (line(str(each.number)), line(each.due.isoformat()), line(amount(each.amount, False)))
        for each in plan.installments
    )
    columns = (
        Column(t("No."), right=True),
        Column(t("Due")),
        Column(t("Amount ({currency})", currency=currency), right=True),
    )
    notes = [t("To be answered by {day}.", day=plan.expires)]
    if plan.waives:
        notes.append(t("Once it is kept, {percent} % of the interest is waived.", percent=percent_text(plan.waives)))
    if plan.settles:
        notes.append(t("Paid in full, it settles the whole debt."))
    return Panel(
        line(span(t("Plan {number}", number=plan.number), "title"), " · ", _size(plan.installments, t)),
        (Table(columns, rows), Stack(tuple(said(span(note, "faint")) for note in notes))),
    )


def _size(rows: Sequence[Installment], t: Translator) -> str:
    total = amount(Money.total((row.amount for row in rows), rows[0].amount.currency))
    if len(rows) == 1:
        return t("{total} in one payment", total=total)
    return t("{total} in {count} installments", total=total, count=len(rows))
