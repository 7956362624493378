"""What the law adds to a debt, and how far it lets the creditor go: the rules of kind `money`."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from .rules import Closed, Kind, Rule


@dataclass(frozen=True, kw_only=True, slots=True)
class Band(Closed):
    """What is added to a debt below an amount; the last band has no such limit."""

    below: Decimal | None = None
    add: Decimal


@dataclass(frozen=True, kw_only=True, slots=True)
class MoneyRule(Rule):
    """A rule about amounts."""

    kind: ClassVar[Kind] = Kind.MONEY

    bands: tuple[Band, ...] = ()
    currency: str | None = None
