"""kill -9 at any moment: what is there is sound, and the same command again ends where an undisturbed run ends."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from tests.cli.runner import environment
from tests.store.databases import Database, close_connections

from .processes import Child, Starter
from .runs import KILLED, NAMES, a_run
from .worlds import World


@pytest.mark.parametrize("command", ["check-overdue", "import-cases", "import-payments", "log-contact"])
def test_killed_at_a_random_moment(
    command: str, world: World, starter: Starter, full: bool, note: Callable[..., None]
) -> None:
    """Moments spread over the whole run, one in each part of it; none counts as a kill that came after its end.

    How long a run takes changes with what else the machine does, so it is learned on the way: a moment that came too
    late is tried again a tenth earlier.
    """
    run = a_run(starter, world, command)
    kills = 200 if full else 5
    rng = Random(f"{command} {world.kind}")
    came: Counter[str] = Counter()
    took = {False: run.took, True: run.took_from_the_start() if full else 0}
    for number, part in enumerate(rng.sample(range(kills), kills)):
        fresh = number % 10 == 9
        while (far := run.dies(took[fresh] * (part + rng.random()) / kills, fresh=fresh)) == "it had ended":
            came[far] += 1
            took[fresh] *= 0.9
        came[far] += 1
        took[fresh] *= 1.02
    if command == "log-contact":
        assert not came["half-way"]  # it is one transaction
    _note(note, "death", f"`{command}`, {NAMES[world.kind]}, any moment", came)


@pytest.mark.parametrize("command", ["check-overdue", "import-cases", "import-payments", "log-contact"])
def test_killed_before_each_statement(
    command: str, world: World, starter: Starter, full: bool, note: Callable[..., None]
) -> None:
    """Between any two statements, and before each commit: all of them in the full form, one by chance in the short."""
    run = a_run(starter, world, command)
    steps = range(1, run.steps + 1)
    chosen = steps if full else Random(command).sample(steps, 1)
    came = Counter(run.dies(die_at=step) for step in chosen)
    assert not came["it had ended"]
    _note(note, "death", f"`{command}`, {NAMES[world.kind]}, each statement", came)


@pytest.mark.parametrize("command", ["check-overdue", "import-payments"])
def test_interrupted_by_a_person(
    command: str, world: World, starter: Starter, full: bool, note: Callable[..., None]
) -> None:
    """Ctrl-C at any moment: exit 130 without many words, and the same promises."""
    run = a_run(starter, world, command)
    times = 50 if full else 1
    rng = Random(command)
    came: Counter[str] = Counter()
    for number in range(times):
        with world.copy() as database:
            child = run.start(database)
            time.sleep(run.took * (number + rng.random()) / times)
            child.interrupt()
            answer = child.wait()
            assert answer.code in (0, 130), answer
            assert "Traceback" not in answer.err, answer.err
            database.wait_for_quiet()
            far = run.how_far(database)
            came[far if answer.code else "it had ended"] += 1
            run.goes_on(database)
    _note(note, "death", f"`{command}`, {NAMES[world.kind]}, Ctrl-C", came)


def _note(note: Callable[..., None], part: str, row: str, came: Counter[str]) -> None:
    note(
        part,
        row,
        kills=came.total() - came["it had ended"],
        **{name: came[name] for name in ("before", "half-way", "after", "it had ended")},
    )


# --- a database that is not there yet ---------------------------------------------------------------------------------


def _first_use(starter: Starter, home: Path, path: Path, **given: Any) -> Child:
    args = ["add-case", "--debtor", "Wang Fang", "--creditor", "Acme", "--principal", "5", "--due", "2025-01-01"]
    return starter.start("command", environment(home, f"sqlite:///{path}"), args=args, **given)


def test_killed_while_the_database_is_made(
    home: Path, tmp_path: Path, starter: Starter, full: bool, note: Callable[..., None]
) -> None:
    started = time.monotonic()
    _first_use(starter, home, tmp_path / "whole.db").wait()
    took = time.monotonic() - started
    kills = 100 if full else 5
    rng = Random(7)
    came: Counter[str] = Counter()
    for kill in range(kills):
        path = tmp_path / f"{kill}.db"
        child = _first_use(starter, home, path)
        time.sleep(1.1 * took * (kill + rng.random()) / kills)
        child.kill()
        code = child.wait().code
        assert code in (0, KILLED)
        came["it had ended" if code == 0 else "half-way" if path.exists() else "before"] += 1
        answer = _first_use(starter, home, path).wait()
        assert answer.code == 0, answer.err
        database = Database(f"sqlite:///{path}")
        assert database.count("cases") in ((2,) if code == 0 else (1, 2))
        assert database.verify().sound
        close_connections()
    _note(note, "death", "first use, SQLite, any moment", came)


def test_many_make_the_database_at_once(home: Path, tmp_path: Path, starter: Starter, full: bool) -> None:
    """Whoever is first makes it; all of them find it whole."""
    for number in range(20 if full else 1):
        path = tmp_path / f"{number}.db"
        children = [_first_use(starter, home, path) for _ in range(6)]
        answers = [child.wait() for child in children]
        assert [answer.code for answer in answers] == [0] * 6, [a.err for a in answers if a.code]
        database = Database(f"sqlite:///{path}")
        assert database.count("cases") == 6
        assert database.verify().sound
        close_connections()
