"""The ledger of a debt: worked examples by hand, and what must hold whatever happened to it and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from dunning_cli.domain import charges, contacts, holds, payments, plans
from dunning_cli.domain.allocation import ORDER, Part
from dunning_cli.domain.cases import Case, fold
from dunning_cli.domain.entries import ChargeKind, HoldReason
from dunning_cli.domain.facts import Charge, Payment, Refund, Waiver
from dunning_cli.domain.interest import DayCount, Frozen, Step
from dunning_cli.domain.ledger import Facts, Ledger, LineKind, draw
from dunning_cli.domain.money import Money, Rounding
from dunning_cli.domain.terms import Terms
from dunning_cli.errors import InputError, RefusedError
from tests.builders import Story, a_contact, a_now, a_story, an_offer, day, money


@dataclass(frozen=True)
class Loan:
    principal: Money
    due: date = date(2025, 1, 1)
    incurred: date | None = None


TEN = Terms((Step(date(2025, 1, 1), Decimal(10)),))


def a_ledger(on: str, terms: Terms = TEN, principal: str = "36500.00 CNY", **facts: Any) -> Ledger:
    """By default 36,500.00 at 10 % from 2 January 2025 on: 10.00 a day."""
    return draw(Facts(Loan(money(principal)), terms, **facts), day(on))


def owed(ledger: Ledger) -> dict[str, str]:
    return {part.value: str(ledger.money(part)) for part in Part if ledger.owed[part]}


def paid(seq: int, on: str, amount: str, reversed_on: str | None = None) -> Payment:
    return Payment(seq, day(on), money(amount), f"P{seq}", day(reversed_on) if reversed_on else None)


def test_interest_runs_from_the_day_after_the_due_date() -> None:
    assert owed(a_ledger("2025-01-01")) == {"principal": "36500.00"}
    assert owed(a_ledger("2025-01-02")) == {"interest": "10.00", "principal": "36500.00"}
    assert owed(a_ledger("2025-01-31")) == {"interest": "300.00", "principal": "36500.00"}


def test_a_payment_pays_interest_first_and_the_rest_bears_less() -> None:
    """On 31 January 300.00 of interest are paid and 18,250.00 of principal: from then on it is 5.00 a day."""
    ledger = a_ledger("2025-02-10", payments=[paid(2, "2025-01-31", "18550.00 CNY")])
    assert owed(ledger) == {"interest": "50.00", "principal": "18250.00"}
    split = ledger.splits[2]
    assert (str(split.interest), str(split.principal), str(split.unallocated)) == ("300.00", "18250.00", "0.00")


def test_another_order_of_the_law() -> None:
    """Costs, then principal, then interest, as for consumer credit in Germany (§ 497(3) BGB)."""
    order = (Part.COSTS, Part.FEES, Part.PRINCIPAL, Part.INTEREST)
    ledger = a_ledger("2025-01-31", replace(TEN, order=order), payments=[paid(2, "2025-01-31", "500.00 CNY")])
    assert owed(ledger) == {"interest": "300.00", "principal": "36000.00"}


def test_charges_count_from_their_day_and_bear_no_interest() -> None:
    fee = Charge(2, day("2025-01-11"), money("40.00 CNY"), ChargeKind.FEE)
    assert owed(a_ledger("2025-01-10", charges=[fee])) == {"interest": "90.00", "principal": "36500.00"}
    assert owed(a_ledger("2025-01-31", charges=[fee])) == {
        "fees": "40.00",
        "interest": "300.00",
        "principal": "36500.00",
    }


def test_a_waived_charge_never_was() -> None:
    """What was paid on it counts toward the rest."""
    facts: dict[str, Any] = {
        "charges": [Charge(2, day("2025-01-02"), money("40.00 CNY"), ChargeKind.COST)],
        "payments": [paid(3, "2025-01-02", "50.00 CNY")],
    }
    assert owed(a_ledger("2025-01-02", **facts)) == {"principal": "36500.00"}
    waived = [Waiver(4, day("2025-02-01"), money("40.00 CNY"), charge=2)]
    assert owed(a_ledger("2025-01-31", **facts, waivers=waived))["interest"] == "290.00"
    assert owed(a_ledger("2025-02-01", **facts, waivers=waived))["principal"] == "36460.00"


def test_a_refund_takes_from_what_is_beyond_the_debt() -> None:
    facts: dict[str, Any] = {"payments": [paid(2, "2025-01-01", "36600.00 CNY")]}
    refund = Refund(3, day("2025-01-05"), money("60.00 CNY"))
    assert a_ledger("2025-01-04", **facts, refunds=[refund]).unallocated == 100_00
    assert a_ledger("2025-01-05", **facts, refunds=[refund]).unallocated == 40_00
    # A fee that is known later to date from before uses up what was refunded: it is owed again.
    fee = Charge(4, day("2025-01-02"), money("70.00 CNY"), ChargeKind.FEE)
    late = a_ledger("2025-01-05", **facts, refunds=[refund], charges=[fee])
    assert (late.unallocated, sum(late.owed.values())) == (0, 30_00)


def test_what_is_held_beyond_the_debt_pays_a_later_charge() -> None:
    fee = Charge(3, day("2025-01-09"), money("30.00 CNY"), ChargeKind.FEE)
    ledger = a_ledger("2025-01-09", payments=[paid(2, "2025-01-01", "36520.00 CNY")], charges=[fee])
    assert (owed(ledger), ledger.unallocated) == ({"fees": "10.00"}, 0)
    assert [line.what for line in ledger.lines][-2:] == [LineKind.CHARGE, LineKind.OVERPAYMENT_USED]


def test_half_a_cent_goes_as_the_terms_say() -> None:
    """18.25 at 10 % are half a cent a day: after one day 0.005, after three 0.015."""
    up = replace(TEN, rounding=Rounding.HALF_UP)
    for terms, after_one, after_three in ((TEN, 0, 2), (up, 1, 2)):
        one, three = (a_ledger(on, terms, "18.25 CNY").owed[Part.INTEREST] for on in ("2025-01-02", "2025-01-04"))
        assert (one, three) == (after_one, after_three)


# --- what must hold of any debt ---------------------------------------------------------------------------------------

BEGINS = date(2025, 1, 1)
ONS = st.integers(-20, 400).map(lambda number: BEGINS + timedelta(days=number))
AMOUNTS = st.integers(1, 60_000).map(lambda minor: Money(minor, "CNY"))
TERMS = st.builds(
    Terms,
    st.lists(st.builds(Step, ONS, st.decimals(0, 30, places=2)), max_size=3, unique_by=lambda s: s.after).map(tuple),
    st.sampled_from(DayCount),
    st.sampled_from(Rounding),
    st.permutations(ORDER).map(tuple),
)
_SEQS = iter(range(2, 10**9))
PAYMENTS = st.lists(
    st.tuples(ONS, AMOUNTS, st.none() | st.integers(0, 90)).map(
        lambda p: Payment(next(_SEQS), p[0], p[1], "", None if p[2] is None else p[0] + timedelta(days=p[2]))
    ),
    max_size=5,
)
CHARGES = st.lists(
    st.builds(Charge, st.builds(lambda: next(_SEQS)), ONS, AMOUNTS, st.sampled_from(ChargeKind)), max_size=3
)
STOPS = st.lists(st.builds(lambda on, n: Frozen(on, on + timedelta(days=n)), ONS, st.integers(0, 60)), max_size=2)
FACTS = st.builds(Facts, st.builds(Loan, AMOUNTS), TERMS, CHARGES, PAYMENTS, st.just(()), st.just(()), STOPS)


@given(FACTS, ONS)
def test_the_lines_add_up(facts: Facts, on: date) -> None:
    ledger = draw(facts, on)
    for part in Part:
        assert sum(line.parts.get(part, 0) for line in ledger.lines) == ledger.owed[part] >= 0
    assert sum(line.unallocated for line in ledger.lines) == ledger.unallocated >= 0
    assert ledger.unallocated == 0 or not any(ledger.owed.values())
    assert [line.on for line in ledger.lines[1:]] == sorted(line.on for line in ledger.lines[1:])


@given(FACTS, ONS)
def test_no_money_is_lost(facts: Facts, on: date) -> None:
    """What came in is what was spread, and what was asked for is what is owed and what was paid."""
    ledger = draw(facts, on)
    came_in = sum(p.amount.minor for p in facts.payments if p.counts(on))
    interest = sum(line.total for line in ledger.lines if line.what is LineKind.INTEREST)
    asked = facts.debt.principal.minor + interest + sum(c.amount.minor for c in facts.charges if c.on <= on)
    assert asked - came_in == sum(ledger.owed.values()) - ledger.unallocated
    for payment in facts.payments:
        if payment.counts(on):
            split = ledger.splits[payment.seq]
            parts = (split.costs, split.fees, split.interest, split.principal, split.unallocated)
            assert sum(part.minor for part in parts) == payment.amount.minor


@given(FACTS, ONS, st.randoms(use_true_random=False))
def test_the_order_of_recording_does_not_matter(facts: Facts, on: date, random: Any) -> None:
    shuffled: list[list[Any]] = [list(facts.payments), list(facts.charges), list(facts.frozen)]
    for each in shuffled:
        random.shuffle(each)
    parts: dict[str, Any] = dict(zip(("payments", "charges", "frozen"), shuffled, strict=True))
    other = draw(replace(facts, **parts), on)
    assert (other.owed, other.unallocated) == (draw(facts, on).owed, draw(facts, on).unallocated)


@given(FACTS, ONS)
def test_a_reversal_restores(facts: Facts, on: date) -> None:
    """Once a payment is taken back, all is as if it had never been there."""
    gone = [p for p in facts.payments if not p.counts(on)]
    without = replace(facts, payments=[p for p in facts.payments if p not in gone])
    assert draw(without, on).owed == draw(facts, on).owed


@given(FACTS, ONS, st.lists(ONS, max_size=3))
def test_cuts_change_no_amount(facts: Facts, on: date, cuts: Sequence[date]) -> None:
    """A statement from any day on begins with the balance of the day before."""
    whole, cut = draw(facts, on), draw(facts, on, cuts)
    assert (whole.owed, whole.unallocated, whole.splits) == (cut.owed, cut.unallocated, cut.splits)
    for eve in cuts:
        if eve < on and all(p.counts(on) or p.reversed_on is None or p.reversed_on > on for p in facts.payments):
            before = [line for line in cut.lines if line.on <= eve]
            lines = sum(line.total - line.unallocated for line in before[1:])
            assert lines + facts.debt.principal.minor == sum(
                line.total - line.unallocated for line in draw(facts, eve).lines
            ) or any(p.reversed_on and eve < p.reversed_on <= on for p in facts.payments)


@given(st.lists(st.tuples(ONS, st.integers(1, 30_000)), max_size=5), st.integers(1, 90_000), ONS)
def test_interest_day_by_day(given_payments: list[tuple[date, int]], principal: int, on: date) -> None:
    """An independent reckoning of 7.3 % (0.02 % a day) on the principal, with principal paid before interest.

    Then nothing but the last day rounds, and the sum of all days is exact.
    """
    order = (Part.COSTS, Part.FEES, Part.PRINCIPAL, Part.INTEREST)
    terms = Terms((Step(BEGINS, Decimal("7.3")),), order=order)
    rows = [Payment(n, at, Money(minor, "CNY"), "") for n, (at, minor) in enumerate(given_payments, 2)]
    left, beyond, interest = principal, 0, Fraction(0)
    last = max([on, *(p.on for p in rows)])
    fixed = 0
    at = min([BEGINS, *(p.on for p in rows)])
    while at <= min(on, last):
        if at > BEGINS:
            interest += left * Fraction(2, 10_000)
        for row in sorted(rows, key=lambda p: p.seq):
            if row.on == at:
                fixed, interest = fixed + round(interest), Fraction(0)
                left, rest = max(0, left - row.amount.minor), max(0, row.amount.minor - left)
                fixed, beyond = max(0, fixed - rest), beyond + max(0, rest - fixed)
        at += timedelta(days=1)
    ledger = draw(Facts(Loan(Money(principal, "CNY")), terms, payments=rows), on)
    assert (ledger.owed[Part.PRINCIPAL], ledger.owed[Part.INTEREST]) == (left, fixed + round(interest))
    assert ledger.unallocated == beyond


# --- on a case --------------------------------------------------------------------------------------------------------


def a_loan() -> Story:
    """36,500.00 due on 1 January 2025 at 10 %: 10.00 a day; opened on 6 January."""
    return a_story(owed="36500.00 CNY", due="2025-01-01", terms=TEN)


def total(case: Case, on: str) -> str:
    balance = case.balance(day(on))
    assert balance.total == case.owed(day(on))
    return str(balance.total)


def test_a_late_entry_says_how_earlier_payments_are_now_spread() -> None:
    story = a_loan()
    story.then("2025-02-01", payments.receive, money("1000.00 CNY"), on=day("2025-01-31"))
    decision = story.then("2025-02-01", payments.receive, money("36500.00 CNY"), on=day("2025-01-11"))
    received, reallocated, *_ = decision.entries
    (change,) = reallocated.what.changes
    assert (reallocated.what.because, change.payment) == (received.seq, 2)
    assert (str(change.before.interest), str(change.before.principal)) == ("300.00", "700.00")
    # 36,400.00 of principal went on 11 January, so 100.00 bore 2.74 fen a day for 20 days.
    assert (str(change.after.interest), str(change.after.principal)) == ("0.55", "100.00")
    assert str(change.after.unallocated) == "899.45"
    assert story.case.outcome == "paid"


def test_a_payment_after_all_others_changes_none_of_them() -> None:
    story = a_loan()
    story.then("2025-01-31", payments.receive, money("1000.00 CNY"))
    decision = story.then("2025-02-01", payments.receive, money("500.00 CNY"))
    assert [entry.what.kind for entry in decision.entries] == ["payment_received"]


def test_a_hold_freezes_interest_from_its_first_day_to_its_last() -> None:
    story = a_loan()
    story.then("2025-01-11", holds.hold, HoldReason.MORATORIUM, day("2025-01-20"), freezes=True)
    assert total(story.case, "2025-01-20") == "36590.00"
    assert total(story.case, "2025-01-21") == "36600.00"
    story.review("2025-02-10")
    assert story.case.hold is None
    assert total(story.case, "2025-01-21") == "36600.00"


def test_a_hold_that_is_over_freezes_no_longer_than_it_lasted() -> None:
    """The case is closed before a review has written that the hold ended."""
    story = a_loan()
    story.then("2025-01-11", holds.hold, HoldReason.MORATORIUM, day("2025-01-20"), freezes=True)
    story.then("2025-01-22", payments.receive, money("36610.00 CNY"), reference="A")
    assert (story.case.outcome, total(story.case, "2025-01-21")) == ("paid", "36600.00")
    story.then("2025-01-22", payments.reverse, "A", "returned")
    assert total(story.case, "2025-01-22") == "36610.00"


def test_a_hold_that_is_released_freezes_no_longer() -> None:
    story = a_loan()
    story.then("2025-01-11", holds.hold, HoldReason.MORATORIUM, freezes=True)
    assert total(story.case, "2025-06-30") == "36590.00"
    story.then("2025-01-21", holds.release)
    assert total(story.case, "2025-01-21") == "36600.00"


def test_a_debt_paid_up_on_its_day_is_paid_whenever_that_is_recorded() -> None:
    """What interest a remainder within the tolerance would bear until then opens nothing again."""
    story = a_loan()
    story.then("2025-12-31", payments.receive, money("36599.91 CNY"), on=day("2025-01-11"))
    assert (story.case.outcome, total(story.case, "2025-12-31")) == ("paid", "0.00")


def test_interest_stops_when_a_case_is_closed_and_goes_on_where_it_is_reopened() -> None:
    from dunning_cli.domain import closures
    from dunning_cli.domain.entries import CaseOutcome

    story = a_loan()
    story.then("2025-01-31", closures.close, CaseOutcome.WRITTEN_OFF)
    assert total(story.case, "2025-03-31") == "36800.00"
    story.then("2025-03-01", closures.reopen, "new job")
    assert total(story.case, "2025-03-31") == "37390.00"


def test_terms_can_change() -> None:
    story = a_loan()
    less = replace(TEN, steps=(*TEN.steps, Step(day("2025-01-11"), Decimal(5))))
    story.then("2025-01-21", charges.change_terms, less, "agreed")
    assert total(story.case, "2025-01-21") == "36650.00"
    assert not story.then("2025-01-22", charges.change_terms, less).entries


def test_charges_are_refused_where_they_cannot_be() -> None:
    story = a_loan()
    with pytest.raises(InputError, match="after today"):
        story.then("2025-01-10", charges.add, money("5.00 CNY"), ChargeKind.FEE, on=day("2025-01-11"))
    with pytest.raises(InputError, match="the case in CNY"):
        story.then("2025-01-10", charges.add, money("5.00 EUR"), ChargeKind.FEE)
    seq = story.then("2025-01-10", charges.add, money("5.00 CNY"), ChargeKind.FEE).entries[0].seq
    with pytest.raises(InputError, match=r"5\.00 CNY are left"):
        story.then("2025-01-10", charges.waive, seq, None, money("6.00 CNY"))
    story.then("2025-01-10", charges.waive, seq, None, money("2.00 CNY"))
    story.then("2025-01-10", charges.waive, seq)
    with pytest.raises(RefusedError, match="already waived"):
        story.then("2025-01-10", charges.waive, seq)
    with pytest.raises(RefusedError, match="Nothing was paid beyond"):
        story.then("2025-01-10", payments.refund)


def test_a_refund_is_of_what_was_too_much() -> None:
    story = a_story(owed="100.00 CNY")
    story.then("2025-01-10", payments.receive, money("130.00 CNY"))
    with pytest.raises(RefusedError, match=r"Only 30\.00 CNY"):
        story.then("2025-01-10", payments.refund, money("30.01 CNY"))
    story.then("2025-01-10", payments.refund)
    balance = story.case.balance(day("2025-01-10"))
    assert (str(balance.total), str(balance.unallocated), str(story.case.paid(day("2025-01-10")))) == (
        "0.00",
        "0.00",
        "100.00",
    )


def test_the_journal_tells_the_same() -> None:
    story = a_loan()
    story.then("2025-01-08", charges.add, money("5.00 CNY"), ChargeKind.FEE)
    story.then("2025-01-09", holds.hold, HoldReason.MORATORIUM, freezes=True)
    story.then("2025-01-12", holds.release)
    story.then("2025-01-13", payments.receive, money("40000.00 CNY"))
    story.then("2025-01-14", payments.refund)
    assert fold(story.case.case_id, story.entries) == story.case
    assert a_now("2025-01-14").today == story.case.last_on


def test_a_plan_that_was_kept_while_the_case_was_closed_completes_when_it_is_reopened() -> None:
    """What it waives is the interest of that day, not of the day on which the nightly run happens to come."""
    from dunning_cli.domain import closures
    from dunning_cli.domain.entries import CaseOutcome

    story = a_loan()
    story.then("2025-01-06", contacts.log, a_contact())
    offer = replace(an_offer(installments=1, first="2025-01-31"), with_interest=True, waive_interest=Decimal(100))
    story.then("2025-01-06", plans.propose, offer)
    story.then("2025-01-06", plans.accept)
    story.then("2025-01-07", closures.close, CaseOutcome.WRITTEN_OFF)
    story.then("2025-01-08", payments.receive, money("36500.00 CNY"))
    decision = story.then("2025-01-09", closures.reopen, "it came in after all")
    kinds = [entry.what.kind for entry in decision.entries]
    assert kinds == ["case_reopened", "stage_moved", "charge_waived", "plan_completed", "stage_moved"]
    assert not {"charge_waived", "plan_completed"} & {entry.what.kind for entry in story.review("2025-03-01")}
