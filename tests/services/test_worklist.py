"""The worklist on both databases: who stands on it, in which order, why, and that a debtor is taken only once."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

from dunning_cli.domain.days import Every
from dunning_cli.domain.debtors import Details
from dunning_cli.domain.entries import CaseOutcome, Channel, DebtType, HoldReason
from dunning_cli.domain.policies import LEVEL_DEFAULTS
from dunning_cli.domain.views import WorklistLine
from dunning_cli.errors import RefusedError
from dunning_cli.services import (
    casework,
    contacts,
    debtors,
    leases,
    merging,
    notices,
    payments,
    plans,
    policies,
    worklist,
)
from dunning_cli.services.plans import Terms
from dunning_cli.services.review import check_overdue
from dunning_cli.store.cases import Filter
from tests.builders import a_contact, day, plain_policy
from tests.cli.runner import Program
from tests.store.databases import Database
from tests.store.desks import a_desk, a_filed_case, a_filed_plan

MORNING = "2025-01-06T09:00"
NIGHT = "2025-01-06T23:00"
SHANGHAI = ("Asia/Shanghai",)


def a_debtor(database: Database, name: str, owed: str, **given: Any) -> int:
    """A case against a new debtor, opened on 6 January; answers its number."""
    details = Details(name, timezones=SHANGHAI)
    filed = a_filed_case(a_desk(database), details=details, owed=owed, **{"reference": name} | given)
    return filed.after.case.case_id


def listed(database: Database, when: str = MORNING, wanted: Filter | None = None, **given: Any) -> list[WorklistLine]:
    return worklist.worklist(a_desk(database, when), wanted or Filter(), **given).lines


def names(lines: list[WorklistLine]) -> list[str | None]:
    return [line.debtor.name for line in lines]


# --- order and reasons ------------------------------------------------------------------------------------------------


def test_the_greatest_worth_comes_first(database: Database) -> None:
    a_debtor(database, "Small", "100.00 CNY")
    a_debtor(database, "Great", "9000.00 CNY")
    a_debtor(database, "Old", "9000.00 CNY", due="2024-01-01")
    assert names(listed(database)) == ["Great", "Old", "Small"]
    assert names(listed(database, limit=1)) == ["Great"]


def test_a_debtor_stands_there_once_with_all_their_cases(database: Database) -> None:
    first = a_debtor(database, "Wang", "500.00 CNY")
    a_debtor(database, "Li", "700.00 CNY")
    owner = listed(database)[-1].debtor.debtor_id
    more = a_filed_case(a_desk(database), debtor_id=owner, details=Details(), owed="400.00 CNY", reference="more")
    found = listed(database)
    assert names(found) == ["Wang", "Li"]
    assert [each.view.case.case_id for each in found[0].cases] == [first, more.after.case.case_id]
    assert found[0].worth.total == sum(each.worth.total for each in found[0].cases) + 100


def test_merged_records_are_one_line(database: Database) -> None:
    a_debtor(database, "Wang", "500.00 CNY")
    a_debtor(database, "Wang F.", "700.00 CNY")
    merging.merge_debtors(a_desk(database), 1, 2)
    (found,) = listed(database)
    assert len(found.cases) == 2


def test_what_stands_on_the_row_is_the_usual_worth(database: Database) -> None:
    number = a_debtor(database, "Wang", "1000.00 CNY", due="2024-12-01")
    assert database.sql("SELECT worth, worth_under FROM cases WHERE case_id = :n", n=number) == [(31_100, 0)]
    casework.hold_case(a_desk(database), str(number), HoldReason.DISPUTE, None)
    assert database.value("SELECT worth FROM cases") is None


def test_a_promise_of_today_is_found_below_greater_debts(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its row does not stand among the best: it is found by the day on which it would count as missed."""
    monkeypatch.setattr(worklist, "_LEAST", 4)
    for number in range(12):
        a_debtor(database, f"Great {number}", "1000.00 CNY")
    desk = a_desk(database)
    a_filed_plan(
        desk, owed="300.00 CNY", first="2025-02-03", installments=1, details=Details("Due", timezones=SHANGHAI)
    )
    found = listed(database, "2025-02-03T09:00", limit=1)
    assert names(found) == ["Due"]
    assert "promise_due" in [str(each.factor) for each in found[0].worth.why]
    assert names(listed(database, "2025-01-20T09:00", limit=1)) != ["Due"]


