"""A payment over several cases: what each received."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import asdict

from ..domain.money import Money
from .pictures import Column, Fit, Picture, Stack, Table, line, said, span
from .text import amount

if TYPE_CHECKING:
    from ..domain.views import PaymentSpread
    from ..i18n import Translator


def spread_object(done: PaymentSpread) -> dict[str, Any]:
    return asdict(done) | {"on": done.on.isoformat()}


def spread_picture(done: PaymentSpread, t: Translator) -> Picture:
    """The payment, by which rule it was spread, and a line for each case."""

    def money(text: str, *, named: bool = False) -> str:
        return amount(Money.of(text, done.currency), named)

    head = t(
        "Payment of {amount} of {day} over the debts of debtor {debtor}",
        amount=money(done.amount, named=True),
        day=done.on,
        debtor=done.debtor,
    )
    columns = (
        Column(t("Case"), right=True),
        Column(t("Reference"), fit=Fit.CUT, least=8),
        Column(t("Receives"), right=True),
        *(Column(_capital(t(name)), right=True) for name in ("costs", "fees", "interest", "principal")),
        Column(t("Still owed"), right=True),
    )
    rows = tuple(
        (
            line(str(part.case)),
            line(part.reference or ""),
            line(span(money(part.amount), "strong")),
            *(line(money(text) if Money.of(text, done.currency) else "") for text in part.allocated.values()),
            line(money(part.owed)),
        )
        for part in done.parts
    )
    lines: list[Picture] = [said(span(head, "title")), Table(columns, rows)]
    if beyond := Money.of(done.unallocated, done.currency):
        kept = next(part.case for part in reversed(done.parts) if Money.of(part.unallocated, done.currency))
        text = t("{amount} more than is owed: kept on case {case}.", amount=amount(beyond), case=kept)
        lines.append(said("  ", span(text, "warn")))
    lines.append(said("  ", span(t("In the order of {law}, {rule}.", law=done.law, rule=done.rule), "faint")))
    if done.dry_run:
        lines.append(said("  ", t("Nothing was written.")))
    return Stack(tuple(lines))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
