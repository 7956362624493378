"""Money: whole minor units (cents, fen, yen) and an ISO 4217 code. Never a float."""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from msgspec import Struct

from ..errors import InputError

# Active codes of ISO 4217 (list one) by the number of digits after the decimal sign.
_CODES = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY "
    "COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR "
    "IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD "
    "NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC "
    "SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG",
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
DIGITS: dict[str, int] = {code: digits for digits, codes in _CODES.items() for code in codes.split()}
_AMOUNT = re.compile(r"(-?)(\d{1,15})(?:\.(\d+))?", re.ASCII)


def currency_code(text: str) -> str:
    """The code in capitals; an unknown one raises InputError."""
    code = text.strip().upper()
    if code not in DIGITS:
        raise InputError("'{text}' is no currency code.", hint="Use an ISO 4217 code such as CNY or EUR.", text=text)
    return code


class Rounding(StrEnum):
    """How half a minor unit is rounded: to the even neighbour, or away from nothing."""

    HALF_EVEN = "half_even"
    HALF_UP = "half_up"


def rounded(exact: Fraction, rounding: Rounding = Rounding.HALF_EVEN) -> int:
    """The one place where money is rounded: an exact number of minor units to a whole one."""
    whole, rest = divmod(abs(exact.numerator), exact.denominator)
    twice = 2 * rest
    if twice > exact.denominator or (twice == exact.denominator and (rounding is Rounding.HALF_UP or whole % 2)):
        whole += 1
    return whole if exact >= 0 else -whole


class Money(Struct, frozen=True, array_like=True):
    """An amount in whole minor units of one currency. Amounts of two currencies never mix."""

    minor: int
    currency: str

    @classmethod
    def of(cls, text: str, currency: str) -> Money:
        """Read major units with a decimal point: `Money.of("1250.50", "EUR")`. Too many decimals raise InputError."""
        digits = DIGITS[currency]
        found = _AMOUNT.fullmatch(text)
        if not found or len(fraction := (found[3] or "").rstrip("0")) > digits:
            raise InputError(
                "'{text}' is no amount in {currency}.",
                hint=f"Write digits with a decimal point and no thousands marks, such as {Money(125050, currency)}.",
                text=text,
                currency=currency,
            )
        return cls(int(found[1] + found[2] + fraction.ljust(digits, "0")), currency)

    @classmethod
    def positive(cls, text: str, currency: str, what: str) -> Money:
        """Read an amount that must be more than nothing; `what` names it in the error."""
        amount = cls.of(text, currency)
        if amount.minor <= 0:
            raise InputError("The {what} must be more than 0, not {text}.", what=what, text=text)
        return amount

    @classmethod
    def total(cls, amounts: Iterable[Money], currency: str) -> Money:
        return cls(sum(cls(0, currency)._same(a) for a in amounts), currency)

    def _same(self, other: Money) -> int:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be mixed")
        return other.minor

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other), self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.minor > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.minor >= self._same(other)

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        """Major units with the currency's digits and a point: the form of JSON and of the journal."""
        digits = DIGITS[self.currency]
        if digits == 2 and self.minor >= 0:  # nearly all there is
            return f"{self.minor // 100}.{self.minor % 100:02d}"
        if not digits:
            return str(self.minor)
        text = f"{abs(self.minor):0{digits + 1}d}"
        return f"{'-' if self.minor < 0 else ''}{text[:-digits]}.{text[-digits:]}"

    def or_zero(self) -> Money:
        """This amount, or nothing where it is negative."""
        return self if self.minor > 0 else Money(0, self.currency)

    def times(self, factor: Decimal | Fraction | int, rounding: Rounding = Rounding.HALF_EVEN) -> Money:
        """The amount so many times, rounded to whole minor units."""
        if isinstance(factor, float):
            raise TypeError("money is never multiplied by a float; use Decimal")
        return Money(rounded(self.minor * Fraction(factor), rounding), self.currency)

    def split(self, parts: int) -> tuple[Money, ...]:
        """Split into equal parts that add up to the cent: spare minor units go to the first parts, one each."""
        each, spare = divmod(self.minor, parts)
        return tuple(Money(each + (number < spare), self.currency) for number in range(parts))
