"""The SQLite file: private, crash-safe, and shared by readers and one writer at a time."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import event, text

from dunning_cli.errors import DatabaseLockedError, DatabaseUnreachableError, InputError, UsageError
from dunning_cli.store import session
from dunning_cli.store.maintenance import backup
from dunning_cli.store.session import Tx, open_store
from tests.builders import OPENED, day
from tests.store.databases import Database, close_connections
from tests.store.desks import a_desk, a_filed_case

TODAY = day(OPENED)


def _mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        pytest.param("journal_mode", "wal", id="write-ahead-log"),
        pytest.param("foreign_keys", 1, id="foreign-keys"),
        pytest.param("synchronous", 2, id="synchronous-full"),
    ],
)
def test_every_connection_is_safe(sqlite: Database, pragma: str, value: object) -> None:
    store = sqlite.store()
    with store.reading() as tx:
        assert tx.conn.scalar(text(f"PRAGMA {pragma}")) == value
    assert store.writing(lambda tx: tx.conn.scalar(text(f"PRAGMA {pragma}"))) == value


def test_the_file_and_what_stands_beside_it_are_their_owner_s_alone(tmp_path: Path) -> None:
    path = tmp_path / "cases" / "new.db"
    database = Database(f"sqlite:///{path}")
    desk = a_desk(database)
    a_filed_case(desk)
    files = sorted(path.parent.iterdir())
    assert [f.name for f in files] == ["new.db", "new.db-shm", "new.db-wal"]
    assert {f.name: oct(_mode(f)) for f in files} == dict.fromkeys([f.name for f in files], "0o600")
    assert oct(_mode(path.parent)) == "0o700"
    close_connections()


def test_a_writer_is_a_writer_from_its_first_statement(sqlite: Database) -> None:
    store = sqlite.store()
    said: list[str] = []

    @event.listens_for(store.engine, "before_cursor_execute")
    def _listen(conn: object, cursor: object, statement: str, *_: object) -> None:
        said.append(statement)

    store.writing(lambda tx: tx.cases.count_due(TODAY))
    with store.reading() as tx:
        tx.cases.count_due(TODAY)
    assert [s for s in said if s.startswith("BEGIN")] == ["BEGIN IMMEDIATE", "BEGIN"]


def test_a_reader_does_not_wait_for_a_writer(sqlite: Database) -> None:
    desk = a_desk(sqlite)
    a_filed_case(desk)

    def read_while_writing(tx: Tx) -> tuple[int, int]:
        tx.cases.next_id()
        with sqlite.store().reading() as other:
            return tx.cases.next_id(), len(other.cases.heads())

    store = sqlite.store()
    with pytest.raises(ZeroDivisionError):
        store.writing(lambda tx: (read_while_writing(tx), 1 / 0))
    assert len(sqlite.sql("SELECT * FROM cases")) == 1


def test_a_database_that_is_held_too_long_is_locked(sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "BUSY_SECONDS", 0.05)
    before = sqlite.dump()
    with closing(sqlite3.connect(sqlite.path)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseLockedError, match="locked by another program") as found:
            a_filed_case(a_desk(sqlite, store=sqlite.store()))
        other.rollback()
    assert found.value.exit_code == 7
    assert sqlite.dump() == before


def test_a_writer_waits_for_another_half_a_minute(sqlite: Database) -> None:
    with sqlite.store().reading() as tx:
        assert tx.conn.scalar(text("PRAGMA busy_timeout")) == 30_000


@pytest.mark.parametrize(
    "url", [pytest.param("sqlite://", id="no-path"), pytest.param("sqlite:///:memory:", id="memory")]
)
def test_a_database_in_memory_is_refused(url: str) -> None:
    with pytest.raises(UsageError, match="memory"):
        open_store(url)


@pytest.mark.parametrize(
    "url",
    [
        pytest.param("mysql://me:secret@example.org/debts", id="another-server"),
        pytest.param("nonsense", id="no-url"),
        pytest.param("", id="nothing"),
    ],
)
def test_a_url_that_is_none_of_ours(url: str) -> None:
    with pytest.raises(UsageError, match="no database that dunning knows") as found:
        open_store(url)
    assert "secret" not in str(found.value)


def test_a_place_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DatabaseUnreachableError, match="cannot be created") as found:
        open_store(f"sqlite:///{tmp_path}/file/new.db")
    assert "--db" in found.value.hint


# --- backup -----------------------------------------------------------------------------------------------------------


def test_a_backup_holds_all_and_is_private(sqlite: Database, tmp_path: Path) -> None:
    desk = a_desk(sqlite)
    a_filed_case(desk)
    target = tmp_path / "copy.db"
    assert backup(desk.store, target) == target.stat().st_size
    assert oct(_mode(target)) == "0o600"
    copy = Database(f"sqlite:///{target}")
    assert copy.dump() == sqlite.dump()
    assert copy.verify().sound


def test_a_backup_while_another_writes_is_of_one_moment(sqlite: Database, tmp_path: Path) -> None:
    desk = a_desk(sqlite)
    a_filed_case(desk)

    def back_up(tx: Tx) -> None:
        tx.cases.next_id()
        backup(desk.store, tmp_path / "copy.db")

    sqlite.store().writing(back_up)
    assert Database(f"sqlite:///{tmp_path}/copy.db").value("SELECT next FROM counters WHERE name = 'cases'") == 2
    sqlite.sql("UPDATE counters SET next = 2 WHERE name = 'cases'")


def test_a_backup_takes_the_place_of_nothing(sqlite: Database, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"
    target.write_text("precious")
    with pytest.raises(InputError, match="already there"):
        backup(sqlite.store(), target)
    assert target.read_text() == "precious"


def test_a_backup_to_nowhere(sqlite: Database, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        backup(sqlite.store(), tmp_path / "no" / "such" / "folder.db")


def test_a_server_is_backed_up_by_its_own_tools(postgres: Database, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="Only an SQLite database"):
        backup(postgres.store(), tmp_path / "copy.db")
