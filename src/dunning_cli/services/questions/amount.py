"""Questions about amounts and rates: one function a measure, each answered from the pack's rules of kind money."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from ...domain.interest import DayCount, Stretch, days, stretches
from ...domain.questions import Answer, Facts, subject_of
from ...domain.rules import RateTable, Subject
from ...domain.statutory import (
    Counted,
    FreezeEvent,
    MoneyRule,
    PaidPart,
    Rate,
    Reference,
    Rounded,
    RoundedAt,
    Shape,
    Stopped,
    all_of,
    daily_charge,
    known,
    period,
    pick,
    rate_steps,
    reference_day,
    so_many,
    yearly,
)
from ...errors import InputError

if TYPE_CHECKING:
    from ...domain.rules import Pack
    from ...rules.book import Book

_ZERO: Final = Decimal(0)
_DAY: Final = timedelta(days=1)
_MONTHS: Final = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_EXACT: Final = ("none", "exact", "total")
_BY_DAY: Final = ("day", "daily", "pence", "penny", "nearest_penny", "cent", "cents", "half_up", "2", "2dp", "0.01")


class _Asked(NamedTuple):
    """A question, and what its answer rests on."""

    pack: Pack
    facts: Facts
    ask: Facts
    subject: Subject
    rules: list[str]
    notes: list[str]

    def rule(self, shape: Shape, day: date | None = None, subject: Subject | None = None) -> MoneyRule | None:
        found = pick(self.pack, shape, subject or self.subject, day)
        if found and found.id not in self.rules:
            self.rules.append(found.id)
        return found


def answer(book: Book, pack: Pack, facts: Mapping[str, Any], ask: Mapping[str, Any]) -> Answer:
    """The amounts or rates that `ask.measure` names."""
    given = Facts(facts)
    measure = ask.get("measure")
    if not isinstance(measure, str) or measure not in MEASURES:
        raise InputError("'{measure}' is no measure. Known are: {known}.", measure=measure, known=", ".join(MEASURES))
    asked = _Asked(pack, given, Facts(ask), subject_of(given), [], [])
    expect = MEASURES[measure](asked)
    beside: dict[str, Any] = {"rules": asked.rules}
    if asked.notes:
        beside["notes"] = list(dict.fromkeys(asked.notes))
    return Answer(expect, beside)


# --- rates ------------------------------------------------------------------------------------------------------------


def _percent(value: Decimal | Fraction) -> str:
    return str(Rounded().of(value))


class _Value(NamedTuple):
    """A rate in percent a year, and the value of the table it was made from."""

    percent: Decimal
    table: RateTable | None
    value: Decimal | None


def _value(asked: _Asked, rate: Rate, day: date | None) -> _Value:
    """What a rate comes to on (or for interest that starts on) a day.

    A question may give the table's value itself, by the table's own word, as `base`, or for the day that counts
    (`bank_rate_on_30_june`); else it is looked up.
    """
    if rate.table is None:
        return _Value(rate.percent or _ZERO, None, None)
    table = asked.pack.tables[rate.table]
    on = reference_day(rate.reference, day) if day else None
    given = _given_for(table, rate, day, asked.facts) if day else None
    for value in (given, asked.facts.number(table.fact), asked.facts.number("base")):
        if value is not None:
            return _Value(rate.of(value), table, value)
    if on is None:
        raise InputError(
            "The fact '{fact}' is missing, or a day on which {table} is looked up.", fact=table.fact, table=table.id
        )
    step = table.on(on)
    if note := known(table, step, on):
        asked.notes.append(note)
    return _Value(rate.of(step.value), table, step.value)


def _given_for(table: RateTable, rate: Rate, day: date, facts: Facts) -> Decimal | None:
    """The value of a table that the question itself gives for the day that counts."""
    on = reference_day(rate.reference, day)
    return facts.number(f"{table.fact}_on_{on.day}_{_MONTHS[on.month - 1]}")


def _default_rate(asked: _Asked) -> dict[str, Any]:
    """The rate of default for a consumer and for a business, as far as the pack tells them apart."""
    day = asked.facts.needed_day("on", "interest_starts")
    found = {}
    for name, consumer in (("consumer", True), ("business", False)):
        subject = Subject(consumer=consumer, debt_type=asked.subject.debt_type, lender=asked.subject.lender)
        rule = asked.rule(Shape.RATE, day, subject)
        if rule and rule.rate:
            found[name] = _percent(_value(asked, rule.rate, day).percent)
    return found


def _statutory_rate(asked: _Asked) -> dict[str, Any]:
    day = asked.facts.needed_day("interest_starts", "on")
    rule = asked.rule(Shape.RATE, day)
    if rule is None or rule.rate is None:
        asked.notes.append("no statutory rate applies to this debt")
        return {"rate": _percent(_ZERO)}
    return {"rate": _percent(_value(asked, rule.rate, day).percent)}


# --- caps -------------------------------------------------------------------------------------------------------------


def _contract(asked: _Asked) -> date | None:
    return asked.facts.day("private_loan_contract", "contract")


def _cap(asked: _Asked) -> tuple[MoneyRule, _Value] | None:
    """The cap on a debt's rate; None where none applies."""
    contract = _contract(asked)
    rule = asked.rule(Shape.CAP, contract)
    if rule is None or rule.cap is None:
        asked.notes.append("no cap applies to this debt")
        return None
    rate = rule.cap.rate
    day = contract
    if rate.table and rate.reference is Reference.SUIT:
        day = asked.facts.needed_day("sued")
    elif rate.table and rate.reference is Reference.CONTRACT:
        day = asked.facts.needed_day("private_loan_contract", "contract")
    return rule, _value(asked, rate, day)


