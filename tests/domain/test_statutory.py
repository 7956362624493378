"""Rules about amounts: rounding, bands, which rule is taken, rates over time, and what is added to a judgment."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunning_cli.domain.appropriation import DebtPart
from dunning_cli.domain.interest import DayCount
from dunning_cli.domain.money import Rounding
from dunning_cli.domain.rules import Applies, Pack, Strength, Subject, Text
from dunning_cli.domain.statutory import (
    Band,
    Daily,
    MoneyRule,
    PaidPart,
    Penalty,
    Rate,
    Reference,
    Rounded,
    Shape,
    daily_charge,
    period,
    pick,
    rate_steps,
    reference_day,
    so_many,
)
from dunning_cli.errors import InputError
from tests.domain.test_rules import SOURCE, a_table

DAYS = st.dates(date(1950, 1, 1), date(2099, 12, 31))


def a_rule(name: str = "x", **fields: Any) -> MoneyRule:
    return MoneyRule(id=name, text=Text(en="x"), source=SOURCE, strength=Strength.LAW, **fields)


def a_rate(name: str = "x", **fields: Any) -> MoneyRule:
    given_: dict[str, Any] = {"rate": Rate(percent=Decimal(5)), "basis": DayCount.ACT_365} | fields
    return a_rule(name, **given_)


def a_pack(*rules: MoneyRule) -> Pack:
    return Pack(
        id="p",
        version="1",
        title=Text(en="P"),
        checked_on=date(2026, 1, 1),
        rules=rules,
        tables={},
        origins={rule.id: "p" for rule in rules},
    )


# --- rounding ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("exact", "half_up", "half_even"),
    [
        ("1.005", "1.01", "1.00"),
        ("1.015", "1.02", "1.02"),
        ("1.0149", "1.01", "1.01"),
        ("1.019", "1.02", "1.02"),
        ("-1.005", "-1.01", "-1.00"),
        ("0", "0.00", "0.00"),
    ],
)
def test_rounding(exact: str, half_up: str, half_even: str) -> None:
    found = [str(Rounded(mode=mode).of(Fraction(exact))) for mode in (Rounding.HALF_UP, Rounding.HALF_EVEN)]
    assert found == [half_up, half_even]


@given(st.decimals(-10_000, 10_000, places=5), st.integers(0, 4))
def test_rounding_is_that_of_decimal(value: Decimal, places: int) -> None:
    modes = {Rounding.HALF_UP: ROUND_HALF_UP, Rounding.HALF_EVEN: ROUND_HALF_EVEN}
    for mode, name in modes.items():
        wanted = value.quantize(Decimal(1).scaleb(-places), name)
        assert Rounded(places=places, mode=mode).of(value) == wanted


def test_a_third_is_exact_until_the_end() -> None:
    assert str(Rounded().of(Fraction(1, 3) * 3)) == "1.00"
    assert str(Rounded(places=0).of(Fraction(1, 2))) == "1"


# --- single rules -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "adds"),
    [("0", 1), ("9.99", 1), ("10.00", 2), ("99.99", 2), ("100.00", 3), ("100000", 3)],
)
def test_bands(amount: str, adds: int) -> None:
    bands = (
        Band(below=Decimal(10), add=Decimal(1)),
        Band(below=Decimal(100), add=Decimal(2)),
        Band(add=Decimal(3)),
    )
    assert a_rule(bands=bands, currency="EUR").flat(Decimal(amount)) == adds


def test_a_penalty() -> None:
    assert Penalty(over_loss=Decimal(50)).threshold(Decimal("33.33")) == Fraction("49.995")


@pytest.mark.parametrize(
    ("reference", "day", "counts"),
    [
        (Reference.HALF_YEAR_BEFORE_START, "2025-01-01", "2024-12-31"),
        (Reference.HALF_YEAR_BEFORE_START, "2025-06-30", "2024-12-31"),
        (Reference.HALF_YEAR_BEFORE_START, "2025-07-01", "2025-06-30"),
        (Reference.HALF_YEAR_BEFORE_START, "2025-12-31", "2025-06-30"),
        (Reference.HALF_YEAR, "2025-06-30", "2025-01-01"),
        (Reference.HALF_YEAR, "2025-07-01", "2025-07-01"),
        (Reference.OF_THE_DAY, "2025-03-04", "2025-03-04"),
        (Reference.CONTRACT, "2025-03-04", "2025-03-04"),
    ],
)
def test_the_day_that_counts(reference: Reference, day: str, counts: str) -> None:
    assert reference_day(reference, date.fromisoformat(day)).isoformat() == counts


# --- which rule -------------------------------------------------------------------------------------------------------


def test_the_rule_with_the_most_conditions() -> None:
    pack = a_pack(
        a_rate("plain"),
        a_rate("consumer", applies=Applies(consumer=True)),
        a_rate("credit", applies=Applies(consumer=True, consumer_credit=True)),
        a_rate("old", until=date(2020, 1, 1)),
    )

    def picked(subject: Subject, day: date | None = None) -> str:
        found = pick(pack, Shape.RATE, subject, day)
        assert found
        return found.id

    assert picked(Subject()) == "plain"
    assert picked(Subject(consumer=True)) == "consumer"
    assert picked(Subject(consumer=True, consumer_credit=True)) == "credit"
    assert picked(Subject(consumer=False)) == "plain"
    assert picked(Subject(), date(2020, 1, 1)) == "old"


def test_it_is_not_guessed_between_two() -> None:
    pack = a_pack(a_rate("a", applies=Applies(consumer=True)), a_rate("b", applies=Applies(consumer=False)))
    with pytest.raises(InputError, match="depends on what is not known: consumer"):
        pick(pack, Shape.RATE, Subject())
    with pytest.raises(InputError, match="says nothing about this: cap"):
        pick(pack, Shape.CAP, Subject())
    only = a_pack(a_rate("a", applies=Applies(consumer=True)))
    assert pick(only, Shape.RATE, Subject(consumer=False)) is None
    assert pick(only, Shape.RATE, Subject()) is only.rules[0]


# --- rates over time --------------------------------------------------------------------------------------------------

TABLE = a_table(
    (date(2024, 1, 1), "3.00"), (date(2024, 5, 10), "2.00"), (date(2025, 1, 1), "2.00"), (date(2025, 3, 1), "1.00")
)


def steps(reference: Reference, start: str, end: str, **dates: date) -> list[tuple[str, str]]:
    """The first days of each step, and its rate."""
    rule = a_rate(rate=Rate(table="t", margin=Decimal(8), multiple=Decimal(2), reference=reference))
    found = rate_steps({"t": TABLE}, rule, date.fromisoformat(start), date.fromisoformat(end), **dates)
    return [((each.step.after + timedelta(days=1)).isoformat(), str(each.step.percent)) for each in found]


@pytest.mark.parametrize(
    ("reference", "wanted"),
    [
        (Reference.OF_THE_DAY, [("2024-02-01", "14.00"), ("2024-05-10", "12.00"), ("2025-03-01", "10.00")]),
        (Reference.HALF_YEAR, [("2024-02-01", "14.00"), ("2024-07-01", "12.00"), ("2025-07-01", "10.00")]),
        (Reference.START, [("2024-02-01", "14.00")]),
    ],
)
def test_steps_of_a_rate(reference: Reference, wanted: list[tuple[str, str]]) -> None:
    assert steps(reference, "2024-02-01", "2025-12-31") == wanted


def test_steps_that_are_fixed() -> None:
    assert steps(Reference.CONTRACT, "2025-04-01", "2025-12-31", contract=date(2024, 5, 9)) == [("2025-04-01", "14.00")]
    assert steps(Reference.SUIT, "2025-04-01", "2025-12-31", suit=date(2024, 5, 10)) == [("2025-04-01", "12.00")]
    assert steps(Reference.HALF_YEAR_BEFORE_START, "2024-08-01", "2026-01-01") == [("2024-08-01", "12.00")]
    with pytest.raises(InputError, match="the day of the contract"):
        steps(Reference.CONTRACT, "2025-04-01", "2025-12-31")
    with pytest.raises(InputError, match="begins on 2024-01-01"):
        steps(Reference.HALF_YEAR_BEFORE_START, "2024-02-01", "2026-01-01")
    found = rate_steps({}, a_rate(), date(2025, 1, 1), date(2025, 2, 1))
    assert [(each.step.after, each.step.percent, each.source) for each in found] == [
        (date(2024, 12, 31), Decimal(5), SOURCE)
    ]


@given(DAYS.filter(lambda day: day.year >= 2024), st.integers(0, 900))
def test_steps_say_the_tables_value_on_every_day(start: date, length: int) -> None:
    rule = a_rate(rate=Rate(table="t", reference=Reference.OF_THE_DAY))
    end = start + timedelta(days=length)
    found = rate_steps({"t": TABLE}, rule, start, end)
    assert found[0].step.after == start - timedelta(days=1)
    for day in (start, start + timedelta(days=length // 2), end):
        (*_, last) = (each.step.percent for each in found if each.step.after < day)
        assert last == TABLE.on(day).value


def test_a_value_beyond_what_is_known_is_said() -> None:
    table = a_table((date(2024, 1, 1), "3.00"), known_until=date(2024, 6, 30))
    rule = a_rate(rate=Rate(table="t", reference=Reference.START))
    (before,) = rate_steps({"t": table}, rule, date(2024, 6, 30), date(2025, 1, 1))
    (after,) = rate_steps({"t": table}, rule, date(2024, 7, 1), date(2025, 1, 1))
    assert (before.note, "t is known to 2024-06-30" in after.note) == ("", True)


# --- days -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("basis", "both", "start", "end", "count", "length"),
    [
        (DayCount.ACT_365, False, "2025-01-01", "2025-01-31", 30, "30/365"),
        (DayCount.ACT_365, True, "2025-01-01", "2025-01-31", 31, "31/365"),
        (DayCount.ACT_360, True, "2025-01-01", "2025-01-31", 31, "31/360"),
        (DayCount.THIRTY_360, False, "2016-01-01", "2016-07-30", 209, "209/360"),
        (DayCount.THIRTY_360, True, "2016-01-01", "2016-07-30", 210, "210/360"),
        (DayCount.THIRTY_360, True, "2016-01-01", "2016-12-31", 360, "1"),
        (DayCount.ACT_ACT, True, "2016-01-01", "2016-12-31", 366, "1"),
        (DayCount.ACT_ACT, True, "2015-12-31", "2016-01-01", 2, "731/133590"),  # 1/365 + 1/366
        (DayCount.ACT_365, True, "2025-01-01", "2025-01-01", 1, "1/365"),
        (DayCount.ACT_365, False, "2025-01-01", "2025-01-01", 0, "0"),
        (DayCount.ACT_365, True, "2025-01-02", "2025-01-01", 0, "0"),
    ],
)
def test_periods(basis: DayCount, both: bool, start: str, end: str, count: int, length: str) -> None:
    found = period(basis, date.fromisoformat(start), date.fromisoformat(end), both_ends=both)
    assert found == (count, Fraction(length))


@pytest.mark.parametrize(("basis", "year"), [("act/365", 365), ("act/360", 360), ("30/360", 360), ("act/act", 365)])
def test_days_without_dates(basis: str, year: int) -> None:
    assert so_many(DayCount(basis), 73) == (73, Fraction(73, year))


# --- judgments --------------------------------------------------------------------------------------------------------

DAILY = Daily(percent=Decimal("0.02"), on=(DebtPart.PRINCIPAL,))


def test_a_charge_by_the_day() -> None:
    """1,000 for 10 days and 500 for 20, both ends counted: (10,000 + 10,000) x 0.02 %."""
    parts = [PaidPart(Decimal(1000), date(2025, 1, 10)), PaidPart(Decimal(500), date(2025, 1, 20))]
    assert daily_charge(DAILY, date(2025, 1, 1), parts) == (20, Fraction(4))
    assert daily_charge(DAILY, date(2025, 1, 1), parts, stayed=5) == (15, Fraction("2.5"))
    counted = Daily(percent=Decimal("0.02"), on=(DebtPart.PRINCIPAL,), stays_counted=True)
    assert daily_charge(counted, date(2025, 1, 1), parts, stayed=5) == (20, Fraction(4))
    assert daily_charge(DAILY, date(2025, 1, 1), [PaidPart(Decimal(1000), date(2024, 12, 31))]) == (0, Fraction(0))


@given(st.integers(1, 10**6), st.integers(0, 10**6), st.integers(0, 500), st.integers(0, 500), st.integers(0, 40))
def test_paying_in_parts_costs_what_each_part_costs(a: int, b: int, days_a: int, days_b: int, stayed: int) -> None:
    start = date(2025, 1, 1)
    parts = [PaidPart(Decimal(x), start + timedelta(days=d)) for x, d in ((a, days_a), (b, days_b))]
    together = daily_charge(DAILY, start, parts, stayed)[1]
    assert together == sum(daily_charge(DAILY, start, [part], stayed)[1] for part in parts)
