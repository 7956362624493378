"""What an import read, added, skipped and refused."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from msgspec.structs import asdict

from ..domain.money import Money
from .masks import id_number
from .pictures import BLANK, Column, Fit, Picture, Stack, Table, line, said, span
from .text import amount

if TYPE_CHECKING:
    from ..domain.views import CasesImported, ImportSummary, PaymentsImported, Suggestion, WaitingLine
    from ..i18n import Translator

_SHOWN = 50  # rejected rows that are shown; JSON lists more


def import_object(done: ImportSummary) -> dict[str, Any]:
    return asdict(done)


def cases_picture(done: CasesImported, t: Translator, dry_run: bool = False) -> Picture:
    """One line of counts, and a table of what was refused."""
    counts = t(
        "{read} rows read as {encoding}: {added} added, {skipped} already there, {rejected} refused.",
        read=f"{done.read:,}",
        encoding=done.encoding,
        added=f"{done.added:,}",
        skipped=f"{done.skipped:,}",
        rejected=f"{done.rejected_rows:,}",
    )
    return _picture(done, counts, t, dry_run)


def payments_picture(done: PaymentsImported, t: Translator, dry_run: bool = False) -> Picture:
    """One line of counts, and tables of what was concluded, what does not add up and what was refused."""
    counts = t(
        "{read} lines read as {encoding}: {matched} booked, {unmatched} fit no case, {duplicate} already known, "
        "{rejected} refused.",
        read=f"{done.read:,}",
        encoding=done.encoding,
        matched=f"{done.matched:,}",
        unmatched=f"{done.unmatched:,}",
        duplicate=f"{done.duplicate:,}",
        rejected=f"{done.rejected_rows:,}",
    )
    parts: list[Picture] = []
    parts += [
        said(t("{file}: {format}, {read} lines.", **each | {"read": f"{each['read']:,}"}))
        for each in done.files
        if each["format"] != "csv" or len(done.files) > 1
    ]
    if done.reversed or done.left_out:
        parts.append(
            said(
                t(
                    "{reversed} took a payment back, {left_out} brought no money and were left out.",
                    reversed=f"{done.reversed:,}",
                    left_out=f"{done.left_out:,}",
                )
            )
        )
    if done.unmatched and not dry_run:
        parts.append(said(span(t("See what could be meant with: dunning list-unmatched"), "hint")))
    parts += _concluded(done, t)
    parts += _not_adding_up(done, t)
    return _picture(done, counts, t, dry_run, parts)


def _concluded(done: PaymentsImported, t: Translator) -> list[Picture]:
    """Which lines were booked on which case though they do not name it in a column of its own, and why."""
    if not done.matches:
        return []
    columns = (
        Column(t("Line"), right=True),
        Column(t("Amount"), right=True),
        Column(t("Case"), right=True),
        Column(t("Reference"), fit=Fit.CUT, least=8),
        Column(t("Booked by"), fit=Fit.WRAP, least=12),
    )
    rows = tuple(
        (
            line(str(each["line"])),
            line(amount(Money.of(each["amount"], each["currency"]))),
            line(str(each["case"])),
            line(each["reference"] or ""),
            line(t.word(each["by"], "match")),
        )
        for each in done.matches[:_SHOWN]
    )
    found: list[Picture] = [BLANK, Table(columns, rows)]
    total = sum(done.matched_by.values())
    if len(done.matches) > _SHOWN:
        found.append(said(t("… and {count} more; all of them with --json.", count=total - _SHOWN)))
    return found


def _not_adding_up(done: PaymentsImported, t: Translator) -> list[Picture]:
    """Statements whose entries do not lead from the opening to the closing balance."""
    return [
        said(
            span(
                t(
                    "Statement {statement} does not add up: its entries lead to {expected}, it says {found}.",
                    statement=each["statement"],
                    expected=f"{each['expected']} {each['currency']}",
                    found=f"{each['found']} {each['found_currency']}",
                ),
                "warn",
            )
        )
        for each in done.balance_check[:_SHOWN]
    ]


def unmatched_object(waiting: WaitingLine, reveal: bool = False) -> dict[str, Any]:
    """A line that waits, as plain JSON. The payer's account is masked unless it is asked for."""
    what = waiting.said
    account = what.get("account")
    return {
        "line": waiting.number,
        "date": waiting.on.isoformat(),
        "amount": str(waiting.amount),
        "currency": waiting.amount.currency,
        "payer": what.get("payer"),
        "account": account if reveal or not account else id_number(account),
        "text": what.get("text"),
        "case": what.get("case"),
        "reference": what.get("reference"),
        "creditor": what.get("creditor"),
        "payment_reference": waiting.payment_reference,
        "end_to_end": waiting.end_to_end,
        "reason": waiting.reason,
        "suggestions": [_suggested(each) for each in waiting.suggestions],
        "statement": waiting.statement,
        "file": waiting.source,
        "place": waiting.place,
        "imported_at": waiting.imported_at,
    }


