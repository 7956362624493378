"""OFX 1 (SGML, whose values need no closing tag) and OFX 2 (XML): one tolerant reader for both, tag by tag."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from html import unescape
from pathlib import Path
from typing import Final, NamedTuple

from msgspec import Struct, field

from ..domain.matching import said
from ..domain.money import Money, currency_code
from ..domain.statements import LeftOut, Statement, StatementLine
from ..errors import DunningError, InputError
from ..i18n import later
from .files import MAX_PIECE, broken, count, refuse_oversized, text_encoding
from .tables import BadRow

NAME: Final = "ofx"
_BLOCK = 1 << 16
_STATEMENTS = ("STMTRS", "CCSTMTRS")
_AGGREGATES = ("STMTTRN", "BANKACCTTO", "CCACCTTO", "PAYEE")
_CDATA = "<![CDATA["
_AMOUNT = re.compile(r"[+-]?\d+(?:[.,]\d+)?", re.ASCII)


def detect(head: bytes) -> bool:
    """Whether a file begins with the header of OFX, or with its outermost tag."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:4000].upper()
    return start.startswith((b"OFXHEADER", b"<OFX>")) or (start.startswith(b"<?") and b"<OFX>" in head.upper())


class _Tag(NamedTuple):
    """A tag with the text behind it, and the line on which it stands."""

    line: int
    name: str
    closes: bool
    text: str


class _Open(Struct):
    """The statement that is being read."""

    currency: str | None = None
    account: str | None = None
    begins: str = ""
    moved: Money | None = None
    path: list[str] = field(default_factory=list)


