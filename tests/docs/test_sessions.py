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
    """The steps of a page of this text, run."""
    page = folder / "page.md"
    page.write_text(text, "utf-8")
    sessions.played.cache_clear()
    return sessions.played(page)


PAGE = """\
```toml file=strict.toml
name = "strict"
```

```console
$ export NAME=strict.toml \\
    OTHER=nothing.toml
$ dunning policy check strict.toml
strict.toml is a valid policy, 'strict'.
$ dunning policy check \\
    nothing.toml
Error: There is no file nothing.toml.
[exit 6]
$ dunning policy check "$NAME" --json | head -n 4
{
  …
  "currency": "CNY",
  "tolerance": "0.10",
$ dunning policy check strict.toml --json
{
  "name": "strict",
  …
}
```
"""


def test_a_right_page_holds(tmp_path: Path) -> None:
    """Commands that follow on each other, a file, an exit code, a pipe, and lines left out."""
    steps = a_page(tmp_path, PAGE)
    assert len(steps) == 5
    assert [step.command for step in steps if not step.holds] == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        pytest.param('"0.10"', '"0.11"', id="a digit"),
        pytest.param("[exit 6]", "[exit 4]", id="an exit code"),
        pytest.param("[exit 6]\n", "", id="an exit code left out"),
        pytest.param("Error: There is no file nothing.toml.\n", "", id="a line left out"),
        pytest.param("nothing.toml.\n", "nothing.toml.\n\n", id="a line too many"),
        pytest.param('name = "strict"', 'name = "stricter"', id="a file"),
    ],
)
def test_a_wrong_page_is_found_and_written_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, right: str, wrong: str
) -> None:
    text = PAGE.replace(right, wrong, 1)
    assert text != PAGE
    monkeypatch.setattr(sessions, "UPDATE", False)
    assert [step.command for step in a_page(tmp_path, text) if not step.holds]

    monkeypatch.setattr(sessions, "UPDATE", True)
    a_page(tmp_path, text)
    monkeypatch.setattr(sessions, "UPDATE", False)
    mended = (tmp_path / "page.md").read_text("utf-8")
    assert [step.command for step in a_page(tmp_path, mended) if not step.holds] == []
    assert mended.count("  …\n") == 2, "what was left out on purpose stays out"
    assert mended == PAGE or "stricter" in text


def test_what_varies_is_written_as_dots() -> None:
    said = ["Case  Entries  Head", f"   1        1  {'a1' * 32}", "2025-01-06: 1 reviewed, 0.3 s"]
    shown = sessions.renewed([], said)
    assert shown == ["Case  Entries  Head", "   1        1  …", "2025-01-06: 1 reviewed, … s"]
