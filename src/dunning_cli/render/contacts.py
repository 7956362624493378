"""What the guard says of a contact: may it be made, why not, and when."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final
from zoneinfo import ZoneInfo

from ..domain.days import utc_text
from ..domain.entries import ContactLogged
from ..domain.parties import number_of
from ..i18n import later
from .changes import changed_object, changed_picture, title
from .pictures import Line, Part, Picture, Stack, bullets, line, said, span
from .rules import notice

if TYPE_CHECKING:
    from datetime import datetime

    from ..domain.compliance.guard import Finding, Verdict
    from ..domain.journal import Entry
    from ..domain.views import CaseView, ContactView
    from ..i18n import Translator

Json = dict[str, Any]

# What to do about a fact without which a rule cannot be judged.
_REMEDIES: Final[Mapping[str, str]] = {
    "debtor_timezones": later("the debtor's time zone: dunning edit-debtor {debtor} --timezone ZONE"),
    "debt_type": later("the kind of debt: add-case --debt-type when the case is opened"),
    "consumer": later("whether the debtor is a consumer: add-case --consumer or --business"),
}


_WEEKDAYS: Final = (later("Mon"), later("Tue"), later("Wed"), later("Thu"), later("Fri"), later("Sat"), later("Sun"))


def verdict_object(verdict: Verdict) -> Json:
    """A verdict as scripts read it."""
    return {
        "answer": "allowed" if verdict.allowed else "blocked",
        "severity": verdict.severity and str(verdict.severity),
        "findings": [_finding(each) for each in verdict.findings],
        "override_reasons": [str(reason) for reason in verdict.override_reasons],
        "allowed_from": _moment(verdict.allowed_from),
        "pack": verdict.pack,
    }


def _finding(finding: Finding) -> Json:
    return {
        "rule": finding.rule,
        "severity": str(finding.severity),
        "strength": str(finding.strength),
        "text": finding.text.en,
        "source": str(finding.source),
        "missing": list(finding.missing),
        "lacks": list(finding.lacks),
        "opens": _moment(finding.opens),
    }


def check_object(found: ContactView) -> Json:
    lease = found.lease
    return {
        "case": found.view.case.case_id,
        "at": found.at.isoformat(),
        **verdict_object(found.verdict),
        "taken_by": lease and lease.collector,
        "taken_until": lease and utc_text(lease.until),
    }


def check_picture(found: ContactView, t: Translator) -> Picture:
    """May I; why not; when."""
    verdict, debtor = found.verdict, found.person or found.view.debtor.debtor_id
    when = local(found.at, verdict.zone, t)
    answer = (
        line(span(t("✓ Allowed"), "good"), t(" at {when}", when=when))
        if verdict.allowed
        else line(span(t("✗ Not allowed"), "bad"), t(" at {when}", when=when))
    )
    parts: list[Picture] = [said(title(found.view, t)), said("  ", answer), *verdict_picture(verdict, debtor, t)]
    if lease := found.lease:
        until = local(lease.until, verdict.zone, t)
        parts.append(said("  ", span(t("Taken by {who} until {when}.", who=lease.collector, when=until), "warn")))
    return Stack((*parts, notice(t)))


def verdict_picture(verdict: Verdict, debtor: int, t: Translator) -> list[Picture]:
    """Each finding in a line with its source, then when it would be allowed and who may go over it."""
    parts: list[Picture] = []
    for sign, style, blocks in (("✗", "bad", True), ("!", "warn", False)):
        found = [each for each in verdict.findings if each.blocks is blocks]
        if found:
            parts.append(bullets([finding_line(each, debtor, t) for each in found], sign, style))
    if not verdict.allowed:
        parts.append(said("  ", _opens(verdict, t)))
        if reasons := verdict.override_reasons:
            named = t(", ").join(f"{each} ({t.word(each, 'override')})" for each in reasons)
            parts.append(said("  ", span(t("May be gone over, with --override: {reasons}", reasons=named), "hint")))
    return parts


def finding_line(finding: Finding, debtor: int, t: Translator) -> Line:
    """`No call after 21:00 in the debtor's time. (12 CFR 1006.6(b)(1); us.hours)`."""
    parts: list[Part] = [finding.text.say(t.lang), span(f" ({finding.source}; {finding.rule})", "faint")]
    if finding.lacks:
        parts.append(t(" It lacks: {what}.", what=t(", ").join(finding.lacks)))
    parts += [span(t(" Unknown: {fact}", fact=_remedy(name, debtor, t)), "hint") for name in finding.missing]
    return line(*parts)


def _opens(verdict: Verdict, t: Translator) -> Line:
    if verdict.allowed_from is None:
        return line(t("No time alone opens it: only a new fact can."))
    return line(t("Allowed from: "), span(local(verdict.allowed_from, verdict.zone, t), "strong"))


def local(moment: datetime, zone: str | None, t: Translator) -> str:
    """`Mon 2025-01-13 08:00 (America/Chicago)`."""
    there = moment.astimezone(ZoneInfo(zone)) if zone else moment
    return f"{t(_WEEKDAYS[there.weekday()])} {there:%Y-%m-%d %H:%M} ({zone or there.strftime('UTC%z')})"


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


# --- a contact that was logged ----------------------------------------------------------------------------------------


def logged_object(after: CaseView, entries: Sequence[Entry], verdict: Verdict | None) -> Json:
    """The case after a contact, and what the rules said of it; nulls where no pack judges the case."""
    judged = verdict_object(verdict) if verdict else dict.fromkeys(("answer", "severity", "allowed_from", "pack"))
    judged.setdefault("findings", [])
    judged.setdefault("override_reasons", [])
    return changed_object(after, entries) | judged


def logged_picture(after: CaseView, entries: Sequence[Entry], verdict: Verdict | None, t: Translator) -> Picture:
    """The change, and below it the rules that stood against the contact."""
    picture = changed_picture(after, entries, t)
    if verdict is None:
        return Stack((picture, said("  ", span(t("No rule pack judges this case; see: dunning rules list"), "hint"))))
    logged = next(entry.what for entry in entries if isinstance(entry.what, ContactLogged))
    debtor = number_of(logged.party) or after.debtor.debtor_id
    parts: list[Picture] = [picture]
    broken = [each for each in verdict.findings if each.blocks and not each.missing]
    warned = [each for each in verdict.findings if not each.blocks]
    if broken:
        parts.append(said("  ", span(t("Against the rules:"), "bad")))
        parts.append(bullets([finding_line(each, debtor, t) for each in broken], "✗", "bad"))
    if warned:
        parts.append(said("  ", span(t("The rules warn:"), "warn")))
        parts.append(bullets([finding_line(each, debtor, t) for each in warned], "!", "warn"))
    unknown = dict.fromkeys(name for each in verdict.findings if each.blocks for name in each.missing)
    parts += [
        said("  ", span(t("Not judged, for want of {fact}", fact=_remedy(name, debtor, t)), "hint")) for name in unknown
    ]
    return Stack(tuple(parts)) if len(parts) > 1 else picture


def _remedy(name: str, debtor: int, t: Translator) -> str:
    """A fact that is missing, and how to give it."""
    return t(_REMEDIES[name], debtor=debtor) if name in _REMEDIES else name
