"""Reading one file of rules: each mistake by its place, all of them at once, and what a good file becomes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from dunning_cli.domain.appropriation import AllocationRule, DebtPart
from dunning_cli.domain.interest import DayCount
from dunning_cli.domain.rules import Severity, Strength, Sure
from dunning_cli.domain.statutory import MoneyRule, Reference
from dunning_cli.errors import InputError
from dunning_cli.rules.files import read
from tests.rules.packs import DAYS, pack, rule, table, write


def mistakes(tmp_path: Path, text: str) -> list[tuple[str, str, str]]:
    """What is wrong with a file: rule, key, reason."""
    path = write(tmp_path, "x", text)
    with pytest.raises(InputError) as refused:
        read(path)
    assert str(path) in str(refused.value)
    found: list[dict[str, Any]] = refused.value.details["mistakes"]
    assert all(str(path) == each["file"] and each["reason"] in str(refused.value) for each in found)
    return [(each["rule"], each["key"], each["reason"]) for each in found]


def test_a_good_file(tmp_path: Path) -> None:
    text = pack(more='extends = ["y"]\n[pack.applies]\nconsumer = true') + rule(
        more="""from = 2020-01-01
until = 2020-12-31
severity = "warn"
rate = { table = "t", margin = "8.00", reference = "start" }
basis = "30/360"
both_ends = true
"""
    )
    file = read(write(tmp_path, "x", text + rule("x.b", 'order = ["costs", "principal"]', "allocation")))
    assert file.header
    assert (file.header.extends, file.header.applies.consumer) == (("y",), True)
    money, order = file.rules
    assert isinstance(money, MoneyRule)
    assert money.rate
    assert (money.rate.margin, money.rate.reference, money.rate.multiple) == (Decimal(8), Reference.START, Decimal(1))
    assert (money.from_, money.until) == (date(2020, 1, 1), date(2020, 12, 31))
    assert (money.severity, money.strength, money.source.sure) == (Severity.WARN, Strength.LAW, Sure.PRIMARY)
    assert (money.basis, money.both_ends, money.tables) == (DayCount.THIRTY_360, True, ("t",))
    assert isinstance(order, AllocationRule)
    assert (order.order, order.severity) == ((DebtPart.COSTS, DebtPart.PRINCIPAL), Severity.BLOCK)


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        pytest.param(rule(more=f"{DAYS}\nbases = 1"), ("x.a", "bases"), "did you mean 'basis'?", id="unknown-key"),
        pytest.param(rule(more=f"{DAYS}\nxyzzy = 1"), ("x.a", "xyzzy"), "known are: id, text", id="nothing-near"),
        pytest.param(rule(kind="mony"), ("x.a", "kind"), "did you mean 'money'?", id="unknown-kind"),
        pytest.param(
            rule(more=f'{DAYS}\nseverity = "wran"'), ("x.a", "severity"), "'wran' is unknown", id="unknown-word"
        ),
        pytest.param(
            rule(more=f"{DAYS}\napplies = {{ consumr = true }}"),
            ("x.a", "applies.consumr"),
            "'consumer'",
            id="inner-key",
        ),
        pytest.param(
            rule(more=f'{DAYS}\napplies = {{ debt_types = ["invoice", "invoic"] }}'),
            ("x.a", "applies.debt_types.2"),
            "did you mean 'invoice'?",
            id="inner-word",
        ),
        pytest.param(
            rule(more=f"{DAYS}\nround = {{ places = 2.0 }}"), ("x.a", "round.places"), "in quotes", id="float"
        ),
        pytest.param(
            rule(more="penalty = { over_loss = 30.5 }"), ("x.a", "penalty.over_loss"), '"30.5"', id="float-rate"
        ),
        pytest.param(
            rule(more=f'{DAYS}\nboth_ends = "yes"'), ("x.a", "both_ends"), "valid boolean", id="text-for-bool"
        ),
        pytest.param(
            rule(more=f"{DAYS}\nfrom_ = 2020-01-01"), ("x.a", "from_"), "did you mean 'from'?", id="underscore"
        ),
        pytest.param(
            rule(more=f"{DAYS}\nfrom = 2021-01-01\nuntil = 2020-01-01"), ("x.a", ""), "is before from", id="until-first"
        ),
        pytest.param(rule(more=f'{DAYS}\nfrom = "soon"'), ("x.a", "from"), "valid date", id="no-date"),
        pytest.param(rule().replace("source", "sorce"), ("x.a", "source"), "is missing", id="no-source"),
        pytest.param(rule().replace(', sure = "primary"', ""), ("x.a", "source.sure"), "is missing", id="how-sure"),
        pytest.param(rule().replace('kind = "money"', ""), ("x.a", "kind"), "is missing", id="no-kind"),
        pytest.param(rule() + rule(), ("x.a", "id"), "more than one rule", id="the-id-twice"),
        pytest.param(rule(more=""), ("x.a", ""), "how days count with basis", id="says-nothing"),
        pytest.param(rule(more='rate = { percent = "1" }'), ("x.a", ""), "basis is missing", id="rate-without-basis"),
        pytest.param(rule(more=f"rate = {{}}\n{DAYS}"), ("x.a", "rate"), "a percent or from a table", id="empty-rate"),
        pytest.param(
            rule(more='bands = [{ add = "1" }, { below = "5", add = "2" }]\ncurrency = "EUR"'),
            ("x.a", ""),
            "bands rise",
            id="bands-in-disorder",
        ),
        pytest.param(rule(more='bands = [{ add = "1" }]'), ("x.a", ""), "bands need a currency", id="no-currency"),
        pytest.param(
            rule(more=f'{DAYS}\nrate = {{ percent = "1" }}\npenalty = {{ over_loss = "1" }}'),
            ("x.a", ""),
            "it says one of",
            id="two-things",
        ),
        pytest.param(rule(more="", kind="allocation"), ("x.a", ""), "either the order", id="no-order"),
        pytest.param(
            rule(more='order = ["costs", "costs"]', kind="allocation"), ("x.a", ""), "stands once", id="a-part-twice"
        ),
        pytest.param("[[rul]]\nx = 1", ("", "rul"), "did you mean 'rule'?", id="unknown-table"),
        pytest.param(
            table("t").replace("1.00", "x"),
            ("t", "values.1.value"),
            "decimal",
            id="no-rate",
        ),
        pytest.param(
            table("t", '{ from = 2020-01-01, value = "1" }', '{ from = 2020-01-01, value = "2" }'),
            ("t", ""),
            "follow on each other",
            id="days-in-disorder",
        ),
        pytest.param(
            '[[example]]\nid = "e"\nkind = "amount"\nask = {}\nexpects = 1',
            ("e", "expects"),
            "did you mean 'expect'?",
            id="example-key",
        ),
        pytest.param(
            '[[example]]\nid = "e"\nkind = "amount"\nask = 5\nexpect = 1', ("e", "ask"), "must be a table", id="ask"
        ),
    ],
)
def test_a_mistake_is_named_by_its_place(tmp_path: Path, text: str, place: tuple[str, str], says: str) -> None:
    found = mistakes(tmp_path, pack() + text)
    assert place in [(item, key) for item, key, _ in found]
    assert any(says in reason for item, key, reason in found if (item, key) == place), found


def test_all_mistakes_at_once(tmp_path: Path) -> None:
    found = mistakes(
        tmp_path,
        pack(more="colour = 1")
        + rule(more=f"{DAYS}\nx = 1\ny = 1.5")
        + rule("x.b", kind="money").replace("law", "lew"),
    )
    assert [(item, key) for item, key, _ in found] == [
        ("pack", "colour"),
        ("x.a", "y"),
        ("x.a", "x"),
        ("x.a", "y"),
        ("x.b", "strength"),
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        pytest.param(None, "There is no file", id="no-file"),
        pytest.param("[pack", "is not TOML", id="no-toml"),
        pytest.param(rule(), "rules and examples need a [pack]", id="no-pack"),
        pytest.param("pack = 5", "must be a table", id="pack-is-no-table"),
        pytest.param("rule = 5\n" + pack(), "write it as [[rule]]", id="rule-is-no-table"),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path: Path, text: str | None, says: str) -> None:
    path = tmp_path / "x.toml" if text is None else write(tmp_path, "x", text)
    with pytest.raises(InputError, match=r".") as refused:
        read(path)
    assert says in str(refused.value)


def test_examples_keep_their_own_words(tmp_path: Path) -> None:
    """`from_` is a word of questions; days of TOML become those of JSON."""
    text = (
        '[[example]]\nid = "e"\nkind = "amount"\nfacts = { from_ = 2020-01-01 }\nask = { measure = "m" }\nexpect = {}'
    )
    (example,) = read(write(tmp_path, "x", pack() + text)).examples
    assert (example.facts, example.jurisdiction) == ({"from_": "2020-01-01"}, "x")
