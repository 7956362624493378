"""A distributed database: how it comes to be, and that everything goes on as before on it.

These need a cluster that somebody runs: DUNNING_TEST_CITUS_URL names a database of its coordinator, in which the
workers are registered, as a superuser who may connect to each of them and make databases there. With it, the tests of
the other databases run a third time as well, on distributed tables. Without it these are skipped, and say so.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import pytest
from alembic import command

from dunning_cli.domain import notes
from dunning_cli.domain.cases import Case, Decision
from dunning_cli.domain.days import Now
from dunning_cli.domain.policies import Policy
from dunning_cli.errors import DatabaseBehindError, DatabaseMissingError, RefusedError, WorkerLostError
from dunning_cli.services.casework import note
from dunning_cli.services.review import check_overdue
from dunning_cli.store import migrate
from dunning_cli.store.distribution import LOCAL, PLACES, distribute
from dunning_cli.store.maintenance import upgrade
from dunning_cli.store.schema import REVISION
from dunning_cli.store.session import make_engine, open_store, revision
from tests.cli.runner import Dunning
from tests.store.databases import Citus, Database, close_connections
from tests.store.desks import a_desk, a_filed_case, a_filed_plan
from tests.store.ledgers import a_ledger

CASES_CSV = "reference,debtor,creditor,principal,due,phone\n" + "".join(
    f"L-{n},Debtor {n},River Bank,{100 + n}.00,2024-12-01,+86138000{n:05}\n" for n in range(60)
)


@pytest.fixture
def command_line(citus: Database, home: Path) -> Dunning:
    """Runs command lines on a distributed database."""
    return Dunning(home, citus.url)


# --- becoming distributed ---------------------------------------------------------------------------------------------


def _places(database: Database) -> dict[str, str | None]:
    """Where the cluster itself says that each table lies."""
    rows = database.sql("SELECT table_name::text, citus_table_type, distribution_column FROM citus_tables")
    return {name: None if kind == "reference" else column for name, kind, column in rows}


def test_a_database_that_holds_data_is_distributed_as_it_is(cluster: Citus) -> None:
    url = cluster.url(cluster.create())
    upgrade(url)
    database = Database(url)
    a_ledger(database)
    close_connections()
    before = database.dump()
    assert _places(database) == {}
    done = distribute(url)
    assert {each.table for each in done if each.moved} == PLACES.keys()
    assert {each.table: each.column for each in done if each.kind != "local"} == PLACES == _places(database)
    assert [each.table for each in done if each.kind == "local"] == list(LOCAL)
    assert database.dump() == before
    assert database.verify().sound
    close_connections()
    assert not any(each.moved for each in distribute(url))
    assert database.dump() == before
    on_workers = database.sql("SELECT nodeport, count(*) FROM citus_shards GROUP BY nodeport")
    assert len(on_workers) >= len(cluster.workers)


def test_a_case_lies_beside_its_journal(citus: Database) -> None:
    groups: dict[str, int] = dict(citus.sql("SELECT table_name::text, colocation_id FROM citus_tables"))
    assert groups["cases"] == groups["entries"]
    assert groups["debtors"] == groups["debtor_entries"] == groups["leases"]
    assert groups["cases"] != groups["debtors"]


def test_what_somebody_distributed_otherwise_is_refused_and_left(cluster: Citus) -> None:
    url = cluster.url(cluster.create())
    upgrade(url)
    database = Database(url)
    database.sql("SELECT create_distributed_table('bank_lines', 'line_key')")
    database.sql("SELECT create_reference_table('case_refs')")
    with pytest.raises(RefusedError, match="case_refs is distributed already") as found:
        distribute(url)
    assert "undistribute_table" in found.value.hint
    assert _places(database) == {"bank_lines": "line_key", "case_refs": None}


def test_a_database_that_is_behind_is_upgraded_first(cluster: Citus) -> None:
    url = cluster.url(cluster.create())
    with pytest.raises(DatabaseMissingError, match="no tables of dunning"):
        distribute(url)
    upgrade(url)
    Database(url).sql("UPDATE alembic_version SET version_num = '0000'")
    with pytest.raises(DatabaseBehindError) as found:
        distribute(url)
    assert "dunning db upgrade" in found.value.hint
    assert _places(Database(url)) == {}


def test_migrations_run_on_distributed_tables(cluster: Citus) -> None:
    """All the way down but for the first one, and up again: tables stay where they are, and so does what they hold."""
    database = Database(cluster.url(cluster.distributed()))
    a_filed_plan(a_desk(database))
    a_filed_case(a_desk(database), reference="L-1")
    close_connections()
    engine = make_engine(database.url)
    config = migrate.config(engine)
    command.downgrade(config, "0002")
    assert revision(engine) == "0002"
    assert (
        database.value("SELECT distribution_column FROM citus_tables WHERE table_name = 'entries'::regclass")
        == "case_id"
    )
    engine.dispose()
    assert _places(database).keys() < PLACES.keys()  # the way down had dropped some
    upgrade(database.url)
    assert _places(database) == PLACES
    assert revision(open_store(database.url).engine) == REVISION
    assert check_overdue(a_desk(database)).failed == []
    assert database.verify().sound
    close_connections()


# --- working on it ----------------------------------------------------------------------------------------------------


def test_a_case_goes_through_all_stages(command_line: Dunning) -> None:
    ok = command_line.ok
    opened = ("--creditor", "River Bank", "--principal", "900.00", "--due", "2024-12-01")
    ok("add-case", "--debtor", "Wang Fang", "--reference", "A", *opened)
    ok("log-contact", "A", "--channel", "call", "--outcome", "conversation")
    ok("propose-plan", "A", "--installments", "3", "--first", "2025-02-01")
    ok("accept-plan", "A")
    assert ok("record-payment", "A", "300.00", "--on", "2025-01-06", "--key", "k")["allocated"]["principal"] == "300.00"
    ok("record-payment", "A", "300.00", "--on", "2025-01-06", "--key", "k")
    night = ("--now", "2025-06-20T03:00:00+08:00")
    assert ok("check-overdue", *night)["moved"] == {"monitoring>negotiation": 1}
    ok("log-contact", "A", "--channel", "letter", "--outcome", "delivered", "--purpose", "final_demand", *night)
    later = ("--now", "2025-07-20T12:00:00+08:00")
    ok("escalate", "A", "--why", "will not pay", *later)
    assert ok("show-case", "A", *later)["stage"] == "legal"
    ok("close-case", "A", "--as", "uncollectable", *later)
    assert ok("show-case", "A", *later)["paid"] == "300.00"
    assert ok("show-debtor", "1")["cases"][0]["reference"] == "A"
    assert ok("audit", "verify")["broken"] == []


def test_files_are_imported_and_the_nightly_run_goes_over_them(command_line: Dunning, tmp_path: Path) -> None:
    ok = command_line.ok
    cases, money = tmp_path / "cases.csv", tmp_path / "money.csv"
    cases.write_text(CASES_CSV)
    money.write_text(
        "reference,date,amount\n"
        + "".join(f"L-{n},2025-01-03,{50 + n}.00\n" for n in range(40))
        + "Z,2025-01-03,1.00\n"
    )
    assert ok("import-cases", str(cases))["added"] == 60
    assert ok("import-cases", str(cases))["added"] == 0
    done = ok("import-payments", str(money))
    assert (done["matched"], done["unmatched"]) == (40, 1)
    assert ok("import-payments", str(money))["duplicate"] == 41
    night = ("--now", "2025-06-20T03:00:00+08:00")
    first = ok("check-overdue", *night)
    assert (first["changed"], first["failed"]) == (60, [])
    assert ok("check-overdue", *night)["changed"] == 0
    for sort in ("next_action", "overdue", "balance", "reference"):
        assert len(ok("list-cases", "--sort", sort, "--limit", "7", *night)) == 7
    named = ok("list-cases", "--debtor", "Debtor 5", "--limit", "0")
    assert {row["reference"] for row in named} == {"L-5", *(f"L-{n}" for n in range(50, 60))}
    assert len(ok("worklist", "--limit", "5", "--now", "2025-01-07T10:00:00+08:00")) == 5
    checked = ok("audit", "verify")
    assert (checked["cases"], checked["broken"], checked["projection_differs"]) == (60, [], [])


def test_two_writers_on_one_case_lose_nothing(citus: Database) -> None:
    a_filed_case(a_desk(citus))
    left = count(1)

    def decide(case: Case, policy: Policy, now: Now) -> Decision:
        if next(left) <= 2:
            note(a_desk(citus, actor="wang"), str(case.case_id), "the other was first")
        return notes.note(case, policy, now, f"written after entry {case.seq}")

    assert [e.seq for e in a_desk(citus).change("1", decide).entries] == [4]

    def write(number: int) -> None:
        note(a_desk(citus, store=citus.store()), "1", f"number {number}")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(12)))
    with citus.store().reading() as tx:
        assert len(tx.cases.journal(1)) == 4 + 12


# --- a worker is lost -------------------------------------------------------------------------------------------------


@contextmanager
def _lost(cluster: Citus, database: Database) -> Iterator[str]:
    """For this database, one of the workers is where nobody answers."""
    host, port = cluster.workers[-1]
    with cluster.elsewhere(database, {(host, port): (host, 1)}):
        yield f"{host}:1"


def _on(database: Database, port: int) -> set[int]:
    """The cases that lie on a worker."""
    placed = "SELECT get_shard_id_for_distribution_column('cases', :case)"
    nodes: dict[int, int] = dict(
        database.sql("SELECT shardid, nodeport FROM citus_shards WHERE table_name = 'cases'::regclass")
    )
    cases = [number for (number,) in database.sql("SELECT case_id FROM cases")]
    return {number for number in cases if nodes[database.value(placed, case=number)] == port}


@pytest.mark.parametrize("number", [pytest.param(8, id="few"), pytest.param(45, id="many")])
def test_the_nightly_run_goes_on_without_a_worker_and_does_the_rest_next_time(
    citus: Database, cluster: Citus, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    monkeypatch.setattr("dunning_cli.services.review.BATCH", 30)
    for _ in range(number):
        a_filed_plan(a_desk(citus), first="2025-02-01", installments=1)
    there = _on(citus, cluster.workers[-1][1])
    assert there
    assert len(there) < number
    close_connections()
    with _lost(cluster, citus) as worker:
        done = check_overdue(a_desk(citus, "2025-02-06", store=citus.store()))
        close_connections()
    assert (done.reviewed, done.changed) == (number - len(there), number - len(there))
    assert [each["case"] for each in done.failed] == [None]
    assert worker in str(done.failed[0]["error"])
    done = check_overdue(a_desk(citus, "2025-02-06", store=citus.store()))
    assert (done.changed, done.failed) == (len(there), [])
    assert check_overdue(a_desk(citus, "2025-02-06")).changed == 0


def test_a_case_of_another_worker_is_written_and_one_of_the_lost_is_said_to_be(citus: Database, cluster: Citus) -> None:
    for _ in range(8):
        a_filed_case(a_desk(citus))
    there = _on(citus, cluster.workers[-1][1])
    close_connections()
    with _lost(cluster, citus):
        store = citus.store()
        for case in range(1, 9):
            if case not in there:
                with store.reading() as tx:
                    assert tx.cases.load(case).case.case_id == case
                continue
            with (
                pytest.raises(WorkerLostError, match="cannot reach one of its workers") as found,
                store.reading() as tx,
            ):
                tx.cases.load(case)
            assert found.value.exit_code == 7
        close_connections()


def test_the_answer_of_such_a_run(command_line: Dunning, citus: Database, cluster: Citus) -> None:
    for _ in range(8):
        a_filed_plan(a_desk(citus), first="2025-02-01", installments=1)
    close_connections()
    with _lost(cluster, citus) as worker:
        answer = command_line("check-overdue", "--json", "--now", "2025-02-06T03:00:00+08:00")
        plain = command_line("check-overdue", "--now", "2025-02-06T03:00:00+08:00")
        close_connections()
    assert (answer.code, plain.code) == (9, 9)
    assert [each["case"] for each in json.loads(answer.out)["failed"]] == [None]
    assert worker in plain.err
    assert "None" not in plain.err