def test_a_day_of_law_that_is_near_is_found_below_greater_debts(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worklist, "_LEAST", 4)
    for number in range(12):
        a_debtor(database, f"Great {number}", "1000.00 CNY")
    # Under the law of China a claim lapses three years after the due date.
    law = {"jurisdiction": "cn", "debt_type": DebtType.CONSUMER_LOAN, "consumer": True}
    near = a_debtor(database, "Lapsing", "3000.00 CNY", due="2022-01-20", **law)
    check_overdue(a_desk(database, MORNING))
    known = database.value("SELECT deadline_on FROM cases WHERE case_id = :n", n=near)
    found = listed(database, limit=1)
    assert names(found) == ["Lapsing"]
    assert [str(each.value) for each in found[0].worth.why if each.factor == "limitation_near"] == [str(known)]


def test_who_was_not_reached_at_this_hour_comes_later(database: Database) -> None:
    a_debtor(database, "Silent", "1010.00 CNY")
    a_debtor(database, "Other", "1000.00 CNY")
    assert names(listed(database)) == ["Silent", "Other"]
    contacts.log_contact(a_desk(database, MORNING), "1", a_contact(outcome="no_answer"))
    found = listed(database, "2025-01-08T09:00")
    assert names(found) == ["Other", "Silent"]
    # One call in vain beside five that count as 30 %, then as one beside three: 250, 187.
    assert found[1].worth.why[2].value == 187


@pytest.mark.parametrize(
    ("wanted", "kept"),
    [
        pytest.param(Filter(collector="li"), ["A"], id="collector"),
        pytest.param(Filter(creditor="River Bank"), ["B"], id="creditor"),
        pytest.param(Filter(portfolio="spring"), ["C"], id="portfolio"),
        pytest.param(Filter(currency="JPY"), ["D"], id="currency"),
        pytest.param(Filter(overdue_over=100), ["E"], id="overdue"),
        pytest.param(Filter(debtor="a"), ["A"], id="debtor"),
        pytest.param(Filter(stage="legal"), [], id="stage"),
    ],
)
def test_filters(database: Database, wanted: Filter, kept: list[str]) -> None:
    a_debtor(database, "A", "100.00 CNY", collector="li")
    a_debtor(database, "B", "100.00 CNY", creditor="River Bank")
    a_debtor(database, "C", "100.00 CNY", portfolio="spring")
    a_debtor(database, "D", "100 JPY")
    a_debtor(database, "E", "100.00 CNY", due="2024-06-01")
    assert names(listed(database, wanted=wanted)) == kept


def test_held_and_closed_cases_are_not_there(database: Database) -> None:
    held, closed = a_debtor(database, "Held", "100.00 CNY"), a_debtor(database, "Closed", "100.00 CNY")
    casework.hold_case(a_desk(database), str(held), HoldReason.DISPUTE, None)
    casework.close_case(a_desk(database), str(closed), CaseOutcome.WRITTEN_OFF, "x")
    assert listed(database, everything=True) == []


# --- the law ----------------------------------------------------------------------------------------------------------


def test_whom_the_law_protects_now_is_hidden_and_with_all_shown_with_when(database: Database) -> None:
    a_debtor(database, "Wang", "100.00 CNY")
    assert listed(database, NIGHT) == []
    (found,) = listed(database, NIGHT, everything=True)
    assert not found.allowed
    assert found.allowed_from is not None
    assert found.allowed_from.isoformat() == "2025-01-07T08:00:00+08:00"  # the careful defaults: from 08:00 to 20:00


