"""An import in several processes ends as one in one does: the same cases, numbers and journals."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dunning_cli.errors import InputError
from dunning_cli.services import case_imports as service
from dunning_cli.services.case_imports import import_cases
from dunning_cli.services.processes import SAFE
from tests.imports.files import some_cases
from tests.store.databases import Database, Templates
from tests.store.desks import a_desk

pytestmark = pytest.mark.skipif(not SAFE, reason="processes are not forked here")

NOON = "2026-06-01T12:00:00+00:00"
SIZE = 4  # rows a part
# Five parts and a rest. Every third row is of a debtor whom another part has too, every fifth of none with a key; the
# last row of each part is a case that stood there before.
ROWS = [
    {
        "reference": f"R-{number - 2 if number % 4 == 3 else number}",
        "debtor": f"Debtor {number}",
        "debtor_ref": "" if number % 5 == 0 else f"C-{number % 3 if number % 3 == 0 else number}",
        "phone": f"+86 138{number:08d}",
        "hold": "complaint" if number % 7 == 0 else "",
    }
    for number in range(22)
]


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "BATCH", SIZE)


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    some_cases(path := tmp_path / "ledger.csv", *ROWS)
    return path


@pytest.fixture
def alone(templates: Templates, tmp_path: Path, ledger: Path) -> Iterator[list[Any]]:
    """What one process writes."""
    folder = tmp_path / "alone"
    folder.mkdir()
    with templates.copy("sqlite", folder) as database:
        import_cases(a_desk(database, NOON), ledger, jobs=1)
        yield written(database)


def written(database: Database) -> list[Any]:
    """All that an import writes, but salts and what is hashed over them."""
    assert database.verify().sound
    return [
        sorted(map(tuple, database.sql(f"SELECT {columns} FROM {table}")), key=str)
        for table, columns in (
            ("cases", "case_id, seq, head, debtor_id, reference, state, CAST(next_action_on AS text), worth"),
            ("case_refs", "reference, creditor, case_id"),
            ("debtor_refs", "debtor_ref, creditor, debtor_id"),
            ("debtors", "debtor_id, seq, name_key, state"),
            ("entries", "case_id, seq, kind, data, digest"),
            ("debtor_entries", "debtor_id, seq, kind, data"),
            ("counters", "name, next"),
        )
    ]


@pytest.fixture
def processes_alone(alone: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Fail where the run itself has to write what a process has left."""
    here, plain = os.getpid(), service._Import._written

    def written(self: Any, *given: Any) -> Any:
        assert os.getpid() != here, "a process has failed"
        return plain(self, *given)

    monkeypatch.setattr(service._Import, "_written", written)


@pytest.mark.usefixtures("processes_alone")
@pytest.mark.parametrize("jobs", [2, 3, 8])
def test_so_many_processes_write_what_one_does(database: Database, ledger: Path, alone: list[Any], jobs: int) -> None:
    told: list[tuple[int, int]] = []
    done = import_cases(a_desk(database, NOON), ledger, jobs=jobs, progress=lambda *given: told.append(given))
    assert (done.read, done.added, done.skipped, done.rejected) == (22, 17, 5, [])
    assert written(database) == alone
    assert [told[at] for at in (5, 11)] == [(22, 23)] * 2, "checked, and written"
    again = import_cases(a_desk(database, NOON), ledger, jobs=jobs)
    assert (again.added, again.skipped) == (0, 22)
    assert written(database) == alone


@pytest.mark.usefixtures("processes_alone")
def test_whoever_opens_a_case_in_between_gets_the_number(
    database: Database, ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was decided rests on numbers that are taken then: it is decided anew, and no number is left out."""
    some_cases(other := tmp_path / "other.csv", {"reference": "BETWEEN", "debtor_ref": "C-9"})
    here, decide, once = os.getpid(), service._Import._decided, tmp_path / "once"

    def slowly(self: Any, batch: Any, numbers: Any) -> Any:
        decided = decide(self, batch, numbers)
        if os.getpid() != here and not once.exists() and any(row.key[0] == "R-9" for row in batch.new):
            once.touch()
            import_cases(a_desk(database, NOON), other, jobs=1)
        return decided

    monkeypatch.setattr(service._Import, "_decided", slowly)
    done = import_cases(a_desk(database, NOON), ledger, jobs=2)
    assert once.exists()
    assert done.added == 17
    cases = database.sql("SELECT reference FROM cases ORDER BY case_id")
    assert [name for (name,) in cases if name != "BETWEEN"] == list(dict.fromkeys(row["reference"] for row in ROWS))
    assert database.sql("SELECT count(*), max(case_id) FROM cases") == [(18, 18)]
    assert database.sql("SELECT count(*) FROM debtor_refs WHERE debtor_ref = 'C-9'") == [(1,)]
    assert database.verify().sound


@pytest.mark.parametrize("method", ["_decided", "_written"])
def test_a_process_that_dies_leaves_its_parts_to_the_run(
    database: Database, ledger: Path, alone: list[Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, method: str
) -> None:
    here, plain, died = os.getpid(), getattr(service._Import, method), tmp_path / "died"

    def deadly(self: Any, *given: Any) -> Any:
        found = plain(self, *given)
        if os.getpid() != here and database.count("cases") > 4:
            died.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return found

    monkeypatch.setattr(service._Import, method, deadly)
    done = import_cases(a_desk(database, NOON), ledger, jobs=2)
    assert died.exists()
    assert (done.read, done.rejected) == (22, [])
    assert written(database) == alone


@pytest.mark.parametrize("jobs", [1, 2, 3])
def test_bad_rows_are_listed_in_their_order(database: Database, tmp_path: Path, jobs: int) -> None:
    bad = (1, 6, 9, 20)
    rows = [{**row, "due": "soon" if number in bad else "2025-01-31"} for number, row in enumerate(ROWS)]
    some_cases(path := tmp_path / "bad.csv", *rows)
    with pytest.raises(InputError) as refused:
        import_cases(a_desk(database, NOON), path, jobs=jobs)
    assert [each["line"] for each in refused.value.details["rejected"]] == [number + 2 for number in bad]
    assert database.count("cases") == 0
    done = import_cases(a_desk(database, NOON), path, skip_bad=True, jobs=jobs)
    assert [each["line"] for each in done.rejected] == [number + 2 for number in bad]
    assert (done.read, done.rejected_rows) == (22, 4)


def test_a_file_that_breaks_off_is_refused_before_anything_is_written(database: Database, ledger: Path) -> None:
    with ledger.open("a", encoding="utf-8") as file:
        file.write('"no end\n"x')
    for skip_bad in (False, True):
        with pytest.raises(InputError, match="line 2"):
            import_cases(a_desk(database, NOON), ledger, skip_bad=skip_bad, jobs=2)
    assert database.count("cases") == 0
