"""What a command did to a case: the entries it wrote, and how the case now stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..domain.entries import PaymentReceived
from . import signs
from .cases import next_action
from .objects import case_object, payment_answer, plan_object
from .pictures import Line, Picture, Stack, bullets, line, said, span
from .plans import plan_preview
from .sentences import summary
from .text import amount

if TYPE_CHECKING:
    from ..domain.entries import PlanProposed
    from ..domain.journal import Entry
    from ..domain.views import CaseView
    from ..i18n import Translator


def changed_object(view: CaseView, entries: Sequence[Entry]) -> dict[str, Any]:
    """The case, and the entries that the command wrote."""
    return case_object(view) | {"written": _written(entries)}


def payment_object(view: CaseView, entries: Sequence[Entry]) -> dict[str, Any]:
    """How a payment was spread, and the case after it. Where a payment was taken back, only the case."""
    if not any(isinstance(entry.what, PaymentReceived) for entry in entries):
        return changed_object(view, entries)
    return payment_answer(view, entries) | {"written": _written(entries)}


def _written(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    return [{"seq": entry.seq, "kind": entry.what.kind} for entry in entries]


def changed_picture(view: CaseView, entries: Sequence[Entry], t: Translator) -> Picture:
    """One line for each entry, then where the case stands and what is next."""
    done: Picture = said("  ", t("Nothing to change: it is already so."))
    if entries:
        done = bullets([summary(entry, t) for entry in entries], "✓")
    return Stack((said(title(view, t)), done, said("  ", _standing(view, t))))


def proposed_picture(view: CaseView, entries: Sequence[Entry], t: Translator) -> Picture:
    """A change, and the plan that was proposed."""
    plan = view.case.plan
    picture = changed_picture(view, entries, t)
    if plan is None:
        return picture
    return Stack((picture, plan_preview(plan, view.case.debt.principal.currency, t)))


def preview_object(view: CaseView, plan: PlanProposed) -> dict[str, Any]:
    """The plan that would be proposed; nothing of it is written."""
    return {
        "case": view.case.case_id,
        "currency": view.case.debt.principal.currency,
        "would_propose": plan_object(plan),
    }


def preview_picture(view: CaseView, plan: PlanProposed, t: Translator) -> Picture:
    currency = view.case.debt.principal.currency
    return Stack((said(title(view, t)), plan_preview(plan, currency, t), said("  ", t("Nothing was written."))))


def would_picture(view: CaseView, t: Translator) -> Picture:
    """What a dry run of a move found: every guard holds."""
    return Stack((said(title(view, t)), said("  ", t("Every need is met: it may be escalated. Nothing was written."))))


def title(view: CaseView, t: Translator) -> Line:
    """`Case 7 · LOAN-7 · Wang Fang`."""
    case = view.case
    parts = [t("Case {number}", number=case.case_id), case.debt.reference, view.debtor.name]
    return (span(" · ".join(part for part in parts if part), "title"),)


def _standing(view: CaseView, t: Translator) -> Line:
    """`negotiation · 1,000.00 CNY owed · next: 2025-01-25 proposal expires`."""
    case = view.case
    owed = t("{amount} owed", amount=amount(case.owed(view.as_of)))
    if case.outcome:
        return line(signs.status(case, t), " · ", owed)
    following = line(t("next: "), next_action(view, t)) if view.next_action else line(t("nothing is due"))
    held = line(" · ", signs.status(case, t)) if case.hold else ()
    return line(signs.stage(case.stage, t), held, " · ", owed, " · ", following)
