"""Look over a text before it goes to a debtor. No database is touched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..domain import conduct
from ..errors import InputError, RulePackNotFoundError
from ..rules.book import Book
from ..rules.files import nearest
from ..rules.phrases import conduct as phrases

if TYPE_CHECKING:
    from ..domain.conduct import Finding
    from ..domain.entries import Channel


def lint(rules: Book, text: str, pack: str | None = None, channel: Channel | None = None) -> list[Finding]:
    """What is objected to in a text; with a pack, also what the pack wants said and is missing."""
    if not text.strip():
        raise InputError("There is no text to look at.")
    if pack is not None and pack not in rules.pack_ids():
        raise RulePackNotFoundError(
            "There is no rule pack '{pack}'{near}", pack=pack, near=nearest(pack, rules.pack_ids())
        )
    return conduct.lint(phrases(rules.own), text, pack, channel)