def _rate_cap(asked: _Asked) -> dict[str, Any]:
    found = _cap(asked)
    if found is None:
        return {"cap": None}
    value = found[1]
    named = {value.table.fact: _percent(value.value)} if value.table and value.value is not None else {}
    agreed = asked.facts.number("agreed_rate", _ZERO)
    return {
        **named,
        "cap": _percent(value.percent),
        **({"rate": _percent(min(agreed, value.percent))} if agreed is not None else {}),
    }


def _claimed(asked: _Asked, rule: MoneyRule | None) -> Decimal:
    """The rate that is claimed: its total, or the sum of what the cap adds together, or the rate agreed."""
    total = asked.facts.number("claimed_total_rate", _ZERO)
    if total is not None:
        return total
    items = rule.cap.over_sum_of if rule and rule.cap else ()
    parts = [part for item in items if (part := asked.facts.number(f"{item}_rate", _ZERO)) is not None]
    return sum(parts, _ZERO) if parts else asked.facts.needed("agreed_rate", "claimed_total_rate")


def _enforceable_rate(asked: _Asked) -> dict[str, Any]:
    found = _cap(asked)
    claimed = _claimed(asked, found[0] if found else None)
    return {"rate": _percent(min(claimed, found[1].percent) if found else claimed), "claimed": _percent(claimed)}


def _enforceable_interest(asked: _Asked) -> dict[str, Any]:
    found = _cap(asked)
    claimed = _claimed(asked, found[0] if found else None)
    rate = min(claimed, found[1].percent) if found else claimed
    principal = asked.facts.needed("principal")
    basis = found[0] if found else _counting(asked)
    length = _length(asked, basis)
    rounding = basis.round
    return {
        "amount": str(rounding.of(yearly(principal, rate, length.years))),
        "excess": str(rounding.of(yearly(principal, claimed - rate, length.years))),
        "rate": _percent(rate),
        "days": length.days,
    }


# --- days -------------------------------------------------------------------------------------------------------------


def _counting(asked: _Asked) -> MoneyRule:
    """How the pack counts days where no other rule says it."""
    rule = asked.rule(Shape.COUNT)
    if rule is None:
        raise InputError("The rule pack {pack} does not say how days are counted.", pack=asked.pack.id)
    return rule


def _dated(asked: _Asked, rule: MoneyRule) -> tuple[date, date, bool] | None:
    """From which day to which a period goes, and whether the first day counts as well.

    `interest_starts` is the first day that counts; of `from_` the rule says it, or the question.
    """
    start, end = asked.facts.day("from_", "interest_starts"), asked.facts.day("to_", "paid")
    if start is None or end is None:
        return None
    if end < start:
        raise InputError("The period ends on {end}, before it begins on {start}.", start=start, end=end)
    both = asked.ask.flag("both_ends")
    if both is None:
        both = rule.both_ends or not asked.facts.has("from_")
    return start, end, both


def _length(asked: _Asked, rule: MoneyRule, frozen: int = 0) -> Counted:
    """The period of a question: so many days, or from a day to a day, less the days that are frozen."""
    word = str(asked.ask.plain.get("basis", asked.facts.plain.get("basis")) or rule.basis or DayCount.ACT_365)
    numbered = re.fullmatch(r"(?:act/)?([1-9]\d{2})", word)  # 365, 360 and act/366 as people write them
    if not numbered and word not in list(DayCount):
        raise InputError("'{word}' is no day count. Known are: {known}.", word=word, known=", ".join(DayCount))
    basis = DayCount.ACT_365 if numbered else DayCount(word)
    count, dated = asked.facts.whole("days"), _dated(asked, rule)
    if count is not None:
        if basis is DayCount.ACT_ACT:
            asked.notes.append("days without dates do not say how long their year is: a common year is taken")
        found = so_many(basis, count)
    elif dated is not None:
        found = period(basis, dated[0], dated[1], both_ends=dated[2])
    else:
        found = Counted(0, Fraction(asked.facts.needed("days")))
    if numbered:
        found = Counted(found.days, Fraction(found.days, int(numbered[1])))
    left = max(0, found.days - frozen)
    return found if not frozen else Counted(left, found.years * left / found.days if found.days else Fraction(0))


