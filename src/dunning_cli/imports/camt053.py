"""CAMT.053 (ISO 20022 bank to customer statement), versions 2 to 8 and later: read entry by entry, nothing kept.

The element names that are read here are alike in all versions; namespaces are stripped. What differs is taken either
way: `<Sts>BOOK` and `<Sts><Cd>BOOK`, `Dt` and `DtTm`, a party's name with and without `Pty`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, Final
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from msgspec import Struct, field

from ..domain.matching import said
from ..domain.money import Money, currency_code
from ..domain.statements import LeftOut, Statement, StatementLine
from ..errors import DunningError, InputError
from ..i18n import later
from .files import MAX_PIECE, broken, count, refuse_oversized
from .tables import BadRow

NAME: Final = "camt053"
_OTHERS = {b"BkToCstmrAcctRpt": "camt.052", b"BkToCstmrDbtCdtNtfctn": "camt.054", b"CstmrCdtTrfInitn": "pain.001"}
_BLOCK = 1 << 16
_MAX_ELEMENTS = 50_000  # inside one entry or one part of a batch
_MAX_PARTS = 100_000  # in one batch
_DEEPEST = 5  # how deep the parts of a batch stand: Document, BkToCstmrStmt, Stmt, Ntry, NtryDtls, TxDtls
_BOOKED = ("BOOK", "")
Read = StatementLine | BadRow | LeftOut | Statement


def detect(head: bytes) -> bool:
    """Whether a file begins as XML and names the statement's own element or its schema."""
    start = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")  # also in UTF-16
    return start.startswith(b"<") and (b"BkToCstmrStmt" in start or b"camt.053" in start)


def kin(head: bytes) -> str | None:
    """The name of a sibling of this format, which is no statement."""
    return next((name for mark, name in _OTHERS.items() if mark in head), None)


class _Batch(Struct):
    """A part of an entry as it was read, before the others are known."""

    amount: Money | None
    credit: bool | None
    reference: str | None
    end_to_end: str | None
    payer: str | None
    account: str | None
    text: str | None
    references: tuple[str, ...]
    returns: bool


class _Open(Struct):
    """The statement that is being read."""

    id: str = ""
    account: str | None = None
    opening: Money | None = None
    closing: Money | None = None
    moved: Money | None = None
    entries: int = 0
    parts: list[_Batch] = field(default_factory=list)


class Camt053(Struct, frozen=True):
    path: Path
    encoding: str

    def count(self) -> int:
        return count(self.path, b"Ntry>") // 2

    def lines(self) -> Iterator[Read]:
        """Every line of every statement, and each statement when it ends."""
        return _Reading(self.path).events()


def open_file(path: Path, head: bytes) -> Camt053:
    refuse_oversized(path)
    found = re.match(rb"\s*<\?xml[^>]*encoding\s*=\s*[\"']([\w.-]+)", head.lstrip(b"\xef\xbb\xbf"))
    return Camt053(path, found[1].decode("ascii").lower() if found else "utf-8")


