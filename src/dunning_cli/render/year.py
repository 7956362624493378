"""A simulated year: a picture for people, and its figures for scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ..domain.days import BUCKETS
from ..domain.money import Money
from ..domain.stages import CLOSED, PLACES, Stage
from .pictures import BLANK, Choice, Column, Line, Picture, Span, Stack, Table, Text, bullets, line, said, span
from .text import amount, percent_text

if TYPE_CHECKING:
    from collections import Counter

    from ..domain.views import Simulated
    from ..domain.year import Month, Year
    from ..i18n import Translator

_BAR: Final = 21  # cells of the longest bar
_REST: Final = 12  # cells of the longest bar beside the amounts of four currencies
_FILLS: Final = {Stage.CONTACT: "░", Stage.NEGOTIATION: "▒", Stage.MONITORING: "▓", Stage.LEGAL: "█", CLOSED: "·"}


def year_picture(done: Simulated, t: Translator) -> Stack:
    """The year as a manager would look back on it."""
    year = done.year
    parts: list[Picture] = [_head(done, t)]
    if year.cases:
        parts += [BLANK, _stages(year, t), _legend(t)]
        parts += [BLANK, _months(year, t), BLANK, _currencies(year, t)]
    if year.ageing:
        parts += [BLANK, _ageing(year, t)]
    parts += [BLANK, _ends(done, t)]
    return Stack(tuple(parts))


def further(database: str, longest: int, t: Translator) -> Stack:
    """The commands to look further, where the database was kept. They are typed as they stand."""
    commands = (
        f"export DUNNING_DB={database} DUNNING_NOW=2026-01-01T09:00:00+00:00 DUNNING_TIMEZONE=Europe/London",
        "dunning list-cases --sort balance --limit 10",
        "dunning worklist --limit 10",
        f"dunning timeline {longest}",
        "dunning check-overdue --until 2026-02-01",
        "dunning audit verify",
    )
    title = said(span(t("Look further:"), "title"))
    return Stack((BLANK, title, *(said("  ", span(each, "hint")) for each in commands)))


def _head(done: Simulated, t: Translator) -> Stack:
    year, played = done.year, done.played
    numbers = t(
        "{cases} cases of {debtors} debtors · {nights} nightly runs · {entries} entries in {seconds} s",
        cases=f"{year.cases:,}",
        debtors=f"{done.debtors:,}",
        nights=played.nights,
        entries=f"{year.entries:,}",
        seconds=f"{done.seconds:.1f}",
    )
    title = t("A simulated year, {first} to {last}", first=year.first, last=year.last)
    return Stack((said(span(title, "title")), said(numbers)))


# --- month by month ---------------------------------------------------------------------------------------------------


def _stages(year: Year, t: Translator) -> Table:
    """Where the cases stood at the end of each month."""
    columns = (
        Column(t("End of")),
        *(Column(t.word(place, "stage"), right=True) for place in PLACES),
        Column(""),
    )
    most = max(month.places.total() for month in year.months)
    return Table(columns, tuple(_stages_row(month, most) for month in year.months))


def _stages_row(month: Month, most: int) -> tuple[Line, ...]:
    counts = tuple(line(f"{month.places[place]:,}" if month.places[place] else "-") for place in PLACES)
    return (line(month.name), *counts, _stacked(month.places, most))


def _stacked(places: Counter[str], most: int) -> Line:
    """A bar in parts: each ends where all up to it end, so that no rounding adds up."""
    spans, done, end = [], 0, 0
    for place in PLACES:
        done += places[place]
        start, end = end, round(done * _BAR / most)
        spans.append(Span(_FILLS[place] * (end - start), str(place)))
    return tuple(spans)


def _legend(t: Translator) -> Text:
    parts = (part for place in PLACES for part in (Span(_FILLS[place], str(place)), f" {t.word(place, 'stage')}  "))
    return said(*parts)


def _months(year: Year, t: Translator) -> Table:
    """What came in, and what became of plans."""
    columns = (
        Column(t("Recovered")),
        *(Column(currency, right=True) for currency in year.currencies),
        Column(t("Agreed"), right=True),
        Column(t("Kept"), right=True),
        Column(t("Broken"), right=True),
    )
    rows = [
        (
            line(month.name),
            *(line(_amount(month.recovered[currency], currency)) for currency in year.currencies),
            *(line(str(count or "-")) for count in (month.agreed, month.kept, month.broken)),
        )
        for month in year.months
    ]
    plans = (sum(getattr(month, name) for month in year.months) for name in ("agreed", "kept", "broken"))
    total = (
        line(span(t("Total"), "strong")),
        *(line(span(_amount(year.sums[code].recovered, code), "strong")) for code in year.currencies),
        *(line(span(f"{count:,}", "strong")) for count in plans),
    )
    return Table(columns, (*rows, total))


def _currencies(year: Year, t: Translator) -> Choice:
    """What came back of what was claimed, and what a contact brought; on a narrow terminal without their number."""
    return Choice((_currency_table(year, t, wide=True), _currency_table(year, t, wide=False)))


def _currency_table(year: Year, t: Translator, *, wide: bool) -> Table:
    columns = (
        Column(t("Currency")),
        Column(t("Cases"), right=True),
        Column(t("Claimed"), right=True),
        Column(t("Recovered"), right=True),
        Column("%", right=True),
        *((Column(t("Contacts"), right=True),) if wide else ()),
        Column(t("Per contact"), right=True),
        Column(t("Cost of 100"), right=True),
    )
    rows = tuple(
        (
            line(sums.currency),
            line(f"{sums.cases:,}"),
            line(_amount(sums.principal, sums.currency)),
            line(_amount(sums.recovered, sums.currency)),
            line(percent_text(sums.share)),
            *((line(f"{sums.contacts:,}"),) if wide else ()),
            line(_money(sums.per_contact)),
            line(_money(sums.cost_of_100)),
        )
        for sums in (year.sums[code] for code in year.currencies)
    )
    return Table(columns, rows)


def _ageing(year: Year, t: Translator) -> Table:
    """The open cases at the end, by how long they are overdue."""
    columns = (
        Column(t("Overdue")),
        Column(t("Cases"), right=True),
        *(Column(currency, right=True) for currency in year.currencies),
        Column(""),
    )
    most = max(aged.cases for aged in year.ageing.values())
    rows = [
        (
            line(t.word(name, "bucket")),
            line(f"{aged.cases:,}"),
            *(line(_amount(aged.owed[code], code)) for code in year.currencies),
            (Span("█" * max(1, aged.cases * _REST // most), "hint"),),
        )
        for name in BUCKETS
        if (aged := year.ageing.get(name))
    ]
    return Table(columns, tuple(rows))


def _ends(done: Simulated, t: Translator) -> Stack:
    """How cases ended, what was refused, and that the journals hold."""
    year, played = done.year, done.played
    lines = []
    if year.outcomes:
        ends = (f"{t.word(name, 'outcome')} {count:,}" for name, count in year.outcomes.most_common())
        lines.append(t("Closed: {ends}", ends=t(", ").join(ends)))
    law = sum(month.refused for month in year.months)
    lines.append(t("Contacts that the law did not allow, and that were not made: {count}", count=f"{law:,}"))
    if played.by_stage:
        steps = (f"{t.word(name, 'event')} {count:,}" for name, count in played.by_stage.most_common())
        lines.append(t("Steps that the stage table refused: {steps}", steps=t(", ").join(steps)))
    if played.otherwise:
        lines.append(t("Steps that were refused otherwise: {count}", count=f"{played.otherwise:,}"))
    mark = span(t("The journals hold together."), "good") if done.sound else span(t("A journal is broken."), "bad")
    same = t(
        "The same seed ({seed}) gives the same year, to the last digest: {digest}…",
        seed=done.seed,
        digest=done.fingerprint[:16],
    )
    return Stack((bullets(lines), BLANK, said(mark), said(span(same, "faint"))))


def _amount(minor: int, currency: str) -> str:
    return amount(Money(minor, currency), False) if minor else "-"


def _money(money: Money | None) -> str:
    return amount(money, False) if money else "-"


# --- for scripts ------------------------------------------------------------------------------------------------------


def year_object(done: Simulated, kept: str | None) -> dict[str, Any]:
    """The figures of the year. Amounts are strings in major units, beside their currency."""
    year, played = done.year, done.played
    return {
        "seed": done.seed,
        "first": year.first.isoformat(),
        "last": year.last.isoformat(),
        "cases": year.cases,
        "debtors": done.debtors,
        "entries": year.entries,
        "months": [_month_object(month) for month in year.months],
        "currencies": [_sums_object(year, code) for code in year.currencies],
        "ageing": [
            {"bucket": name, "cases": aged.cases, "owed": _amounts(aged.owed)}
            for name in BUCKETS
            if (aged := year.ageing.get(name))
        ],
        "outcomes": dict(sorted(year.outcomes.items())),
        "refused": {
            "by_law": sum(month.refused for month in year.months),
            "by_stage": dict(sorted(played.by_stage.items())),
            "otherwise": played.otherwise,
        },
        "nights": {
            "runs": played.nights,
            "reviewed": played.reviewed,
            "changed": played.changed,
            "failed": played.failed,
        },
        "sound": done.sound,
        "fingerprint": done.fingerprint,
        "kept": kept,
    }


def _month_object(month: Month) -> dict[str, Any]:
    return {
        "month": month.name,
        "opened": month.opened,
        "stages": {str(place): month.places[place] for place in PLACES},
        "outcomes": dict(sorted(month.outcomes.items())),
        "recovered": _amounts(month.recovered),
        "contacts": month.contacts,
        "refused": month.refused,
        "plans": {"agreed": month.agreed, "kept": month.kept, "broken": month.broken},
    }


def _sums_object(year: Year, code: str) -> dict[str, Any]:
    sums = year.sums[code]
    return {
        "currency": code,
        "cases": sums.cases,
        "principal": str(sums.money(sums.principal)),
        "recovered": str(sums.money(sums.recovered)),
        "share": percent_text(sums.share),
        "owed": str(sums.money(sums.owed)),
        "contacts": sums.contacts,
        "cost": str(sums.money(sums.spent)),
        "per_contact": _text(sums.per_contact),
        "cost_of_100": _text(sums.cost_of_100),
    }


def _text(money: Money | None) -> str | None:
    return None if money is None else str(money)


def _amounts(minor: Counter[str]) -> list[dict[str, str]]:
    """Amounts by currency, those that are nothing left out."""
    return [{"currency": code, "amount": str(Money(value, code))} for code, value in sorted(minor.items()) if value]
