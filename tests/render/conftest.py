"""What people see, compared with text files: UPDATE_SNAPSHOTS=1 writes them anew, for `git diff` to show."""

from __future__ import annotations

import os
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import TypeAlias

import pytest

from dunning_cli.i18n import Translator
from dunning_cli.render.pictures import Picture
from dunning_cli.render.screen import Screen

SNAPSHOTS = Path(__file__).parent / "snapshots"

Snapshot: TypeAlias = Callable[[str, str], None]


@pytest.fixture(autouse=True)
def _plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal without colours, so that a drawing is text; tests of colours set TERM themselves."""
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "dumb")


@pytest.fixture
def snapshot() -> Snapshot:
    """Compare a text with the file of its name. Blanks at the ends of lines, which nobody sees, do not count."""

    def check(name: str, text: str) -> None:
        path = SNAPSHOTS / f"{name}.txt"
        seen = "".join(f"{line.rstrip()}\n" for line in text.splitlines())
        if os.environ.get("UPDATE_SNAPSHOTS") == "1":
            path.parent.mkdir(exist_ok=True)
            path.write_text(seen, encoding="utf-8")
        assert path.exists(), f"{path.name} is not there yet: write it with UPDATE_SNAPSHOTS=1"
        assert seen == path.read_text(encoding="utf-8")

    return check


def drawn(picture: Picture, width: int | None = None, lang: str = "en") -> str:
    """What a picture looks like: on a terminal so many cells wide, or in a pipe."""
    file = StringIO()
    Screen(file, Translator(lang), width, terminal=width is not None).show(picture)
    return file.getvalue()
