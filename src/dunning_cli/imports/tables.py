"""Tables in text files: CSV in the encodings and dialects that ledgers and banks write, read row by row.

Nothing is ever read whole: memory stays flat. What is wrong with one row is said by its line; what is wrong with the
file stops it.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import NamedTuple

from msgspec import Struct

from ..domain.codec import check_text
from ..errors import DunningError, InputError
from .files import HEAD, head

MAX_LINE = 1 << 20  # characters; a longer line is no row of a table
_NAME = 60  # characters of a column's name that an error shows
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DELIMITERS = ",;\t|"
_QUOTED = re.compile('"[^"]*"')


class Row(NamedTuple):
    """A row by its column names, with the line of the file on which it begins."""

    line: int
    values: dict[str, str]


class BadRow(NamedTuple):
    """A row, or a value of it, that cannot be taken."""

    line: int
    field: str
    value: str
    reason: str


class Frame(Struct, frozen=True):
    """What stands around the rows of somebody's export.

    `header` are columns by which the line of names is known, with any lines above it: without them it is the first.
    `footer` are the beginnings of the line with which the rows end. `tabs` says that tabs stand behind values.
    """

    header: frozenset[str] = frozenset()
    footer: tuple[str, ...] = ()
    tabs: bool = False


class Table(Struct, frozen=True):
    """A text file as a table: where it is, how it is written, and on which line its columns are named."""

    path: Path
    encoding: str
    delimiter: str
    columns: tuple[str, ...]
    frame: Frame = Frame()
    names_on: int = 0

    def rows(self) -> Iterator[Row | BadRow]:
        """Every row below the names of the columns; a row that is broken comes as BadRow, and the next one goes on."""
        with self.path.open(encoding=self.encoding, newline="") as file:
            lines = _Lines(file, self.path, self.delimiter if self.frame.tabs else None)
            reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
            if self.frame.header:
                while lines.number < self.names_on:
                    next(lines)
            else:
                _names(reader)
            while True:
                begins = lines.number + 1
                try:
                    values = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    if lines.number > begins:
                        raise self._lost(begins, error) from error
                    yield BadRow(begins, "", "", f"the row cannot be read: {error}")
                    continue
                if lines.skipped:
                    yield BadRow(lines.skipped, "", "", f"the line is longer than {MAX_LINE} characters")
                    lines.skipped = 0
                elif any(map(str.strip, values)):
                    if self.frame.footer and values[0].strip().startswith(self.frame.footer):
                        return
                    yield self._row(begins, values)

    def count_lines(self) -> int:
        """About how many rows there are, for a progress bar: the line ends of the file."""
        with self.path.open("rb") as file:
            return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))

    def _row(self, line: int, values: Sequence[str]) -> Row | BadRow:
        if self.frame.header and not any(map(str.strip, values[len(self.columns) :])):
            values = values[: len(self.columns)]
        if len(values) != len(self.columns):
            return BadRow(line, "", "", f"the row has {len(values)} values, the header {len(self.columns)}")
        try:
            check_text("".join(values), "row")
        except DunningError as error:
            return BadRow(line, "", "", str(error))
        return Row(line, dict(zip(self.columns, values, strict=True)))

    def _lost(self, line: int, error: csv.Error) -> InputError:
        return InputError(
            "{path}, line {line}: {said}.",
            hint="From there on the file cannot be told into rows: look for a quote that is not closed.",
            path=self.path,
            line=line,
            said=str(error),
        )


class _Lines:
    """The lines of a file, counted; a line that is too long is read away, and `skipped` says which one that was.

    With `tabs`, the delimiter, tabs and blanks before it and at the end of a line are left out: they stand behind a
    quote, where none may be.
    """

    def __init__(self, file: io.TextIOWrapper, path: Path, tabs: str | None = None) -> None:
        self.tabs = re.compile(rf"[\t ]+(?={re.escape(tabs)}|[\r\n]*$)") if tabs else None
        self.file = file
        self.path = path
        self.number = 0
        self.skipped = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        try:
            text = self.file.readline(MAX_LINE + 1)
            if not text:
                raise StopIteration
            self.number += 1
            if len(text) > MAX_LINE and not text.endswith(("\n", "\r")):
                self.skipped = self.number
                while text and not text.endswith(("\n", "\r")):
                    text = self.file.readline(MAX_LINE)
                return "-\n"
        except UnicodeError as error:
            raise InputError(
                "{path}, after line {line}: the text is not {encoding}.",
                hint='Name the right encoding in a mapping file: encoding = "gb18030"',
                path=self.path,
                line=self.number,
                encoding=self.file.encoding,
            ) from error
        return self.tabs.sub("", text) if self.tabs else text


def open_table(
    path: Path, encoding: str | None = None, delimiter: str | None = None, frame: Frame | None = None
) -> Table:
    """Look at the beginning of a file: how it is written, and what its columns are called."""
    start = head(path)
    frame = frame or Frame()
    encoding, text = _decoded(path, start, encoding) if start else ("utf-8", "")
    if not text.strip():
        raise InputError("{path} is empty.", hint="The first line names the columns.", path=path)
    if len(start) == HEAD and not {"\n", "\r"} & {*text}:
        raise _no_names(path)
    if frame.header:
        return _framed(path, text, encoding, delimiter, frame)
    first = text.strip().splitlines()[0]
    delimiter = delimiter or delimiter_of(first)
    try:
        columns = _names(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise _no_names(path) from error
    _refuse_doubled(path, columns)
    return Table(path, encoding, delimiter, columns)


def _framed(path: Path, text: str, encoding: str, delimiter: str | None, frame: Frame) -> Table:
    """The table below the first line that names all the columns that are looked for."""
    nearest: tuple[str, ...] = ()
    for number, line in enumerate(io.StringIO(text), 1):
        mark = delimiter or delimiter_of(line)
        columns = tuple(name.strip() for name in next(csv.reader([line], delimiter=mark), []))
        if frame.header <= {*columns}:
            _refuse_doubled(path, columns)
            return Table(path, encoding, mark, columns, frame, number)
        if len(frame.header & {*columns}) > len(frame.header & {*nearest}):
            nearest = columns
    missing = sorted(frame.header - {*nearest})
    raise InputError(
        "{path}: no line names the columns: {names}.",
        hint="Is it this bank's export? The mapping says which columns it has.",
        path=path,
        names=_listed(missing),
    )


def delimiter_of(line: str) -> str:
    return max(_DELIMITERS, key=_QUOTED.sub("", line).count)


def _refuse_doubled(path: Path, columns: tuple[str, ...]) -> None:
    if doubled := sorted({name for name in columns if columns.count(name) > 1 and name}):
        raise InputError("{path}: the column {names} stands twice.", path=path, names=_listed(doubled))


def text_of(path: Path, start: bytes) -> str | None:
    """The beginning of a file as text, or None where it is none that a table is written in."""
    try:
        return _decoded(path, start, None)[1]
    except InputError:
        return None


def _no_names(path: Path) -> InputError:
    return InputError("{path}: the first line cannot be read as column names.", path=path)


def _names(reader: Iterator[list[str]]) -> tuple[str, ...]:
    """The names of the columns: the first row in which anything stands."""
    return tuple(name.strip() for name in next((row for row in reader if any(map(str.strip, row))), ()))


# --- encodings --------------------------------------------------------------------------------------------------------


def _decoded(path: Path, head: bytes, named: str | None) -> tuple[str, str]:
    """The encoding and the text of a head.

    The file's own mark says which encoding it is, else the mapping; else UTF-8 is tried, and GB18030 where the text
    then reads like Chinese.
    """
    if found := next((name for mark, name in _BOMS if head.startswith(mark)), None):
        return found, _decode_as(path, head, found)
    if named:
        return named, _decode_as(path, head, named)
    text = _decode(head, "utf-8")
    if b"\0" in (head if text is None else head.splitlines()[0]):
        raise InputError("{path} is no text file.", hint="Export it as CSV.", path=path)
    if text is not None:
        return "utf-8", text
    text = _decode(head, "gb18030")
    if text is not None and _reads_like_chinese(text):
        return "gb18030", text
    raise InputError(
        "{path} is not written in UTF-8.",
        hint='Name its encoding in a mapping file: encoding = "cp1252"',
        path=path,
    )


def _decode_as(path: Path, head: bytes, name: str) -> str:
    try:
        io.TextIOWrapper(io.BytesIO(), name)  # also refuses codecs that are none of text, such as hex
    except (LookupError, ValueError) as error:
        raise InputError("'{name}' is no encoding.", hint="Such as utf-8, gb18030, cp1252.", name=name) from error
    text = _decode(head, name)
    if text is None:
        raise InputError("{path} is not written in {name}.", path=path, name=name)
    return text


def _decode(head: bytes, name: str) -> str | None:
    """The text, or None where it is not in this encoding. A character that the end of the head cuts is no mistake."""
    try:
        return codecs.getincrementaldecoder(name)("strict").decode(head, final=len(head) < HEAD)
    except UnicodeError:
        return None


def _reads_like_chinese(text: str) -> bool:
    """Whether decoded text is plausibly Chinese: nearly all of it symbols or common characters of GB 2312.

    Western text taken for GB18030 turns into rare characters: an accented letter swallows the letter behind it, and
    such pairs lie outside GB 2312.
    """
    far = [c.encode("gb18030") for c in text if ord(c) > 127]
    common = sum(
        len(c) == 2 and c[1] >= 0xA1 and (0xA1 <= c[0] <= 0xA3 or 0xB0 <= c[0] <= 0xD7) for c in far
    )  # the second level, D8 to F7, holds what is rare
    return bool(far) and common >= 0.9 * len(far)


# --- columns ----------------------------------------------------------------------------------------------------------


def require(table: Table, needed: Iterable[str], allowed: Sequence[str]) -> None:
    """Refuse a plain table whose columns are not those that are asked for."""
    missing = [name for name in needed if name not in table.columns]
    unknown = [name for name in table.columns if name not in allowed]
    if not missing and not unknown:
        return
    said = []
    if missing:
        said.append("it has no column " + ", ".join(missing))
    if unknown:
        said.append("these columns are unknown: " + ", ".join(_with_nearest(name, allowed) for name in unknown[:20]))
    raise InputError(
        "{path}: {said}.",
        hint="The columns are: " + ", ".join(allowed) + ". Other names go into a mapping file (--mapping).",
        path=table.path,
        said="; ".join(said),
    )


def require_mapped(table: Table, theirs: Iterable[str]) -> None:
    """Refuse a table that lacks a column which a mapping names."""
    missing = [name for name in dict.fromkeys(theirs) if name not in table.columns]
    if missing:
        raise InputError(
            "{path}: {said}.",
            hint="The columns of the file are: " + _listed(table.columns),
            path=table.path,
            said="it has no column " + ", ".join(_with_nearest(name, table.columns) for name in missing),
        )


def _with_nearest(name: str, allowed: Sequence[str]) -> str:
    """A name that is not among those allowed, with the one that was perhaps meant."""
    folded = {known.casefold(): known for known in allowed}
    near = get_close_matches(name[:_NAME].casefold(), folded, n=1)
    shown = name[:_NAME] or "(without a name)"
    return f"{shown} (did you mean {folded[near[0]]}?)" if near else shown


def _listed(names: Sequence[str]) -> str:
    return ", ".join(name[:_NAME] for name in names[:50])
