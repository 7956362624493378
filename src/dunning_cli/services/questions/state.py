"""May this step of a case be taken, given its state?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ...domain.questions import Answer
from ...errors import InputError
from . import contact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ...domain.rules import Pack
    from ...rules.book import Book


def answer(book: Book, pack: Pack, facts: Mapping[str, Any], ask: Mapping[str, Any]) -> Answer:
    """A step (`action`) is judged as a contact is, by the rules about that step."""
    if ask.get("action") is None:
        raise InputError("A question of kind state says its action.")
    return contact.answer(book, pack, facts, ask)
