"""The days of law over real databases: facts of a claim, the nightly warnings, the lists, and what the guard knows."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from dunning_cli.domain.claims import NewClaimFact
from dunning_cli.domain.debtor_facts import NewFact
from dunning_cli.domain.entries import Channel
from dunning_cli.errors import InputError, UsageError
from dunning_cli.services import audit, casework, claims, contacts, deadline_run, payments
from dunning_cli.services.case_imports import import_cases
from dunning_cli.services.claims import is_of_debtor, log_claim_fact
from dunning_cli.services.compliance import Intended, check_contact
from dunning_cli.services.deadlines import nearing, of_case, retention
from dunning_cli.services.debtor_facts import log_fact
from dunning_cli.services.review import check_overdue
from tests.builders import a_contact, day, plain_policy
from tests.store.databases import Database
from tests.store.desks import a_desk, a_filed_case


def _old(database: Database, when: str = "2026-06-01", **given: Any) -> str:
    """A case under Chinese law, due on 1 October 2023: pursued until 1 October 2026, after rest days 8 October."""
    values = {"jurisdiction": "cn", "due": "2023-10-01"} | given
    return str(a_filed_case(a_desk(database, when), **values).after.case.case_id)


def _warnings(database: Database, ref: str = "1") -> list[tuple[str, int]]:
    with database.store().reading() as tx:
        entries = tx.cases.journal(int(ref))
        return [(e.what.day.isoformat(), e.what.days_left) for e in entries if e.what.kind == "deadline_near"]


def _row(database: Database, ref: str = "1") -> tuple[str | None, str | None, bool | None]:
    """The next day, the day of the next look, and whether all was worked out."""
    with database.store().reading() as tx:
        law = tx.cases.load(int(ref)).law
    known = None if law.under == "" else law.under is not None
    first, look = (each.isoformat() if each else None for each in law.outlook)
    return first, look, known


def _nightly(database: Database, *days: str) -> list[int]:
    return [check_overdue(a_desk(database, on)).entries.get("deadline_near", 0) for on in days]


# --- the nightly run --------------------------------------------------------------------------------------------------


def test_each_warning_is_written_on_its_night_and_never_again(database: Database) -> None:
    _old(database)
    nights = ("2026-06-01", "2026-07-02", "2026-07-03", "2026-07-04", "2026-08-31", "2026-09-01", "2026-09-01")
    assert _nightly(database, *nights) == [0, 0, 1, 0, 0, 1, 0]
    assert _nightly(database, "2026-10-01", "2026-10-02") == [1, 0]
    assert _warnings(database) == [("2026-10-01", 90), ("2026-10-01", 30), ("2026-10-01", 0)]


def test_the_row_says_when_to_look_again(database: Database) -> None:
    """A new case says so at once; a contact may move the days, and leaves them to the next night."""
    _old(database)
    assert _row(database) == ("2026-10-01", "2026-07-03", True)
    contacts.log_contact(a_desk(database, "2026-06-01"), "1", a_contact(outcome="no_answer"))
    assert _row(database) == (None, None, False)
    _nightly(database, "2026-06-01")
    assert _row(database) == ("2026-10-01", "2026-07-03", True)
    _nightly(database, "2026-09-25")
    assert _row(database) == ("2026-10-01", "2026-10-02", True)
    _nightly(database, "2026-10-02")
    assert _row(database) == (None, None, True)


def test_a_second_run_of_a_day_changes_nothing(database: Database) -> None:
    _old(database)
    _nightly(database, "2026-09-25")
    before = database.dump()
    again = check_overdue(a_desk(database, "2026-09-25"))
    assert (again.reviewed, again.changed, again.entries) == (0, 0, {})
    assert database.dump() == before


def test_a_rehearsal_writes_nothing(database: Database) -> None:
    _old(database)
    before = database.dump()
    done = check_overdue(a_desk(database, "2026-06-01"), as_of=day("2026-09-25"), dry_run=True)
    assert done.entries["deadline_near"] == 1
    assert database.dump() == before


def test_a_payment_starts_the_time_anew_and_the_new_day_is_warned_of(database: Database) -> None:
    """Paid in part on 10 September 2026: three years from there end on Monday 10 September 2029."""
    ref = _old(database)
    _nightly(database, "2026-09-01")
    payments.record_payment(a_desk(database, "2026-09-10"), ref, "10.00")
    assert _row(database)[2] is False
    assert _nightly(database, "2026-09-10", "2026-09-25", "2029-08-12") == [0, 0, 1]
    assert _warnings(database) == [("2026-10-01", 30), ("2029-09-10", 29)]


def test_a_payment_taken_back_brings_the_old_day_back(database: Database) -> None:
    ref = _old(database)
    payments.record_payment(a_desk(database, "2026-06-10"), ref, "10.00", reference="A")
    _nightly(database, "2026-06-10")
    assert _row(database)[0] == "2029-06-10"
    payments.reverse_payment(a_desk(database, "2026-06-12"), ref, "A", "returned")
    _nightly(database, "2026-06-12")
    assert _row(database)[0] == "2026-10-01"


def test_a_note_moves_no_day_and_is_not_worked_out_anew(database: Database) -> None:
    ref = _old(database)
    _nightly(database, "2026-06-01")
    before = _row(database)
    casework.note(a_desk(database, "2026-06-02"), ref, "Prefers letters")
    assert _row(database) == before


def test_a_closed_case_has_no_days_and_gets_them_back(database: Database) -> None:
    from dunning_cli.domain.entries import CaseOutcome

    ref = _old(database)
    _nightly(database, "2026-06-01")
    casework.close_case(a_desk(database, "2026-06-02"), ref, CaseOutcome.WRITTEN_OFF, None)
    assert _row(database) == (None, None, None)
    assert _nightly(database, "2026-09-25") == [0]
    casework.reopen_case(a_desk(database, "2026-09-26"), ref, "found")
    assert _nightly(database, "2026-09-26") == [1]


def test_what_cannot_be_worked_out_says_nothing(database: Database) -> None:
    """Under no pack, and under a pack whose limitation asks for a fact that nobody gave."""
    _old(database, jurisdiction="atlantis")
    _old(database, jurisdiction="uk", due="2015-01-01")
    done = check_overdue(a_desk(database, "2026-06-01"))
    assert (done.entries.get("deadline_near"), done.failed) == (None, [])
    assert _row(database, "1") == _row(database, "2") == (None, None, True)


def test_a_policy_says_how_long_before(database: Database) -> None:
    ref = _old(database)
    _nightly(database, "2026-06-01")
    plain = plain_policy(deadlines={"warn_days": [60]})
    database.store().writing(lambda tx: tx.policies.add(plain, "2026-06-01T04:00:00.000000Z", "li"))
    assert _nightly(database, "2026-06-02", "2026-08-01", "2026-08-02", "2026-09-05") == [0, 0, 1, 0]
    assert _warnings(database, ref) == [("2026-10-01", 60)]


def test_a_fact_of_the_debtor_has_the_days_worked_out_anew(database: Database) -> None:
    ref = _old(database, jurisdiction="uk-ew", due="2024-01-01")
    _nightly(database, "2026-06-01")
    assert _row(database)[0] == "2030-01-01"
    log_fact(a_desk(database, "2026-06-02"), ref, NewFact("breathing_space", day("2026-06-02")), (), all_cases=False)
    assert _row(database)[2] is False
    _nightly(database, "2026-06-02")
    # 25th and 35th day of it are the review, the 60th is its last: 2 June counts as the first
    assert _row(database)[0] == "2026-07-06"
    means = {due.means.en: due.on.isoformat() for due in of_case(a_desk(database, "2026-06-02"), ref).dues}
    assert means["last day of the breathing space"] == "2026-07-31"


def test_a_limit_takes_both_passes_together(database: Database) -> None:
    for _ in range(3):
        _old(database)
    done = check_overdue(a_desk(database, "2026-07-03"), limit=2)
    assert done.entries["deadline_near"] == 2
    assert check_overdue(a_desk(database, "2026-07-03")).entries["deadline_near"] == 1


def test_a_run_that_dies_between_batches_is_taken_up_again(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(5):
        _old(database)
    monkeypatch.setattr(deadline_run, "BATCH", 2)
    plain = deadline_run._one
    seen: list[int] = []

    def dying(*given: Any) -> Any:
        found = plain(*given)
        seen.append(found.size)
        if len([size for size in seen if size]) == 1:
            raise KeyboardInterrupt
        return found

    monkeypatch.setattr(deadline_run, "_one", dying)
    with pytest.raises(KeyboardInterrupt):
        check_overdue(a_desk(database, "2026-07-03"))
    monkeypatch.setattr(deadline_run, "_one", plain)
    assert sum(len(_warnings(database, str(n))) for n in range(1, 6)) == 2
    assert _nightly(database, "2026-07-03", "2026-07-03") == [3, 0]
    assert all(_warnings(database, str(n)) == [("2026-10-01", 90)] for n in range(1, 6))


def test_a_case_changed_by_another_writer_meanwhile_is_decided_again(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A payment comes in between reading and writing: the warning of the old day is not written."""
    if database.engine.dialect.name == "sqlite":
        pytest.skip("one writer at a time: nobody comes in between")
    ref = _old(database)
    plain = claims.logs
    once: list[int] = []

    def interrupted(*given: Any) -> Any:
        if not once:
            once.append(1)
            payments.record_payment(a_desk(database, "2026-09-10", store=database.store()), ref, "10.00")
        return plain(*given)

    monkeypatch.setattr(deadline_run, "logs", interrupted)
    assert _nightly(database, "2026-09-10") == [0]
    assert _row(database)[0] == "2029-09-10"


