"""A case as of a day and as it was known at an instant, against the plain reading of its journal."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunning_cli.domain.views import CaseView
from dunning_cli.errors import NotFoundError
from dunning_cli.services import contacts, payments
from dunning_cli.services.cases import show_case
from tests.builders import a_contact, a_now, day
from tests.services.oracle import Then, then
from tests.services.played import STORIES, Played, Story, days, instants, on_one_database, play
from tests.store.databases import Database
from tests.store.desks import a_desk, a_filed_case, a_filed_plan

SECOND = timedelta(seconds=1)


def shown(view: CaseView) -> Then:
    """The same facts as the service shows them."""
    case, on = view.case, view.as_of
    return Then(
        case.seq,
        case.stage.value,
        case.status.value,
        case.outcome.value if case.outcome else None,
        case.collector,
        case.hold.reason.value if case.hold else None,
        case.plan.status.value if case.plan else None,
        len(case.contacts),
        str(case.paid(on)),
        str(case.owed(on)),
    )


@on_one_database(0.5)
@given(story=STORIES, data=st.data())
def test_every_day_and_every_instant_of_a_history(sqlite: Database, story: Story, data: st.DataObject) -> None:
    store = sqlite.store()
    played = play(story, sqlite, store)
    with store.reading() as tx:
        records = tx.cases.records(1)
    some = data.draw(st.lists(st.sampled_from(days(played)), min_size=1, max_size=5, unique=True), "days")
    moments = data.draw(st.lists(st.sampled_from(instants(played)), min_size=1, max_size=3, unique=True), "instants")
    for on in some:
        assert shown(show_case(played.desk, "1", as_of=on)) == then(records, on, on)
    for at in [*moments, moments[0] + SECOND / 2]:
        known_day = a_now().day_of(at)
        assert shown(show_case(played.desk, "1", known_at=at)) == then(records, known_day, None, at)
        for on in some[:2]:
            assert shown(show_case(played.desk, "1", as_of=on, known_at=at)) == then(records, on, on, at)
    _now_is_the_end(played)


def _now_is_the_end(played: Played) -> None:
    """Known now, as of the last day that anything counts from, is what the row says."""
    last = max(e.effective_on for e in played.entries)
    now = show_case(played.desk, "1")
    late = show_case(played.desk, "1", as_of=max(last, played.today))
    assert late.case == now.case
    assert late.head == now.head
    assert late.next_action == now.next_action


# --- told one by one --------------------------------------------------------------------------------------------------


def _paid(database: Database, as_of: str | None = None, known_at: str | None = None) -> str:
    instant = a_now(known_at).instant if known_at else None
    view = show_case(a_desk(database, "2025-03-01"), "1", day(as_of) if as_of else None, instant)
    return str(view.case.paid(view.as_of))


def test_a_payment_booked_late(database: Database) -> None:
    """Received on the 31st of January, booked on the 20th of February."""
    a_filed_case(a_desk(database))
    payments.record_payment(a_desk(database, "2025-02-20"), "1", "300.00", on=day("2025-01-31"))
    assert _paid(database) == "300.00"
    assert _paid(database, as_of="2025-01-30") == "0.00"
    assert _paid(database, as_of="2025-01-31") == "300.00"
    assert _paid(database, known_at="2025-02-19") == "0.00"
    assert _paid(database, known_at="2025-02-20") == "300.00"
    assert _paid(database, as_of="2025-02-10", known_at="2025-02-19") == "0.00"
    assert _paid(database, as_of="2025-02-10", known_at="2025-02-21") == "300.00"


def test_a_case_as_of_a_day_before_it_was_opened_is_as_it_was_opened(database: Database) -> None:
    a_filed_plan(a_desk(database))
    view = show_case(a_desk(database), "1", day("2024-06-01"))
    assert (view.case.seq, view.case.stage, view.as_of) == (1, "contact", date(2024, 6, 1))
    assert view.case.days_overdue(view.as_of) == -183


def test_a_case_as_of_a_later_day_is_a_projection(database: Database) -> None:
    a_filed_case(a_desk(database))
    view = show_case(a_desk(database), "1", day("2026-01-01"))
    assert (view.case.days_overdue(view.as_of), view.as_of) == (396, date(2026, 1, 1))


def test_before_it_was_recorded_a_case_was_not_known(database: Database) -> None:
    a_filed_case(a_desk(database))
    with pytest.raises(NotFoundError, match="not known yet"):
        show_case(a_desk(database), "1", known_at=a_now("2025-01-05").instant)


def test_the_digest_is_that_of_the_last_entry_that_counts(database: Database) -> None:
    a_filed_case(a_desk(database))
    contacts.log_contact(a_desk(database, "2025-01-07"), "1", a_contact(outcome="no_answer"))
    contacts.log_contact(a_desk(database, "2025-01-09"), "1", a_contact(outcome="busy"))
    with database.store().reading() as tx:
        digests = [record.digest for record in tx.cases.records(1)]
    for as_of, at in (("2025-01-06", 0), ("2025-01-07", 1), ("2025-01-08", 1), ("2025-01-09", 2)):
        assert show_case(a_desk(database, "2025-02-01"), "1", day(as_of)).head == digests[at]
