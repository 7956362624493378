"""Questions about the state of a case: `ask.query` names what is asked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from ...errors import InputError
from . import limitation_state

if TYPE_CHECKING:
    from ...domain.questions import Answer
    from ...domain.rules import Pack
    from ...rules.book import Book


def answer(book: Book, pack: Pack, facts: Mapping[str, Any], ask: Mapping[str, Any]) -> Answer:
    """The answer to a question about the state."""
    query = ask.get("query")
    if found := limitation_state.QUERIES.get(str(query)):
        return found(book, pack, facts, ask)
    raise InputError(
        "'{query}' is no question about a state. Known are: {known}.",
        query=query,
        known=", ".join(limitation_state.QUERIES),
    )
