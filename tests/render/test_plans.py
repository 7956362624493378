"""Plans as people see them."""

from __future__ import annotations

import pytest

from dunning_cli.domain import payments, plans
from dunning_cli.domain.facts import PlanStatus
from dunning_cli.i18n import Translator
from dunning_cli.render import plain
from dunning_cli.render.pictures import text_of
from dunning_cli.render.plans import head, installments, plan_preview
from tests.builders import a_now, a_plan, a_policy, a_story, an_offer, day, money
from tests.render.conftest import Snapshot, drawn

T = Translator()


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [80, None])
def test_a_preview(width: int | None, lang: str, snapshot: Snapshot) -> None:
    offer = an_offer(installments=3, settle_for="800.00 CNY", down="100.00 CNY")
    terms = plans.terms_of(a_story().case, a_policy(), a_now("2025-01-10"), offer)
    shown = drawn(plan_preview(terms, "CNY", Translator(lang)), width, lang)
    snapshot(f"plan_preview.{lang}.{width or 'pipe'}", shown)


def test_a_preview_of_a_promise() -> None:
    promise = a_plan(status="proposed", installments=[("2025-02-01", "300.00 CNY")])
    assert drawn(plan_preview(promise, "CNY", T)) == (
        "Plan 1 · 300.00 CNY in one payment\n"
        "  No.  Due         Amount (CNY)\n"
        "    1  2025-02-01        300.00\n"
        "  To be answered by 2025-01-24.\n"
    )


@pytest.mark.parametrize(
    ("status", "said"),
    [
        ("proposed", "proposed · 900.00 CNY in 3 installments · expires 2025-01-24"),
        ("accepted", "accepted · 900.00 CNY in 3 installments"),
        ("broken", "broken · 900.00 CNY in 3 installments"),
        ("withdrawn", "withdrawn · 900.00 CNY in 3 installments"),
    ],
)
def test_the_head_of_a_plan(status: str, said: str) -> None:
    assert text_of(head(a_plan(status=status), T)) == said


def test_a_settlement_says_so() -> None:
    said = text_of(head(a_plan(settles=True), T))
    assert said == "accepted · 900.00 CNY in 3 installments · settles the whole debt"


@pytest.mark.parametrize("status", PlanStatus)
def test_every_status_has_its_own_word(status: PlanStatus) -> None:
    words = {text_of(head(a_plan(status=each.value), Translator("zh"))) for each in PlanStatus}
    assert len(words) == len(PlanStatus)
    assert text_of(head(a_plan(status=status.value), T)).startswith(status.value)


def test_every_state_of_an_installment_has_its_sign() -> None:
    story = a_story()
    plan = a_plan(
        installments=[(f"2025-0{month}-01", "300.00 CNY") for month in (2, 3, 4, 5)],
        missed=(2, 3),
        proposed=0,
    )
    story.then("2025-02-01", payments.receive, money("400.00 CNY"))
    table = installments(plan, story.case.payments, day("2025-04-10"), T)
    assert plain.text(table) == (
        "No.  Due         Amount    Paid  Status\n"
        "  1  2025-02-01  300.00  300.00  ✓ paid\n"
        "  2  2025-03-01  300.00  100.00  ◐ partial\n"
        "  3  2025-04-01  300.00    0.00  ✗ missed\n"
        "  4  2025-05-01  300.00    0.00  · open\n"
    )
    assert [row[-1][0].style for row in table.rows] == ["good", "warn", "bad", ""]
