"""Text files as tables: encodings, dialects, broken rows, and files that are no tables."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from dunning_cli.errors import InputError
from dunning_cli.imports.tables import MAX_LINE, BadRow, Row, Table, open_table

CHINESE = "reference,debtor\nA-1,王芳\nA-2,欧阳小明\nA-3,某某贸易有限公司(上海)\n"
WESTERN = "reference,debtor\nA-1,René Müller\nA-2,KÖLN ÄRZTE GmbH\nA-3,Søren Ångström\n"


def opened(path: Path, content: str | bytes, written: str = "utf-8", **how: Any) -> Table:
    path.write_bytes(content.encode(written) if isinstance(content, str) else content)
    return open_table(path, **how)


def values(table: Table) -> list[tuple[str, ...]]:
    """The values of every row, all of which must be good."""
    rows = list(table.rows())
    assert all(isinstance(row, Row) for row in rows), rows
    return [tuple(row.values.values()) for row in rows if isinstance(row, Row)]


def broken(table: Table) -> list[tuple[int, str]]:
    """The lines of the broken rows, and why they are."""
    return [(row.line, row.reason) for row in table.rows() if isinstance(row, BadRow)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "table.csv"


# --- encodings --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-32", "utf-32"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
    ],
)
def test_an_encoding_is_found_out(path: Path, encoding: str, found: str) -> None:
    table = opened(path, CHINESE, encoding)
    assert table.encoding == found
    assert table.columns == ("reference", "debtor")
    assert values(table)[0] == ("A-1", "王芳")


@pytest.mark.parametrize(("mark", "encoding"), [(b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")])
def test_utf_16_with_its_mark_in_either_order(path: Path, mark: bytes, encoding: str) -> None:
    assert values(opened(path, mark + CHINESE.encode(encoding)))[1] == ("A-2", "欧阳小明")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_its_mark_has_to_be_named(path: Path, encoding: str) -> None:
    with pytest.raises(InputError, match="no text file"):
        opened(path, CHINESE, encoding)
    assert values(open_table(path, encoding=encoding))[0] == ("A-1", "王芳")


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_a_western_encoding_is_not_guessed(path: Path, encoding: str) -> None:
    with pytest.raises(InputError, match=r"not written in UTF-8") as refused:
        opened(path, WESTERN, encoding)
    assert 'encoding = "cp1252"' in refused.value.hint
    assert values(open_table(path, encoding=encoding))[1] == ("A-2", "KÖLN ÄRZTE GmbH")


@pytest.mark.parametrize("name", ["KÖLN", "ÄRZTE", "RENÉE", "ZÜRICH", "GARÇON", "FRANÇOIS PÉREZ", "ÅSE ØRSTED"])
def test_capitals_with_accents_are_not_taken_for_chinese(path: Path, name: str) -> None:
    """Their bytes lie where Chinese characters begin."""
    with pytest.raises(InputError, match="not written in UTF-8"):
        opened(path, f"reference,debtor\nA-1,{name}\n", "latin-1")


def test_the_mark_of_the_file_is_believed_before_the_mapping(path: Path) -> None:
    assert values(opened(path, CHINESE, "utf-8-sig", encoding="gb18030"))[0] == ("A-1", "王芳")


@pytest.mark.parametrize("name", ["klingon", "hex", "base64", "", "\0"])
def test_what_is_no_encoding_is_refused(path: Path, name: str) -> None:
    path.write_text(CHINESE, "utf-8")
    if not name:
        assert open_table(path, encoding=name).encoding == "utf-8"
        return
    with pytest.raises(InputError, match="is no encoding"):
        open_table(path, encoding=name)


def test_a_wrong_encoding_is_said_at_once(path: Path) -> None:
    with pytest.raises(InputError, match="not written in ascii"):
        opened(path, CHINESE, encoding="ascii")
    with pytest.raises(InputError, match="not written in utf-16"):
        opened(path, b"\xff\xfe\x00\xd8\x00", encoding="utf-8")


def test_a_wrong_encoding_far_below_is_said_with_its_line(path: Path) -> None:
    plain = "reference,debtor\n" + "A-1,Wang Fang\n" * 10_000
    table = opened(path, plain.encode() + "A-2,王芳\n".encode("gb18030"))
    with pytest.raises(InputError, match=r"the text is not utf-8") as refused:
        list(table.rows())
    assert 9_000 < int(str(refused.value.values["line"])) <= 10_001


def test_a_character_on_the_border_of_what_is_looked_at_first(path: Path) -> None:
    """64 KiB are looked at to tell the encoding: a character that is cut there is no mistake."""
    for shift in range(4):
        rows = "x" * shift + "芳" * 30_000
        assert opened(path, f"reference\n{rows}\n").encoding == "utf-8"


# --- dialects ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_a_delimiter_is_found_out(path: Path, mark: str) -> None:
    text = f"reference{mark}debtor{mark}due\nA-1{mark}Wang, Fang; or so{mark}2025-01-31\n"
    text = text.replace("Wang, Fang; or so", '"Wang, Fang; or | so"')
    assert values(opened(path, text)) == [("A-1", "Wang, Fang; or | so", "2025-01-31")]


def test_a_delimiter_inside_quoted_names_does_not_count(path: Path) -> None:
    assert opened(path, '"a,b,c,d";e;f\n1;2;3\n').columns == ("a,b,c,d", "e", "f")


def test_a_delimiter_can_be_named(path: Path) -> None:
    assert values(opened(path, "a:b\n1:2,3\n", delimiter=":")) == [("1", "2,3")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", [True, False])
def test_line_ends(path: Path, end: str, last: bool) -> None:
    text = end.join(["a,b", "1,2", "3,4"]) + (end if last else "")
    assert values(opened(path, text)) == [("1", "2"), ("3", "4")]


def test_quoted_line_ends_and_quotes_belong_to_the_value(path: Path) -> None:
    table = opened(path, 'a,"b\nb"\n1,"two\nlines, and ""quotes"""\n3,4\n5\n')
    assert table.columns == ("a", "b\nb")
    rows = list(table.rows())
    assert rows[0] == Row(3, {"a": "1", "b\nb": 'two\nlines, and "quotes"'})
    assert rows[1] == Row(5, {"a": "3", "b\nb": "4"})
    assert isinstance(rows[2], BadRow)
    assert rows[2].line == 6


