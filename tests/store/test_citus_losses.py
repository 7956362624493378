"""A worker of a cluster that falls silent, and one that is lost while a change is confirmed.

As in test_citus, DUNNING_TEST_CITUS_URL names the cluster; its servers are left as they are. The coordinator of a
test's own database is told that a worker is at the end of a passage, which the test can stop or cut.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

import pytest
from sqlalchemy.engine import make_url

from dunning_cli.errors import DatabaseError, DatabaseLockedError, DatabaseUnreachableError, WorkerLostError
from dunning_cli.services.casework import note
from dunning_cli.services.review import check_overdue
from dunning_cli.store import session
from dunning_cli.store.session import Store, Tx, open_store
from tests.store.databases import Citus, Database, close_connections
from tests.store.desks import a_desk, a_filed_case, a_filed_plan
from tests.store.passages import Passage

SECONDS = 4  # that a statement may take here

Worker = tuple[str, int]


@contextmanager
def _through(database: Database, *workers: Worker) -> Iterator[list[Passage]]:
    """For this database, workers are at the end of passages."""
    close_connections()
    passages = {worker: Passage(*worker) for worker in workers}
    with Citus.elsewhere(database, {worker: ("127.0.0.1", each.port) for worker, each in passages.items()}):
        try:
            yield list(passages.values())
        finally:
            for passage in passages.values():
                passage.close()
            close_connections()
            database.wait_for_quiet()


def _lies(database: Database, table: str, value: object) -> int:
    """The port of the worker on which a row lies."""
    shard = f"get_shard_id_for_distribution_column('{table}', '{value}')"
    found: int = database.value(
        f"SELECT nodeport FROM citus_shards WHERE table_name = '{table}'::regclass AND shardid = {shard}"
    )
    return found


def _once(
    store: Store,
    monkeypatch: pytest.MonkeyPatch,
    *,
    begun: Callable[[], object] = int,
    done: Callable[[], object] = int,
) -> None:
    """Once, something happens when a transaction was begun, or when its work is done and its commit was not sent."""
    writing, first = store.writing, count()

    def hooked(work: Callable[[Tx], Any]) -> Any:
        def and_then(tx: Tx) -> Any:
            if next(first):
                return work(tx)
            begun()
            found = work(tx)
            done()
            return found

        return writing(and_then)

    monkeypatch.setattr(store, "writing", hooked)


@pytest.fixture
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody is waited for as long as in earnest."""
    monkeypatch.setattr(session, "ANSWER_SECONDS", 2)
    monkeypatch.setattr(session, "BUSY_SECONDS", 1)


# --- a worker falls silent --------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("_hurried")
def test_a_command_does_not_wait_for_a_silent_worker_without_end(citus: Database, cluster: Citus) -> None:
    """Whether it was silent already, or falls silent after it had answered."""
    a_filed_case(a_desk(citus))
    worker = next(each for each in cluster.workers if each[1] == _lies(citus, "cases", 1))
    with _through(citus, worker) as (passage,):
        store = open_store(citus.url, statement_seconds=SECONDS)

        def work(tx: Tx) -> None:
            tx.cases.load(1)
            passage.silent = True
            tx.cases.load(1)

        begun = time.monotonic()
        with pytest.raises(DatabaseError, match=r"does not answer|took too long"), store.reading() as tx:
            work(tx)
        with pytest.raises(WorkerLostError), store.reading() as tx:
            tx.cases.load(1)
        passage.silent = False
        with pytest.raises(WorkerLostError):
            store.writing(work)
        assert time.monotonic() - begun < 10 * SECONDS
    note(a_desk(citus), "1", "it is back")


@pytest.mark.usefixtures("_hurried")
@pytest.mark.parametrize("number", [pytest.param(8, id="few"), pytest.param(45, id="many")])
@pytest.mark.parametrize("when", ["before", "begun"])
def test_the_nightly_run_goes_on_without_a_silent_worker(
    citus: Database, cluster: Citus, monkeypatch: pytest.MonkeyPatch, number: int, when: str
) -> None:
    """Silent before the run, or when the first part of it is to be taken, or written."""
    monkeypatch.setattr("dunning_cli.services.review.BATCH", 30)
    for _ in range(number):
        a_filed_plan(a_desk(citus), first="2025-02-01", installments=1)
    worker = cluster.workers[-1]
    there = {case for (case,) in citus.sql("SELECT case_id FROM cases") if _lies(citus, "cases", case) == worker[1]}
    assert 0 < len(there) < number
    with _through(citus, worker) as (passage,):
        store = open_store(citus.url, statement_seconds=SECONDS)
        if when == "before":
            passage.silent = True
        else:
            _once(store, monkeypatch, begun=lambda: setattr(passage, "silent", True))
        done = check_overdue(a_desk(citus, "2025-02-06", store=store), jobs=1)
    assert done.changed == number - len(there)
    assert [each["case"] for each in done.failed] == [None]
    assert f":{passage.port}" in str(done.failed[0]["error"])
    done = check_overdue(a_desk(citus, "2025-02-06", store=citus.store()))
    assert (done.changed, done.failed) == (len(there), [])
    assert check_overdue(a_desk(citus, "2025-02-06")).changed == 0


