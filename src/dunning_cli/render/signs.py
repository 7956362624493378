"""How stages, statuses and days overdue look: always a word or a sign first, colour second."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..domain.cases import Case, Status
from ..domain.entries import CaseOutcome
from ..domain.facts import InstallmentStatus, PlanStatus
from ..domain.stages import Place, Stage
from .pictures import Line, Span, line, span

if TYPE_CHECKING:
    from datetime import date

    from ..i18n import Translator

_INSTALLMENT = {
    InstallmentStatus.PAID: ("✓", "good"),
    InstallmentStatus.PARTIAL: ("◐", "warn"),
    InstallmentStatus.MISSED: ("✗", "bad"),
    InstallmentStatus.OPEN: ("·", ""),
}
_PLAN = {
    PlanStatus.PROPOSED: "warn",
    PlanStatus.ACCEPTED: "good",
    PlanStatus.COMPLETED: "good",
    PlanStatus.BROKEN: "bad",
}
_OUTCOME = {CaseOutcome.PAID: "good", CaseOutcome.SETTLED: "good"}
_GRAVE, _LATE = 90, 30  # days overdue from which the number is coloured: M4 on, M2 on


def installment(status: InstallmentStatus, t: Translator) -> Span:
    sign, style = _INSTALLMENT[status]
    return span(f"{sign} {t.word(status, 'installment')}", style)


def plan(status: PlanStatus, t: Translator) -> Span:
    return span(t.word(status, "plan"), _PLAN.get(status, "faint"))


def stage(place: Place, t: Translator) -> Span:
    return span(t.word(place, "stage"), str(place))


def status(case: Case, t: Translator) -> Span:
    """open, on hold, or closed with how it ended."""
    if case.outcome:
        how = t("closed: {outcome}", outcome=t.word(case.outcome, "outcome"))
        return span(how, _OUTCOME.get(case.outcome, "faint"))
    return span(t.word(case.status, "status"), "warn" if case.status is Status.ON_HOLD else "")


def path(case: Case, t: Translator) -> Line:
    """The way through the four stages, the present one in brackets, and what stops the case there."""
    steps: list[Span] = []
    for each in Stage:
        here = each is case.stage
        word = t.word(each, "stage")
        steps.append(span(f"[{word}]" if here else word, f"here {each}" if here else "faint"))
        steps.append(Span(" → ", "faint"))
    if case.status is Status.OPEN:
        return tuple(steps[:-1])
    return line(tuple(steps[:-1]), "   ", status(case, t))


def overdue(days: int, bucket: str, t: Translator, *, counts: bool = True) -> Line:
    """`131 (M5)`; coloured while the case still `counts` as overdue."""
    style = ("bad" if days > _GRAVE else "warn" if days > _LATE else "") if counts else "faint"
    return line(span(str(days), style), f" ({t.word(bucket, 'bucket')})")


def deadline(on: date, today: date) -> Span:
    """The day of something to do: coloured when it has come."""
    return span(on.isoformat(), "warn" if on <= today else "")
