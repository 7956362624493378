"""Allocation: how money that comes in is spread over what is owed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

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
