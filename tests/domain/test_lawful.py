"""What the law makes of a debt's money: rates over time with their source, fixed sums, orders, and caps.

The numbers are worked out by hand from the tables of the packs made here.
"""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from dunning_cli.domain import charges, payments
from dunning_cli.domain.allocation import Part
from dunning_cli.domain.appropriation import AllocationRule, DebtPart
from dunning_cli.domain.cases import Case
from dunning_cli.domain.collecting import Lender
from dunning_cli.domain.entries import CaseOpened, ChargeKind, DebtType
from dunning_cli.domain.interest import DayCount, Step
from dunning_cli.domain.lawful import capped, compensation, ordered, refreshed, statutory, subject_of
from dunning_cli.domain.ledger import LineKind
from dunning_cli.domain.money import Money, Rounding
from dunning_cli.domain.review import review
from dunning_cli.domain.rules import (
    Applies,
    Pack,
    RateStep,
    RateTable,
    Rule,
    Source,
    Strength,
    Sure,
    Text,
)
from dunning_cli.domain.statutory import Band, Cap, Item, MoneyRule, Rate, Reference
from dunning_cli.domain.terms import Asked, Terms
from dunning_cli.domain.terms import Cap as CapNoted
from dunning_cli.errors import DuplicateError, InputError, RefusedError, UnlawfulError
from tests.builders import Story, a_now, a_policy, a_story, an_opening, day, money

SOURCE = Source(title="Code", article="§ 5", sure=Sure.PRIMARY)


def a_table(*values: tuple[str, str], known_until: str | None = "2025-12-31") -> RateTable:
    steps = tuple(RateStep(from_=day(first), value=Decimal(value)) for first, value in values)
    until = day(known_until) if known_until else None
    return RateTable(
        id="base",
        title=Text(en="Base"),
        fact="base",
        source=SOURCE,
        checked_on=day("2025-01-01"),
        known_until=until,
        values=steps,
    )


BASE = a_table(("2024-01-01", "3.62"), ("2024-07-01", "3.37"), ("2025-01-01", "2.27"), ("2025-07-01", "1.27"))


def a_rule(name: str = "p.rate", **fields: Any) -> MoneyRule:
    return MoneyRule(id=name, text=Text(en="x"), source=SOURCE, strength=Strength.LAW, **fields)


def a_rate(reference: Reference = Reference.OF_THE_DAY, **fields: Any) -> MoneyRule:
    rate = Rate(table="base", margin=Decimal(9), reference=reference)
    values: dict[str, Any] = {"rate": rate, "basis": DayCount.ACT_365, "applies": Applies(consumer=False)}
    return a_rule(**values | fields)


def a_pack(*rules: Rule, table: RateTable = BASE) -> Pack:
    return Pack(
        id="p",
        version="1",
        title=Text(en="P"),
        checked_on=date(2025, 1, 1),
        rules=rules,
        tables={"base": table},
        origins={rule.id: "p" for rule in rules},
    )


def a_debt(**given_: Any) -> CaseOpened:
    values: dict[str, Any] = {"owed": "1000.00 EUR", "due": "2024-06-10", "consumer": False}
    return an_opening(**values | given_)


def _steps(terms: Terms) -> list[tuple[str, str]]:
    """The first day of each step, and its rate."""
    return [((step.after + timedelta(days=1)).isoformat(), str(step.percent)) for step in terms.steps]


def _case(terms: Terms, **given_: Any) -> Case:
    return a_story(owed="1000.00 EUR", due="2024-06-10", terms=terms, **given_).case


# --- who it is about --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "consumer", "credit", "lender"),
    [
        (None, None, None, None),
        (None, True, None, None),
        (None, False, False, None),
        ("consumer_loan", None, None, Lender.LICENSED),
        ("consumer_loan", True, True, Lender.LICENSED),
        ("credit_card", False, False, Lender.LICENSED),
        ("private_loan", True, False, Lender.PRIVATE),
        ("invoice", True, False, None),
        ("other", True, None, None),
    ],
)
def test_what_is_known_of_a_debt(kind: str | None, consumer: bool | None, credit: bool | None, lender: Any) -> None:
    debt = a_debt(debt_type=DebtType(kind) if kind else None, consumer=consumer)
    found = subject_of(debt, day("2024-06-20"))
    assert (found.consumer_credit, found.lender, found.days_overdue) == (credit, lender, 10)


