"""The table of moves, for a terminal, for the manual, and as drawings. All of it is read from `MOVES` and `GUARDS`."""

from __future__ import annotations

from typing import Any, Final

from ..domain.stages import GUARDS, MOVES, PLACES, Move
from ..i18n import Translator, later
from . import signs
from .pictures import BLANK, Column, Fit, Line, Picture, Stack, Table, line, said, span


def moves_table(t: Translator) -> Picture:
    """Every move with what it needs, and below what each need asks for."""
    columns = (
        Column(t("From")),
        Column(t("Event")),
        Column(t("To")),
        Column(t("Needs"), fit=Fit.WRAP, least=20),
    )
    rows = tuple(_row(move, t) for move in MOVES)
    needs = Table(
        (Column(t("Need")), Column(t("What satisfies it"), fit=Fit.WRAP, least=30)),
        tuple((line(t.word(name, "guard")), line(asks(name, t))) for name in GUARDS),
    )
    return Stack((Table(columns, rows), BLANK, needs, BLANK, said(span(t(_FIRST_ROW), "faint"))))


_FIRST_ROW: Final = later("Where an event has several rows from one stage, the first whose needs are met is taken.")


def _row(move: Move, t: Translator) -> tuple[Line, ...]:
    return (
        line(signs.stage(move.source, t)),
        line(t.word(move.event, "event")),
        line(signs.stage(move.target, t)),
        line(t.words(move.needs, "guard")),
    )


def asks(guard: str, t: Translator) -> str:
    """What satisfies a guard, as a rule: the limits are called as in the policy, the case's own numbers left out."""
    rule = t(GUARDS[guard].needs).partition(t("; "))[0]
    return rule.replace(" {currency}", "").format_map(_Names())


class _Names(dict[str, str]):
    """Fills every place with its own name."""

    def __missing__(self, name: str) -> str:
        return name


def mermaid() -> str:
    """The moves as a Mermaid state diagram."""
    lines = ["stateDiagram-v2", f"    [*] --> {PLACES[0]}"]
    lines += [f"    {move.source} --> {move.target}: {move.event}" for move in MOVES]
    return "\n".join(lines) + "\n"


def as_markdown() -> str:
    """The table of moves and the list of needs for the manual, with the diagram."""
    t = Translator()
    rows = [
        f"| {move.source} | {move.event} | {move.target} | {', '.join(f'`{name}`' for name in move.needs) or '–'} |"
        for move in MOVES
    ]
    needs = [f"| `{name}` | {asks(name, t)} |" for name in GUARDS]
    return "\n".join(
        [
            "| from | event | to | needs |",
            "| --- | --- | --- | --- |",
            *rows,
            "",
            _FIRST_ROW,
            "",
            "| need | what satisfies it |",
            "| --- | --- |",
            *needs,
            "",
            "```mermaid",
            mermaid().rstrip(),
            "```",
            "",
        ]
    )


def moves_object() -> dict[str, Any]:
    """The table of moves and what each guard asks for, for scripts."""
    moves = [{"event": str(m.event), "from": str(m.source), "to": str(m.target), "needs": list(m.needs)} for m in MOVES]
    return {"moves": moves, "guards": {name: asks(name, Translator()) for name in GUARDS}}


def drawing(t: Translator | None = None) -> str:
    """The stages and their moves drawn in plain text, not wider than 80 columns."""
    from .drawing import draw  # noqa: PLC0415  it measures with Rich, which `stages --json` must not load

    return draw(t or Translator())


def stages_picture(t: Translator) -> Picture:
    """The drawing above the table."""
    return Stack((*(said(row) for row in drawing(t).splitlines()), BLANK, moves_table(t)))