def _suggested(each: Suggestion) -> dict[str, Any]:
    view = each.view
    return {
        "case": view.case.case_id,
        "reference": view.case.debt.reference,
        "creditor": view.case.debt.creditor,
        "debtor": view.debtor.name,
        "balance": str(view.case.owed(view.as_of)),
        "status": str(view.case.status),
        "reasons": list(each.reasons),
    }


def unmatched_picture(lines: Sequence[WaitingLine], t: Translator, reveal: bool = False) -> Picture:
    """Each line with the reason why it waits, and below it the cases that could be meant."""
    if not lines:
        return said(t("No line waits to be matched."))
    return Stack(tuple(_waiting(each, t, reveal) for each in lines))


def _waiting(each: WaitingLine, t: Translator, reveal: bool) -> Picture:
    what = each.said
    account = what.get("account")
    shown = account if reveal or not account else id_number(account)
    payer = " ".join(part for part in (what.get("payer"), shown) if part)
    parts: list[Picture] = [
        said(
            span(str(each.number), "title"),
            f"  {each.on.isoformat()}  {amount(each.amount)}  {payer}".rstrip(),
        )
    ]
    if text := what.get("text"):
        parts.append(said(f"    {text}"))
    if each.reason:
        parts.append(said("    ", span(t.filled(each.reason), "warn")))
    for suggestion in each.suggestions:
        view = suggestion.view
        parts.append(
            said(
                "    ",
                t(
                    "case {number}: {who}, owed {owed} ({why})",
                    number=view.case.case_id,
                    who=" · ".join(part for part in (view.case.debt.reference, view.debtor.name) if part),
                    owed=amount(view.case.owed(view.as_of)),
                    why=t.words(suggestion.reasons, "match"),
                ),
            )
        )
    return Stack(tuple(parts))


def _picture(done: ImportSummary, counts: str, t: Translator, dry_run: bool, more: Sequence[Picture] = ()) -> Picture:
    parts: list[Picture] = [said(counts), *more]
    if dry_run:
        parts.append(said(span(t("A dry run: nothing was written."), "warn")))
    if done.rejected:
        columns = (
            Column(t("Line"), right=True),
            Column(t("Field"), fit=Fit.CUT, least=8),
            Column(t("Value"), fit=Fit.CUT, least=8),
            Column(t("Why"), fit=Fit.WRAP, least=20),
        )
        rows = tuple(
            (line(str(bad["line"])), line(bad["field"]), line(bad["value"]), line(bad["reason"]))
            for bad in done.rejected[:_SHOWN]
        )
        parts += [BLANK, Table(columns, rows)]
    if len(done.rejected) > _SHOWN:
        parts.append(said(t("… and {count} more; all of them with --json.", count=len(done.rejected) - _SHOWN)))
    return Stack(tuple(parts))
