"""People who owe: how they are named and reached, in a journal of their own."""

from __future__ import annotations

import pytest

from dunning_cli.domain import debtors
from dunning_cli.domain.debtors import (
    DEBTOR_KINDS,
    Change,
    Debtor,
    DebtorAdded,
    DetailAdded,
    DetailChanged,
    DetailInvalid,
    DetailKind,
    Details,
    Language,
    check_detail,
    fold,
    search_key,
)
from dunning_cli.domain.journal import GENESIS, breaks, open_record, seal
from dunning_cli.errors import InputError, NotFoundError
from tests.builders import a_now

PHONE, EMAIL, ADDRESS = DetailKind.PHONE, DetailKind.EMAIL, DetailKind.ADDRESS


def a_debtor(**given: tuple[str, ...]) -> Change:
    """王芳, added on 6 January with these details."""
    return debtors.add(7, Details("王芳", Language.ZH, **given), a_now())


def edit(change: Change, details: Details | None = None, invalid: tuple[str, ...] = ()) -> Change:
    return debtors.edit(change.debtor, a_now("2025-01-10"), details or Details(), invalid)


def test_a_debtor_is_added_with_all_that_is_known() -> None:
    change = a_debtor(
        phones=("+86 138 0013 8000", "021-5555"),
        emails=("fang@example.com",),
        addresses=("上海市 1 号",),
        id_numbers=("310101199001011234",),
        timezones=("Asia/Shanghai",),
    )
    assert [entry.what for entry in change.entries] == [
        DebtorAdded("王芳", Language.ZH),
        DetailAdded(PHONE, "+86 138 0013 8000"),
        DetailAdded(PHONE, "021-5555"),
        DetailAdded(EMAIL, "fang@example.com"),
        DetailAdded(ADDRESS, "上海市 1 号"),
        DetailAdded(DetailKind.ID_NUMBER, "310101199001011234"),
        DetailAdded(DetailKind.TIMEZONE, "Asia/Shanghai"),
    ]
    assert [entry.seq for entry in change.entries] == [1, 2, 3, 4, 5, 6, 7]
    debtor = change.debtor
    assert (debtor.debtor_id, debtor.seq, debtor.name, debtor.language) == (7, 7, "王芳", "zh")
    assert debtor.valid(PHONE) == ["+86 138 0013 8000", "021-5555"]
    assert debtor.valid(DetailKind.TIMEZONE) == ["Asia/Shanghai"]


@pytest.mark.parametrize(
    "name", [pytest.param(None, id="none"), pytest.param("", id="empty"), pytest.param(" \u3000", id="white-space")]
)
def test_a_debtor_needs_a_name(name: str | None) -> None:
    with pytest.raises(InputError, match="needs a name"):
        debtors.add(7, Details(name), a_now())


def test_space_around_what_is_given_is_dropped() -> None:
    change = debtors.add(7, Details("  王芳 ", emails=(" fang@example.com ",)), a_now())
    assert (change.debtor.name, change.debtor.valid(EMAIL)) == ("王芳", ["fang@example.com"])


def test_the_same_detail_twice_is_written_once() -> None:
    change = a_debtor(phones=("555 1234", "555 1234 "))
    assert change.debtor.valid(PHONE) == ["555 1234"]
    assert edit(change, Details(phones=("555 1234",))).entries == []


def test_a_detail_marked_invalid_is_kept_and_no_longer_used() -> None:
    change = a_debtor(phones=("555 1234", "555 9999"))
    later = edit(change, invalid=("555 1234",))
    assert [entry.what for entry in later.entries] == [DetailInvalid(PHONE, 2)]
    assert later.debtor.valid(PHONE) == ["555 9999"]
    assert [(d.value, d.valid) for d in later.debtor.details] == [("555 1234", False), ("555 9999", True)]


def test_a_detail_can_be_named_by_its_number() -> None:
    later = edit(a_debtor(phones=("555 1234", "555 9999")), invalid=("3",))
    assert later.debtor.valid(PHONE) == ["555 1234"]


@pytest.mark.parametrize(
    "text",
    [pytest.param("555 0000", id="unknown"), pytest.param("9", id="no-such-number"), pytest.param("1", id="name")],
)
def test_only_a_valid_detail_can_be_marked(text: str) -> None:
    with pytest.raises(NotFoundError, match="no valid detail"):
        edit(a_debtor(phones=("555 1234",)), invalid=(text,))


def test_a_detail_is_marked_invalid_once() -> None:
    change = edit(a_debtor(phones=("555 1234",)), invalid=("555 1234",))
    with pytest.raises(NotFoundError):
        edit(change, invalid=("555 1234",))


