"""Reports over all cases: tables with bars, JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..domain.days import BUCKETS
from ..domain.money import Money
from ..domain.reports import Aged, By
from ..i18n import later
from .pictures import BLANK, Column, Fit, Line, Picture, Span, Stack, Table, line, said, span
from .text import amount

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ..domain.reports import Ageing
    from ..i18n import Translator

_BAR = 24  # cells of the longest bar of a currency
_TITLES = {
    By.CREDITOR: later("Creditor"),
    By.PORTFOLIO: later("Portfolio"),
    By.COLLECTOR: later("Collector"),
    By.STAGE: later("Stage"),
}


def ageing_object(report: Ageing) -> dict[str, Any]:
    """The report as scripts read it; buckets without cases are left out."""
    return {
        "as_of": report.as_of.isoformat(),
        "by": str(report.by),
        "exact": report.exact,
        "rows": [
            {
                "group": row.group,
                "currency": row.currency,
                "bucket": row.bucket,
                "cases": row.cases,
                "balance": str(row.balance),
            }
            for row in report.rows
        ],
        "totals": [
            {"currency": total.currency, "cases": total.cases, "balance": str(total.balance)} for total in report.totals
        ],
    }


def ageing_picture(report: Ageing, t: Translator) -> Picture:
    """A table of buckets for each currency, with bars, and what the figures are."""
    parts: list[Picture] = [said(span(t("What is owed, by age, on {day}", day=report.as_of), "title"))]
    if not report.rows:
        return Stack((*parts, said(t("No case is open."))))
    for total in report.totals:
        parts += [BLANK, _currency(report, total, t)]
    return Stack((*parts, BLANK, said(span(_meaning(report, t), "hint"))))


def _meaning(report: Ageing, t: Translator) -> str:
    if report.exact:
        return t("What was owed at the end of {day}, interest included.", day=report.as_of)
    return t(
        "What was owed when something last happened on each case: interest since then is not in it. With it: "
        "dunning report ageing --as-of {day}",
        day=report.as_of,
    )


def _currency(report: Ageing, total: Aged, t: Translator) -> Table:
    grouped = report.by is not By.CURRENCY
    columns = (
        *((Column(t(_TITLES[report.by]), fit=Fit.CUT, least=10),) if grouped else ()),
        Column(t("Bucket")),
        Column(t("Cases"), right=True),
        Column(t("Balance ({currency})", currency=total.currency), right=True),
        Column(""),
    )
    shown = list(_rows(report, total.currency))
    most = max(row.balance.minor for row in shown) or 1
    rows: list[tuple[Line, ...]] = []
    for row in shown:
        bar = Span("█" * max(row.balance.minor > 0, row.balance.minor * _BAR // most), "hint")
        rows.append(
            (*((_group(row, report, t),) if grouped else ()), *_cells(row, t.word(row.bucket, "bucket")), (bar,))
        )
    whole = _cells(total, t("Total"))
    rows.append(
        (
            *((line(""),) if grouped else ()),
            *(line(*(span(part.text, "strong") for part in cell)) for cell in whole),
            (),
        )
    )
    return Table(columns, tuple(rows))


def _rows(report: Ageing, currency: str) -> Iterator[Aged]:
    """The rows of a currency; where nothing else tells them apart, every bucket, so that gaps are seen."""
    mine = [row for row in report.rows if row.currency == currency]
    if report.by is not By.CURRENCY:
        yield from mine
        return
    by_age = {row.bucket: row for row in mine}
    for bucket in BUCKETS:
        yield by_age.get(bucket) or Aged(None, currency, bucket, 0, Money(0, currency))


def _cells(row: Aged, bucket: str) -> tuple[Line, Line, Line]:
    return line(bucket), line(f"{row.cases:,}"), line(amount(row.balance, False))


def _group(row: Aged, report: Ageing, t: Translator) -> Line:
    if row.group is None:
        return line("–")
    return line(t.word(row.group, "stage") if report.by is By.STAGE else row.group)
