"""Personal details, masked: enough to recognise what one knows, not enough to learn it.

The number of stars says nothing about the number of characters hidden.
"""

from __future__ import annotations

from collections.abc import Callable

from ..domain.debtors import DetailKind
from ..domain.journal import ERASED

STARS = "****"

# Country codes of two digits; those that begin with 1 or 7 have one, all others three.
_TWO = (
    "20 27 30 31 32 33 34 36 39 40 41 43 44 45 46 47 48 49 51 52 53 54 55 56 57 58 60 61 62 63 64 65 66 81 82 84 86 90 "
    "91 92 93 94 95 98"
)


def phone(text: str) -> str:
    """`+86 13800138000` is `+86 138****8000`; of a number shorter than that at most half its digits, the last ones."""
    digits = "".join(c for c in text if c.isdigit())
    country = _country(digits) if text.lstrip().startswith("+") else ""
    national = digits[len(country) :]
    head, tail = (3, 4) if len(national) >= 11 else (0, min(4, len(national) // 2))
    masked = national[:head] + STARS + national[len(national) - tail :]
    return f"+{country} {masked}" if country else masked


def _country(digits: str) -> str:
    if digits[:1] in ("1", "7"):
        return digits[:1]
    return digits[:2] if f" {digits[:2]} " in f" {_TWO} " else digits[:3]


def email(text: str) -> str:
    """`zhang@example.com` is `z***@example.com`; of a name of one letter nothing is shown."""
    name, at, domain = text.rpartition("@")
    return f"{name[:1] if len(name) > 1 else ''}***{at}{domain}" if name else STARS


def id_number(text: str) -> str:
    """The first three and the last two characters, fewer where that would be more than half."""
    if len(text) >= 10:
        return text[:3] + STARS + text[-2:]
    return STARS + text[len(text) - min(2, len(text) // 3) :]


def address(text: str) -> str:
    """The first few characters."""
    return text[: min(6, len(text) // 3)].rstrip() + "***"


_MASKS: dict[DetailKind, Callable[[str], str]] = {
    DetailKind.PHONE: phone,
    DetailKind.EMAIL: email,
    DetailKind.ADDRESS: address,
    DetailKind.ID_NUMBER: id_number,
}


def detail(kind: DetailKind, value: str, *, reveal: bool = False) -> str:
    """A detail as it is shown: in full where it was asked for, masked otherwise. A time zone tells nothing personal."""
    if reveal or value == ERASED or kind not in _MASKS:
        return value
    return _MASKS[kind](value)


def contact_address(value: str, *, reveal: bool = False) -> str:
    """What a contact was made to, which may be a number, an e-mail address or a place."""
    if "@" in value:
        return detail(DetailKind.EMAIL, value, reveal=reveal)
    mostly_digits = 2 * sum(c.isdigit() for c in value) > len(value)
    return detail(DetailKind.PHONE if mostly_digits else DetailKind.ADDRESS, value, reveal=reveal)
