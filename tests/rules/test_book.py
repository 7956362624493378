"""The book: packs and their parents, a user's own packs and tables, and what cannot be found."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from dunning_cli.errors import InputError, RuleNotFoundError, RulePackNotFoundError
from dunning_cli.rules.book import Book
from dunning_cli.rules.files import SHIPPED
from tests.rules.packs import DAYS, pack, rule, table, write

RATE = 'rate = { table = "t" }\nbasis = "act/365"'


def refusal(book: Book, name: str) -> str:
    with pytest.raises(InputError) as refused:
        book.pack(name)
    return str(refused.value)


def test_a_pack_holds_its_parents_rules(tmp_path: Path) -> None:
    write(tmp_path, "packs/a", pack("a") + rule("a.1") + rule("a.2"))
    write(tmp_path, "packs/b", pack("b", 'extends = ["a"]') + rule("b.1"))
    write(tmp_path, "packs/c", pack("c", 'extends = ["b"]') + rule("c.1", f'{DAYS}\nreplaces = ["a.2"]'))
    found = Book(tmp_path).pack("c")
    assert [each.id for each in found.rules] == ["a.1", "b.1", "c.1"]
    assert found.origins == {"a.1": "a", "b.1": "b", "c.1": "c"}
    assert found.label == "c@1"


def test_a_child_may_stand_in_by_the_same_id_only_if_it_says_so(tmp_path: Path) -> None:
    write(tmp_path, "packs/a", pack("a") + rule("a.1"))
    write(tmp_path, "packs/b", pack("b", 'extends = ["a"]') + rule("a.1", f"{DAYS}\nboth_ends = true"))
    assert 'replaces = ["a.1"]' in refusal(Book(tmp_path), "b")
    text = rule("a.1", f'{DAYS}\nboth_ends = true\nreplaces = ["a.1"]')
    write(tmp_path, "packs/b", pack("b", 'extends = ["a"]') + text)
    found = Book(tmp_path).pack("b")
    assert [(each.id, found.origins[each.id]) for each in found.rules] == [("a.1", "b")]


@pytest.mark.parametrize(
    ("extends", "more", "says"),
    [
        pytest.param("aa", "", "there is no pack 'aa'; did you mean 'a'?", id="no-parent"),
        pytest.param("b", "", "b → b goes in a circle", id="itself"),
        pytest.param("c", "", "b → c → b goes in a circle", id="circle"),
        pytest.param(
            "a", 'replaces = ["a.9"]', "no parent has a rule 'a.9'; did you mean 'a.1'?", id="replaces-nothing"
        ),
        pytest.param("a", 'rate = { table = "tt" }', "no rate table 'tt'; did you mean 't'?", id="no-table"),
    ],
)
def test_what_does_not_fit_together(tmp_path: Path, extends: str, more: str, says: str) -> None:
    write(tmp_path, "tables/t", table("t"))
    write(tmp_path, "packs/a", pack("a") + rule("a.1"))
    write(tmp_path, "packs/c", pack("c", 'extends = ["b"]'))
    write(tmp_path, "packs/b", pack("b", f'extends = ["{extends}"]') + rule("b.1", f"{DAYS}\n{more}"))
    assert says in refusal(Book(tmp_path), "b")


def test_a_file_is_called_as_what_it_holds(tmp_path: Path) -> None:
    write(tmp_path, "packs/a", pack("b"))
    write(tmp_path, "tables/t", table("u"))
    write(tmp_path, "packs/c", pack("c") + rule("c.1", RATE))
    assert "the file is called a and holds b" in refusal(Book(tmp_path), "a")
    assert "the file is called t" in refusal(Book(tmp_path), "c")


def test_an_own_pack_replaces_the_shipped_one(tmp_path: Path) -> None:
    assert len(Book().pack("generic").rules) > 1
    write(tmp_path, "packs/generic", pack("generic") + rule("mine"))
    book = Book(tmp_path)
    assert [each.id for each in book.pack("generic").rules] == ["mine"]
    assert (book.is_own("generic"), book.is_own("de")) == (True, False)
    assert book.pack("de").rules == Book().pack("de").rules


def test_an_own_table_is_put_over_the_shipped_one(tmp_path: Path) -> None:
    shipped = Book().table("ecb-mro")
    assert shipped
    steps = ('{ from = 2025-06-11, value = "9.99" }', '{ from = 2030-01-01, value = "5.00" }')
    write(tmp_path, "tables/ecb-mro", table("ecb-mro", *steps))
    found = Book(tmp_path).table("ecb-mro")
    assert found
    assert len(found.values) == len(shipped.values) + 1
    assert [found.on(day).value for day in (date(2025, 6, 10), date(2025, 6, 11), date(2031, 1, 1))] == [
        Decimal("2.40"),
        Decimal("9.99"),
        Decimal("5.00"),
    ]


def test_what_is_not_there(tmp_path: Path) -> None:
    book = Book(tmp_path)
    with pytest.raises(RulePackNotFoundError) as lost:
        book.pack("generik")
    assert lost.value.hint == "Did you mean 'generic'?"
    with pytest.raises(RuleNotFoundError) as none:
        book.rule("de.flat_fees")
    assert none.value.hint == "Did you mean 'de.flat_fee'?"
    assert book.table("nothing") is None


def test_a_rule_is_found_in_the_pack_that_it_was_written_in() -> None:
    found, one = Book().rule("uk.days")
    assert (found.id, one.id) == ("uk", "uk.days")


def test_a_pack_is_read_once(tmp_path: Path) -> None:
    book = Book(tmp_path)
    assert book.pack("uk") is book.pack("uk")
    path = write(tmp_path, "elsewhere", pack("z", 'extends = ["uk"]') + rule("z.1"))
    assert book.pack_at(path).rules[-1].id == "z.1"


def test_a_fingerprint_changes_with_a_pack_and_with_its_parents(tmp_path: Path) -> None:
    """By it a case's row says under which rules its days were worked out."""
    packs = tmp_path / "packs"
    packs.mkdir()
    shipped = Book().fingerprint("uk-ew")
    assert shipped == Book(tmp_path).fingerprint("uk-ew")
    assert Book().fingerprint("atlantis") is None
    parent = (SHIPPED / "packs" / "uk.toml").read_text("utf-8")
    (packs / "uk.toml").write_text(parent + "# another letter\n", "utf-8")
    assert Book(tmp_path).fingerprint("uk-ew") != shipped
    assert Book(tmp_path).fingerprint("cn") == Book().fingerprint("cn")
