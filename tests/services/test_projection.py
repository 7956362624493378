"""The rows are what the journal tells, whatever happened, and the nightly run leaves nothing to do."""

from __future__ import annotations

import pytest
from hypothesis import given

from dunning_cli.domain import cases as case_of
from dunning_cli.domain.review import next_action, review
from dunning_cli.services.review import check_overdue
from tests.services.played import STORIES, Story, on_one_database, play
from tests.store.databases import Database
from tests.store.desks import a_desk, a_filed_plan


@on_one_database(0.5)
@given(story=STORIES)
def test_a_row_is_the_fold_of_its_journal(sqlite: Database, story: Story) -> None:
    _check(sqlite, story)


@on_one_database(0.1)
@given(story=STORIES)
def test_on_a_server_as_well(postgres: Database, story: Story) -> None:
    _check(postgres, story)


def _check(database: Database, story: Story) -> None:
    store = database.store()
    played = play(story, database, store)
    with store.reading() as tx:
        filed = tx.cases.load(1)
        folded = case_of.fold(1, tx.cases.journal(1))
        policy = tx.policies.get("played")
    assert filed.case == folded
    assert filed.next_action == next_action(folded, policy)
    report = database.verify()
    assert report.sound, report

    done = check_overdue(played.desk)
    assert done.failed == []
    with store.reading() as tx:
        filed = tx.cases.load(1)
    assert review(filed.case, policy, played.now).entries == []
    assert filed.next_action is None or filed.next_action.on > played.today
    before = database.dump()
    again = check_overdue(played.desk)
    assert (again.reviewed, again.changed) == (0, 0)
    assert database.dump() == before


@pytest.mark.parametrize("field", ["next_action_on", "balance", "stage", "state"])
@pytest.mark.breaks_the_journal
def test_the_property_would_notice(sqlite: Database, field: str) -> None:
    """That a wrong row is noticed is not taken for granted."""
    a_filed_plan(a_desk(sqlite))
    wrong = {"next_action_on": "'2025-02-04'", "balance": "99", "stage": "'legal'", "state": "REPLACE(state, '5', '6')"}
    sqlite.sql(f"UPDATE cases SET {field} = {wrong[field]}")
    assert not sqlite.verify().sound
