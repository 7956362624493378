"""Many processes on the same few cases at once: what was acknowledged is in the journal once, and nothing else is."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from dunning_cli.domain.entries import InstallmentMissed, PlanExpired
from dunning_cli.domain.journal import Record
from dunning_cli.store.session import TRIES
from tests.builders import a_contact, an_opening
from tests.cli.runner import Answer, environment
from tests.store.databases import Database

from .processes import Starter
from .worlds import a_desk

Lines = list[dict[str, Any]]
Journals = dict[int, list[Record]]

_CASES = [1, 2, 3, 4]
_TAGGED = ("contact", "payment", "note", "by_program")  # what they write bears the command's own tag


def _prepare(database: Database) -> None:
    """A few cases whose debtors were reached, so that plans can be proposed."""
    from dunning_cli.domain.debtors import Details
    from dunning_cli.services.cases import add_case
    from dunning_cli.services.contacts import log_contact

    for number in _CASES:
        desk = a_desk(database)
        opened = an_opening(owed="1000000.00 CNY", debtor_id=0, reference=f"LOAN-{number}")
        add_case(desk, opened, Details(f"Debtor {number}"))
        log_contact(desk, str(number), a_contact())


def _read(database: Database) -> Journals:
    with database.store().reading() as tx:
        return dict(tx.cases.everything())


def _lines(answer: Answer) -> Lines:
    assert answer.code == 0, answer.err
    found = [json.loads(line) for line in answer.out.splitlines()]
    assert "ended" in found[-1]
    return found


def test_many_hands(
    database: Database, request: pytest.FixtureRequest, starter: Starter, full: bool, note: Callable[..., None]
) -> None:
    hands, commands = (16, 400) if full else (4, 20)
    _prepare(database)
    before = _read(database)

    env = environment(request.getfixturevalue("home"), database.url)
    over = request.getfixturevalue("tmp_path") / "over"
    started = time.monotonic()
    given: dict[str, Any] = {"url": database.url, "begun": time.time()}
    collectors = [
        starter.start("collect", env, actor=f"hand-{n}", commands=commands, seed=n, among=_CASES, **given)
        for n in range(hands)
    ]
    nights = [starter.start("sweep", env, actor=f"night-{n}", batch=2, until=str(over), **given) for n in range(2)]
    acts = [line for child in collectors for line in _lines(child.wait(900 if full else 120))]
    over.touch()
    runs = [line for child in nights for line in _lines(child.wait())]
    seconds = time.monotonic() - started

    after = _read(database)
    _nothing_lost_and_nothing_more(before, after, acts)
    _runs_did_what_they_said(after, runs)
    _decided_once(database)
    assert database.verify().sound

    ends = [line for line in (*acts, *runs) if "ended" in line]
    done = [line for line in acts if "act" in line]
    swept = [line for line in runs if "swept" in line]
    codes = Counter(line["code"] for line in done)
    assert codes.keys() <= {0, 4, 7}, [line for line in done if line["code"] not in (0, 4, 7)]
    gave_up = [line["said"] for line in (*done, *swept) if line.get("code") == 7]
    assert all("gave up after" in said or "is locked by another program" in said for said in gave_up), gave_up
    assert max(line["most"] for line in ends) <= TRIES
    by_program = [line for line in done if line["act"] == "by_program"]
    assert by_program
    note(
        "many hands",
        {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[database.engine.dialect.name],
        collectors=hands,
        seconds=round(seconds),
        commands=len(done),
        acknowledged=codes[0],
        refused=codes[4],
        **{"gave up (7)": len(gave_up)},
        retries=sum(max(0, line["tries"] - line["calls"]) for line in ends),  # one that only waited tried nothing
        **{"most tries": max(line["most"] for line in ends)},
        **{"longest, s": round(max(line.get("seconds", 0) for line in (*done, *swept)), 1)},
        sweeps=len(swept),
        **{"their entries": sum(sum(line["entries"].values()) for line in swept if line["swept"])},
        **{"by the program": len(by_program)},
        entries=sum(map(len, after.values())),
    )


def _nothing_lost_and_nothing_more(before: Journals, after: Journals, acts: Lines) -> None:
    """Each acknowledged command's entries stand there as it said; no entry of a collector stands there without one."""
    acknowledged: dict[tuple[int, int], dict[str, Any]] = {}
    for line in acts:
        if line.get("code") != 0 or not line["written"]:
            continue
        journal = after[line["case"]]
        assert [[journal[seq - 1].seq, journal[seq - 1].kind] for seq, _ in line["written"]] == line["written"]
        last = journal[line["written"][-1][0] - 1]
        assert last.digest == line["head"]
        said = journal[line["written"][0][0] - 1]
        assert line["act"] not in _TAGGED or f'"{line["tag"]}"' in said.data + (said.private or ""), line
        for seq, _ in line["written"]:
            other = acknowledged.setdefault((line["case"], seq), line)
            assert other is line or line["key"] == other["key"], f"two commands claim one entry: {other}, {line}"
    _once_in_a_round(acts)
    theirs = {
        (case, record.seq)
        for case, records in after.items()
        for record in records[len(before.get(case, ())) :]
        if record.actor.startswith("hand-")
    }
    assert theirs == acknowledged.keys()
    texts = "\n".join(record.data + (record.private or "") for records in after.values() for record in records)
    unsaid = [line["tag"] for line in acts if line.get("code") and line["act"] in _TAGGED]
    assert not [tag for tag in unsaid if f'"{tag}"' in texts]


def _once_in_a_round(acts: Lines) -> None:
    """A key that many use at once answers all of them alike; a reference that many open at once is opened by one."""
    paid: dict[str, list[Any]] = {}
    for line in acts:
        if line.get("act") == "same_payment" and line["code"] != 7:
            assert line["code"] == 0, line
            assert paid.setdefault(line["key"], line["written"]) == line["written"]
    opened = Counter(line["case"] for line in acts if line.get("act") == "same_case" and line["code"] == 0)
    assert opened
    assert set(opened.values()) == {1}
    refused = {line["said"].split("'")[1] for line in acts if line.get("act") == "same_case" and line["code"] == 4}
    assert len(refused) <= len(opened)


def _runs_did_what_they_said(after: Journals, runs: Lines) -> None:
    """The entries of the nightly runs are those that their answers counted."""
    written = Counter(
        record.kind for records in after.values() for record in records if record.actor.startswith("night-")
    )
    said: Counter[str] = Counter()
    for line in runs:
        if line.get("swept"):
            said.update(line["entries"])
            assert all("other writers changed it each time" in failed["error"] for failed in line["failed"])
    if all(line.get("swept", True) for line in runs):
        assert written == said
    else:  # a run that gave up has said nothing of the batches before
        assert said <= written


def _decided_once(database: Database) -> None:
    """No run missed an installment, or let a proposal expire, that another had already dealt with."""
    with database.store().reading() as tx:
        for case, _, _ in tx.cases.heads():
            entries = [entry.what for entry in tx.cases.journal(case)]
            missed = Counter((what.plan, what.number) for what in entries if isinstance(what, InstallmentMissed))
            expired = Counter(what.number for what in entries if isinstance(what, PlanExpired))
            assert not [each for each, times in (missed + expired).items() if times > 1]
