"""The picture of a simulated year: wide, narrow, in a pipe, in Chinese; and its figures for scripts."""

from __future__ import annotations

from collections import Counter
from datetime import date
from io import BytesIO, TextIOWrapper
from typing import Any

import pytest
from rich.cells import cell_len

from dunning_cli.domain.views import Played, Simulated
from dunning_cli.domain.year import Aged, Month, Sums, Year, months_of
from dunning_cli.i18n import Translator
from dunning_cli.render.screen import Screen
from dunning_cli.render.year import further, year_object, year_picture
from tests.render.conftest import Snapshot, drawn

T = Translator()
FIRST, LAST = date(2025, 1, 1), date(2025, 12, 31)


def a_month(month: Month, number: int) -> Month:
    """A month of a year in which cases come in, move on and close."""
    month.places = Counter(
        contact=14 - number, negotiation=8, monitoring=3 * number, legal=number // 3, closed=4 * number
    )
    month.opened = 9
    month.recovered = Counter(CNY=2_500_000 + 321_055 * number, EUR=-4_000 if number == 3 else 91_250 * (number % 4))
    month.contacts, month.refused = 40, number % 3
    month.agreed, month.kept, month.broken = 5, number // 2, number % 2
    return month


def a_year() -> Year:
    months = [a_month(month, number) for number, month in enumerate(months_of(FIRST, LAST), 1)]
    recovered = Counter[str]()
    for month in months:
        recovered.update(month.recovered)
    sums = {
        "CNY": Sums("CNY", 80, 123_456_700, recovered["CNY"], 61_000_000, 390, 65_120),
        "EUR": Sums("EUR", 28, 4_321_000, recovered["EUR"], 900_050, 90, 18_000),
    }
    ageing = {
        "M7+": Aged(21, Counter(CNY=58_000_000, EUR=900_050)),
        "M1": Aged(4, Counter(CNY=2_000_000)),
        "M2": Aged(1, Counter(CNY=1_000_000)),
    }
    outcomes = Counter(paid=39, written_off=6, settled=3)
    return Year(FIRST, LAST, months, 108, 2_950, sums, ageing, outcomes, (61, -17))


def a_simulation(**given: Any) -> Simulated:
    played = Played(Counter(plan_proposed=5, escalate=2), 1, 365, 410, 380)
    values: dict[str, Any] = {
        "seed": 7,
        "year": a_year(),
        "debtors": 93,
        "played": played,
        "fingerprint": "d9efa08134346f0d" * 4,
        "sound": True,
        "seconds": 12.34,
    }
    return Simulated(**values | given)


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [120, 80, None])
def test_a_year(width: int | None, lang: str, snapshot: Snapshot) -> None:
    text = drawn(year_picture(a_simulation(), Translator(lang)), width, lang)
    assert width is None or max(map(cell_len, text.splitlines())) <= width
    snapshot(f"year.{lang}.{width or 'pipe'}", text)


def test_a_bar_ends_where_its_parts_end() -> None:
    lines = drawn(year_picture(a_simulation(), T)).splitlines()
    bars = [line.split()[-1] for line in lines if line.startswith("2025-")][:12]
    assert [len(bar) for bar in bars] == sorted(len(bar) for bar in bars)
    assert len(bars[-1]) == 21
    assert list(dict.fromkeys(bars[9])) == ["░", "▒", "▓", "█", "·"]


def test_what_went_out_again_is_told_with_its_sign() -> None:
    march = next(line for line in drawn(year_picture(a_simulation(), T)).splitlines() if "-40.00" in line)
    assert march.split()[0] == "2025-03"


def test_a_broken_journal_is_not_passed_over() -> None:
    said = drawn(year_picture(a_simulation(sound=False), T))
    assert "A journal is broken." in said
    assert "The journals hold together." not in said


def test_a_year_without_cases_has_nothing_to_show() -> None:
    empty = a_simulation(year=Year(FIRST, LAST, months_of(FIRST, LAST)), played=Played(nights=365))
    assert drawn(year_picture(empty, T)).splitlines()[:3] == [
        "A simulated year, 2025-01-01 to 2025-12-31",
        "0 cases of 93 debtors · 365 nightly runs · 0 entries in 12.3 s",
        "",
    ]


def test_an_old_encoding_still_tells_the_stages_apart() -> None:
    raw = BytesIO()
    file = TextIOWrapper(raw, "ascii", write_through=True)
    Screen(file, T, terminal=False).show(year_picture(a_simulation(), T))
    said = raw.getvalue().decode("ascii")
    assert ". contact  + negotiation  % monitoring  # legal" in said
    assert "\\u" not in said


def test_the_commands_to_look_further_are_typed_as_they_stand() -> None:
    lines = drawn(further("'sqlite:///my year.db'", 17, T)).splitlines()
    assert lines[:2] == ["", "Look further:"]
    assert lines[2].startswith("  export DUNNING_DB='sqlite:///my year.db' DUNNING_NOW=2026-01-01T")
    assert "  dunning timeline 17" in lines


def test_the_figures_for_scripts() -> None:
    found = year_object(a_simulation(), "year.db")
    assert (found["seed"], found["first"], found["last"], found["kept"]) == (7, "2025-01-01", "2025-12-31", "year.db")
    assert found["months"][2] == {
        "month": "2025-03",
        "opened": 9,
        "stages": {"contact": 11, "negotiation": 8, "monitoring": 9, "legal": 1, "closed": 12},
        "outcomes": {},
        "recovered": [{"currency": "CNY", "amount": "34631.65"}, {"currency": "EUR", "amount": "-40.00"}],
        "contacts": 40,
        "refused": 0,
        "plans": {"agreed": 5, "kept": 1, "broken": 1},
    }
    assert found["currencies"][1] == {
        "currency": "EUR",
        "cases": 28,
        "principal": "43210.00",
        "recovered": str(a_year().sums["EUR"].money(a_year().sums["EUR"].recovered)),
        "share": "31.6",
        "owed": "9000.50",
        "contacts": 90,
        "cost": "180.00",
        "per_contact": "151.64",
        "cost_of_100": "1.32",
    }
    assert [each["bucket"] for each in found["ageing"]] == ["M1", "M2", "M7+"]
    assert found["refused"] == {"by_law": 12, "by_stage": {"escalate": 2, "plan_proposed": 5}, "otherwise": 1}
    assert found["nights"] == {"runs": 365, "reviewed": 410, "changed": 380, "failed": []}


def test_contacts_that_brought_nothing_are_told_as_that() -> None:
    year = a_year()
    year.sums["EUR"].recovered = 0
    _, euro = year_object(a_simulation(year=year), None)["currencies"]
    assert (euro["per_contact"], euro["cost_of_100"], euro["share"]) == ("0.00", None, "0")
