"""List, show and test rule packs, and answer questions to them. No database is touched."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from msgspec import Struct

from ..domain.questions import Tried, differences
from ..domain.rules import Example, Pack, Rule
from ..errors import DunningError, InputError, RulePackNotFoundError
from ..rules.book import Book, book
from ..rules.files import example_of, meant
from ..settings import rules_folder
from .questions import answer

if TYPE_CHECKING:
    from ..settings import Settings


def open_book(settings: Settings) -> Book:
    """The shipped rules and the user's own."""
    return book(rules_folder(settings))


def list_packs(rules: Book) -> list[tuple[Pack, bool]]:
    """Every pack, and whether it comes from the user's own folder."""
    return [(pack, rules.is_own(pack.id)) for pack in rules.packs()]


def show(rules: Book, name: str) -> tuple[Pack, Rule | None]:
    """A pack, or a rule and the pack it was written in."""
    if name in rules.pack_ids():
        return rules.pack(name), None
    return rules.rule(name)


# --- questions --------------------------------------------------------------------------------------------------------


class Question(Struct, frozen=True):
    """A line of JSON Lines that asks something."""

    id: Any
    kind: str
    jurisdiction: str
    facts: Mapping[str, Any]
    ask: Mapping[str, Any]


def read_questions(lines: Iterable[str], name: str) -> list[Question | tuple[Any, str]]:
    """The questions of a file. A line that is no JSON object stops everything; one that lacks something is kept."""
    found: list[Question | tuple[Any, str]] = []
    for number, text in enumerate(lines, 1):
        if not text.strip():
            continue
        try:
            raw = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise InputError(
                "{name}, line {line}: this is not JSON: {said}.", name=name, line=number, said=error
            ) from error
        if not isinstance(raw, dict):
            raise InputError("{name}, line {line}: a question is a JSON object.", name=name, line=number)
        found.append(_question(raw))
    return found


def _question(raw: Mapping[str, Any]) -> Question | tuple[Any, str]:
    kind, pack = raw.get("kind"), raw.get("jurisdiction")
    facts, ask = raw.get("facts", {}), raw.get("ask", {})
    if not isinstance(kind, str) or not isinstance(pack, str):
        return raw.get("id"), "A question needs an id, a kind and a jurisdiction."
    if not isinstance(facts, dict) or not isinstance(ask, dict):
        return raw.get("id"), "The facts and the ask of a question are JSON objects."
    return Question(raw.get("id"), kind, pack, facts, ask)


def check(rules: Book, questions: Iterable[Question | tuple[Any, str]]) -> Iterator[dict[str, Any]]:
    """One answer a question, in their order. What cannot be answered is said in its place."""
    for question in questions:
        if isinstance(question, tuple):
            yield {"id": question[0], "error": question[1]}
            continue
        try:
            pack = rules.pack(question.jurisdiction)
            found = answer(rules, pack, question.kind, question.facts, question.ask)
        except DunningError as error:
            yield {"id": question.id, "error": str(error)}
        else:
            yield {"id": question.id, "expect": found.expect, **found.beside}


# --- examples ---------------------------------------------------------------------------------------------------------


def try_examples(rules: Book, name: str | None) -> list[Tried]:
    """Try a pack's own examples, those of a file, or those of all packs."""
    if name is None:
        return [_tried(rules, pack, example) for pack in rules.packs() for example in pack.examples]
    if name in rules.pack_ids():
        pack = rules.pack(name)
        return [_tried(rules, pack, example) for example in pack.examples]
    path = Path(name)
    if path.suffix == ".toml":
        pack = rules.pack_at(path)
        return [_tried(rules, pack, example) for example in pack.examples]
    if not path.is_file():
        raise RulePackNotFoundError(
            "There is no rule pack and no file '{name}'.", hint=meant(name, rules.pack_ids()), name=name
        )
    return [_tried(rules, None, example) for example in read_cases(path)]


def read_cases(path: Path) -> list[Example]:
    """Questions with their answers from a JSON file: a list, or an object with the list under `cases`."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("{path} cannot be read: {said}.", path=path, said=error) from error
    except (ValueError, RecursionError) as error:
        raise InputError("{path} is not JSON: {said}.", path=path, said=error) from error
    rows = found.get("cases") if isinstance(found, dict) else found
    if not isinstance(rows, list):
        raise InputError('{path} holds no list of cases, nor one under "cases".', path=path)
    for number, row in enumerate(rows, 1):
        if lacks := [name for name, kind in _CASE.items() if not isinstance(row, dict) or not _is(row.get(name), kind)]:
            raise InputError("{path}: case {number} lacks: {lacks}.", path=path, number=number, lacks=", ".join(lacks))
    return [example_of(row) for row in rows]


_CASE: Final[dict[str, type]] = {
    "id": object,
    "kind": str,
    "jurisdiction": str,
    "facts": dict,
    "ask": dict,
    "expect": object,
}


def _is(value: Any, kind: type) -> bool:
    return value is not None and isinstance(value, kind)


def _tried(rules: Book, pack: Pack | None, example: Example) -> Tried:
    try:
        if pack is None or example.jurisdiction != pack.id:
            pack = rules.pack(example.jurisdiction)
        found = answer(rules, pack, example.kind, example.facts, example.ask)
    except DunningError as error:
        return Tried(example, None, (str(error),))
    return Tried(example, found, tuple(differences(example, found)))