def test_a_detail_that_became_valid_again_is_added_anew() -> None:
    change = edit(a_debtor(phones=("555 1234",)), invalid=("2",))
    again = edit(change, Details(phones=("555 1234",)))
    assert again.debtor.valid(PHONE) == ["555 1234"]
    assert len(again.debtor.details) == 2


def test_a_number_is_replaced_in_one_step() -> None:
    later = edit(a_debtor(phones=("555 1234",)), Details(phones=("555 9999",)), ("555 1234",))
    assert [entry.what for entry in later.entries] == [DetailInvalid(PHONE, 2), DetailAdded(PHONE, "555 9999")]
    assert later.debtor.valid(PHONE) == ["555 9999"]


@pytest.mark.parametrize(
    ("details", "expected"),
    [
        pytest.param(Details("王小芳"), [DetailChanged("王小芳")], id="name"),
        pytest.param(Details(language=Language.EN), [DetailChanged(None, Language.EN)], id="language"),
        pytest.param(Details("王小芳", Language.EN), [DetailChanged("王小芳", Language.EN)], id="both-in-one-entry"),
        pytest.param(Details(" 王芳 ", Language.ZH), [], id="as-it-is"),
        pytest.param(Details(" "), [], id="an-empty-name-is-none"),
    ],
)
def test_name_and_language(details: Details, expected: list[DetailChanged]) -> None:
    later = edit(a_debtor(), details)
    assert [entry.what for entry in later.entries] == expected
    assert later.debtor.name == ((details.name or "").strip() or "王芳")
    assert later.debtor.language == (details.language or "zh")


@pytest.mark.parametrize(
    ("kind", "value", "fine"),
    [
        pytest.param(EMAIL, "a@b", True, id="short-email"),
        pytest.param(EMAIL, "王@例子.cn", True, id="chinese-email"),
        pytest.param(EMAIL, "ab", False, id="no-at"),
        pytest.param(EMAIL, "@b", False, id="nothing-before-the-at"),
        pytest.param(EMAIL, "a@", False, id="nothing-after-the-at"),
        pytest.param(EMAIL, "a b@c", False, id="space-inside"),
        pytest.param(PHONE, "110", True, id="three-digits"),
        pytest.param(PHONE, "+86 (0) 21-5555", True, id="signs"),
        pytest.param(PHONE, "１１０", True, id="full-width-digits"),
        pytest.param(PHONE, "12", False, id="two-digits"),
        pytest.param(PHONE, "call me", False, id="no-digits"),
        pytest.param(ADDRESS, "x", True, id="any-address"),
        pytest.param(ADDRESS, "", False, id="empty-address"),
        pytest.param(PHONE, "", False, id="empty-phone"),
    ],
)
def test_what_can_be_a_detail(kind: DetailKind, value: str, fine: bool) -> None:
    if fine:
        check_detail(kind, value)
        return
    with pytest.raises(InputError):
        check_detail(kind, value)


def test_a_bad_detail_adds_nobody() -> None:
    with pytest.raises(InputError, match="no phone number"):
        a_debtor(phones=("555 1234", "12"))


def test_the_debtor_is_what_the_journal_tells() -> None:
    """Through the stored form and back."""
    change = a_debtor(phones=("555 1234", "555 9999"), emails=("fang@example.com",))
    later = edit(change, Details("王小芳", phones=("777 1234",)), ("555 1234",))
    records, previous = [], GENESIS
    for entry in (*change.entries, *later.entries):
        records.append(seal("debtor 7", entry, previous))
        previous = records[-1].digest
    assert list(breaks("debtor 7", records)) == []
    assert fold(7, [open_record(record, DEBTOR_KINDS) for record in records]) == later.debtor


def test_an_erased_debtor_can_still_be_folded() -> None:
    change = a_debtor(phones=("555 1234",))
    records = [seal("debtor 7", entry, GENESIS)._replace(private=None) for entry in change.entries]
    debtor = fold(7, [open_record(record, DEBTOR_KINDS) for record in records])
    assert debtor == Debtor(7, 2, debtor.recorded_at, "[erased]", Language.ZH, (debtors.Detail(2, PHONE, "[erased]"),))


@pytest.mark.parametrize(
    ("name", "key"),
    [
        pytest.param("Müller  GmbH", "müller gmbh", id="case-and-spaces"),
        pytest.param("ＡＣＭＥ　Ltd", "acme ltd", id="full-width"),
        pytest.param("王芳", "王芳", id="chinese"),
        pytest.param(" Strasse ", "strasse", id="around"),
        pytest.param("STRAẞE", "strasse", id="sharp-s"),
        pytest.param("e\u0301", "é", id="composed"),
    ],
)
def test_search_key(name: str, key: str) -> None:
    assert search_key(name) == key