# --- the statutory rate -----------------------------------------------------------------------------------------------


def test_a_rate_that_moves_with_its_table() -> None:
    terms = statutory(a_pack(a_rate()), a_debt(), Terms())
    assert _steps(terms) == [
        ("2024-06-11", "12.62"),
        ("2024-07-01", "12.37"),
        ("2025-01-01", "11.27"),
        ("2025-07-01", "10.27"),
        ("2026-01-01", "0"),
    ]
    assert terms.known_steps == terms.steps[:-1]
    statute = terms.statute
    assert statute is not None
    assert (statute.pack, statute.rule, statute.law) == ("p@1", "p.rate", "Code § 5")
    assert (statute.table, str(statute.margin), statute.multiple) == ("base", "9", None)
    assert (statute.begins, statute.known_until) == (day("2024-06-11"), day("2025-12-31"))
    assert (terms.day_count, terms.rounding, terms.source) == (DayCount.ACT_365, Rounding.HALF_UP, "p@1 p.rate")


def test_the_balance_of_a_moving_rate() -> None:
    """20 days at 12.62, 184 at 12.37, 181 at 11.27, 184 at 10.27; nothing after the table ends."""
    case = _case(statutory(a_pack(a_rate()), a_debt(), Terms()))
    exact = Fraction(20 * 1262 + 184 * 1237 + 181 * 1127 + 184 * 1027, 365 * 100) * 1000
    wanted = Decimal(round(exact)).scaleb(-2)
    assert wanted == Decimal("176.93")
    for on in ("2025-12-31", "2026-01-01", "2030-01-01"):
        assert str(case.balance(day(on)).interest) == str(wanted)


@pytest.mark.parametrize(
    ("due", "rate"),
    [("2024-06-30", "12.62"), ("2024-06-29", None), ("2024-12-31", "12.37"), ("2025-01-01", "12.37")],
)
def test_a_rate_fixed_by_the_half_year_before(due: str, rate: str | None) -> None:
    """Interest from 30 June 2024 would need a value of 31 December 2023, before the table begins."""
    rules = a_pack(a_rate(Reference.HALF_YEAR_BEFORE_START))
    if rate is None:
        with pytest.raises(InputError, match="begins on 2024-01-01"):
            statutory(rules, a_debt(due=due), Terms())
        return
    terms = statutory(rules, a_debt(due=due), Terms())
    assert [percent for _, percent in _steps(terms)] == [rate]
    assert terms.known_until is None
    assert terms.statute is not None
    assert terms.statute.reads is None  # a newer value of the table is nothing to this debt


def test_a_rate_fixed_by_a_day_that_is_not_known_yet() -> None:
    terms = statutory(a_pack(a_rate(Reference.START)), a_debt(due="2026-03-01"), Terms())
    assert (_steps(terms), terms.known_steps) == ([("2026-03-02", "0")], ())
    assert terms.known_until == day("2026-03-01")
    table = a_table(("2024-01-01", "3.62"), ("2026-02-01", "1.00"), known_until="2026-06-30")
    fresh = refreshed(a_pack(a_rate(Reference.START), table=table), a_debt(due="2026-03-01"), terms)
    assert fresh is not None
    assert (_steps(fresh), fresh.known_until) == ([("2026-03-02", "10.00")], None)


