"""Every text that a user can read has a Chinese translation, and every translation is of a text that is there."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from enum import StrEnum
from string import Formatter

import pytest

from dunning_cli import domain
from dunning_cli.domain import review
from dunning_cli.domain.assessments import SEGMENTS
from dunning_cli.domain.compliance.words import Event, Override
from dunning_cli.domain.contacts import PARTIES, PARTIES_MORE
from dunning_cli.domain.debtors import DEBTOR_KINDS
from dunning_cli.domain.entries import CASE_KINDS
from dunning_cli.domain.stages import GUARDS, PLACES
from dunning_cli.i18n.zh import FILLED, TEXTS
from dunning_cli.i18n.zh_words import WORDS
from tests.i18n import source

PROGRAM = source.texts()
ADVICE = [advice for _, advice in SEGMENTS.values()]


SHAPES = {source.shape(key) for key in FILLED}


def _is_translated(found: source.Found) -> bool:
    return found.text in SHAPES if found.filled else found.text in TEXTS or found.text in FILLED


def test_every_text_has_a_translation() -> None:
    lacking = [f"  {found.place}  {found.text!r}" for found in PROGRAM if not _is_translated(found)]
    assert not lacking, "no Chinese in i18n/zh.py for:\n" + "\n".join(lacking)


@pytest.mark.parametrize("advice", ADVICE)
def test_every_advice_has_a_translation(advice: str) -> None:
    assert advice in TEXTS


@pytest.mark.parametrize("guard", GUARDS)
def test_every_guard_has_a_translation(guard: str) -> None:
    assert GUARDS[guard].needs in TEXTS


def test_no_translation_is_left_over() -> None:
    said = {found.text for found in PROGRAM} | {*ADVICE} | {guard.needs for guard in GUARDS.values()}
    left_over = sorted(TEXTS.keys() - said)
    assert not left_over, "\n".join(left_over)


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("key", [*TEXTS, *FILLED])
def test_a_translation_has_the_same_places(key: str) -> None:
    said = (TEXTS | FILLED)[key]
    assert _places(said) == _places(key)
    assert said.strip()


@pytest.mark.parametrize("key", [key for key in TEXTS if re.search("[a-z]{3}", re.sub(r"\{\w+\}|--\w+", "", key))])
def test_a_translation_is_chinese(key: str) -> None:
    assert re.search("[\u4e00-\u9fff]", TEXTS[key])


def _enums() -> Iterator[tuple[str, StrEnum]]:
    for found in pkgutil.iter_modules(domain.__path__):
        module = importlib.import_module(f"dunning_cli.domain.{found.name}")
        for name, cls in inspect.getmembers(module, inspect.isclass):
            if issubclass(cls, StrEnum) and cls.__module__ == module.__name__:
                yield from ((name, member) for member in cls)


@pytest.mark.parametrize("event", [str(each) for each in Event])
def test_every_fact_has_a_translation(event: str) -> None:
    assert f"fact.{event}" in WORDS


@pytest.mark.parametrize("reason", [str(each) for each in Override])
def test_every_reason_for_going_over_a_rule_has_a_translation(reason: str) -> None:
    assert f"override.{reason}" in WORDS


def _next_actions() -> set[str]:
    """The words for what comes next, as `review` writes them."""
    words = set()
    for function in (review.next_action, review._next_installment, review._next_escalation):
        tree = ast.parse(inspect.getsource(function)).body[0]
        assert isinstance(tree, ast.FunctionDef)
        statements = tree.body[1:] if ast.get_docstring(tree) else tree.body
        words |= {
            node.value
            for statement in statements
            for node in ast.walk(statement)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
    return words


VOCABULARY = sorted(
    {str(member) for _, member in _enums()}
    | set(PLACES)
    | CASE_KINDS.keys()
    | DEBTOR_KINDS.keys()
    | GUARDS.keys()
    | {segment for segment, _ in SEGMENTS.values()}
    | set(PARTIES)
    | set(PARTIES_MORE)
    | _next_actions()
    | {"current"}
)


def test_the_vocabulary_is_the_whole_one() -> None:
    assert {"negotiation", "voicemail_left", "plan_reinstated", "close_paid", "escalation_due", "debtor_added"} < {
        *VOCABULARY
    }


@pytest.mark.parametrize("word", VOCABULARY)
def test_every_word_has_a_translation(word: str) -> None:
    assert word in WORDS, f"no Chinese in i18n/zh_words.py for {word!r}"


def test_words_are_chinese() -> None:
    assert not [word for word, said in WORDS.items() if not re.search("[\u4e00-\u9fff]", said)]