def test_it_is_said_until_when(database: Database) -> None:
    a_debtor(database, "Wang", "100.00 CNY")
    (found,) = listed(database, "2025-01-06T18:17:30")
    assert found.allowed_until is not None
    assert found.allowed_until.isoformat() == "2025-01-06T20:00:00+08:00"


def test_a_case_under_no_known_pack_is_hidden(database: Database) -> None:
    a_debtor(database, "Wang", "100.00 CNY", jurisdiction="atlantis")
    assert listed(database) == []
    (found,) = listed(database, everything=True)
    assert (found.allowed, found.cases[0].verdict) == (False, None)


def test_the_list_goes_on_beyond_those_who_may_not_be_contacted(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worklist, "_LEAST", 2)
    for number in range(6):
        a_debtor(database, f"Far {number}", "900.00 CNY")
        debtors.edit_debtor(a_desk(database), number + 1, Details(timezones=("America/New_York",)), ())
    a_debtor(database, "Near", "100.00 CNY")
    assert names(listed(database, limit=1)) == ["Near"]
    monkeypatch.setattr(worklist, "_MOST", 4)
    found = worklist.worklist(a_desk(database, MORNING), Filter(), limit=1)
    assert (found.lines, found.cut) == ([], True)


def test_nothing_is_listed_twice_over_pages(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worklist, "_LEAST", 2)
    for number in range(9):
        a_debtor(database, f"N {number}", "500.00 CNY")
    found = names(listed(database, limit=0))
    assert sorted(found, key=str) == [f"N {number}" for number in range(9)]


# --- taking -----------------------------------------------------------------------------------------------------------


def take(database: Database, who: str, when: str = MORNING, collector: str | None = None) -> str | None:
    found = worklist.take(a_desk(database, when, actor=who), Filter(), collector).lines
    return found[0].debtor.name if found else None


def test_two_collectors_get_two_debtors(database: Database) -> None:
    a_debtor(database, "First", "900.00 CNY")
    a_debtor(database, "Second", "100.00 CNY")
    assert (take(database, "li"), take(database, "wang"), take(database, "zhao")) == ("First", "Second", None)
    assert take(database, "li", "2025-01-06T09:10") == "First"  # still theirs
    assert names(listed(database)) == ["First"]  # li sees their own
    assert names(worklist.worklist(a_desk(database, MORNING, actor="zhao"), Filter()).lines) == []
    (first, second) = worklist.worklist(a_desk(database, MORNING, actor="zhao"), Filter(), everything=True).lines
    assert first.lease is not None
    assert second.lease is not None
    assert (first.lease.collector, second.lease.collector) == ("li", "wang")


def test_a_lease_ends_after_its_time(database: Database) -> None:
    a_debtor(database, "First", "900.00 CNY")
    assert take(database, "li") == "First"
    assert take(database, "wang", "2025-01-06T09:29") is None
    assert take(database, "wang", "2025-01-06T09:30") == "First"


