"""Text from outside is harmless wherever it is shown."""

from __future__ import annotations

import csv
import unicodedata
from datetime import date
from io import StringIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunning_cli.domain.entries import Channel
from dunning_cli.domain.money import Money
from dunning_cli.render.text import amount, clean, csv_cell, write_csv


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        pytest.param("王小明 & Søn", "王小明 & Søn", id="names stay"),
        pytest.param("\x1b[31mred", "␛[31mred", id="escape"),
        pytest.param("a\nb\tc\rd\0", "a␊b␉c␍d␀", id="C0"),
        pytest.param("a\x7fb", "a␡b", id="DEL"),
        pytest.param("a\x9b31mb\x85", "a\\x9b31mb\\x85", id="C1"),
        pytest.param("gnp\u202e.exe", "gnp\\u202e.exe", id="right-to-left override"),
        pytest.param("a\u2066b\u2069", "a\\u2066b\\u2069", id="isolates"),
        pytest.param("a\u200bb\u200d\ufeff", "a\\u200bb\\u200d\\ufeff", id="zero width"),
        pytest.param("a\u2028b\u2029c", "a\\u2028b\\u2029c", id="line separators"),
        pytest.param("so\xadft", "so\\xadft", id="soft hyphen"),
        pytest.param("\U000e0041", "\\U000e0041", id="tag characters"),
        pytest.param("\ud800", "\\ud800", id="half a character"),
        pytest.param("a\u3000b\xa0c", "a\u3000b\xa0c", id="wide and fixed blanks stay"),
        pytest.param("[bold red]x[/]", "[bold red]x[/]", id="markup is text"),
    ],
)
def test_clean(text: str, shown: str) -> None:
    assert clean(text) == shown


@given(st.text())
def test_what_is_clean_can_be_seen_and_stays_so(text: str) -> None:
    shown = clean(text)
    assert all(c.isprintable() or unicodedata.category(c) == "Zs" for c in shown)
    assert clean(shown) == shown
    assert len(shown) >= len(text)


@pytest.mark.parametrize(
    ("minor", "currency", "shown"),
    [
        (5179452, "CNY", "51,794.52 CNY"),
        (0, "CNY", "0.00 CNY"),
        (-5, "EUR", "-0.05 EUR"),
        (-123456789, "EUR", "-1,234,567.89 EUR"),
        (1000, "JPY", "1,000 JPY"),
        (1234567, "KWD", "1,234.567 KWD"),
    ],
)
def test_amount(minor: int, currency: str, shown: str) -> None:
    assert amount(Money(minor, currency)) == shown
    assert amount(Money(minor, currency), False) == shown.removesuffix(f" {currency}")


@pytest.mark.parametrize("first", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", " =", "  @"])
def test_a_formula_is_only_text(first: str) -> None:
    assert csv_cell(f"{first}1+1") == f"'{first}1+1"


@pytest.mark.parametrize("text", ["", " ", "王", "a=1", "1-1", "'=1", "#1"])
def test_what_is_no_formula_stays(text: str) -> None:
    assert csv_cell(text) == text


def test_csv_rows() -> None:
    file = StringIO()
    rows: list[list[object]] = [
        ["name", "amount", "day", "count", "nothing"],
        ["=1+1", Money(-500, "CNY"), date(2025, 1, 31), -3, None],
        ['Li "the\nrock", Na', "\x1b[31m", Channel.CALL, True, ""],
    ]
    write_csv(rows, file)
    assert file.getvalue() == (
        'name,amount,day,count,nothing\n\'=1+1,-5.00,2025-01-31,-3,\n"Li ""the␊rock"", Na",␛[31m,call,True,\n'
    )


@given(st.lists(st.text(min_size=1), min_size=2, max_size=5))
def test_a_row_is_one_line_and_comes_back(cells: list[str]) -> None:
    file = StringIO()
    write_csv([cells], file)
    assert file.getvalue().count("\n") == 1
    assert next(csv.reader([file.getvalue()])) == [clean(csv_cell(cell)) for cell in cells]
