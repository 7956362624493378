"""audit verify in several processes finds what one finds, whatever becomes of them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

import pytest

from dunning_cli.domain.views import AuditReport
from dunning_cli.services import audit as service
from dunning_cli.services.audit import heads, verify
from dunning_cli.services.processes import SAFE
from tests.store.databases import Database, counted, filled
from tests.store.desks import a_desk, a_filed_case, a_filed_plan

pytestmark = [
    pytest.mark.breaks_the_journal,
    pytest.mark.skipif(not SAFE, reason="processes cannot be forked here"),
]

CASES = 9


def fill(database: Database) -> None:
    for number in range(CASES):
        (a_filed_plan if number % 2 else a_filed_case)(a_desk(database), reference=f"L-{number}")


audited = filled(fill)


@pytest.fixture(autouse=True)
def _large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dunning_cli.store.audit._MANY", 1)
    monkeypatch.setattr(service, "_TOLD", 2)


def both(database: Database, jobs: int = 3, head: str | None = None, case: str | None = None) -> AuditReport:
    """What several processes find, which is what one finds."""
    several = verify(a_desk(database, store=database.store()), head, case, jobs=jobs)
    assert counted(several) == counted(verify(a_desk(database), head, case, jobs=1))
    return several


@pytest.mark.parametrize("jobs", [2, 3, CASES, 4 * CASES])
def test_a_sound_database_is_counted_once(audited: Database, jobs: int) -> None:
    report = both(audited, jobs)
    assert report.sound
    assert (report.cases, report.debtors) == (CASES, CASES)
    assert report.entries == audited.count("entries") + audited.count("debtor_entries")


@pytest.mark.parametrize("number", range(1, CASES + 1))
def test_a_change_is_found_wherever_it_is(audited: Database, number: int) -> None:
    audited.sql("UPDATE entries SET actor = 'somebody else' WHERE case_id = :number AND seq = 1", number=number)
    audited.sql("UPDATE cases SET balance = balance + 1 WHERE case_id = :number", number=CASES + 1 - number)
    audited.sql("DELETE FROM debtor_entries WHERE debtor_id = :number", number=number)
    report = both(audited)
    assert {each["case"] for each in report.broken if "case" in each} == {number}
    assert {each["debtor"] for each in report.broken if "debtor" in each} == {number}
    assert [each["case"] for each in report.projection_differs] == [CASES + 1 - number]


def test_what_is_beyond_the_numbers_is_found(audited: Database) -> None:
    """Journals without a row, before the first number and after the last."""
    for number in (-5, 1000):
        audited.sql("UPDATE entries SET case_id = :to WHERE case_id = 1 AND seq = 1", to=number)
        assert number in {each["case"] for each in both(audited).broken}
        audited.sql("UPDATE entries SET case_id = 1 WHERE case_id = :to", to=number)
    assert both(audited).sound


def test_a_case_that_is_gone_is_found(audited: Database) -> None:
    for table in ("entries", "case_refs", "cases"):
        audited.sql(f"DELETE FROM {table} WHERE case_id = :number", number=CASES)
    assert "9 cases were numbered, 8 are there" in {each["what"] for each in both(audited).broken}


@pytest.mark.parametrize("number", [1, 5, CASES])
def test_a_noted_head_is_looked_for_in_its_share(audited: Database, number: int) -> None:
    noted = {case: head for case, _, head in heads(a_desk(audited))}
    assert both(audited, head=noted[number], case=str(number)).sound
    other = noted[number % CASES + 1]
    assert {each["case"] for each in both(audited, head=other, case=str(number)).broken} == {number}


def test_progress_only_grows_and_ends_with_all(audited: Database) -> None:
    seen: list[tuple[int, int]] = []
    report = verify(a_desk(audited), progress=lambda *told: seen.append(told), jobs=3)
    done = [each for each, _ in seen]
    assert done == sorted(done)
    assert len(done) > 3
    assert {total for _, total in seen} == {report.entries}
    assert done[-1] == report.entries


@pytest.mark.parametrize("which", ["_share", "_rest"])
def test_a_process_that_dies_leaves_the_work_to_the_one_that_asked(
    audited: Database, monkeypatch: pytest.MonkeyPatch, which: str
) -> None:
    audited.sql("UPDATE cases SET balance = balance + 1 WHERE case_id = 2")
    mine = os.getpid()

    def dies(*_: object) -> Iterator[Any]:
        assert os.getpid() != mine
        yield from ()
        os._exit(9)

    monkeypatch.setattr(service, which, dies)
    assert [each["case"] for each in verify(a_desk(audited), jobs=3).projection_differs] == [2]


def test_a_small_database_is_checked_by_one_process(audited: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dunning_cli.store.audit._MANY", CASES + 1)
    monkeypatch.setattr(service, "side_by_side", None)
    assert verify(a_desk(audited), jobs=3).sound
