"""The four stages and their moves drawn in plain text: a column for each place, an arrow for each move."""

from __future__ import annotations

from rich.cells import cell_len

from ..domain.stages import MOVES, PLACES, Place
from ..i18n import Translator

_GAP = 18  # cells from one column to the next
_MARGIN = 4  # cells before the first column's line
_WIDTH = _MARGIN + _GAP * (len(PLACES) - 1) + 1


def draw(t: Translator) -> str:
    """The drawing, not wider than 80 columns. It is made from the table of moves, so it cannot differ from it."""
    rows = [_heads(t), _rails()]
    for (source, target), events in _pairs().items():
        words = [t.word(event, "event") for event in events]
        rows += [_arrow(source, target, label) for label in _labels(words, source, target, t)]
    return "".join(f"{row.rstrip()}\n" for row in (*rows, _rails()))


def _pairs() -> dict[tuple[Place, Place], list[str]]:
    """The events that lead from one place to another, each once, in the order of the table."""
    found: dict[tuple[Place, Place], list[str]] = {}
    for move in MOVES:
        events = found.setdefault((move.source, move.target), [])
        if move.event not in events:
            events.append(str(move.event))
    return found


def _column(place: Place) -> int:
    return _MARGIN + _GAP * PLACES.index(place)


def _heads(t: Translator) -> str:
    """The names of the places, each in the middle over its line."""
    row = ""
    for place in PLACES:
        name = t.word(place, "stage")
        row += " " * (_column(place) - cell_len(name) // 2 - cell_len(row)) + name
    return row


def _rails() -> str:
    return "".join("│" if cell in map(_column, PLACES) else " " for cell in range(_WIDTH))


def _labels(words: list[str], source: Place, target: Place, t: Translator) -> list[str]:
    """The words on one arrow where they fit on it, else each on an arrow of its own."""
    room = abs(_column(target) - _column(source)) - 5
    together = t(", ").join(words)
    return [together] if source != target and cell_len(together) <= room else words


def _arrow(source: Place, target: Place, label: str) -> str:
    start, end = _column(source), _column(target)
    if start == end:
        arrow, left = f"├─ {label} ↺", start
    else:
        left = min(start, end)
        shaft = _shaft(label, abs(end - start) - 2)
        arrow = f"├{shaft}▶" if start < end else f"◀{shaft}┤"
        # The head of an arrow stands beside the line it points to, its tail on the line it leaves.
        left += start > end
    return _over(_rails(), left, arrow)


def _shaft(label: str, length: int) -> str:
    """The label in the middle of a line of so many cells, with a blank on each side where there is room."""
    spaced = f" {label} " if cell_len(label) + 2 <= length else label
    rest = length - cell_len(spaced)
    return "─" * (rest // 2) + spaced + "─" * (rest - rest // 2)


def _over(row: str, at: int, what: str) -> str:
    """A row of single cells with something written over it."""
    return row[:at] + what + row[at + cell_len(what) :]
