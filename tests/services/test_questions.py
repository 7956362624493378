"""Questions about amounts and payments over the shipped packs. The wanted values were worked out by hand."""

from __future__ import annotations

from typing import Any

import pytest

from dunning_cli.domain.questions import Answer
from dunning_cli.errors import InputError
from dunning_cli.rules.book import Book
from dunning_cli.services.questions import answer

BOOK = Book()


def ask(pack: str, kind: str, facts: dict[str, Any], **asked: Any) -> Answer:
    return answer(BOOK, BOOK.pack(pack), kind, facts, asked)


def held(found: Any, **wanted: Any) -> None:
    assert {name: found.get(name) for name in wanted} == wanted


JUDGMENT = {
    "judgment_effective": "2025-03-01",
    "pay_within_days": 10,
    "principal": "20000.00",
    "general_interest_daily": "0.0001",
    "interest_from": "2025-03-01",
    "paid": "2025-03-21",
}
LOAN = {"private_loan_contract": "2024-03-01", "principal": "1000.00", "days": 365}


@pytest.mark.parametrize(
    ("pack", "measure", "facts", "asked", "wanted"),
    [
        pytest.param(
            "uk",
            "statutory_interest",
            {"invoice": "8500.00", "base": "0.10", "days": 56},
            {"daily_rounding": "none"},
            {"amount": "105.63", "with_daily_pence": "105.84", "daily": "1.89", "annual": "688.50"},
            id="rounded-at-the-end",  # 8500 x 8.10 % = 688.50; / 365 = 1.88630; x 56 = 105.6329; 1.89 x 56 = 105.84
        ),
        pytest.param(
            "uk",
            "statutory_interest",
            {"invoice": "8500.00", "base": "0.10", "days": 56},
            {"daily_rounding": "pence"},
            {"amount": "105.84", "exact_unrounded_daily": "105.63"},
            id="rounded-by-the-day",
        ),
        pytest.param(
            "uk",
            "statutory_interest",
            {"invoice": "2000.00", "from_": "2025-07-11", "to_": "2025-08-25"},
            {},
            {"amount": "30.21", "days": 45, "rate": "12.25"},
            id="the-rate-is-looked-up",  # 2000 x 12.25 % x 45 / 365 = 30.2055
        ),
        pytest.param(
            "uk",
            "statutory_interest",
            {"invoice": "2000.00", "interest_starts": "2025-07-11", "paid": "2025-08-24"},
            {},
            {"amount": "30.21", "days": 45},
            id="the-day-it-starts-counts",
        ),
        pytest.param(
            "uk",
            "statutory_interest",
            {"invoice": "2000.00", "interest_starts": "2025-06-30", "paid": "2026-06-29"},
            {},
            {"amount": "255.00", "days": 365, "rate": "12.75"},
            id="the-rate-stays-for-the-debt",  # that of 31 December 2024, 4.75, although it fell three times
        ),
        pytest.param(
            "eu",
            "statutory_interest",
            {"invoice": "36500.00", "interest_starts": "2026-06-01", "paid": "2026-07-10", "b2b": True},
            {},
            {"amount": "408.50", "days": 40},
            id="a-rate-that-moves",  # 36500 / 365 = 100: 30 days x 10.15 + 10 days x 10.40 = 304.50 + 104.00
        ),
        pytest.param(
            "cn",
            "interest",
            {"principal": "10000.00", "rate": "3.6", "days": 100},
            {"basis": 360},
            {"amount": "100.00"},
            id="basis-360",
        ),
        pytest.param(
            "cn",
            "interest",
            {"principal": "10000.00", "rate": "3.66", "days": 183},
            {"basis": "act/366"},
            {"amount": "183.00"},
            id="basis-366",
        ),
        pytest.param(
            "de",
            "interest",
            {"principal": "3600.00", "rate": "10", "from_": "2025-01-01", "to_": "2025-01-31"},
            {"basis": "act/360"},
            {"amount": "31.00", "days": 31},
            id="both-ends",
        ),
        pytest.param(
            "de",
            "interest",
            {"principal": "3600.00", "rate": "10", "from_": "2025-01-01", "to_": "2025-01-31"},
            {"basis": "act/360", "both_ends": False},
            {"amount": "30.00", "days": 30},
            id="one-end-asked-for",
        ),
        pytest.param(
            "de",
            "interest",
            {"principal": "133590.00", "rate": "100", "from_": "2015-12-31", "to_": "2016-01-01"},
            {},
            {"amount": "731.00", "days": 2},
            id="a-day-of-each-year",  # 133590 = 365 x 366
        ),
        pytest.param(
            "uk-ew",
            "interest",
            {"principal": "1000.00", "rate": "20.0", "days": 50, "moratorium_days": 60},
            {},
            {"amount": "0.00", "days": 0},
            id="a-moratorium-longer-than-the-time",
        ),
        pytest.param(
            "uk-ew",
            "interest",
            {"principal": "3650.00", "rate": "10", "from_": "2026-01-01", "to_": "2026-04-11", "moratorium_days": 60},
            {},
            {"amount": "40.00", "days": 40},
            id="a-moratorium-within-dates",
        ),
        pytest.param(
            "cn",
            "due_on_payment_day",
            JUDGMENT,
            {},
            {
                "days_before_default": 11,
                "days_in_default": 10,
                "general_before": "22.00",
                "general_in_default": "20.00",
                "doubled_part": "35.00",
                "default_interest_total": "55.00",
                "total": "20077.00",
            },
            id="a-judgment",
        ),
        pytest.param(
            "cn",
            "due_on_payment_day",
            JUDGMENT | {"costs": "500.00"},
            {},
            {"general_in_default": "20.00", "doubled_part": "35.88", "total": "20577.88"},
            id="costs-bear-it-too",
        ),
        pytest.param(
            "cn",
            "due_on_payment_day",
            {"judgment_effective": "2025-03-01", "pay_within_days": 10, "principal": "20000.00", "paid": "2025-03-21"},
            {},
            {"general_before": "0.00", "doubled_part": "35.00", "total": "20035.00"},
            id="no-general-interest",
        ),
        pytest.param(
            "cn",
            "enforceable_interest",
            LOAN | {"agreed_rate": "10"},
            {},
            {"amount": "100.00", "excess": "0.00"},
            id="below-the-cap",
        ),
        pytest.param(
            "cn",
            "enforceable_interest",
            LOAN | {"agreed_rate": "13.80"},
            {},
            {"amount": "138.00", "excess": "0.00"},
            id="at-the-cap",
        ),
        pytest.param(
            "cn",
            "enforceable_interest",
            LOAN | {"overdue_rate": "8", "penalty_rate": "4", "fees_rate": "2"},
            {},
            {"amount": "138.00", "excess": "2.00"},
            id="all-items-together",
        ),
        pytest.param(
            "cn",
            "enforceable_interest",
            {"principal": "1000.00", "days": 360, "claimed_total_rate": "24.01"},
            {"basis": 360},
            {"amount": "240.00", "excess": "0.10"},
            id="a-licensed-lender-unless-it-is-said",
        ),
        pytest.param(
            "eu",
            "statutory_minimum_rate",
            {"on": "2026-08-01", "mro_on_1_july": "2.00", "mro": "9.99"},
            {},
            {"rate": "10.00"},
            id="the-value-of-the-day-that-counts",
        ),
        pytest.param(
            "cn",
            "penalty_excessive",
            {"loss": "10000", "agreed_penalty": "13000.01"},
            {},
            {"excessive": True},
            id="a-cent-too-much",
        ),
        pytest.param(
            "de", "default_rate", {"on": "2026-07-01"}, {}, {"consumer": "6.52", "business": "10.52"}, id="default-rate"
        ),
        pytest.param(
            "uk",
            "statutory_interest",
            {"invoice": "5.00", "days": 3, "b2b": False},
            {},
            {"amount": "0.00"},
            id="no-business",
        ),
    ],
)
def test_amounts(pack: str, measure: str, facts: dict[str, Any], asked: dict[str, Any], wanted: dict[str, Any]) -> None:
    held(ask(pack, "amount", facts, measure=measure, **asked).expect, **wanted)


