"""What a command did to a case."""

from __future__ import annotations

import pytest

from dunning_cli.domain import holds, notes
from dunning_cli.domain.entries import HoldReason
from dunning_cli.i18n import Translator
from dunning_cli.render.changes import (
    changed_object,
    changed_picture,
    payment_object,
    proposed_picture,
    would_picture,
)
from dunning_cli.render.objects import case_object, payment_answer
from tests.builders import Story, a_story
from tests.render import builders as b
from tests.render.conftest import Snapshot, drawn

T = Translator()


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [80, None])
def test_a_proposed_plan(width: int | None, lang: str, snapshot: Snapshot) -> None:
    story = b.a_negotiation()
    picture = proposed_picture(b.a_view(story), story.entries[-1:], Translator(lang))
    snapshot(f"proposed.{lang}.{width or 'pipe'}", drawn(picture, width, lang))


def _shown(story: Story, count: int, lang: str = "en") -> str:
    entries = story.entries[len(story.entries) - count :]
    return drawn(changed_picture(b.a_view(story), entries, Translator(lang)), None, lang)


def test_a_change() -> None:
    story = a_story(reference="LOAN-7")
    story.then("2025-01-08", notes.assign, "li \x1b[31m")
    assert _shown(story, 1) == (
        "Case 7 · LOAN-7 · Wang Xiaoming\n"
        "  ✓  Assigned to li ␛[31m\n"
        "  contact · 1,000.00 CNY owed · next: 2025-03-07 escalation due\n"
    )
    assert _shown(story, 1, "zh") == (
        "案件 7 · LOAN-7 · Wang Xiaoming\n"
        "  ✓  分派给 li ␛[31m\n"
        "  联络 · 欠款 1,000.00 CNY · 下一步：2025-03-07 应升级处理\n"
    )


def test_nothing_to_change() -> None:
    assert _shown(a_story(), 0).splitlines()[1] == "  Nothing to change: it is already so."


def test_a_case_on_hold_says_so() -> None:
    story = a_story()
    story.then("2025-01-08", holds.hold, HoldReason.COMPLAINT)
    assert _shown(story, 1).splitlines()[2] == "  contact · on hold · 1,000.00 CNY owed · nothing is due"


def test_a_closed_case_has_nothing_next() -> None:
    assert _shown(b.a_paid_case(), 2).splitlines() == [
        "Case 44 · LOAN-9 · Wang Xiaoming",
        "  ✓  0.05 CNY waived: a remainder this small counts as paid",
        "  ✓  Case closed: paid",
        "  closed: paid · 0.00 CNY owed",
    ]


def test_without_a_plan_there_is_no_preview() -> None:
    view = b.a_view(a_story())
    assert proposed_picture(view, [], T) == changed_picture(view, [], T)


def test_what_would_be_done() -> None:
    assert drawn(would_picture(b.a_view(a_story()), T)) == (
        "Case 7 · Wang Xiaoming\n  Every need is met: it may be escalated. Nothing was written.\n"
    )


def test_for_scripts() -> None:
    story = b.a_paid_case()
    view = b.a_view(story)
    paid, closing = (
        {"seq": 3, "kind": "payment_received"},
        [
            {"seq": 4, "kind": "charge_waived"},
            {"seq": 5, "kind": "case_closed"},
        ],
    )
    assert changed_object(view, story.entries[-2:]) == case_object(view) | {"written": closing}
    last = story.entries[2:]
    assert payment_object(view, last) == payment_answer(view, last) | {"written": [paid, *closing]}
