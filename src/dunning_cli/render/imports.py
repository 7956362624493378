"""What an import read, added, skipped and refused."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from .pictures import BLANK, Column, Fit, Picture, Stack, Table, line, said, span

if TYPE_CHECKING:
    from ..domain.views import CasesImported, ImportSummary, PaymentsImported
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
    """One line of counts, and a table of what was refused."""
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
    return _picture(done, counts, t, dry_run)


def _picture(done: ImportSummary, counts: str, t: Translator, dry_run: bool) -> Picture:
    parts: list[Picture] = [said(counts)]
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
