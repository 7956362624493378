"""What check-overdue did: a picture for a person, one quiet line for cron."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from .pictures import BLANK, Column, Picture, Span, Stack, Table, line, said, span

if TYPE_CHECKING:
    from ..domain.views import SweepSummary
    from ..i18n import Translator

_BAR = 24  # cells of the longest bar


def sweep_picture(done: SweepSummary, t: Translator, dry_run: bool = False) -> Stack:
    """The numbers of a run, a bar for each kind of entry, the moves, and what failed."""
    title = t("Check of {day}", day=done.as_of)
    if dry_run:
        title = t("Check of {day} (nothing was written)", day=done.as_of)
    parts: list[Picture] = [said(span(title, "title")), said(_numbers(done, t))]
    if not done.entries and not done.failed:
        parts.append(said(span(t("Nothing was due."), "good")))
    if done.entries:
        parts += [BLANK, _bars(t("What was written"), _words(done.entries, "kind", t), t)]
    if done.moved:
        parts += [BLANK, _bars(t("Moves"), _moves(done.moved, t), t)]
    if done.failed:
        parts += [BLANK, _failed(done, t)]
    return Stack(tuple(parts))


def sweep_line(done: SweepSummary, t: Translator) -> str:
    """All of it on one line."""
    return t("{day}: {numbers}", day=done.as_of, numbers=_numbers(done, t))


def _numbers(done: SweepSummary, t: Translator) -> str:
    return t(
        "{reviewed} reviewed, {changed} changed, {moved} moved, {failed} failed, {seconds} s",
        reviewed=f"{done.reviewed:,}",
        changed=f"{done.changed:,}",
        moved=f"{done.moved.total():,}",
        failed=f"{len(done.failed):,}",
        seconds=f"{done.seconds:.1f}",
    )


def _words(counts: Counter[str], of: str, t: Translator) -> Counter[str]:
    return Counter({t.word(kind, of): n for kind, n in counts.items()})


def _moves(moved: Counter[str], t: Translator) -> Counter[str]:
    return Counter({" → ".join(t.word(p, "stage") for p in move.split(">")): n for move, n in moved.items()})


def _bars(title: str, counts: Counter[str], t: Translator) -> Table:
    """The most frequent first; whatever happened at all has a bar of one cell at least."""
    most = max(counts.values())
    rows = tuple(
        (
            line(word),
            line(f"{n:,}"),
            (Span("█" * max(1, n * _BAR // most), "hint"),),
        )
        for word, n in counts.most_common()
    )
    return Table((Column(title), Column(t("Count"), right=True), Column("")), rows)


def _failed(done: SweepSummary, t: Translator) -> Table:
    rows = tuple((line(_number(each["case"])), line(span(str(each["error"]), "bad"))) for each in done.failed)
    return Table((Column(t("Failed case"), right=True), Column(t("Error"))), rows)


def _number(case: object) -> str:
    """The number of a case; nothing where it is not known which cases they are."""
    return "" if case is None else str(case)
