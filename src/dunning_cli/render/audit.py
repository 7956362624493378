"""What audit verify found."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .pictures import BLANK, Column, Fit, Line, Picture, Stack, Table, bullets, line, said, span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from ..domain.views import AuditReport
    from ..i18n import Translator


def audit_picture(found: AuditReport, t: Translator) -> Stack:
    """One word first: sound or broken; then what was read, and every place that does not hold."""
    verdict = span(t("✓ Sound"), "good") if found.sound else span(t("✗ Broken"), "bad")
    read = t(
        "{cases} cases, {debtors} debtors, {entries} entries read",
        cases=f"{found.cases:,}",
        debtors=f"{found.debtors:,}",
        entries=f"{found.entries:,}",
    )
    parts: list[Picture] = [said(verdict, t(": {what}", what=read))]
    if found.clock_set:
        by_hand = t("{count} entries were written with a clock set by hand.", count=found.clock_set)
        parts.append(said(span(by_hand, "warn")))
    if found.broken:
        parts += [BLANK, _broken(found, t)]
    if found.projection_differs:
        parts += [BLANK, said(t("Rows that their journal does not explain:"))]
        parts.append(bullets([_differs(each, t) for each in found.projection_differs]))
    return Stack(tuple(parts))


def _broken(found: AuditReport, t: Translator) -> Table:
    columns = (
        Column(t("Journal")),
        Column(t("Entry"), right=True),
        Column(t("What is wrong"), fit=Fit.WRAP, least=24),
    )
    return Table(columns, tuple(_row(each, t) for each in found.broken))


def _row(each: Mapping[str, Any], t: Translator) -> tuple[Line, ...]:
    seq = "" if each["seq"] is None else str(each["seq"])
    return (line(_subject(each, t)), line(seq), line(span(t.filled(str(each["what"])), "bad")))


def _subject(each: Mapping[str, Any], t: Translator) -> str:
    """Whose journal it is; without a number, it is about all of them."""
    if "debtor" in each:
        return t("all debtors") if each["debtor"] is None else t("debtor {number}", number=each["debtor"])
    return t("all cases") if each["case"] is None else t("case {number}", number=each["case"])


def _differs(each: Mapping[str, Any], t: Translator) -> Line:
    """The columns that differ, and why where that is known."""
    named = t(", ").join(map(str, each["fields"]))
    return line(t("{what}: {why}", what=_subject(each, t), why=named), f" ({each['what']})" if "what" in each else "")


def heads_object(found: Sequence[tuple[int, int, str]]) -> list[dict[str, Any]]:
    """Each case's number, the number of its entries, and the digest of the last."""
    return [{"case": number, "entries": seq, "head": head} for number, seq, head in found]


def heads_table(found: Sequence[tuple[int, int, str]], t: Translator) -> Picture:
    """The same for people: to be printed, signed or sent, and compared later."""
    columns = (
        Column(t("Case"), right=True),
        Column(t("Entries"), right=True),
        Column(t("Head"), fit=Fit.WRAP, least=32),
    )
    return Table(columns, tuple((line(str(number)), line(str(seq)), line(head)) for number, seq, head in found))
