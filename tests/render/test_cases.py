"""The list of cases, and the panel of one."""

from __future__ import annotations

from datetime import date

import pytest
from rich.cells import cell_len

from dunning_cli.domain import contacts, holds, payments, plans
from dunning_cli.domain.entries import DebtType, Direction, HoldReason, Level
from dunning_cli.domain.stages import Stage
from dunning_cli.domain.views import CaseView
from dunning_cli.i18n import Translator
from dunning_cli.render.cases import case_list, case_panel, totals
from tests.builders import Story, a_contact, a_story, an_offer, money
from tests.render import builders as b
from tests.render.conftest import Snapshot, drawn

WIDTHS = [pytest.param(80, id="80"), pytest.param(120, id="120"), pytest.param(None, id="pipe")]
HOSTILE = (
    pytest.param("[bold red]x[/]", id="markup"),
    pytest.param("\x1b[31mred\x1b[0m", id="escape"),
    pytest.param("=1+1", id="formula"),
    pytest.param("gnp\u202e.exe", id="right to left"),
    pytest.param("王" * 60, id="long and wide"),
    pytest.param("x" * 200, id="very long"),
    pytest.param("two\nlines\tand a tab", id="newline"),
)

PANELS = {
    "negotiation": lambda: b.a_view(b.a_negotiation(), debtor=b.reachable()),
    "monitoring": lambda: b.a_view(b.a_plan_followed(), "2025-04-10", b.reachable()),
    "on_hold": lambda: b.a_view(b.a_case_on_hold()),
    "paid": lambda: b.a_view(b.a_paid_case()),
}


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("which", PANELS)
def test_a_panel(which: str, width: int | None, lang: str, snapshot: Snapshot) -> None:
    picture = case_panel(PANELS[which](), Translator(lang))
    snapshot(f"case_panel.{which}.{lang}.{width or 'pipe'}", drawn(picture, width, lang))


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", WIDTHS)
def test_a_list(width: int | None, lang: str, snapshot: Snapshot) -> None:
    picture = case_list(b.many_views(), Translator(lang))
    snapshot(f"case_list.{lang}.{width or 'pipe'}", drawn(picture, width, lang))


@pytest.mark.parametrize(
    ("lang", "shown"),
    [
        ("en", "No cases here.\nAdd one with: dunning add-case --help\n"),
        ("zh", "没有案件。\n新增案件：dunning add-case --help\n"),
    ],
)
def test_an_empty_list_says_what_to_do(lang: str, shown: str) -> None:
    assert drawn(case_list([], Translator(lang)), None, lang) == shown


# --- nothing that matters is cut ------------------------------------------------------------------------------------


def _with_name(name: str) -> list[CaseView]:
    return b.many_views((name, "Li Na", "王小明"))


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_in_a_list(name: str, width: int) -> None:
    shown = drawn(case_list(_with_name(name), Translator()), width)
    rows = [row for row in shown.splitlines()[:-2] if row]
    assert len({cell_len(row) for row in rows}) == 1
    assert cell_len(rows[0]) <= width
    for kept in ("42", "LOAN-7", "INV-2024-000123", "51,794.52", "800.00", "2025-01-25", "2025-03-02", "王小明"):
        assert kept in shown
    assert not any(char in shown for char in "\x1b\u202e\t\r")


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_in_a_pipe(name: str) -> None:
    shown = drawn(case_list(_with_name(name), Translator()))
    head, *rows = shown.splitlines()[:4]
    starts = {cell_len(head[: head.index("Stage")])}
    starts |= {
        cell_len(row[: row.index(word)]) for row, word in zip(rows, ["negotiation", "contact", "contact"], strict=True)
    }
    assert len(starts) == 1
    assert "…" not in shown
    assert not any(char in shown for char in "\x1b\u202e\t\r")


@pytest.mark.parametrize("width", [80, 120, None])
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_on_a_panel(name: str, width: int | None) -> None:
    story = a_story(reference="R\x1b]0;x\x07", creditor=name, collector=name, portfolio=name)
    shown = drawn(case_panel(b.a_view(story, debtor=b.a_debtor(name, addresses=(name,))), Translator()), width)
    if width:
        assert {cell_len(row) for row in shown.splitlines()} == {width}
    assert "␛]0;x␇" in shown
    assert "1,000.00 CNY" in shown
    assert not any(char in shown for char in "\x1b\u202e\t\r\x07")


@pytest.mark.parametrize("reference", ["R" * 8, "R" * 16, "R" * 30, "王" * 20])
@pytest.mark.parametrize("width", [80, 100, 120])
def test_a_reference_is_never_cut(reference: str, width: int) -> None:
    story = a_story(reference=reference, owed="123456789.00 CNY")
    shown = drawn(case_list([b.a_view(story, debtor=b.a_debtor("x" * 100))], Translator()), width)
    assert reference in shown
    assert "123,456,789.00" in shown
    assert "2025-03-07" in shown


def test_a_list_too_wide_for_a_terminal_takes_two_rows_a_case() -> None:
    views = b.many_views()
    wide, narrow = drawn(case_list(views, Translator()), 120), drawn(case_list(views, Translator()), 80)
    assert len(wide.splitlines()) == 2 + 3 + 2
    assert len(narrow.splitlines()) == 2 + 6 + 2


# --- what is said ---------------------------------------------------------------------------------------------------


