"""A key makes a retry safe: the same command twice is done once, and answered alike to the byte."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from dunning_cli.cli.root import COMMANDS, tree
from dunning_cli.domain.debtors import Details
from dunning_cli.services import casework
from dunning_cli.services.debtors import edit_debtor
from dunning_cli.services.desk import Changed, Desk
from dunning_cli.services.payments import record_payment
from dunning_cli.services.review import check_overdue
from dunning_cli.store.cases import Cases
from tests.cli.runner import Dunning
from tests.store.databases import Database
from tests.store.desks import a_desk, a_filed_case, a_filed_plan

ADD = ("add-case", "--creditor", "Acme", "--principal", "100.00", "--due", "2024-12-01")
OPENED = (*ADD, "--debtor", "Wang Fang", "--reference", "L", "--phone", "13800138000")
REACHED = ("log-contact", "L", "--channel", "call", "--outcome", "conversation")
FINAL = ("log-contact", "L", "--channel", "letter", "--outcome", "sent", "--purpose", "final_demand")
PROPOSED = ("propose-plan", "L", "--installments", "1", "--first", "2025-01-10")
CHARGE = ("add-charge", "L", "25.00", "--kind", "fee", "--why", "reminder")
PAID = ("record-payment", "L", "30.00", "--reference", "P")

SECOND = (*ADD, "--debtor", "Wang F.", "--reference", "M")
PARTY = ("add-party", "L", "--role", "guarantor", "--name", "Li Na")

STEPS = 'name = "steps"\npreset = "sequential"'
LEVELED = (*ADD, "--debtor", "Li Na", "--reference", "N", "--policy", "steps")
RUN = ("check-overdue",)

STATEMENT = ":20:X\n:25:1\n:60F:C250101CNY0,\n:61:250102C30,NTRFNONREF//P\n:86:?\n:62F:C250102CNY30,\n"
WAITS = ("import-payments", "statement.sta")

# Each writing command, with what has to happen before it.
WRITING: dict[str, tuple[list[tuple[str, ...]], tuple[str, ...]]] = {
    "add-case": ([], (*OPENED, "--hold", "dispute")),
    "note": ([], ("note", "L", "Called back")),
    "assign-case": ([], ("assign-case", "L", "wang")),
    "hold-case": ([], ("hold-case", "L", "--reason", "dispute", "--until", "2025-03-01")),
    "release-case": ([("hold-case", "L", "--reason", "dispute")], ("release-case", "L")),
    "close-case": ([PAID], ("close-case", "L", "--as", "settled", "--why", "agreed")),
    "reopen-case": ([("close-case", "L", "--as", "written-off")], ("reopen-case", "L", "--why", "found again")),
    "void": ([PAID], ("void", "L", "2", "--why", "another case")),
    "edit-debtor": ([], ("edit-debtor", "1", "--email", "w@example.com", "--invalid", "13800138000")),
    "merge-debtors": ([SECOND], ("merge-debtors", "1", "2", "--why", "one person")),
    "split-debtor": ([SECOND, ("merge-debtors", "1", "2")], ("split-debtor", "2", "--why", "two after all")),
    "add-party": ([], (*PARTY, "--phone", "+86 13900139000", "--language", "zh")),
    "end-party": ([PARTY], ("end-party", "L", "2", "--why", "given back")),
    "log-contact": ([], (*REACHED, "--willingness", "high", "--ability", "low", "--note", "lost the job")),
    "send-notice": (
        [("policy", "load", "steps.toml"), LEVELED, ("edit-debtor", "2", "--email", "w@example.com"), RUN],
        ("send-notice", "--debtor", "2", "--out", "letter.txt"),
    ),
    "log-fact": ([], ("log-fact", "L", "cease_notice", "--received", "2025-01-05")),
    "end-fact": (
        [("log-fact", "L", "moratorium", "--until", "2025-02-28")],
        ("end-fact", "L", "moratorium", "--why", "left"),
    ),
    "assess": ([], ("assess", "L", "--willingness", "high", "--ability", "low")),
    "propose-plan": ([REACHED], PROPOSED),
    "accept-plan": ([REACHED, PROPOSED], ("accept-plan", "L")),
    "decline-plan": ([REACHED, PROPOSED], ("decline-plan", "L", "--why", "too much")),
    "withdraw-plan": ([REACHED, PROPOSED], ("withdraw-plan", "L")),
    "record-payment": ([], (*PAID, "--on", "2025-01-03")),
    "spread-payment": ([], ("spread-payment", "1", "30.00", "--for", "L", "--reference", "P")),
    "reverse-payment": ([PAID], ("reverse-payment", "L", "P", "--why", "returned")),
    "refund": ([("record-payment", "L", "99999.00")], ("refund", "L", "9.00", "--why", "too much")),
    "add-charge": ([], CHARGE),
    "waive-charge": ([CHARGE], ("waive-charge", "L", "2", "--why", "goodwill")),
    "change-interest": ([], ("change-interest", "L", "--rate", "5")),
    "match-payment": ([WAITS], ("match-payment", "1", "L")),
    "check-overdue": ([REACHED, PROPOSED, ("accept-plan", "L")], ("check-overdue",)),
    "escalate": ([FINAL, FINAL, FINAL], ("escalate", "L", "--why", "enough")),
}
LATE = {"check-overdue": "2025-01-20", "escalate": "2025-02-20"}


def _takes_a_key() -> set[str]:
    root = tree()
    ctx: Any = None
    found = {name: root.get_command(ctx, name) for name in COMMANDS}
    return {name for name, command in found.items() if any(p.name == "key" for p in command.params)}


def test_every_command_that_takes_a_key_is_tried() -> None:
    assert _takes_a_key() == WRITING.keys()


@pytest.mark.parametrize("command", WRITING)
def test_the_same_key_twice_does_the_thing_once_and_answers_alike(
    dunning_on: Dunning, database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("statement.sta").write_text(STATEMENT, "utf-8")
    Path("steps.toml").write_text(STEPS, "utf-8")
    before, words = WRITING[command]
    now = LATE.get(command, "2025-01-06")
    if command != "add-case":
        dunning_on.ok(*OPENED)
    for each in before:
        dunning_on.ok(*each)
    first = dunning_on(*words, "--key", "K-1", "--json", now=now)
    assert first.code == 0, first.err
    done = database.dump()
    assert database.count("requests") == 1

    again = dunning_on(*words, "--json", "--key", "K-1", now=now)
    assert (again.code, again.out) == (0, first.out)
    assert database.dump() == done

    # Much later, after much has happened to the case, its debtor and its policy.
    (tmp_path / "strict.toml").write_text('name = "default"\n[contact]\nmax_days = 10\n[negotiation]\nmax_days = 9\n')
    dunning_on.ok("policy", "load", str(tmp_path / "strict.toml"), now="2025-03-01")
    dunning_on.ok("edit-debtor", "1", "--name", "Wang Fang-Li", "--phone", "13900139000", now="2025-03-01")
    dunning_on.ok("note", "L", "Something else", now="2025-03-01")
    dunning_on.ok("check-overdue", now="2025-03-02")
    later = database.dump()
    again = dunning_on(*words, "--key", "K-1", "--json", now="2025-06-01")
    assert (again.code, again.out) == (0, first.out)
    assert database.dump() == later


def test_a_command_that_changes_nothing_is_answered_alike_too(dunning_on: Dunning, database: Database) -> None:
    """Its answer is of the day on which it was given, not of the case's last entry."""
    dunning_on.ok(*OPENED)
    dunning_on.ok("assign-case", "L", "wang")
    words = ("assign-case", "L", "wang", "--key", "K-1", "--json")
    first = dunning_on(*words, now="2025-02-01")
    assert first.json["written"] == []
    assert first.json["as_of"] == "2025-02-01"
    assert dunning_on(*words, now="2025-03-01").out == first.out


