"""The worklist as it is seen: wide, narrow, in a pipe, in Chinese; a case in full; what was learned."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace

from dunning_cli.domain import assessments
from dunning_cli.domain.compliance.guard import Finding, Verdict
from dunning_cli.domain.entries import Assessed, Level
from dunning_cli.domain.rules import Severity, Source, Strength, Sure, Text
from dunning_cli.domain.stages import Stage
from dunning_cli.domain.views import LearnedView, LeaseView, RankedCase, WorklistLine
from dunning_cli.domain.worklist import Chances, Learned, promise_due, together, worth
from dunning_cli.i18n import Translator
from dunning_cli.render.worklist import (
    csv_rows,
    explained_picture,
    learned_object,
    learned_picture,
    line_object,
    taken_picture,
    thousandths,
    worklist_picture,
)
from tests.builders import SHANGHAI, Story, a_policy, a_story, an_offer, day
from tests.render.builders import a_debtor, a_view
from tests.render.conftest import Snapshot, drawn

ON = "2025-02-03"
MORNING = datetime.fromisoformat("2025-02-03T09:00:00+08:00")
T = Translator()

ALLOWED = Verdict(pack="generic", findings=(), zone="Asia/Shanghai")
_TOO_LATE = Finding(
    rule="generic.hours",
    severity=Severity.BLOCK,
    strength=Strength.LAW,
    text=Text(en="No call at night.", zh="夜间不得致电。"),
    source=Source(title="A law", sure=Sure.PRIMARY),
)
BLOCKED = Verdict(
    pack="generic",
    findings=(_TOO_LATE,),
    allowed_from=datetime.fromisoformat("2025-02-03T08:00:00-05:00"),
    zone="America/New_York",
)
NEVER = replace(BLOCKED, allowed_from=None)


def ranked(story: Story, verdict: Verdict | None, name: str = "Wang Fang", deadline: str | None = None) -> RankedCase:
    promise, near = promise_due(story.case, day(ON)), day(deadline) if deadline else None
    value = worth(story.case, a_policy(), day(ON), promise=promise, deadline=near)
    return RankedCase(a_view(story, ON, a_debtor(name)), value, bool(verdict and verdict.allowed), verdict)


def a_line(*cases: RankedCase, lease: LeaseView | None = None) -> WorklistLine:
    allowed = cases[0].allowed
    until = MORNING.replace(hour=20) if allowed else None
    verdict = cases[0].verdict
    opens = verdict.allowed_from if verdict else None
    total = together(each.worth for each in cases)
    zone = verdict.zone if verdict else None
    return WorklistLine(cases[0].view.debtor, cases, total, allowed, opens, until, lease, zone)


def lines() -> list[WorklistLine]:
    due = a_story(stage=Stage.MONITORING, owed="3000.00 CNY", offer=an_offer(installments=1), reference="LOAN-7")
    more = a_story(owed="800.00 CNY", case_id=8, reference="CARD-12", due="2024-06-01")
    far = a_story(owed="125000 JPY", case_id=9)
    near = a_story(owed="90.00 EUR", case_id=10, reference="INV-2025-000001")
    near.then(ON, assessments.record, Assessed(Level.HIGH))
    lease = LeaseView("wang", MORNING + timedelta(minutes=30))
    return [
        a_line(ranked(due, ALLOWED), ranked(more, NEVER), lease=lease),
        a_line(ranked(far, BLOCKED, "John \x1b[31mSmith [bold]")),
        a_line(ranked(near, ALLOWED, "王小明", deadline="2025-02-20")),
    ]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [120, 80, None])
def test_the_list(width: int | None, lang: str, snapshot: Snapshot) -> None:
    picture = worklist_picture(lines(), Translator(lang), SHANGHAI)
    snapshot(f"worklist.{lang}.{width or 'pipe'}", drawn(picture, width, lang))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_case_in_full(lang: str, snapshot: Snapshot) -> None:
    snapshot(f"worklist_case.{lang}.80", drawn(explained_picture(lines()[1], Translator(lang)), 80, lang))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_debtor_who_was_taken(lang: str, snapshot: Snapshot) -> None:
    picture = taken_picture(lines()[:1], Translator(lang), SHANGHAI, cut=False)
    snapshot(f"worklist_taken.{lang}.120", drawn(picture, 120, lang))


def test_nobody() -> None:
    assert "dunning worklist --all" in drawn(worklist_picture([], T, SHANGHAI))
    assert "those of nobody" in drawn(taken_picture([], T, SHANGHAI, cut=False))
    assert "take again" in drawn(taken_picture([], T, SHANGHAI, cut=True))


def test_an_instant_is_told_in_the_reader_s_time() -> None:
    """08:00 in New York is 21:00 in Shanghai."""
    assert "from 2025-02-03 21:00" in drawn(worklist_picture(lines(), T, SHANGHAI))


def test_what_adds_up_in_json_adds_up() -> None:
    found = line_object(lines()[0])
    for each in (found, *found["cases"]):
        assert sum(round(float(why["contribution"]) * 100) for why in each["why"]) == round(float(each["worth"]) * 100)
    assert (found["taken_by"], found["taken_until"]) == ("wang", "2025-02-03T01:30:00.000000Z")
    assert found["cases"][1]["rules"] == ["generic.hours"]
    assert line_object(a_line(ranked(a_story(), None)))["cases"][0]["rules"] is None


@pytest.mark.parametrize(
    ("value", "text"), [pytest.param(5, "0.05", id="small"), pytest.param(-12345, "-123.45", id="less than nothing")]
)
def test_hundredths_as_text(value: int, text: str) -> None:
    assert thousandths(value, 2) == text


def test_csv_has_a_line_for_each_case() -> None:
    rows = [row for each in lines() for row in csv_rows(each, T)]
    assert [(row["case"], row["allowed"]) for row in rows] == [(7, "true"), (8, "false"), (9, "false"), (10, "true")]


def test_what_was_learned() -> None:
    chances = Chances(2, {("M2", "unknown"): Learned(500, 30), ("M7+", "low_cost"): Learned(15, 2)})
    assert drawn(learned_picture(LearnedView(chances, 1200), T)).splitlines() == [
        "Bucket  Segment       Cases  Recovered  Counts",
        "M2      not assessed     30       50 %  yes",
        "M7+     low cost          2        1 %  no: fewer than 30 cases",
        "",
        "1,200 cases ranked anew.",
    ]
    found = {(each["bucket"], each["segment"]): each for each in learned_object(LearnedView(chances, 0))["chances"]}
    assert found["M2", "unknown"] == {
        "bucket": "M2",
        "segment": "unknown",
        "chance": "0.500",
        "cases": 30,
        "learned": True,
    }
    assert (found["M7+", "low_cost"]["learned"], found["M7+", "low_cost"]["chance"]) == (False, "0.036")
