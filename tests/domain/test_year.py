"""A year that journals tell: months, money, plans, and how it all adds up."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime

import pytest

from dunning_cli.domain import contacts, payments, plans
from dunning_cli.domain.entries import ContactRefused
from dunning_cli.domain.year import Month, Year, months_of, told
from tests.builders import SHANGHAI, Story, a_contact, a_final_demand, a_story, an_offer, day, money


def day_of(instant: datetime) -> date:
    return instant.astimezone(SHANGHAI).date()


def a_year(*stories: Story, first: str = "2025-01-01", last: str = "2025-06-30") -> Year:
    journals = [(story.case.case_id, story.entries) for story in stories]
    return told(journals, day(first), day(last), day_of)


def a_kept_promise(case_id: int = 1) -> Story:
    """Reached in January, promised for February, paid then; half of it is taken back in April."""
    story = a_story(owed="900.00 CNY", case_id=case_id)
    story.then("2025-01-08", contacts.log, a_contact(cost=money("1.50 CNY")))
    story.then("2025-01-08", plans.propose, an_offer(installments=1, first="2025-02-05"))
    story.then("2025-01-09", plans.accept)
    story.then("2025-02-04", payments.receive, money("450.00 CNY"), reference="A")
    story.then("2025-02-05", payments.receive, money("450.00 CNY"), reference="B")
    story.then("2025-04-02", payments.reverse, "B", "returned")
    return story


def a_broken_promise() -> Story:
    story = a_story(owed="300.00 EUR", case_id=2)
    story.then("2025-02-10", contacts.log, a_contact())
    story.then("2025-02-10", plans.propose, an_offer(installments=1, first="2025-03-01"))
    story.then("2025-02-10", plans.accept)
    story.review_daily("2025-03-04", "2025-03-06")
    return story


def of(year: Year, name: str) -> Month:
    return next(month for month in year.months if month.name == name)


def test_the_months_of_a_time_are_cut_at_its_ends() -> None:
    months = months_of(day("2024-12-30"), day("2025-02-02"))
    assert [(m.first, m.last) for m in months] == [
        (day("2024-12-30"), day("2024-12-31")),
        (day("2025-01-01"), day("2025-01-31")),
        (day("2025-02-01"), day("2025-02-02")),
    ]


def test_where_cases_stand_at_the_end_of_each_month() -> None:
    year = a_year(a_kept_promise(), a_broken_promise())
    assert [dict(month.places) for month in year.months] == [
        {"monitoring": 1, "contact": 1},
        {"closed": 1, "monitoring": 1},
        {"closed": 1, "negotiation": 1},
        {"monitoring": 1, "negotiation": 1},  # the reversal opened it again, and its plan with it
        {"monitoring": 1, "negotiation": 1},
        {"monitoring": 1, "negotiation": 1},
    ]


def test_a_case_is_nowhere_before_it_was_opened() -> None:
    year = a_year(a_broken_promise(), first="2024-11-01", last="2025-01-31")
    assert [month.places.total() for month in year.months] == [0, 0, 1]
    assert [month.opened for month in year.months] == [0, 0, 1]


def test_money_counts_in_the_month_of_its_day_and_goes_in_that_of_its_reversal() -> None:
    year = a_year(a_kept_promise())
    assert [month.recovered["CNY"] for month in year.months] == [0, 90_000, 0, -45_000, 0, 0]
    assert year.sums["CNY"].recovered == 45_000
    assert year.sums["CNY"].owed == 45_000


def test_money_that_was_dated_before_the_time_counts_in_its_first_month() -> None:
    story = a_story(owed="900.00 CNY")
    story.then("2025-01-06", payments.receive, money("100.00 CNY"), on=day("2024-12-20"))
    assert [month.recovered["CNY"] for month in a_year(story).months] == [10_000, 0, 0, 0, 0, 0]


def test_money_after_the_time_is_not_in_it() -> None:
    year = a_year(a_kept_promise(), last="2025-01-31")
    assert [month.recovered["CNY"] for month in year.months] == [0]
    assert year.sums["CNY"].recovered == 0


def test_plans_are_counted_where_they_were_agreed_kept_and_broken() -> None:
    year = a_year(a_kept_promise(), a_broken_promise())
    assert [(m.agreed, m.kept, m.broken) for m in year.months[:3]] == [(1, 0, 0), (1, 1, 0), (0, 0, 1)]


def test_contacts_what_they_cost_and_what_they_brought() -> None:
    sums = a_year(a_kept_promise()).sums["CNY"]
    assert (sums.contacts, sums.spent) == (1, 150)
    assert (str(sums.per_contact), str(sums.cost_of_100), str(sums.share)) == ("450.00", "0.33", "50")


def test_where_nothing_came_in_there_is_no_cost_of_100() -> None:
    sums = a_year(a_story(owed="300.00 EUR")).sums["EUR"]
    assert (sums.per_contact, sums.cost_of_100, str(sums.share)) == (None, None, "0")


def test_a_contact_that_the_law_refused_is_no_contact() -> None:
    story = a_story(owed="900.00 CNY")
    refused = ContactRefused(a_contact().channel, "debtor", ("cn.hours",), "cn@1")
    story.then("2025-03-03", contacts.refuse, refused)
    story.then("2025-03-04", contacts.log, a_final_demand())
    month = of(a_year(story), "2025-03")
    assert (month.contacts, month.refused) == (1, 1)


def test_open_cases_are_aged_at_the_end_and_closed_ones_counted_by_how_they_ended() -> None:
    paid = a_story(owed="100.00 CNY", case_id=3)
    paid.then("2025-01-08", payments.receive, money("100.00 CNY"))
    year = a_year(paid, a_story(owed="300.00 EUR", due="2025-05-20", case_id=4))
    assert year.outcomes == Counter(paid=1)
    assert {name: (aged.cases, dict(aged.owed)) for name, aged in year.ageing.items()} == {"M2": (1, {"EUR": 30_000})}


@pytest.mark.parametrize("last", ["2025-01-31", "2025-02-04", "2025-06-30", "2025-12-31"])
def test_the_months_add_up_to_what_cases_received(last: str) -> None:
    stories = (a_kept_promise(), a_kept_promise(5), a_broken_promise())
    year = a_year(*stories, last=last)
    for currency, sums in year.sums.items():
        mine = [s.case for s in stories if s.case.debt.principal.currency == currency]
        assert sum(month.recovered[currency] for month in year.months) == sums.recovered
        assert sums.recovered == sum(case.paid(day(last)).minor for case in mine)


def test_the_longest_journal_is_named() -> None:
    assert a_year(a_broken_promise(), a_kept_promise()).longest == (len(a_kept_promise().entries), -1)
