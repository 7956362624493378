"""How the work grows: the slope and its words, the page that is written, and plots that can be read."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest

from benchmarks import growth
from benchmarks.growth import Curve, Group, table, words
from benchmarks.measure import put
from benchmarks.plot import COLOURS, INK, Line, plot

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize(
    ("power", "said"),
    [
        (0, "costs the same"),
        (0.5, "grows more slowly than the cases"),
        (1, "grows in step with the cases"),
        (2, "grows faster than the cases"),
    ],
)
def test_a_slope_and_what_it_means(power: float, said: str) -> None:
    curve = Curve("a", {size: 3 * size**power for size in (1000, 3000, 10_000)})
    assert curve.slope == pytest.approx(power, abs=1e-9)
    assert words(curve.slope) == said
    assert curve.ratios[10_000] == pytest.approx(10**power)


def test_the_slope_is_by_least_squares() -> None:
    assert Curve("a", {1: 1.0, 10: 10.0, 100: 10.0}).slope == pytest.approx(0.5)


def test_a_table_of_a_whole_book_has_the_time_of_one_case() -> None:
    group = Group("a.svg", "All", "time", ("a", "b"), 1)
    said = table(group, _two())
    assert said.splitlines()[2:] == [
        "| `a`  | 1.00 | 0.50 | 0.70  | grows more slowly than the cases |",
        "| `b`  | 1.00 | 1.00 | 1.00  | grows in step with the cases     |",
    ]


def test_a_table_of_one_command_has_the_time_of_the_command() -> None:
    group = Group("a.svg", "One", "time", ("a",), 0)
    assert table(group, _two()[:1]).splitlines()[2].startswith("| `a`  | 1.00 | 5.00 |")


def _two() -> list[Curve]:
    return [Curve("a", {10: 1.0, 100: 5.0}), Curve("b", {10: 2.0, 100: 20.0})]


def test_a_small_book_is_measured_and_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(growth, "SIZES", (40, 80, 120))
    monkeypatch.setattr(growth, "_ROUNDS", 1)
    page, times = tmp_path / "grown.md", tmp_path / "times.json"
    page.write_text(f"before\n{growth.BEGIN}\nold\n{growth.END}\nafter\n", "utf-8")
    growth.main(["--most", "80", "--write", str(page), "--json", str(times)])
    written = page.read_text("utf-8")
    assert written.startswith("before\n")
    assert written.endswith("after\n")
    assert "old" not in written
    assert capsys.readouterr().out.strip() in written
    seconds = json.loads(times.read_text("utf-8"))["seconds"]
    assert set(seconds) == {name for group in growth.GROUPS for name in group.names}
    for name, found in seconds.items():
        assert set(found) == {"40", "80"}, name
        assert all(each > 0 for taken in found.values() for each in taken), name
        assert f"| `{name}`" in written
    for group in growth.GROUPS:
        assert f"](grown/{group.file})" in written
        picture = ElementTree.parse(tmp_path / "grown" / group.file).getroot()
        labels = [text.text for text in picture.iter(f"{SVG}text")]
        assert {*group.names, "cases", group.up, group.title} <= set(labels)


def test_a_page_without_markers_is_left_alone(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("nothing", "utf-8")
    with pytest.raises(SystemExit, match="markers"):
        put(page, growth.BEGIN, growth.END, "said")
    assert page.read_text("utf-8") == "nothing"


# --- plots ------------------------------------------------------------------------------------------------------------


def a_plot(*lines: Line, slope: int = 1) -> ElementTree.Element:
    return ElementTree.fromstring(plot("A <title>", "cases", "time & more", lines, slope))


def test_both_axes_are_logarithmic_and_say_what_they_show() -> None:
    picture = a_plot(Line("a", [(1000, 1), (10_000, 10), (100_000, 100)]))
    ((x1, y1), (x2, y2), (x3, y3)), guide = (
        [tuple(map(float, point.split(","))) for point in line.get("points", "").split()]
        for line in reversed(list(picture.iter(f"{SVG}polyline")))
    )
    assert x2 - x1 == pytest.approx(x3 - x2, abs=0.2)
    assert y2 - y1 == pytest.approx(y3 - y2, abs=0.2)
    assert guide == [(x1, y1), (x3, y3)], "the thin line is where it should be"
    texts = [text.text for text in picture.iter(f"{SVG}text")]
    assert {"1,000", "10,000", "100,000", "1", "10", "100", "cases", "time & more", "A <title>"} <= set(texts)


def test_lines_that_end_together_are_named_apart() -> None:
    lines = [Line(name, [(10, 1), (100, 1 + number / 1000)]) for number, name in enumerate("abcd")]
    picture = a_plot(*lines, slope=0)
    names = [text for text in picture.iter(f"{SVG}text") if text.text in tuple("abcd")]
    ends = sorted(float(text.get("y", "0")) for text in names)
    assert len(ends) == 4
    assert all(low + 17 < high for low, high in pairwise(ends))
    assert {text.get("fill") for text in names} == set(COLOURS)


def test_a_plot_runs_and_loads_nothing() -> None:
    picture = a_plot(Line("<script>", [(10, 1), (100, 10)]))
    assert {each.tag.removeprefix(SVG) for each in picture.iter()} == {
        "svg",
        "title",
        "text",
        "line",
        "path",
        "polyline",
    }
    assert not [name for each in picture.iter() for name in each.attrib if "href" in name or name.startswith("on")]


@pytest.mark.parametrize("paper", ["#ffffff", "#0d1117"])
@pytest.mark.parametrize("colour", [INK, *COLOURS])
def test_every_colour_can_be_read_on_light_and_on_dark(colour: str, paper: str) -> None:
    low, high = sorted((_light(colour), _light(paper)))
    assert (high + 0.05) / (low + 0.05) >= 4


def _light(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
