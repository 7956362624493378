"""Cases and debtors as they are shown, built with the domain's own functions."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dunning_cli.domain import assessments, contacts, debtors, holds, payments, plans
from dunning_cli.domain.cases import Case
from dunning_cli.domain.debtors import Debtor, Details, Language
from dunning_cli.domain.entries import Assessed, HoldReason, Level, Reason, StageMoved, Voided
from dunning_cli.domain.journal import Entry
from dunning_cli.domain.review import next_action
from dunning_cli.domain.stages import Stage
from dunning_cli.domain.views import CaseView, DebtorView, TimelineRow
from tests.builders import Story, a_contact, a_now, a_story, an_offer, day, money

HEAD = "5e884898da28047151d0e56f8dc6292773603d0d6aabbdd62a11ef721d1542d8"


def a_debtor(name: str = "Wang Xiaoming", *, number: int = 1, language: Language | None = None, **lists: Any) -> Debtor:
    """A debtor; lists of details are given by name: `phones=("+86 13800138000",)`."""
    return debtors.add(number, Details(name, language, **lists), a_now("2025-01-06")).debtor


def a_view(story: Story, on: str = "2025-01-10", debtor: Debtor | None = None) -> CaseView:
    """The case of a story on a day."""
    case = story.case
    return CaseView(case, debtor or a_debtor(), day(on), HEAD, next_action(case, story.policy))


def rows_of(story: Story) -> list[TimelineRow]:
    """The story's entries, each with the stage in which it left the case."""
    voided = {entry.what.seq for entry in story.entries if isinstance(entry.what, Voided)}
    stage, rows = Stage.CONTACT, []
    for entry in story.entries:
        if isinstance(entry.what, StageMoved):
            stage = Stage(entry.what.target)
        rows.append(TimelineRow(entry, stage, entry.seq in voided, f"{entry.seq:064x}"))
    return rows


def reachable(name: str = "王小明") -> Debtor:
    """A debtor with one detail of each kind."""
    return a_debtor(
        name,
        phones=("+86 13800138000",),
        emails=("zhang@example.com",),
        addresses=("上海市浦东新区世纪大道100号",),
        id_numbers=("110101199003078888",),
        timezones=("Asia/Shanghai",),
        language=Language.ZH,
    )


def a_negotiation() -> Story:
    """A case with a contact, an assessment by income, and a proposed plan of three installments."""
    story = a_story(
        owed="51794.52 CNY", due="2024-09-01", reference="LOAN-7", creditor="示例银行", collector="li", case_id=42
    )
    story.then(
        "2025-01-08T10:30",
        contacts.log,
        a_contact(
            purpose="negotiate",
            reason=Reason.LOST_JOB,
            willingness=Level.HIGH,
            minutes=25,
            cost=money("12.00 CNY"),
            to="+86 13800138000",
            note="wants to pay",
        ),
    )
    income = Assessed(income=money("5000.00 CNY"), expenses=money("4500.00 CNY"))
    story.then("2025-01-09", assessments.record, income)
    story.then("2025-01-10", plans.propose, an_offer(installments=3, first="2025-02-05"))
    return story


def a_plan_followed() -> Story:
    """A plan of four installments of which the first is paid, the second in part, the third missed."""
    story = a_negotiation()
    story.then("2025-01-10", plans.withdraw, "a longer one is better")
    story.then("2025-01-10", plans.propose, an_offer(installments=4, first="2025-02-05"))
    story.then("2025-01-12", plans.accept)
    story.then("2025-02-04", payments.receive, money("12948.63 CNY"), method="bank transfer")
    story.then("2025-03-01", payments.receive, money("5000.00 CNY"), reference="TX-2")
    story.review_daily("2025-03-08", "2025-03-09")
    return story


def a_case_on_hold() -> Story:
    """A case on hold for a dispute, until a day."""
    story = a_story(owed="800.00 EUR", due="2024-12-20", reference="INV-2024-000123", case_id=43)
    story.then("2025-01-07", holds.hold, HoldReason.DISPUTE, day("2025-03-01"))
    return story


def a_paid_case() -> Story:
    """A case that was paid in full in two payments, the first of them dated back."""
    story = a_story(owed="1000.00 CNY", reference="LOAN-9", case_id=44)
    story.then("2025-01-08", payments.receive, money("400.00 CNY"), on=day("2025-01-03"))
    story.then("2025-01-09", payments.receive, money("599.95 CNY"))
    return story


NAMES = ("王小明", "Anna-Maria Müller", "Li Na")


def many_views(names: tuple[str, str, str] = NAMES, on: str = "2025-01-10") -> list[CaseView]:
    """A list with each status, two currencies, short and long names."""
    stories = (a_negotiation(), a_case_on_hold(), a_paid_case())
    return [a_view(story, on, a_debtor(name)) for story, name in zip(stories, names, strict=True)]


def a_debtor_view(debtor: Debtor, *stories: Story) -> DebtorView:
    return DebtorView(debtor, HEAD, tuple(a_view(story, debtor=debtor) for story in stories))


def an_entry(what: Any, when: str = "2025-01-10T09:00", seq: int = 1) -> Entry:
    """An entry recorded and effective at a time of the creditor's zone."""
    now = a_now(when)
    effective: datetime = now.instant
    return Entry(seq, now.instant, effective, now.today, now.actor, now.clock, what)


def the_case(story: Story) -> Case:
    return story.case
