"""Cases as people see them: the list, and everything about one on a panel."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..domain.money import Money
from . import signs
from .case_facts import case_facts
from .pictures import BLANK, Choice, Column, Fit, Line, Panel, Picture, Stack, Table, line, said, span
from .text import amount

if TYPE_CHECKING:
    from ..domain.views import CaseView
    from ..i18n import Translator


def case_panel(view: CaseView, t: Translator, reveal: bool = False) -> Panel:
    """All that is known about a case on a day: where it stands, what is owed, what was agreed, what comes next."""
    case = view.case
    parts = [t("Case {number}", number=case.case_id), case.debt.reference, view.debtor.name]
    title = span(" · ".join(part for part in parts if part), "title")
    return Panel((title,), (said(signs.path(case, t)), BLANK, case_facts(view, t, reveal)))


def case_list(views: Sequence[CaseView], t: Translator) -> Picture:
    """A row for each case, two where the terminal is too narrow for one, and what they come to."""
    if not views:
        return Stack((said(t("No cases here.")), said(span(t("Add one with: dunning add-case --help"), "hint"))))
    return Stack((Choice((_wide(views, t), _narrow(views, t))), BLANK, said(totals(views, t))))


def totals(views: Sequence[CaseView], t: Translator) -> str:
    """How many cases, and what is owed in each currency."""
    sums: dict[str, Money] = {}
    for view in views:
        owed = view.case.owed(view.as_of)
        sums[owed.currency] = sums.get(owed.currency, Money(0, owed.currency)) + owed
    count = t("1 case") if len(views) == 1 else t("{count} cases", count=f"{len(views):,}")
    return t("{cases}, owed: {sums}", cases=count, sums=t(", ").join(amount(sums[code]) for code in sorted(sums)))


def _wide(views: Sequence[CaseView], t: Translator) -> Table:
    columns = (
        Column(t("Case"), right=True),
        Column(t("Reference")),
        Column(t("Debtor"), fit=Fit.CUT, least=10),
        Column(t("Stage")),
        Column(t("Status")),
        Column(t("Overdue"), right=True),
        Column(t("Balance"), right=True),
        Column(t("Next action")),
    )
    return Table(columns, tuple(_row(view, t) for view in views))


def _row(view: CaseView, t: Translator) -> tuple[Line, ...]:
    case, on = view.case, view.as_of
    return (
        line(str(case.case_id)),
        line(case.debt.reference or ""),
        line(view.debtor.name),
        line(signs.stage(case.stage, t)),
        line(signs.status(case, t)),
        signs.overdue(case.days_overdue(on), case.bucket(on), t, counts=not case.outcome),
        line(amount(case.owed(on))),
        next_action(view, t),
    )


def next_action(view: CaseView, t: Translator) -> Line:
    """`2025-01-20 proposal expires`, or nothing."""
    action = view.next_action
    return line(signs.deadline(action.on, view.as_of), " ", t.word(action.what, "next")) if action else ()


def _narrow(views: Sequence[CaseView], t: Translator) -> Table:
    """The same in two rows a case: what identifies it above, what goes with it below."""
    columns = (
        Column(t("Case"), right=True),
        Column(t("Reference, debtor"), fit=Fit.CUT, least=10, keeps=tuple(v.case.debt.reference or "" for v in views)),
        Column(t("Stage, status")),
        Column(t("Overdue"), right=True),
        Column(t("Balance"), right=True),
        Column(t("Next action"), fit=Fit.CUT, least=12),
    )
    return Table(columns, tuple(row for view in views for row in _two_rows(view, t)))


def _two_rows(view: CaseView, t: Translator) -> tuple[tuple[Line, ...], tuple[Line, ...]]:
    case, on, action = view.case, view.as_of, view.next_action
    owed = case.owed(on)
    days = signs.overdue(case.days_overdue(on), case.bucket(on), t, counts=not case.outcome)
    above = (
        line(str(case.case_id)),
        line(case.debt.reference or "–"),
        line(signs.stage(case.stage, t)),
        days[:1],
        line(amount(owed, False)),
        line(signs.deadline(action.on, on)) if action else (),
    )
    below = (
        (),
        line(view.debtor.name),
        line(signs.status(case, t)),
        line(t.word(case.bucket(on), "bucket")),
        line(owed.currency),
        line(t.word(action.what, "next")) if action else (),
    )
    return above, below
