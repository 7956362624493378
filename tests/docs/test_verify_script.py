"""The script in docs/journal.md checks a journal without this program, and sees every change."""

from __future__ import annotations

import runpy
import sqlite3
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from dunning_cli.cli.main import main
from dunning_cli.domain.journal import Record
from tests.store.databases import close_connections

from . import sessions
from .sessions import ROOT


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of the demo: two cases through all stages."""
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    assert main(["demo", "--keep", str(path)]) == 0
    close_connections()
    return path


@pytest.fixture(scope="module")
def script(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The script as it stands in the manual."""
    path = tmp_path_factory.mktemp("script") / "verify_journal.py"
    (text,) = [step.files[path.name] for step in sessions.read(ROOT / "docs/journal.md") if path.name in step.files]
    path.write_text(text, "utf-8")
    return path


@pytest.fixture
def checked(
    tmp_path: Path,
    kept: Path,
    script: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Callable[..., tuple[int, str]]:
    """Run the script on a copy of the database after a change."""

    def run(change: str = "", *values: object) -> tuple[int, str]:
        copy = tmp_path / "copy.db"
        with sqlite3.connect(kept) as source, sqlite3.connect(copy) as target:
            source.backup(target)
            if change:
                assert target.execute(change, values).rowcount > 0
        target.commit()
        target.close()
        source.close()
        monkeypatch.setattr(sys, "argv", [str(script), str(copy)])
        with pytest.raises(SystemExit) as leaving:
            runpy.run_path(str(script))
        return int(leaving.value.code or 0), capsys.readouterr().out

    return run


def test_a_sound_database_holds(checked: Callable[..., tuple[int, str]], kept: Path) -> None:
    with sqlite3.connect(kept) as db:
        count = sum(db.execute(f"SELECT count(*) FROM {t}").fetchone()[0] for t in ("entries", "debtor_entries"))
    db.close()
    assert count > 30
    assert checked() == (0, f"{count} entries read, 0 do not hold\n")


@pytest.mark.parametrize("table", ["entries", "debtor_entries"])
@pytest.mark.parametrize("column", Record._fields)
def test_a_changed_column_is_found(checked: Callable[..., tuple[int, str]], table: str, column: str) -> None:
    subject = "case" if table == "entries" else "debtor"
    value = 99 if column in ("seq", "format") else "changed"
    code, said = checked(f"UPDATE {table} SET {column} = ? WHERE {subject}_id = 2 AND seq = 2", value)
    assert code == 1
    assert f"{subject} 2: entry {value if column == 'seq' else 2} does not hold" in said


def test_a_removed_entry_is_found(checked: Callable[..., tuple[int, str]]) -> None:
    assert checked("DELETE FROM entries WHERE case_id = 1 AND seq = 3")[0] == 1


def test_an_erased_private_part_is_no_break(checked: Callable[..., tuple[int, str]]) -> None:
    assert checked("UPDATE entries SET private = NULL")[0] == 0
