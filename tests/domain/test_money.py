"""Money: read and written without loss, split without a lost cent, rounded once, never mixed."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunning_cli.domain.money import DIGITS, Money, Rounding, currency_code
from dunning_cli.errors import InputError
from tests.builders import money

CURRENCIES = st.sampled_from(["CNY", "EUR", "JPY", "KWD", "UYW"])
AMOUNTS = st.builds(Money, st.integers(-(10**14), 10**14), CURRENCIES)


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        pytest.param("1250.50", "EUR", 125050, id="two-decimals"),
        pytest.param("1250.5", "EUR", 125050, id="one-decimal-is-tens-of-cents"),
        pytest.param("1250", "EUR", 125000, id="no-decimals"),
        pytest.param("0", "EUR", 0, id="zero"),
        pytest.param("-0", "EUR", 0, id="minus-zero"),
        pytest.param("-0.01", "EUR", -1, id="less-than-nothing"),
        pytest.param("0.07", "EUR", 7, id="cents-only"),
        pytest.param("007.10", "EUR", 710, id="leading-zeros"),
        pytest.param("1.5000", "EUR", 150, id="trailing-zeros-lose-nothing"),
        pytest.param("1250", "JPY", 1250, id="yen-has-no-decimals"),
        pytest.param("1250.0", "JPY", 1250, id="yen-with-a-zero"),
        pytest.param("1.234", "KWD", 1234, id="three-decimals"),
        pytest.param("1.2345", "UYW", 12345, id="four-decimals"),
        pytest.param("999999999999999.99", "CNY", 99999999999999999, id="fifteen-digits"),
    ],
)
def test_read(text: str, currency: str, minor: int) -> None:
    assert Money.of(text, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        pytest.param("NaN", "EUR", id="nan"),
        pytest.param("Infinity", "EUR", id="infinity"),
        pytest.param("1e3", "EUR", id="exponent"),
        pytest.param("1,000.50", "EUR", id="thousands-mark"),
        pytest.param("1 000.50", "EUR", id="thousands-space"),
        pytest.param("1000,50", "EUR", id="decimal-comma"),
        pytest.param("1_000", "EUR", id="underscore"),
        pytest.param("1.234", "EUR", id="too-many-decimals"),
        pytest.param("0.001", "EUR", id="a-tenth-of-a-cent"),
        pytest.param("1250.5", "JPY", id="yen-with-decimals"),
        pytest.param("１２３", "CNY", id="full-width-digits"),
        pytest.param("١٢٣", "EUR", id="arabic-digits"),
        pytest.param("+5", "EUR", id="plus"),
        pytest.param("--5", "EUR", id="two-minus"),
        pytest.param(".5", "EUR", id="no-whole-part"),
        pytest.param("5.", "EUR", id="no-decimals-after-the-point"),
        pytest.param("", "EUR", id="empty"),
        pytest.param(" 5", "EUR", id="space-before"),
        pytest.param("5\n", "EUR", id="line-end-after"),
        pytest.param("¥5", "CNY", id="currency-sign"),
        pytest.param("1000000000000000", "CNY", id="sixteen-digits"),
    ],
)
def test_unreadable(text: str, currency: str) -> None:
    with pytest.raises(InputError) as refused:
        Money.of(text, currency)
    assert str(refused.value) == f"'{text}' is no amount in {currency}."
    assert refused.value.exit_code == 6


@pytest.mark.parametrize(
    ("currency", "example"),
    [
        pytest.param("EUR", "1250.50", id="cents"),
        pytest.param("JPY", "125050", id="none"),
        pytest.param("KWD", "125.050", id="mils"),
    ],
)
def test_the_hint_shows_an_amount_that_can_be_read(currency: str, example: str) -> None:
    with pytest.raises(InputError) as refused:
        Money.of("x", currency)
    assert example in refused.value.hint
    Money.of(example, currency)


def test_a_float_is_never_money() -> None:
    with pytest.raises(TypeError):
        Money.of(12.5, "EUR")  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        money("1.00 EUR").times(0.5)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        pytest.param(Money(125050, "EUR"), "1250.50", id="cents"),
        pytest.param(Money(5, "EUR"), "0.05", id="less-than-ten-cents"),
        pytest.param(Money(-5, "EUR"), "-0.05", id="negative"),
        pytest.param(Money(0, "EUR"), "0.00", id="zero"),
        pytest.param(Money(1250, "JPY"), "1250", id="yen"),
        pytest.param(Money(-3, "JPY"), "-3", id="negative-yen"),
        pytest.param(Money(7, "KWD"), "0.007", id="mils"),
        pytest.param(Money(12345678901, "CNY"), "123456789.01", id="no-thousands-marks"),
    ],
)
def test_written(amount: Money, text: str) -> None:
    assert str(amount) == text


@given(AMOUNTS)
def test_text_round_trip(amount: Money) -> None:
    assert Money.of(str(amount), amount.currency) == amount


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_reads_what_a_decimal_says(value: Decimal) -> None:
    assert Money.of(f"{value:f}", "EUR").minor == int(value * 100)


@pytest.mark.parametrize(
    ("total", "parts", "expected"),
    [
        pytest.param("100.00 CNY", 3, ["33.34", "33.33", "33.33"], id="one-spare-cent"),
        pytest.param("0.05 CNY", 3, ["0.02", "0.02", "0.01"], id="two-spare-cents"),
        pytest.param("0.01 EUR", 2, ["0.01", "0.00"], id="less-than-a-cent-each"),
        pytest.param("100 JPY", 3, ["34", "33", "33"], id="yen"),
        pytest.param("90.00 CNY", 3, ["30.00", "30.00", "30.00"], id="even"),
        pytest.param("7.00 CNY", 1, ["7.00"], id="one-part"),
    ],
)
def test_split(total: str, parts: int, expected: list[str]) -> None:
    assert [str(part) for part in money(total).split(parts)] == expected


@given(AMOUNTS, st.integers(1, 400))
def test_split_loses_no_cent(amount: Money, parts: int) -> None:
    """The parts add up, differ by one minor unit at most, and the bigger ones come first."""
    found = amount.split(parts)
    assert len(found) == parts
    assert sum(part.minor for part in found) == amount.minor
    assert max(found).minor - min(found).minor <= 1
    assert sorted(found, key=lambda part: part.minor, reverse=True) == list(found)
    assert {part.currency for part in found} == {amount.currency}


@pytest.mark.parametrize(
    ("minor", "factor", "rounded"),
    [
        pytest.param(1, "0.5", 0, id="half-goes-down-to-even"),
        pytest.param(3, "0.5", 2, id="half-goes-up-to-even"),
        pytest.param(5, "0.5", 2, id="half-goes-down-to-even-again"),
        pytest.param(-1, "0.5", 0, id="negative-half-to-even"),
        pytest.param(-3, "0.5", -2, id="negative-half-up-to-even"),
        pytest.param(1, "0.500001", 1, id="more-than-half"),
        pytest.param(1, "0.499999", 0, id="less-than-half"),
        pytest.param(100, "0.333", 33, id="thirds"),
    ],
)
def test_rounding_is_half_to_even(minor: int, factor: str, rounded: int) -> None:
    assert Money(minor, "EUR").times(Decimal(factor)) == Money(rounded, "EUR")


def test_a_rule_may_name_another_rounding() -> None:
    assert Money(1, "EUR").times(Decimal("0.5"), Rounding.HALF_UP) == Money(1, "EUR")


def test_times_a_whole_number() -> None:
    assert money("1.25 EUR").times(3) == money("3.75 EUR")


@pytest.mark.parametrize(
    "mix",
    [
        pytest.param(lambda a, b: a + b, id="plus"),
        pytest.param(lambda a, b: a - b, id="minus"),
        pytest.param(lambda a, b: a < b, id="less"),
        pytest.param(lambda a, b: a <= b, id="less-or-equal"),
        pytest.param(lambda a, b: a > b, id="more"),
        pytest.param(lambda a, b: a >= b, id="more-or-equal"),
        pytest.param(lambda a, b: Money.total([a, b], "EUR"), id="total"),
        pytest.param(max, id="max"),
    ],
)
def test_currencies_never_mix(mix: Callable[[Money, Money], Any]) -> None:
    with pytest.raises(ValueError, match=r"EUR.*USD|USD.*EUR"):
        mix(Money(1, "EUR"), Money(2, "USD"))


def test_equal_amounts_of_two_currencies_differ() -> None:
    assert Money(0, "EUR") != Money(0, "USD")


@pytest.mark.parametrize(
    ("left", "right"),
    [
        pytest.param("1.00 EUR", "1.01 EUR", id="a-cent-apart"),
        pytest.param("-1.00 EUR", "0.00 EUR", id="below-nothing"),
    ],
)
def test_order(left: str, right: str) -> None:
    less, more = money(left), money(right)
    assert less < more
    assert less <= more
    assert more > less
    assert more >= less
    assert not more < less
    assert not more <= less
    assert not less > more
    assert not less >= more
    assert not less < money(left)
    assert less <= money(left)
    assert not less > money(left)
    assert less >= money(left)


def test_arithmetic() -> None:
    assert money("10.00 EUR") + money("0.05 EUR") == money("10.05 EUR")
    assert money("10.00 EUR") - money("10.05 EUR") == money("-0.05 EUR")
    assert Money.total([money("1.00 EUR"), money("2.50 EUR")], "EUR") == money("3.50 EUR")
    assert Money.total([], "EUR") == money("0.00 EUR")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("3.00 EUR", "3.00 EUR", id="kept"),
        pytest.param("0.00 EUR", "0.00 EUR", id="nothing"),
        pytest.param("-3.00 EUR", "0.00 EUR", id="negative"),
    ],
)
def test_or_zero(text: str, expected: str) -> None:
    assert money(text).or_zero() == money(expected)


def test_nothing_is_false() -> None:
    assert not Money(0, "EUR")
    assert Money(-1, "EUR")


@pytest.mark.parametrize(
    ("text", "fine"),
    [
        pytest.param("0.01", True, id="a-cent"),
        pytest.param("0.00", False, id="nothing"),
        pytest.param("-1", False, id="negative"),
        pytest.param("x", False, id="no-amount"),
    ],
)
def test_positive(text: str, fine: bool) -> None:
    if fine:
        assert Money.positive(text, "EUR", "amount") == Money(1, "EUR")
        return
    with pytest.raises(InputError):
        Money.positive(text, "EUR", "amount")


def test_what_positive_says() -> None:
    with pytest.raises(InputError, match=r"^The down payment must be more than 0, not 0\.00\.$"):
        Money.positive("0.00", "EUR", "down payment")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("cny", "CNY", id="small-letters"),
        pytest.param(" EUR ", "EUR", id="spaces"),
    ],
)
def test_currency_code(text: str, code: str) -> None:
    assert currency_code(text) == code


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("RMB", id="no-iso-code"),
        pytest.param("", id="empty"),
        pytest.param("DEM", id="no-longer-in-use"),
        pytest.param("ＣＮＹ", id="full-width"),
    ],
)
def test_unknown_currency(text: str) -> None:
    with pytest.raises(InputError):
        currency_code(text)


@pytest.mark.parametrize(
    ("code", "digits"),
    [
        pytest.param("CNY", 2, id="cny"),
        pytest.param("JPY", 0, id="jpy"),
        pytest.param("KRW", 0, id="krw"),
        pytest.param("VND", 0, id="vnd"),
        pytest.param("BHD", 3, id="bhd"),
        pytest.param("TND", 3, id="tnd"),
        pytest.param("CLF", 4, id="clf"),
        pytest.param("HUF", 2, id="huf"),
        pytest.param("ISK", 0, id="isk"),
    ],
)
def test_digits(code: str, digits: int) -> None:
    assert DIGITS[code] == digits
