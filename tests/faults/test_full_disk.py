"""A disk that is full, or may not be written: one clear line, exit 7, nothing half-written; with room it goes on."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Final

import pytest

from tests.cli.runner import Answer
from tests.store.databases import Database, Postgres, close_connections

from .processes import Starter
from .runs import SMALL, a_run, one_clear_error
from .worlds import World, data_folder

_ROOT: Final = hasattr(os, "geteuid") and os.geteuid() == 0
_NOBODY: Final = 65534
_PAGE: Final = 4096


@contextmanager
def _small_disk(place: Path, size: int, owner: int = 0) -> Iterator[Path]:
    """A file system of so many bytes."""
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size},uid={owner},mode=0700", "dunning-test", str(place)]
    done = subprocess.run(mount, capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"no file system may be mounted here: {done.stderr.decode().strip()}")
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", place], check=True)


def _fails_or_ends(answer: Answer) -> None:
    if answer.code:
        one_clear_error(answer, 7)


@pytest.mark.parametrize("command", ["check-overdue", "import-cases", "import-payments", "log-contact"])
def test_no_file_may_grow(
    command: str, sqlite_world: World, starter: Starter, full: bool, note: Callable[..., None]
) -> None:
    """At any limit: in the write-ahead log, in the file itself, or in neither."""
    run = a_run(starter, sqlite_world, command)
    limits = range(_PAGE, 100 * _PAGE, _PAGE)
    came: Counter[str] = Counter()
    for limit in limits if full else Random(command).sample(limits, 1):
        with sqlite_world.copy() as database:
            answer = run.start(database, file_limit=limit).wait()
            _fails_or_ends(answer)
            came["it ended" if answer.code == 0 else run.how_far(database)] += 1
            run.goes_on(database)
    _note(note, f"no file may grow, `{command}`", came)


@pytest.mark.skipif(not _ROOT, reason="only root may mount a small file system")
@pytest.mark.parametrize("command", ["check-overdue", "import-cases"])
def test_the_disk_is_full(
    command: str, sqlite_world: World, starter: Starter, full: bool, note: Callable[..., None], tmp_path: Path
) -> None:
    run = a_run(starter, sqlite_world, command)
    came: Counter[str] = Counter()
    with _small_disk(tmp_path / "small", 4 << 20) as disk, sqlite_world.copy() as plain:
        database = Database(f"sqlite:///{disk / 'dunning.db'}")
        ballast = disk / "ballast"
        rooms = range(0, 100 * _PAGE, _PAGE)
        for room in rooms if full else [0, *Random(command).sample(rooms, 1)]:
            for path in disk.iterdir():
                path.unlink()
            shutil.copyfile(plain.path, database.path)
            with ballast.open("wb") as file:
                file.write(b"\0" * (shutil.disk_usage(disk).free - room))
            answer = run.start(database).wait()
            _fails_or_ends(answer)
            assert answer.code == 0 or "disk is full" in answer.err or "disk I/O error" in answer.err
            ballast.unlink()
            came["it ended" if answer.code == 0 else run.how_far(database)] += 1
            run.goes_on(database)
        close_connections()
    _note(note, f"the disk is full, `{command}`, SQLite", came)


@pytest.mark.skipif(not _ROOT, reason="only root may mount a small file system")
def test_the_servers_disk_is_full(
    postgres_world: World, server: Postgres, starter: Starter, full: bool, note: Callable[..., None]
) -> None:
    """The tables of one database lie on a small disk of the server."""
    run = a_run(starter, postgres_world, "import-cases")
    owner = data_folder(server).stat().st_uid
    home = Path(tempfile.mkdtemp(prefix="dunning-small-"))
    home.chmod(0o755)
    came: Counter[str] = Counter()
    try:
        with _small_disk(home / "disk", 64 << 20, owner) as disk:
            server.run(f"CREATE TABLESPACE small LOCATION '{disk}'")
            rooms = range(0, 80 * 8192, 8192)
            for room in rooms if full else Random(1).sample(rooms, 1):
                name = f"small_{room}"
                server.run(f"CREATE DATABASE {name} TEMPLATE {postgres_world.name} TABLESPACE small")
                database = Database(server.url(name))
                ballast = disk / "ballast"
                ballast.write_bytes(b"\0" * (shutil.disk_usage(disk).free - room))
                answer = run.start(database).wait()
                _fails_or_ends(answer)
                ballast.unlink()
                came["it ended" if answer.code == 0 else run.how_far(database)] += 1
                run.goes_on(database)
                close_connections()
                server.run(f"DROP DATABASE {name} WITH (FORCE)")
            server.run("DROP TABLESPACE small")
    finally:
        shutil.rmtree(home)
    _note(note, "the disk is full, `import-cases`, PostgreSQL", came)


def _note(note: Callable[..., None], row: str, came: Counter[str]) -> None:
    note("disk", row, runs=came.total(), **{name: came[name] for name in ("before", "half-way", "after", "it ended")})


# --- what may not be written ------------------------------------------------------------------------------------------


@contextmanager
def _for_somebody_else(world: World) -> Iterator[Database]:
    """A copy that another user can reach, in a folder of its own."""
    home = Path(tempfile.mkdtemp(prefix="dunning-faults-"))
    try:
        with world.copy() as plain:
            shutil.copyfile(plain.path, home / "dunning.db")
        yield Database(f"sqlite:///{home / 'dunning.db'}")
    finally:
        home.chmod(0o700)
        shutil.rmtree(home)


@pytest.mark.parametrize(
    ("folder", "file"),
    [
        pytest.param(0o755, 0o444, id="file"),
        pytest.param(0o555, 0o666, id="folder"),
        pytest.param(0o555, 0o444, id="both"),
        pytest.param(0o755, 0o000, id="not-even-read"),
    ],
)
def test_read_only(folder: int, file: int, sqlite_world: World, starter: Starter) -> None:
    """Whatever the rights, a command that writes says so in one line; one that reads answers, or says so as well."""
    run = a_run(starter, sqlite_world, "check-overdue")
    with _for_somebody_else(sqlite_world) as database:
        database.path.chmod(file)
        database.path.parent.chmod(folder)
        env = sqlite_world.env(database) | {name: str(database.path.parent) for name in ("HOME", "XDG_STATE_HOME")}
        env |= {name: str(database.path.parent / "none") for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME")}
        user = _NOBODY if _ROOT else None
        before = database.path.read_bytes() if _ROOT or file else b""
        for args in (["check-overdue"], ["log-contact", "LOAN-4", "--channel", "call", "--outcome", "busy"]):
            answer = starter.run("command", env, args=args, patches=SMALL, user=user)
            one_clear_error(answer, 7)
        for args in (["list-cases"], ["audit", "verify"], ["db", "status"]):
            answer = starter.run("command", env, args=args, user=user)
            _fails_or_ends(answer)
        database.path.parent.chmod(0o700)
        database.path.chmod(0o600)
        assert not before or database.path.read_bytes() == before
        run.goes_on(database)
        close_connections()


def test_a_folder_where_nothing_may_be_made(sqlite_world: World, starter: Starter) -> None:
    with _for_somebody_else(sqlite_world) as database:
        database.path.parent.chmod(0o555)
        env = sqlite_world.env(database) | {"DUNNING_DB": f"sqlite:///{database.path.parent}/new/dunning.db"}
        env |= {name: str(database.path.parent) for name in env if name == "HOME" or name.startswith("XDG_")}
        answer = starter.run("command", env, args=["init"], user=_NOBODY if _ROOT else None)
        one_clear_error(answer, 7)


def test_an_answer_that_cannot_be_written(sqlite_world: World, starter: Starter) -> None:
    """What was done stays done; that its answer went nowhere is said, and the exit code is none of success."""
    with sqlite_world.copy() as database:
        args = ["log-contact", "LOAN-4", "--channel", "call", "--outcome", "busy"]
        answer = starter.run("command", sqlite_world.env(database), args=args, out=Path("/dev/full"), fresh=True)
        assert answer.code
        assert answer.err.startswith("Error: ")
        assert "Traceback" not in answer.err
        assert database.verify().sound
