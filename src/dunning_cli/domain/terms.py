"""The terms of a debt's money: what interest it bears, in which order payments count, how amounts are rounded.

A case keeps its own terms in its journal, so that its balance on any day follows from its journal alone: a policy or a
rate table that changes later changes no debt, unless an entry says so.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation

from msgspec import Struct

from ..errors import InputError
from .allocation import ORDER, Part
from .interest import DayCount, Step
from .money import Rounding

_HIGHEST = Decimal(1000)  # percent a year; more is a mistake in typing


class Statute(Struct, frozen=True):
    """The law that the rates of a debt come from, as it was read: what it is, and how its rate is made.

    `pack` and `rule` name it (`de@2026.1`, `de.default_interest.business`), `law` is its source. Its rate holds from
    the day `begins` on: a value of `table` times `multiple` plus `margin`, or, without a table, as the steps say.
    After `known_until` the rate is not known, and none is counted; None: it is known for good. `digest` is that of the
    table where newer values of it count for the debt.
    """

    pack: str
    rule: str
    law: str
    begins: date
    table: str | None = None
    multiple: Decimal | None = None
    margin: Decimal | None = None
    known_until: date | None = None
    digest: str | None = None

    @property
    def pack_id(self) -> str:
        return self.pack.partition("@")[0]

    @property
    def reads(self) -> str | None:
        """Pack, table and its digest, where the rates go on with the table: cases that read the same say the same."""
        return f"{self.pack_id}\t{self.table}\t{self.digest}" if self.digest else None


class Cap(Struct, frozen=True):
    """How far the law lets a creditor go: interest, and with `fees` the fees too, may come to `percent` a year of the
    principal, by its own day count. `percent` is None where a cap holds whose rate is not known: then it limits
    nothing, and that is said. `rule` and `law` name it as a Statute does.
    """

    pack: str
    rule: str
    law: str
    day_count: DayCount
    percent: Decimal | None = None
    fees: bool = False


class Terms(Struct, frozen=True):
    """`steps` are the rates from the days they begin; none: no interest. `source` names the rule they come from.

    `statute` says of a rate by law how it is made; `ordered_by` names the rule of law that gives `order`, where it is
    not the policy's. `cap` limits what may be claimed, whatever was agreed.
    """

    steps: tuple[Step, ...] = ()
    day_count: DayCount = DayCount.ACT_365
    rounding: Rounding = Rounding.HALF_EVEN
    order: tuple[Part, ...] = ORDER
    source: str | None = None
    statute: Statute | None = None
    ordered_by: str | None = None
    cap: Cap | None = None

    @property
    def known_until(self) -> date | None:
        """The last day whose rate is known; None where all are."""
        return self.statute.known_until if self.statute else None

    @property
    def known_steps(self) -> tuple[Step, ...]:
        """The steps that are a rate: not the last one, from which on no rate is known."""
        until = self.known_until
        return self.steps if until is None else tuple(step for step in self.steps if step.after < until)

    def claimed(self, step: Step) -> Decimal:
        """The rate of a step as far as it may be claimed."""
        limit = self.cap.percent if self.cap else None
        return step.percent if limit is None else min(step.percent, limit)

    @property
    def exceeds(self) -> bool:
        """Whether a rate was agreed that is above the cap."""
        return any(self.claimed(step) != step.percent for step in self.steps)

    def scaled(self, share: Decimal) -> tuple[Step, ...]:
        """The steps with a share of their rates, as far as they may be claimed."""
        return tuple(Step(step.after, self.claimed(step) * share) for step in self.steps)


class Asked(Struct, frozen=True):
    """The interest of a debt as it is asked for; what is left out is as the policy says.

    `statutory`: the rate that the law of its jurisdiction gives, from `interest_from` on; it goes with no other rate.
    """

    rate: Decimal | None = None
    default_rate: Decimal | None = None
    day_count: DayCount | None = None
    interest_from: date | None = None
    default_from: date | None = None
    statutory: bool = False

    def steps(self, due: date) -> tuple[Step, ...]:
        return rates(due, self.rate, self.default_rate, self.interest_from, self.default_from)


def percent(text: str, what: str = "rate") -> Decimal:
    """A rate in percent a year as it is typed, such as 10 or 4.35."""
    try:
        rate = Decimal(text)
    except InvalidOperation:
        rate = Decimal("NaN")
    if not text.replace(".", "", 1).isdigit() or not text.isascii() or not 0 <= rate <= _HIGHEST:
        raise InputError(
            "'{text}' is no {what} in percent a year.",
            hint="Write a number from 0 to 1000 with a decimal point, such as 4.35.",
            text=text,
            what=what,
        )
    return rate


def rates(
    due: date,
    rate: Decimal | None,
    default_rate: Decimal | None = None,
    interest_from: date | None = None,
    default_from: date | None = None,
) -> tuple[Step, ...]:
    """The steps that a rate and a default rate mean.

    Interest begins on the day after the due date, unless `interest_from` names its first day; the default rate takes
    the rate's place from `default_from` on, or, without that, from the beginning.
    """
    begins = _eve(interest_from) if interest_from else due
    steps = [Step(begins, rate)] if rate is not None else []
    if default_rate is not None:
        after = _eve(default_from) if default_from else max(begins, due)
        steps = [step for step in steps if step.after < after]
        steps.append(Step(after, default_rate))
    return tuple(steps)


def _eve(day: date) -> date:
    return date.fromordinal(day.toordinal() - 1)