def test_totals_by_currency() -> None:
    views = b.many_views()
    assert totals(views, Translator()) == "3 cases, owed: 51,794.52 CNY, 800.00 EUR"
    assert totals([*views, *views][:4], Translator()) == "4 cases, owed: 103,589.04 CNY, 800.00 EUR"
    assert totals(views[:1], Translator()) == "1 case, owed: 51,794.52 CNY"
    assert totals(views, Translator("zh")) == "3 件案件，欠款合计：51,794.52 CNY、800.00 EUR"


def _panel(story: Story, on: str = "2025-01-10", **given: bool) -> str:
    return drawn(case_panel(b.a_view(story, on, b.reachable()), Translator(), **given))


def test_details_are_masked_unless_revealed() -> None:
    story = a_story()
    assert "+86 138****8000" in _panel(story)
    assert "13800138000" not in _panel(story)
    shown = _panel(story, reveal=True)
    assert all(d in shown for d in ("+86 13800138000", "zhang@example.com", "世纪大道100号", "110101199003078888"))


@pytest.mark.parametrize(
    ("due", "said"),
    [
        ("2025-01-10", "not yet overdue, due 2025-01-10"),
        ("2025-02-01", "not yet overdue, due 2025-02-01"),
        ("2025-01-09", "1 days (M1), due 2025-01-09"),
        ("2024-06-01", "223 days (M7+), due 2024-06-01"),
    ],
)
def test_days_overdue(due: str, said: str) -> None:
    assert f"Overdue      {said}" in _panel(a_story(due=due))


def test_what_was_paid() -> None:
    story = b.a_plan_followed()
    assert "Paid         17,948.63 of 51,794.52 CNY  ██████░░░░░░░░░░░░░░ 34 %" in _panel(story, "2025-04-10")
    assert "Paid         nothing yet of 51,794.52 CNY" in _panel(story, "2025-01-15")


def test_more_than_was_owed() -> None:
    story = a_story()
    story.then("2025-01-08", payments.receive, money("1500.00 CNY"))
    shown = _panel(story)
    assert "Owed      0.00 CNY on 2025-01-10\n" in shown
    assert "500.00 CNY was paid beyond it" in shown
    assert "████████████████████ 100 %" in shown


def test_what_kind_of_claim_it_is() -> None:
    story = a_story(debt_type=DebtType.CREDIT_CARD, portfolio="2024-B", collector="li")
    assert "Acme · credit card · portfolio 2024-B · collector li\n" in _panel(story)


def test_a_settlement_says_so() -> None:
    story = a_story(stage=Stage.NEGOTIATION)
    story.then("2025-01-08", plans.propose, an_offer(installments=1, settle_for="700.00 CNY"))
    assert "proposed · 700.00 CNY in one payment · settles the whole debt · expires 2025-01-22" in _panel(story)


def test_an_assessment_of_one_level_has_no_advice() -> None:
    story = a_story()
    story.then("2025-01-07", contacts.log, a_contact(direction=Direction.IN, willingness=Level.HIGH))
    assert "Assessment   Willingness is high: recorded on 2025-01-07 (entry 2).\n" in _panel(story)


def test_a_hold_without_an_end() -> None:
    story = a_story()
    story.then("2025-01-07", holds.hold, HoldReason.COMPLAINT)
    shown = _panel(story)
    assert "On hold   complaint, since 2025-01-07\n" in shown
    assert "Next action" not in shown


def test_effort_counts_what_took_place_by_the_day() -> None:
    story = a_story()
    for when in ("2025-01-07", "2025-01-09"):
        story.then(when, contacts.log, a_contact(outcome="no_answer", minutes=3))
    assert "Effort       1 contact · 3 min\n" in _panel(story, "2025-01-08")
    assert "Effort       2 contacts · 6 min\n" in _panel(story)


@pytest.mark.parametrize(
    ("stage", "path"),
    [
        (Stage.CONTACT, "[contact] → negotiation → monitoring → legal"),
        (Stage.NEGOTIATION, "contact → [negotiation] → monitoring → legal"),
        (Stage.MONITORING, "contact → negotiation → [monitoring] → legal"),
        (Stage.LEGAL, "contact → negotiation → monitoring → [legal]"),
        ("closed", "contact → [negotiation] → monitoring → legal   closed: written off"),
    ],
)
def test_the_path_through_the_stages(stage: Stage, path: str) -> None:
    assert f"\n  {path}\n" in _panel(a_story(stage=stage))


def test_an_action_whose_day_has_come_is_coloured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    views = [b.a_view(a_story(), on) for on in ("2025-03-06", "2025-03-07")]
    before, after = (drawn(case_list([view], Translator()), 120) for view in views)
    assert views[0].next_action is not None
    assert views[0].next_action.on == date(2025, 3, 7)
    assert "\x1b[33m2025-03-07\x1b[0m" not in before
    assert "\x1b[33m2025-03-07\x1b[0m" in after


@pytest.mark.parametrize("width", [80, 120])
def test_the_days_of_a_closed_case_are_faint(width: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    shown = drawn(case_list(b.many_views(), Translator()), width)
    assert "\x1b[2m39\x1b[0m" in shown
    assert "\x1b[1;31m131\x1b[0m" in shown


@pytest.mark.parametrize(
    ("on", "style"), [("2024-12-31", ""), ("2025-01-01", "33"), ("2025-03-01", "33"), ("2025-03-02", "1;31")]
)
def test_the_later_the_redder(on: str, style: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    shown = drawn(case_list([b.a_view(a_story(due="2024-12-01"), on)], Translator()), 120)
    days = str((date.fromisoformat(on) - date(2024, 12, 1)).days)
    assert (f"\x1b[{style}m{days}\x1b[0m (M" if style else f" {days} (M") in shown
