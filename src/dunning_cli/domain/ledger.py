"""The ledger of a debt: every line that makes its balance on a day, drawn afresh from the facts each time.

Facts count in the order of their days: a charge, then what is paid, refunded and waived on that day. A payment is
spread over what is owed when it comes in, so a fact that becomes known late changes how later payments are spread; the
balance is then what it would have been. For the same reason a payment that was taken back, or a charge that was waived,
counts as if it had never been there.

Where the law caps what may be claimed, the interest above the cap is never owed, and a fee above it is held back: it is
owed as soon as the cap, which grows with the days, has room for it.

Interest is exact between the days that fix an amount (a payment, a waiver, the day that is asked for), and is rounded
there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from enum import StrEnum
from fractions import Fraction
from math import floor
from typing import Protocol

from msgspec import Struct, field

from .allocation import Part, waterfall
from .entries import Split
from .facts import Charge, Payment, Refund, Waiver
from .interest import DayCount, Frozen, Step, Stretch, days, interest, stretches, years
from .money import Money, rounded
from .terms import Terms

_WAIVED_FIRST = (Part.INTEREST, Part.FEES, Part.COSTS, Part.PRINCIPAL)


class LineKind(StrEnum):
    PRINCIPAL = "principal"
    INTEREST = "interest"
    CHARGE = "charge"
    PAYMENT = "payment"
    OVERPAYMENT_USED = "overpayment_used"
    REFUND = "refund"
    WAIVER = "waiver"
    ABOVE_CAP = "above_cap"  # a fee, or a part of it, that the law does not let the creditor claim yet
    WITHIN_CAP = "within_cap"  # what of it may be claimed by now


class Line(Struct, frozen=True):
    """A line of a statement: by how much it raises or lowers each part, and what is held beyond the debt.

    `seq` is the entry it comes from. An interest line names the principal, the rate and the days that it counts.
    `gone_on` stands on a payment that was taken back, and on a charge that was waived, both with what is left of them.
    """

    on: date
    what: LineKind
    parts: Mapping[Part, int]
    unallocated: int = 0
    seq: int | None = None
    since: date | None = None
    days: int | None = None
    percent: Fraction | None = None
    base: int | None = None
    gone_on: date | None = None

    @property
    def total(self) -> int:
        return sum(self.parts.values())


class Debt(Protocol):
    """What has to be known of a debt's money."""

    @property
    def principal(self) -> Money: ...
    @property
    def due(self) -> date: ...
    @property
    def incurred(self) -> date | None: ...


class Facts(Struct, frozen=True):
    """All facts about the money of a debt."""

    debt: Debt
    terms: Terms
    charges: Sequence[Charge] = ()
    payments: Sequence[Payment] = ()
    refunds: Sequence[Refund] = ()
    waivers: Sequence[Waiver] = ()
    frozen: Sequence[Frozen] = ()