class _Reading:
    """One pass over a file. The tree below an entry is thrown away as soon as the entry was read."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.parser: Any = XMLPullParser(("start", "end"))
        self.above: list[Element] = []  # the open elements down to the one that holds the parts of a batch
        self.depth = 0
        self.statement: _Open | None = None
        self.statements = 0
        self.line = 1
        self.begun = 1  # the line on which the entry begins
        self.elements = 0  # since something was thrown away
        self.unended = 0  # bytes since an element ended

    def events(self) -> Iterator[Read]:
        prolog: bytes | None = b""
        try:
            with self.path.open("rb") as file:
                held, size = list[bytes](), 0
                while block := file.readline(_BLOCK):
                    if prolog is not None:
                        prolog = self._prolog(prolog + block)
                    held.append(block)
                    size += len(block)
                    # Short lines are parsed many at once, but for those on which an entry begins: its line counts.
                    if prolog is not None or size >= _BLOCK or b"Ntry>" in block:
                        before = b"".join(held[:-1])
                        if before:
                            self.parser.feed(before)
                            yield from self._read(len(before))
                        self.line += sum(each.endswith(b"\n") for each in held[:-1])
                        self.parser.feed(block)
                        yield from self._read(len(block))
                        self.line += block.endswith(b"\n")
                        held, size = [], 0
                self.parser.feed(b"".join(held))
            self.parser.close()
        except ParseError as error:
            raise broken(self.path, error.position[0], f"the XML cannot be read: {error.msg}") from error
        except (LookupError, ValueError) as error:  # an encoding that the parser does not know
            raise broken(self.path, self.line, f"the XML cannot be read: {error}") from error
        yield from self._read(0)
        if not self.statements:
            raise InputError("{path} holds no statement: it has no element Stmt.", path=self.path)

    def _prolog(self, begun: bytes) -> bytes | None:
        """What stands before the first element may define entities: nobody's statement needs that."""
        plain = begun.replace(b"\0", b"")
        if b"<!DOCTYPE" in plain:
            raise InputError(
                "{path} has a DOCTYPE: it is refused.",
                hint="No bank sends one. It can make a small file grow without end, or read other files.",
                path=self.path,
            )
        if self.depth or self.statements:
            return None
        if len(begun) > MAX_PIECE:
            raise broken(self.path, self.line, "no element begins within the first MB")
        return begun

    def _read(self, size: int) -> Iterator[Read]:
        self.unended += size
        for event, element in self.parser.read_events():
            if event == "start":
                element.tag = _plain(element.tag)
                self.elements += 1
                if self.depth <= _DEEPEST:
                    self._start(element)
                self.depth += 1
            else:
                self.unended = 0
                self.depth -= 1
                if self.depth <= _DEEPEST:
                    yield from self._end(element)
        if self.elements > _MAX_ELEMENTS:
            raise broken(self.path, self.line, f"an element holds more than {_MAX_ELEMENTS} others")
        if self.unended > MAX_PIECE:
            raise broken(self.path, self.line, f"an element is longer than {MAX_PIECE} bytes")

    def _start(self, element: Element) -> None:
        name, depth = element.tag, self.depth
        self.above[depth:] = [element]
        if depth < 2 and name != ("Document", "BkToCstmrStmt")[depth]:
            raise InputError("{path} is no CAMT.053 statement: it begins with {name}.", path=self.path, name=name)
        if depth == 2 and name == "Stmt":
            self.statement = _Open()
            self.statements += 1
        elif depth == 3 and name == "Ntry":
            self.begun = self.line

    def _end(self, element: Element) -> Iterator[Read]:
        name, depth, of = element.tag, self.depth, self.statement
        if depth == _DEEPEST:
            if name == "TxDtls" and of and self.above[3].tag == "Ntry":
                if len(of.parts) >= _MAX_PARTS:
                    raise broken(self.path, self.line, f"a batch has more than {_MAX_PARTS} parts")
                of.parts.append(_part(element))
                self._drop(element)
        elif depth == 3 and of:
            if name == "Ntry":
                of.entries += 1
                yield from self._entry(element, of)
                of.parts.clear()
            else:
                self._header(name, element, of)
            self._drop(element)
        elif depth <= 2:
            if name == "Stmt" and of:
                yield Statement(of.id or str(self.statements), of.account, of.opening, of.closing, of.moved)
                self.statement = None
            self._drop(element)

    def _drop(self, element: Element) -> None:
        element.clear()
        self.elements = 0
        if self.depth:
            self.above[self.depth - 1].remove(element)

    def _header(self, name: str, element: Element, of: _Open) -> None:
        if name == "Id":
            of.id = (element.text or "").strip()[:100]
        elif name == "Acct":
            of.account = _text(element, "Id", "IBAN") or _text(element, "Id", "Othr", "Id")
        elif name == "Bal":
            kind = _text(element, "Tp", "CdOrPrtry", "Cd") or _text(element, "Tp", "Cd")
            if kind in ("OPBD", "PRCD") and not (kind == "PRCD" and of.opening is not None):
                of.opening = self._balance(element)
            elif kind == "CLBD":
                of.closing = self._balance(element)

    def _balance(self, element: Element) -> Money | None:
        try:
            amount = _money(_child(element, "Amt"))
        except (DunningError, ValueError) as error:
            raise broken(self.path, self.line, f"a balance cannot be read: {error}") from error
        return amount if _text(element, "CdtDbtInd") != "DBIT" else Money(-amount.minor, amount.currency)

    def _entry(self, element: Element, of: _Open) -> Iterator[Read]:
        place = f"entry {of.entries}"
        try:
            given = _child(element, "Amt")
            amount = _money(given)
        except (DunningError, ValueError) as error:
            value = (given.text or "").strip() if given is not None else ""
            yield BadRow(self.begun, f"{place} Amt", value, str(error))
            return
        status = _text(element, "Sts", "Cd") or _text(element, "Sts") or ""
        if status not in _BOOKED:
            yield LeftOut(self.begun)
            return
        mark = _text(element, "CdtDbtInd")
        if mark not in ("CRDT", "DBIT"):
            yield BadRow(self.begun, f"{place} CdtDbtInd", mark or "", "is neither CRDT nor DBIT")
            return
        said_on = _day(element, "BookgDt") or _day(element, "ValDt")
        try:
            on = date.fromisoformat((said_on or "")[:10])
        except ValueError:
            yield BadRow(self.begun, f"{place} BookgDt", said_on or "", "is no date" if said_on else "is missing")
            return
        signed = amount if mark == "CRDT" else Money(-amount.minor, amount.currency)
        if of.moved is None or of.moved.currency == signed.currency:
            of.moved = signed if of.moved is None else of.moved + signed
        yield from self._lines(element, of, on, signed)

    def _lines(self, element: Element, of: _Open, on: date, signed: Money) -> Iterator[StatementLine]:
        reversal = _text(element, "RvslInd") in ("true", "1")
        reference = said(_text(element, "AcctSvcrRef"))
        more = _text(element, "AddtlNtryInf")
        parts, doubt = of.parts, None
        amounts = _amounts(parts, signed)
        if len(parts) > 1 and amounts is None:
            doubt = later("the parts of this entry do not add up to it")
            parts = []
        if not parts:
            parts, amounts = [_Batch(None, None, None, None, None, None, None, (), False)], [signed]
        names = _names(parts, reference)
        for part, amount, name in zip(parts, amounts or [signed], names, strict=True):
            yield StatementLine(
                self.begun,
                on,
                amount,
                name,
                part.end_to_end,
                part.payer,
                part.account,
                part.text or more,
                part.references,
                returns=reversal or part.returns,
                doubt=doubt,
                statement=of.id or str(self.statements),
                own_account=of.account,
            )


