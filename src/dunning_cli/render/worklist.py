"""Whom to contact next, and why: the list, one case in full, and the chances that were learned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from ..domain.days import utc_text
from ..domain.money import Money
from ..domain.worklist import BUCKETS, ENOUGH_CASES, SEGMENT_FACTORS, Factor
from ..i18n import later
from . import signs
from .changes import title
from .contacts import local, verdict_picture
from .objects import case_object
from .pictures import BLANK, Choice, Column, Fit, Line, Picture, Span, Stack, Table, line, said, span
from .rules import notice
from .text import amount

if TYPE_CHECKING:
    from datetime import datetime, tzinfo

    from ..domain.policies import DunningLevel
    from ..domain.views import LearnedView, RankedCase, WorklistLine
    from ..domain.worklist import Because, Worth
    from ..i18n import Translator

Json = dict[str, Any]

# Factors that make one debtor stand out, as a reason in a few words.
_REASONS: Final[Mapping[Factor, str]] = {
    Factor.PROMISE_DUE: later("promise due {value}"),
    Factor.PROMISE_BROKEN: later("promise broken"),
    Factor.LIMITATION_NEAR: later("deadline {value}"),
}
_CHANCES: Final = (Factor.RECOVERY, Factor.REACH)
_SHOWN_REASONS = 2


# --- JSON and CSV -----------------------------------------------------------------------------------------------------


def line_object(found: WorklistLine) -> Json:
    """A debtor on the worklist. `why` adds up to `worth`, for all the cases together and for each of them."""
    cases = [_case(each) for each in found.cases]
    lease = found.lease
    return {
        "debtor": cases[0]["debtor"],
        "case": found.cases[0].view.case.case_id,
        **_worth(found.worth),
        "allowed": found.allowed,
        "allowed_from": _moment(found.allowed_from),
        "allowed_until": _moment(found.allowed_until),
        "taken_by": lease and lease.collector,
        "taken_until": lease and utc_text(lease.until),
        "cases": [{name: value for name, value in each.items() if name != "debtor"} for each in cases],
    }


def _case(ranked: RankedCase) -> Json:
    verdict = ranked.verdict
    return case_object(ranked.view, brief=True) | {
        **_worth(ranked.worth),
        "allowed": ranked.allowed,
        "allowed_from": _moment(verdict.allowed_from) if verdict else None,
        "rules": [each.rule for each in verdict.findings if each.blocks] if verdict else None,
        "notice": notice_object(ranked.notice),
    }


def notice_object(level: DunningLevel | None) -> Json | None:
    """A notice that is still to be sent."""
    if level is None:
        return None
    return {"level": level.number, "channel": str(level.channel), "template": str(level.template)}


def _worth(found: Worth) -> Json:
    return {
        "worth": thousandths(found.total, 2),
        "why": [
            {
                "factor": str(each.factor),
                "value": _plain(each),
                "contribution": thousandths(each.contribution, 2),
            }
            for each in found.why
        ],
    }


def _plain(each: Because) -> str | int | None:
    if isinstance(each.value, int):
        return thousandths(each.value) if each.factor in _CHANCES else each.value
    return None if each.value is None else str(each.value)


def thousandths(value: int, digits: int = 3) -> str:
    """A whole number of thousandths (or hundredths, with `digits` 2) as a decimal: `0.350`."""
    sign, whole = ("-", -value) if value < 0 else ("", value)
    return f"{sign}{whole // 10**digits}.{whole % 10**digits:0{digits}d}"


def csv_rows(found: WorklistLine, t: Translator) -> list[Json]:
    """A row for each case of a debtor."""
    whole = line_object(found)
    rows = []
    for each, ranked in zip(whole["cases"], found.cases, strict=True):
        rows.append(
            {
                **{name: whole[name] for name in ("allowed_until", "taken_by", "taken_until")},
                **{name: each[name] for name in ("case", "reference", "creditor", "stage", "collector", "currency")},
                **{name: each[name] for name in ("days_overdue", "worth", "allowed_from")},
                "allowed": str(each["allowed"]).lower(),
                "debtor_id": whole["debtor"]["id"],
                "debtor": whole["debtor"]["name"],
                "balance": each["balance"]["total"],
                "reasons": reasons(ranked, t),
            }
        )
    return rows


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


# --- the list ---------------------------------------------------------------------------------------------------------


def worklist_picture(lines: Sequence[WorklistLine], t: Translator, zone: tzinfo) -> Picture:
    """A row for each debtor with their best case, and one for each of their other cases below it. Instants are told in
    `zone`, that of whoever reads the list."""
    if not lines:
        return Stack(
            (
                said(t("Nobody to contact now.")),
                said(span(t("Who may not be contacted now, and when they may: dunning worklist --all"), "hint")),
            )
        )
    count = t("1 debtor") if len(lines) == 1 else t("{count} debtors", count=f"{len(lines):,}")
    return Stack((Choice((_wide(lines, t, zone), _narrow(lines, t, zone))), BLANK, said(count), notice(t)))


def _wide(lines: Sequence[WorklistLine], t: Translator, zone: tzinfo) -> Table:
    columns = (
        Column(t("Case"), right=True),
        Column(t("Reference"), fit=Fit.CUT, least=8),
        Column(t("Debtor"), fit=Fit.CUT, least=10),
        Column(t("Overdue"), right=True),
        Column(t("Balance"), right=True),
        Column(t("Worth"), right=True),
        Column(t("Why"), fit=Fit.WRAP, least=16),
        Column(t("When"), fit=Fit.WRAP, least=16),
    )
    rows = []
    for each in lines:
        for at, ranked in enumerate(each.cases):
            view = ranked.view
            rows.append(
                (
                    line(str(view.case.case_id)),
                    line(view.case.debt.reference or ""),
                    line(view.debtor.name if at == 0 else span("″", "faint")),
                    signs.overdue(view.case.days_overdue(view.as_of), view.case.bucket(view.as_of), t),
                    line(amount(view.case.owed(view.as_of))),
                    line(span(hundredths(ranked.worth.total), "strong" if at == 0 else "")),
                    line(reasons(ranked, t)),
                    line(*_when(each, ranked, t, zone, first=at == 0)),
                )
            )
    return Table(columns, tuple(rows))


def _narrow(lines: Sequence[WorklistLine], t: Translator, zone: tzinfo) -> Table:
    """The same in two rows a case."""
    columns = (
        Column(t("Case"), right=True),
        Column(t("Debtor, why"), fit=Fit.WRAP, least=12),
        Column(t("Reference, when"), fit=Fit.WRAP, least=14),
        Column(t("Overdue"), right=True),
        Column(t("Balance"), right=True),
        Column(t("Worth"), right=True),
    )
    rows: list[tuple[Line, ...]] = []
    for each in lines:
        for at, ranked in enumerate(each.cases):
            view = ranked.view
            case, owed = view.case, view.case.owed(view.as_of)
            rows.append(
                (
                    line(str(case.case_id)),
                    line(view.debtor.name if at == 0 else span("″", "faint")),
                    line(case.debt.reference or "–"),
                    signs.overdue(case.days_overdue(view.as_of), case.bucket(view.as_of), t)[:1],
                    line(amount(owed, False)),
                    line(span(hundredths(ranked.worth.total), "strong" if at == 0 else "")),
                )
            )
            rows.append(
                (
                    (),
                    line(reasons(ranked, t)),
                    line(*_when(each, ranked, t, zone, first=at == 0)),
                    line(t.word(case.bucket(view.as_of), "bucket")),
                    line(owed.currency),
                    (),
                )
            )
    return Table(columns, tuple(rows))


def _when(found: WorklistLine, ranked: RankedCase, t: Translator, zone: tzinfo, *, first: bool) -> list[Span]:
    """When a contact may be made, and whose the debtor is for now."""
    parts = []
    if not ranked.allowed:
        opens = ranked.verdict and ranked.verdict.allowed_from
        text = t("from {when}", when=f"{opens.astimezone(zone):%Y-%m-%d %H:%M}") if opens else t("not by waiting")
        parts.append(span(text, "warn" if opens else "bad"))
    elif first and found.allowed_until:
        parts.append(span(t("until {when}", when=f"{found.allowed_until.astimezone(zone):%H:%M}"), "good"))
    elif first:
        parts.append(span(t("now"), "good"))
    if first and found.lease:
        parts.append(span(t("; taken by {who}", who=found.lease.collector), "warn"))
    return parts


def reasons(ranked: RankedCase, t: Translator) -> str:
    """What is to be done beside the contact, and why a case stands high, in a few words; where nothing stands out, the
    two chances."""
    found = ranked.worth
    telling = [each for each in found.why if each.factor in _REASONS]
    telling.sort(key=lambda each: -each.contribution)
    said_of = [t(_REASONS[each.factor], value=each.value) for each in telling]
    said_of += [
        t("willingness {level}", level=t.word(str(each.value)))
        for each in found.why
        if each.factor is Factor.WILLINGNESS and each.value
    ]
    if not said_of:
        said_of = [
            t("{percent} % to recover", percent=_percent(each))
            if each.factor is Factor.RECOVERY
            else t("{percent} % to reach", percent=_percent(each))
            for each in found.why
            if each.factor in _CHANCES
        ]
    if level := ranked.notice:
        said_of.insert(0, t("{notice} to be sent", notice=t.word(str(level.template), "purpose")))
    return t(", ").join(said_of[:_SHOWN_REASONS])


def _percent(each: Because) -> str:
    """A chance as people say it: 35."""
    return str(each.value // 10) if isinstance(each.value, int) else ""


def hundredths(value: int) -> str:
    """A worth for people: `1,234.56`."""
    whole, _, rest = thousandths(abs(value), 2).partition(".")
    return f"{'-' if value < 0 else ''}{int(whole):,}.{rest}"


# --- one case in full -------------------------------------------------------------------------------------------------


def explained_picture(found: WorklistLine, t: Translator) -> Picture:
    """Every factor with its value and what it adds, what the law says of a contact now, and whose the debtor is."""
    (ranked,) = found.cases
    view = ranked.view
    parts: list[Picture] = [said(title(view, t)), _factors(ranked.worth, t), BLANK]
    verdict = ranked.verdict
    if view.case.hold:
        parts.append(said("  ", span(t("On hold: it is on no worklist."), "warn")))
    if level := ranked.notice:
        parts.append(said("  ", _notice(level, view.case.case_id, t)))
    if verdict is None:
        parts.append(said("  ", span(t("No rule pack judges this case; see: dunning rules list"), "hint")))
    elif verdict.allowed:
        until = t(" until {when}", when=local(found.allowed_until, verdict.zone, t)) if found.allowed_until else ""
        parts.append(said("  ", span(t("✓ Allowed"), "good"), until))
    else:
        parts.append(said("  ", span(t("✗ Not allowed"), "bad")))
        parts += verdict_picture(verdict, view.debtor.debtor_id, t)
    if found.lease:
        until = local(found.lease.until, verdict.zone if verdict else None, t)
        parts.append(said("  ", t("Taken by {who} until {when}.", who=found.lease.collector, when=until)))
    return Stack((*parts, notice(t)))


def _notice(level: DunningLevel, case: int, t: Translator) -> Line:
    """The notice that is still to be sent, and how."""
    what = t(
        "The notice of level {level} is to be sent: {template} by {channel}",
        level=level.number,
        template=t.word(str(level.template), "purpose"),
        channel=t.word(str(level.channel), "channel"),
    )
    return line(span(what, "warn"), span(f" (dunning send-notice {case})", "hint"))


def _factors(found: Worth, t: Translator) -> Table:
    columns = (Column(t("Factor")), Column(t("Value"), right=True), Column(t("Adds"), right=True))
    rows = [
        (
            line(t.word(each.factor, "factor")),
            line(_value(each, t)),
            line(hundredths(each.contribution)),
        )
        for each in found.why
    ]
    rows.append((line(span(t("Worth"), "strong")), (), line(span(hundredths(found.total), "strong"))))
    return Table(columns, tuple(rows))


def _value(each: Because, t: Translator) -> str:
    match each.factor:
        case Factor.RECOVERY | Factor.REACH:
            return f"{_percent(each)} %"
        case Factor.WILLINGNESS:
            return t.word(str(each.value)) if each.value else t("unknown")
        case Factor.DAYS_OVERDUE:
            return t("{days} days", days=each.value)
        case Factor.PROMISE_BROKEN:
            return t("plan {number}", number=each.value)
        case _:
            return amount(each.value) if isinstance(each.value, Money) else str(each.value)


def taken_picture(lines: Sequence[WorklistLine], t: Translator, zone: tzinfo, *, cut: bool) -> Picture:
    """The debtor who was taken, and how to give them back."""
    if not lines:
        if cut:
            return said(t("Others were quicker each time; take again."))
        return Stack(
            (
                said(t("Nobody to take now.")),
                said(span(t("Only your own cases and those of nobody count. See all: dunning worklist --all"), "hint")),
            )
        )
    (found,) = lines
    assert found.lease is not None  # noqa: S101  it was taken
    until = f"{found.lease.until.astimezone(zone):%H:%M}"
    return Stack(
        (
            said(span(t("Taken for {who} until {when}", who=found.lease.collector, when=until), "good")),
            Choice((_wide(lines, t, zone), _narrow(lines, t, zone))),
            BLANK,
            said(span(t("Log what came of it, or give them back: dunning worklist --release"), "hint")),
            notice(t),
        )
    )


# --- what was learned -------------------------------------------------------------------------------------------------


def learned_object(found: LearnedView) -> Json:
    """The chances of recovery by bucket and segment, and where each comes from."""
    chances = found.chances
    return {
        "version": chances.version,
        "ranked": found.ranked,
        "chances": [
            {
                "bucket": bucket,
                "segment": segment,
                "chance": thousandths(chances.of(bucket, segment)),
                "cases": own.cases if (own := chances.learned.get((bucket, segment))) else 0,
                "learned": bool(own and own.cases >= ENOUGH_CASES),
            }
            for bucket in BUCKETS
            for segment in SEGMENT_FACTORS
        ],
    }


def learned_picture(found: LearnedView, t: Translator) -> Picture:
    """What one's own cases say where there are enough, beside the table."""
    rows = [each for each in learned_object(found)["chances"] if each["cases"]]
    parts: list[Picture] = []
    if rows:
        columns = (
            Column(t("Bucket")),
            Column(t("Segment")),
            Column(t("Cases"), right=True),
            Column(t("Recovered"), right=True),
            Column(t("Counts")),
        )
        shown = tuple(
            (
                line(t.word(each["bucket"], "bucket")),
                line(t.word(each["segment"], "segment")),
                line(f"{each['cases']:,}"),
                line(f"{found.chances.learned[each['bucket'], each['segment']].chance // 10} %"),
                line(t("yes") if each["learned"] else t("no: fewer than {count} cases", count=ENOUGH_CASES)),
            )
            for each in rows
        )
        parts += [Table(columns, shown), BLANK]
    else:
        parts.append(said(t("No closed case tells anything yet: the built-in table counts.")))
    parts.append(said(t("{count} cases ranked anew.", count=f"{found.ranked:,}")))
    return Stack(tuple(parts))
