"""Tables in text files: CSV in the encodings and dialects that ledgers and banks write, read row by row.

Nothing is ever read whole: memory stays flat. What is wrong with one row is said by its line; what is wrong with the
file stops it.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import IO, NamedTuple

from ..errors import InputError

MAX_LINE = 1 << 20  # characters; a longer line is no row of a table
_HEAD = 1 << 16  # bytes looked at to tell the encoding and the delimiter
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DELIMITERS = ",;\t|"


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


@dataclass(frozen=True, slots=True)
class Table:
    """A text file as a table: where it is, and how it is written."""

    path: Path
    encoding: str
    delimiter: str
    columns: tuple[str, ...]

    def rows(self) -> Iterator[Row | BadRow]:
        """Every row below the header; a row that is broken comes as BadRow, and the next one goes on."""
        with self.path.open(encoding=self.encoding, newline="") as file:
            lines = _Lines(file, self.path)
            reader = csv.reader(lines, delimiter=self.delimiter, strict=True)
            next(reader, None)
            while True:
                begins = lines.number + 1
                try:
                    values = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    raise InputError(
                        "{path}, line {line}: {said}.",
                        hint="From there on the file cannot be told into rows: look for a quote that is not closed.",
                        path=self.path,
                        line=begins,
                        said=str(error),
                    ) from error
                if lines.skipped:
                    yield BadRow(lines.skipped, "", "", f"the line is longer than {MAX_LINE} characters")
                    lines.skipped = 0
                elif values:
                    yield self._row(begins, values)

    def count_lines(self) -> int:
        """About how many rows there are, for a progress bar: the line ends of the file."""
        with self.path.open("rb") as file:
            return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))

    def _row(self, line: int, values: Sequence[str]) -> Row | BadRow:
        if len(values) != len(self.columns):
            return BadRow(line, "", "", f"the row has {len(values)} values, the header {len(self.columns)}")
        if any("\0" in value for value in values):
            return BadRow(line, "", "", "the row holds a NUL character")
        return Row(line, dict(zip(self.columns, values, strict=True)))


class _Lines:
    """The lines of a file, counted; a line that is too long is read away and stands as an empty one."""

    def __init__(self, file: IO[str], path: Path) -> None:
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
            if len(text) > MAX_LINE and not text.endswith("\n"):
                self.skipped = self.number
                while text and not text.endswith("\n"):
                    text = self.file.readline(MAX_LINE)
                return "-\n"
        except UnicodeDecodeError as error:
            raise InputError(
                "{path}, after line {line}: the text is not {encoding}.",
                hint='Name the right encoding in a mapping file: encoding = "gb18030"',
                path=self.path,
                line=self.number,
                encoding=error.encoding,
            ) from error
        return text


def open_table(path: Path, encoding: str | None = None, delimiter: str | None = None) -> Table:
    """Look at the beginning of a file: how it is written, and what its columns are called."""
    try:
        with path.open("rb") as file:
            head = file.read(_HEAD)
    except OSError as error:
        raise InputError("{path} cannot be read: {said}.", path=path, said=error.strerror or str(error)) from error
    encoding = _encoding(path, head, encoding)
    # A character cut at the end of the head is no mistake.
    text = codecs.getincrementaldecoder(encoding)("strict").decode(head)
    lines = text.splitlines()
    if not lines:
        raise InputError("{path} is empty.", hint="The first line names the columns.", path=path)
    delimiter = delimiter or max(_DELIMITERS, key=lines[0].count)
    try:
        columns = next(csv.reader(lines, delimiter=delimiter))
    except (csv.Error, StopIteration) as error:
        raise InputError("{path}: the first line cannot be read as column names.", path=path) from error
    named = tuple(column.strip() for column in columns)
    if doubled := sorted({name for name in named if named.count(name) > 1 and name}):
        raise InputError("{path}: the column {names} stands twice.", path=path, names=", ".join(doubled))
    return Table(path, encoding, delimiter, named)


def _encoding(path: Path, head: bytes, named: str | None) -> str:
    """The encoding: the file's own mark, else as named, else UTF-8, else GB18030 where it reads like Chinese."""
    if found := next((name for mark, name in _BOMS if head.startswith(mark)), None):
        return found
    if b"\0" in head:
        raise InputError("{path} is no text file.", hint="Export it as CSV.", path=path)
    if named:
        try:
            codecs.lookup(named)
        except LookupError as error:
            raise InputError("'{name}' is no encoding.", hint="Such as utf-8, gb18030, cp1252.", name=named) from error
        return _reads(path, head, named) or named
    for name in ("utf-8", "gb18030"):
        try:
            text = codecs.getincrementaldecoder(name)("strict").decode(head)
        except UnicodeDecodeError:
            continue
        if name == "utf-8" or _reads_like_chinese(text):
            return name
    raise InputError(
        "{path} is not written in UTF-8.",
        hint='Name its encoding in a mapping file: encoding = "cp1252"',
        path=path,
    )


def _reads(path: Path, head: bytes, named: str) -> str | None:
    try:
        codecs.getincrementaldecoder(named)("strict").decode(head)
    except UnicodeDecodeError as error:
        raise InputError("{path} is not written in {name}.", path=path, name=named) from error
    return None


def _reads_like_chinese(text: str) -> bool:
    """Whether decoded text is plausibly Chinese: nearly all of it common characters of GB 2312's first level.

    Western text taken for GB18030 turns into rare characters, since its accented letters lie above that level.
    """
    far = [c for c in text if ord(c) > 127]
    common = sum(
        1 for c in far if b"\xb0" <= c.encode("gb18030")[:1] <= b"\xd7" or "\u3000" <= c <= "\u303f" or c >= "\uff00"
    )
    return bool(far) and common >= 0.9 * len(far)


def require(table: Table, needed: Sequence[str], allowed: Sequence[str]) -> None:
    """Refuse a table whose columns are not those that are asked for."""
    missing = [name for name in needed if name not in table.columns]
    unknown = [name for name in table.columns if name not in allowed]
    if not missing and not unknown:
        return
    said = []
    if missing:
        said.append("it has no column " + ", ".join(missing))
    if unknown:
        near = {name: get_close_matches(name, allowed, n=1) for name in unknown}
        named = [f"{name} (did you mean {found[0]}?)" if found else name for name, found in near.items()]
        said.append("these columns are unknown: " + ", ".join(named))
    raise InputError(
        "{path}: {said}.",
        hint="The columns are: " + ", ".join(allowed) + ". Other names go into a mapping file (--mapping).",
        path=table.path,
        said="; ".join(said),
    )
