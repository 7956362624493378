"""Facts of a question, read by name; what they say of the debt; and where an answer differs from an example."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from dunning_cli.domain.collecting import CollectorRole, Lender
from dunning_cli.domain.questions import Answer, Facts, differences, subject_of
from dunning_cli.domain.rules import Example, Subject
from dunning_cli.errors import InputError


def test_facts_are_read_by_name() -> None:
    facts = Facts({"a": "12.50", "b": 3, "on": "2026-01-31", "at": "2026-01-31T09:00:00+08:00", "yes": True, "w": "x"})
    assert (facts.number("a"), facts.number("b"), facts.number("c")) == (Decimal("12.50"), Decimal(3), None)
    assert facts.needed("c", "a") == Decimal("12.50")
    assert facts.whole("b") == 3
    assert (facts.day("on"), facts.day("x", "at"), facts.day("x")) == (date(2026, 1, 31), date(2026, 1, 31), None)
    assert (facts.flag("yes"), facts.flag("no"), facts.word("w")) == (True, None, "x")


@pytest.mark.parametrize(
    ("plain", "read", "says"),
    [
        ({"a": 1.5}, lambda f: f.number("a"), "a number in quotes"),
        ({"a": True}, lambda f: f.number("a"), "a number in quotes"),
        ({"a": "1,000"}, lambda f: f.number("a"), "a number in quotes"),
        ({"a": "1e3"}, lambda f: f.number("a"), "a number in quotes"),
        ({"a": "NaN"}, lambda f: f.number("a"), "a number in quotes"),
        ({"a": "٣"}, lambda f: f.number("a"), "a number in quotes"),
        ({"a": [1]}, lambda f: f.number("a"), "a number in quotes"),
        ({"a": "-1"}, lambda f: f.needed("a"), "must not be below 0"),
        ({"a": "1.5"}, lambda f: f.whole("a"), "whole number"),
        ({"invoce": "1"}, lambda f: f.needed("invoice"), "is 'invoce' meant for it?"),
        ({}, lambda f: f.needed("invoice", "principal"), "'invoice' or 'principal' is missing"),
        ({"on": "31.01.2026"}, lambda f: f.day("on"), "a day such as"),
        ({"on": 20260131}, lambda f: f.day("on"), "a day such as"),
        ({}, lambda f: f.needed_day("on"), "'on' is missing"),
        ({"a": "yes"}, lambda f: f.flag("a"), "true or false"),
        ({"a": 1}, lambda f: f.word("a"), "a word"),
        ({"a": {}}, lambda f: f.rows("a"), "a list of objects"),
        ({"a": [1]}, lambda f: f.rows("a"), "a list of objects"),
        ({"a": []}, lambda f: f.inner("a"), "is an object"),
    ],
)
def test_what_cannot_be_read_is_named(plain: dict[str, Any], read: Any, says: str) -> None:
    with pytest.raises(InputError) as refused:
        read(Facts(plain))
    assert says in str(refused.value)


THIRD: dict[str, Any] = {"collector_role": CollectorRole.THIRD_PARTY}  # what silent facts are read as
LICENSED: dict[str, Any] = {"lender": Lender.LICENSED}


@pytest.mark.parametrize(
    ("plain", "subject"),
    [
        pytest.param({}, Subject(**THIRD, **LICENSED), id="silent"),
        pytest.param({"b2b": True}, Subject(consumer=False, **THIRD, **LICENSED), id="b2b"),
        pytest.param({"b2b": False}, Subject(consumer=True, **THIRD, **LICENSED), id="not-b2b"),
        pytest.param(
            {"debts": [{"type": "consumer_loan", "consumer": True}]},
            Subject(debt_type="consumer_loan", consumer=True, consumer_credit=True, **THIRD, **LICENSED),
            id="a-consumers-loan-is-credit",
        ),
        pytest.param(
            {"debts": [{"type": "invoice", "consumer": True}]},
            Subject(debt_type="invoice", consumer=True, consumer_credit=False, **THIRD, **LICENSED),
            id="an-invoice-is-not",
        ),
        pytest.param(
            {"debts": [{"type": "consumer_loan", "consumer": True}], "consumer_credit": False},
            Subject(debt_type="consumer_loan", consumer=True, consumer_credit=False, **THIRD, **LICENSED),
            id="unless-it-is-said",
        ),
        pytest.param(
            {"consumer_credit": True}, Subject(consumer=True, consumer_credit=True, **THIRD, **LICENSED), id="credit"
        ),
        pytest.param(
            {"debts": [{"type": "invoice"}, {"type": "medical"}]}, Subject(**THIRD, **LICENSED), id="nothing-in-common"
        ),
        pytest.param({"private_loan_contract": "2024-03-01"}, Subject(lender=Lender.PRIVATE, **THIRD), id="private"),
        pytest.param({"lender": "private"}, Subject(lender=Lender.PRIVATE, **THIRD), id="private-said"),
        pytest.param(
            {"collector_role": "creditor"}, Subject(collector_role=CollectorRole.CREDITOR, **LICENSED), id="role"
        ),
        pytest.param(
            {"now": "2026-05-02", "debts": [{"due": "2026-01-31"}]},
            Subject(days_overdue=91, **THIRD, **LICENSED),
            id="overdue",
        ),
        pytest.param({"days_overdue": 5}, Subject(days_overdue=5, **THIRD, **LICENSED), id="overdue-said"),
    ],
)
def test_what_facts_say_of_the_debt(plain: dict[str, Any], subject: Subject) -> None:
    assert subject_of(Facts(plain)) == subject


def test_a_word_that_is_unknown() -> None:
    with pytest.raises(InputError, match="lender' is one of: licensed, private"):
        subject_of(Facts({"lender": "bank"}))


def an_example(expect: Any, **more: Any) -> Example:
    return Example(id="e", kind="contact", jurisdiction="x", facts={}, ask={}, expect=expect, **more)


@pytest.mark.parametrize(
    ("example", "answer", "differs"),
    [
        pytest.param(an_example({"a": "1.00"}), Answer({"a": "1.00", "b": 5}), [], id="more-is-said"),
        pytest.param(an_example({"a": "1.00"}), Answer({"a": "1.0"}), ['a: "1.00" was expected, not "1.0"'], id="text"),
        pytest.param(an_example({"a": 1}), Answer({"a": True}), ["a: 1 was expected, not true"], id="1-is-not-true"),
        pytest.param(an_example({"a": 1}), Answer({}), ["a: 1 was expected, and nothing is said"], id="nothing"),
        pytest.param(an_example({"l": {"x": 1}}), Answer({"l": {"x": 2}}), ["l.x: 1 was expected, not 2"], id="inner"),
        pytest.param(an_example("allowed"), Answer("blocked"), ['"allowed" was expected, not "blocked"'], id="word"),
        pytest.param(
            an_example("blocked", severity="block"),
            Answer("blocked", {"severity": "block_overridable"}),
            ['severity: "block" was expected, not "block_overridable"'],
            id="severity",
        ),
        pytest.param(an_example("allowed", severity="warn"), Answer("allowed", {}), [], id="severity-if-allowed"),
        pytest.param(
            an_example("allowed", warnings=("x",)),
            Answer("allowed", {}),
            ["warnings: a warning was expected"],
            id="warning",
        ),
        pytest.param(
            an_example("allowed", warnings=("x",)), Answer("allowed", {"warnings": ["y"]}), [], id="any-warning"
        ),
    ],
)
def test_differences(example: Example, answer: Answer, differs: list[str]) -> None:
    assert list(differences(example, answer)) == differs
