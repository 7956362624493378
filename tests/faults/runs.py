"""A command on copies of a database: how it goes undisturbed, how far it came when disturbed, and that it goes on."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, Final

from tests.cli.runner import Answer
from tests.store.databases import Database

from .processes import Child, Starter
from .worlds import CASES, ROWS, State, World, a_ledger, a_statement, state

SMALL: Final = {  # many batches, so that a run is half-way most of the time
    "dunning_cli.services.review:BATCH": 2,
    "dunning_cli.services.case_imports:BATCH": 2,
    "dunning_cli.services.payment_imports:BATCH": 2,
}
NAMES: Final = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
KILLED: Final = -9


def _args(command: str, home: Path) -> list[str]:
    # In one process, so that steps can be counted; the tests of several processes kill those.
    if command == "import-cases":
        return [command, str(a_ledger(home / "more.csv", CASES - 5, ROWS)), "--jobs", "1"]
    if command == "import-payments":
        return [command, str(a_statement(home / "payments.csv", ROWS))]
    if command == "log-contact":
        called = ["LOAN-4", "--channel", "call", "--outcome", "conversation", "--note", "Wants a plan"]
        return [command, *called, "--key", "call-1"]
    return [command, "--jobs", "1"]


class Run:
    """A command on copies of a database: how it goes undisturbed, and where that ends."""

    def __init__(self, starter: Starter, world: World, command: str) -> None:
        self.starter = starter
        self.world = world
        self.args = _args(command, world.home)
        self.counted = world.home / f"steps of {command}"
        with world.copy() as database:
            self.before = state(database)
            started = time.monotonic()
            self.complete(database)
            self.took = time.monotonic() - started
            self.steps = self.steps_done()
            self.end = state(database)
            self.complete(database)
            assert state(database) == self.end  # it is done, and once more changes nothing

    def start(
        self, database: Database, *, fresh: bool = False, patches: dict[str, Any] | None = None, **given: Any
    ) -> Child:
        """Start it, in small batches."""
        env = self.world.env(database)
        given |= {"args": self.args, "patches": SMALL | (patches or {}), "steps_to": str(self.counted)}
        return self.starter.start("command", env, fresh=fresh, **given)

    def complete(self, database: Database) -> Answer:
        """Run it undisturbed."""
        answer = self.start(database).wait()
        assert answer.code == 0, answer.err
        return answer

    def steps_done(self) -> int:
        """How many statements and commits the last one has begun."""
        said = self.counted.read_text() if self.counted.exists() else ""
        return int(said or 0)  # it is empty for a moment, while it is written again

    def took_from_the_start(self) -> float:
        """How long it takes where the program has to be imported first, as when a person starts it."""
        with self.world.copy() as database:
            started = time.monotonic()
            self.start(database, fresh=True).wait()
            return time.monotonic() - started

    def dies(self, after: float | None = None, *, fresh: bool = False, **given: Any) -> str:
        """Let it die, after so many seconds or of itself; say how far it came, and take it to its end."""
        with self.world.copy() as database:
            child = self.start(database, fresh=fresh, **given)
            if after is not None:
                time.sleep(after)
                child.kill()
            code = child.wait().code
            assert code in (0, KILLED)
            database.wait_for_quiet()  # the server may still be at what a dead process asked for
            came = self.how_far(database)
            assert code == KILLED or came == "after"
            self.goes_on(database)
        return came if code == KILLED else "it had ended"

    def how_far(self, database: Database) -> str:
        """How far it came; what is there must be sound."""
        report = database.verify()
        assert report.sound, report
        found: State = state(database)
        if found == self.end:
            return "after"
        return "before" if found == self.before else "half-way"

    def goes_on(self, database: Database) -> None:
        """The same command again ends where an undisturbed run ends."""
        self.complete(database)
        assert state(database) == self.end
        assert database.verify().sound


def one_clear_error(answer: Answer, code: int) -> None:
    """It failed with this code, and said why in one line, and perhaps what to do in another."""
    assert answer.code == code, answer
    first, *others = answer.err.splitlines()
    assert first.startswith("Error: "), answer.err
    assert [line[:7] for line in others] in ([], ["Hint:  "]), answer.err


def a_run(starter: Starter, world: World, command: str) -> Run:
    """How a command goes, worked out once for all tests."""
    if command not in world.runs:
        world.runs[command] = Run(starter, world, command)
    found: Run = world.runs[command]
    return found