@pytest.mark.parametrize(
    ("known", "until"), [("2025-12-31", "2025-12-31"), ("2025-07-01", "2025-12-31"), ("2025-06-30", "2025-06-30")]
)
def test_the_value_of_a_half_year_is_known_for_all_of_it(known: str, until: str) -> None:
    table = a_table(("2024-01-01", "3.62"), ("2025-03-01", "3.00"), known_until=known)
    terms = statutory(a_pack(a_rate(Reference.HALF_YEAR), table=table), a_debt(), Terms())
    assert terms.known_until == day(until)
    changes = [("2024-06-11", "12.62"), *([("2025-07-01", "12.00")] if until == "2025-12-31" else [])]
    assert _steps(terms)[:-1] == changes


def test_a_table_without_an_end_goes_on() -> None:
    terms = statutory(a_pack(a_rate(), table=dataclasses.replace(BASE, known_until=None)), a_debt(), Terms())
    assert (_steps(terms)[-1], terms.known_until) == (("2025-07-01", "10.27"), None)
    assert terms.statute is not None
    assert terms.statute.reads


def test_a_rate_that_the_rule_names_itself() -> None:
    rule = a_rule(rate=Rate(percent=Decimal("8.0")), basis=DayCount.ACT_ACT)
    terms = statutory(a_pack(rule), a_debt(), Terms(rounding=Rounding.HALF_EVEN))
    assert (_steps(terms), terms.known_until, terms.day_count) == ([("2024-06-11", "8.0")], None, DayCount.ACT_ACT)


def test_from_a_day_on_and_earlier_rates_stay() -> None:
    was = Terms(Asked(Decimal(5)).steps(day("2024-06-10")), DayCount.ACT_360)
    terms = statutory(a_pack(a_rate(basis=DayCount.ACT_ACT)), a_debt(), was, day("2025-01-15"))
    assert _steps(terms)[:2] == [("2024-06-11", "5"), ("2025-01-15", "11.27")]
    assert terms.day_count is DayCount.ACT_360


def test_what_the_law_does_not_give_is_refused() -> None:
    rules = a_pack(a_rate())
    with pytest.raises(UnlawfulError, match="gives this debt no statutory interest on 2024-06-11"):
        statutory(rules, a_debt(consumer=True), Terms())
    with pytest.raises(UnlawfulError):
        statutory(a_pack(), a_debt(), Terms())
    with pytest.raises(UnlawfulError):
        statutory(a_pack(a_rate(from_=day("2024-06-12"))), a_debt(), Terms())
    with pytest.raises(InputError, match="depends on what is not known of it: consumer"):
        statutory(rules, a_debt(consumer=None), Terms())
    with pytest.raises(InputError, match="day of the contract"):
        statutory(a_pack(a_rate(Reference.CONTRACT)), a_debt(), Terms())


# --- when the table says more -----------------------------------------------------------------------------------------

LONGER = a_table(
    *((s.from_.isoformat(), str(s.value)) for s in BASE.values), ("2026-01-01", "2.00"), known_until="2026-06-30"
)


def test_terms_follow_their_table() -> None:
    terms = statutory(a_pack(a_rate()), a_debt(), Terms(order=(Part.PRINCIPAL, *list(Part)[:3])))
    assert refreshed(a_pack(a_rate()), a_debt(), terms) is None
    fresh = refreshed(a_pack(a_rate(), table=LONGER), a_debt(), terms)
    assert fresh is not None
    assert _steps(fresh)[-2:] == [("2026-01-01", "11.00"), ("2026-07-01", "0")]
    assert _steps(fresh)[:-2] == _steps(terms)[:-1]
    assert fresh.order == terms.order
    assert refreshed(a_pack(a_rate(), table=LONGER), a_debt(), fresh) is None


def test_a_corrected_value_counts_from_its_day() -> None:
    terms = statutory(a_pack(a_rate()), a_debt(), Terms())
    values = [*BASE.values[:-1], RateStep(from_=day("2025-07-01"), value=Decimal("1.50"))]
    fresh = refreshed(a_pack(a_rate(), table=dataclasses.replace(BASE, values=tuple(values))), a_debt(), terms)
    assert fresh is not None
    assert _steps(fresh)[-2] == ("2025-07-01", "10.50")