class _Reading:
    """What was read so far: the statement, and the line within it that is not at its end yet."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.of = _Open()
        self.values: dict[str, str] = {}
        self.begun = 0  # the line on which a transaction begins; 0 outside one

    def opened(self, tag: _Tag) -> None:
        if tag.name == "STMTTRN":
            if self.begun:
                raise broken(self.path, tag.line, "a transaction begins within another")
            self.begun, self.values = tag.line, {}
        if not tag.text:
            self.of.path.append(tag.name)
        elif self.begun:
            within = next((name for name in reversed(self.of.path) if name in _AGGREGATES), "STMTTRN")
            self.values.setdefault(tag.name if within == "STMTTRN" else f"{within}.{tag.name}", tag.text)
        else:
            self._value(tag)

    def closed(self, tag: _Tag) -> Iterator[StatementLine | BadRow | LeftOut | Statement]:
        of = self.of
        if tag.name == "STMTTRN" and self.begun:
            yield _line(self.begun, self.values, of)
            self.begun = 0
        elif tag.name in _STATEMENTS:
            yield Statement(of.begins or "1", of.account, None, None, of.moved)
            self.of = _Open()
        if tag.name in of.path:
            del of.path[of.path.index(tag.name) :]

    def _value(self, tag: _Tag) -> None:
        """A value outside a transaction."""
        of = self.of
        if tag.name == "CURDEF":
            try:
                of.currency = currency_code(tag.text)
            except InputError as error:
                raise broken(self.path, tag.line, str(error)) from error
        elif tag.name == "ACCTID" and "BANKTRANLIST" not in of.path:
            of.account = tag.text
        elif tag.name == "DTSTART":
            of.begins = tag.text[:8]


class Ofx(Struct, frozen=True):
    path: Path
    encoding: str

    def count(self) -> int:
        return count(self.path, b"<STMTTRN>")

    def lines(self) -> Iterator[StatementLine | BadRow | LeftOut | Statement]:
        """Every line of every statement, and each statement when it ends. OFX knows no opening balance."""
        reading, ended = _Reading(self.path), False
        for tag in self._tags():
            if tag.closes:
                ended = ended or tag.name == "OFX"
                yield from reading.closed(tag)
            else:
                reading.opened(tag)
        if reading.begun or not ended:
            raise broken(self.path, reading.begun or count(self.path, b"\n") + 1, "the file ends before </OFX>")

    def _tags(self) -> Iterator[_Tag]:
        """The tags, each with the text up to the next one."""
        last: _Tag | None = None
        for line, piece in self._pieces():
            if piece.startswith(_CDATA):
                if last:
                    last = last._replace(text=(last.text + piece.removeprefix(_CDATA).removesuffix("]]>")).strip())
            elif piece.startswith("<"):
                if piece[1:2] in ("?", "!"):
                    if piece[:9].upper() == "<!DOCTYPE":
                        raise InputError("{path} has a DOCTYPE: it is refused.", path=self.path)
                    continue
                if last:
                    yield last
                name = piece[1:-1].strip()
                closes = name.startswith("/")
                last = _Tag(line, name.strip("/").split(maxsplit=1)[0].upper() if name.strip("/ ") else "", closes, "")
            elif last and not last.closes:
                last = last._replace(text=(last.text + unescape(piece)).strip())
        if last:
            yield last

    def _pieces(self) -> Iterator[tuple[int, str]]:
        """Tags and the texts between them, with their lines; no more than one block is in memory."""
        line, rest = 1, ""
        encoding = "utf-8-sig" if self.encoding == "utf-8" else self.encoding
        with self.path.open(encoding=encoding) as file:
            while True:
                block = file.read(_BLOCK)
                rest += block
                at = 0
                while at < len(rest):
                    end = _piece_end(rest, at)
                    if end is None or (end == len(rest) and block and rest[at] != "<"):
                        break
                    yield line, rest[at:end]
                    line += rest.count("\n", at, end)
                    at = end
                rest = rest[at:]
                if len(rest) > MAX_PIECE:
                    raise broken(self.path, line, f"a value is longer than {MAX_PIECE} characters")
                if not block:
                    if rest:
                        raise broken(self.path, line, "the file ends within a tag")
                    return


def _piece_end(text: str, at: int) -> int | None:
    """Where the piece that begins at a place ends; None where its end is not there yet."""
    if text[at] != "<":
        found = text.find("<", at)
        return found if found >= 0 else len(text)
    closing = "]]>" if text.startswith(_CDATA, at) else ">"
    if closing == ">" and _CDATA.startswith(text[at : at + len(_CDATA)]):
        return None  # cut within the mark
    found = text.find(closing, at)
    return found + len(closing) if found >= 0 else None


def open_file(path: Path, head: bytes) -> Ofx:
    refuse_oversized(path)
    named = re.search(rb"(?:CHARSET:|encoding\s*=\s*[\"'])\s*([\w-]+)", head[:2000])
    name = named[1].decode("ascii").lower() if named else ""
    declared = f"cp{name}" if name.isdigit() else name
    return Ofx(path, text_encoding(path, [each for each in (declared, "cp1252") if each]))


def _line(begun: int, said_of: dict[str, str], of: _Open) -> StatementLine | BadRow | LeftOut:
    if said_of.get("TRNTYPE") == "HOLD":
        return LeftOut(begun)
    given = said_of.get("TRNAMT", "")
    try:
        if not _AMOUNT.fullmatch(given):
            raise ValueError("is no amount" if given else "is missing")
        if not of.currency:
            raise ValueError("no CURDEF says in which currency it is")
        amount = Money.of(given.replace(",", ".").removeprefix("+"), of.currency)
    except (DunningError, ValueError) as error:
        return BadRow(begun, "TRNAMT", given, str(error))
    day = said_of.get("DTPOSTED", "")
    try:
        on = date(int(day[:4]), int(day[4:6]), int(day[6:8]))
    except ValueError:
        return BadRow(begun, "DTPOSTED", day, "is no date" if day else "is missing")
    of.moved = amount if of.moved is None else of.moved + amount
    name = said_of.get("NAME") or said_of.get("PAYEE.NAME")
    memo = said_of.get("MEMO")
    account = said_of.get("BANKACCTTO.ACCTID") or said_of.get("CCACCTTO.ACCTID")
    return StatementLine(
        begun,
        on,
        amount,
        said(said_of.get("FITID")),
        said(said_of.get("REFNUM")),
        name,
        account,
        memo if memo and memo != name else name,
        doubt=later("it corrects an earlier line of the bank") if said_of.get("CORRECTFITID") else None,
        statement=of.begins or "1",
        own_account=of.account,
    )
