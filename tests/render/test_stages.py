"""The table of moves, for people, for the manual, for scripts."""

from __future__ import annotations

import json

import pytest
from rich.cells import cell_len

from dunning_cli.domain.stages import GUARDS, MOVES, PLACES, Move
from dunning_cli.i18n import Translator
from dunning_cli.render.stages import as_markdown, asks, drawing, mermaid, moves_object, moves_table, stages_picture
from tests.render.conftest import Snapshot, drawn

LANGUAGES = pytest.mark.parametrize("lang", ["en", "zh"])


@LANGUAGES
@pytest.mark.parametrize("width", [80, 120, None])
def test_the_table(width: int | None, lang: str, snapshot: Snapshot) -> None:
    snapshot(f"moves.{lang}.{width or 'pipe'}", drawn(moves_table(Translator(lang)), width, lang))


@LANGUAGES
def test_the_drawing(lang: str, snapshot: Snapshot) -> None:
    shown = drawing(Translator(lang))
    snapshot(f"drawing.{lang}", shown)
    assert max(map(cell_len, shown.splitlines())) <= 80


def test_the_drawing_is_english_by_default() -> None:
    assert drawing() == drawing(Translator("en"))


def _cells(row: str) -> str:
    """The row with a second mark for every character of two cells, so that places are cells."""
    return "".join(char + "+" * (cell_len(char) - 1) for char in row).ljust(80)


def _line_of(place: str) -> int:
    """The cell of a place's line: it stands under the middle of the place's name."""
    return 4 + 18 * [str(each) for each in PLACES].index(place)


def _leads(row: str, source: str, target: str) -> bool:
    start, end = _line_of(source), _line_of(target)
    if start == end:
        return row[start] == "├" and "↺" in row
    return row[start] == "├" and row[end - 1] == "▶" if start < end else row[start] == "┤" and row[end + 1] == "◀"


@LANGUAGES
@pytest.mark.parametrize("move", MOVES, ids=lambda move: f"{move.source}-{move.event}-{move.target}")
def test_every_move_has_an_arrow(move: Move, lang: str) -> None:
    t = Translator(lang)
    rows = [row for row in drawing(t).splitlines() if t.word(move.event, "event") in row]
    assert sum(_leads(_cells(row), move.source, move.target) for row in rows) == 1


@LANGUAGES
def test_every_arrow_is_a_move(lang: str) -> None:
    rows = [_cells(row) for row in drawing(Translator(lang)).splitlines()]
    arrows = [row for row in rows if "├" in row or "┤" in row]
    assert all(any(_leads(row, move.source, move.target) for move in MOVES) for row in arrows)


@LANGUAGES
def test_lines_stand_under_each_other(lang: str) -> None:
    for row in drawing(Translator(lang)).splitlines()[1:]:
        assert {place % 18 for place, char in enumerate(_cells(row)) if char in "│├┤"} == {4}


@LANGUAGES
def test_the_drawing_stands_above_the_table(lang: str) -> None:
    t = Translator(lang)
    shown = drawn(stages_picture(t), None, lang)
    assert shown == drawing(t) + "\n" + drawn(moves_table(t), None, lang)


@pytest.mark.parametrize(
    ("guard", "english", "chinese"),
    [
        ("enough_attempts", "min_attempts attempts to reach the debtor", "须尝试联系债务人 min_attempts 次"),
        ("worth_it", "at least min_balance owed for legal action", "诉诸法律程序须欠款至少 min_balance"),
        (
            "final_demand_aged",
            "a final demand (log-contact --purpose final_demand) at least demand_before_days days old",
            "最终催告（log-contact --purpose final_demand）须满 demand_before_days 天",
        ),
        ("settlement_kept", "a settlement plan paid in full", "和解计划须已全额履行"),
    ],
)
def test_what_a_guard_asks(guard: str, english: str, chinese: str) -> None:
    assert asks(guard, Translator("en")) == english
    assert asks(guard, Translator("zh")) == chinese


@pytest.mark.parametrize("guard", GUARDS)
@LANGUAGES
def test_no_guard_shows_a_place(guard: str, lang: str) -> None:
    assert not set("{}") & set(asks(guard, Translator(lang)))


def test_mermaid() -> None:
    first, start, *arrows = mermaid().splitlines()
    assert (first, start) == ("stateDiagram-v2", "    [*] --> contact")
    assert arrows == [f"    {move.source} --> {move.target}: {move.event}" for move in MOVES]


def test_markdown() -> None:
    rows = as_markdown().splitlines()
    assert "| contact | debtor_reached | negotiation | – |" in rows
    assert "| monitoring | plan_broken | legal | `policy_says_legal`, `final_demand_aged`, `worth_it` |" in rows
    assert "| `settlement_kept` | a settlement plan paid in full |" in rows
    assert sum(row.startswith("|") for row in rows) == 2 + len(MOVES) + 2 + len(GUARDS)
    assert "\n```mermaid\n" + mermaid() + "```\n" in as_markdown()


def test_the_table_for_scripts() -> None:
    found = json.loads(json.dumps(moves_object()))
    assert found["moves"][0] == {"event": "debtor_reached", "from": "contact", "to": "negotiation", "needs": []}
    assert len(found["moves"]) == len(MOVES)
    assert found["guards"] == {name: asks(name, Translator()) for name in GUARDS}
