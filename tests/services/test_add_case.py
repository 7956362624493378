"""Opening cases: who the debtor is, which references are free, and what nothing can be opened with."""

from __future__ import annotations

from typing import Any

import pytest

from dunning_cli.domain.days import Clock
from dunning_cli.domain.debtors import DetailKind, Details
from dunning_cli.domain.entries import HoldReason
from dunning_cli.errors import (
    DebtorNotFoundError,
    DunningError,
    DuplicateError,
    InputError,
    PolicyNotFoundError,
    RefusedError,
)
from dunning_cli.services.cases import add_case, list_cases
from dunning_cli.services.debtors import edit_debtor, show_debtor
from dunning_cli.services.desk import Desk
from dunning_cli.store.cases import Filter
from tests.builders import an_opening, day
from tests.store.databases import Database
from tests.store.desks import a_desk, a_filed_case


@pytest.fixture
def desk(database: Database) -> Desk:
    return a_desk(database)


def _debtor(desk: Desk, **given: Any) -> int:
    debtor_ref = given.pop("debtor_ref", None)
    details = given.pop("details", Details("Wang Fang"))
    opened = an_opening(**{"debtor_id": 0} | given)
    return add_case(desk, opened, details, debtor_ref=debtor_ref).after.debtor.debtor_id


# --- who the debtor is ------------------------------------------------------------------------------------------------


def test_debtors_are_never_the_same_by_their_name(desk: Desk) -> None:
    assert [_debtor(desk), _debtor(desk)] == [1, 2]


def test_the_creditor_s_own_key_says_that_it_is_the_same_person(desk: Desk) -> None:
    first = _debtor(desk, debtor_ref="C-1")
    assert _debtor(desk, debtor_ref="C-1") == first
    assert _debtor(desk, debtor_ref="C-2") != first
    assert _debtor(desk, debtor_ref="c-1") != first


def test_another_creditor_s_key_is_another_person(desk: Desk) -> None:
    assert _debtor(desk, debtor_ref="C-1") != _debtor(desk, debtor_ref="C-1", creditor="River Bank")


def test_a_debtor_by_number(desk: Desk) -> None:
    first = _debtor(desk)
    assert _debtor(desk, debtor_id=first, details=Details()) == first
    assert len(show_debtor(desk, first).cases) == 2


def test_a_number_and_a_new_key_teach_the_key(desk: Desk) -> None:
    first = _debtor(desk)
    assert _debtor(desk, debtor_id=first, debtor_ref="C-1") == first
    assert _debtor(desk, debtor_ref="C-1") == first


def test_a_number_and_somebody_else_s_key_contradict_each_other(desk: Desk, database: Database) -> None:
    _debtor(desk, debtor_ref="C-1")
    other = _debtor(desk)
    before = database.dump()
    with pytest.raises(DuplicateError, match="knows debtor 1 as 'C-1', not debtor 2") as found:
        _debtor(desk, debtor_id=other, debtor_ref="C-1")
    assert found.value.exit_code == 4
    assert database.dump() == before


@pytest.mark.parametrize("number", [pytest.param(7, id="unknown"), pytest.param(10**30, id="absurd")])
def test_a_debtor_who_is_not_there(desk: Desk, database: Database, number: int) -> None:
    before = database.dump()
    with pytest.raises(DebtorNotFoundError):
        _debtor(desk, debtor_id=number)
    assert database.dump() == before


def test_what_is_new_about_a_known_debtor_is_added_to_their_journal(desk: Desk) -> None:
    first = _debtor(desk, debtor_ref="C-1", details=Details("Wang Fang", phones=("110 110",)))
    _debtor(desk, debtor_ref="C-1", details=Details("Another name", phones=("110 110", "120 120")))
    debtor = show_debtor(desk, first).debtor
    assert debtor.valid(DetailKind.PHONE) == ["110 110", "120 120"]
    assert debtor.name == "Wang Fang"
    assert debtor.seq == 3


def test_a_debtor_needs_a_name(desk: Desk, database: Database) -> None:
    with pytest.raises(InputError, match="needs a name"):
        _debtor(desk, details=Details())
    assert database.count("debtors") == 0


# --- references -------------------------------------------------------------------------------------------------------


def test_a_reference_is_used_once_by_a_creditor(desk: Desk, database: Database) -> None:
    a_filed_case(desk, reference="L-1")
    before = database.dump()
    with pytest.raises(DuplicateError, match="Acme already has a case 'L-1': number 1") as found:
        a_filed_case(desk, reference="L-1")
    assert found.value.exit_code == 4
    assert found.value.details == {"case": 1}
    assert database.dump() == before


