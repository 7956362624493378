"""One payment over several debts: the order of the law, the debtor's choice, disputes, and what is too much."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunning_cli.domain import holds
from dunning_cli.domain.appropriation import AllocationRule, DebtKey
from dunning_cli.domain.cases import Case
from dunning_cli.domain.entries import HoldReason
from dunning_cli.domain.interest import DayCount, Step
from dunning_cli.domain.money import Money
from dunning_cli.domain.rules import Applies, Pack, Strength, Text
from dunning_cli.domain.spreads import rate_on, share
from dunning_cli.domain.terms import Cap, Terms
from dunning_cli.errors import RefusedError
from tests.builders import a_story, day, money
from tests.domain.test_lawful import SOURCE, a_pack

ON = day("2025-01-16")
KEYS = "debtors_choice due_first most_onerous due_earliest pro_rata"


def a_rule(keys: str = KEYS, **fields: Any) -> AllocationRule:
    debts = tuple(map(DebtKey, keys.split()))
    head: dict[str, Any] = {"text": Text(en="x"), "source": SOURCE, "strength": Strength.LAW, "applies": Applies()}
    return AllocationRule(id="p.debts", debts=debts, **head, **fields)


def the_law(keys: str = KEYS, **fields: Any) -> Pack:
    return replace(a_pack(), rules=(a_rule(keys, **fields),))


def a_debt(number: int, owed: str = "100.00 CNY", due: str = "2024-12-01", **given_: Any) -> Case:
    return a_story(case_id=number, owed=owed, due=due, **given_).case


def _parts(found: Any) -> dict[int, str]:
    return {number: str(amount) for number, amount in found.of.items()}


def test_what_is_due_comes_before_what_is_not_and_the_dear_before_the_cheap() -> None:
    rate = Terms((Step(day("2025-01-15"), Decimal(10)),))
    cases = [a_debt(1, due="2025-02-01"), a_debt(2), a_debt(3, terms=rate)]
    found = share(the_law(), cases, money("150.00 CNY"), ON)
    assert _parts(found) == {3: "100.03", 2: "49.97", 1: "0.00"}  # a day at 10 % on 100.00 is 0.027
    assert not found.beyond


def test_equal_debts_share() -> None:
    found = share(the_law(), [a_debt(1), a_debt(2, "200.00 CNY")], money("100.00 CNY"), ON)
    assert _parts(found) == {1: "33.33", 2: "66.67"}


def test_the_debtor_chooses() -> None:
    cases = [a_debt(1), a_debt(2), a_debt(3, due="2025-03-01")]
    found = share(the_law(), cases, money("150.00 CNY"), ON, [3, 2])
    assert _parts(found) == {3: "100.00", 2: "50.00", 1: "0.00"}


def test_what_is_too_much_is_kept_on_the_last() -> None:
    found = share(the_law(), [a_debt(1, due="2025-02-01"), a_debt(2)], money("250.00 CNY"), ON)
    assert _parts(found) == {2: "100.00", 1: "150.00"}
    assert str(found.beyond) == "50.00"


def _disputed(number: int) -> Case:
    story = a_story(case_id=number, owed="100.00 CNY", due="2024-12-01")
    story.then("2025-01-10", holds.hold, HoldReason.DISPUTE)
    return story.case


def test_a_disputed_debt_receives_nothing_where_the_law_says_so() -> None:
    cases = [_disputed(1), a_debt(2, due="2024-12-05")]
    found = share(the_law(skip_disputed=True), cases, money("150.00 CNY"), ON)
    assert _parts(found) == {2: "150.00", 1: "0.00"}
    assert str(found.beyond) == "50.00"
    assert _parts(share(the_law(), cases, money("150.00 CNY"), ON)) == {1: "100.00", 2: "50.00"}
    with pytest.raises(RefusedError, match="in dispute"):
        share(the_law(skip_disputed=True), cases[:1], money("1.00 CNY"), ON)


def test_the_rate_of_a_day_is_what_may_be_claimed() -> None:
    steps = (Step(day("2025-01-06"), Decimal(10)), Step(day("2025-01-15"), Decimal(36)))
    cap = Cap("p@1", "p.cap", "Law", DayCount.ACT_365, Decimal(24))
    case = a_debt(1, terms=Terms(steps, cap=cap))
    assert [str(rate_on(case, day(f"2025-01-{on}"))) for on in ("06", "07", "15", "16")] == ["0", "10", "10", "24"]
    assert rate_on(a_debt(1), ON) == 0


@given(
    st.lists(
        st.tuples(st.integers(1, 9999), st.sampled_from(["2024-11-01", "2024-12-01", "2025-03-01"])),
        min_size=1,
        max_size=5,
    ),
    st.integers(1, 50_000),
    st.data(),
)
def test_parts_add_up_and_none_is_more_than_is_owed(debts: list[tuple[int, str]], minor: int, data: Any) -> None:
    cases = [a_debt(n, f"{owed / 100:.2f} CNY", due) for n, (owed, due) in enumerate(debts, 1)]
    chosen = data.draw(st.permutations(range(1, len(cases) + 1)))[: data.draw(st.integers(0, len(cases)))]
    found = share(the_law(), cases, Money(minor, "CNY"), ON, chosen)
    total = sum(owed for owed, _ in debts)
    assert sum(amount.minor for amount in found.of.values()) == minor
    assert found.beyond.minor == max(0, minor - total)
    last = list(found.of)[-1]
    for case in cases:
        more = found.beyond.minor if case.case_id == last else 0
        assert 0 <= found.of[case.case_id].minor - more <= case.debt.principal.minor
    # Whom the debtor names waits for nobody but those named before.
    if chosen and minor >= cases[chosen[0] - 1].debt.principal.minor:
        assert found.of[chosen[0]].minor >= cases[chosen[0] - 1].debt.principal.minor
