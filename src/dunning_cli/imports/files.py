"""Files as they come in: how large they may be, how they begin, and how their text is written."""

from __future__ import annotations

import codecs
import stat
from collections.abc import Iterable
from pathlib import Path

from ..errors import InputError

HEAD = 1 << 16  # bytes looked at to tell what a file is
MAX_STATEMENT = 1 << 30  # bytes; a statement file that is larger is none, or was put together by mistake
MAX_PIECE = 1 << 20  # bytes or characters; nothing that belongs to one line of a statement is longer
_BLOCK = 1 << 20


def head(path: Path) -> bytes:
    """The beginning of a file that can be read as often as it has to be."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise InputError(
                "{path} cannot be read: {said}.", path=path, said="it is no plain file; save it to one first"
            )
        with path.open("rb") as file:
            return file.read(HEAD)
    except OSError as error:
        raise InputError("{path} cannot be read: {said}.", path=path, said=error.strerror or str(error)) from error


def refuse_oversized(path: Path) -> None:
    """Refuse a statement file beyond what any bank sends."""
    if path.stat().st_size > MAX_STATEMENT:
        raise InputError(
            "{path} is larger than {limit} MB.",
            hint="Ask the bank for shorter periods, one file each; lines that two files share are booked once.",
            path=path,
            limit=MAX_STATEMENT >> 20,
        )


def text_encoding(path: Path, others: Iterable[str]) -> str:
    """The first encoding that the whole file is written in: UTF-8, then the others."""
    for name in ("utf-8-sig", *others):
        try:
            decoder = codecs.getincrementaldecoder(name)("strict")
        except LookupError:
            continue
        try:
            with path.open("rb") as file:
                while block := file.read(_BLOCK):
                    decoder.decode(block)
            decoder.decode(b"", final=True)
        except UnicodeError:
            continue
        return "utf-8" if name == "utf-8-sig" else name
    raise InputError("{path}: the text is in no encoding that this format is written in.", path=path)


def count(path: Path, mark: bytes) -> int:
    """How often a mark stands in a file, for a progress bar: one that two blocks share may be missed."""
    with path.open("rb") as file:
        return sum(block.count(mark) for block in iter(lambda: file.read(_BLOCK), b""))


def broken(path: Path, line: int, said: str) -> InputError:
    """The error for a file that cannot be read on from a place."""
    return InputError(
        "{path}, line {line}: {said}.",
        hint="Nothing was written. The file is cut off or damaged: fetch it from the bank again.",
        path=path,
        line=line,
        said=said,
    )
