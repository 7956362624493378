"""May this step of a case be taken, given its state (`ask.action`), and what does the state say (`ask.query`)?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...domain.questions import Answer
from ...errors import InputError
from . import contact, limitation_state

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...domain.rules import Pack
    from ...rules.book import Book


def answer(book: Book, pack: Pack, facts: Mapping[str, Any], ask: Mapping[str, Any]) -> Answer:
    """A step is judged as a contact is, by the rules about that step."""
    if ask.get("action") is not None:
        return contact.answer(book, pack, facts, ask)
    query = ask.get("query")
    if found := limitation_state.QUERIES.get(str(query)):
        return found(book, pack, facts, ask)
    raise InputError(
        "A question of kind state says its action, or one of these queries: {known}.",
        known=", ".join(limitation_state.QUERIES),
    )
