"""What a person types finds the case that they mean, or the error says what is in the way."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from dunning_cli.errors import AmbiguousReferenceError, CaseNotFoundError
from dunning_cli.store.session import Tx
from tests.store.databases import KINDS, Database, Templates
from tests.store.desks import a_desk, a_filed_case


def fill(database: Database) -> None:
    """Seven cases with references that are easily mistaken for each other."""
    desk = a_desk(database)
    for creditor, reference in (
        ("Acme", "LOAN-7"),
        ("River Bank", "LOAN-7"),
        ("Acme", "2"),
        ("Acme", "2024/117"),
        ("A/B", "C"),
        ("River Bank", "ref:8"),
        ("王家", "欠款-1"),
    ):
        a_filed_case(desk, creditor=creditor, reference=reference)


@pytest.fixture(params=KINDS)
def tx(templates: Templates, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Tx]:
    with templates.copy(request.param, tmp_path, fill) as database, database.store().reading() as found:
        yield found


@pytest.mark.parametrize(
    ("typed", "case"),
    [
        pytest.param("2", 2, id="digits-are-a-number"),
        pytest.param("007", 7, id="leading-zeros"),
        pytest.param("ref:2", 3, id="ref-forces-a-reference"),
        pytest.param("Acme/2", 3, id="creditor-and-digits"),
        pytest.param("Acme/LOAN-7", 1, id="creditor-and-reference"),
        pytest.param("River Bank/LOAN-7", 2, id="creditor-with-a-space"),
        pytest.param("2024/117", 4, id="a-reference-with-a-slash"),
        pytest.param("Acme/2024/117", 4, id="creditor-and-a-reference-with-a-slash"),
        pytest.param("C", 5, id="a-plain-reference"),
        pytest.param("A/B/C", 5, id="a-creditor-with-a-slash"),
        pytest.param("ref:ref:8", 6, id="a-reference-that-begins-with-ref"),
        pytest.param("欠款-1", 7, id="chinese"),
        pytest.param("王家/欠款-1", 7, id="chinese-creditor"),
    ],
)
def test_what_is_typed_finds_its_case(tx: Tx, typed: str, case: int) -> None:
    assert tx.cases.find(typed) == case


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("loan-7", id="case-counts"),
        pytest.param("ref:1", id="no-such-reference"),
        pytest.param("", id="nothing"),
        pytest.param("ref:", id="nothing-after-ref"),
        pytest.param("/", id="a-slash"),
        pytest.param("Nobody/LOAN-7", id="no-such-creditor"),
        pytest.param("Acme/", id="no-reference"),
        pytest.param("-1", id="negative"),
        pytest.param("１", id="wide-digit"),
        pytest.param("%", id="no-pattern"),
        pytest.param("9" * 19, id="just-too-large"),
        pytest.param("9" * 20, id="too-large-for-any-database"),
        pytest.param("9" * 5000, id="absurd"),
    ],
)
def test_what_finds_nothing_says_so(tx: Tx, typed: str) -> None:
    with pytest.raises(CaseNotFoundError) as found:
        tx.cases.find(typed)
    assert found.value.exit_code == 3


def test_a_number_is_looked_up_when_it_is_loaded(tx: Tx) -> None:
    with pytest.raises(CaseNotFoundError):
        tx.cases.load(tx.cases.find(str(2**63 - 1)))


def test_an_ambiguous_reference_lists_its_creditors(tx: Tx) -> None:
    with pytest.raises(AmbiguousReferenceError) as found:
        tx.cases.find("LOAN-7")
    assert found.value.exit_code == 2
    assert found.value.details == {"cases": [{"case": 1, "creditor": "Acme"}, {"case": 2, "creditor": "River Bank"}]}
    assert "Acme (case 1), River Bank (case 2)" in str(found.value)