def test_a_clock_that_went_back_is_answered_alike_too(dunning_on: Dunning) -> None:
    dunning_on.ok(*OPENED, now="2025-02-01")
    words = ("note", "L", "from yesterday", "--key", "K-1", "--json")
    first = dunning_on(*words, now="2025-01-31")
    assert first.json["as_of"] == "2025-01-31"
    assert dunning_on(*words, now="2025-03-01").out == first.out


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("note", "L", "another text"), id="other-arguments"),
        pytest.param(("note", "1", "a text"), id="the-same-case-by-its-number"),
        pytest.param(("assign-case", "L", "a text"), id="another-command"),
        pytest.param((*OPENED[:-4], "--reference", "M"), id="a-new-case"),
        pytest.param(("edit-debtor", "1", "--name", "W"), id="a-debtor"),
        pytest.param(("check-overdue",), id="the-nightly-run"),
    ],
)
def test_a_key_is_for_one_command(dunning_on: Dunning, database: Database, words: tuple[str, ...]) -> None:
    dunning_on.ok(*OPENED)
    dunning_on.ok("note", "L", "a text", "--key", "K-1")
    before = database.dump()
    error = dunning_on.fails(4, *words, "--key", "K-1")
    assert error["code"] == "key_reused"
    assert "K-1" in error["message"]
    assert database.dump() == before


