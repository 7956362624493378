"""Every console block of the manual is run, and says what the manual shows. UPDATE_SESSIONS=1 writes them again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from . import sessions
from .sessions import PAGES, ROOT, Step


def _every_step() -> Iterator[object]:
    for page in PAGES:
        name = page.relative_to(ROOT)
        for number, step in enumerate(sessions.read(page)):
            yield pytest.param(page, number, id=f"{name}:{step.first} {' '.join(step.command.split())[:120]}")


@pytest.mark.parametrize(("page", "number"), list(_every_step()))
def test_session(page: Path, number: int) -> None:
    step = sessions.played(page)[number]
    if not step.holds:
        assert step.said == step.shown, f"{page.name}: $ {step.command}"


def a_page(folder: Path, text: str) -> list[Step]:
    page = folder / "page.md"
    page.write_text(text, "utf-8")
    return sessions.played(page)


PAGE = """\
```toml file=settings.toml
currency = "EUR"
```

```console
$ export DUNNING_DB=sqlite:///x.db DUNNING_SETTINGS=settings.toml \\
    DUNNING_NOW=2025-01-06T09:00:00+08:00 DUNNING_TIMEZONE=Asia/Shanghai
$ dunning add-case --debtor Ann --creditor 'River Bank' --principal 100 \\
    --due 2025-01-05
Case 1 · Ann
  ✓  Case opened: 100.00 EUR owed to River Bank, due 2025-01-05
  …
$ dunning show-case 2
Error: There is no case 2.
Hint:  See the cases with: dunning list-cases
[exit 3]
$ dunning show-case 1 --json | head -n 2
{
  "case": 1,
```
"""


def test_a_right_page_holds(tmp_path: Path) -> None:
    steps = a_page(tmp_path, PAGE)
    assert len(steps) == 4
    assert [step.command for step in steps if not step.holds] == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        pytest.param("100.00 EUR", "100.01 EUR", id="a digit"),
        pytest.param("[exit 3]", "[exit 4]", id="an exit code"),
        pytest.param("[exit 3]\n", "", id="an exit code left out"),
        pytest.param('  "case": 1,\n', "", id="a line left out"),
        pytest.param("Case 1 · Ann\n", "Case 1 · Ann\n\n", id="a line too many"),
        pytest.param('currency = "EUR"', 'currency = "CNY"', id="a file"),
    ],
)
def test_a_wrong_page_is_found_and_written_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, right: str, wrong: str
) -> None:
    assert right in PAGE
    steps = a_page(tmp_path, PAGE.replace(right, wrong, 1))
    assert [step.command for step in steps if not step.holds]

    monkeypatch.setattr(sessions, "UPDATE", True)
    sessions.played.cache_clear()
    a_page(tmp_path, PAGE.replace(right, wrong, 1))
    monkeypatch.setattr(sessions, "UPDATE", False)
    sessions.played.cache_clear()
    mended = (tmp_path / "page.md").read_text("utf-8")
    assert all(step.holds for step in a_page(tmp_path, mended))
    assert "  …\n" in mended, "what was left out on purpose stays out"
    if right in PAGE and not right.startswith("currency"):
        assert mended == PAGE


def test_what_varies_is_written_as_dots() -> None:
    said = ["Case  Entries  Head", f"   1        1  {'a1' * 32}", "2025-01-06: 1 reviewed, 0.3 s"]
    shown = sessions.renewed([], said)
    assert shown == ["Case  Entries  Head", "   1        1  …", "2025-01-06: 1 reviewed, … s"]
