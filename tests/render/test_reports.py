"""Ageing as it is seen: wide, narrow, in a pipe, in Chinese; and as scripts read it."""

from __future__ import annotations

import pytest

from dunning_cli.domain.money import Money
from dunning_cli.domain.reports import Aged, By, ageing
from dunning_cli.i18n import Translator
from dunning_cli.render.reports import ageing_object, ageing_picture
from tests.builders import day
from tests.render.conftest import Snapshot, drawn

T = Translator()
PLAIN = [
    Aged(None, "CNY", "M1", 1200, Money(123_456_789, "CNY")),
    Aged(None, "CNY", "current", 3, Money(100, "CNY")),
    Aged(None, "CNY", "M7+", 40, Money(61_728_394, "CNY")),
    Aged(None, "JPY", "M2", 1, Money(0, "JPY")),
]
GROUPED = [
    Aged("River \x1b[31mBank [bold]", "CNY", "M1", 2, Money(5_000, "CNY")),
    Aged(None, "CNY", "M2", 1, Money(10_000, "CNY")),
    Aged("=2025-01", "CNY", "M1", 1, Money(7_500, "CNY")),
]
ON = day("2025-02-10")


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [120, 80, None])
def test_by_currency(width: int | None, lang: str, snapshot: Snapshot) -> None:
    picture = ageing_picture(ageing(ON, By.CURRENCY, PLAIN, exact=False), Translator(lang))
    snapshot(f"ageing.{lang}.{width or 'pipe'}", drawn(picture, width, lang))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_by_portfolio(lang: str, snapshot: Snapshot) -> None:
    picture = ageing_picture(ageing(ON, By.PORTFOLIO, GROUPED, exact=True), Translator(lang))
    snapshot(f"ageing_portfolio.{lang}.80", drawn(picture, 80, lang))


def test_stages_are_words() -> None:
    rows = [Aged("contact", "CNY", "M1", 1, Money(5, "CNY"))]
    zh = Translator("zh")
    seen = drawn(ageing_picture(ageing(ON, By.STAGE, rows, exact=False), zh), 80, "zh")
    assert zh.word("contact", "stage") in seen
    assert "contact" not in seen


def test_no_case() -> None:
    assert drawn(ageing_picture(ageing(ON, By.CURRENCY, [], exact=False), T)).splitlines()[1] == "No case is open."


def test_for_scripts() -> None:
    found = ageing_object(ageing(ON, By.CURRENCY, PLAIN, exact=False))
    assert found == {
        "as_of": "2025-02-10",
        "by": "currency",
        "exact": False,
        "rows": [
            {"group": None, "currency": "CNY", "bucket": "current", "cases": 3, "balance": "1.00"},
            {"group": None, "currency": "CNY", "bucket": "M1", "cases": 1200, "balance": "1234567.89"},
            {"group": None, "currency": "CNY", "bucket": "M7+", "cases": 40, "balance": "617283.94"},
            {"group": None, "currency": "JPY", "bucket": "M2", "cases": 1, "balance": "0"},
        ],
        "totals": [
            {"currency": "CNY", "cases": 1243, "balance": "1851852.83"},
            {"currency": "JPY", "cases": 1, "balance": "0"},
        ],
    }