def test_who_and_when_and_how_it_is_shown_are_no_part_of_a_command(dunning_on: Dunning, database: Database) -> None:
    dunning_on.ok(*OPENED)
    dunning_on.ok("note", "L", "a text", "--key", "K-1")
    before = database.dump()
    assert dunning_on("note", "L", "a text", "--key", "K-1", "--actor", "wang", "--lang", "zh").code == 0
    assert database.dump() == before


def test_a_command_that_was_refused_leaves_its_key_free(dunning_on: Dunning) -> None:
    dunning_on.ok(*OPENED)
    dunning_on.fails(4, "accept-plan", "L", "--key", "K-1")
    dunning_on.ok("note", "L", "a text", "--key", "K-1")


def test_a_reader_takes_no_key(dunning_on: Dunning) -> None:
    for words in (("list-cases",), ("show-case", "1"), ("timeline", "1"), ("audit", "verify"), ("stages",)):
        assert dunning_on(*words, "--key", "K-1").code == 2


# --- races ------------------------------------------------------------------------------------------------------------


def _at_once(work: Callable[[int], Any], times: int = 4) -> list[Any]:
    """The same work in several threads that begin together."""
    barrier = threading.Barrier(times)

    def begin(number: int) -> Any:
        barrier.wait()
        return work(number)

    with ThreadPoolExecutor(times) as pool:
        return list(pool.map(begin, range(times)))


def test_racing_for_a_key_writes_one_note(database: Database) -> None:
    a_filed_case(a_desk(database))
    desks = [a_desk(database, key="K") for _ in range(4)]
    done = _at_once(lambda number: casework.note(desks[number], "1", "once"))
    assert len({one.after.head for one in done}) == 1
    assert database.sql("SELECT seq, kind FROM entries ORDER BY seq") == [(1, "case_opened"), (2, "noted")]


def test_racing_for_a_key_opens_one_case(database: Database) -> None:
    desks = [a_desk(database, key="K") for _ in range(4)]
    done = _at_once(lambda number: a_filed_case(desks[number]))
    assert {one.after.case.case_id for one in done} == {1}
    assert (database.count("cases"), database.count("debtors")) == (1, 1)


@pytest.mark.parametrize(
    ("act", "reads"),
    [
        pytest.param(lambda desk: record_payment(desk, "1", "5.00", reference="P"), "load", id="record-payment"),
        pytest.param(lambda desk: a_filed_case(desk, reference="L"), "by_creditor", id="add-case"),
    ],
)
def test_the_same_key_that_was_quicker_is_no_reason_to_refuse(
    postgres: Database, monkeypatch: pytest.MonkeyPatch, act: Callable[[Desk], Changed], reads: str
) -> None:
    """It comes between the question what the key has done and what is read next, which a server lets happen."""
    a_filed_case(a_desk(postgres))
    plain = getattr(Cases, reads)
    quicker: list[Changed] = []

    def read(*given: Any) -> Any:
        monkeypatch.setattr(Cases, reads, plain)
        quicker.append(act(a_desk(postgres, key="K")))
        return plain(*given)

    monkeypatch.setattr(Cases, reads, read)
    slower = act(a_desk(postgres, key="K"))
    assert [slower] == quicker
    assert postgres.count("requests") == 1


def test_racing_for_a_key_edits_a_debtor_once(database: Database) -> None:
    a_filed_case(a_desk(database))
    desks = [a_desk(database, key="K") for _ in range(4)]
    done = _at_once(lambda number: edit_debtor(desks[number], 1, Details(phones=("110 110",)), ()))
    assert len({one.head for one in done}) == 1
    assert database.count("debtor_entries") == 2


def test_racing_for_a_key_runs_the_nightly_run_and_answers_alike(database: Database) -> None:
    a_filed_plan(a_desk(database), first="2025-01-10", installments=1)
    desks = [a_desk(database, "2025-02-01", key="K") for _ in range(3)]
    done = _at_once(lambda number: check_overdue(desks[number]), 3)
    assert done[0] == done[1] == done[2]
    assert database.count("requests") == 1
