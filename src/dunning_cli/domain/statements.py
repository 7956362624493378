"""Lines of bank statements, whatever file they come in, and what a statement says its lines come to."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from msgspec import Struct

from .money import Money


class StatementLine(NamedTuple):
    """One movement on the creditor's account; a part of a batch is a line of its own.

    `line` is the place in the file at which it begins. `amount` is less than 0 where money went out. `references` are
    those that the file itself calls the payment's reference, such as a structured creditor reference; `case`,
    `reference` and `creditor` are what a table says outright of the case that is paid. `returns` marks a line that
    takes an earlier one back. `doubt` is why a person has to look at it before it is booked. `own_account` is the
    creditor's.
    """

    line: int
    on: date
    amount: Money
    payment_reference: str | None = None
    end_to_end: str | None = None
    payer: str | None = None
    account: str | None = None
    text: str | None = None
    references: tuple[str, ...] = ()
    case: int | None = None
    reference: str | None = None
    creditor: str | None = None
    returns: bool = False
    doubt: str | None = None
    statement: str | None = None
    own_account: str | None = None


class LeftOut(NamedTuple):
    """A line that is no booked movement: one that is still pending, or a neutral one."""

    line: int


class Statement(Struct, frozen=True):
    """A statement that was read to its end. `moved` is the sum of its booked entries."""

    id: str
    account: str | None
    opening: Money | None
    closing: Money | None
    moved: Money | None

    def difference(self) -> tuple[Money, Money] | None:
        """The closing balance that the entries lead to and the one that the statement says, where they differ.

        Balances in different currencies cannot be compared, and differ; without both balances there is nothing to say.
        """
        if self.opening is None or self.closing is None:
            return None
        moved = self.moved or Money(0, self.opening.currency)
        if moved.currency != self.opening.currency:
            return self.opening, self.closing
        expected = self.opening + moved
        return None if expected == self.closing else (expected, self.closing)
