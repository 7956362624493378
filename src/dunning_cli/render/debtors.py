"""A debtor: how they can be reached, and what they owe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import masks
from .cases import case_list
from .pictures import BLANK, Column, Fit, Line, Panel, Picture, Stack, Table, line, said, span

if TYPE_CHECKING:
    from ..domain.debtors import Detail
    from ..domain.views import DebtorView
    from ..i18n import Translator


def debtor_panel(view: DebtorView, t: Translator, reveal: bool = False) -> Stack:
    """The debtor's details on a panel, each with its number for edit-debtor, and their cases below."""
    debtor = view.debtor
    title = " · ".join((t("Debtor {number}", number=debtor.debtor_id), debtor.name))
    body: list[Picture] = []
    if debtor.merged:
        body.append(said(t("Merged into this record: {numbers}", numbers=_listed(debtor.merged, t))))
    if debtor.language:
        body.append(said(t("Speaks {language}", language=t.word(debtor.language))))
    body.append(_details(debtor.details, t, reveal) if debtor.details else said(t("No details yet.")))
    if debtor.details and not reveal:
        body.append(said(span(t("Masked; see them in full with --reveal."), "hint")))
    if view.facts:
        from .debtor_facts import facts_table  # noqa: PLC0415  most debtors have none

        body += [BLANK, facts_table(view.facts, t, reveal)]
    panel = Panel((span(title, "title"),), tuple(body))
    if not view.party_in:
        return Stack((panel, BLANK, case_list(view.cases, t)))
    from .parties import party_in_table  # noqa: PLC0415  most debtors are a party of nothing

    beside = party_in_table(view.party_in, t)
    return Stack((panel, BLANK, *((case_list(view.cases, t), BLANK) if view.cases else ()), beside))


def _listed(numbers: tuple[int, ...], t: Translator) -> str:
    return t(", ").join(map(str, numbers))


def _details(details: tuple[Detail, ...], t: Translator, reveal: bool) -> Table:
    columns = (Column(t("No."), right=True), Column(t("Kind")), Column(t("Value"), fit=Fit.WRAP, least=20), Column(""))
    return Table(columns, tuple(_row(detail, t, reveal) for detail in details))


def _row(detail: Detail, t: Translator, reveal: bool) -> tuple[Line, ...]:
    style = "" if detail.valid else "void"
    return (
        line(detail.number),
        line(t.word(detail.kind)),
        line(span(masks.detail(detail.kind, detail.value, reveal=reveal), style)),
        () if detail.valid else line(span(t("no longer valid"), "faint")),
    )
