"""When something around the program is broken: one clear line, the right code, and nothing half-written."""

from __future__ import annotations

import os
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy.pool import ConnectionPoolEntry

from dunning_cli.store import session
from tests.cli.runner import Dunning, Program, environment
from tests.cli.words import DEBT, OPEN, opened
from tests.store.databases import Database, Postgres, run_sql

POSIX = pytest.mark.skipif(sys.platform == "win32", reason="signals and modes of POSIX")


def _fails(dunning: Dunning, words: tuple[str, ...], says: str, **env: str) -> str:
    """A command fails with code 7, one line that says what, one with a hint; and the same as JSON."""
    answer = dunning(*words, env=env)
    assert (answer.code, answer.out) == (7, ""), answer
    lines = answer.err.splitlines()
    assert lines[0].startswith("Error: ")
    assert says in lines[0]
    assert [line[:6] for line in lines[1:]] == ["Hint: "]
    error = dunning(*words, "--json", env=env)
    assert error.code == 7
    assert lines[0] == f"Error: {error.error['message']}"
    return answer.err


# --- the database -----------------------------------------------------------------------------------------------------


def test_a_directory_is_no_database(dunning: Dunning, tmp_path: Path) -> None:
    _fails(dunning, ("list-cases",), str(tmp_path), DUNNING_DB=f"sqlite:///{tmp_path}")


def test_a_letter_is_no_database(dunning: Dunning, tmp_path: Path) -> None:
    letter = tmp_path / "letter.txt"
    letter.write_text("Dear Madam, " * 100)
    _fails(dunning, ("list-cases",), "not a database", DUNNING_DB=f"sqlite:///{letter}")
    assert letter.read_text() == "Dear Madam, " * 100


