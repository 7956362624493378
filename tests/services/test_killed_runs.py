"""A run that dies on the way, and is run again, ends as one clean run would have."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from dunning_cli.services import contacts
from dunning_cli.services import review as service
from dunning_cli.services.review import check_overdue
from tests.builders import a_contact, a_final_demand
from tests.cli.runner import environment, instant
from tests.store.databases import KINDS, Database, Templates, close_connections
from tests.store.desks import a_desk, a_filed_case, a_filed_plan

CASES, LATE = 24, "2025-03-20"


def fill(database: Database) -> None:
    """Cases on which a late run has different things to do."""
    store = database.store()
    desk = a_desk(database, store=store)
    for number in range(CASES):
        kind = number % 4
        if kind == 0:
            a_filed_plan(desk, first="2025-02-01", installments=1 + number % 3)
        elif kind == 1:
            a_filed_case(desk, due="2024-06-01")
        elif kind == 2:
            a_filed_plan(desk, first="2025-03-18", installments=2)
        else:
            number_of = str(a_filed_case(desk).after.case.case_id)
            contacts.log_contact(desk, number_of, a_contact())
            contacts.log_contact(desk, number_of, a_final_demand())


@pytest.fixture(params=KINDS)
def due(templates: Templates, tmp_path: Path, request: pytest.FixtureRequest) -> Any:
    with templates.copy(request.param, tmp_path, fill) as database:
        yield database
        assert database.verify().sound


@pytest.fixture
def clean(templates: Templates, tmp_path: Path) -> dict[int, list[tuple[Any, ...]]]:
    """What one clean run writes on a copy of the same cases."""
    folder = tmp_path / "clean"
    folder.mkdir()
    with templates.copy("sqlite", folder, fill) as database:
        done = check_overdue(a_desk(database, LATE))
        assert done.changed > CASES // 2
        return timelines(database)


def timelines(database: Database) -> dict[int, list[tuple[Any, ...]]]:
    """The journal of every case, without what differs from run to run: digests, salts, the second of the recording."""
    with database.store().reading() as tx:
        return {
            number: [(e.seq, e.effective_on, e.actor, e.clock, e.what) for e in tx.cases.journal(number)]
            for number, _, _ in tx.cases.heads()
        }


@pytest.mark.parametrize("batches", [pytest.param(1, id="after-one-batch"), pytest.param(3, id="after-three")])
def test_a_run_that_raises_on_the_way_is_taken_up_again(
    due: Database, clean: dict[int, Any], monkeypatch: pytest.MonkeyPatch, batches: int
) -> None:
    monkeypatch.setattr(service, "BATCH", 5)
    calls: list[int] = []

    def progress(done: int, total: int) -> None:
        calls.append(done)
        if len(calls) == batches:
            raise KeyboardInterrupt

    before = timelines(due)
    with pytest.raises(KeyboardInterrupt):
        check_overdue(a_desk(due, LATE), jobs=1, progress=progress)
    close_connections()
    half = timelines(due)
    assert before != half != clean
    assert due.verify().sound
    check_overdue(a_desk(due, LATE))
    assert timelines(due) == clean


_RUN = """
import sys
from dunning_cli.services import review
review.BATCH = 3
plain = review.review
def slow(*given):
    print("reviewing", flush=True)
    return plain(*given)
review.review = slow
from dunning_cli.cli.main import main
sys.exit(main(["check-overdue"]))
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal there")
@pytest.mark.parametrize("after", [pytest.param(2, id="in-the-first-batch"), pytest.param(8, id="in-the-third")])
def test_a_run_that_is_killed_is_taken_up_again(due: Database, clean: dict[int, Any], home: Path, after: int) -> None:
    """A real kill -9 of a real process, in the middle of a batch."""
    env = environment(home, due.url) | {"DUNNING_NOW": instant(LATE), "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen([sys.executable, "-c", _RUN], env=env, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        for _ in range(after):
            assert process.stdout.readline() == "reviewing\n"
        process.send_signal(signal.SIGKILL)
        assert process.wait(30) == -signal.SIGKILL
    close_connections()
    due.wait_for_quiet()
    assert due.verify().sound
    done = check_overdue(a_desk(due, LATE))
    assert done.failed == []
    assert _without_clock(timelines(due)) == _without_clock(clean)
    assert check_overdue(a_desk(due, LATE)).reviewed == 0


def _without_clock(found: dict[int, list[tuple[Any, ...]]]) -> dict[int, list[tuple[Any, ...]]]:
    return {number: [(*row[:3], row[4]) for row in rows] for number, rows in found.items()}
