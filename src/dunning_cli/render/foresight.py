"""What the nightly runs to come would do: one case day by day, or the whole book in numbers a day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..domain.codec import encode
from ..i18n import Translator
from . import signs
from .changes import title
from .pictures import BLANK, Column, Fit, Picture, Stack, Table, line, said, span
from .sentences import summary

if TYPE_CHECKING:
    from ..domain.views import CaseForeseen, Outlook

Json = dict[str, Any]


def foreseen_object(found: CaseForeseen) -> Json:
    """One case day by day, as scripts read it."""
    t = Translator()
    after = found.after
    return {
        "case": found.view.case.case_id,
        "from": found.view.as_of.isoformat(),
        "until": found.until.isoformat(),
        "policy": found.policy,
        "days": [
            {
                "on": day.on.isoformat(),
                "entries": [
                    {"kind": e.what.kind, "summary": summary(e, t), "data": encode(e.what)} for e in day.entries
                ],
                "stage": str(day.case.stage),
                "status": str(day.case.status),
            }
            for day in found.days
        ],
        "next_action": after and {"on": after.on.isoformat(), "what": after.what},
    }


def foreseen_picture(found: CaseForeseen, t: Translator) -> Picture:
    """The same for people: when, what, and in which stage that leaves the case."""
    head = [
        said(title(found.view, t)),
        said(
            t(
                "If nothing else happens, by the policy {policy}, until {day}:",
                policy=found.policy,
                day=found.until,
            )
        ),
        BLANK,
    ]
    columns = (Column(t("Day")), Column(t("Stage")), Column(t("What"), fit=Fit.WRAP, least=24))
    rows = tuple(
        (
            line(day.on.isoformat()) if first else (),
            line(signs.stage(day.case.stage, t)) if first else (),
            line(summary(entry, t)),
        )
        for day in found.days
        for first, entry in ((at == 0, entry) for at, entry in enumerate(day.entries))
    )
    body: Picture = Table(columns, rows) if rows else said(span(t("Nothing is due."), "good"))
    after = found.after
    then = t("Next after that: {day} {what}", day=after.on, what=t.word(after.what, "next")) if after else ""
    return Stack((*head, body, *([BLANK, said(then)] if then else [])))


def outlook_object(seen: Outlook) -> Json:
    """The whole book, as scripts read it."""
    return {
        "from": seen.today.isoformat(),
        "until": seen.until.isoformat(),
        "cases": seen.cases,
        "days": [
            {
                "on": on.isoformat(),
                "changed": day.changed,
                "entries": dict(sorted(day.entries.items())),
                "moved": dict(sorted(day.moved.items())),
            }
            for on, day in sorted(seen.days.items())
        ],
        "failed": seen.failed,
        "seconds": seen.seconds,
    }


def outlook_picture(seen: Outlook, t: Translator) -> Picture:
    """A row a day: how many cases change, and by what."""
    head = said(span(t("From {first} to {last}, if nothing else happens", first=seen.today, last=seen.until), "title"))
    if not seen.days:
        return Stack((head, said(span(t("Nothing is due."), "good"))))
    columns = (Column(t("Day")), Column(t("Cases"), right=True), Column(t("What"), fit=Fit.WRAP, least=24))
    rows = tuple(
        (
            line(on.isoformat()),
            line(f"{day.changed:,}"),
            line(t(", ").join(f"{t.word(kind, 'kind')} {count:,}" for kind, count in day.entries.most_common())),
        )
        for on, day in sorted(seen.days.items())
    )
    return Stack((head, BLANK, Table(columns, rows)))
