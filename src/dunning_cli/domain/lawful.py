"""What the law makes of the money of one debt: statutory rate, fixed compensation, the order of its parts, its cap.

A rule counts here only where it is known to fit: nothing is claimed on a fact that nobody gave. The law's answer goes
into the entries as it was read, so that a rule or a rate table that changes later changes no debt by itself.
"""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Final, NamedTuple, Protocol

from msgspec.structs import replace

from ..errors import InputError, UnlawfulError
from .allocation import Part
from .appropriation import DebtPart, order_of_parts
from .collecting import Lender
from .entries import DebtType
from .interest import Step
from .money import Money
from .rules import Pack, RateTable, Rule, Subject
from .statutory import Item, MoneyRule, Rate, Reference, Shape, all_of, known_to, pick, rate_steps
from .terms import Cap, Statute, Terms

_DAY: Final = timedelta(days=1)
_YEAR: Final = timedelta(days=366)
_CREDIT: Final = (DebtType.CONSUMER_LOAN, DebtType.CREDIT_CARD)
_LENT: Final = (*_CREDIT, DebtType.MORTGAGE, DebtType.STUDENT_LOAN)
_MOVES: Final = (Reference.OF_THE_DAY, Reference.HALF_YEAR)


class Owed(Protocol):
    """What has to be known of a debt: that of a case, or of one that is to be opened."""

    @property
    def principal(self) -> Money: ...
    @property
    def due(self) -> date: ...
    @property
    def incurred(self) -> date | None: ...
    @property
    def debt_type(self) -> DebtType | None: ...
    @property
    def consumer(self) -> bool | None: ...


def subject_of(debt: Owed, on: date) -> Subject:
    """What is known of a debt on a day, as rules ask for it. Whoever sells or treats on credit has lent nothing."""
    kind, consumer = debt.debt_type, debt.consumer
    credit = None
    if consumer is False or (kind is not None and kind is not DebtType.OTHER and kind not in _CREDIT):
        credit = False
    elif consumer and kind in _CREDIT:
        credit = True
    lender = Lender.PRIVATE if kind is DebtType.PRIVATE_LOAN else Lender.LICENSED if kind in _LENT else None
    return Subject(
        debt_type=kind,
        consumer=consumer,
        consumer_credit=credit,
        lender=lender,
        days_overdue=(on - debt.due).days,
    )


def _rule(pack: Pack, shape: Shape, debt: Owed, day: date, what: str) -> MoneyRule:
    """The rule that is known to fit a debt on a day."""
    subject = subject_of(debt, day)
    rules = all_of(pack, shape, day)
    if any(rule.applies.fits(subject, unknown=False) for rule in rules):
        found = pick(pack, shape, subject, day)
        assert found is not None  # noqa: S101  one is known to fit
        return found
    if lacking := sorted({name for rule in rules for name in rule.applies.missing(subject)}):
        raise InputError(
            "Whether the law gives this debt {what} depends on what is not known of it: {facts}.",
            hint="Say it when the case is opened: --consumer or --business, and --debt-type.",
            what=what,
            facts=", ".join(lacking),
        )
    raise UnlawfulError(
        "The rule pack {pack} gives this debt no {what} on {day}.",
        hint=f"See what it gives, and to whom, with: dunning rules show {pack.id}",
        pack=pack.id,
        what=what,
        day=day,
    )


# --- the statutory rate -----------------------------------------------------------------------------------------------


def statutory(pack: Pack, debt: Owed, terms: Terms, begins: date | None = None) -> Terms:
    """The terms of a debt that bears the pack's statutory rate from `begins`, by default the day after the due date.

    Steps of `terms` before that day stay as they are, and with them the day count: a debt has one. UnlawfulError where
    the pack gives the debt no such rate, InputError where that depends on a fact that is not known.
    """
    begins = begins or debt.due + _DAY
    rule = _rule(pack, Shape.RATE, debt, begins, "statutory interest")
    return _under(pack, rule, debt, terms, begins)


def refreshed(pack: Pack, debt: Owed, terms: Terms) -> Terms | None:
    """The terms of a debt under a statutory rate as its rate table now says, or None where they stand as they are."""
    statute = terms.statute
    if statute is None or statute.digest is None or statute.table is None:
        return None
    rule = next((rule for rule in pack.rules if rule.id == statute.rule and isinstance(rule, MoneyRule)), None)
    if rule is None or rule.rate is None or rule.rate.table not in pack.tables:
        raise InputError(
            "The rule pack {pack} has no rule '{rule}' about a rate any more.",
            hint="Give the case its rate anew with: dunning change-interest CASE",
            pack=pack.id,
            rule=statute.rule,
        )
    if rule.rate.table == statute.table and pack.tables[statute.table].digest == statute.digest:
        return None
    return _under(pack, rule, debt, terms, statute.begins)