def _interest(asked: _Asked) -> dict[str, Any]:
    """Plain interest, without the days that a moratorium freezes where the pack knows such a rule."""
    principal, rate = asked.facts.needed("principal", "invoice"), asked.facts.needed("rate", "agreed_rate")
    frozen = asked.facts.whole("moratorium_days") or 0
    if frozen and not _freezes(asked):
        asked.notes.append("the pack knows no rule by which a moratorium stops interest")
        frozen = 0
    rule = _counting(asked)
    length = _length(asked, rule, frozen)
    return {"amount": str(rule.round.of(yearly(principal, rate, length.years))), "days": length.days}


def _freezes(asked: _Asked) -> bool:
    """Whether the pack knows a rule by which a moratorium stops interest on this debt."""
    for rule in all_of(asked.pack, Shape.FREEZE):
        stops = rule.freeze.stops if rule.freeze and rule.freeze.during is FreezeEvent.MORATORIUM else ()
        if Stopped.INTEREST in stops and rule.applies.fits(asked.subject):
            asked.rules.append(rule.id)
            return True
    return False


# --- late payment -----------------------------------------------------------------------------------------------------


def _statutory_interest(asked: _Asked) -> dict[str, Any]:
    """Interest by the statutory rate, and what a day of it is.

    `amount` is rounded at the end, or by the day where the rule or the question says so; both ways are answered beside.
    """
    start = asked.facts.day("interest_starts", "from_", "on")
    rule = asked.rule(Shape.RATE, start)
    if rule is None or rule.rate is None:
        asked.notes.append("no statutory rate applies to this debt")
        nothing = str(Rounded().of(0))
        return dict.fromkeys(("amount", "annual", "daily", "exact_unrounded_daily", "with_daily_pence"), nothing)
    owed = asked.facts.needed("invoice", "principal")
    steps = _moving(asked, rule, rule.rate)
    if steps:
        percent = steps[0].percent
        length = Counted(sum(days(rule.basis or DayCount.ACT_365, s.start, s.end) for s in steps), Fraction(0))
        exact = sum((yearly(owed, step.percent, step.years) for step in steps), Fraction(0))
    else:
        percent = _value(asked, rule.rate, start).percent
        length = _length(asked, rule)
        exact = yearly(owed, percent, length.years)
    one = rule.round.of(exact / length.days if length.days else 0)
    total, by_day = rule.round.of(exact), rule.round.of(one * length.days)
    return {
        "amount": str(by_day if _by_day(asked, rule) else total),
        "rate": _percent(percent),
        "days": length.days,
        "annual": str(rule.round.of(yearly(owed, percent, Fraction(1)))),
        "daily": str(one),
        "exact_unrounded_daily": str(total),
        "with_daily_pence": str(by_day),
    }


def _moving(asked: _Asked, rule: MoneyRule, rate: Rate) -> list[Stretch]:
    """The parts of a dated period over which the rule's rate moves with its table.

    None where the question gives days instead of dates, or the table's value itself.
    """
    table = asked.pack.tables.get(rate.table or "")
    dated = _dated(asked, rule)
    if table is None or dated is None or asked.facts.has("days") or asked.ask.has("basis"):
        return []
    start, end, both_ends = dated
    if any(asked.facts.has(name) for name in (table.fact, "base")) or _given_for(table, rate, start, asked.facts):
        return []
    before = start - _DAY if both_ends else start
    found = rate_steps(asked.pack.tables, rule, before + _DAY, end)
    asked.notes.extend(each.note for each in found if each.note)
    return list(stretches([each.step for each in found], rule.basis or DayCount.ACT_365, before, end))


def _by_day(asked: _Asked, rule: MoneyRule) -> bool:
    word = asked.ask.plain.get("daily_rounding")
    if word is None:
        return rule.round.at is RoundedAt.DAY
    if str(word) not in (*_EXACT, *_BY_DAY):
        raise InputError("'{word}' is no daily_rounding. Known are: {known}.", word=word, known="none, pence, cent")
    return str(word) in _BY_DAY


def _flat(asked: _Asked) -> dict[str, Any]:
    """The flat sum for a debt that is paid late; nothing, in the currency of the law, where it does not apply."""
    day = asked.facts.day("on", "interest_starts", "due")
    rule = asked.rule(Shape.BANDS, day)
    if rule is None:
        any_rule = all_of(asked.pack, Shape.BANDS, day)[-1]
        asked.rules.append(any_rule.id)
        return {"amount": str(any_rule.round.of(0)), "currency": any_rule.currency}
    owed = asked.facts.number("invoice", _ZERO)
    if owed is None and len(rule.bands) > 1:
        owed = asked.facts.needed("invoice", "principal")
    return {"amount": str(rule.round.of(rule.flat(owed or _ZERO))), "currency": rule.currency}


