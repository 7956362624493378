"""The database: which one, at which version, how much is in it, and where its tables lie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import asdict

from .pictures import Column, Facts, Picture, Stack, Table, fact, line, said, span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..domain.views import DatabaseStatus, PlacedTable
    from ..i18n import Translator


def status_object(found: DatabaseStatus) -> dict[str, Any]:
    return asdict(found) | {"ready": found.ready}


def status_picture(found: DatabaseStatus, t: Translator) -> Picture:
    size = t(", {bytes} bytes", bytes=f"{found.size:,}") if found.size is not None else ""
    if found.ready:
        state = span(t("version {revision}, up to date", revision=found.revision or ""), "good")
    elif found.revision and found.revision > found.needed:
        newer = t("version {found}, made by a newer dunning: install that version", found=found.revision)
        state = span(newer, "bad")
    else:
        asked = t(
            "version {found}, needs {needed}: run dunning db upgrade",
            found=found.revision or t("none"),
            needed=found.needed,
        )
        state = span(asked, "bad")
    counts = t(
        "{cases} cases, {debtors} debtors, {entries} entries",
        cases=f"{found.cases:,}",
        debtors=f"{found.debtors:,}",
        entries=f"{found.entries:,}",
    )
    return Facts(
        (
            fact(t("Database"), found.url),
            fact(t("Kind"), f"{found.kind} {found.server}{size}"),
            fact(t("State"), (state,)),
            fact(t("Holds"), counts),
        )
    )


def placed_objects(tables: Sequence[PlacedTable]) -> dict[str, Any]:
    """Each table with what it is and by which column it is cut, and whether it was put there just now."""
    return {"tables": [asdict(each) for each in tables]}


def placed_picture(tables: Sequence[PlacedTable], t: Translator) -> Picture:
    moved = sum(each.moved for each in tables)
    word = t("Distributed: {count} tables were moved.", count=moved) if moved else t("Nothing had to be moved.")
    lies = {
        "distributed": t("cut over the workers"),
        "reference": t("whole on every worker"),
        "local": t("on the coordinator"),
    }
    columns = (Column(t("Table")), Column(t("Lies")), Column(t("Cut by")), Column(t("Moved")))
    rows = tuple(
        (
            line(each.table),
            line(lies[each.kind]),
            line(each.column or ""),
            line(t("now") if each.moved else t("before") if each.kind != "local" else ""),
        )
        for each in tables
    )
    return Stack((said(span(word, "good")), Table(columns, rows)))
