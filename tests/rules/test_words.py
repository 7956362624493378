"""The words of questions about contacts: each has one meaning, and the manual explains them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from dunning_cli.domain.compliance.words import Aim, Event
from dunning_cli.rules.words import FILE, words

GIVEN: dict[str, list[dict[str, Any]]] = tomllib.loads(FILE.read_text("utf-8"))
PAGE = Path(__file__).parents[2] / "docs" / "contact-rules.md"


@pytest.mark.parametrize("room", GIVEN)
def test_a_spelling_has_one_meaning(room: str) -> None:
    names = [name for row in GIVEN[room] for name in (row["word"], *row.get("also", ()))]
    assert sorted(names) == sorted(set(names))


def test_every_event_is_explained() -> None:
    assert set(words().event_says) == set(Event)


def test_every_purpose_of_a_rule_can_be_said() -> None:
    assert {aim for means in words().purposes.values() for aim in means} == set(Aim)


@pytest.mark.parametrize("room", ["event", "purpose", "party"])
def test_the_manual_lists_every_word(room: str) -> None:
    page = PAGE.read_text("utf-8")
    assert [row["word"] for row in GIVEN[room] if f"`{row['word']}`" not in page] == []
