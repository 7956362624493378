"""Look over a text before it goes to a debtor. No database is touched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..domain import conduct
from ..errors import InputError
from ..rules.book import Book
from ..rules.phrases import conduct as phrases

if TYPE_CHECKING:
    from ..domain.conduct import Finding
    from ..domain.entries import Channel


def lint(rules: Book, text: str, pack: str | None = None, channel: Channel | None = None) -> list[Finding]:
    """What is objected to in a text; with a pack, also what the pack wants said and is missing."""
    if not text.strip():
        raise InputError("There is no text to look at.")
    if pack is not None:
        rules.pack(pack)  # it is there
    return conduct.lint(phrases(rules.own), text, pack, channel)