def test_a_rule_that_is_gone_is_said() -> None:
    terms = statutory(a_pack(a_rate()), a_debt(), Terms())
    with pytest.raises(InputError, match="about a rate any more"):
        refreshed(a_pack(table=LONGER), a_debt(), terms)


def test_terms_that_follow_no_table_stand() -> None:
    assert refreshed(a_pack(table=LONGER), a_debt(), Terms()) is None
    fixed = statutory(a_pack(a_rate(Reference.START)), a_debt(), Terms())
    assert refreshed(a_pack(a_rate(Reference.START), table=LONGER), a_debt(), fixed) is None


def test_a_review_writes_the_newer_terms_once() -> None:
    old = statutory(a_pack(a_rate()), a_debt(), Terms())
    fresh = statutory(a_pack(a_rate(), table=LONGER), a_debt(), Terms())
    case, now = _case(old), a_now("2026-02-01")
    first = review(case, a_policy(), now, terms=fresh)
    assert [entry.what.kind for entry in first.entries][:1] == ["terms_changed"]
    assert first.entries[0].what.rule == "rate_table"
    assert first.case.terms == fresh
    assert not [e for e in review(first.case, a_policy(), now, terms=fresh).entries if e.what.kind == "terms_changed"]


# --- fixed compensation -----------------------------------------------------------------------------------------------

BANDS = (
    Band(below=Decimal(1000), add=Decimal(40)),
    Band(below=Decimal(10000), add=Decimal(70)),
    Band(add=Decimal(100)),
)
FLAT = a_rule("p.flat", bands=BANDS, currency="EUR", applies=Applies(consumer=False))


@pytest.mark.parametrize(
    ("owed", "added"), [("999.99", "40.00"), ("1000.00", "70.00"), ("9999.99", "70.00"), ("10000.00", "100.00")]
)
def test_the_fixed_sum_goes_by_the_size_of_the_debt(owed: str, added: str) -> None:
    found = compensation(a_pack(FLAT), a_debt(owed=f"{owed} EUR"))
    assert (str(found.amount), found.rule, found.law) == (added, "p.flat", "Code § 5 (p@1)")


def test_no_fixed_sum() -> None:
    with pytest.raises(UnlawfulError, match="no fixed compensation"):
        compensation(a_pack(FLAT), a_debt(consumer=True))
    with pytest.raises(UnlawfulError, match="gives an amount in EUR; the debt is in CNY"):
        compensation(a_pack(FLAT), a_debt(owed="1000.00 CNY"))
    with pytest.raises(InputError, match="consumer"):
        compensation(a_pack(FLAT), a_debt(consumer=None))


def _late() -> Story:
    return a_story(owed="1000.00 EUR", due="2025-01-06", consumer=False)


def test_the_fixed_sum_is_a_cost_of_the_case_once() -> None:
    fixed, story = compensation(a_pack(FLAT), a_debt()), _late()
    with pytest.raises(RefusedError, match="not late on 2025-01-06"):
        story.then("2025-01-06", charges.add_by_law, fixed)
    story.then("2025-01-07", charges.add_by_law, fixed)
    assert str(story.case.balance(day("2025-01-07")).costs) == "70.00"
    with pytest.raises(DuplicateError, match="once a debt"):
        story.then("2025-01-08", charges.add_by_law, fixed)
    charged = story.entries[-1].what
    assert (charged.rule, charged.law) == ("p.flat", "Code § 5 (p@1)")


# --- the order of the parts -------------------------------------------------------------------------------------------


def _an_order(name: str, order: str, **applies: Any) -> AllocationRule:
    return AllocationRule(
        id=name,
        text=Text(en="x"),
        source=SOURCE,
        strength=Strength.LAW,
        applies=Applies(**applies),
        order=tuple(map(DebtPart, order.split())),
    )