def _amounts(parts: list[_Batch], signed: Money) -> list[Money] | None:
    """What each part of an entry comes to, or None where the parts do not make the entry."""
    if len(parts) < 2:
        return [signed]
    found = []
    for part in parts:
        if part.amount is None or part.amount.currency != signed.currency:
            return None
        credit = (signed.minor >= 0) if part.credit is None else part.credit
        found.append(part.amount if credit else Money(-part.amount.minor, part.amount.currency))
    return found if Money.total(found, signed.currency) == signed else None


def _names(parts: list[_Batch], reference: str | None) -> list[str | None]:
    """The bank's own reference of each part: its own, or the entry's with what tells the part apart."""
    if len(parts) == 1:
        return [parts[0].reference or reference]
    counted = Counter(part.reference for part in parts)
    names: list[str | None] = []
    for number, part in enumerate(parts, 1):
        if part.reference and counted[part.reference] == 1:
            names.append(part.reference)
        elif whole := part.reference or reference:
            names.append(f"{whole}/{part.end_to_end or number}")
        else:
            names.append(None)
    return names


def _part(element: Element) -> _Batch:
    credit = {"CRDT": True, "DBIT": False}.get(_text(element, "CdtDbtInd") or "")
    given = _child(element, "Amt")
    if given is None:
        given = _child(element, "AmtDtls", "TxAmt", "Amt")
    try:
        amount = _money(given) if given is not None else None
    except (DunningError, ValueError):
        amount = None  # where it matters, the parts then do not add up
    said_of = _child(element, "RmtInf")
    unstructured = said_of.findall("Ustrd") if said_of is not None else []
    structured = said_of.findall("Strd") if said_of is not None else []
    references = _texts(structured, "CdtrRefInf", "Ref")
    texts = _texts(unstructured) or references or _texts(structured, "AddtlRmtInf") or _texts([element], "AddtlTxInf")
    parties, refs = _child(element, "RltdPties"), _child(element, "Refs")
    return _Batch(
        amount,
        credit,
        said(_text(refs, "AcctSvcrRef")) or said(_text(refs, "TxId")) if refs is not None else None,
        said(_text(refs, "EndToEndId")) if refs is not None else None,
        (_name(parties, "Dbtr") or _name(parties, "UltmtDbtr")) if parties is not None else None,
        _account(parties, "DbtrAcct") if parties is not None else None,
        " ".join(texts) or None,
        tuple(references),
        _child(element, "RtrInf") is not None,
    )


def _name(element: Element, party: str) -> str | None:
    return _text(element, party, "Nm") or _text(element, party, "Pty", "Nm")


def _account(element: Element, name: str) -> str | None:
    return _text(element, name, "Id", "IBAN") or _text(element, name, "Id", "Othr", "Id")


# --- elements without their namespaces --------------------------------------------------------------------------------


@lru_cache(1000)
def _plain(tag: str) -> str:
    return tag.rpartition("}")[2]


def _child(element: Element, *path: str) -> Element | None:
    found: Element | None = element
    for name in path:
        if found is None:
            return None
        found = found.find(name)
    return found


def _text(element: Element, *path: str) -> str | None:
    found = _child(element, *path)
    return (found.text or "").strip() or None if found is not None else None


def _texts(elements: Iterable[Element], *path: str) -> list[str]:
    return [text for each in elements if (text := _text(each, *path))]


def _day(element: Element, name: str) -> str | None:
    return _text(element, name, "Dt") or _text(element, name, "DtTm")


def _money(element: Element | None) -> Money:
    if element is None:
        raise ValueError("is missing")
    amount = Money.of((element.text or "").strip().removeprefix("+"), currency_code(element.get("Ccy") or ""))
    if amount.minor < 0:
        raise ValueError("is less than 0: CdtDbtInd says which way money went")
    return amount
