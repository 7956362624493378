"""Whom a rule binds, on which days it is law, and what a rate table says of a day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from dunning_cli.domain.collecting import CollectorRole, Lender
from dunning_cli.domain.entries import DebtType
from dunning_cli.domain.interest import DayCount
from dunning_cli.domain.rules import (
    Applies,
    RateStep,
    RateTable,
    Source,
    Strength,
    Subject,
    Sure,
    Text,
)
from dunning_cli.domain.statutory import MoneyRule
from dunning_cli.errors import InputError

SOURCE = Source(title="A law", article="§ 1", sure=Sure.PRIMARY)
NOBODY = Subject()


@pytest.mark.parametrize(
    ("applies", "subject", "fits", "if_unknown"),
    [
        pytest.param(Applies(), NOBODY, True, True, id="always"),
        pytest.param(Applies(consumer=True), Subject(consumer=True), True, True, id="consumer"),
        pytest.param(Applies(consumer=True), Subject(consumer=False), False, False, id="business"),
        pytest.param(Applies(consumer=False), Subject(consumer=False), True, True, id="wants-business"),
        pytest.param(Applies(consumer=True), NOBODY, False, True, id="unknown"),
        pytest.param(
            Applies(debt_types=(DebtType.INVOICE, DebtType.OTHER)), Subject(debt_type="invoice"), True, True, id="among"
        ),
        pytest.param(
            Applies(debt_types=(DebtType.INVOICE,)), Subject(debt_type="medical"), False, False, id="not-among"
        ),
        pytest.param(Applies(lenders=(Lender.PRIVATE,)), Subject(lender=Lender.LICENSED), False, False, id="lender"),
        pytest.param(
            Applies(collector_roles=(CollectorRole.THIRD_PARTY,)),
            Subject(collector_role=CollectorRole.THIRD_PARTY),
            True,
            True,
            id="role",
        ),
        pytest.param(Applies(overdue_over=90), Subject(days_overdue=90), False, False, id="90-is-not-over-90"),
        pytest.param(Applies(overdue_over=90), Subject(days_overdue=91), True, True, id="91-is"),
        pytest.param(Applies(enforcement=True, consumer=True), Subject(consumer=False), False, False, id="one-fails"),
        pytest.param(Applies(enforcement=True, consumer=True), Subject(consumer=True), False, True, id="one-unknown"),
        pytest.param(Applies(consumer_credit=True), Subject(consumer_credit=True), True, True, id="credit"),
    ],
)
def test_fits(applies: Applies, subject: Subject, fits: bool, if_unknown: bool) -> None:
    assert applies.fits(subject, unknown=False) is fits
    assert applies.fits(subject) is if_unknown


def test_what_is_missing() -> None:
    applies = Applies(consumer=True, lenders=(Lender.PRIVATE,), enforcement=True)
    assert applies.missing(Subject(enforcement=True)) == ("consumer", "lender")
    assert applies.missing(Subject(enforcement=False)) == ()
    assert len(applies) == 3


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        pytest.param(None, None, (1, 1, 1, 1, 1), id="no-dates"),
        pytest.param(date(2025, 1, 2), None, (0, 1, 1, 1, 1), id="from"),
        pytest.param(None, date(2025, 1, 3), (1, 1, 1, 0, 0), id="until"),
        pytest.param(date(2025, 1, 2), date(2025, 1, 3), (0, 1, 1, 0, 0), id="both"),
    ],
)
def test_in_force(first: date | None, last: date | None, days: tuple[int, ...]) -> None:
    """On the 1st to 4th, and without a day."""
    rule = MoneyRule(
        id="x",
        text=Text(en="x"),
        source=SOURCE,
        strength=Strength.LAW,
        basis=DayCount.ACT_365,
        from_=first,
        until=last,
    )
    found = [rule.in_force(date(2025, 1, day)) for day in range(1, 5)] + [rule.in_force()]
    assert found == [bool(day) for day in days]


def a_table(*steps: tuple[date, str], known_until: date | None = None) -> RateTable:
    return RateTable(
        id="t",
        title=Text(en="T"),
        fact="base",
        source=SOURCE,
        checked_on=date(2026, 1, 1),
        known_until=known_until,
        values=tuple(RateStep(from_=day, value=Decimal(value)) for day, value in steps),
    )


def test_a_value_holds_until_the_next() -> None:
    table = a_table((date(2025, 1, 1), "1.00"), (date(2025, 7, 1), "2.00"))
    days = (date(2025, 1, 1), date(2025, 6, 30), date(2025, 7, 1), date(2040, 1, 1))
    assert [str(table.on(day).value) for day in days] == ["1.00", "1.00", "2.00", "2.00"]
    with pytest.raises(InputError, match="begins on 2025-01-01"):
        table.on(date(2024, 12, 31))


def test_own_steps_go_over_the_others() -> None:
    table = a_table((date(2025, 1, 1), "1.00"), (date(2025, 7, 1), "2.00"))
    found = table.over(a_table((date(2024, 7, 1), "0.50"), (date(2025, 7, 1), "3.00")))
    assert [(step.from_, str(step.value)) for step in found.values] == [
        (date(2024, 7, 1), "0.50"),
        (date(2025, 1, 1), "1.00"),
        (date(2025, 7, 1), "3.00"),
    ]


def test_texts_and_sources() -> None:
    assert [Text(en="yes", zh="是").say(lang) for lang in ("en", "zh")] == ["yes", "是"]
    assert Text(en="yes").say("zh") == "yes"
    assert str(SOURCE) == "A law § 1"
