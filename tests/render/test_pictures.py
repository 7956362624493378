"""How pictures are laid out: columns stand under each other, whatever stands in them."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from dunning_cli.render import plain
from dunning_cli.render.pictures import (
    BLANK,
    Choice,
    Column,
    Facts,
    Fit,
    Panel,
    Picture,
    Stack,
    Table,
    bullets,
    fact,
    line,
    said,
    span,
    text_of,
)
from tests.render.conftest import drawn

HOSTILE = ("[bold red]x[/]", "\x1b[31mred", "=1+1", "gnp\u202e.exe", "王" * 30, "x" * 60, "Zoë\u0301", "😄 emoji", "")


def a_table(names: tuple[str, ...], fit: Fit = Fit.CUT) -> Table:
    rows = tuple((line(str(number)), line(name), line(f"{number * 1000},000.00")) for number, name in enumerate(names))
    return Table((Column("Case", right=True), Column("Name", fit=fit, least=8), Column("Owed", right=True)), rows)


# --- parts ----------------------------------------------------------------------------------------------------------


def test_every_text_is_made_harmless() -> None:
    assert span("\x1b[31m\n") == ("␛[31m␊", "")
    assert line("a\u202e", span("b", "bad"), (span("c"),)) == (("a\\u202e", ""), ("b", "bad"), ("c", ""))
    assert text_of(line("a", "b\tc")) == "ab␉c"


def test_a_fact_may_hold_lines_and_pictures() -> None:
    label, values = fact("Debtor", "Li", (span("Na", "bad"),), BLANK)
    assert label == (("Debtor", "label"),)
    assert values == (said("Li"), said(span("Na", "bad")), BLANK)


# --- plain ----------------------------------------------------------------------------------------------------------


def test_a_plain_table() -> None:
    assert plain.text(a_table(("王小明", "Li"))) == (
        "Case  Name           Owed\n   0  王小明     0,000.00\n   1  Li      1000,000.00\n"
    )


def test_no_line_ends_in_blanks() -> None:
    table = Table((Column("A"), Column("B")), ((line("x"), line("long")), (line("y"), ()), ((), ())))
    assert plain.text(table) == "A  B\nx  long\ny\n\n"


def test_a_table_without_rows() -> None:
    assert plain.text(a_table(())) == "Case  Name  Owed\n"


def test_plain_facts() -> None:
    table = Table((Column("No."),), ((line("1"),),))
    facts = Facts((fact("债务人", "Li", "Na"), fact("Plan", table), fact("None")))
    assert plain.text(facts) == "债务人  Li\n        Na\nPlan    No.\n        1\nNone\n"


def test_a_plain_panel_is_set_in() -> None:
    panel = Panel(line("Title"), (said("a"), BLANK, Stack((said("b"), said("c")))))
    assert plain.text(panel) == "Title\n  a\n\n  b\n  c\n"


def test_plain_bullets() -> None:
    assert plain.text(bullets(["one", line("two")])) == "  -  one\n  -  two\n"
    assert plain.text(bullets(["one"], "✗", "bad")) == "  ✗  one\n"
    assert next(plain.layout(bullets(["one"], "✗", "bad")))[1] == ("✗", "bad")


def test_a_pipe_takes_the_first_shape() -> None:
    assert plain.text(Choice((said("wide"), said("w")))) == "wide\n"


@given(st.lists(st.sampled_from(HOSTILE) | st.text(), min_size=1, max_size=4))
@example(list(HOSTILE))
def test_columns_stand_under_each_other(names: list[str]) -> None:
    rows = plain.text(a_table(tuple(names))).splitlines()
    assert len(rows) == len(names) + 1
    # The last column ends flush right, so every row is as wide as the others, and none is cut.
    assert len({cell_len(row) for row in rows}) == 1
    assert not any("…" in row and "…" not in "".join(names) for row in rows)


# --- widths ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("picture", "width"),
    [
        (said("short"), 5),
        (said("x" * 50), 20),
        (a_table(("x" * 50,)), 4 + 2 + 8 + 2 + 8),
        (a_table(("x" * 50,), Fit.NEVER), 4 + 2 + 50 + 2 + 8),
        (a_table(("王",)), 4 + 2 + 4 + 2 + 8),
        (Facts((fact("债务人", "Li"), fact("x", said("y" * 50)))), 6 + 2 + 20),
        (Panel(line("t"), (said("body"),)), 8),
        (Panel(line("a long title"), (said("body"),)), 16),
        (Panel(line("a title that is longer than all"), (said("body"),)), 24),
        (Stack((said("a"), said("abc"))), 3),
        (Choice((said("abcdef"), said("abc"))), 3),
        (Stack(()), 0),
    ],
)
def test_the_least_width(picture: Picture, width: int) -> None:
    assert plain.least_width(picture) == width


# --- on a terminal --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [31, 40, 60, 100])
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_on_a_terminal(name: str, width: int) -> None:
    shown = drawn(Panel(line(name[:10]), (a_table((name, "Li")),)), width)
    rows = shown.splitlines()
    assert {cell_len(row) for row in rows} == {width}
    assert "0,000.00" in shown
    assert "1000,000.00" in shown
    assert not any(char in shown for char in "\x1b\u202e\r")


def test_a_name_that_fits_is_not_cut() -> None:
    assert "王" * 30 in drawn(a_table(("王" * 30,)), 80)
    assert "王" * 30 not in drawn(a_table(("王" * 30,)), 79 - 6)
    assert "…" in drawn(a_table(("王" * 30,)), 73)


def test_a_wrapping_column_loses_nothing() -> None:
    words = "one two three four five six seven eight"
    shown = drawn(a_table((words,), Fit.WRAP), 30)
    assert sorted(shown.split()[4:]) == sorted(["0", "0,000.00", *words.split()])
    assert max(map(len, shown.splitlines())) == 30


def test_a_terminal_takes_the_first_shape_that_fits() -> None:
    shapes = Choice((a_table(("x" * 9,), Fit.NEVER), said("narrow")))
    assert plain.least_width(shapes.shapes[0]) == 25
    assert "xxxxxxxxx" in drawn(shapes, 25)
    assert drawn(shapes, 24) == "narrow\n"


def test_where_no_shape_fits_the_terminal_itself_wraps() -> None:
    table = a_table(("x" * 60,), Fit.NEVER)
    assert drawn(Choice((table, table)), 30) == plain.text(table)


def test_facts_wrap_beside_their_label() -> None:
    shown = drawn(Facts((fact("债务人", "one two three four five"), fact("To", "six"))), 28)
    assert [row.rstrip() for row in shown.splitlines()] == ["债务人  one two three four", "        five", "To      six"]


def test_a_title_too_long_for_its_panel_is_cut() -> None:
    shown = drawn(Panel(line("x" * 60), (said("body"),)), 40)
    assert {cell_len(row) for row in shown.splitlines()} == {40}
    assert "xxx…" in shown.splitlines()[0]