def _penalty(asked: _Asked) -> dict[str, Any]:
    rule = asked.rule(Shape.PENALTY)
    if rule is None or rule.penalty is None:
        raise InputError("The rule pack {pack} has no limit of penalties for this debt.", pack=asked.pack.id)
    threshold = rule.penalty.threshold(asked.facts.needed("loss"))
    return {
        "threshold": str(rule.round.of(threshold)),
        "excessive": Fraction(asked.facts.needed("agreed_penalty")) > threshold,
    }


# --- judgments --------------------------------------------------------------------------------------------------------


def _daily(asked: _Asked, day: date | None) -> MoneyRule:
    rule = asked.rule(Shape.DAILY, day)
    if rule is None:
        raise InputError("The rule pack {pack} adds nothing to an unpaid judgment.", pack=asked.pack.id)
    return rule


def _doubled_part(asked: _Asked) -> dict[str, Any]:
    """What is added for paying a judgment late, part payments and stays taken into account."""
    facts = asked.facts
    start = facts.needed_day("default_from")
    rule = _daily(asked, start)
    assert rule.daily is not None  # noqa: S101  it was picked for it
    left = facts.needed("unpaid_judgment_money")
    parts = []
    for payment in sorted(facts.rows("payments"), key=lambda each: each.needed_day("on")):
        part = min(left, payment.needed("amount"))
        parts.append(PaidPart(part, payment.needed_day("on")))
        left -= part
    if left:
        parts.append(PaidPart(left, facts.needed_day("paid", "now")))
    stayed = facts.whole("stayed_days_not_at_debtors_request") or 0
    if stayed and len(parts) > 1:
        asked.notes.append("the stay is taken to lie before the first payment")
    count, exact = daily_charge(rule.daily, start, parts, stayed)
    return {"days": count, "amount": str(rule.round.of(exact))}


def _due_on_payment_day(asked: _Asked) -> dict[str, Any]:
    """All that a judgment comes to on the day it is paid: the money, its general interest, and the doubled part."""
    facts = asked.facts
    paid, effective = facts.needed_day("paid"), facts.needed_day("judgment_effective")
    within = facts.whole("pay_within_days")
    last = effective + timedelta(days=within if within is not None else int(facts.needed("pay_within_days")))
    start = last + _DAY
    rule = _daily(asked, start)
    assert rule.daily is not None  # noqa: S101  it was picked for it
    money = {part: facts.number(part, _ZERO) or _ZERO for part in rule.daily.on}
    if not any(money.values()):
        facts.needed("principal")
    a_day = Fraction(facts.needed("general_interest_daily") if facts.has("general_interest_daily") else _ZERO)
    begins = facts.needed_day("interest_from") if a_day else start
    bears = facts.number("principal", _ZERO) or money.get(rule.daily.on[0], _ZERO)
    before = _both_ends(begins, min(last, paid))
    late = _both_ends(max(start, begins), paid)
    stayed = facts.whole("stayed_days_not_at_debtors_request") or 0
    _, doubled = daily_charge(rule.daily, start, [PaidPart(sum(money.values(), _ZERO), paid)], stayed)
    amounts = {
        "general_before": rule.round.of(Fraction(bears) * a_day * before),
        "general_in_default": rule.round.of(Fraction(bears) * a_day * late),
        "doubled_part": rule.round.of(doubled),
    }
    in_default = amounts["general_in_default"] + amounts["doubled_part"]
    total = rule.round.of(sum(money.values(), _ZERO)) + amounts["general_before"] + in_default
    return {
        "days_before_default": before,
        "days_in_default": _both_ends(start, paid),
        **{name: str(amount) for name, amount in amounts.items()},
        "default_interest_total": str(in_default),
        "total": str(total),
    }


def _both_ends(first: date, last: date) -> int:
    return max(0, (last - first).days + 1)


MEASURES: Final[dict[str, Callable[[_Asked], dict[str, Any]]]] = {
    "default_rate": _default_rate,
    "statutory_rate": _statutory_rate,
    "statutory_minimum_rate": _statutory_rate,
    "statutory_interest": _statutory_interest,
    "fixed_compensation": _flat,
    "flat_fee": _flat,
    "interest": _interest,
    "rate_cap_percent": _rate_cap,
    "enforceable_total_rate": _enforceable_rate,
    "enforceable_interest": _enforceable_interest,
    "penalty_excessive": _penalty,
    "doubled_part": _doubled_part,
    "due_on_payment_day": _due_on_payment_day,
}
