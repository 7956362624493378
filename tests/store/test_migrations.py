"""Migrations make the tables that the code believes in, and only such a database is opened."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from dunning_cli.domain.entries import CaseOutcome, HoldReason
from dunning_cli.errors import DatabaseBehindError, DatabaseMissingError, DatabaseUnreachableError, DunningError
from dunning_cli.services import casework, contacts
from dunning_cli.services.review import check_overdue
from dunning_cli.store import migrate
from dunning_cli.store.maintenance import status, upgrade
from dunning_cli.store.schema import REVISION, metadata
from dunning_cli.store.session import make_engine, open_store, revision
from tests.builders import a_contact, day
from tests.store.databases import TABLES, Database, Postgres, close_connections, header, run_sql
from tests.store.desks import a_desk, a_filed_case


def test_the_migrations_make_the_tables_of_the_schema(database: Database) -> None:
    with database.connect() as conn:
        context = MigrationContext.configure(conn, opts={"compare_type": True, "target_metadata": metadata})
        assert compare_metadata(context, metadata) == []


def test_names_of_keys_and_indexes_are_those_of_the_schema(database: Database) -> None:
    looked = inspect(database.engine)
    for table in metadata.sorted_tables:
        assert looked.get_pk_constraint(table.name)["name"] == f"pk_{table.name}"
        assert {i["name"] for i in looked.get_indexes(table.name)} == {i.name for i in table.indexes}


def test_keys_are_compared_by_code_point(postgres: Database) -> None:
    """As SQLite does anyway."""
    columns = {c["name"]: c["type"] for c in inspect(postgres.engine).get_columns("case_refs")}
    assert columns["reference"].collation == "C"  # type: ignore[attr-defined]


def test_the_code_needs_the_newest_migration() -> None:
    assert migrate.newest() == REVISION


def test_the_migrations_are_one_line() -> None:
    scripts = ScriptDirectory(str(migrate.migrations_dir()))
    assert len(scripts.get_heads()) == 1
    assert len(scripts.get_bases()) == 1


def test_a_fresh_sqlite_file_is_made_at_first_use(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "down" / "new.db"
    store = open_store(f"sqlite:///{path}")
    assert revision(store.engine) == REVISION
    assert header(path) == b"SQLite format 3\0"
    close_connections()


def test_an_empty_file_is_as_good_as_none(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    path.touch()
    assert revision(open_store(f"sqlite:///{path}").engine) == REVISION
    close_connections()


def test_a_reader_that_must_not_create_does_not(tmp_path: Path) -> None:
    path = tmp_path / "new.db"
    with pytest.raises(DatabaseMissingError):
        open_store(f"sqlite:///{path}", create=False)
    assert not path.exists()


def test_an_empty_postgresql_database_is_upgraded_on_request_only(server: Postgres) -> None:
    url = server.url(server.create())
    with pytest.raises(DatabaseMissingError, match="no tables of dunning") as found:
        open_store(url)
    assert "dunning db upgrade" in found.value.hint
    assert status(url).revision is None
    upgrade(url)
    assert revision(open_store(url).engine) == REVISION
    assert status(url).ready
    close_connections()


def test_an_upgrade_of_what_is_up_to_date_changes_nothing(database: Database) -> None:
    before = database.dump()
    upgrade(database.url)
    assert database.dump() == before


@pytest.mark.parametrize(
    ("stands_at", "hint"),
    [
        pytest.param("0000", "dunning db upgrade", id="older"),
        pytest.param("9999", "newer dunning", id="newer"),
    ],
)
@pytest.mark.breaks_the_journal
def test_a_database_of_another_version_is_not_opened(database: Database, stands_at: str, hint: str) -> None:
    database.sql("UPDATE alembic_version SET version_num = :at", at=stands_at)
    with pytest.raises(DatabaseBehindError, match=f"{stands_at}.*{REVISION}") as found:
        open_store(database.url)
    assert hint in found.value.hint
    assert found.value.exit_code == 7
    looked = status(database.url)
    assert (looked.revision, looked.ready) == (stands_at, False)


@pytest.mark.breaks_the_journal
def test_a_newer_database_is_not_upgraded(database: Database) -> None:
    database.sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DatabaseBehindError):
        upgrade(database.url)


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_every_migration_can_be_run_from_the_one_before(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Up one by one, down to nothing and up again: what a release leaves, the next one finds."""
    server: Postgres | None = request.getfixturevalue("server") if kind == "postgres" else None
    engine = make_engine(server.url(server.create()) if server else f"sqlite:///{tmp_path}/new.db")
    config = migrate.config(engine)
    for script in reversed(list(ScriptDirectory.from_config(config).walk_revisions())):
        command.upgrade(config, script.revision)
        assert revision(engine) == script.revision
    command.downgrade(config, "base")
    assert set(inspect(engine).get_table_names()) == {"alembic_version"}
    command.upgrade(config, "head")
    assert set(TABLES) < set(inspect(engine).get_table_names())
    engine.dispose()


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_lines_from_before_are_numbered_and_wait(kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    """What an older version had kept as unmatched is listed from now on, in the order in which it was imported."""
    server: Postgres | None = request.getfixturevalue("server") if kind == "postgres" else None
    engine = make_engine(server.url(server.create()) if server else f"sqlite:///{tmp_path}/old.db")
    config = migrate.config(engine)
    command.upgrade(config, "0002")
    columns = "line_key, booked_on, currency, amount, case_id, seq, reason, source, imported_at"
    rows = [
        ("b", 1, 2, None, "2025-01-01"),
        ("a", None, None, "why", "2025-01-02"),
        ("c", None, None, "why", "2025-01-01"),
    ]
    with engine.begin() as conn:
        for key, case, seq, reason, at in rows:
            conn.execute(
                text(f"INSERT INTO bank_lines ({columns}) VALUES (:k, '2025-01-01', 'CNY', 5, :c, :s, :r, 'f', :a)"),
                {"k": key, "c": case, "s": seq, "r": reason, "a": at},
            )
    command.upgrade(config, "head")
    with engine.begin() as conn:
        found = conn.execute(text("SELECT line_key, number, waits, matched_by FROM bank_lines ORDER BY number")).all()
        following = conn.scalar(text("SELECT next FROM counters WHERE name = 'bank_lines'"))
    assert [(key, number, bool(waits), by) for key, number, waits, by in found] == [
        ("b", 1, False, "reference"),
        ("c", 2, True, None),
        ("a", 3, True, None),
    ]
    assert following == 4
    command.downgrade(config, "0002")
    engine.dispose()


def _not_a_database(path: Path) -> None:
    path.write_text("This is a letter, and no database at all.\n" * 100)


def _somebody_elses(path: Path) -> None:
    run_sql(path, "CREATE TABLE recipes (name TEXT)", "INSERT INTO recipes VALUES ('soup')")


def _directory(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize(
    ("make", "error"),
    [
        pytest.param(_not_a_database, DatabaseUnreachableError, id="a-letter"),
        pytest.param(_somebody_elses, DatabaseMissingError, id="another-program's"),
        pytest.param(_directory, DatabaseUnreachableError, id="a-directory"),
    ],
)
def test_what_is_not_ours_is_left_alone(tmp_path: Path, make: object, error: type[DunningError]) -> None:
    path = tmp_path / "other.db"
    make(path)  # type: ignore[operator]
    before = path.read_bytes() if path.is_file() else b""
    with pytest.raises(error) as found:
        open_store(f"sqlite:///{path}")
    assert found.value.exit_code == 7
    assert str(path) in str(found.value)
    assert (path.read_bytes() if path.is_file() else b"") == before
    close_connections()


@pytest.mark.breaks_the_journal
def test_what_levels_are_counted_by_is_found_in_the_journals(database: Database) -> None:
    """Holds that are over and the day of opening, on cases from before there were levels: as the program folds them."""
    desk = a_desk(database)
    for number in range(4):
        a_filed_case(desk, reference=f"R{number}")
    casework.hold_case(a_desk(database, "2025-01-08"), "R1", HoldReason.DISPUTE, day("2025-01-10"))
    casework.release_case(a_desk(database, "2025-01-20"), "R1")
    casework.hold_case(a_desk(database, "2025-01-21"), "R1", HoldReason.DISPUTE, None)
    casework.hold_case(a_desk(database, "2025-01-25"), "R1", HoldReason.COMPLAINT, None)
    casework.close_case(a_desk(database, "2025-01-30"), "R1", CaseOutcome.WRITTEN_OFF, None)
    contacts.log_contact(a_desk(database, "2025-01-09"), "R2", a_contact())
    casework.hold_case(a_desk(database, "2025-01-10"), "R3", HoldReason.DISPUTE, day("2025-01-12"))
    check_overdue(a_desk(database, "2025-01-15"))
    before = database.sql("SELECT case_id, state FROM cases ORDER BY case_id")
    kept = [json.loads(state) for _, state in before]
    assert [len(state.get("paused", [])) for state in kept] == [0, 3, 0, 1]
    assert [state.get("entered") for state in kept] == [None, None, "2025-01-06", None]
    config = migrate.config(database.engine)
    command.downgrade(config, "0007")
    older = [json.loads(state) for _, state in database.sql("SELECT case_id, state FROM cases ORDER BY case_id")]
    assert older == [{k: v for k, v in state.items() if k not in ("paused", "entered")} for state in kept]
    command.upgrade(config, "head")
    assert database.sql("SELECT case_id, state FROM cases ORDER BY case_id") == before
