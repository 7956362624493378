"""Writers beside each other: nothing is lost, nothing is written twice, and giving up leaves no trace."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from dunning_cli.domain import notes
from dunning_cli.domain import review as domain_review
from dunning_cli.domain.cases import Case, Decision
from dunning_cli.domain.days import Now
from dunning_cli.domain.policies import Policy
from dunning_cli.errors import DatabaseLockedError, DuplicateError, RetriesUsedUpError
from dunning_cli.services import cases, casework
from dunning_cli.services import review as service
from dunning_cli.services.casework import note
from dunning_cli.services.desk import Desk
from dunning_cli.services.payments import record_payment
from dunning_cli.services.review import check_overdue
from dunning_cli.store import session
from dunning_cli.store.session import Tx
from tests.builders import a_now, day
from tests.cli.runner import environment
from tests.store.databases import Database
from tests.store.desks import a_desk, a_filed_case, a_filed_plan

Act = Callable[[Case, Policy, Now], Decision]


def _texts(database: Database, case: int = 1) -> list[str]:
    """What the notes of a case say, in their order."""
    with database.store().reading() as tx:
        return [e.what.text for e in tx.cases.journal(case) if e.what.kind == "noted"]


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pauses between the tries, where the other writer is this very test."""
    monkeypatch.setattr("dunning_cli.store.session.time", SimpleNamespace(sleep=lambda seconds: None))


# --- one writer comes between another's reading and writing -----------------------------------------------------------


def _between(desk: Desk, database: Database, times: int) -> Act:
    """A decision to write a note, before which another writer is quicker so many times."""
    left = count(1)

    def decide(case: Case, policy: Policy, now: Now) -> Decision:
        if next(left) <= times:
            note(a_desk(database, actor="wang"), str(case.case_id), "the other was first")
        return notes.note(case, policy, now, f"written after entry {case.seq}")

    return decide


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("times", [pytest.param(1, id="once"), pytest.param(3, id="three-times")])
def test_who_was_slower_reads_and_decides_again(postgres: Database, times: int) -> None:
    desk = a_desk(postgres)
    a_filed_case(desk)
    done = desk.change("1", _between(desk, postgres, times))
    assert [e.seq for e in done.entries] == [2 + times]
    assert _texts(postgres) == ["the other was first"] * times + [f"written after entry {1 + times}"]


@pytest.mark.usefixtures("impatient")
def test_giving_up_writes_nothing(postgres: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "TRIES", 4)
    desk = a_desk(postgres)
    a_filed_case(desk)
    with pytest.raises(RetriesUsedUpError, match="after 4 tries") as found:
        desk.change("1", _between(desk, postgres, 100))
    assert found.value.exit_code == 7
    assert _texts(postgres) == ["the other was first"] * 4


