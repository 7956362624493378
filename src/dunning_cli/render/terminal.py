"""Pictures as Rich draws them on a terminal: boxes, colours, names cut to what fits."""

from __future__ import annotations

from typing import Final

from rich import box
from rich.console import Console, Group, RenderableType
from rich.panel import Panel as RichPanel
from rich.table import Table as RichTable
from rich.text import Text as RichText

from .pictures import Choice, Column, Facts, Fit, Line, Panel, Picture, Span, Stack, Table, Text
from .plain import GAP, layout, least, least_width, line_width

STYLES: Final[dict[str, str]] = {
    "title": "bold not dim",
    "head": "bold",
    "label": "dim",
    "faint": "dim",
    "strong": "bold",
    "good": "green",
    "warn": "yellow",
    "bad": "bold red",
    "hint": "cyan",
    "void": "dim strike",
    "here": "bold reverse",
    "contact": "cyan",
    "negotiation": "yellow",
    "monitoring": "green",
    "legal": "magenta",
    "closed": "dim",
}


def draw(picture: Picture, console: Console) -> None:
    """Print a picture; where even its narrowest shape does not fit, as plain lines that the terminal itself wraps."""
    if least_width(picture) <= console.width:
        console.print(renderable(picture, console.width))
        return
    for line in layout(picture):
        console.print(styled(line), soft_wrap=True)


def styled(line: Line) -> RichText:
    """A line as Rich text. It is never read as markup."""
    text = RichText(overflow="fold")
    for part in line:
        text.append(part.text, " ".join(STYLES[word] for word in part.style.split()))
    return text


def renderable(picture: Picture, width: int) -> RenderableType:
    """What Rich prints for a picture on so many cells."""
    match picture:
        case Text(line):
            return styled(line)
        case Table():
            return _table(picture)
        case Facts(rows):
            return _facts(rows, width)
        case Panel(title, body):
            inner = (renderable(part, width - 4) for part in body)
            heading = styled(title)
            heading.overflow = "ellipsis"
            return RichPanel(Group(*inner), title=heading, title_align="left", border_style="dim")
        case Stack(body):
            return Group(*(renderable(part, width) for part in body))
        case Choice(shapes):
            fitting = (shape for shape in shapes if least_width(shape) <= width)
            return renderable(next(fitting, shapes[-1]), width)


def _table(table: Table) -> RichTable:
    # Rich sets cells one blank, a divider of one, and the next cell: two cells apart, as in plain text.
    drawn = RichTable(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, 1, 0, 0), header_style="")
    for column in table.columns:
        drawn.add_column(
            styled((Span(column.title, "head"),)),
            justify="right" if column.right else "left",
            no_wrap=column.fit is Fit.NEVER,
            min_width=None if column.fit is Fit.NEVER else least(column),
        )
    for row in table.rows:
        drawn.add_row(*(_cell(cell, column) for cell, column in zip(row, table.columns, strict=True)))
    return drawn


def _cell(line: Line, column: Column) -> RichText:
    cell = styled(line)
    if column.fit is not Fit.WRAP:
        # Set on the cell and not on the column: Rich then takes from this column before it takes from the others.
        cell.no_wrap, cell.overflow = True, "ellipsis"
    return cell


def _facts(rows: tuple[tuple[Line, tuple[Picture, ...]], ...], width: int) -> RichTable:
    grid = RichTable.grid(padding=(0, GAP, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    labels = max((line_width(label) for label, _ in rows), default=0)
    for label, values in rows:
        grid.add_row(styled(label), Group(*(renderable(value, width - labels - GAP) for value in values)))
    return grid
