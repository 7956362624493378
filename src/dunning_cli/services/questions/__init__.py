"""Questions to the rules, one module a kind: `answer(book, pack, facts, ask)` gives an `Answer`, or raises InputError.

Facts and asks are plain JSON in the vocabulary of docs/rules.md. What a question does not say is unknown.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from ...domain.questions import Answer
from ...errors import InputError

if TYPE_CHECKING:
    from ...domain.rules import Pack
    from ...rules.book import Book

KINDS: Final = ("contact", "count", "date", "amount", "allocation", "state")

Facts = Mapping[str, Any]


def answer(book: Book, pack: Pack, kind: str, facts: Facts, ask: Facts) -> Answer:
    """The answer to one question of a kind."""
    if kind not in KINDS:
        raise InputError("'{kind}' is no kind of question. The kinds are: {known}.", kind=kind, known=", ".join(KINDS))
    name = f"{__name__}.{kind}"
    try:
        module = import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        raise InputError("This version answers no questions of kind {kind}.", kind=kind) from error
    found: Answer = module.answer(book, pack, facts, ask)
    return found