def test_empty_lines_are_no_rows_but_count(path: Path) -> None:
    table = opened(path, "\n\n,,\n  \na,b,c\n\n1,2,3\n,,\n   \n4,5\n")
    rows = list(table.rows())
    assert rows[0] == Row(7, {"a": "1", "b": "2", "c": "3"})
    assert [row.line for row in rows] == [7, 10]
    assert broken(table) == [(10, "the row has 2 values, the header 3")]


def test_names_of_columns_lose_their_blanks(path: Path) -> None:
    assert opened(path, " a , b\t\n1,2\n").columns == ("a", "b")


def test_a_table_without_rows(path: Path) -> None:
    assert list(opened(path, "a,b\n").rows()) == []
    assert list(opened(path, "a,b").rows()) == []


# --- broken rows ------------------------------------------------------------------------------------------------------


def test_short_and_long_rows_are_told_and_the_others_go_on(path: Path) -> None:
    table = opened(path, "a,b,c\n1,2\n1,2,3\n1,2,3,4\n4,5,6\n")
    assert broken(table) == [(2, "the row has 2 values, the header 3"), (4, "the row has 4 values, the header 3")]
    assert [row.line for row in table.rows() if isinstance(row, Row)] == [3, 5]


def test_a_quote_inside_a_quoted_value_breaks_its_own_row_only(path: Path) -> None:
    table = opened(path, 'a,b\n1,"the "big" one"\n2,3\n')
    assert [line for line, _ in broken(table)] == [2]
    assert [row.line for row in table.rows() if isinstance(row, Row)] == [3]