class Account(Struct):
    """A debt while its ledger is drawn: what is owed by its parts, and the exact interest since it was last fixed."""

    terms: Terms
    currency: str
    on: date
    owed: dict[Part, int]
    running: Fraction = Fraction(0)
    unallocated: int = 0
    fixed: int = 0  # of the running interest, what lines have named so far
    lines: list[Line] = field(default_factory=list)
    room: Fraction = Fraction(0)  # what the cap still has room for
    withheld: int = 0  # fees above the cap
    lost: Fraction = Fraction(0)  # interest above the cap

    def until(self, day: date, frozen: Iterable[Frozen] = ()) -> None:
        """Let interest run to the end of a day."""
        principal, cap = self.owed[Part.PRINCIPAL], self.terms.cap
        if cap and cap.percent:
            most = stretches([Step(self.on, cap.percent)], cap.day_count, self.on, day, frozen)
            self.room += interest(principal, most)
        for each in stretches(self.terms.steps, self.terms.day_count, self.on, day, frozen):
            part, count = self._within_cap(each)
            exact = interest(principal, [part])
            self.lost += interest(principal, [each]) - exact
            self.room -= exact
            self.running += exact
            self._name(part, principal, days(count, part.start, part.end))
        self.on = max(self.on, day)

    def _within_cap(self, part: Stretch) -> tuple[Stretch, DayCount]:
        """A stretch as far as the cap lets it be claimed, and how its days count: by the cap's way where it bites."""
        cap, count = self.terms.cap, self.terms.day_count
        if cap is None or cap.percent is None:
            return part, count
        most = Stretch(part.start, part.end, cap.percent, years(cap.day_count, part.start, part.end))
        above = Fraction(part.percent) * part.years > Fraction(most.percent) * most.years
        return (most, cap.day_count) if above else (part, count)

    def hold_back(self, amount: int) -> int:
        """How much of a new fee is above the cap. It is held back."""
        cap = self.terms.cap
        if cap is None or cap.percent is None or not cap.fees:
            return 0
        above = max(0, amount - max(0, floor(self.room)))
        self.room -= amount - above
        self.withheld += above
        return above

    def let_go(self) -> int:
        """How much of the fees that were held back the cap has room for by now."""
        now = min(self.withheld, max(0, floor(self.room)))
        self.room -= now
        self.withheld -= now
        return now

    def _name(self, part: Stretch, principal: int, counted: int) -> None:
        total = rounded(self.running, self.terms.rounding)
        amount, self.fixed = total - self.fixed, total
        if principal:
            self.lines.append(
                Line(
                    part.end,
                    LineKind.INTEREST,
                    {Part.INTEREST: amount},
                    since=part.start,
                    days=counted,
                    percent=Fraction(part.percent),
                    base=principal,
                )
            )

    def fix(self) -> None:
        """Round the interest that has run, and owe it."""
        self.owed[Part.INTEREST] += self.fixed
        self.running, self.fixed = Fraction(0), 0

    def take(self, amount: int) -> dict[Part, int]:
        """Spread money over what is owed; what is too much is kept."""
        self.fix()
        parts = waterfall(amount, self.owed, self.terms.order)
        for part, minor in parts.items():
            self.owed[part] -= minor
        self.unallocated += amount - sum(parts.values())
        return parts

    def add(self, part: Part, amount: int) -> dict[Part, int]:
        """Owe more. Answers what of it money that was held beyond the debt pays at once."""
        self.owed[part] += amount
        held, self.unallocated = self.unallocated, 0
        return self.take(held) if held else {}

    def waive(self, amount: int) -> dict[Part, int]:
        """No longer owe so much: of the interest first, and of the principal last."""
        self.fix()
        parts = waterfall(amount, self.owed, _WAIVED_FIRST)
        for part, minor in parts.items():
            self.owed[part] -= minor
        return parts


class Ledger(Struct, frozen=True):
    """A ledger as of the end of a day: its lines, how each payment was spread, and what is owed.

    `above_cap` is what the law's cap takes away: interest for good, and fees as long as it has no room for them.
    """

    currency: str
    lines: Sequence[Line]
    splits: Mapping[int, Split]
    owed: Mapping[Part, int]
    unallocated: int
    above_cap: int = 0

    def money(self, part: Part) -> Money:
        return Money(self.owed[part], self.currency)


def draw(facts: Facts, on: date, cuts: Iterable[date] = ()) -> Ledger:
    """The ledger of a debt at the end of a day. Lines of interest also end on the days `cuts`; no amount changes."""
    debt, terms = facts.debt, facts.terms
    currency = debt.principal.currency
    begins = min((step.after for step in terms.steps), default=debt.due)
    account = Account(terms, currency, min(begins, debt.due), dict.fromkeys(Part, 0))
    account.owed[Part.PRINCIPAL] = debt.principal.minor
    splits: dict[int, Split] = {}
    acts = sorted(_acts(facts, on, splits), key=lambda each: each[:3])
    # What is paid, or bears interest, before the debt is due or was incurred is a debt that is there.
    first = min([debt.incurred or debt.due, begins, *(day for day, *_ in acts[:1])])
    account.lines.append(Line(first, LineKind.PRINCIPAL, {Part.PRINCIPAL: debt.principal.minor}, seq=1))
    for day, _, _, act in acts:
        for cut in sorted(cut for cut in cuts if account.on < cut < day):
            account.until(cut, facts.frozen)
        account.until(day, facts.frozen)
        _let_go(account, day)
        act(account)
    for day in sorted({*(cut for cut in cuts if account.on < cut < on), on}):
        account.until(day, facts.frozen)
    account.fix()
    _let_go(account, on)
    above = account.withheld + rounded(account.lost, terms.rounding)
    return Ledger(currency, account.lines, splits, account.owed, account.unallocated, above)


