"""The statement of a case: every line that makes its balance, adding up."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from ..domain.allocation import Part
from ..domain.ledger import LineKind
from ..domain.money import Money
from .pictures import Column, Fit, Line, Panel, Table, line, said, span
from .sentences import cap
from .text import amount, percent_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from ..domain import ledger
    from ..domain.views import StatementView
    from ..i18n import Translator

ROW: Final = ("date", "entry", "what", "text", *(part.value for part in Part), "unallocated", "balance")
_BROUGHT: Final = "brought_forward"


class _Row:
    """A line with what is owed, and held beyond it, after it."""

    def __init__(
        self, on: Any, what: str, each: ledger.Line | None, parts: dict[Part, int], beyond: int, left: int
    ) -> None:
        self.on = on
        self.what = what
        self.each = each
        self.parts = parts
        self.beyond = beyond
        self.left = left


def _rows(found: StatementView) -> list[_Row]:
    rows = []
    left = 0
    if found.since:
        parts = _sum(found.before)
        left = sum(parts.values())
        beyond = sum(each.unallocated for each in found.before)
        rows.append(_Row(found.since, _BROUGHT, None, parts, beyond, left))
    for each in found.lines:
        left += each.total
        rows.append(_Row(each.on, each.what.value, each, dict(each.parts), each.unallocated, left))
    return rows


def _sum(lines: Iterable[ledger.Line]) -> dict[Part, int]:
    total = dict.fromkeys(Part, 0)
    for each in lines:
        for part, minor in each.parts.items():
            total[part] += minor
    return total


def statement_object(found: StatementView) -> dict[str, Any]:
    """The lines; the parts of all of them, and of what was brought forward, add up to the closing balance."""
    currency = found.ledger.currency

    def text(minor: int) -> str:
        return str(Money(minor, currency))

    def parts(given: dict[Part, int]) -> dict[str, str]:
        return {part.value: text(given.get(part, 0)) for part in Part}

    rows = _rows(found)
    opening = rows.pop(0) if found.since else None
    return {
        "case": found.view.case.case_id,
        "reference": found.view.case.debt.reference,
        "currency": currency,
        "from": found.since and found.since.isoformat(),
        "to": found.until.isoformat(),
        "rates_known_until": unknown_after.isoformat() if (unknown_after := _unknown_after(found)) else None,
        "above_cap": text(found.ledger.above_cap),
        "opening": opening
        and {**parts(opening.parts), "total": text(opening.left), "unallocated": text(opening.beyond)},
        "lines": [
            {
                "date": row.on.isoformat(),
                "entry": row.each.seq,
                "what": row.what,
                **parts(row.parts),
                "unallocated": text(row.beyond),
                "balance": text(row.left),
                **_detail(row.each, currency),
            }
            for row in rows
            if row.each
        ],
        "closing": {
            **parts(dict(found.ledger.owed)),
            "total": text(sum(found.ledger.owed.values())),
            "unallocated": text(found.ledger.unallocated),
        },
    }


def _unknown_after(found: StatementView) -> date | None:
    """The last day of the statement whose rate is known, where later ones are on it."""
    terms = found.view.case.terms
    known = terms.known_until if terms else None
    return known if known and known < found.until else None


def _detail(each: ledger.Line, currency: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if each.what is LineKind.INTEREST and each.since and each.percent is not None and each.base is not None:
        found |= {
            "after": each.since.isoformat(),
            "days": each.days,
            "percent": percent_text(each.percent),
            "on_principal": str(Money(each.base, currency)),
        }
    if each.gone_on:
        found["gone_on"] = each.gone_on.isoformat()
    return found


def statement_rows(found: StatementView, t: Translator) -> list[dict[str, Any]]:
    """The same for a spreadsheet, a line each; the last one is the closing balance."""

    def major(minor: int) -> Decimal:
        return Decimal(str(Money(minor, found.ledger.currency)))  # a number: its minus is no formula

    rows = [
        {
            "date": row.on.isoformat(),
            "entry": row.each.seq if row.each else None,
            "what": row.what,
            "text": _text(row, found, t),
            **{part.value: major(row.parts.get(part, 0)) for part in Part},
            "unallocated": major(row.beyond),
            "balance": major(row.left),
        }
        for row in _rows(found)
    ]
    owed = found.ledger.owed
    return [
        *rows,
        {
            "date": found.until.isoformat(),
            "entry": None,
            "what": "closing",
            "text": t("Balance on {day}", day=found.until),
            **{part.value: major(owed[part]) for part in Part},
            "unallocated": major(found.ledger.unallocated),
            "balance": major(sum(owed.values())),
        },
    ]


def statement_picture(found: StatementView, t: Translator) -> Panel:
    """A table to print: only the parts that there are have a column; the closing line adds them up."""
    case, currency = found.view.case, found.ledger.currency
    rows = _rows(found)
    shown = [part for part in Part if part is Part.PRINCIPAL or any(row.parts.get(part) for row in rows)]
    beyond = any(row.beyond for row in rows)

    def cells(minors: list[int], left: int, style: str = "") -> list[Line]:
        return [line(span(_signed(minor, currency), style)) for minor in minors] + [
            line(span(amount(Money(left, currency), False), style))
        ]

    table = [
        (
            line(row.on.isoformat()),
            line(_text(row, found, t)),
            *cells([row.parts.get(part, 0) for part in shown] + ([row.beyond] if beyond else []), row.left),
        )
        for row in rows
    ]
    owed = [found.ledger.owed[part] for part in shown] + ([found.ledger.unallocated] if beyond else [])
    total = sum(found.ledger.owed.values())
    closing = line(span(t("Balance on {day}", day=found.until), "strong"))
    table.append((line(), closing, *cells(owed, total, "strong")))
    columns = (
        Column(t("Date")),
        Column(t("What"), fit=Fit.WRAP, least=16),
        *(Column(_capital(t(part.value)), right=True) for part in shown),
        *((Column(t("Beyond"), right=True),) if beyond else ()),
        Column(t("Balance"), right=True),
    )
    parts = [t("Statement of case {number}", number=case.case_id), case.debt.reference, found.view.debtor.name]
    title = line(span(" · ".join(part for part in parts if part), "title"))
    notes = [said(span(t("Amounts in {currency}.", currency=currency), "faint"))]
    limit = case.terms.cap if case.terms else None
    if limit and limit.percent is None:
        notes.append(said(span(_capital(cap(limit, t)), "warn")))
    elif limit and found.ledger.above_cap:
        above = amount(Money(found.ledger.above_cap, currency))
        text = t("{amount} are not claimed: {what}.", amount=above, what=cap(limit, t))
        notes.append(said(span(text, "warn")))
    if unknown := _unknown_after(found):
        text = t("The rate of interest is not known after {day}: none is counted from then on.", day=unknown)
        notes.append(said(span(text, "warn")))
    return Panel(title, (Table(columns, tuple(table)), *notes))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _signed(minor: int, currency: str) -> str:
    return amount(Money(minor, currency), False) if minor else ""


def _text(row: _Row, found: StatementView, t: Translator) -> str:
    each, case = row.each, found.view.case
    if each is None:
        return t("Brought forward")
    if each.what is LineKind.INTEREST and each.since and each.percent is not None and each.base is not None:
        return t(
            "Interest for {days} days, {percent} % on {base}",
            days=each.days,
            percent=percent_text(each.percent),
            base=amount(Money(each.base, found.ledger.currency), False),
        )
    if each.what is LineKind.PRINCIPAL:
        return t("Principal, due {day}", day=case.debt.due)
    if each.what is LineKind.PAYMENT:
        reference = next((p.reference for p in case.payments if p.seq == each.seq), "")
        if each.gone_on:
            return t(
                "Payment {reference}, taken back on {day}: counts as never received",
                reference=reference,
                day=each.gone_on,
            )
        return t("Payment {reference}", reference=reference)
    if each.what is LineKind.CHARGE:
        kind = next((c.kind for c in case.charges if c.seq == each.seq), None)
        name = _capital(t.word(kind or "fee", "charge"))
        if each.gone_on:
            return t("{what} (entry {seq}), waived on {day}", what=name, seq=each.seq, day=each.gone_on)
        return t("{what} (entry {seq})", what=name, seq=each.seq)
    if each.what is LineKind.ABOVE_CAP:
        return t("Of entry {seq}, above the cap: not claimed", seq=each.seq)
    if each.what is LineKind.WITHIN_CAP:
        return t("Fees within the cap by now")
    if each.what is LineKind.OVERPAYMENT_USED:
        return t("Paid out of what was held beyond the debt")
    return t("Refunded") if each.what is LineKind.REFUND else t("Waived")
