"""Which order a payment follows: over the parts of a debt, and over several debts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunning_cli.domain.allocation import pro_rata
from dunning_cli.domain.appropriation import (
    AllocationRule,
    Claim,
    DebtKey,
    DebtPart,
    order_of_debts,
    order_of_parts,
    spread,
)
from dunning_cli.domain.rules import Applies, Pack, Strength, Subject, Text
from dunning_cli.errors import InputError
from tests.domain.test_rules import SOURCE

OWED = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 10**7), min_size=1)


def an_order(name: str, *order: DebtPart, **fields: Any) -> AllocationRule:
    return AllocationRule(id=name, text=Text(en="x"), source=SOURCE, strength=Strength.LAW, order=order, **fields)


def over_debts(*keys: DebtKey, **fields: Any) -> AllocationRule:
    return AllocationRule(id="d", text=Text(en="x"), source=SOURCE, strength=Strength.LAW, debts=keys, **fields)


def a_pack(*rules: AllocationRule) -> Pack:
    return Pack(
        id="p",
        version="1",
        title=Text(en="P"),
        checked_on=date(2026, 1, 1),
        rules=rules,
        tables={},
        origins={rule.id: "p" for rule in rules},
    )


# --- in proportion ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amount", "owed", "parts"),
    [
        (100, {"a": 100, "b": 200}, {"a": 33, "b": 67}),
        (100, {"a": 1, "b": 1, "c": 1}, {"a": 1, "b": 1, "c": 1}),
        (2, {"a": 100, "b": 100, "c": 100}, {"a": 1, "b": 1, "c": 0}),
        (0, {"a": 100}, {"a": 0}),
        (5, {"a": 0, "b": 0}, {"a": 0, "b": 0}),
    ],
)
def test_in_proportion(amount: int, owed: dict[str, int], parts: dict[str, int]) -> None:
    assert pro_rata(amount, owed) == parts


@given(st.integers(0, 10**8), OWED)
def test_in_proportion_to_the_cent(amount: int, owed: dict[str, int]) -> None:
    parts = pro_rata(amount, owed)
    total = sum(owed.values())
    assert sum(parts.values()) == min(amount, total)
    for name, part in parts.items():
        assert 0 <= part <= owed[name]
        assert abs(part * max(total, 1) - min(amount, total) * owed[name]) < max(total, 1)


# --- parts of a debt --------------------------------------------------------------------------------------------------


def test_the_order_that_is_known_to_hold() -> None:
    costs, interest, principal, doubled = DebtPart.COSTS, DebtPart.INTEREST, DebtPart.PRINCIPAL, DebtPart.DOUBLED_PART
    pack = a_pack(
        an_order("plain", costs, interest, principal),
        an_order("credit", costs, principal, interest, applies=Applies(consumer_credit=True)),
        an_order("court", principal, interest, doubled, applies=Applies(enforcement=True)),
    )
    usual = (interest, principal)

    def order(subject: Subject, *parts: DebtPart) -> str:
        return order_of_parts(pack, subject, parts).id

    assert order(Subject(), *usual) == "plain"
    assert order(Subject(consumer_credit=True), *usual) == "credit"
    assert order(Subject(enforcement=True), *usual) == "court"
    assert order(Subject(enforcement=True), *usual, costs) == "plain"
    assert order(Subject(), *usual, doubled) == "court"  # the only one that names it, and nothing speaks against it
    with pytest.raises(InputError, match="no order for: doubled_part"):
        order(Subject(enforcement=False), doubled)


# --- several debts ----------------------------------------------------------------------------------------------------

ALL = (
    DebtKey.DEBTORS_CHOICE,
    DebtKey.CREDITORS_CHOICE,
    DebtKey.DUE_FIRST,
    DebtKey.LEAST_SECURED,
    DebtKey.MOST_ONEROUS,
    DebtKey.OLDEST,
    DebtKey.PRO_RATA,
)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(Claim(owed=10, chosen=0, due=False), Claim(owed=10), id="what-the-debtor-chose"),
        pytest.param(Claim(owed=10, chosen=0), Claim(owed=10, chosen=1), id="in-the-order-chosen"),
        pytest.param(Claim(owed=10, creditors=0, due=False), Claim(owed=10), id="what-the-creditor-chose"),
        pytest.param(Claim(owed=10, chosen=0), Claim(owed=10, creditors=0), id="the-debtor-before-the-creditor"),
        pytest.param(Claim(owed=10, security=Decimal(5)), Claim(owed=10, due=False), id="due-before-unsecured"),
        pytest.param(Claim(owed=10), Claim(owed=10, security=Decimal(5), rate=Decimal(9)), id="unsecured-before-dear"),
        pytest.param(
            Claim(owed=10, rate=Decimal(9), incurred=date(2025, 1, 1)),
            Claim(owed=10, incurred=date(2024, 1, 1)),
            id="dear-before-old",
        ),
        pytest.param(
            Claim(owed=10, incurred=date(2024, 1, 1)), Claim(owed=10, incurred=date(2025, 1, 1)), id="the-older"
        ),
        pytest.param(
            Claim(owed=10, due_on=date(2024, 1, 1)), Claim(owed=10, incurred=date(2025, 1, 1)), id="by-the-due-date"
        ),
    ],
)
def test_which_debt_is_first(first: Claim, second: Claim) -> None:
    for claims in ({"a": first, "b": second}, {"b": second, "a": first}):
        assert spread(over_debts(*ALL), 12, claims) == {"a": 10, "b": 2}


def test_equal_debts_share_or_stand_in_their_order() -> None:
    claims = {"a": Claim(owed=10), "b": Claim(owed=20)}
    assert spread(over_debts(*ALL), 15, claims) == {"a": 5, "b": 10}
    assert spread(over_debts(DebtKey.DUE_FIRST), 15, claims) == {"a": 10, "b": 5}


def test_a_debt_in_dispute() -> None:
    claims = {"a": Claim(owed=10, disputed=True, chosen=0), "b": Claim(owed=20)}
    assert spread(over_debts(*ALL, skip_disputed=True), 25, claims) == {"a": 0, "b": 20}
    assert spread(over_debts(*ALL), 25, claims) == {"a": 10, "b": 15}


CLAIMS = st.builds(
    Claim,
    owed=st.integers(0, 10**6),
    due=st.booleans(),
    due_on=st.none() | st.dates(),
    incurred=st.none() | st.dates(),
    security=st.sampled_from([Decimal(0), Decimal(1)]),
    rate=st.sampled_from([Decimal(0), Decimal(5)]),
    chosen=st.none() | st.integers(0, 3),
    disputed=st.booleans(),
)


@given(st.integers(0, 10**7), st.dictionaries(st.sampled_from("abcdef"), CLAIMS, min_size=1), st.booleans())
def test_nothing_is_lost_and_nobody_gets_more_than_is_owed(amount: int, claims: dict[str, Claim], skip: bool) -> None:
    got = spread(over_debts(*ALL, skip_disputed=skip), amount, claims)
    open_ = sum(claim.owed for claim in claims.values() if not (skip and claim.disputed))
    assert got.keys() == claims.keys()
    assert sum(got.values()) == min(amount, open_)
    assert all(0 <= got[name] <= claims[name].owed for name in claims)


def test_the_rule_for_several_debts() -> None:
    plain, special = over_debts(DebtKey.OLDEST), over_debts(DebtKey.DUE_FIRST, applies=Applies(consumer=True))
    assert order_of_debts(a_pack(plain, special), Subject(consumer=True)) is special
    assert order_of_debts(a_pack(plain, special), Subject(consumer=False)) is plain
    with pytest.raises(InputError, match="no order for several debts"):
        order_of_debts(a_pack(an_order("x", DebtPart.COSTS)), Subject())