def test_a_quote_that_is_not_closed_stops_the_file(path: Path) -> None:
    table = opened(path, 'a,b\n1,2\n3,"four\n5,6\n7,8\n')
    with pytest.raises(InputError, match="line 3") as refused:
        list(table.rows())
    assert "quote that is not closed" in refused.value.hint


def test_a_quote_that_is_not_closed_does_not_gather_the_file_in_memory(path: Path) -> None:
    path.write_text('a,b\n1,"two\n' + "3,4\n" * 1_000_000, "utf-8")
    with pytest.raises(InputError, match=r"line 2: field larger"):
        list(open_table(path).rows())


def test_a_quote_that_is_not_closed_on_the_last_line(path: Path) -> None:
    assert [line for line, _ in broken(opened(path, 'a,b\n1,2\n3,"four'))] == [3]


@pytest.mark.parametrize("inside", ["Wang\0Fang", "\0"])
def test_nul_breaks_its_row_only(path: Path, inside: str) -> None:
    table = opened(path, f"a,b\n1,{inside}\n2,Li\n")
    ((line, reason),) = broken(table)
    assert line == 2
    assert "NUL" in reason


def test_half_a_character_breaks_its_row_only(path: Path) -> None:
    """An encoding that can hold it: UTF-7."""
    table = opened(path, b"a,b\n1,+2AA-\n2,Li\n", encoding="utf-7")
    assert [line for line, _ in broken(table)] == [2]


def test_a_line_that_is_too_long_breaks_its_row_only(path: Path) -> None:
    table = opened(path, f"a,b\n1,2\n3,{'x' * (MAX_LINE + 5)}\n4,5\n6,{'x' * 200_000}\n7,8\n")
    assert [line for line, _ in broken(table)] == [3, 5]
    assert [row.line for row in table.rows() if isinstance(row, Row)] == [2, 4, 6]


# --- files that are no tables -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "content", [b"", b"\n", b"\r\n\r\n", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n", b"\xff\xfe", b" \n\t"]
)
def test_an_empty_file(path: Path, content: bytes) -> None:
    with pytest.raises(InputError, match="is empty"):
        opened(path, content)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"PK\x03\x04\x14\x00\x06\x00\x08\x00", id="xlsx"),
        pytest.param(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\n\0\0\0\0", id="xls"),
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", id="png"),
        pytest.param(b"SQLite format 3\0\x10\0\x01\x01", id="sqlite"),
        pytest.param(b"\x1f\x8b\x08\0\0\0\0\0", id="gzip"),
        pytest.param(bytes(range(256)) * 300, id="every byte"),
    ],
)
def test_a_binary_file(path: Path, content: bytes) -> None:
    with pytest.raises(InputError, match="no text file") as refused:
        opened(path, content)
    assert "CSV" in refused.value.hint


def test_a_first_line_without_end(path: Path) -> None:
    path.write_bytes(b"x" * 3_000_000)
    with pytest.raises(InputError, match="first line"):
        open_table(path)


@pytest.mark.parametrize("content", ['a,"b\n', 'a,"b"c\n'])
def test_names_of_columns_that_cannot_be_read(path: Path, content: str) -> None:
    with pytest.raises(InputError, match="first line"):
        opened(path, content)


def test_a_column_that_stands_twice(path: Path) -> None:
    with pytest.raises(InputError, match="the column b stands twice"):
        opened(path, "a,b,c,b\n1,2,3,4\n")


def test_what_is_no_plain_file(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No such file"):
        open_table(tmp_path / "nothing.csv")
    with pytest.raises(InputError, match="no plain file"):
        open_table(tmp_path)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="no plain file"):  # it could be read once only
        open_table(tmp_path / "pipe")