def _under(pack: Pack, rule: MoneyRule, debt: Owed, terms: Terms, begins: date) -> Terms:
    """Terms with the rate of a rule from a day on."""
    assert rule.rate is not None and rule.basis is not None  # noqa: PT018, S101  a rule about a rate has both
    rate, eve = rule.rate, begins - _DAY
    statute = Statute(pack.label, rule.id, str(rule.source), begins)
    end = begins
    if rate.table is not None:
        table = pack.tables[rate.table]
        until = _known_to(table, rate.reference, begins, debt.incurred)
        moves = rate.reference in _MOVES or until is not None
        statute = replace(
            statute,
            table=rate.table,
            multiple=rate.multiple if rate.multiple != 1 else None,
            margin=rate.margin,
            known_until=until,
            digest=table.digest if moves else None,
        )
        end = until or max(begins, table.values[-1].from_) + _YEAR
    known: tuple[Step, ...] = ()
    if statute.known_until is None or statute.known_until >= begins:
        found = rate_steps(pack.tables, rule, begins, end, contract=debt.incurred)
        known = tuple(each.step for each in found)
    if statute.known_until is not None:
        known = (*known, Step(max(eve, statute.known_until), Decimal(0)))
        statute = replace(statute, known_until=max(eve, statute.known_until))
    earlier = tuple(step for step in terms.steps if step.after < eve)
    return replace(
        terms,
        steps=(*earlier, *known),
        day_count=terms.day_count if earlier else rule.basis,
        rounding=rule.round.mode,
        source=f"{pack.label} {rule.id}",
        statute=statute,
    )


def _known_to(table: RateTable, reference: Reference, begins: date, contract: date | None) -> date | None:
    if reference is Reference.CONTRACT:
        if contract is None:
            raise InputError(
                "The rate depends on the day of the {what}, which is not known.",
                hint="Say it when the case is opened: --incurred DATE.",
                what=str(reference),
            )
        return known_to(table, reference, begins, contract)
    return known_to(table, reference, begins)


# --- fixed compensation -----------------------------------------------------------------------------------------------


class Fixed(NamedTuple):
    """A fixed sum that the law adds to a debt, by which rule, and where that was read."""

    amount: Money
    rule: str
    law: str


def compensation(pack: Pack, debt: Owed) -> Fixed:
    """The fixed sum for a debt that is late, by its size; UnlawfulError where there is none, or in another currency."""
    rule = _rule(pack, Shape.BANDS, debt, debt.due + _DAY, "fixed compensation")
    currency = debt.principal.currency
    if rule.currency != currency:
        raise UnlawfulError(
            "The rule {rule} gives an amount in {other}; the debt is in {currency}.",
            rule=rule.id,
            other=rule.currency,
            currency=currency,
        )
    amount = Money.of(str(rule.flat(Decimal(str(debt.principal)))), currency)
    return Fixed(amount, rule.id, _law(pack, rule))


def _law(pack: Pack, rule: Rule) -> str:
    return f"{rule.source} ({pack.label})"


# --- the order of the parts -------------------------------------------------------------------------------------------


def ordered(pack: Pack, debt: Owed, terms: Terms, on: date) -> Terms:
    """Terms with the order in which the law counts a payment toward the parts of a debt, as it is on a day."""
    rule = order_of_parts(pack, subject_of(debt, on), [DebtPart(part.value) for part in Part], on)
    named = {part.value for part in Part}
    order = tuple(Part(part.value) for part in rule.order if part.value in named)
    return replace(terms, order=order, ordered_by=f"{pack.label} {rule.id}")


# --- the cap ----------------------------------------------------------------------------------------------------------


def capped(pack: Pack, debt: Owed, terms: Terms) -> Terms:
    """Terms with the cap that the law sets to what may be claimed of a debt; as they are where none is known to fit.

    A cap whose rate depends on what is not known (the day of the contract, a value of its table) is noted without one.
    """
    day = debt.incurred
    subject = subject_of(debt, debt.due)
    rules = [rule for rule in all_of(pack, Shape.CAP, day) if rule.applies.fits(subject, unknown=False)]
    if not rules:
        return replace(terms, cap=None)
    rule = max(reversed(rules), key=lambda rule: len(rule.applies))
    assert rule.cap is not None and rule.basis is not None  # noqa: PT018, S101  a cap has both
    if Item.INTEREST not in rule.cap.over_sum_of:
        return replace(terms, cap=None)
    percent = _percent_of(pack, rule.cap.rate, day)
    fees = Item.FEES in rule.cap.over_sum_of
    return replace(terms, cap=Cap(pack.label, rule.id, str(rule.source), rule.basis, percent, fees))


def _percent_of(pack: Pack, rate: Rate, contract: date | None) -> Decimal | None:
    """The rate of a cap, where it is known: one that goes by the suit, or moves with its table, is not."""
    if rate.table is None:
        return rate.percent
    table = pack.tables[rate.table]
    if rate.reference is not Reference.CONTRACT or contract is None or contract < table.values[0].from_:
        return None
    if table.known_until and contract > table.known_until:
        return None
    return rate.of(table.on(contract).value)
