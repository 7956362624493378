"""Personal details are masked: enough to recognise, not enough to learn."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunning_cli.domain.debtors import DetailKind
from dunning_cli.domain.journal import ERASED
from dunning_cli.render import masks


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("+86 13800138000", "+86 138****8000"),
        ("+86-138-0013-8000", "+86 138****8000"),
        ("+8613800138000", "+86 138****8000"),
        (" +8613800138000", "+86 138****8000"),
        ("13800138000", "138****8000"),
        ("+1 (415) 555-0134", "+1 ****0134"),
        ("+7 912 345 67 89", "+7 ****6789"),
        ("+49 1512 3456789", "+49 151****6789"),
        ("+353 1 234 5678", "+353 ****5678"),
        ("+852 2345 6789", "+852 ****6789"),
        ("2345 6789", "****6789"),
        ("234567", "****567"),
        ("110", "****0"),
        ("+86 110", "+86 ****0"),
    ],
)
def test_phone(number: str, shown: str) -> None:
    assert masks.phone(number) == shown


@given(st.text("0123456789 -()", max_size=20))
def test_a_short_number_shows_at_most_half_its_digits(number: str) -> None:
    digits = [c for c in number if c.isdigit()]
    shown = [c for c in masks.phone(number) if c.isdigit()]
    assert len(shown) <= (7 if len(digits) >= 11 else len(digits) / 2)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("zhang@example.com", "z***@example.com"),
        ("ab@example.com", "a***@example.com"),
        ("a@example.com", "***@example.com"),
        ("王小明@example.com", "王***@example.com"),
        ('"a@b"@example.com', '"***@example.com'),
        ("no address", "****"),
        ("@example.com", "****"),
    ],
)
def test_email(address: str, shown: str) -> None:
    assert masks.email(address) == shown


@pytest.mark.parametrize(
    ("number", "shown"),
    [
        ("110101199003078888", "110****88"),
        ("1234567890", "123****90"),
        ("123456789", "****89"),
        ("1234567", "****67"),
        ("12345", "****5"),
        ("123", "****3"),
        ("12", "****"),
        ("", "****"),
    ],
)
def test_id_number(number: str, shown: str) -> None:
    assert masks.id_number(number) == shown


@pytest.mark.parametrize(
    ("place", "shown"),
    [
        ("上海市浦东新区世纪大道100号", "上海市浦东***"),
        ("12 High Street, Springfield, a very long address", "12 Hig***"),
        ("123 456 7890", "123***"),
        ("Bern", "B***"),
        ("Ur", "***"),
    ],
)
def test_address(place: str, shown: str) -> None:
    assert masks.address(place) == shown


@given(
    st.sampled_from([DetailKind.PHONE, DetailKind.EMAIL, DetailKind.ADDRESS, DetailKind.ID_NUMBER]), st.text(min_size=1)
)
def test_nothing_is_ever_shown_whole(kind: DetailKind, value: str) -> None:
    assert value not in masks.detail(kind, value) or value.strip("*") == ""


def test_what_is_revealed_erased_or_not_personal_stays() -> None:
    assert masks.detail(DetailKind.PHONE, "110", reveal=True) == "110"
    assert masks.detail(DetailKind.PHONE, ERASED) == ERASED
    assert masks.detail(DetailKind.TIMEZONE, "Asia/Shanghai") == "Asia/Shanghai"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("zhang@example.com", "z***@example.com"),
        ("+86 13800138000", "+86 138****8000"),
        ("世纪大道100号某某大厦", "世纪大道***"),
    ],
)
def test_what_a_contact_was_made_to(value: str, shown: str) -> None:
    assert masks.contact_address(value) == shown
    assert masks.contact_address(value, reveal=True) == value