def test_other_creditors_and_other_references_are_free(desk: Desk) -> None:
    for creditor, reference in (
        ("Acme", "L-1"),
        ("River Bank", "L-1"),
        ("Acme", "l-1"),
        ("Acme", None),
        ("Acme", None),
    ):
        a_filed_case(desk, creditor=creditor, reference=reference)
    assert len(list_cases(desk, Filter())[0]) == 5


def test_a_refused_case_leaves_no_gap_in_the_numbers(desk: Desk, database: Database) -> None:
    a_filed_case(desk, reference="L-1")
    with pytest.raises(DuplicateError):
        a_filed_case(desk, reference="L-1")
    with pytest.raises(PolicyNotFoundError):
        a_filed_case(desk, policy="nobody's")
    assert a_filed_case(desk).after.case.case_id == 2
    assert database.verify().sound


# --- what a case cannot be opened with --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "error"),
    [
        pytest.param({"owed": "0.00 CNY"}, InputError, id="nothing-owed"),
        pytest.param({"owed": "-5.00 CNY"}, InputError, id="less-than-nothing"),
        pytest.param({"incurred": day("2025-01-01")}, InputError, id="incurred-after-it-was-due"),
        pytest.param({"creditor": "  "}, InputError, id="no-creditor"),
        pytest.param({"creditor": "a\0b"}, InputError, id="nul"),
        pytest.param({"reference": ""}, InputError, id="empty-reference"),
        pytest.param({"reference": "\udcff"}, InputError, id="half-a-character"),
        pytest.param({"portfolio": "\udcff"}, InputError, id="half-a-character-in-a-portfolio"),
        pytest.param({"policy": "strict"}, PolicyNotFoundError, id="no-such-policy"),
        pytest.param({"details": Details("W", timezones=("Mars/Olympus",))}, InputError, id="no-time-zone"),
        pytest.param({"details": Details("W", emails=("nobody",))}, InputError, id="no-e-mail"),
        pytest.param({"details": Details("W", phones=("ask",))}, InputError, id="no-phone"),
        pytest.param({"details": Details("a\0b")}, InputError, id="nul-in-a-name"),
    ],
)
def test_what_no_case_is_opened_with(
    desk: Desk, database: Database, given: dict[str, Any], error: type[DunningError]
) -> None:
    before = database.dump()
    with pytest.raises(error):
        _debtor(desk, **given)
    assert database.dump() == before


@pytest.mark.parametrize("name", ["reference", "creditor", "collector", "jurisdiction"])
def test_a_text_that_a_server_cannot_index_is_bad_input_there(postgres: Database, name: str) -> None:
    text = "".join(chr(0x4E00 + number * 7919 % 20000) for number in range(3000))
    before = postgres.dump()
    with pytest.raises(InputError, match="cannot hold a value"):
        _debtor(a_desk(postgres), **{"reference": "L", name: text})
    assert postgres.dump() == before


# --- what stands in it ------------------------------------------------------------------------------------------------


def test_a_case_can_begin_on_hold(desk: Desk) -> None:
    done = add_case(desk, an_opening(debtor_id=0), Details("Wang Fang"), hold=HoldReason.DISPUTE)
    assert [e.what.kind for e in done.entries] == ["case_opened", "held"]
    assert (done.after.case.status, done.after.next_action) == ("on_hold", None)


def test_a_clock_that_was_set_can_be_refused(database: Database) -> None:
    trusted = a_desk(database, set_clock="refuse")
    a_filed_case(trusted)
    with pytest.raises(RefusedError, match="clock"):
        a_filed_case(a_desk(database, set_clock="refuse", clock=Clock.SET))
    a_filed_case(a_desk(database, clock=Clock.SET))
    assert database.verify().clock_set == 2


# --- a debtor's details -----------------------------------------------------------------------------------------------


def test_an_edit_is_an_entry_and_shows_at_once(desk: Desk) -> None:
    a_filed_case(desk, details=Details("Wang Fang", phones=("110 110",)))
    view = edit_debtor(desk, 1, Details("Wang Fang-Li", emails=("w@example.com",)), ("110 110",))
    assert (view.debtor.name, view.debtor.valid(DetailKind.PHONE)) == ("Wang Fang-Li", [])
    assert [c.debtor.name for c in view.cases] == ["Wang Fang-Li"]
    assert len(list_cases(desk, Filter(debtor="wang fang-l"))[0]) == 1


def test_an_edit_that_changes_nothing_writes_nothing(desk: Desk, database: Database) -> None:
    a_filed_case(desk, details=Details("Wang Fang", phones=("110 110",)))
    before = database.dump()
    edit_debtor(desk, 1, Details("Wang Fang", phones=("110 110",)), ())
    assert database.dump() == before