@pytest.mark.parametrize(
    ("pack", "measure", "facts", "asked", "says"),
    [
        ("cn", "interest", {"principal": "1.00", "days": 3}, {}, "'rate' or 'agreed_rate'"),
        ("cn", "interest", {"principal": "1.00", "rate": "3"}, {}, "'days'"),
        (
            "cn",
            "interest",
            {"principal": "1", "rate": "3", "from_": "2026-01-02", "to_": "2026-01-01"},
            {},
            "before it begins",
        ),
        ("cn", "interest", {"principal": "1", "rate": "3", "days": 1}, {"basis": "365/365"}, "no day count"),
        ("cn", "interest", {"principal": "1", "rate": "3", "days": 1}, {"basis": "act/0"}, "no day count"),
        ("cn", "interest", {"principal": "-1", "rate": "3", "days": 1}, {}, "must not be below 0"),
        ("cn", "doubled_part", {"unpaid_judgment_money": "5", "default_from": "2026-01-01"}, {}, "'paid' or 'now'"),
        ("cn", "rate_cap_percent", {"private_loan_contract": "2019-12-01"}, {}, "'sued'"),
        ("cn", "rate_cap_percent", {"lender": "private"}, {}, "'private_loan_contract' or 'contract'"),
        ("uk", "statutory_rate", {}, {}, "'interest_starts' or 'on'"),
        ("uk", "statutory_interest", {"invoice": "5", "days": 3}, {}, "'bank_rate'"),
        (
            "uk",
            "statutory_interest",
            {"invoice": "5", "base": "1", "days": 3},
            {"daily_rounding": "maybe"},
            "daily_rounding",
        ),
        ("uk", "fixed_compensation", {"b2b": True}, {}, "'invoice' or 'principal'"),
        ("de", "default_rate", {"on": "2001-12-31"}, {}, "says nothing about this on 2001-12-31"),
        ("de", "doubled_part", {"default_from": "2026-01-01"}, {}, "says nothing about this"),
        ("de", "statutory_rate", {"on": "2026-01-01"}, {}, "depends on what is not known: consumer"),
        ("de", "toll", {}, {}, "'toll' is no measure"),
        ("de", ["x"], {}, {}, "is no measure"),
    ],
)
def test_what_an_amount_lacks_is_named(
    pack: str, measure: Any, facts: dict[str, Any], asked: dict[str, Any], says: str
) -> None:
    with pytest.raises(InputError) as refused:
        ask(pack, "amount", facts, measure=measure, **asked)
    assert says in str(refused.value)