def test_the_legal_order_goes_into_the_terms() -> None:
    rules = a_pack(
        _an_order("p.order", "costs fees interest general_interest principal"),
        _an_order("p.credit", "costs fees principal interest", consumer_credit=True),
    )
    plain = ordered(rules, a_debt(), Terms(), day("2024-07-01"))
    assert (plain.order, plain.ordered_by) == (tuple(Part), "p@1 p.order")
    debt = a_debt(consumer=True, debt_type=DebtType.CONSUMER_LOAN)
    credit = ordered(rules, debt, Terms(), day("2024-07-01"))
    assert credit.order == (Part.COSTS, Part.FEES, Part.PRINCIPAL, Part.INTEREST)
    story = a_story(owed="1000.00 EUR", due="2024-12-01", terms=replace(credit, steps=_ten()))
    story.then("2025-01-06", payments.receive, money("100.00 EUR"))
    split = story.case.splits(day("2025-01-06"))[2]
    assert (str(split.principal), str(split.interest)) == ("100.00", "0.00")


def _ten() -> tuple[Step, ...]:
    return (Step(day("2024-12-01"), Decimal("36.5")),)


# --- the cap ----------------------------------------------------------------------------------------------------------


def _a_cap(rate: Rate, **fields: Any) -> MoneyRule:
    values: dict[str, Any] = {"applies": Applies(lenders=(Lender.PRIVATE,)), "basis": DayCount.ACT_365}
    return a_rule("p.cap", **values | fields, cap=Cap(rate=rate))


FOUR_TIMES = Rate(table="base", multiple=Decimal(4), reference=Reference.CONTRACT)
LENT = {"debt_type": DebtType.PRIVATE_LOAN}


@pytest.mark.parametrize(
    ("rate", "incurred", "percent"),
    [
        (Rate(percent=Decimal(24)), None, "24"),
        (FOUR_TIMES, "2024-06-30", "14.48"),
        (FOUR_TIMES, "2024-07-01", "13.48"),
        (FOUR_TIMES, None, None),  # the day of the contract is not known
        (FOUR_TIMES, "2023-12-31", None),  # nor the table before it begins
        (dataclasses.replace(FOUR_TIMES, reference=Reference.SUIT), "2024-07-01", None),
    ],
)
def test_the_cap_of_a_debt(rate: Rate, incurred: str | None, percent: str | None) -> None:
    debt = a_debt(due="2024-08-01", incurred=day(incurred) if incurred else None, **LENT)
    cap = capped(a_pack(_a_cap(rate)), debt, Terms()).cap
    assert cap is not None
    assert (cap.percent, cap.fees) == (Decimal(percent) if percent else None, True)
    assert (cap.rule, cap.law) == ("p.cap", "Code § 5")


def test_no_cap() -> None:
    rule = _a_cap(Rate(percent=Decimal(24)))
    assert capped(a_pack(rule), a_debt(), Terms()).cap is None  # who lent is not known
    assert capped(a_pack(), a_debt(**LENT), Terms()).cap is None
    of_penalties = a_rule(
        "p.cap", cap=Cap(rate=Rate(percent=Decimal(24)), over_sum_of=(Item.PENALTY,)), basis=DayCount.ACT_365
    )
    assert capped(a_pack(of_penalties), a_debt(**LENT), Terms()).cap is None


CAP = CapNoted("p@1", "p.cap", "Code § 5", DayCount.ACT_365, Decimal("36.5"), fees=True)


def _lent(percent: str, **fields: Any) -> Story:
    """1,000.00 due on 6 January; the cap lets 1.00 a day be claimed."""
    terms = Terms((Step(day("2025-01-06"), Decimal(percent)),), **{"cap": CAP} | fields)
    return a_story(owed="1000.00 EUR", due="2025-01-06", terms=terms)


def test_interest_above_the_cap_is_never_owed() -> None:
    case = _lent("73").case
    assert str(case.balance(day("2025-01-16")).interest) == "10.00"
    ledger = case.ledger(day("2025-01-16"))
    assert ledger.above_cap == 10_00
    (line,) = [line for line in ledger.lines if line.what is LineKind.INTEREST]
    assert (line.percent, line.days) == (Fraction(73, 2), 10)


