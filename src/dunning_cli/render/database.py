"""The database: which one, at which version, how much is in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from msgspec.structs import asdict

from .pictures import Facts, Picture, fact, span

if TYPE_CHECKING:
    from ..domain.views import DatabaseStatus
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
