"""The start is quick because little is imported: what each command loads, and what it leaves alone."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

import dunning_cli
from tests.cli.runner import Program, environment
from tests.cli.words import OPEN
from tests.store.databases import Database, close_connections

HEAVY = {"typer", "sqlalchemy", "rich", "pydantic", "alembic", "psycopg", "dunning_cli.domain"}

_TRACED = "import sys; from dunning_cli.cli.main import main; sys.exit(main(sys.argv[1:]))"


def started(home: Path, url: str, *words: str, trace: Sequence[str] = ()) -> subprocess.CompletedProcess[str]:
    """A command in a process of its own."""
    return subprocess.run(
        [sys.executable, *trace, "-c", _TRACED, *words],
        env=environment(home, url) | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=False,
    )


def imported(home: Path, url: str, *words: str) -> set[str]:
    """The modules that a command imports, as Python's own trace says."""
    done = started(home, url, *words, trace=("-X", "importtime"))
    assert done.returncode == 0, done.stderr[-2000:]
    return set(re.findall(r"\| +([\w.]+)$", done.stderr, re.MULTILINE))


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    home = tmp_path_factory.mktemp("home")
    url = f"sqlite:///{home}/cases.db"
    assert Program(home, url)(*OPEN).code == 0
    return home, url


@pytest.mark.parametrize(
    ("words", "never"),
    [
        pytest.param(("--version",), HEAVY, id="version"),
        pytest.param(("-V",), HEAVY, id="short-version"),
        pytest.param(("--help",), HEAVY - {"typer"}, id="help"),
        pytest.param(("note", "--help"), {"sqlalchemy", "rich", "pydantic", "alembic"}, id="help-of-one"),
        pytest.param(
            ("show-case", "1"), {"alembic", "pydantic", "rich.console", "rich.table", "psycopg"}, id="show-case"
        ),
        pytest.param(("show-case", "1", "--json"), {"alembic", "pydantic", "rich", "psycopg"}, id="show-case-json"),
        pytest.param(("list-cases", "--json"), {"alembic", "pydantic", "rich", "psycopg"}, id="list-cases-json"),
        pytest.param(("note", "1", "x"), {"alembic", "pydantic", "rich.console", "psycopg"}, id="note"),
        pytest.param(("check-overdue", "--json"), {"alembic", "pydantic", "rich", "psycopg"}, id="check-overdue"),
        pytest.param(("stages", "--json"), {"sqlalchemy", "alembic", "pydantic", "rich"}, id="stages"),
        pytest.param(
            ("list-cases",), {"dunning_cli.domain.rules", "dunning_cli.rules", "tomllib"}, id="no-rules-for-a-list"
        ),
        pytest.param(
            ("rules", "list", "--json"), {"sqlalchemy", "alembic", "pydantic", "rich", "psycopg"}, id="rules-list"
        ),
        pytest.param(("audit", "head", "--json"), {"alembic", "pydantic", "rich", "psycopg"}, id="audit-head"),
    ],
)
def test_what_is_not_needed_is_not_imported(world: tuple[Path, str], words: tuple[str, ...], never: set[str]) -> None:
    found = imported(*world, *words)
    assert "dunning_cli.cli.main" in found
    assert sorted(never & found) == []


def test_the_trace_sees_what_is_imported(world: tuple[Path, str]) -> None:
    """That nothing was found must not be because nothing is looked at."""
    found = imported(*world, "show-case", "1")
    assert {"sqlalchemy", "typer", "dunning_cli.domain", "dunning_cli.store.cases"} <= found


@pytest.mark.parametrize("words", [pytest.param(("--version",), id="long"), pytest.param(("-V",), id="short")])
def test_the_installed_program_says_its_version(subprocess_dunning: Program, words: tuple[str, ...]) -> None:
    answer = subprocess_dunning(*words)
    assert (answer.code, answer.out, answer.err) == (0, f"dunning {dunning_cli.__version__}\n", "")


def test_the_version_beside_other_words(subprocess_dunning: Program) -> None:
    answer = subprocess_dunning("--version", "--json")
    assert (answer.code, answer.out) == (0, f"dunning {dunning_cli.__version__}\n")


def test_it_runs_as_a_module(home: Path, sqlite: Database) -> None:
    env = environment(home, sqlite.url) | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-m", "dunning_cli", "list-cases", "--json"],
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        pytest.param(("show-case", "1"), 0, id="reading"),
        pytest.param(("note", "1", "x"), 0, id="writing"),
        pytest.param(("note", "99", "x"), 3, id="refused"),
        pytest.param(("check-overdue", "--jobs", "2"), 0, id="several-processes"),
        pytest.param(("db", "status"), 0, id="status"),
    ],
)
def test_the_end_is_quick_as_well_and_leaves_no_file_open(tmp_path: Path, words: tuple[str, ...], code: int) -> None:
    """Nobody looks through memory for what could go; yet what was written is in the one file, as before."""
    assert Program(tmp_path, f"sqlite:///{tmp_path}/made/cases.db")(*OPEN).code == 0
    close_connections()
    done = started(tmp_path, f"sqlite:///{tmp_path}/made/cases.db", *words)
    assert done.returncode == code, done.stderr
    assert [file.name for file in (tmp_path / "made").iterdir()] == ["cases.db"]
