"""The quick reading of shipped files: what it takes, and that it leaves everything out of the ordinary to the other."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from dunning_cli.domain.entries import DebtType
from dunning_cli.domain.rules import Applies, RateStep, Source, Sure
from dunning_cli.rules.quick import build


def test_what_it_takes() -> None:
    assert build(Source, {"title": "A", "sure": "primary"}) == Source(title="A", sure=Sure.PRIMARY)
    assert build(Applies, {"debt_types": ["invoice"], "consumer": True}) == Applies(
        debt_types=(DebtType.INVOICE,), consumer=True
    )
    assert build(RateStep, {"from_": "2026-01-01", "value": "1"}).from_ == date(2026, 1, 1)
    assert build(RateStep, {"from_": date(2026, 1, 1), "value": "-0.88"}) == RateStep(
        from_=date(2026, 1, 1), value=Decimal("-0.88")
    )


@pytest.mark.parametrize(
    ("cls", "plain"),
    [
        (Source, {"title": "A"}),
        (Source, {"title": "A", "sure": "primary", "x": 1}),
        (Source, {"title": 5, "sure": "primary"}),
        (Source, {"title": "A", "sure": "certain"}),
        (Applies, {"consumer": 1}),
        (Applies, {"consumer": "yes"}),
        (Applies, {"overdue_over": True}),
        (Applies, {"debt_types": "invoice"}),
        (RateStep, {"from_": "soon", "value": "1"}),
        (RateStep, {"from_": date(2026, 1, 1), "value": 1}),
        (RateStep, {"from_": date(2026, 1, 1), "value": 1.5}),
    ],
)
def test_what_it_leaves_to_the_other(cls: Any, plain: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"."):
        build(cls, plain)


def test_what_is_no_number() -> None:
    with pytest.raises(ArithmeticError):
        build(RateStep, {"from_": date(2026, 1, 1), "value": "x"})
