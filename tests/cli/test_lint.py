"""rules lint: what it shows, how it ends, and that a hostile text stays text."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.runner import Dunning
from tests.cli.test_hostile import HOSTILE, _steers


def test_the_words_are_marked_and_it_ends_with_5(dunning: Dunning) -> None:
    answer = dunning("rules", "lint", "Pay today\nor you will be arrested.")
    assert answer.code == 5
    assert answer.out.startswith("Pay today\nor you will be »arrested«.\n")
    assert "invented consequence" in answer.out
    assert "1 objections forbid this text." in answer.err
    assert "威胁恐吓" in dunning("rules", "lint", "我们去你单位闹", "--lang", "zh").out


def test_a_fair_text_ends_with_0(dunning: Dunning) -> None:
    answer = dunning("rules", "lint", "Your payment was due on 1 May.")
    assert (answer.code, answer.err) == (0, "")
    assert dunning.ok("rules", "lint", "Your payment was due on 1 May.") == {"blocks": False, "findings": []}


def test_what_only_warns_ends_with_0(dunning: Dunning) -> None:
    found = dunning.ok("rules", "lint", "Pay. Reply STOP to opt out.", "--pack", "us-federal", "--channel", "text")
    assert [(each["rule"], each["severity"], each["words"]) for each in found["findings"]] == [
        ("us.debt_collector", "warn", None)
    ]
    assert dunning("rules", "lint", "Pay.", "--pack", "us-federal", "--channel", "text").code == 5
    assert dunning("rules", "lint", "Pay.", "--pack", "us-federal").code == 0


def test_places_are_those_of_the_text(dunning: Dunning) -> None:
    text = "ｇｏ to ｊａｉｌ 去坐 牢"
    answer = dunning("rules", "lint", text, "--json")
    assert answer.code == 5
    assert [text[each["start"] : each["end"]] for each in answer.json["findings"]] == ["ｊａｉｌ", "坐 牢"]
    assert [each["words"] for each in answer.json["findings"]] == ["ｊａｉｌ", "坐 牢"]


def test_a_file(dunning: Dunning, tmp_path: Path) -> None:
    file = tmp_path / "text.txt"
    file.write_text("You will go to jail.", "utf-8")
    assert dunning("rules", "lint", "--file", str(file)).code == 5
    file.write_bytes(b"\xff\xfe")
    dunning.fails(6, "rules", "lint", "--file", str(file))
    dunning.fails(6, "rules", "lint", "--file", str(tmp_path / "none.txt"))


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (2, ()),
        (2, ("a text", "--file", "x")),
        (2, ("a text", "--channel", "pigeon")),
        (3, ("a text", "--pack", "atlantis")),
        (6, ("  ",)),
        (6, ("x" * 50_001,)),
    ],
)
def test_what_cannot_be_looked_at(dunning: Dunning, code: int, words: tuple[str, ...]) -> None:
    assert dunning("rules", "lint", *words).code == code


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in HOSTILE.items()])
def test_a_hostile_text_is_shown_harmless(dunning: Dunning, text: str) -> None:
    whole = f"{text} you will go to jail {text}\r\n{text}"
    for more in ((), ("--lang", "zh"), ("--json",)):
        answer = dunning("rules", "lint", whole, *more)
        assert answer.code == 5
        assert not _steers(answer.out)
    drawn = dunning("rules", "lint", whole, terminal=True, env={"TERM": "xterm", "NO_COLOR": "1"}).out
    assert "\x07" not in drawn
    assert "\x1b[2J" not in drawn


def test_it_opens_no_database(dunning: Dunning) -> None:
    assert dunning("rules", "lint", "Hello.", env={"DUNNING_DB": "nonsense://"}).code == 0
