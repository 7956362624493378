"""Text from outside, made harmless: for a terminal, for a spreadsheet."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fractions import Fraction
    from typing import TextIO

    from ..domain.money import Money

_FORMULA = "=+-@＝＋－＠\t\r\n"  # what makes a spreadsheet calculate, in both widths


def clean(text: str) -> str:
    """The text with a visible stand-in for whatever could steer a terminal or hide from the eye.

    Controls of ASCII become their pictures (ESC is ␛), all others their escape (`\\x9b`, `\\u202e`). What remains is
    one line of characters that can be seen.
    """
    return text if text.isprintable() else "".join(map(_visible, text))


def _visible(char: str) -> str:
    code = ord(char)
    if char.isprintable() or unicodedata.category(char) == "Zs":
        return char
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "␡"
    return f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def amount(money: Money, currency: bool = True) -> str:
    """Money for people: `51,794.52 CNY`."""
    sign, digits = ("-", str(money)[1:]) if money.minor < 0 else ("", str(money))
    whole, point, fraction = digits.partition(".")
    return f"{sign}{int(whole):,}{point}{fraction}" + (f" {money.currency}" if currency else "")


def percent_text(rate: Decimal | Fraction) -> str:
    """A percentage in its shortest form: `10`, `4.35`."""
    exact = rate if isinstance(rate, Decimal) else Decimal(rate.numerator) / Decimal(rate.denominator)
    return format(exact.normalize(), "f")


def csv_cell(text: str) -> str:
    """The text with a leading apostrophe where a spreadsheet would take it for a formula."""
    first = text.lstrip(" ")[:1]
    return f"'{text}" if first and first in _FORMULA else text


def write_csv(rows: Iterable[Sequence[Any]], file: TextIO) -> None:
    """Write rows as CSV, one line a row. Text is made harmless; numbers, amounts and dates stay as they are."""
    import csv  # noqa: PLC0415  only for --csv

    writer = csv.writer(file, lineterminator="\n")
    writer.writerows([_csv_value(value) for value in row] for row in rows)


def _csv_value(value: Any) -> Any:
    if value is None:
        return ""
    # An enum of words is a str, and none of its words begins like a formula.
    return clean(csv_cell(value)) if isinstance(value, str) else value