def test_other_rules_have_all_cases_worked_out_anew(database: Database) -> None:
    _old(database)
    _nightly(database, "2026-06-01")
    database.sql("UPDATE cases SET law_under = '0000000000000000'")
    _nightly(database, "2026-06-02")
    assert database.sql("SELECT count(*) FROM cases WHERE law_under = '0000000000000000'") == [(0,)]


def test_a_bad_case_does_not_stop_the_others(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(2):
        _old(database)
    plain = claims.Claims.dues

    def failing(self: Any, case: Any, *given: Any) -> Any:
        if case.case_id == 1:
            raise ValueError("no such day")
        return plain(self, case, *given)

    monkeypatch.setattr(claims.Claims, "dues", failing)
    done = check_overdue(a_desk(database, "2026-07-03"))
    assert done.failed == [{"case": 1, "error": "ValueError: no such day"}]
    assert (_warnings(database, "1"), _warnings(database, "2")) == ([], [("2026-10-01", 90)])


# --- an import --------------------------------------------------------------------------------------------------------


def test_after_an_import_the_first_night_has_nothing_to_work_out(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = ["L1,Wang,Acme,10.00,2023-10-01,cn", "L2,Li,Acme,10.00,2026-05-30,generic", "L3,Xu,Acme,10.00,2023-06-20,cn"]
    path = tmp_path / "cases.csv"
    path.write_text("\n".join(["reference,debtor,creditor,principal,due,jurisdiction", *rows]))
    import_cases(a_desk(database, "2026-06-01"), path)
    assert [_row(database, str(n)) for n in (1, 2, 3)] == [
        ("2026-10-01", "2026-07-03", True),
        (None, None, True),
        ("2026-06-20", "2026-06-01", True),  # nineteen days left: warned of in the first night
    ]
    looked: list[int] = []
    plain = deadline_run._one

    def counting(*given: Any) -> Any:
        found = plain(*given)
        looked.append(found.size)
        return found

    monkeypatch.setattr(deadline_run, "_one", counting)
    assert _nightly(database, "2026-06-01") == [1]
    assert sum(looked) == 1


def test_a_debtor_with_facts_is_left_to_the_first_night(database: Database, tmp_path: Path) -> None:
    """The moratorium that is known of the debtor gives the new case days as well."""
    header = "reference,debtor,debtor_ref,creditor,principal,due,jurisdiction\n"
    for number in (1, 2):
        path = tmp_path / f"{number}.csv"
        path.write_text(f"{header}L{number},Wang,D,Acme,10.00,2024-01-01,uk-ew\n")
        import_cases(a_desk(database, "2026-06-02"), path)
        if number == 1:
            new = NewFact("breathing_space", day("2026-06-02"))
            log_fact(a_desk(database, "2026-06-02"), "1", new, (), all_cases=True)
    assert _row(database, "2")[2] is False
    _nightly(database, "2026-06-02")
    assert _row(database, "2")[0] == "2026-07-06"


# --- facts of a claim -------------------------------------------------------------------------------------------------


def test_a_fact_of_a_claim_gives_its_day(database: Database) -> None:
    """A payment order served on 1 June can be objected to for 15 days: until 16 June."""
    ref = _old(database)
    log_claim_fact(a_desk(database, "2026-06-03"), ref, NewClaimFact("payment_order_served", day("2026-06-01")))
    first = of_case(a_desk(database, "2026-06-03"), ref).dues[0]
    assert (first.on, first.rule.id) == (day("2026-06-16"), "cn.payment_order.objection")
    assert _nightly(database, "2026-06-03", "2026-06-09") == [1, 1]


def test_a_voided_fact_gives_none(database: Database) -> None:
    ref = _old(database)
    log_claim_fact(a_desk(database, "2026-06-03"), ref, NewClaimFact("payment_order_served", day("2026-06-01")))
    casework.void(a_desk(database, "2026-06-03"), ref, 2, "another case")
    assert [due.rule.id for due in of_case(a_desk(database, "2026-06-03"), ref).dues] == ["cn.limitation"]


@pytest.mark.parametrize(
    ("fact", "hint"),
    [
        ("payment_order_servd", "payment_order_served"),
        ("mahnbescheid_served", ""),  # of another law
        ("due", "show-case"),
    ],
)
def test_a_word_that_the_rules_do_not_know_is_refused(database: Database, fact: str, hint: str) -> None:
    ref = _old(database)
    before = database.dump()
    with pytest.raises(InputError) as found:
        log_claim_fact(a_desk(database, "2026-06-03"), ref, NewClaimFact(fact))
    assert found.value.exit_code == 6
    assert hint in found.value.hint
    assert database.dump() == before


def test_a_fact_of_a_claim_is_about_no_other_case(database: Database) -> None:
    ref = _old(database)
    with pytest.raises(UsageError):
        log_claim_fact(a_desk(database, "2026-06-03"), ref, NewClaimFact("refused"), about_others=True)


@pytest.mark.parametrize(
    ("fact", "of_debtor"),
    [("moratorium", True), ("breathing_space", True), ("instalment_agreement", True), ("payment_order_served", False)],
)
def test_a_word_of_both_worlds_is_the_debtors(fact: str, of_debtor: bool) -> None:
    assert is_of_debtor(fact) is of_debtor


# --- lists ------------------------------------------------------------------------------------------------------------


def test_the_next_days_of_all_cases_come_earliest_first(database: Database) -> None:
    for due in ("2023-10-05", "2023-09-01", "2024-01-05"):
        _old(database, due=due)
    desk = a_desk(database, "2026-06-01")
    check_overdue(desk)
    listed = [(row.view.case.case_id, row.due.on.isoformat()) for row in nearing(desk, None, 0).rows]
    assert listed == [(2, "2026-09-01"), (1, "2026-10-05"), (3, "2027-01-05")]
    assert [row.view.case.case_id for row in nearing(desk, 100, 0).rows] == [2]
    assert [row.view.case.case_id for row in nearing(desk, 92, 0).rows] == [2]
    assert [row.view.case.case_id for row in nearing(desk, 91, 0).rows] == []
    assert [row.view.case.case_id for row in nearing(desk, None, 2).rows] == [2, 1]


def test_a_case_that_changed_today_is_in_the_list_already(database: Database) -> None:
    ref = _old(database)
    desk = a_desk(database, "2026-06-03")
    assert [row.due.on.isoformat() for row in nearing(desk, None, 0).rows] == ["2026-10-01"]
    check_overdue(desk)
    payments.record_payment(desk, ref, "10.00")
    assert [row.due.on.isoformat() for row in nearing(desk, None, 0).rows] == ["2029-06-03"]


def test_what_has_passed_is_no_next_day(database: Database) -> None:
    _old(database)
    desk = a_desk(database, "2026-10-02")
    assert nearing(desk, None, 0).rows == ()
    (due,) = of_case(desk, "1").dues
    assert due.on == day("2026-10-01")


# --- the guard --------------------------------------------------------------------------------------------------------


def _found(database: Database, ref: str, on: str) -> set[str]:
    at = datetime.fromisoformat(f"{on}T12:00:00+08:00")
    view = check_contact(a_desk(database, on), ref, Intended(Channel.EMAIL), at)
    return {finding.rule for finding in view.verdict.findings}


@pytest.mark.parametrize(
    ("on", "barred"),
    [
        pytest.param("2026-09-30", False, id="the-day-before"),
        pytest.param("2026-10-01", False, id="the-day-itself"),
        pytest.param("2026-10-08", False, id="after-rest-days"),
        pytest.param("2026-10-09", True, id="over"),
    ],
)
def test_the_guard_knows_that_a_debt_is_time_barred(database: Database, on: str, barred: bool) -> None:
    ref = _old(database, consumer=True)
    assert ("cn.time_barred" in _found(database, ref, on)) is barred


def test_a_demand_that_arrived_in_time_keeps_the_debt_alive(database: Database) -> None:
    ref = _old(database, consumer=True)
    letter = a_contact(channel="letter", outcome="delivered", purpose="demand")
    contacts.log_contact(a_desk(database, "2026-09-01"), ref, letter)
    assert "cn.time_barred" not in _found(database, ref, "2026-10-09")


def test_a_plan_agreed_too_late_gives_up_no_defence_by_itself(database: Database) -> None:
    """That the debtor gave it up is recorded by a person, in the form that proves it; it is not inferred."""
    from dunning_cli.domain.days import Every
    from dunning_cli.services import plans

    ref = _old(database, consumer=True)
    desk = a_desk(database, "2026-10-09")
    contacts.log_contact(desk, ref, a_contact())
    plans.propose_plan(desk, ref, plans.Terms(2, day("2026-11-01"), Every.MONTH))
    plans.accept_plan(desk, ref)
    assert "cn.time_barred" in _found(database, ref, "2026-10-10")
    log_claim_fact(a_desk(database, "2026-10-10"), ref, NewClaimFact("plan_agreed", day("2026-10-09")))
    assert "cn.time_barred" not in _found(database, ref, "2026-10-10")


def test_in_scotland_a_debt_is_gone_when_its_time_is_over(database: Database) -> None:
    """Due on 30 September 2021: five years end on 30 September 2026."""
    ref = _old(database, jurisdiction="uk-sct", due="2021-09-30", consumer=True)
    assert "uk-sct.extinguished" not in _found(database, ref, "2026-09-30")
    assert "uk-sct.extinguished" in _found(database, ref, "2026-10-01")


# --- retention --------------------------------------------------------------------------------------------------------


def test_while_a_case_is_open_nothing_may_be_erased(database: Database) -> None:
    ref = _old(database, when="2018-01-05", due="2017-10-01")
    contacts.log_contact(a_desk(database, "2018-01-06"), ref, a_contact())
    found = retention(a_desk(database, "2030-01-01"), ref)
    assert {kept.rule.id: kept.until and kept.until.isoformat() for kept in found.kept} == {
        "cn.retention.nifa_2018": "2023-01-06",
        "cn.retention.consumer_finance": "2023-01-06",
        "cn.retention.impact_assessment": "2021-01-06",
        "cn.retention.credit_card": "2020-01-06",
    }
    assert not any(found.over(kept) for kept in found.kept)


def test_of_a_closed_case_it_may_be_after_the_last_day(database: Database) -> None:
    from dunning_cli.domain.entries import CaseOutcome

    ref = _old(database, when="2018-01-05", due="2017-10-01")
    contacts.log_contact(a_desk(database, "2018-01-06"), ref, a_contact())
    casework.close_case(a_desk(database, "2018-01-07"), ref, CaseOutcome.WRITTEN_OFF, None)

    def over(on: str) -> set[str]:
        found = retention(a_desk(database, on), ref)
        return {kept.rule.id for kept in found.kept if found.over(kept)}

    assert over("2020-01-06") == set()
    assert over("2020-01-07") == {"cn.retention.credit_card"}
    assert len(over("2023-01-07")) == 4


# --- the audit --------------------------------------------------------------------------------------------------------


@pytest.mark.breaks_the_journal
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ("deadline_on = '2026-10-02'", "deadline_on"),
        ("deadline_on = NULL", "deadline_on"),
        ("warn_on = '2026-07-04'", "warn_on"),
        ("warn_on = NULL, deadline_on = NULL", "warn_on"),
        ("law_under = ''", "law_under"),
    ],
)
def test_a_day_of_law_that_its_journal_does_not_explain_is_found(database: Database, change: str, field: str) -> None:
    _old(database)
    _nightly(database, "2026-06-01")
    desk = a_desk(database, "2026-06-10")
    assert audit.verify(desk).sound
    database.sql(f"UPDATE cases SET {change}")
    (found,) = audit.verify(desk).projection_differs
    assert (found["case"], field in found["fields"]) == (1, True)


@pytest.mark.parametrize("on", ["2026-06-01", "2026-07-02", "2026-07-03", "2026-09-25", "2026-10-02", "2027-01-01"])
def test_a_row_stays_explained_whenever_it_was_worked_out(database: Database, on: str) -> None:
    _old(database)
    _nightly(database, on)
    for later in (on, "2027-02-01", "2030-01-01"):
        assert audit.verify(a_desk(database, later)).sound
