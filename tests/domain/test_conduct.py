"""The lint of texts under phrases made up here: how a pattern is read, what excuses it, where it stands."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dunning_cli.domain.conduct import (
    LONGEST,
    Conduct,
    Excuses,
    Finding,
    Label,
    LabelRule,
    Phrases,
    Required,
    check,
    lint,
)
from dunning_cli.domain.entries import Channel
from dunning_cli.domain.rules import Severity, Source, Sure, Text
from dunning_cli.errors import InputError

SOURCE = Source(title="this test", sure=Sure.DERIVED)
WHY = Text(en="Because.")
LABELS = {label: LabelRule(id=label, text=WHY, sources=(SOURCE,)) for label in Label}
EXCUSES = (
    Excuses(id="denied", say=("(will|do) not", "never"), not_in=("do not pay",)),
    Excuses(id="reported", say=("he said",), over_clauses=True, within=100),
    Excuses(id="denied.han", say=("不会",), within=10),
)
OPT_OUT = Required(
    id="x.stop",
    label=Label.MISSING_OPT_OUT,
    packs=("x",),
    channels=(Channel.TEXT,),
    severity=Severity.BLOCK,
    text=WHY,
    source=SOURCE,
    say=("reply stop",),
)


def a_rule(*say: str, **changes: Any) -> Phrases:
    return Phrases(**({"id": "x.rule", "label": Label.THREAT, "say": say} | changes))


def found(text: str, *rules: Phrases, **more: Any) -> list[Finding]:
    return lint(Conduct(LABELS, rules, EXCUSES, (OPT_OUT,)), text, **more)


def words(text: str, *rules: Phrases) -> list[str]:
    return [text[each.start : each.end] for each in found(text, *rules)]


@pytest.mark.parametrize(
    ("pattern", "text", "said"),
    [
        ("jail", "Off to JAIL.", ["JAIL"]),
        ("jail", "jailer", []),
        ("jail*", "jailers", ["jailers"]),
        ("your (boss|wife)", "call your  wife!", ["your  wife"]),
        ("call [the] boss", "call the boss, call boss", ["call the boss", "call boss"]),
        ("call [up|in] .. boss", "call up your boss", ["call up your boss"]),
        ("call [up|in] .. boss", "call boss", ["call boss"]),
        ("ring [us]", "do ring", ["ring"]),
        ("ring [us|me]", "ring me", ["ring me"]),
        ("tell .. boss", "tell your nice old boss", ["tell your nice old boss"]),
        ("tell .. boss", "tell a b c d e f boss", ["tell a b c d e f boss"]),
        ("tell .. boss", "tell a b c d e f g boss", []),
        ("tell .. boss", "tell me. boss", []),
        ("you'll pay", "you’ll pay", ["you’ll pay"]),
        ("arrest", "ａｒｒｅｓｔ", ["ａｒｒｅｓｔ"]),
        ("arrest", "ar\u200brest", ["ar\u200brest"]),
        ("坐牢", "让你坐牢", ["坐牢"]),
        ("坐牢", "坐 牢，坐*牢", ["坐 牢", "坐*牢"]),
        ("坐牢", "坐\n牢", []),
        ("去你.. 闹", "去你单位门口闹", ["去你单位门口闹"]),
        ("去你.. 闹", "去你家。闹", []),
        ("(打|砍)[断]你", "打断你 砍你", ["打断你", "砍你"]),
    ],
)
def test_how_a_phrase_is_read(pattern: str, text: str, said: list[str]) -> None:
    assert words(text, a_rule(pattern)) == said


@pytest.mark.parametrize("pattern", ["", "..", "[x]", "(a", "a]", "  ", "()"])
def test_what_is_no_phrase(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"says nothing|bracket"):
        check(pattern)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("We will not call the police.", []),
        ("We will not wait and call the police.", ["call the police"]),
        ("We will not wait, we call the police.", ["call the police"]),
        ("If you do not pay we call the police.", ["call the police"]),
        ("Never. We call the police.", ["call the police"]),
        ("he said, on Monday, you call the police", []),
        ("he said hello. Now we call the police", ["call the police"]),
        ("不会去你家", []),
        ("不会等了，去你家", ["去你家"]),
    ],
)
def test_what_is_denied_is_not_objected_to(text: str, said: list[str]) -> None:
    assert words(text, a_rule("call the police", "去你家")) == said


def test_a_phrase_that_says_not_is_not_denied_by_itself() -> None:
    assert words("you will not sleep again", a_rule("will not sleep")) == ["will not sleep"]


def test_what_is_wrong_however_it_is_said() -> None:
    assert words("I will not call you scum", a_rule("scum", plain=True)) == ["scum"]
    assert words("skimmed scum of milk", a_rule("scum", plain=True, unless=("milk",))) == []


def test_overlapping_words_of_a_label_are_one_finding() -> None:
    rules = (a_rule("call the police", "the police now"), a_rule("police", id="x.other", label=Label.FALSE_AUTHORITY))
    text = "call the police now"
    assert [(each.label, text[each.start : each.end]) for each in found(text, *rules)] == [
        (Label.THREAT, "call the police now"),
        (Label.FALSE_AUTHORITY, "police"),
    ]


@pytest.mark.parametrize(
    ("text", "pack", "channel", "severity"),
    [
        ("Pay.", "x", Channel.TEXT, Severity.BLOCK),
        ("Pay. Reply STOP to end this.", "x", Channel.TEXT, None),
        ("Pay.", "x", Channel.LETTER, None),
        ("Pay.", "x", None, Severity.WARN),
        ("Pay.", "y", Channel.TEXT, None),
        ("Pay.", None, Channel.TEXT, None),
    ],
)
def test_what_a_text_lacks(text: str, pack: str | None, channel: Channel | None, severity: Severity | None) -> None:
    result = found(text, pack=pack, channel=channel)
    assert [each.severity for each in result] == ([severity] if severity else [])
    assert all(each.missing for each in result)
    assert [each.blocks for each in result] == ([severity is Severity.BLOCK] if severity else [])


def test_a_text_that_is_too_long_is_refused() -> None:
    assert found("x" * LONGEST) == []
    with pytest.raises(InputError, match="too long"):
        found("x" * (LONGEST + 1))


@given(st.text(max_size=200))
def test_the_marked_words_lie_in_the_text(text: str) -> None:
    for each in found(f"{text} police {text}", a_rule("police", "[the] police .. now")):
        assert 0 <= each.start < each.end <= len(text) * 2 + 8
        assert "police" in f"{text} police {text}"[each.start : each.end].casefold()


def test_a_hostile_text_takes_no_time() -> None:
    """Each repetition in a phrase is bounded; this would run for hours otherwise."""
    rule = a_rule("tell .. your .. boss", "(a|b) .. (a|b) .. c", "a* .. b* .. c", "打.. 你.. 家")
    for text in ("tell your " * 4000, "a b " * 10_000, "a" * 40_000, "打你" * 20_000):
        found(text, rule)
