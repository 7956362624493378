"""Values to JSON and back: what is written, what is left out, what is refused."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Struct

from dunning_cli.domain.cases import Balance
from dunning_cli.domain.codec import (
    canonical,
    check_text,
    decode,
    encode,
    kind_of,
    required_private,
)
from dunning_cli.domain.days import Every
from dunning_cli.domain.debtors import DEBTOR_KINDS, DebtorAdded
from dunning_cli.domain.entries import (
    CASE_KINDS,
    CaseOpened,
    Installment,
    Noted,
    PaymentReversed,
    PlanProposed,
    StageMoved,
)
from dunning_cli.domain.facts import (
    Plan,
)
from dunning_cli.domain.money import Money
from dunning_cli.domain.stages import Event, Stage
from dunning_cli.errors import InputError
from tests.builders import a_contact, a_plan, an_opening, day, money
from tests.domain.values import FEW, TEXTS, of_type

KINDS = CASE_KINDS | DEBTOR_KINDS

# Every kind that the journal knows. A name that changes or goes makes old journals unreadable.
CASE_KIND_NAMES = (
    "case_opened contact_logged assessed plan_proposed plan_accepted plan_declined plan_withdrawn plan_expired "
    "installment_missed plan_broken plan_reinstated plan_completed payment_received payment_reversed charge_waived "
    "stage_moved escalation_due held released case_closed case_reopened assigned noted voided "
    "reallocated refunded charge_added terms_changed party_added party_ended claim_fact_recorded deadline_near "
    "notice_due notice_sent policy_changed"
)


def test_no_kind_was_renamed_or_lost() -> None:
    assert set(CASE_KIND_NAMES.split()) <= set(CASE_KINDS)
    assert {"debtor_added", "detail_added", "detail_changed", "detail_invalid"} <= set(DEBTOR_KINDS)
    assert {"case_joined", "case_left", "merged", "split"} <= set(DEBTOR_KINDS)
    assert all(kind_of(cls) == name for name, cls in KINDS.items())


@pytest.mark.parametrize("cls", [pytest.param(cls, id=name) for name, cls in KINDS.items()])
def test_every_kind_round_trips(cls: type) -> None:
    """Through JSON text, whole and as its two parts."""

    @FEW
    @given(of_type(cls))
    def round_trip(value: Any) -> None:
        whole = json.loads(canonical(encode(value)))
        assert decode(cls, whole) == value
        public, private = encode(value, private=False), encode(value, private=True)
        assert not public.keys() & private.keys()
        assert public | private == encode(value)
        assert "currency" not in private

    round_trip()


@given(of_type(Plan))
def test_a_plan_round_trips(plan: Plan) -> None:
    assert decode(Plan, json.loads(canonical(encode(plan)))) == plan


def test_what_is_written_for_an_opening() -> None:
    what = an_opening(owed="500.00 CNY", due="2024-09-01", creditor="恒信", reference="LOAN-7", consumer=False)
    assert encode(what) == {
        "debtor_id": 1,
        "creditor": "恒信",
        "principal": "500.00",
        "due": "2024-09-01",
        "reference": "LOAN-7",
        "consumer": False,
        "jurisdiction": "generic",
        "policy": "default",
        "currency": "CNY",
    }


def test_what_is_written_for_a_plan() -> None:
    what = PlanProposed(
        2,
        (Installment(1, day("2025-02-01"), money("33.34 EUR")), Installment(2, day("2025-03-01"), money("33.33 EUR"))),
        day("2025-01-24"),
        Every.TWO_WEEKS,
        False,
        "default@3",
    )
    assert encode(what) == {
        "number": 2,
        "installments": [
            {"number": 1, "due": "2025-02-01", "amount": "33.34"},
            {"number": 2, "due": "2025-03-01", "amount": "33.33"},
        ],
        "expires": "2025-01-24",
        "every": "2weeks",
        "settles": False,
        "policy": "default@3",
        "currency": "EUR",
    }


def test_the_two_parts_of_a_contact() -> None:
    what = a_contact(outcome="no_answer", to="+86 138 0013 8000", note="王 was not there", cost=money("1.20 CNY"))
    assert encode(what, private=False) == {
        "channel": "call",
        "outcome": "no_answer",
        "direction": "out",
        "party": "debtor",
        "cost": "1.20",
        "currency": "CNY",
    }
    assert encode(what, private=True) == {"to": "+86 138 0013 8000", "note": "王 was not there"}


def test_private_fields_that_must_be_there() -> None:
    assert required_private(Noted) == ["text"]
    assert required_private(PaymentReversed) == ["why"]
    assert required_private(DebtorAdded) == ["name"]
    assert required_private(CaseOpened) == []


@pytest.mark.parametrize(
    ("source", "target"),
    [
        pytest.param(Stage.NEGOTIATION, "closed", id="to-closed"),
        pytest.param("closed", Stage.LEGAL, id="from-closed"),
    ],
)
def test_a_place_is_a_stage_or_closed(source: Any, target: Any) -> None:
    what = StageMoved(source, target, Event.PAID)
    read = decode(StageMoved, json.loads(canonical(encode(what))))
    assert read == what
    assert isinstance(read.source, Stage) is isinstance(source, Stage)
    assert isinstance(read.target, Stage) is isinstance(target, Stage)


def test_money_is_read_in_the_currency_given() -> None:
    """A document whose currency stands elsewhere, such as a row with a currency column."""
    data = {"number": 1, "due": "2025-02-01", "amount": "500"}
    assert decode(Installment, data, "JPY") == Installment(1, date(2025, 2, 1), Money(500, "JPY"))


@pytest.mark.parametrize(
    ("amount", "currency"),
    [
        pytest.param("500", "CNY", id="no-decimals-for-fen"),
        pytest.param("5.000", "CNY", id="three-decimals-for-fen"),
        pytest.param("5.00", "JPY", id="decimals-for-yen"),
        pytest.param("5.0.0", "CNY", id="two-points"),
        pytest.param("five", "CNY", id="no-number"),
    ],
)
def test_an_amount_that_was_not_written_by_us_is_refused(amount: str, currency: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        decode(Installment, {"number": 1, "due": "2025-02-01", "amount": amount}, currency)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param({"text": "x", "colour": "red"}, id="a-new-field"),
        pytest.param({"text": "x", "salt": "1"}, id="a-salt-that-was-left-in"),
    ],
)
def test_an_unknown_field_is_never_skipped(data: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="unknown fields"):
        decode(Noted, data)


def test_an_unknown_field_inside_is_never_skipped() -> None:
    data = encode(a_plan())
    data["installments"][0]["colour"] = "red"
    with pytest.raises(ValueError, match="installment has unknown fields"):
        decode(Plan, data)
    data = encode(a_plan())
    data["terms"]["colour"] = "red"
    with pytest.raises(ValueError, match="plan_terms has unknown fields"):
        decode(Plan, data)


def test_an_unknown_word_is_never_skipped() -> None:
    with pytest.raises(KeyError):
        decode(Plan, encode(a_plan()) | {"status": "sleeping"})


def test_one_document_one_currency() -> None:
    zero = Money(0, "CNY")
    assert encode(Balance(zero, zero, zero, zero, zero))["currency"] == "CNY"
    assert "currency" not in encode(Noted("x"))
    assert "currency" not in encode(a_contact())
    assert encode(a_plan(status="proposed", installments=[("2025-02-01", "3.00 EUR")]))["currency"] == "EUR"


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(Balance(*(Money(0, "CNY"),) * 4, Money(0, "EUR")), id="side-by-side"),
        pytest.param(a_plan(installments=[("2025-02-01", "3.00 EUR"), ("2025-03-01", "3.00 CNY")]), id="in-a-list"),
        pytest.param(a_plan(installments=[("2025-02-01", "3.00 EUR")]), id="one-inside-another"),
    ],
)
def test_two_currencies_are_never_written_as_one(value: Any) -> None:
    with pytest.raises(ValueError, match="one currency"):
        encode(value)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        pytest.param({"b": 1, "a": 2}, '{"a":2,"b":1}', id="keys-are-sorted"),
        pytest.param({"a": ["x", True, None]}, '{"a":["x",true,null]}', id="no-spaces"),
        pytest.param({"名": "王"}, '{"名":"王"}', id="chinese-as-it-is"),
        pytest.param({"a": "é"}, '{"a":"é"}', id="not-normalised"),
        pytest.param({"a": '\n\t"'}, '{"a":"\\n\\t\\""}', id="escapes"),
    ],
)
def test_canonical(value: dict[str, Any], text: str) -> None:
    assert canonical(value) == text


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a\0b", id="nul"),
        pytest.param("\ud83d", id="first-half-of-a-character"),
        pytest.param("x\udc80", id="second-half-of-a-character"),
    ],
)
def test_text_that_cannot_be_stored(text: str) -> None:
    with pytest.raises(InputError) as refused:
        check_text(text, "note")
    assert "note" in str(refused.value)


@pytest.mark.parametrize(
    "text", [pytest.param("王\n😀\t", id="any-other"), pytest.param("", id="empty"), pytest.param("\uffff", id="last")]
)
def test_text_that_can_be_stored(text: str) -> None:
    assert check_text(text, "note") == text


def test_a_type_without_a_codec_is_an_error() -> None:
    class Odd(Struct):
        value: float

    with pytest.raises(TypeError, match="no codec"):
        decode(Odd, {"value": 1.0})


def _nested(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4)


@given(st.recursive(st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | TEXTS, _nested, max_leaves=12))
def test_the_one_json_text_is_what_the_standard_library_writes(value: Any) -> None:
    plain = {"held": value}
    assert canonical(plain) == json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