def test_a_stay_between_payments_is_said() -> None:
    facts = {
        "unpaid_judgment_money": "1000.00",
        "default_from": "2025-01-01",
        "payments": [{"on": "2025-01-10", "amount": "400.00"}, {"on": "2025-01-20", "amount": "900.00"}],
        "stayed_days_not_at_debtors_request": 5,
    }
    found = ask("cn", "amount", facts, measure="doubled_part")
    held(found.expect, amount="1.93", days=15)  # (400 x 5 + 600 x 15) x 0.0175 % = 11,000 x 0.000175 = 1.925
    assert found.beside["notes"]


def test_what_an_answer_rests_on() -> None:
    found = ask("cn", "amount", {"private_loan_contract": "2026-06-01"}, measure="rate_cap_percent")
    assert found.beside["rules"] == ["cn.private_loan.cap"]
    assert found.beside["notes"] == ["cn-lpr-1y is known to 2025-12-22; its last value is taken for 2026-06-01"]


# --- payments

SEVERAL = [
    {"id": "A", "type": "consumer_loan", "consumer": True, "balance": {"interest": "10.00", "principal": "100.00"}},
    {"id": "B", "balance": "50.00"},
]


def test_parts_within_several_debts() -> None:
    found = ask("de", "allocation", {"debts": SEVERAL}, pay="130.00", toward="A")
    assert found.expect == {
        "A": "110.00",
        "B": "20.00",
        "left": {"A": "0.00", "B": "30.00"},
        "parts": {"A": {"interest": "10.00", "principal": "100.00"}},
    }
    found = ask("de", "allocation", {"debts": SEVERAL}, pay="105.00", toward=["A"])
    held(found.expect, A="105.00", parts={"A": {"principal": "100.00", "interest": "5.00"}})
    assert found.beside["rules"] == ["de.allocation.debts", "de.allocation.consumer_credit"]


def test_more_than_is_owed() -> None:
    found = ask("generic", "allocation", {"balance": {"principal": "10.00"}}, pay="12.50")
    assert found.expect == {"principal": "10.00", "left": {"principal": "0.00"}, "unallocated": "2.50"}


def test_the_parts_of_a_single_debt() -> None:
    found = ask("generic", "allocation", {"debts": [{"id": "A", "balance": {"fees": "1.00"}}]}, pay="0.40")
    assert found.expect == {"fees": "0.40", "left": {"fees": "0.60"}}


@pytest.mark.parametrize(
    ("facts", "asked", "says"),
    [
        ({}, {"pay": "1"}, "'balance' is missing"),
        ({"balance": {}}, {}, "'pay' is missing"),
        ({"balance": {"intrest": "1"}}, {"pay": "1"}, "did you mean 'interest'?"),
        ({"balance": {"xyzzy": "1"}}, {"pay": "1"}, "known are: costs"),
        ({"balance": {"costs": "1.005"}}, {"pay": "1"}, "more than two decimals"),
        ({"balance": {"costs": "1"}}, {"pay": 1.5}, "a number in quotes"),
        ({"balance": "5.00"}, {"pay": "1"}, "is an object"),
        ({"debts": [{"id": "A", "balance": "1"}, {"id": "A", "balance": "1"}]}, {"pay": "1"}, "have the id 'A'"),
        (
            {"debts": [{"id": "A", "balance": "1"}, {"id": "B", "balance": "1"}]},
            {"pay": "1", "toward": "C"},
            "no debt 'C'",
        ),
        ({"debts": [{"id": "A", "balance": "1", "due": "2026-01-01"}, {"balance": "2"}]}, {"pay": "1"}, "'now'"),
    ],
)
def test_what_a_payment_lacks_is_named(facts: dict[str, Any], asked: dict[str, Any], says: str) -> None:
    with pytest.raises(InputError) as refused:
        ask("cn", "allocation", facts, **asked)
    assert says in str(refused.value)
