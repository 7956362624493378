"""The simulated year: all of it from the seed, nothing past the services, and a run that is killed changes nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from benchmarks.soak import explained, reckoned
from dunning_cli.domain.entries import CASE_KINDS
from dunning_cli.domain.money import Money
from dunning_cli.domain.views import SweepSummary
from dunning_cli.services.desk import Desk
from dunning_cli.services.review import check_overdue
from dunning_cli.services.simulation.cast import CHARACTERS, CREDITORS, debts
from dunning_cli.services.simulation.play import FIRST, Play, desk_of, spread
from dunning_cli.services.year import Read, read_year
from dunning_cli.settings import Settings
from tests.cli.runner import environment
from tests.store.databases import Database, Templates, close_connections

SEED, CASES, DAYS = 5, 60, 60


def play(
    database: Database,
    *,
    seed: int = SEED,
    cases: int = CASES,
    days: int = DAYS,
    night: Callable[[Desk], SweepSummary] = check_overdue,
) -> Play:
    """So many days, all of them played."""
    found = Play(desk_of(Settings(database.url), seed), seed, spread(cases, seed, days), night)
    assert len(list(found.year(days))) == days
    return found


def look_back(played: Play, days: int = DAYS) -> Read:
    return read_year(played.desk, FIRST, FIRST + timedelta(days=days - 1))


@pytest.fixture(scope="module")
def once(templates: Templates, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """One undisturbed run on SQLite: what it is seen as, and every row that it left."""
    with templates.copy("sqlite", tmp_path_factory.mktemp("once")) as database:
        played = play(database)
        found = look_back(played)
        rows = database.dump()
        played.desk.store.engine.dispose()
        assert database.verify().sound
        return played.played, found, rows


# --- all from the seed ------------------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_debts() -> None:
    assert list(islice(debts(3), 200)) == list(islice(debts(3), 200))
    assert list(islice(debts(3), 20)) != list(islice(debts(4), 20))


def test_debts_are_of_every_creditor_and_character_and_some_people_have_several() -> None:
    found = list(islice(debts(1), 400))
    assert {debt.creditor for debt in found} == set(CREDITORS)
    assert {debt.person.character for debt in found} == set(CHARACTERS)
    assert len({debt.reference for debt in found}) == 400
    assert 2 <= max(Counter(debt.person.key for debt in found).values()) <= 10
    names = "".join(debt.person.details.name or "" for debt in found)
    assert any("\u4e00" <= sign <= "\u9fff" for sign in names)
    assert any(sign.isascii() and sign.isalpha() for sign in names)


def test_so_many_debts_come_in() -> None:
    arrivals = spread(41, 5, 100)
    assert sum(arrivals(day, 0) for day in range(100)) == 41
    assert arrivals(0, 0) >= 10
    assert sum(arrivals(day, 0) for day in range(65, 100)) == 0


def test_another_seed_gives_another_year(sqlite: Database) -> None:
    one = look_back(play(sqlite, seed=1, cases=6, days=12), 12)
    close_connections()
    sqlite.empty()
    again = look_back(play(sqlite, seed=1, cases=6, days=12), 12)
    close_connections()
    sqlite.empty()
    other = look_back(play(sqlite, seed=2, cases=6, days=12), 12)
    assert one.fingerprint == again.fingerprint != other.fingerprint


# --- what it shows is what the database holds -------------------------------------------------------------------------


def test_every_kind_of_thing_happens(once: Any) -> None:
    played, read, rows = once
    kinds = {value for row in rows["entries"] for value in row if value in CASE_KINDS}
    expected = {
        *("contact_logged", "contact_refused", "plan_proposed", "plan_accepted", "plan_broken", "plan_completed"),
        *("payment_received", "payment_reversed", "notice_due", "notice_sent", "held", "case_closed", "stage_moved"),
        *("assessed", "installment_missed"),
    }
    assert expected - kinds == set()
    assert played.nights == DAYS
    assert played.failed == []
    assert read.year.cases == CASES


def test_the_sums_are_those_of_the_database(sqlite: Database) -> None:
    """Each is asked for again in SQL, past the program."""
    days = 45
    played = play(sqlite, cases=30, days=days)
    read = look_back(played, days)
    year = read.year
    assert (year.cases, read.debtors) == (sqlite.count("cases"), sqlite.count("debtors"))
    assert year.entries == sqlite.count("entries")
    received = Counter[str]()
    for kind, sign in (("payment_received", 1), ("payment_reversed", -1)):
        join = "p.seq = e.seq" if sign > 0 else "p.seq = json_extract(e.data, '$.payment')"
        for code, amount in sqlite.sql(
            "SELECT json_extract(p.data, '$.currency'), json_extract(p.data, '$.amount') FROM entries e "
            f"JOIN entries p ON p.case_id = e.case_id AND {join} WHERE e.kind = :kind",
            kind=kind,
        ):
            received[code] += sign * Money.of(amount, code).minor
    assert {code: sums.recovered for code, sums in year.sums.items() if sums.recovered} == dict(+received)
    months = Counter[str]()
    for month in year.months:
        months.update(month.recovered)
    assert +months == +received
    assert sqlite.value("SELECT count(*) FROM entries WHERE kind = 'payment_reversed'")
    places: dict[str, int] = dict(
        sqlite.sql("SELECT CASE status WHEN 'closed' THEN status ELSE stage END, count(*) FROM cases GROUP BY 1")
    )
    assert {place: count for place, count in year.months[-1].places.items() if count} == places
    for field, entry in (("contacts", "contact_logged"), ("refused", "contact_refused"), ("agreed", "plan_accepted")):
        shown = sum(getattr(month, field) for month in year.months)
        assert shown == sqlite.value("SELECT count(*) FROM entries WHERE kind = :kind", kind=entry), field
    aged = sum(each.cases for each in year.ageing.values())
    assert aged == sqlite.value("SELECT count(*) FROM cases WHERE status <> 'closed'")
    assert dict(year.outcomes) == dict(
        sqlite.sql("SELECT outcome, count(*) FROM cases WHERE status = 'closed' GROUP BY 1")
    )


# --- the soak, small --------------------------------------------------------------------------------------------------

_NIGHT = """
import sys
from datetime import date
from dunning_cli.services import review
from dunning_cli.services.simulation.play import desk_of
from dunning_cli.settings import Settings
review.BATCH = 2
plain = review.review
def slow(*given):
    print("reviewing", flush=True)
    return plain(*given)