def test_the_cap_counts_days_its_own_way() -> None:
    """36 % over 360 is 36.5 % over 365: just within; a hair more is not."""
    within = _lent("36", day_count=DayCount.ACT_360).case.ledger(day("2025-01-16"))
    assert (within.above_cap, within.owed[Part.INTEREST]) == (0, 10_00)
    above = _lent("36.1", day_count=DayCount.ACT_360).case.ledger(day("2025-04-16"))
    assert (above.above_cap, above.owed[Part.INTEREST]) == (28, 100_00)


def test_a_fee_above_the_cap_waits_for_room() -> None:
    """Ten days give 10.00: 5.00 of interest, so 5.00 of the fee may be claimed; then 0.50 more each day."""
    story = _lent("18.25")
    story.then("2025-01-16", charges.add, money("8.00 EUR"), ChargeKind.FEE)
    fees = {
        on: str(story.case.balance(day(on)).fees) for on in ("2025-01-16", "2025-01-18", "2025-01-22", "2025-02-22")
    }
    assert fees == {"2025-01-16": "5.00", "2025-01-18": "6.00", "2025-01-22": "8.00", "2025-02-22": "8.00"}
    kinds = [line.what for line in story.case.ledger(day("2025-01-18")).lines if Part.FEES in line.parts]
    assert kinds == [LineKind.CHARGE, LineKind.ABOVE_CAP, LineKind.WITHIN_CAP]
    story.then("2025-01-16", charges.add, money("9.00 EUR"), ChargeKind.COST)
    assert str(story.case.balance(day("2025-01-16")).costs) == "9.00"  # what courts cost is not the lender's gain


def test_a_debt_without_interest_has_a_cap_on_its_fees() -> None:
    story = a_story(opened="2025-01-16", owed="1000.00 EUR", due="2025-01-06")
    story.then("2025-01-16", charges.add, money("30.00 EUR"), ChargeKind.FEE, terms=Terms(cap=CAP))
    assert [entry.what.kind for entry in story.entries] == ["case_opened", "terms_changed", "charge_added"]
    assert [str(story.case.owed(day(on))) for on in ("2025-01-16", "2025-01-26", "2025-03-16")] == [
        "1010.00",
        "1020.00",
        "1030.00",
    ]


def test_a_cap_that_is_not_known_limits_nothing() -> None:
    case = _lent("73", cap=replace(CAP, percent=None)).case
    assert str(case.balance(day("2025-01-16")).interest) == "20.00"


MINOR = st.integers(1, 80_00)
DAYS = st.integers(0, 60)


@given(
    st.sampled_from(["0", "20", "36.5", "50"]),
    st.lists(st.tuples(DAYS, MINOR, st.booleans()), max_size=6),
    DAYS,
)
def test_never_more_than_the_cap(percent: str, acts: list[tuple[int, int, bool]], until: int) -> None:
    """Interest and fees claimed in all are at most 1.00 a day, however fees and payments come."""
    story = _lent(percent)
    for after, minor, fee in sorted(acts):
        on = day("2025-01-06") + timedelta(days=after)
        if story.case.outcome is None:
            amount = Money(minor, "EUR")
            if fee:
                story.then(on, charges.add, amount, ChargeKind.FEE)
            else:
                story.then(on, payments.receive, amount)
    on = day("2025-01-06") + timedelta(days=until)
    ledger = story.case.ledger(on)
    raised = {LineKind.INTEREST, LineKind.CHARGE, LineKind.ABOVE_CAP, LineKind.WITHIN_CAP}
    claimed = sum(line.total for line in ledger.lines if line.what in raised)
    assert claimed <= until * 100 + 1 + len(acts)  # each payment rounds the interest before it
    asked = sum(minor for after, minor, fee in acts if fee and after <= until)
    if percent == "0":
        assert claimed + ledger.above_cap == asked