def test_the_pauses_grow_and_end(postgres: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("dunning_cli.store.session.time", SimpleNamespace(sleep=pauses.append))
    monkeypatch.setattr("random.uniform", lambda low, high: high)
    desk = a_desk(postgres)
    a_filed_case(desk)
    with pytest.raises(RetriesUsedUpError):
        desk.change("1", _between(desk, postgres, 100))
    assert len(pauses) == session.TRIES - 1
    assert pauses == sorted(pauses)
    assert pauses[0] < 0.1
    assert pauses[-1] == 1


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize(
    "state", [pytest.param("40001", id="serialization-failure"), pytest.param("40P01", id="deadlock")]
)
def test_what_the_server_takes_back_is_tried_again(postgres: Database, state: str) -> None:
    tried = count(1)

    def work(tx: Tx) -> int:
        if (attempt := next(tried)) < 3:
            tx.conn.exec_driver_sql(f"DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '{state}'; END $$")
        return attempt

    assert postgres.store().writing(work) == 3


@pytest.mark.usefixtures("impatient")
def test_two_new_cases_with_one_reference_become_one(postgres: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both find the reference free; the slower one is told so when it looks again."""
    plain = cases._debtor
    tried = count(1)

    def debtor(*given: Any) -> int:
        if next(tried) == 1:
            a_filed_case(a_desk(postgres, actor="wang"), reference="L-1")
        return plain(*given)

    monkeypatch.setattr(cases, "_debtor", debtor)
    with pytest.raises(DuplicateError, match="already has a case 'L-1': number 1"):
        a_filed_case(a_desk(postgres), reference="L-1")
    assert postgres.sql("SELECT reference, case_id FROM case_refs") == [("L-1", 1)]
    assert (postgres.count("cases"), postgres.count("debtors")) == (1, 1)


# --- the nightly run beside collectors --------------------------------------------------------------------------------


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("number", [pytest.param(3, id="few"), pytest.param(30, id="many")])
def test_a_case_that_a_run_loses_is_reviewed_again_and_its_batch_is_not(
    postgres: Database, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """Thirty rows are written by another way than three."""
    store = postgres.store()
    for _ in range(number):
        a_filed_plan(a_desk(postgres, store=store), first="2025-02-01", installments=1)
    decided: list[int] = []
    plain = domain_review.review

    def review(case: Case, policy: Policy, now: Now, today: Any, *given: Any) -> Decision:
        if case.case_id == 2 and 2 not in decided:
            note(a_desk(postgres, "2025-02-06"), "2", "the collector was first")
        decided.append(case.case_id)
        return plain(case, policy, now, today)

    monkeypatch.setattr(service, "review", review)
    done = check_overdue(a_desk(postgres, "2025-02-06", store=store))
    assert (done.reviewed, done.changed, done.failed) == (number, number, [])
    assert done.moved == {"monitoring>negotiation": number}
    assert sorted(decided) == sorted([*range(1, number + 1), 2])
    with store.reading() as tx:
        kinds = [[e.what.kind for e in tx.cases.journal(each)][6:] for each in range(1, number + 1)]
    broken = ["installment_missed", "plan_broken", "stage_moved"]
    assert kinds == [["noted", *broken] if each == 2 else broken for each in range(1, number + 1)]


@pytest.mark.usefixtures("impatient")
def test_a_case_that_a_run_never_gets_is_listed(postgres: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(2):
        a_filed_plan(a_desk(postgres), first="2025-02-01", installments=1)
    plain = domain_review.review

    def review(case: Case, policy: Policy, now: Now, today: Any, *given: Any) -> Decision:
        if case.case_id == 1:
            note(a_desk(postgres, "2025-02-06"), "1", "the collector was first")
        return plain(case, policy, now, today)

    monkeypatch.setattr(service, "review", review)
    done = check_overdue(a_desk(postgres, "2025-02-06"))
    assert done.changed == 1
    assert done.failed == [{"case": 1, "error": "other writers changed it each time"}]


def test_two_runs_side_by_side_do_no_case_twice(database: Database) -> None:
    store = database.store()
    for _ in range(12):
        a_filed_plan(a_desk(database, store=store), first="2025-02-01", installments=1)

    def run(_: int) -> Any:
        return check_overdue(a_desk(database, "2025-02-06"))

    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(run, range(3)))
    assert [one.failed for one in done] == [[], [], []]
    assert sum(one.changed for one in done) == 12
    with store.reading() as tx:
        assert {len(tx.cases.journal(number)) for number in range(1, 13)} == {9}


# --- many at once -----------------------------------------------------------------------------------------------------


def test_threads_on_one_case_lose_nothing(database: Database) -> None:
    a_filed_case(a_desk(database))

    def write(who: int) -> None:
        desk = a_desk(database, actor=f"w{who}")
        for number in range(4):
            casework.note(desk, "1", f"{who}.{number}")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))
    texts = _texts(database)
    assert sorted(texts) == sorted(f"{who}.{number}" for who in range(4) for number in range(4))
    for who in range(4):  # each writer's own notes stand in the order in which it wrote them
        assert [t for t in texts if t.startswith(f"{who}.")] == [f"{who}.{number}" for number in range(4)]


_CHILD = """
import sys
from dunning_cli.cli.main import main
who, times = sys.argv[1], int(sys.argv[2])
for number in range(times):
    code = main(["log-contact", "1", "--channel", "email", "--outcome", "sent", "--actor", who, "--note", str(number)])
    assert code == 0, code
    code = main(["add-case", "--creditor", who, "--debtor", who, "--principal", "5", "--due", "2025-01-01"])
    assert code == 0, code
"""


def test_processes_lose_nothing(database: Database, home: Path) -> None:
    """Collectors who log contacts on one case, each as a program of its own, and open cases meanwhile."""
    a_filed_case(a_desk(database))
    writers, times = 3, 5
    env = environment(home, database.url) | {"PYTHONPATH": os.pathsep.join(sys.path)}
    children = [
        subprocess.Popen(
            [sys.executable, "-c", _CHILD, f"w{who}", str(times)],
            env=env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )
        for who in range(writers)
    ]
    said = [child.communicate(timeout=120)[1] for child in children]
    assert [child.returncode for child in children] == [0] * writers, said
    with database.store().reading() as tx:
        entries = [e for e in tx.cases.journal(1) if e.what.kind == "contact_logged"]
        numbers = [number for number, _, _ in tx.cases.heads()]
    for who in range(writers):
        assert [e.what.note for e in entries if e.actor == f"w{who}"] == [str(n) for n in range(times)]
    assert numbers == list(range(1, 2 + writers * times))


def test_a_balance_is_never_decided_from_what_was(database: Database) -> None:
    """Four payments of a quarter each, at once: the case is paid once, and by exactly one of them."""
    a_filed_case(a_desk(database), owed="100.00 CNY")

    def pay(number: int) -> list[str]:
        done = record_payment(a_desk(database), "1", "25.00", reference=f"P-{number}")
        return [entry.what.kind for entry in done.entries]

    with ThreadPoolExecutor(4) as pool:
        wrote = list(pool.map(pay, range(4)))
    assert sorted(map(len, wrote)) == [1, 1, 1, 2]
    with database.store().reading() as tx:
        case = tx.cases.load(1).case
    assert (case.outcome, case.owed(day("2025-01-06")).minor) == ("paid", 0)
    assert case.closed_on == a_now().today


def test_an_interrupt_in_the_middle_of_a_statement_stays_one(postgres: Database) -> None:
    """The driver then refuses to roll back; that is no news for whoever pressed Ctrl-C."""
    a_filed_case(a_desk(postgres))
    store = postgres.store()

    def work(tx: Tx) -> None:
        tx.conn.exec_driver_sql("UPDATE counters SET next = 99")
        driver: Any = tx.conn.connection.driver_connection
        driver.pgconn.send_query(b"SELECT pg_sleep(0.1)")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        store.writing(work)
    store.engine.dispose()
    assert postgres.count("counters") > 0
    assert not postgres.sql("SELECT next FROM counters WHERE next = 99")


def test_a_row_that_is_held_too_long_is_locked(postgres: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "BUSY_SECONDS", 0.2)
    a_filed_case(a_desk(postgres))
    with postgres.connect() as other:
        other.exec_driver_sql("UPDATE cases SET seq = seq")
        with pytest.raises(DatabaseLockedError, match="locked by another program"):
            note(a_desk(postgres, store=postgres.store()), "1", "never written")
    assert _texts(postgres) == []
