"""What is to be shown, before it is known where: lines, facts, tables, panels, as plain data.

Every text enters a picture through `span`, which makes it harmless, so that no name, note or reference can reach a
terminal as anything but text. `plain` and `terminal` draw pictures; the modules that make them import neither. (Named
tuples and not dataclasses: they are made faster when the program starts.)
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import NamedTuple, TypeAlias

from .text import clean


class Span(NamedTuple):
    """Text in one style; styles are words of `terminal.STYLES`, several with spaces between."""

    text: str
    style: str = ""


Line: TypeAlias = tuple[Span, ...]
Part: TypeAlias = "str | Span | Line"


def span(text: str, style: str = "") -> Span:
    return Span(clean(text), style)


def line(*parts: Part) -> Line:
    """One line of the given parts: plain strings, spans, other lines."""
    spans: list[Span] = []
    for part in parts:
        if isinstance(part, str):
            spans.append(span(part))
        elif isinstance(part, Span):
            spans.append(part)
        else:
            spans.extend(part)
    return tuple(spans)


def text_of(parts: Line) -> str:
    return "".join(part.text for part in parts)


class Fit(Enum):
    """What a column does where a terminal is too narrow: nothing (ids, amounts, dates), cut with …, or wrap."""

    NEVER = "never"
    CUT = "cut"
    WRAP = "wrap"


class Column(NamedTuple):
    """`least` is the width down to which the column may be cut or wrapped, but never so far that `keeps` is cut."""

    title: str
    right: bool = False
    fit: Fit = Fit.NEVER
    least: int = 8
    keeps: tuple[str, ...] = ()


class Text(NamedTuple):
    """A line that wraps on a terminal."""

    line: Line = ()


class Table(NamedTuple):
    columns: tuple[Column, ...]
    rows: tuple[tuple[Line, ...], ...]


class Facts(NamedTuple):
    """Labels with what is to be said under each, side by side."""

    rows: tuple[tuple[Line, tuple[Picture, ...]], ...]


class Panel(NamedTuple):
    title: Line
    body: tuple[Picture, ...]


class Stack(NamedTuple):
    """Pictures below each other."""

    body: tuple[Picture, ...]


class Choice(NamedTuple):
    """The same thing in several shapes, the widest first: a terminal takes the first that fits it, a pipe the first."""

    shapes: tuple[Picture, ...]


Picture: TypeAlias = "Text | Table | Facts | Panel | Stack | Choice"

_SHAPES = (Text, Table, Facts, Panel, Stack, Choice)
BLANK = Text()


def said(*parts: Part) -> Text:
    return Text(line(*parts))


def fact(label: str, *values: Part | Picture) -> tuple[Line, tuple[Picture, ...]]:
    """A label and its values, one below the other."""
    return (span(label, "label"),), tuple(_picture(value) for value in values)


def bullets(lines: Sequence[Part], sign: str = "-", style: str = "") -> Facts:
    """Each line behind a sign, set in; what wraps stays behind it."""
    return Facts(tuple((line("  ", span(sign, style)), (said(each),)) for each in lines))


def _picture(value: Part | Picture) -> Picture:
    return value if isinstance(value, _SHAPES) else said(value)
