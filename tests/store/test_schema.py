"""The tables can be distributed: the rules for that hold over the metadata, and on the real databases."""

from __future__ import annotations

import pytest
from sqlalchemy import Date, ForeignKeyConstraint, Integer, Table, UniqueConstraint, inspect

from dunning_cli.store.distribution import LOCAL, PLACES
from dunning_cli.store.schema import entries, metadata
from tests.store.databases import Database

# By what each table could be distributed, reference tables too: the owner of a journal, or the key that it is looked up
# by.
OWNERS = {
    "cases": "case_id",
    "entries": "case_id",
    "debtors": "debtor_id",
    "debtor_entries": "debtor_id",
    "leases": "debtor_id",
}
KEYS = {
    "case_refs": "reference",
    "debtor_refs": "debtor_ref",
    "requests": "request_key",
    "bank_lines": "line_key",
    "policies": "name",
    "policy_assignments": "subject",
    "counters": "name",
    "recovery_chances": "version",
    "sweeps": "name",
}
ALL = [pytest.param(table, id=table.name) for table in metadata.sorted_tables]


def test_every_table_says_by_what_it_is_distributed() -> None:
    assert {table.name for table in metadata.sorted_tables} == OWNERS.keys() | KEYS.keys() == PLACES.keys() | set(LOCAL)


def test_the_columns_by_which_tables_are_cut_are_those_of_their_keys() -> None:
    assert {name: column for name, column in PLACES.items() if column}.items() <= (OWNERS | KEYS).items()


def test_what_a_table_refers_to_is_put_in_its_place_before_it() -> None:
    order = list(PLACES)
    for table in metadata.sorted_tables:
        for key in [c for c in table.constraints if isinstance(c, ForeignKeyConstraint)]:
            assert order.index(key.referred_table.name) < order.index(table.name)


@pytest.mark.parametrize("table", ALL)
def test_a_primary_key_begins_with_what_the_table_is_distributed_by(table: Table) -> None:
    assert next(iter(table.primary_key.columns)).name == (OWNERS | KEYS)[table.name]


@pytest.mark.parametrize("table", ALL)
def test_whatever_is_unique_is_so_within_one_shard(table: Table) -> None:
    by = (OWNERS | KEYS)[table.name]
    unique = [c for c in table.constraints if isinstance(c, UniqueConstraint)]
    assert all(by in c.columns for c in unique)
    assert all(by in index.columns for index in table.indexes if index.unique)


@pytest.mark.parametrize("table", ALL)
def test_a_foreign_key_stays_within_one_shard(table: Table) -> None:
    for key in [c for c in table.constraints if isinstance(c, ForeignKeyConstraint)]:
        by = OWNERS[table.name]
        assert by in key.columns
        assert OWNERS[key.referred_table.name] == by
        assert key.ondelete != "SET NULL"


@pytest.mark.parametrize("table", ALL)
def test_no_number_is_made_by_the_database(table: Table) -> None:
    assert [c.name for c in table.columns if c.server_default is not None or c.identity or c.default] == []
    assert [c.name for c in table.primary_key.columns if c.autoincrement is True] == []
    whole = [c for c in table.primary_key.columns if isinstance(c.type, Integer)]
    assert [c.name for c in whole if c.autoincrement is not False] == []


@pytest.mark.parametrize("postgres", ["postgres"], indirect=True)  # Citus has some of its own, in its own tables
def test_the_server_makes_no_number_either(postgres: Database) -> None:
    assert postgres.sql("SELECT sequencename FROM pg_sequences") == []
    looked = inspect(postgres.engine)
    for table in metadata.sorted_tables:
        assert [c["name"] for c in looked.get_columns(table.name) if c.get("identity") or c["default"]] == []


@pytest.mark.parametrize("postgres", ["postgres"], indirect=True)  # Citus has some of its own, in its own tables
def test_no_trigger_and_no_rule_stands_on_a_table(postgres: Database) -> None:
    assert postgres.sql("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal") == []


def test_a_hashed_text_is_stored_as_text(postgres: Database) -> None:
    """No JSONB, no dates: what is hashed is the stored text itself."""
    found = {c["name"]: str(c["type"]) for c in inspect(postgres.engine).get_columns("entries")}
    texts = {n: t for n, t in found.items() if n not in ("case_id", "seq", "format")}
    assert {t.partition("(")[0] for t in texts.values()} == {"TEXT", "VARCHAR"}
    assert not any(isinstance(c.type, Date) for c in entries.columns)
