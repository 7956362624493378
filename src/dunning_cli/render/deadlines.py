"""The days that the law gives for cases: of one, of all, and until when records are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .pictures import Column, Fit, Line, Panel, Part, Picture, Stack, Table, line, said, span

if TYPE_CHECKING:
    from datetime import date

    from ..domain.reckoning import Due
    from ..domain.retention import Kept
    from ..domain.views import CaseView, DeadlinesNear, DeadlinesView, RetentionView
    from ..i18n import Translator

Json = dict[str, Any]

_SOON = 30  # days left from which a day is coloured


# --- one day ----------------------------------------------------------------------------------------------------------


def due_object(due: Due, today: date, pack: str | None) -> Json:
    """A day as scripts read it. `warn`: something is lost when it passes, and the nightly run warns before."""
    return {
        "rule": due.rule.id,
        "key": due.key,
        "day": due.on.isoformat(),
        "after_rest_days": due.rolled.isoformat() if due.rolled != due.on else None,
        "days_left": (due.on - today).days,
        "means": due.means.en,
        "warn": due.warn,
        "text": due.rule.text.en,
        "source": str(due.rule.source),
        "warnings": list(due.warnings),
        "pack": pack,
    }


def due_line(due: Due, today: date, t: Translator) -> Line:
    """`2026-10-01 (25 days left) limitation: last day to pursue the claim; after rest days 2026-10-08`."""
    after = span(t("; after rest days {day}", day=due.rolled), "faint") if due.rolled != due.on else ""
    return line(_day(due, today), f" ({_left(due, today, t)}) ", due.means.say(t.lang), after)


def _day(due: Due, today: date) -> Part:
    left = (due.on - today).days
    style = "" if not due.warn else "bad" if left < 0 else "warn" if left <= _SOON else ""
    return span(due.on.isoformat(), style)


def _left(due: Due, today: date, t: Translator) -> str:
    left = (due.on - today).days
    if left < 0:
        return t("{days} days ago", days=-left)
    return t("today") if left == 0 else t("{days} days left", days=left)


# --- one case ---------------------------------------------------------------------------------------------------------


def deadlines_object(found: DeadlinesView) -> Json:
    today = found.view.as_of
    return {
        "case": found.view.case.case_id,
        "reference": found.view.case.debt.reference,
        "as_of": today.isoformat(),
        "pack": found.pack,
        "deadlines": [due_object(due, today, found.pack) for due in found.dues],
    }


def due_rows(found: DeadlinesView, t: Translator) -> list[Json]:
    return [_row(found.view, due, found.pack, t) for due in found.dues]


def _row(view: CaseView, due: Due, pack: str | None, t: Translator) -> Json:
    own = {"case": view.case.case_id, "reference": view.case.debt.reference, "debtor": view.debtor.name}
    return own | due_object(due, view.as_of, pack) | {"means": due.means.say(t.lang)}


def case_picture(found: DeadlinesView, t: Translator) -> Picture:
    """Every day of a case, with what it means and where that is written; what is unsure stands below."""
    title = line(span(_title(found.view, t), "title"))
    if found.pack is None:
        pack = found.view.case.debt.jurisdiction
        return Panel(title, (said(t("There is no rule pack '{pack}': nothing is known of its days.", pack=pack)),))
    if not found.dues:
        return Panel(title, (said(t("No day follows from what is known, under {pack}.", pack=found.pack)),))
    today = found.view.as_of
    columns = (
        Column(t("Day")),
        Column(t("Left"), right=True),
        Column(t("After rest days")),
        Column(t("What it means"), fit=Fit.WRAP, least=20),
        Column(t("Source"), fit=Fit.WRAP, least=16),
    )
    rows = tuple(
        (
            line(_day(due, today)),
            line(_left(due, today, t)),
            line(due.rolled.isoformat() if due.rolled != due.on else ""),
            line(due.means.say(t.lang)),
            line(span(str(due.rule.source), "faint")),
        )
        for due in found.dues
    )
    unsure = dict.fromkeys(text for due in found.dues for text in due.warnings)
    notes = [said(span("! ", "warn"), t.filled(text)) for text in unsure]
    under = said(span(t("Under {pack}. Whoever has to act keeps to the earlier day.", pack=found.pack), "faint"))
    return Panel(title, (Table(columns, rows), *notes, under))


def _title(view: CaseView, t: Translator) -> str:
    parts = [t("Deadlines of case {number}", number=view.case.case_id), view.case.debt.reference, view.debtor.name]
    return " · ".join(part for part in parts if part)


# --- all cases --------------------------------------------------------------------------------------------------------


def near_object(found: DeadlinesNear) -> list[Json]:
    return [
        {
            "case": row.view.case.case_id,
            "reference": row.view.case.debt.reference,
            "debtor": row.view.debtor.name,
            **due_object(row.due, row.view.as_of, row.pack),
        }
        for row in found.rows
    ]


def near_rows(found: DeadlinesNear, t: Translator) -> list[Json]:
    return [_row(row.view, row.due, row.pack, t) for row in found.rows]


def near_picture(found: DeadlinesNear, t: Translator) -> Picture:
    if not found.rows:
        return said(t("No deadline comes near."))
    columns = (
        Column(t("Day")),
        Column(t("Left"), right=True),
        Column(t("Case"), right=True),
        Column(t("Reference")),
        Column(t("Debtor"), fit=Fit.CUT, least=10),
        Column(t("What it means"), fit=Fit.WRAP, least=20),
    )
    rows = tuple(
        (
            line(_day(row.due, row.view.as_of)),
            line(_left(row.due, row.view.as_of, t)),
            line(str(row.view.case.case_id)),
            line(row.view.case.debt.reference or ""),
            line(row.view.debtor.name),
            line(row.due.means.say(t.lang)),
        )
        for row in found.rows
    )
    return Table(columns, rows)


# --- retention --------------------------------------------------------------------------------------------------------


def retention_object(found: RetentionView) -> Json:
    """`until` is null while the end of a duty has not come; `over`: the law asks for these records no longer."""
    case = found.view.case
    over = [found.over(kept) for kept in found.kept]
    return {
        "case": case.case_id,
        "reference": case.debt.reference,
        "as_of": found.view.as_of.isoformat(),
        "status": str(case.status),
        "pack": found.pack,
        "duties": [
            {
                "rule": kept.rule.id,
                "key": kept.rule.key,
                "records": list(kept.rule.records),
                "until": kept.until.isoformat() if kept.until else None,
                "over": over[place],
                "text": kept.rule.text.en,
                "source": str(kept.rule.source),
            }
            for place, kept in enumerate(found.kept)
        ],
        "may_be_erased": _erasable(found),
    }


def _erasable(found: RetentionView) -> list[str]:
    """The kinds of record of which every duty is over."""
    kinds = dict.fromkeys(kind for kept in found.kept for kind in kept.rule.records)
    return [kind for kind in kinds if all(found.over(k) for k in found.kept if kind in k.rule.records)]


def retention_picture(found: RetentionView, t: Translator) -> Picture:
    view = found.view
    parts = [t("Retention of case {number}", number=view.case.case_id), view.case.debt.reference, view.debtor.name]
    title = line(span(" · ".join(part for part in parts if part), "title"))
    if not found.kept:
        return Panel(title, (said(t("No duty to keep its records follows from what is known.")),))
    columns = (
        Column(t("Records"), fit=Fit.WRAP, least=16),
        Column(t("Kept until")),
        Column(t("Why"), fit=Fit.WRAP, least=24),
        Column(t("Source"), fit=Fit.WRAP, least=16),
    )
    table = Table(columns, tuple(_kept_row(found, kept, t) for kept in found.kept))
    erasable = _erasable(found)
    if view.case.outcome is None:
        last = t("The case is open: each new record moves the days on.")
    elif erasable:
        kinds = t(", ").join(t.word(kind, "record") for kind in erasable)
        last = t("By these rules no longer to be kept: {records}.", records=kinds)
    else:
        last = t("Nothing may be erased yet.")
    return Stack((Panel(title, (table, said(span(last, "faint")))),))


def _kept_row(found: RetentionView, kept: Kept, t: Translator) -> tuple[Line, ...]:
    until = kept.until.isoformat() if kept.until else t("no end yet")
    return (
        line(t(", ").join(t.word(kind, "record") for kind in kept.rule.records)),
        line(span(until, "faint" if found.over(kept) else "strong")),
        line(kept.rule.text.say(t.lang)),
        line(span(str(kept.rule.source), "faint")),
    )
