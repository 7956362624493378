"""A plot with logarithmic axes as SVG: no scripts, no fonts of its own, and colours that show on white and on black."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from math import ceil, floor, log10
from typing import Final, NamedTuple

INK: Final = "#767c85"
COLOURS: Final = ("#2f81d0", "#c2600f", "#2e8b57", "#a05cc8")
_MARKS: Final = ("circle", "square", "diamond", "triangle")
_DASHES: Final = ("", "8 4", "2 4", "8 4 2 4")

_WIDTH, _HEIGHT = 760, 400
_LEFT, _RIGHT, _TOP, _BOTTOM = 80, 540, 30, 340


class Line(NamedTuple):
    """Points that belong together; none is at or below zero."""

    name: str
    points: Sequence[tuple[float, float]]


def plot(title: str, across: str, up: str, lines: Sequence[Line], slope: int) -> str:
    """The picture. A thin line from the first point has this slope, to hold the others against."""
    xs = [x for line in lines for x, _ in line.points]
    ys = [y for line in lines for _, y in line.points]
    first = lines[0].points[0]
    guide = Line("", [first, (max(xs), first[1] * (max(xs) / first[0]) ** slope)])
    axes = _Axes((min(xs), max(xs)), _wide(min(ys), max(*ys, guide.points[-1][1])))
    body = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" '
        f'font-family="system-ui, sans-serif" font-size="13" fill="{INK}">',
        f"<title>{escape(title)}</title>",
        f'<text x="{_LEFT}" y="18" font-weight="bold">{escape(title)}</text>',
        *axes.drawn(across, up),
        f'<polyline points="{axes.path(guide)}" fill="none" stroke="{INK}" stroke-width="1" stroke-dasharray="1 3"/>',
    ]
    for (number, line), label in zip(
        enumerate(lines), _apart([axes.y(line.points[-1][1]) for line in lines]), strict=True
    ):
        body += _drawn(axes, line, number % len(COLOURS), label)
    return "\n".join([*body, "</svg>"]) + "\n"


def _wide(low: float, high: float) -> tuple[float, float]:
    """At least from half to twice, so that noise does not look like a mountain."""
    return min(low, 0.5), max(high, 2)


class _Axes:
    def __init__(self, xs: tuple[float, float], ys: tuple[float, float]) -> None:
        self.xs, self.ys = xs, ys

    def x(self, value: float) -> float:
        return _LEFT + (_RIGHT - _LEFT) * _part(value, self.xs)

    def y(self, value: float) -> float:
        return _BOTTOM - (_BOTTOM - _TOP) * _part(value, self.ys)

    def path(self, line: Line) -> str:
        return " ".join(f"{self.x(x):.1f},{self.y(y):.1f}" for x, y in line.points)

    def drawn(self, across: str, up: str) -> Iterator[str]:
        for value in _ticks(*self.xs):
            at = self.x(value)
            yield f'<line x1="{at:.1f}" y1="{_TOP}" x2="{at:.1f}" y2="{_BOTTOM}" stroke="{INK}" stroke-opacity="0.3"/>'
            yield f'<text x="{at:.1f}" y="{_BOTTOM + 18}" text-anchor="middle">{value:,g}</text>'
        for value in _ticks(*self.ys):
            at = self.y(value)
            yield f'<line x1="{_LEFT}" y1="{at:.1f}" x2="{_RIGHT}" y2="{at:.1f}" stroke="{INK}" stroke-opacity="0.3"/>'
            yield f'<text x="{_LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{value:,g}</text>'
        yield f'<path d="M{_LEFT},{_TOP}V{_BOTTOM}H{_RIGHT}" fill="none" stroke="{INK}"/>'
        yield f'<text x="{(_LEFT + _RIGHT) / 2}" y="{_BOTTOM + 42}" text-anchor="middle">{escape(across)}</text>'
        middle = (_TOP + _BOTTOM) / 2
        yield (
            f'<text x="18" y="{middle}" text-anchor="middle" transform="rotate(-90 18 {middle})">{escape(up)}</text>'
        )


def _part(value: float, span: tuple[float, float]) -> float:
    low, high = map(log10, span)
    return (log10(value) - low) / (high - low)


def _ticks(low: float, high: float) -> list[float]:
    """Powers of ten, and where they are few 2 and 5 times them as well."""
    steps = (1, 2, 5) if high / low < 100 else (1,)
    powers = range(floor(log10(low)), ceil(log10(high)) + 1)
    slack = 1.0001  # 10 ** -1 is no exact float
    return [step * 10.0**p for p in powers for step in steps if low / slack <= step * 10.0**p <= high * slack]


def _apart(ends: list[float]) -> list[float]:
    """Where the names of lines stand: beside their ends, but not on one another."""
    placed: dict[int, float] = {}
    below = float(_TOP)
    for number in sorted(range(len(ends)), key=ends.__getitem__):
        placed[number] = max(ends[number], below)
        below = placed[number] + 18
    over = max(0.0, below - 18 - _BOTTOM)
    return [placed[number] - over for number in range(len(ends))]


def _drawn(axes: _Axes, line: Line, kind: int, label: float) -> Iterator[str]:
    colour = COLOURS[kind]
    last_x, last_y = line.points[-1]
    start = f"M{axes.x(last_x) + 6:.1f},{axes.y(last_y):.1f}"
    yield (
        f'<polyline points="{axes.path(line)}" fill="none" stroke="{colour}" stroke-width="2" '
        f'stroke-dasharray="{_DASHES[kind]}"/>'
    )
    for x, y in line.points:
        yield f'<path d="{_mark(kind, axes.x(x), axes.y(y))}" fill="{colour}"/>'
    yield f'<path d="{start}L{_RIGHT + 24},{label:.1f}" stroke="{colour}" stroke-opacity="0.6"/>'
    yield f'<path d="{_mark(kind, _RIGHT + 34, label)}" fill="{colour}"/>'
    yield f'<text x="{_RIGHT + 44}" y="{label + 4:.1f}" fill="{colour}">{escape(line.name)}</text>'


def _mark(kind: int, x: float, y: float) -> str:
    match _MARKS[kind]:
        case "circle":
            return f"M{x - 4:.1f},{y:.1f}a4,4 0 1,0 8,0a4,4 0 1,0 -8,0"
        case "square":
            return f"M{x - 4:.1f},{y - 4:.1f}h8v8h-8z"
        case "diamond":
            return f"M{x:.1f},{y - 5:.1f}l5,5l-5,5l-5,-5z"
        case _:
            return f"M{x:.1f},{y - 5:.1f}l5,9h-10z"
