"""The waterfall: no cent is lost, nobody receives more than is owed."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dunning_cli.domain.allocation import ORDER, Part, waterfall

OWED = st.dictionaries(st.sampled_from(list(Part)), st.integers(0, 10**6))


def test_costs_first_and_principal_last() -> None:
    owed = {Part.COSTS: 200, Part.INTEREST: 800, Part.PRINCIPAL: 10_000}
    assert waterfall(1500, owed, ORDER) == {Part.COSTS: 200, Part.FEES: 0, Part.INTEREST: 800, Part.PRINCIPAL: 500}


@given(st.integers(0, 10**7), OWED, st.permutations(list(Part)))
def test_money_is_conserved(amount: int, owed: dict[Part, int], order: list[Part]) -> None:
    parts = waterfall(amount, owed, order)
    left = amount - sum(parts.values())
    assert left >= 0
    assert all(0 <= parts[part] <= owed.get(part, 0) for part in Part)
    assert left == 0 or parts == {part: owed.get(part, 0) for part in Part}
    paid_up = [parts[part] == owed.get(part, 0) for part in order if owed.get(part)]
    assert paid_up == sorted(paid_up, reverse=True)  # whoever is not paid up comes last, with all behind
