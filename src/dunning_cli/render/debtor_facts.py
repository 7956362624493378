"""Facts with a life: what they are, what they forbid and lift, and until when."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..domain.entries import Channel
from . import masks
from .contacts import local
from .pictures import Column, Fit, Line, Part, Picture, Stack, Table, bullets, line, said, span

if TYPE_CHECKING:
    from datetime import datetime

    from ..domain.compliance.effects import Effect
    from ..domain.debtors import FactField
    from ..domain.views import FactLogged, FactView
    from ..i18n import Translator

Json = dict[str, Any]

_PRIVATE = ("to", "address")


def fact_object(view: FactView, *, reveal: bool = False) -> Json:
    """A fact as scripts read it; what it does is null where no rule pack judges it."""
    fact, effects = view.fact, view.effects
    return {
        "seq": fact.seq,
        "fact": fact.fact,
        "at": fact.on,
        "ended": fact.ended,
        "cases": list(fact.cases),
        "fields": {each.name: _shown(each, reveal) for each in fact.fields},
        "holds": effects and effects.holds,
        "until": _moment(effects.until) if effects else None,
        "forbids": [_effect(each) for each in effects.forbids] if effects else [],
        "lifts": [_effect(each) for each in effects.lifts] if effects else [],
        "at_times": [each.rule for each in effects.at_times] if effects else [],
        "pack": view.pack,
    }


def _effect(effect: Effect) -> Json:
    finding = effect.finding
    return {
        "rule": finding.rule,
        "text": finding.text.en,
        "source": str(finding.source),
        "severity": str(finding.severity),
        "channels": [str(channel) for channel in effect.channels],
        "until": _moment(effect.until),
    }


def _shown(field: FactField, reveal: bool) -> str:
    return field.value if reveal or field.name not in _PRIVATE else masks.contact_address(field.value)


def _moment(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def logged_object(done: FactLogged) -> Json:
    return {
        "debtor": done.debtor.debtor_id,
        "case": done.case_id,
        "recorded": not done.ended,
        **fact_object(done.fact),
        "held": list(done.held),
        "released": list(done.released),
        "entries": done.debtor.seq,
    }


def logged_picture(done: FactLogged, t: Translator) -> Picture:
    """What was recorded or ended, what it does now, and which cases were held or released for it."""
    fact = done.fact.fact
    name = t.word(fact.fact, "fact")
    first = (
        t("Ended: {fact} (fact {seq} of debtor {debtor})", fact=name, seq=fact.seq, debtor=done.debtor.debtor_id)
        if done.ended
        else t(
            "Recorded: {fact} (fact {seq} of debtor {debtor})", fact=name, seq=fact.seq, debtor=done.debtor.debtor_id
        )
    )
    lines: list[Part] = [first]
    if done.held:
        lines.append(t("Put on hold: case {cases}", cases=", ".join(map(str, done.held))))
    if done.released:
        lines.append(t("Released from hold: case {cases}", cases=", ".join(map(str, done.released))))
    parts: list[Picture] = [bullets(lines, "✓")]
    if not done.ended:
        parts += _does(done.fact, t)
    return Stack(tuple(parts))


def _does(view: FactView, t: Translator) -> list[Picture]:
    if view.effects is None:
        return [said("  ", span(t("No rule pack judges this case; see: dunning rules list"), "hint"))]
    lines = effect_lines(view, t)
    if not lines:
        return [said("  ", span(t("It forbids and lifts nothing now under {pack}.", pack=view.pack), "hint"))]
    return [bullets(lines, "→")]


def effect_lines(view: FactView, t: Translator) -> list[Line]:
    """What a fact does, a line a rule."""
    effects = view.effects
    if effects is None:
        return []
    found = [_line(each, effects.zone, t("forbids"), "bad", t) for each in effects.forbids]
    found += [_line(each, effects.zone, t("lifts"), "good", t) for each in effects.lifts]
    found += [
        line(span(t("forbids"), "bad"), " ", t("at these times: {text}", text=rule.text.say(t.lang)))
        for rule in effects.at_times
        if all(rule.rule != each.finding.rule for each in effects.forbids)
    ]
    return found


def _line(effect: Effect, zone: str | None, word: str, style: str, t: Translator) -> Line:
    """`forbids call, text until Mon 2025-02-01 00:00 (Asia/Shanghai): No call … (source)`."""
    finding = effect.finding
    channels = t(", ").join(t.word(channel, "channel") for channel in effect.channels)
    if len(effect.channels) == len(Channel):
        channels = t("every contact")
    until = t(" until {when}", when=local(effect.until, zone, t)) if effect.until else ""
    return line(
        span(word, style), f" {channels}{until}: {finding.text.say(t.lang)}", span(f" ({finding.source})", "faint")
    )


def summary_lines(view: FactView, t: Translator) -> list[Line]:
    """A fact in a line, and what it does in lines below."""
    fact = view.fact
    until = fact.field("until") or fact.field("valid_on")
    since = t("since {when}", when=_day(fact.on))
    ends = t(" until {when}", when=_day(until)) if until else ""
    head = line(span(t.word(fact.fact, "fact"), "strong"), f" ({fact.seq}), {since}{ends}")
    return [head, *(line("  ", each) for each in effect_lines(view, t))]


def facts_table(views: Sequence[FactView], t: Translator, reveal: bool = False) -> Table:
    """The facts of a debtor, each with its life and what it does."""
    columns = (
        Column(t("No.")),
        Column(t("Fact")),
        Column(t("From")),
        Column(t("Until")),
        Column(t("What it does"), fit=Fit.WRAP, least=24),
    )
    return Table(columns, tuple(_row(view, t, reveal) for view in views))


def _row(view: FactView, t: Translator, reveal: bool) -> tuple[Line, ...]:
    fact, effects = view.fact, view.effects
    style = "" if effects is None or effects.holds else "faint"
    fields = [f"{each.name} {_shown(each, reveal)}" for each in fact.fields if each.name not in ("at", "until")]
    cases = t("case {cases}", cases=", ".join(map(str, fact.cases))) if fact.cases else t("all cases")
    does = [line(span(", ".join((cases, *fields)), "faint"))]
    does += effect_lines(view, t)
    return (
        line(str(fact.seq)),
        line(span(t.word(fact.fact, "fact"), style)),
        line(_day(fact.on)),
        line(_day(fact.ended or fact.field("until") or fact.field("valid_on") or "")),
        line(*(part for place, each in enumerate(does) for part in ("; " if place else "", each))),
    )


def _day(text: str) -> str:
    return text[:16].replace("T", " ")
