"""Deadlines and retention under rules made up here: chains of days, conditions, rest days, which duty is longest."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from dunning_cli.domain.calendars import Calendar, Length, RestDays, Week, Weekday
from dunning_cli.domain.deadlines import Choose, Counted, Dated, DeadlineRule, answers, found
from dunning_cli.domain.given import Condition, Given
from dunning_cli.domain.reckoning import deadlines_of, retention_of
from dunning_cli.domain.retention import Kept, RetentionRule, kept, strictest
from dunning_cli.domain.rules import Applies, Pack, Rule, Source, Strength, Sure, Text
from dunning_cli.errors import InputError

SUNDAYS = RestDays(weekdays=(Weekday.SUNDAY,))
SAID = Text(en="a day")
HEAD: dict[str, Any] = {
    "text": Text(en="made up"),
    "source": Source(title="this test", sure=Sure.DERIVED),
    "strength": Strength.POLICY,
}


def calendars(rest: RestDays) -> Calendar:
    return Week(frozenset(rest.weekdays))


def dated(key: str, *latest_of: str, **more: Any) -> Dated:
    return Dated(key=key, latest_of=latest_of, means=SAID, **more)


def a_deadline(*dates: Dated, **changes: Any) -> DeadlineRule:
    return DeadlineRule(**({"id": "x.deadline", "measure": "x", "dates": dates, **HEAD} | changes))


ORDER = (
    dated("until", "served", add=(Length(weeks=2),)),
    dated("not_before", "until", add=(Length(days=1),), rolls=False),
    dated("lapses", "served", add=(Length(months=6),)),
)


def test_days_that_follow_from_days() -> None:
    said = found(a_deadline(*ORDER), Given({"served": "2026-08-31"}), calendars)
    assert said.dates == {"until": date(2026, 9, 14), "not_before": date(2026, 9, 15), "lapses": date(2027, 2, 28)}
    assert said.rolled == {}


def test_rest_days_are_answered_beside_the_days_as_counted() -> None:
    """2026-08-30 is a Sunday, and so is the day two weeks later; the day after is counted from the rolled one."""
    said = found(a_deadline(*ORDER, roll=SUNDAYS), Given({"served": "2026-08-30"}), calendars)
    assert (said.dates["until"], said.rolled["until"]) == (date(2026, 9, 13), date(2026, 9, 14))
    assert (said.dates["not_before"], said.rolled["not_before"]) == (date(2026, 9, 14), date(2026, 9, 15))


def test_what_is_missing_gives_no_day() -> None:
    rule = a_deadline(dated("date", "due", "received", needs=("received",), add=(Length(days=30),)))
    assert found(rule, Given({"due": "2026-01-01"}), calendars).last is None
    assert found(rule, Given({"received": "2026-01-01"}), calendars).last == date(2026, 1, 31)
    assert found(rule, Given({"received": "2026-01-01", "due": "2026-02-01"}), calendars).last == date(2026, 3, 3)


def test_a_day_that_must_come_after_another() -> None:
    rule = a_deadline(dated("date", "reminder", later_than="due"))
    assert found(rule, Given({"due": "2026-01-10", "reminder": "2026-01-10"}), calendars).last is None
    assert found(rule, Given({"due": "2026-01-10", "reminder": "2026-01-11"}), calendars).last == date(2026, 1, 11)
    assert found(rule, Given({"reminder": "2026-01-11"}), calendars).last == date(2026, 1, 11)


@pytest.mark.parametrize(
    ("paid", "count"),
    [("2026-01-31", 0), ("2026-01-01", 0), ("2026-02-01", 1), ("2026-03-01", 29), (None, None)],
)
def test_a_number_of_days(paid: str | None, count: int | None) -> None:
    rule = a_deadline(
        dated("from", "due", add=(Length(days=1),)),
        dated("to", "paid"),
        days=(Counted(key="days", from_="from", to="to"),),
    )
    said = found(rule, Given({"due": "2026-01-31", "paid": paid}), calendars)
    assert said.days == {"days": count}
    assert (said.dates["from"] is None) is (count == 0)


@pytest.mark.parametrize(("choose", "first"), [(Choose.EARLIEST, "x.a"), (Choose.LATEST, "x.b")])
def test_which_of_several_rules_counts(choose: Choose, first: str) -> None:
    rules = [
        a_deadline(dated("date", "a"), id="x.a", choose=choose),
        a_deadline(dated("date", "b"), id="x.b", choose=choose),
        a_deadline(dated("date", "c"), id="x.c", choose=choose),
    ]
    given = Given({"b": "2026-05-05", "a": "2026-01-01"})
    assert answers(rules, given, calendars)[0].rule.id == first
    assert len(answers(rules, given, calendars)) == 2


@pytest.mark.parametrize(
    ("condition", "facts", "holds"),
    [
        (Condition(fact="law", one_of=("scotland",)), {"law": "Scotland"}, True),
        (Condition(fact="law", one_of=("scotland",)), {}, False),
        (Condition(fact="law", none_of=("scotland",)), {}, True),
        (Condition(fact="law", none_of=("scotland",)), {"law": "scotland"}, False),
        (Condition(fact="back", one_of=(True,)), {"back": True}, True),
        (Condition(fact="back", one_of=(True,)), {"back": "true"}, False),
        (Condition(fact="back", none_of=(True,)), {"back": False}, True),
        (Condition(fact="due", known=True), {"due": None}, False),
        (Condition(fact="due", known=False), {"due": []}, True),
        (Condition(fact="consumer", one_of=(False,)), {"b2b": True}, True),
        (Condition(fact="consumer", one_of=(True,)), {"debts": [{"consumer": True}]}, True),
    ],
)
def test_conditions(condition: Condition, facts: dict[str, Any], holds: bool) -> None:
    assert Given(facts).holds(condition) is holds


@pytest.mark.parametrize("wrong", [{}, {"one_of": ("a",), "known": True}, {"one_of": ("a",), "none_of": ("b",)}])
def test_a_condition_says_one_thing(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="needs one of"):
        Condition(fact="x", **wrong)


@pytest.mark.parametrize(
    "facts", [{"due": "soon"}, {"due": 5}, {"due": ["2026-01-01", "x"]}, {"due": "0001-01-01"}, {"due": "3000-01-01"}]
)
def test_a_day_that_is_none_is_named(facts: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="'due'"):
        Given(facts).day("due")


@pytest.mark.parametrize(
    "wrong",
    [
        {"dates": ()},
        {"dates": (dated("a", "x"), dated("a", "y"))},
        {"days": (Counted(key="n", from_="a", to="b"),)},
        {"rolled_as": "later"},
    ],
    ids=["no day", "a key twice", "an unknown key", "a name for what does not roll"],
)
def test_a_deadline_that_says_nothing(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"dates|days|rolled_as"):
        a_deadline(**({"dates": (dated("a", "x"),)} | wrong))


# --- retention --------------------------------------------------------------------------------------------------------


def a_duty(key: str, **changes: Any) -> RetentionRule:
    return RetentionRule(**({"id": f"x.{key}", "key": key, "records": ("file",), **HEAD} | changes))


SHORT = a_duty("short", after=("made",), length=Length(years=2))
LONG = a_duty("long", after=("made",), length=Length(years=5))
OPEN = a_duty("open", kept_until=("settled",), since=("plan",))
BOTH = a_duty("both", after=("made",), length=Length(years=1), kept_until=("settled",))


@pytest.mark.parametrize(
    ("rule", "facts", "until"),
    [
        (SHORT, {"made": "2024-02-29"}, "2026-02-28"),
        (SHORT, {}, None),
        (OPEN, {"plan": "2026-01-01"}, None),
        (OPEN, {"settled": "2028-04-30"}, "2028-04-30"),
        (BOTH, {"made": "2026-01-01", "settled": "2026-05-05"}, "2027-01-01"),
        (BOTH, {"made": "2026-01-01", "settled": "2029-05-05"}, "2029-05-05"),
        (BOTH, {"made": "2026-01-01"}, None),
    ],
)
def test_until_when_records_are_kept(rule: RetentionRule, facts: dict[str, Any], until: str | None) -> None:
    assert kept(rule, Given(facts)).until == (date.fromisoformat(until) if until else None)


def test_the_longest_duty_counts() -> None:
    given = Given({"made": "2026-01-01"})
    found_ = [kept(rule, given) for rule in (SHORT, LONG)]
    assert strictest(found_) == Kept(LONG, date(2031, 1, 1))
    assert strictest([*found_, kept(OPEN, given)]) == Kept(OPEN, None), "what has no end outlasts all"
    assert strictest([]) is None


@pytest.mark.parametrize("wrong", [{"records": ()}, {"after": ("a",)}, {"length": Length(years=1)}, {}], ids=str)
def test_a_duty_that_says_nothing(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="duty"):
        a_duty("x", **wrong)


# --- all of a pack ----------------------------------------------------------------------------------------------------


def a_pack(*rules: Rule) -> Pack:
    return Pack(
        id="x",
        version="1",
        title=Text(en="x"),
        checked_on=date(2026, 1, 1),
        rules=rules,
        tables={},
        origins={rule.id: "x" for rule in rules},
    )


def test_all_days_of_a_pack_by_their_order() -> None:
    business = a_deadline(dated("date", "due"), id="x.business", measure="b", applies=Applies(consumer=False))
    pack = a_pack(a_deadline(*ORDER, roll=SUNDAYS), business, LONG, OPEN)
    days = deadlines_of(pack, Given({"served": "2026-08-30", "due": "2026-01-01", "consumer": True}), calendars)
    assert [(due.rule.id, due.on.isoformat(), due.rolled.isoformat()) for due in days] == [
        ("x.deadline", "2026-09-13", "2026-09-14"),
        ("x.deadline", "2026-09-14", "2026-09-15"),
        ("x.deadline", "2027-02-28", "2027-03-01"),
    ]
    both = retention_of(pack, Given({"made": "2026-01-01", "plan": "2026-01-01"}))
    assert [(each.rule.id, each.until) for each in both] == [("x.open", None), ("x.long", date(2031, 1, 1))]


def test_rules_of_another_time_are_left_out() -> None:
    old = a_deadline(dated("date", "due"), until=date(2020, 12, 31))
    given = Given({"due": "2019-01-01"})
    assert deadlines_of(a_pack(old), given, calendars) == []
    assert len(deadlines_of(a_pack(old), given, calendars, date(2020, 1, 1))) == 1
