"""The creditor's strategy: the documented defaults, amounts a currency, and the digest that names a version."""

from __future__ import annotations

from typing import Any

import pytest

from dunning_cli.domain.policies import Amounts, plain_defaults, policy_of
from dunning_cli.domain.stages import Stage
from tests.builders import a_policy, money, plain_policy


def test_the_documented_defaults() -> None:
    policy = a_policy()
    assert (policy.name, policy.version, policy.label) == ("default", 1, "default@1")
    assert (policy.contact.min_attempts, policy.contact.min_demands, policy.contact.max_days) == (3, 1, 60)
    assert (policy.negotiation.proposal_valid_days, policy.negotiation.max_days) == (14, 45)
    assert (policy.plan.max_installments, policy.plan.tolerance_days, policy.plan.max_missed) == (60, 3, 2)
    assert (policy.plan.max_renegotiations, policy.plan.on_break) == (1, Stage.NEGOTIATION)
    assert (policy.legal.demand_before_days, policy.legal.auto_escalate) == (15, False)
    zero = money("0.00 CNY")
    assert policy.amounts("CNY") == Amounts(money("0.10 CNY"), zero, zero, zero, money("1.00 CNY"))


def test_amounts_stand_for_one_currency() -> None:
    policy = a_policy(
        tolerance="1.00",
        plan={"min_installment": "20.00", "tolerance_amount": "0.50"},
        legal={"min_balance": "500.00"},
        per_currency=[
            {"currency": "EUR", "tolerance": "0.05", "min_balance": "100.00"},
            {"currency": "JPY", "tolerance": "10", "min_installment": "1000", "tolerance_amount": "5"},
        ],
    )
    assert policy.amounts("CNY") == Amounts(
        money("1.00 CNY"), money("20.00 CNY"), money("0.50 CNY"), money("500.00 CNY"), money("1.00 CNY")
    )
    assert policy.amounts("EUR") == Amounts(
        money("0.05 EUR"), money("0.00 EUR"), money("0.00 EUR"), money("100.00 EUR"), money("0.00 EUR")
    )
    assert policy.amounts("JPY") == Amounts(
        money("10 JPY"), money("1000 JPY"), money("5 JPY"), money("0 JPY"), money("0 JPY")
    )


def test_a_currency_that_is_not_named_has_no_amounts() -> None:
    zero = money("0.000 KWD")
    assert a_policy(tolerance="1.00").amounts("KWD") == Amounts(zero, zero, zero, zero, zero)


def test_the_currency_of_the_amounts_can_be_another() -> None:
    policy = a_policy(currency="EUR")
    assert policy.amounts("EUR").tolerance == money("0.10 EUR")
    assert policy.amounts("CNY").tolerance == money("0.00 CNY")


@pytest.mark.parametrize(
    "overrides",
    [
        pytest.param({"name": "strict"}, id="name"),
        pytest.param({"tolerance": "0.11"}, id="tolerance"),
        pytest.param({"currency": "EUR"}, id="currency"),
        pytest.param({"contact": {"min_attempts": 4}}, id="min-attempts"),
        pytest.param({"contact": {"max_days": 61}}, id="contact-max-days"),
        pytest.param({"negotiation": {"max_days": 46}}, id="negotiation-max-days"),
        pytest.param({"plan": {"tolerance_days": 4}}, id="tolerance-days"),
        pytest.param({"plan": {"on_break": "legal"}}, id="on-break"),
        pytest.param({"legal": {"auto_escalate": True}}, id="auto-escalate"),
        pytest.param({"legal": {"min_balance": "0.01"}}, id="min-balance"),
        pytest.param({"per_currency": [{"currency": "EUR"}]}, id="per-currency"),
    ],
)
def test_every_change_has_another_digest(overrides: dict[str, Any]) -> None:
    assert a_policy(**overrides).digest != a_policy().digest


def test_the_digest_names_content_and_version() -> None:
    assert a_policy().digest == a_policy().digest
    assert a_policy(version=2).digest != a_policy().digest
    assert len(a_policy().digest) == 16


def test_reading_a_policy_does_not_change_what_was_read() -> None:
    plain = plain_policy()
    policy_of(plain, 1)
    assert plain == plain_defaults()


def test_the_stage_after_a_break_is_a_stage() -> None:
    assert a_policy(plan={"on_break": "legal"}).plan.on_break is Stage.LEGAL
    with pytest.raises(ValueError, match="nowhere"):
        a_policy(plan={"on_break": "nowhere"})


def test_the_builder_knows_every_key() -> None:
    with pytest.raises(KeyError):
        a_policy(tolerence="1.00")
    with pytest.raises(KeyError):
        a_policy(plan={"max_mised": 1})