review.review = slow
url, seed, day = sys.argv[1:]
review.check_overdue(desk_of(Settings(url), int(seed), date.fromisoformat(day)))
"""


class Killer:
    """The nightly run, which on some nights is first begun by another process and killed there (SIGKILL)."""

    def __init__(self, database: Database, home: Path) -> None:
        self.database = database
        self.env = environment(home, database.url) | {"PYTHONPATH": os.pathsep.join(sys.path)}
        self.killed = 0

    def __call__(self, desk: Desk) -> SweepSummary:
        day = desk.now.today
        with desk.store.reading() as tx:
            due = tx.cases.count_due(day)
        if due > 2 and self.killed < 4:
            self._kill(day.isoformat(), min(due, 3 + self.killed))
        return check_overdue(desk)

    def _kill(self, day: str, after: int) -> None:
        """Begin the run of a day in a process of its own, and kill it while it reviews its case number `after`."""
        words = [sys.executable, "-c", _NIGHT, self.database.url, str(SEED), day]
        with subprocess.Popen(words, env=self.env, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            for _ in range(after):
                assert process.stdout.readline() == "reviewing\n"
            process.send_signal(signal.SIGKILL)
            assert process.wait(30) == -signal.SIGKILL
        self.killed += 1


@pytest.mark.skipif(sys.platform == "win32", reason="no such signal there")
def test_a_year_in_which_runs_are_killed_ends_as_one_that_was_left_alone(
    database: Database, home: Path, once: Any
) -> None:
    """To the last digest of every journal, on SQLite and on a server; and all that a soak looks at holds."""
    undisturbed, clean, rows = once
    killer = Killer(database, home)
    played = play(database, night=killer)
    assert killer.killed == 4
    found = look_back(played)
    assert found.fingerprint == clean.fingerprint
    assert found.year == clean.year
    assert played.played.by_stage == undisturbed.by_stage
    if database.kind == "sqlite":
        assert database.dump() == rows
    evening = played.evening(DAYS)
    assert reckoned(evening) == (CASES, [])
    statements, scans = explained(evening)
    assert statements > 20
    assert scans == []


def test_a_balance_that_was_changed_is_found_by_the_reckoning(sqlite: Database) -> None:
    played = play(sqlite, cases=4, days=6)
    desk = played.evening(6)
    assert reckoned(desk) == (4, [])
    before = sqlite.value("SELECT balance FROM cases WHERE case_id = 2")
    sqlite.sql("UPDATE cases SET balance = balance + 1 WHERE case_id = 2")
    assert reckoned(desk) == (4, [2])
    sqlite.sql("UPDATE cases SET balance = :before WHERE case_id = 2", before=before)
