"""Pictures as plain lines: for pipes, files, and terminals too narrow for anything else.

Nothing is cut or wrapped, columns are two spaces apart, no line ends in blanks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.cells import cell_len

from .pictures import Choice, Column, Facts, Fit, Line, Panel, Picture, Span, Stack, Table, Text, text_of
from .text import clean

GAP = 2


def text(picture: Picture) -> str:
    """The picture as text, each line with its newline."""
    return "".join(f"{text_of(each).rstrip()}\n" for each in layout(picture))


def layout(picture: Picture) -> Iterator[Line]:
    """The picture's lines, still with their styles."""
    match picture:
        case Text(line):
            yield line
        case Table():
            yield from _table(picture)
        case Facts(rows):
            yield from _facts(rows)
        case Panel(title, body):
            yield title
            yield from (_indented(each) for part in body for each in layout(part))
        case Stack(body):
            yield from (each for part in body for each in layout(part))
        case Choice(shapes):
            yield from layout(shapes[0])


def _indented(line: Line, by: int = GAP) -> Line:
    return (Span(" " * by), *line) if line else ()


def _table(table: Table) -> Iterator[Line]:
    titles: tuple[Line, ...] = tuple((Span(column.title, "head"),) for column in table.columns)
    widths = column_widths(table)
    right = [column.right for column in table.columns]
    for row in (titles, *table.rows):
        yield _row(row, widths, right)


def _row(cells: Iterable[Line], widths: list[int], right: list[bool]) -> Line:
    spans: list[Span] = []
    for cell, width, to_the_right in zip(cells, widths, right, strict=True):
        blank = Span(" " * (width - line_width(cell)))
        spans += [blank, *cell] if to_the_right else [*cell, blank]
        spans.append(Span(" " * GAP))
    return _stripped(spans)


def _stripped(spans: list[Span]) -> Line:
    while spans and not spans[-1].text.strip():
        spans.pop()
    return tuple(spans)


def _facts(rows: tuple[tuple[Line, tuple[Picture, ...]], ...]) -> Iterator[Line]:
    width = max((line_width(label) for label, _ in rows), default=0)
    for label, values in rows:
        # The label stands beside the first line of its values, all others are set in by as much.
        first: Line = (*label, Span(" " * (width - line_width(label) + GAP)))
        for each in (line for value in values for line in layout(value)):
            yield (*first, *each) if first else _indented(each, width + GAP)
            first = ()
        if first:
            yield label


def line_width(line: Line) -> int:
    """The terminal cells that a line takes."""
    return sum(cell_len(part.text) for part in line)


def column_widths(table: Table) -> list[int]:
    """The cells that each column takes when nothing is cut."""
    return [
        max(cell_len(column.title), *(line_width(row[place]) for row in table.rows), 0)
        for place, column in enumerate(table.columns)
    ]


def least(column: Column) -> int:
    """The cells down to which a column may be cut or wrapped."""
    return max(column.least, *(cell_len(clean(text)) for text in column.keeps), 0)


def least_width(picture: Picture) -> int:
    """The cells without which a picture would lose something that must not be cut."""
    match picture:
        case Text(line):
            return min(line_width(line), 20)
        case Table(columns):
            full = column_widths(picture)
            widths = [w if c.fit is Fit.NEVER else min(w, least(c)) for c, w in zip(columns, full, strict=True)]
            return sum(widths) + GAP * (len(widths) - 1)
        case Facts(rows):
            labels = max((line_width(label) for label, _ in rows), default=0)
            return labels + GAP + max((least_width(value) for _, values in rows for value in values), default=0)
        case Panel(title, body):
            return 4 + max(min(line_width(title), 20), *(least_width(part) for part in body))
        case Stack(body):
            return max((least_width(part) for part in body), default=0)
        case Choice(shapes):
            return min(least_width(shape) for shape in shapes)