def test_the_policy_says_for_how_long(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "short.toml"
    file.write_text('name = "default"\n[worklist]\nlease_minutes = 5\nweights = { promise_due = 5 }\n', "utf-8")
    policies.load_policy(a_desk(database), file)
    a_debtor(database, "First", "900.00 CNY")
    assert take(database, "li") == "First"
    assert take(database, "wang", "2025-01-06T09:05") == "First"


def test_a_logged_contact_gives_the_debtor_back(database: Database) -> None:
    a_debtor(database, "First", "900.00 CNY", jurisdiction="atlantis")
    a_debtor(database, "Second", "100.00 CNY")
    assert take(database, "li") == "Second"
    contacts.log_contact(a_desk(database, MORNING, actor="wang"), "2", a_contact(outcome="no_answer"))
    assert database.count("leases") == 1  # somebody else's contact gives nothing back
    contacts.log_contact(a_desk(database, MORNING, actor="li"), "1", a_contact(outcome="no_answer"))
    assert database.count("leases") == 1  # nor one with another debtor
    contacts.log_contact(a_desk(database, MORNING, actor="li"), "2", a_contact(outcome="no_answer"))
    assert database.count("leases") == 0


def test_a_debtor_is_given_back_on_request(database: Database) -> None:
    a_debtor(database, "First", "900.00 CNY")
    assert take(database, "li") == "First"
    assert leases.release(a_desk(database, MORNING, actor="wang"), None) == 0
    assert leases.release(a_desk(database, MORNING, actor="wang"), "li") == 1
    assert take(database, "wang") == "First"


def test_a_collector_takes_their_own_cases_and_those_of_nobody(database: Database) -> None:
    a_debtor(database, "Wang's", "900.00 CNY", collector="wang")
    a_debtor(database, "Nobody's", "100.00 CNY")
    assert take(database, "li") == "Nobody's"
    assert take(database, "boss", collector="wang") == "Wang's"


def test_merged_records_are_taken_as_one(database: Database) -> None:
    a_debtor(database, "Wang", "500.00 CNY")
    a_debtor(database, "Wang F.", "700.00 CNY")
    assert take(database, "li") == "Wang F."
    merging.merge_debtors(a_desk(database), 1, 2)
    assert take(database, "zhao") is None


def test_who_was_contacted_since_the_list_was_read_is_judged_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the reading of the list and the taking, the first debtor's case was closed by a colleague."""
    first = a_debtor(database, "First", "900.00 CNY")
    a_debtor(database, "Second", "100.00 CNY")
    read = worklist._listed

    def and_then(*given: Any) -> worklist.Listed:
        found = read(*given)
        if database.value("SELECT status FROM cases WHERE case_id = 1") == "open":
            casework.close_case(a_desk(database, MORNING, actor="wang"), str(first), CaseOutcome.WRITTEN_OFF, "x")
        return found

    monkeypatch.setattr(worklist, "_listed", and_then)
    assert take(database, "li") == "Second"
    assert database.sql("SELECT debtor_id FROM leases") == [(2,)]


TAKERS = 6
DEBTORS = 5


def test_processes_side_by_side_never_take_the_same_debtor(database: Database, home: Path) -> None:
    """Six collectors at once, five debtors: five get one each, and one goes away with empty hands."""
    for number in range(DEBTORS):
        a_debtor(database, f"N {number}", "500.00 CNY")
    program = Program(home, database.url)
    running = [
        program.start("worklist", "--take", "--json", "--actor", f"c{number}", stderr=subprocess.STDOUT)
        for number in range(TAKERS)
    ]
    answers = [json.loads(each.communicate(timeout=120)[0]) for each in running]
    taken = [line["debtor"]["id"] for answer in answers for line in answer]
    assert sorted(taken) == [1, 2, 3, 4, 5]
    assert database.count("leases") == DEBTORS


# --- explaining and learning ------------------------------------------------------------------------------------------


def test_a_case_is_explained_whatever_hides_it(database: Database) -> None:
    number = a_debtor(database, "Wang", "500.00 CNY")
    a_filed_case(a_desk(database), debtor_id=1, details=Details(), owed="400.00 CNY", reference="more")
    casework.hold_case(a_desk(database), str(number), HoldReason.DISPUTE, None)
    found = worklist.explain(a_desk(database, NIGHT), str(number), channel=Channel.CALL)
    assert [each.view.case.case_id for each in found.cases] == [number]
    assert not found.allowed
    casework.close_case(a_desk(database), "2", CaseOutcome.WRITTEN_OFF, "x")
    with pytest.raises(RefusedError, match="on no worklist"):
        worklist.explain(a_desk(database), "2")


def test_enough_closed_cases_change_the_ranks(database: Database) -> None:
    """Thirty cases that were 36 days overdue (M2) and half of which was paid say 50 %, where the table says 65 %."""
    a_debtor(database, "Open", "1000.00 CNY", due="2024-12-01")
    for number in range(30):
        case = a_debtor(database, f"N {number}", "100.00 CNY", due="2024-12-01")
        payments.record_payment(a_desk(database), str(case), "50.00")
        casework.close_case(a_desk(database), str(case), CaseOutcome.WRITTEN_OFF, "x")
        if number == 28:
            assert worklist.learn_chances(a_desk(database)).chances.of("M2", "unknown") == 650
            assert database.value("SELECT worth_under FROM cases WHERE case_id = 1") == 1
    found = worklist.learn_chances(a_desk(database))
    assert (found.chances.version, found.chances.of("M2", "unknown"), found.ranked) == (2, 500, 1)
    # 150.00, with 15.00 for the days, 75.00 for the willingness: the numbers of the row are 150.00 + 1.50 + 7.50 ...
    assert database.value("SELECT worth FROM cases WHERE case_id = 1") == 15_000 + 1_500 + 7_500 - 100
    assert listed(database)[0].worth.why[1].value == 500
    again = worklist.learn_chances(a_desk(database))
    assert (again.chances.version, again.ranked) == (2, 0)
    assert database.verify().sound


def test_the_nightly_run_ranks_what_an_upgrade_or_a_killed_run_left(database: Database) -> None:
    a_debtor(database, "Wang", "1000.00 CNY", due="2024-12-01")
    database.sql("UPDATE cases SET worth = balance, worth_under = -1")
    assert database.verify().sound
    assert check_overdue(a_desk(database)).changed == 0
    assert database.sql("SELECT worth, worth_under FROM cases") == [(31_100, 0)]
    assert check_overdue(a_desk(database)).reviewed == 0


@pytest.mark.breaks_the_journal
def test_a_worth_that_was_changed_is_found(database: Database) -> None:
    a_debtor(database, "Wang", "1000.00 CNY")
    database.sql("UPDATE cases SET worth = 5")
    assert database.verify().projection_differs == [{"case": 1, "fields": ["worth"]}]


def test_a_policy_from_before_keeps_its_digest(database: Database) -> None:
    from dunning_cli.domain.policies import policy_of

    plain = plain_policy()
    before = {key: value for key, value in plain.items() if key != "worklist"}
    assert policy_of(before, 3) == policy_of(plain, 3)


def test_a_plan_is_no_reason_to_call_before_it_is_due(database: Database) -> None:
    desk = a_desk(database)
    a_filed_case(desk, details=Details("Wang", timezones=SHANGHAI))
    contacts.log_contact(desk, "1", a_contact())
    plans.propose_plan(desk, "1", Terms(1, day("2025-02-01"), Every.MONTH))
    plans.accept_plan(desk, "1")
    (found,) = listed(database, "2025-01-20T09:00")
    assert "promise_due" not in [str(each.factor) for each in found.worth.why]


# --- notices that are to be sent --------------------------------------------------------------------------------------


def test_a_notice_that_is_due_and_was_not_sent_is_told(database: Database) -> None:
    """Level 1 is reached by the run of 6 January: the case says so until the notice goes out."""
    levels = [{**LEVEL_DEFAULTS, "after": 36, "channel": "letter", "template": "demand"}]
    plain = plain_policy(name="steps", dunning={"level": levels})
    database.store().writing(lambda tx: tx.policies.add(plain, "2025-01-06T04:00:00.000000Z", "li"))
    details = Details("Wang", timezones=SHANGHAI, addresses=("1 Long Street",))
    a_filed_case(a_desk(database), details=details, policy="steps")
    a_debtor(database, "Li", "50.00 CNY")
    assert [line.cases[0].notice for line in listed(database)] == [None, None]
    check_overdue(a_desk(database))
    first, second = listed(database)
    level = first.cases[0].notice
    assert level
    assert (level.number, level.channel, level.template) == (1, "letter", "demand")
    assert second.cases[0].notice is None
    assert worklist.explain(a_desk(database, MORNING), "1").cases[0].notice == level
    notices.send_notice(a_desk(database, MORNING), "1")
    assert worklist.explain(a_desk(database, MORNING), "1").cases[0].notice is None