def test_a_place_that_cannot_be_made(dunning: Dunning, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    said = _fails(dunning, OPEN, "cannot be created", DUNNING_DB=f"sqlite:///{tmp_path}/file/deep/cases.db")
    assert "DUNNING_DB" in said


def test_what_only_looks_makes_no_database(dunning: Dunning, tmp_path: Path) -> None:
    place = tmp_path / "none.db"
    for words in (("db", "status"), ("audit", "verify"), ("audit", "head"), ("db", "backup", "copy.db")):
        said = _fails(dunning, words, "There is no database", DUNNING_DB=f"sqlite:///{place}")
        assert "dunning init" in said
    assert not place.exists()


def test_what_writes_makes_one(dunning: Dunning, tmp_path: Path) -> None:
    place = tmp_path / "deep" / "cases.db"
    assert dunning(*OPEN, env={"DUNNING_DB": f"sqlite:///{place}"}).code == 0
    assert stat.S_IMODE(place.stat().st_mode) == 0o600


def test_the_default_is_a_file_in_the_data_folder(dunning: Dunning, home: Path) -> None:
    del dunning.env["DUNNING_DB"]
    status = dunning.ok("init")
    assert status["url"].startswith(f"sqlite:///{home}/data/")
    assert dunning.ok("list-cases") == []


def test_a_database_that_may_only_be_read(dunning: Dunning, sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    opened(dunning)
    before = sqlite.dump()
    plain = session._prepare_sqlite

    def prepare(dbapi: sqlite3.Connection, record: ConnectionPoolEntry) -> None:
        plain(dbapi, record)
        dbapi.execute("PRAGMA query_only = ON")

    with monkeypatch.context() as only:
        only.setattr(session, "_prepare_sqlite", prepare)
        for words in (("note", "1", "x"), OPEN[:-4], ("check-overdue", "--key", "K")):
            _fails(dunning, words, "is read-only")
        assert dunning.ok("show-case", "1")["entries"] == 1
    assert sqlite.dump() == before


@POSIX
def test_a_file_that_another_user_may_only_read(subprocess_dunning: Program, sqlite: Database, tmp_path: Path) -> None:
    """A superuser may write everything, and so becomes somebody else."""
    assert subprocess_dunning(*OPEN).code == 0
    run_sql(sqlite.path, "PRAGMA journal_mode = DELETE")
    shared = Path("/tmp") if os.geteuid() == 0 else tmp_path  # where another user may go
    place = shared / f"dunning-test-{os.getpid()}.db"
    place.write_bytes(sqlite.path.read_bytes())
    place.chmod(0o444)
    other = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
    homes = dict.fromkeys(("HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME"), "/nonexistent")
    env = {"DUNNING_DB": f"sqlite:///{place}", **homes}
    try:
        answer = subprocess_dunning("note", "1", "x", env=env, cwd="/", **other)
    except PermissionError:
        pytest.skip("this process may not become another user")
    finally:
        place.unlink()
    if "No module named" in answer.err or "Permission denied" in answer.err.splitlines()[0]:
        pytest.skip("another user may not run this program")
    assert answer.code == 7, answer
    assert answer.err.startswith("Error: The database")
    assert len(answer.err.splitlines()) == 2


def test_a_locked_database(dunning: Dunning, sqlite: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    opened(dunning)
    monkeypatch.setattr(session, "BUSY_SECONDS", 0.05)
    with sqlite.engine.connect() as other:
        other.exec_driver_sql("BEGIN IMMEDIATE")
        _fails(dunning, ("note", "1", "x"), "locked by another program")
        assert dunning.ok("show-case", "1")["entries"] == 1
        other.rollback()
    assert dunning("note", "1", "x").code == 0


@contextmanager
def _closed_port() -> Iterator[int]:
    """A port where nobody answers, and which nobody else can take meanwhile."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        yield int(found.getsockname()[1])


def test_a_server_that_is_away(dunning: Dunning) -> None:
    with _closed_port() as port:
        url = f"postgresql://me:very-secret@127.0.0.1:{port}/cases"
        for words in (("list-cases",), OPEN, ("db", "status"), ("init",)):
            said = _fails(dunning, words, "cannot be used", DUNNING_DB=url)
            assert "very-secret" not in said
            assert "127.0.0.1" in said


def test_a_database_that_the_server_has_not(dunning: Dunning, server: Postgres) -> None:
    _fails(dunning, ("list-cases",), "does not exist", DUNNING_DB=server.url("nobody_s"))


def test_a_server_s_empty_database(dunning: Dunning, server: Postgres) -> None:
    url = server.url(server.create())
    said = _fails(dunning, ("list-cases",), "no tables of dunning", DUNNING_DB=url)
    assert "dunning db upgrade" in said
    assert dunning("db", "upgrade", env={"DUNNING_DB": url}).code == 0
    assert dunning("list-cases", env={"DUNNING_DB": url}).code == 0


@pytest.mark.breaks_the_journal
@pytest.mark.parametrize(("found", "hint"), [("0000", "dunning db upgrade"), ("9999", "newer dunning")])
def test_a_database_of_another_version(dunning_on: Dunning, database: Database, found: str, hint: str) -> None:
    database.sql("UPDATE alembic_version SET version_num = :found", found=found)
    assert hint in _fails(dunning_on, ("list-cases",), f"at version {found}")
    assert dunning_on.ok("db", "status")["ready"] is False
    if found == "9999":
        assert hint in _fails(dunning_on, ("db", "upgrade"), f"at version {found}")


# --- pipes and signals ------------------------------------------------------------------------------------------------


@POSIX
@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("list-cases", "--limit", "0"), id="a-list"),
        pytest.param(("list-cases", "--limit", "0", "--json"), id="json"),
        pytest.param(("list-cases", "--limit", "0", "--csv"), id="csv"),
        pytest.param(("--help",), id="help"),
        pytest.param(("show-case", "99"), id="an-error"),
        pytest.param((), id="nothing-asked"),
    ],
)
def test_a_closed_pipe_is_quiet(subprocess_dunning: Program, words: tuple[str, ...]) -> None:
    """As `dunning list-cases | head -1` closes it: before anything was written."""
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as closed:
        answer = subprocess_dunning(*words, stdout=closed, env={"PYTHONUNBUFFERED": "1"})
    said = answer.err.replace("Error: There is no case 99.", "").replace(
        "Hint:  See the cases with: dunning list-cases", ""
    )
    assert said.strip() == ""
    assert answer.code in (0, 2, 3)


@POSIX
def test_a_long_list_into_head(subprocess_dunning: Program, dunning: Dunning) -> None:
    for number in range(30):
        dunning.ok("add-case", "--debtor", "W" * 300, *DEBT, "--reference", str(number))
    with subprocess_dunning.start("list-cases", "--json", "--limit", "0") as process:
        assert process.stdout
        assert process.stderr
        assert process.stdout.readline() == b"[\n"
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(30) == 0


_WAITING = """
import signal, sys, time
from dunning_cli.domain import notes
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever runs the tests in the background ignores it
def note(*given):
    print("waiting", flush=True)
    time.sleep(60)
notes.note = note
from dunning_cli.cli.main import main
sys.exit(main(sys.argv[1:]))
"""


@POSIX
@pytest.mark.parametrize("more", [pytest.param((), id="plain"), pytest.param(("--json",), id="json")])
def test_an_interrupt_is_130_and_writes_nothing(
    dunning: Dunning, home: Path, sqlite: Database, more: tuple[str, ...]
) -> None:
    opened(dunning)
    before = sqlite.dump()
    env = environment(home, sqlite.url) | {"PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(
        [sys.executable, "-c", _WAITING, "note", "1", "x", *more],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == b"waiting\n"
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, out) == (130, b"")
    assert b"Traceback" not in err
    assert sqlite.dump() == before


# --- what nobody expected ---------------------------------------------------------------------------------------------


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> None:
    """The service behind show-case raises what nobody expected, with a character that no file can hold."""

    def raises(*given: object) -> None:
        raise LookupError("a defect \udcff")

    monkeypatch.setattr("dunning_cli.services.cases.show_case", raises)


@pytest.mark.usefixtures("broken")
def test_the_unexpected_leaves_a_log_that_its_owner_alone_can_read(dunning: Dunning, home: Path) -> None:
    answer = dunning("show-case", "1")
    assert (answer.code, answer.out) == (1, "")
    assert answer.err.splitlines()[0] == "Error: Something unexpected happened: LookupError."
    log = Path(answer.err.split()[-1])
    assert log.is_relative_to(home)
    assert stat.S_IMODE(log.stat().st_mode) == 0o600
    assert stat.S_IMODE(log.parent.stat().st_mode) & 0o077 == 0
    text = log.read_text("utf-8")
    assert "LookupError: a defect" in text
    assert "Traceback" in text
    assert "Traceback" not in answer.err


@pytest.mark.usefixtures("broken")
def test_the_unexpected_is_json_as_well(dunning: Dunning) -> None:
    error = dunning.fails(1, "show-case", "1")
    assert error["code"] == "unexpected"
    assert Path(error["log"]).exists()


@pytest.mark.usefixtures("broken")
def test_without_a_home_the_log_goes_elsewhere(dunning: Dunning, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    nowhere = {"XDG_STATE_HOME": str(tmp_path / "file"), "TMPDIR": str(tmp_path)}
    error = dunning.fails(1, "show-case", "1", env=nowhere)
    log = Path(error["log"])
    assert "LookupError" in log.read_text("utf-8")
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


@pytest.mark.usefixtures("broken")
def test_two_logs_are_two_files(dunning: Dunning) -> None:
    assert dunning.fails(1, "show-case", "1")["log"] != dunning.fails(1, "show-case", "1")["log"]
