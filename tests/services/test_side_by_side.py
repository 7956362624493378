"""Several processes at one run, and several runs at once: nothing is done twice, and nothing is left."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import sleep, time
from typing import Any

import pytest

from dunning_cli.domain.review import review
from dunning_cli.services import review as service
from dunning_cli.services.processes import SAFE, Turn, cores, side_by_side
from dunning_cli.services.review import check_overdue
from tests.cli.runner import environment, instant
from tests.services.test_killed_runs import CASES, LATE, fill, timelines
from tests.store.databases import Database, Templates, close_connections
from tests.store.desks import a_desk

pytestmark = pytest.mark.skipif(not SAFE, reason="processes are not forked here")


@pytest.fixture(params=["sqlite", "postgres"])
def due(templates: Templates, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Database]:
    with templates.copy(request.param, tmp_path, fill) as database:
        yield database
        assert database.verify().sound
        assert database.sql("SELECT count(*) FROM sweeps") == [(0,)], "the next run begins at the beginning"


@pytest.fixture
def clean(templates: Templates, tmp_path: Path) -> dict[int, list[tuple[Any, ...]]]:
    """What one process alone writes on a copy of the same cases."""
    folder = tmp_path / "clean"
    folder.mkdir()
    with templates.copy("sqlite", folder, fill) as database:
        check_overdue(a_desk(database, LATE), jobs=1)
        return timelines(database)


@pytest.mark.parametrize("jobs", [1, 2, 5])
@pytest.mark.parametrize("size", [1, 5, CASES, 1000])
def test_so_many_processes_end_as_one_does(
    due: Database, clean: dict[int, Any], monkeypatch: pytest.MonkeyPatch, jobs: int, size: int
) -> None:
    monkeypatch.setattr(service, "BATCH", size)
    told: list[tuple[int, int]] = []
    done = check_overdue(a_desk(due, LATE), jobs=jobs, progress=lambda *given: told.append(given))
    assert timelines(due) == clean
    assert (done.reviewed, done.failed) == (told[-1][1], [])
    assert told[-1][0] == done.reviewed
    assert sum(done.entries.values()) == sum(map(len, clean.values())) - _before(due)
    assert check_overdue(a_desk(due, LATE), jobs=jobs).reviewed == 0


def _before(due: Database) -> int:
    """How many entries there were before the run."""
    ((count,),) = due.sql(f"SELECT count(*) FROM entries WHERE recorded_at < '{LATE}'")
    return int(count)


def test_a_process_that_dies_leaves_its_cases_to_the_run(
    due: Database, clean: dict[int, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "BATCH", 4)
    plain, here = review, os.getpid()

    def deadly(*given: Any) -> Any:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return plain(*given)

    monkeypatch.setattr(service, "review", deadly)
    done = check_overdue(a_desk(due, LATE), jobs=3)
    assert done.failed == []
    assert timelines(due) == clean


def test_cases_that_fail_are_named_once(due: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "BATCH", 2)
    plain = review

    def fails(case: Any, *given: Any) -> Any:
        if case.case_id % 5 == 1:
            raise RuntimeError("a defect")
        return plain(case, *given)

    monkeypatch.setattr(service, "review", fails)
    total = service._count(a_desk(due, LATE), a_desk(due, LATE).now.today, 0)
    done = check_overdue(a_desk(due, LATE), jobs=2)
    numbers = [each["case"] for each in done.failed]
    assert numbers
    assert len(numbers) == len(set(numbers))
    assert all(number % 5 == 1 for number in numbers)
    assert done.reviewed == total


_RUN = """
import sys
from dunning_cli.services import review
review.BATCH = 2
from dunning_cli.cli.main import main
sys.exit(main(["check-overdue", "--jobs", "1"]))
"""


def test_several_runs_at_once(due: Database, clean: dict[int, Any], home: Path) -> None:
    env = environment(home, due.url) | {"DUNNING_NOW": instant(LATE), "PYTHONPATH": os.pathsep.join(sys.path)}
    started = [subprocess.Popen([sys.executable, "-c", _RUN], env=env, stdout=subprocess.DEVNULL) for _ in range(3)]
    assert [process.wait(120) for process in started] == [0, 0, 0]
    close_connections()
    due.wait_for_quiet()
    found = timelines(due)
    assert {number: [row[-1] for row in rows] for number, rows in found.items()} == {
        number: [row[-1] for row in rows] for number, rows in clean.items()
    }


@pytest.mark.parametrize("seconds", [pytest.param(5, id="a-moment-ago"), pytest.param(500, id="long-ago")])
def test_what_a_dead_run_had_taken_is_done_by_the_next(
    due: Database, clean: dict[int, Any], monkeypatch: pytest.MonkeyPatch, seconds: int
) -> None:
    """It had taken parts up to the last case that is due, and written none of them."""
    monkeypatch.setattr(service, "BATCH", 4)
    ((on, number),) = due.sql(
        "SELECT next_action_on, case_id FROM cases WHERE next_action_on IS NOT NULL ORDER BY 1 DESC, 2 DESC LIMIT 1"
    )
    due.sql(
        "INSERT INTO sweeps (name, day, taken_at, beyond) VALUES ('due', :day, :at, :beyond)",
        day=LATE,
        at=int(time()) - seconds,
        beyond=f'["{on}",{number}]',
    )
    check_overdue(a_desk(due, LATE), jobs=2)
    assert timelines(due) == clean


# --- the processes themselves -----------------------------------------------------------------------------------------


def test_what_each_finds_arrives() -> None:
    def work() -> Iterator[int]:
        yield from range(3)

    assert sorted(side_by_side([work] * 4)) == sorted([*range(3)] * 4)


def test_one_that_raises_ends_without_a_word() -> None:
    def work() -> Iterator[int]:
        yield 1
        raise RuntimeError("a defect")

    assert list(side_by_side([work] * 2)) == [1, 1]


def test_whoever_stops_listening_ends_them() -> None:
    def work() -> Iterator[int]:
        yield os.getpid()
        sleep(600)

    found = side_by_side([work] * 1)
    child = next(found)
    found.close()  # type: ignore[attr-defined]
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


_ASKS = """
import os, time
from dunning_cli.services.processes import side_by_side
def work():
    while True:
        time.sleep(0.02)
        yield os.getpid()
for found in side_by_side([work] * 3):
    print(found, flush=True)
"""


def test_they_end_when_whoever_asked_is_killed() -> None:
    found: set[int] = set()
    with subprocess.Popen([sys.executable, "-c", _ASKS], stdout=subprocess.PIPE, text=True) as asking:
        assert asking.stdout
        while len(found) < 3:
            found.add(int(asking.stdout.readline()))
        asking.kill()
    until = time() + 20
    while left := [number for number in found if _runs(number)]:
        assert time() < until, left
        sleep(0.05)


def _runs(number: int) -> bool:
    try:
        state = Path(f"/proc/{number}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_a_turn_is_for_one_at_a_time_and_a_dead_one_gives_it_up(tmp_path: Path) -> None:
    log = tmp_path / "log"

    def work() -> Iterator[int]:
        for _ in range(20):
            with turn.taken(), log.open("a") as told:
                told.write("begins ")
                told.flush()
                sleep(0.001)
                told.write("ends ")
        yield 1
        with turn.taken():
            os.kill(os.getpid(), signal.SIGKILL)

    with Turn() as turn:
        assert list(side_by_side([work] * 3)) == [1, 1, 1]
        assert log.read_text("utf-8") == "begins ends " * 60
        with turn.taken():
            pass


def test_there_is_a_core() -> None:
    assert 1 <= cores() <= (os.cpu_count() or 1)
