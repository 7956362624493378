"""The nightly run: late or in time, in part or as a rehearsal, beside bad rows and new policies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from dunning_cli.domain.cases import Decision
from dunning_cli.domain.days import Clock
from dunning_cli.domain.entries import HoldReason, PolicyChanged
from dunning_cli.domain.policies import plain_defaults, policy_of
from dunning_cli.domain.views import SweepSummary
from dunning_cli.errors import RefusedError, UsageError
from dunning_cli.services import casework, payments
from dunning_cli.services import review as service
from dunning_cli.services.cases import show_case, timeline
from dunning_cli.services.review import check_overdue
from tests.builders import a_case, a_now, a_story, day, plain_policy
from tests.store.databases import Database, Templates
from tests.store.desks import a_desk, a_filed_case, a_filed_plan

BROKEN = ["installment_missed", "installment_missed", "plan_broken", "stage_moved"]


def _kinds(database: Database, case: int = 1, after: int = 0) -> list[str]:
    with database.store().reading() as tx:
        return [e.what.kind for e in tx.cases.journal(case) if e.seq > after]


def _load(database: Database, **overrides: Any) -> None:
    plain = plain_policy(**overrides)
    database.store().writing(lambda tx: tx.policies.add(plain, "2025-01-06T04:00:00.000000Z", "li"))


# --- late, again, and not yet -----------------------------------------------------------------------------------------


def test_a_late_run_writes_all_at_once_and_the_next_writes_nothing(database: Database) -> None:
    """Two installments were missed, which breaks the plan, which moves the case: one run says it all."""
    a_filed_plan(a_desk(database), first="2025-02-01")
    done = check_overdue(a_desk(database, "2025-03-10"))
    assert (done.as_of, done.reviewed, done.changed, done.failed) == (day("2025-03-10"), 1, 1, [])
    assert done.entries == {"installment_missed": 2, "plan_broken": 1, "stage_moved": 1}
    assert done.moved == {"monitoring>negotiation": 1}
    assert _kinds(database, after=6) == BROKEN
    before = database.dump()
    again = check_overdue(a_desk(database, "2025-03-10"))
    assert (again.reviewed, again.changed, again.entries, again.moved) == (0, 0, {}, {})
    assert database.dump() == before


def test_what_a_late_run_finds_is_of_the_day_of_the_run(database: Database) -> None:
    a_filed_plan(a_desk(database), first="2025-02-01")
    check_overdue(a_desk(database, "2025-03-10"))
    _, rows = timeline(a_desk(database, "2025-03-10"), "1")
    written = rows[6:]
    assert {row.entry.effective_on for row in written} == {day("2025-03-10")}
    assert [row.entry.what.rule_day for row in written[:2]] == [day("2025-02-05"), day("2025-03-05")]


def test_daily_runs_write_each_thing_on_its_day(database: Database) -> None:
    a_filed_plan(a_desk(database), first="2025-02-01")
    store = database.store()
    wrote = {}
    for on in ("2025-02-04", "2025-02-05", "2025-02-06", "2025-03-04", "2025-03-05", "2025-03-06"):
        wrote[on] = dict(check_overdue(a_desk(database, on, store=store)).entries)
    assert wrote == {
        "2025-02-04": {},
        "2025-02-05": {"installment_missed": 1},
        "2025-02-06": {},
        "2025-03-04": {},
        "2025-03-05": {"installment_missed": 1, "plan_broken": 1, "stage_moved": 1},
        "2025-03-06": {},
    }


def test_nothing_at_all_is_due_on_an_empty_database(database: Database) -> None:
    done = check_overdue(a_desk(database))
    assert (done.reviewed, done.changed, done.failed) == (0, 0, [])


def test_a_run_for_an_earlier_day_goes_by_that_day(database: Database) -> None:
    """Catching up: what was due on the 10th of February, and no more, is found."""
    a_filed_plan(a_desk(database), first="2025-02-01")
    done = check_overdue(a_desk(database, "2025-03-10"), as_of=day("2025-02-10"))
    assert (done.as_of, dict(done.entries)) == (day("2025-02-10"), {"installment_missed": 1})
    done = check_overdue(a_desk(database, "2025-03-10"))
    assert done.entries == {"installment_missed": 1, "plan_broken": 1, "stage_moved": 1}
    assert _kinds(database, after=6) == BROKEN


def test_a_day_to_come_is_for_rehearsals(database: Database) -> None:
    a_filed_plan(a_desk(database), first="2025-02-01")
    before = database.dump()
    with pytest.raises(UsageError, match="still to come") as found:
        check_overdue(a_desk(database), as_of=day("2025-03-10"))
    assert found.value.exit_code == 2
    done = check_overdue(a_desk(database), as_of=day("2025-03-10"), dry_run=True)
    assert done.entries == {"installment_missed": 2, "plan_broken": 1, "stage_moved": 1}
    assert database.dump() == before


def test_a_rehearsal_says_what_the_run_then_does_and_writes_nothing(ledger: Database) -> None:
    before = ledger.dump()
    rehearsal = check_overdue(a_desk(ledger, "2025-03-20"), dry_run=True)
    assert ledger.dump() == before
    run = check_overdue(a_desk(ledger, "2025-03-20"))
    rehearsal.seconds = run.seconds
    assert run == rehearsal
    assert run.changed > 3


def test_a_clock_that_was_set_can_be_refused(database: Database) -> None:
    a_filed_plan(a_desk(database))
    desk = a_desk(database, "2025-03-10", clock=Clock.SET, set_clock="refuse")
    before = database.dump()
    with pytest.raises(RefusedError, match="clock"):
        check_overdue(desk)
    check_overdue(desk, dry_run=True)
    assert database.dump() == before


# --- a part of it -----------------------------------------------------------------------------------------------------


def six_plans(database: Database) -> None:
    for _ in range(6):
        a_filed_plan(a_desk(database), first="2025-02-01", installments=1)


@pytest.mark.parametrize("batch", [1, 2, 1000])
@pytest.mark.parametrize("limit", [1, 5, 6, 7])
def test_a_limit_is_kept_whatever_the_batches(
    templates: Templates, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: int, batch: int
) -> None:
    monkeypatch.setattr(service, "BATCH", batch)
    told: list[tuple[int, int]] = []
    with templates.copy("sqlite", tmp_path, six_plans) as database:
        desk = a_desk(database, "2025-02-10")
        done = check_overdue(desk, limit=limit, progress=lambda *given: told.append(given))
        assert done.reviewed == done.changed == min(limit, 6)
        assert told[-1] == (min(limit, 6), min(limit, 6))
        assert [reviewed for reviewed, _ in told] == sorted({reviewed for reviewed, _ in told})
        rest = check_overdue(desk)
        assert rest.changed == 6 - min(limit, 6)
        assert database.verify().sound


# --- rows that cannot be reviewed -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "state",
    [
        pytest.param("not json", id="no-json"),
        pytest.param("{}", id="nothing-in-it"),
        pytest.param("null", id="null"),
        pytest.param("[1]", id="a-list"),
    ],
)
@pytest.mark.breaks_the_journal
def test_one_bad_row_does_not_stop_the_others(database: Database, state: str) -> None:
    store = database.store()
    for _ in range(3):
        a_filed_plan(a_desk(database, store=store), first="2025-02-01", installments=1)
    database.sql("UPDATE cases SET state = :state WHERE case_id = 2", state=state)
    done = check_overdue(a_desk(database, "2025-02-10", store=store))
    assert (done.reviewed, done.changed) == (3, 2)
    assert [one["case"] for one in done.failed] == [2]
    assert "dunning audit verify" in done.failed[0]["error"]
    again = check_overdue(a_desk(database, "2025-02-10", store=store))
    assert (again.reviewed, again.changed, len(again.failed)) == (1, 0, 1)


@pytest.mark.breaks_the_journal
def test_a_row_that_leads_nowhere_does_not_stop_the_others(database: Database) -> None:
    """Its state can be read, and reviewed; but no next day follows from it: it holds until the end of time."""
    store = database.store()
    for _ in range(3):
        a_filed_plan(a_desk(database, store=store), first="2025-02-01", installments=1)
    casework.hold_case(a_desk(database, store=store), "2", HoldReason.DISPUTE, day("2025-02-05"))
    database.sql("UPDATE cases SET state = REPLACE(state, '2025-02-05', '9999-12-31') WHERE case_id = 2")
    done = check_overdue(a_desk(database, "2025-02-10", store=store))
    assert done.changed == 2
    assert {one["case"] for one in done.failed} <= {2}


@pytest.mark.breaks_the_journal
def test_a_case_under_a_policy_that_is_gone_is_listed(database: Database) -> None:
    _load(database, name="strict", contact={"max_days": 5})
    a_filed_case(a_desk(database), policy="strict")
    a_filed_plan(a_desk(database), first="2025-02-01", installments=1)
    database.sql("DELETE FROM policies")
    done = check_overdue(a_desk(database, "2025-02-10"))
    assert done.changed == 1
    assert done.failed == [{"case": 1, "error": "There is no policy 'strict'."}]


# --- policies and holds -----------------------------------------------------------------------------------------------


def test_a_new_policy_reviews_what_was_worked_out_under_the_old_one(database: Database) -> None:
    """Sixty days in contact were allowed; from now on it is ten."""
    a_filed_case(a_desk(database))
    a_filed_plan(a_desk(database), first="2025-03-01")
    assert check_overdue(a_desk(database, "2025-01-20")).reviewed == 0
    _load(database, contact={"max_days": 10})
    done = check_overdue(a_desk(database, "2025-01-20"))
    assert (done.reviewed, dict(done.entries)) == (2, {"policy_changed": 2, "escalation_due": 1})
    assert _kinds(database)[-2:] == ["policy_changed", "escalation_due"]
    assert check_overdue(a_desk(database, "2025-01-20")).reviewed == 0
    assert show_case(a_desk(database, "2025-01-20"), "2").next_action is not None


def test_a_new_policy_without_consequences_is_noted_once(database: Database) -> None:
    """The row learns the new day, and the journal from which version to which; the next run writes nothing."""
    a_filed_case(a_desk(database))
    _load(database, contact={"max_days": 90})
    done = check_overdue(a_desk(database))
    assert (done.reviewed, dict(done.entries)) == (1, {"policy_changed": 1})
    view = show_case(a_desk(database), "1")
    assert view.next_action
    assert view.next_action.on == day("2025-04-06")
    _, rows = timeline(a_desk(database), "1")
    assert rows[-1].entry.what == PolicyChanged("default@0", "default@1", "version")
    before = database.dump()
    assert check_overdue(a_desk(database)).reviewed == 0
    assert database.dump() == before
    assert database.verify().sound


def test_two_versions_between_two_runs_are_one_step(database: Database) -> None:
    a_filed_case(a_desk(database))
    _load(database, contact={"max_days": 90})
    _load(database, contact={"max_days": 80})
    check_overdue(a_desk(database))
    _, rows = timeline(a_desk(database), "1")
    assert [row.entry.what for row in rows[1:]] == [PolicyChanged("default@0", "default@2", "version")]


def test_what_a_collector_does_before_the_night_notes_it_already(database: Database) -> None:
    """It is decided by the new version, and says so first; the night has nothing left to say."""
    a_filed_case(a_desk(database))
    a_filed_case(a_desk(database))
    _load(database, contact={"max_days": 90})
    casework.note(a_desk(database), "1", "called back")
    payments.record_payment(a_desk(database), "2", "5.00")
    assert _kinds(database, 1) == ["case_opened", "policy_changed", "noted"]
    assert _kinds(database, 2) == ["case_opened", "policy_changed", "payment_received"]
    assert check_overdue(a_desk(database)).changed == 0
    assert database.verify().sound


@pytest.mark.breaks_the_journal
def test_a_case_whose_journal_does_not_tell_its_version_is_noted_by_what_its_row_says(database: Database) -> None:
    """Cases from before: neither the entry that opened them nor the row names a version, but the row has its digest."""
    store = database.store()
    case = a_case(policy=policy_of(plain_defaults(), 0))
    first = next(iter(a_story(policy=policy_of(plain_defaults(), 0)).entries))
    untold = Decision(replace(case, case_id=1, version=None), policy_of(plain_defaults(), 0), a_now())
    untold.entries.append(first._replace(what=replace(first.what, policy_version=None)))
    a_filed_case(a_desk(database, store=store))  # for its debtor and its number
    database.sql("DELETE FROM entries")
    database.sql("DELETE FROM cases")
    store.writing(lambda tx: tx.cases.insert(untold))
    assert database.verify().sound
    _load(database, contact={"max_days": 90})
    assert dict(check_overdue(a_desk(database)).entries) == {"policy_changed": 1}
    _, rows = timeline(a_desk(database), "1")
    assert rows[-1].entry.what == PolicyChanged("default@0", "default@1", "version")
    assert check_overdue(a_desk(database)).reviewed == 0
    assert database.verify().sound


def test_a_limit_counts_what_a_policy_brings_up_as_well(database: Database) -> None:
    store = database.store()
    for _ in range(3):
        a_filed_case(a_desk(database, store=store))
    _load(database, contact={"max_days": 10})
    done = check_overdue(a_desk(database, "2025-01-10", store=store), limit=2)
    assert done.reviewed == 2
    assert check_overdue(a_desk(database, "2025-01-10", store=store), limit=2).reviewed == 1


def test_another_policy_s_new_version_leaves_a_case_alone(database: Database) -> None:
    a_filed_case(a_desk(database))
    _load(database, name="strict", contact={"max_days": 1})
    assert check_overdue(a_desk(database, "2025-01-20")).reviewed == 0


def test_a_hold_ends_on_the_day_after_its_last(database: Database) -> None:
    a_filed_plan(a_desk(database), first="2025-02-01", installments=1)
    casework.hold_case(a_desk(database), "1", HoldReason.DISPUTE, day("2025-02-20"))
    assert check_overdue(a_desk(database, "2025-02-20")).changed == 0
    done = check_overdue(a_desk(database, "2025-02-21"))
    assert dict(done.entries) == {"released": 1, "installment_missed": 1, "plan_broken": 1, "stage_moved": 1}


def test_an_open_hold_keeps_a_case_asleep(database: Database) -> None:
    a_filed_plan(a_desk(database), first="2025-02-01", installments=1)
    casework.hold_case(a_desk(database), "1", HoldReason.INSOLVENCY, None)
    assert check_overdue(a_desk(database, "2030-01-01")).reviewed == 0


def test_a_closed_case_is_left_alone_even_under_a_new_policy(database: Database) -> None:
    a_filed_case(a_desk(database), owed="50.00 CNY")
    payments.record_payment(a_desk(database), "1", "50.00")
    _load(database, contact={"max_days": 1})
    assert check_overdue(a_desk(database, "2030-01-01")).reviewed == 0


def test_two_policies_are_each_followed(database: Database) -> None:
    _load(database, name="strict", contact={"max_days": 5})
    a_filed_case(a_desk(database), policy="strict")
    a_filed_case(a_desk(database))
    done = check_overdue(a_desk(database, "2025-01-15"))
    assert dict(done.entries) == {"escalation_due": 1}
    assert _kinds(database, 1)[-1] == "escalation_due"
    assert _kinds(database, 2) == ["case_opened"]


def test_an_empty_summary_says_nothing() -> None:
    assert SweepSummary(day("2025-01-06")) == SweepSummary(day("2025-01-06"), 0, 0)
