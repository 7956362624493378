"""A debtor as people see them."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from dunning_cli.domain import debtors
from dunning_cli.domain.debtors import Details
from dunning_cli.i18n import Translator
from dunning_cli.render.debtors import debtor_panel
from tests.builders import a_now, a_story
from tests.render import builders as b
from tests.render.conftest import Snapshot, drawn

T = Translator()


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("width", [80, 120, None])
def test_a_debtor(width: int | None, lang: str, snapshot: Snapshot) -> None:
    debtor = debtors.edit(b.reachable(), a_now("2025-01-08"), Details(), ["zhang@example.com"]).debtor
    view = b.a_debtor_view(debtor, b.a_negotiation(), b.a_paid_case())
    snapshot(f"debtor.{lang}.{width or 'pipe'}", drawn(debtor_panel(view, Translator(lang)), width, lang))


def test_a_debtor_revealed() -> None:
    shown = drawn(debtor_panel(b.a_debtor_view(b.reachable()), T, reveal=True))
    assert "    3  e-mail     zhang@example.com\n" in shown
    assert "Masked" not in shown


def test_a_debtor_of_whom_nothing_is_known() -> None:
    assert drawn(debtor_panel(b.a_debtor_view(b.a_debtor("Li")), T)) == (
        "Debtor 1 · Li\n  No details yet.\n\nNo cases here.\nAdd one with: dunning add-case --help\n"
    )


def test_an_invalid_detail_is_struck_through(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm-256color")
    debtor = debtors.edit(b.reachable(), a_now("2025-01-08"), Details(), ["zhang@example.com"]).debtor
    shown = drawn(debtor_panel(b.a_debtor_view(debtor), T), 80)
    assert "\x1b[2;9mz***@example.com\x1b[0m" in shown
    assert shown.count("no longer valid") == 1


@pytest.mark.parametrize("name", ["\x1b[31mx", "王" * 80, "[bold]x[/]", "a\u202eb"])
def test_a_hostile_debtor(name: str) -> None:
    debtor = b.a_debtor(name, addresses=(name,), id_numbers=(name,))
    shown = drawn(debtor_panel(b.a_debtor_view(debtor, a_story()), T, reveal=True), 80)
    box = shown.splitlines()[: shown.splitlines().index("")]
    assert {cell_len(row) for row in box} == {80}
    assert not any(char in shown for char in "\x1b\u202e")
