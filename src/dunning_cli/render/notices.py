"""What became of a notice: which cases it is about, what it costs, until when it is to be answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import masks
from .pictures import Picture, Stack, line, said, span
from .text import amount

if TYPE_CHECKING:
    from ..domain.views import Noticed, NoticedCase
    from ..i18n import Translator

Json = dict[str, Any]


def noticed_object(done: Noticed) -> Json:
    """A notice as scripts read it, its text in full: it goes to the debtor."""
    return {
        "debtor": done.debtor.debtor_id,
        "template": str(done.template),
        "channel": str(done.channel),
        "to": masks.contact_address(done.to),
        "language": done.language,
        "on": done.on.isoformat(),
        "respond_by": done.respond_by.isoformat() if done.respond_by else None,
        "cases": [
            {
                "case": each.case.case_id,
                "reference": each.case.debt.reference,
                "level": each.level,
                "fee": str(each.fee) if each.fee else None,
                "currency": each.case.debt.principal.currency,
                "total": str(each.case.owed(done.on)),
                "entries": each.case.seq,
            }
            for each in done.cases
        ],
        "text": done.text,
        "dry_run": done.dry_run,
    }


def noticed_picture(done: Noticed, t: Translator) -> Picture:
    """What was logged, a line a case."""
    return Stack(tuple(said(_line(each, done, t)) for each in done.cases))


def _line(each: NoticedCase, done: Noticed, t: Translator) -> Any:
    values = {
        "case": each.case.case_id,
        "level": each.level,
        "template": t.word(done.template, "purpose"),
        "channel": t.word(done.channel, "channel"),
    }
    text = (
        t("Case {case}: the notice of level {level} would be sent ({template} by {channel})", **values)
        if done.dry_run
        else t("Case {case}: the notice of level {level} is logged as sent ({template} by {channel})", **values)
    )
    parts = [
        text,
        t("fee {fee}", fee=amount(each.fee)) if each.fee else "",
        t("to be answered by {day}", day=done.respond_by) if done.respond_by else "",
    ]
    return line(span("✓  ", "good"), t("; ").join(part for part in parts if part))