_Act = tuple[date, int, int, Callable[[Account], None]]


def _acts(facts: Facts, on: date, splits: dict[int, Split]) -> Iterable[_Act]:
    """What changes the account up to a day, each with its day and its place within the day."""
    currency = facts.debt.principal.currency
    waived = [w for w in facts.waivers if w.on <= on]
    for charge in facts.charges:
        if charge.on <= on:
            yield charge.on, 0, charge.seq, _charged(charge, [w for w in waived if w.charge == charge.seq])
    for payment in facts.payments:
        if payment.on <= on:
            yield payment.on, 1, payment.seq, _paid(payment, payment.counts(on), splits, currency)
    for refund in facts.refunds:
        if refund.on <= on:
            yield refund.on, 2, refund.seq, _refunded(refund)
    for waiver in waived:
        if waiver.charge is None:
            yield waiver.on, 3, waiver.seq, _waived(waiver)


def _charged(charge: Charge, waived: Sequence[Waiver]) -> Callable[[Account], None]:
    def act(account: Account) -> None:
        amount = max(0, charge.amount.minor - sum(w.amount.minor for w in waived))
        gone_on = max((w.on for w in waived), default=None)
        line = Line(charge.on, LineKind.CHARGE, {charge.part: amount}, seq=charge.seq, gone_on=gone_on)
        account.lines.append(line)
        above = account.hold_back(amount) if charge.part is Part.FEES else 0
        if above:
            account.lines.append(Line(charge.on, LineKind.ABOVE_CAP, {charge.part: -above}, seq=charge.seq))
        _owe(account, charge.on, charge.part, amount - above)

    return act


def _let_go(account: Account, on: date) -> None:
    """Owe what of the fees that were held back may be claimed by now."""
    if account.withheld and (now := account.let_go()):
        account.lines.append(Line(on, LineKind.WITHIN_CAP, {Part.FEES: now}))
        _owe(account, on, Part.FEES, now)


def _owe(account: Account, on: date, part: Part, amount: int) -> None:
    """Owe more; money that was held beyond the debt pays it at once."""
    used = account.add(part, amount)
    if any(used.values()):
        parts = {part: -minor for part, minor in used.items() if minor}
        account.lines.append(Line(on, LineKind.OVERPAYMENT_USED, parts, -sum(used.values())))


def _paid(payment: Payment, counts: bool, splits: dict[int, Split], currency: str) -> Callable[[Account], None]:
    def act(account: Account) -> None:
        if not counts:
            account.lines.append(Line(payment.on, LineKind.PAYMENT, {}, 0, payment.seq, gone_on=payment.reversed_on))
            return
        amount = payment.amount.minor
        parts = account.take(amount)
        beyond = amount - sum(parts.values())
        spread = {part: -minor for part, minor in parts.items() if minor}
        account.lines.append(Line(payment.on, LineKind.PAYMENT, spread, beyond, payment.seq))
        costs, fees, interest_, principal = (Money(parts.get(part, 0), currency) for part in Part)
        splits[payment.seq] = Split(costs, fees, interest_, principal, Money(beyond, currency))

    return act


def _refunded(refund: Refund) -> Callable[[Account], None]:
    def act(account: Account) -> None:
        beyond = min(refund.amount.minor, account.unallocated)
        account.unallocated -= beyond
        # A fact that became known later used up what was then refunded: the rest is owed again.
        again = refund.amount.minor - beyond
        account.owed[Part.PRINCIPAL] += again
        account.lines.append(
            Line(refund.on, LineKind.REFUND, {Part.PRINCIPAL: again} if again else {}, -beyond, refund.seq)
        )

    return act


def _waived(waiver: Waiver) -> Callable[[Account], None]:
    def act(account: Account) -> None:
        parts = {part: -minor for part, minor in account.waive(waiver.amount.minor).items() if minor}
        account.lines.append(Line(waiver.on, LineKind.WAIVER, parts, seq=waiver.seq))

    return act
