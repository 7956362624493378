"""What in a line can name a case: tokens of a text, references, accounts, and amounts that are due."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunning_cli.domain.matching import account_key, account_tail, certain, creditor_reference, said, tokens

PLAIN = st.text(string.ascii_uppercase + string.digits, min_size=1, max_size=12)
REFERENCES = st.lists(PLAIN, min_size=1, max_size=3).map("-".join)
EDGES = st.sampled_from(["", " ", ", ", ":", "(", ")", "款", "\n", ";", ". ", '"', " Nr. "])


@given(reference=REFERENCES, before=EDGES, after=EDGES)
def test_a_reference_is_found_whatever_stands_around_it(reference: str, before: str, after: str) -> None:
    assert reference in tokens(f"{before}{reference}{after}")
    assert reference in tokens(f"{before}{reference.lower()}{after}")


@given(reference=REFERENCES, touching=PLAIN)
def test_what_touches_it_hides_it(reference: str, touching: str) -> None:
    """But where the whole of both is written like the reference."""
    for text in (reference + touching, touching + reference):
        assert reference not in tokens(text) or reference == text


@given(st.text(max_size=3000))
def test_any_text_has_few_tokens(text: str) -> None:
    assert len(tokens(text)) <= 302


def test_a_reference_of_several_words_is_found() -> None:
    assert {"INV 0917", "A B C"} <= tokens("pay inv 0917 now").keys() | tokens("for a b c").keys()


@pytest.mark.parametrize("token", ["INV-1", "LN-7", "12345", "A1BC", "2025-0917-A", "INV 0917"])
def test_what_is_certain(token: str) -> None:
    assert certain(token)


@pytest.mark.parametrize(
    "token", ["", "7", "1234", "A-1", "INVOICE", "2025-01-31", "20250131", "31.01.2025", "2025/01/31", "1/2/2025"]
)
def test_what_is_not_certain(token: str) -> None:
    assert not certain(token)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("RF18539007547034", "539007547034"),
        ("RF18 5390 0754 7034", "539007547034"),
        ("RF1", "RF1"),
        ("RFX", "RFX"),
        ("INV-1", "INV-1"),
    ],
)
def test_a_creditor_reference_stands_behind_its_check_digits(text: str, expected: str) -> None:
    assert creditor_reference(text) == expected


@pytest.mark.parametrize("text", [None, "", " ", "NONREF", "nonref", "NOTPROVIDED", "/", "-"])
def test_what_says_that_there_is_no_reference(text: str | None) -> None:
    assert said(text) is None


def test_an_account_is_the_same_however_it_is_written() -> None:
    one = account_key("NL02 ABNA 0123 4567 89")
    assert one is not None
    assert one == account_key("nl02abna0123456789") == account_key("ＮＬ02-ABNA-0123456789")
    assert one != account_key("NL02ABNA0123456788")
    assert "0123" not in one


@pytest.mark.parametrize("account", [None, "", "/", "12345", "6222****9876", "622202xxxxxx1234", "a…b@example.com"])
def test_what_names_no_single_account(account: str | None) -> None:
    assert account_key(account) is None


@pytest.mark.parametrize(
    "text", ["NL26VAYB0060476890", "0060476890", "006.04.76.890EUR", "60476890", "INGB/0060476890"]
)
def test_ones_own_account_is_known_by_its_end(text: str) -> None:
    assert account_tail(text) == "60476890"
