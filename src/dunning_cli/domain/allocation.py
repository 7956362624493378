"""Allocation: how money that comes in is spread over what is owed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Final, TypeVar


class Part(StrEnum):
    """The parts of a debt that the law tells apart."""

    COSTS = "costs"
    FEES = "fees"
    INTEREST = "interest"
    PRINCIPAL = "principal"


ORDER: Final = tuple(Part)  # where neither the creditor's policy nor a law says otherwise

K = TypeVar("K")


def waterfall(amount: int, owed: Mapping[K, int], order: Iterable[K]) -> dict[K, int]:
    """Spread minor units over what is owed, each in its turn, as far as they go.

    Each receives no more than is owed. What is not named in `order` receives nothing; what is left over belongs to
    nobody here: `amount` less the sum of the parts.
    """
    parts = {}
    for name in order:
        parts[name] = part = min(amount, max(0, owed.get(name, 0)))
        amount -= part
    return parts


def pro_rata(amount: int, owed: Mapping[K, int]) -> dict[K, int]:
    """Spread minor units in proportion to what is owed, to the unit: the largest fractions get what is left over.

    Each receives no more than is owed.
    """
    total = sum(owed.values())
    amount = min(amount, total)
    if not total:
        return dict.fromkeys(owed, 0)
    parts = {name: amount * each // total for name, each in owed.items()}
    spare = amount - sum(parts.values())
    for name in sorted(owed, key=lambda name: amount * owed[name] % total, reverse=True)[:spare]:
        parts[name] += 1
    return parts
