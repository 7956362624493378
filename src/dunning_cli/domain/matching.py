"""Whose payment a line of a statement is: what in it can name a case, and what is certain enough to be booked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from hashlib import sha256

from .cases import Case
from .facts import InstallmentStatus, PlanStatus
from .money import Money


class By(StrEnum):
    """Why a line was booked on its case, or suggests one; the surest first."""

    CASE = "case"
    REFERENCE = "reference"
    TEXT = "text"
    END_TO_END = "end_to_end"
    ACCOUNT = "account"
    NAME_AMOUNT = "name_amount"
    HAND = "hand"
    RETURN = "return"
    NAME = "name"
    AMOUNT = "amount"


_WORDS = 80  # words of a text that are looked at
_TOKENS = 300
_CJK = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff]+")  # a reference between them stands alone
_BETWEEN = re.compile(r"[\s,;:()\[\]{}<>\"'|+=*#!?。、]+")
_WITHIN = re.compile(r"[/.\\]+")
_EDGES = ".,-/_&"
_DATE = re.compile(r"(19|20)\d\d[-./]?[01]\d[-./]?[0-3]\d|[0-3]?\d[-./][01]?\d[-./](?:19|20)?\d\d")
_NO_REFERENCE = frozenset(("NONREF", "NOTPROVIDED", "NOT PROVIDED", "KREF", "/", "-"))


def said(text: str | None) -> str | None:
    """A reference, or None where a bank writes that there is none."""
    text = (text or "").strip()
    return None if not text or text.upper() in _NO_REFERENCE else text


def tokens(text: str) -> dict[str, None]:
    """All that could be a reference in a text, each standing for itself there; in the order in which they come.

    A reference is a whole token: no letter or digit touches it, but for Chinese, Japanese and Korean script, which is
    written without blanks. A reference of up to three words is found as well. Each stands here as it is written and in
    capitals.
    """
    folded = unicodedata.normalize("NFKC", text)
    found: dict[str, None] = {}
    for token in _pieces(folded):
        if token:
            found[token] = None
            found[token.upper()] = None
        if len(found) >= _TOKENS:
            break
    return found


def _pieces(text: str) -> Iterator[str]:
    for words in (text.split()[:_WORDS], _CJK.sub(" ", text).split()[:_WORDS]):
        for word in words:
            yield word.strip(_EDGES)
            for part in _BETWEEN.split(word):
                yield part.strip(_EDGES)
                if _WITHIN.search(part):
                    yield from (piece.strip(_EDGES) for piece in _WITHIN.split(part))
        for count in (2, 3):
            yield from (" ".join(words[at : at + count]).strip(_EDGES) for at in range(len(words) - count + 1))


def certain(token: str) -> bool:
    """Whether a token in a free text can hardly be anything but a reference.

    It has four characters at least and a digit among them; five where it is a number; and it is no date.
    """
    if len(token) < (5 if token.isdigit() else 4) or _DATE.fullmatch(token):
        return False
    return any(c.isdigit() for c in token)


def creditor_reference(text: str) -> str:
    """What ISO 11649 puts behind `RF` and two check digits; any other reference as it is."""
    squeezed = text.replace(" ", "")
    return squeezed[4:] if re.fullmatch(r"RF\d\d[A-Za-z0-9]{1,21}", squeezed) else text


def account_key(account: str | None) -> str | None:
    """What an account is known again by: a digest, so that the number itself lies only where it can be erased.

    None for what names no single account: a masked number, one that is too short.
    """
    if not account or re.search(r"[*•…]|[xX]{3}", account):
        return None
    plain = "".join(c for c in unicodedata.normalize("NFKC", account).upper() if c.isalnum() or c in "@.")
    return sha256(f"account\0{plain}".encode()).hexdigest() if len(plain) >= 6 else None


def account_tail(account: str | None) -> str:
    """What the several ways to write one's own account have in common: its last ten digits, without zeros before.

    NL26VAYB8060476890 and 806.04.76.890EUR are the same.
    """
    return re.sub(r"\D", "", account or "")[-10:].lstrip("0")


def due_amounts(case: Case, on: date, today: date) -> set[Money]:
    """What a debtor would pay on a day: the open balance, and what the next installment still needs."""
    owed = case.owed(on)
    found = {owed} if owed and owed <= case.owed(today) else set()
    plan = case.plan
    if plan and plan.status is PlanStatus.ACCEPTED:
        for installment, paid, status in plan.statuses(case.payments, today):
            if status is not InstallmentStatus.PAID:
                found.add(installment.amount - paid)
                break
    return found