@pytest.mark.usefixtures("_hurried")
def test_a_run_whose_change_is_not_confirmed_says_so_and_is_repeated(
    citus: Database, cluster: Citus, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(8):
        a_filed_plan(a_desk(citus), first="2025-02-01", installments=1)
    with _through(citus, cluster.workers[-1]) as (passage,):
        store = open_store(citus.url, statement_seconds=SECONDS)
        _once(store, monkeypatch, done=lambda: setattr(passage, "silent", True))
        with pytest.raises(DatabaseUnreachableError, match="may have been written, or not") as found:
            check_overdue(a_desk(citus, "2025-02-06", store=store), jobs=1)
    assert "can simply be repeated" in found.value.hint
    _look_after(citus)
    assert check_overdue(a_desk(citus, "2025-02-06")).failed == []
    assert citus.value("SELECT count(*) FROM entries WHERE kind = 'installment_missed'") == 8
    assert check_overdue(a_desk(citus, "2025-02-06")).changed == 0


# --- a worker is lost between its promise to commit and the commit ----------------------------------------------------


def _look_after(database: Database) -> None:
    """What the cluster does by itself every minute: keep or take back what its workers have promised."""
    database.sql("SELECT recover_prepared_transactions()")


@pytest.mark.usefixtures("_hurried")
@pytest.mark.parametrize(
    ("fate", "other"),
    [
        pytest.param("cut", "goes on", id="cut"),
        pytest.param("silent", "goes on", id="silent"),
        pytest.param("cut", "cut", id="and-the-other-one-too"),
    ],
)
@pytest.mark.parametrize("what", ["cases", "requests"])
def test_what_was_promised_is_kept_or_taken_back_as_a_whole(
    citus: Database, cluster: Citus, monkeypatch: pytest.MonkeyPatch, what: str, fate: str, other: str
) -> None:
    """A note under a key, of which the case and the key lie on two workers; `what` lies on the one that is lost.

    It is lost when it has promised. Then the other one promises as well, or is lost before it does.
    """
    a_filed_case(a_desk(citus))
    on = _lies(citus, "cases", 1)
    key = next(f"k-{n}" for n in count() if _lies(citus, "requests", f"k-{n}") != on)
    first, second = sorted(cluster.workers[:2], key=lambda each: (each[1] == on) != (what == "cases"))
    url = make_url(citus.url).set(host=first[0], port=first[1])
    itself = Database(url.render_as_string(hide_password=False))
    promised: list[object] = []
    with _through(citus, first, second) as (to_first, to_second):
        store = open_store(citus.url, statement_seconds=SECONDS)

        def lose() -> None:
            until = time.monotonic() + SECONDS - 1
            while not promised and time.monotonic() < until:
                promised.extend(itself.sql("SELECT 1 FROM pg_prepared_xacts WHERE database = current_database()"))
            setattr(to_first, fate, True)
            to_second.cut = other == "cut"
            to_second.silent = False

        losing = threading.Thread(target=lose)

        def hold() -> None:
            to_second.silent = True  # it cannot promise before the first one is lost
            losing.start()

        _once(store, monkeypatch, done=hold)
        said = _noted(citus, store, key)
        losing.join()
    assert promised
    assert said is None or "may have been written, or not" in str(said)
    # Until the cluster has looked after it, the same command answers, or says that it cannot; nothing is done twice.
    again = _noted(citus, citus.store(), key)
    assert again is None or isinstance(again, DatabaseLockedError)
    close_connections()
    _look_after(citus)
    notes = "SELECT count(*) FROM entries WHERE kind = 'noted'"
    assert citus.value(notes) == citus.count("requests")
    assert citus.verify().sound
    assert _noted(citus, citus.shared(), key) is None
    assert (citus.value(notes), citus.count("requests")) == (1, 1)


def _noted(database: Database, store: Store, key: str) -> DatabaseError | None:
    """Note something under a key; what that failed with, if it did."""
    try:
        note(a_desk(database, store=store, key=key), "1", "once")
    except DatabaseError as error:
        return error
    return None
