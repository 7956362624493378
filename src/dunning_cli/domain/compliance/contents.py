"""Content: what a message must state, and what it may not say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ..rules import Closed, Kind
from .facts import Zones
from .rule import ContactRule, Found
from .scene import Scene
from .words import Particular, Said


@dataclass(frozen=True, kw_only=True, slots=True)
class RequiredIf(Closed):
    """What must be stated where a fact of the contact is true."""

    said: Said
    fields: tuple[Particular, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class ContentRule(ContactRule):
    """What must be in a message (`required`, `required_if`), and what may not: facts that are true of it (`forbidden`),
    or phrases in its text (`phrases`, in any case of letters). `when`: only for contacts of which these facts are true.
    """

    kind: ClassVar[Kind] = Kind.CONTENT

    when: tuple[Said, ...] = ()
    required: tuple[Particular, ...] = ()
    required_if: tuple[RequiredIf, ...] = ()
    forbidden: tuple[Said, ...] = ()
    phrases: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        ContactRule.__post_init__(self)
        if not (self.required or self.required_if or self.forbidden or self.phrases):
            raise ValueError("says nothing: give required, required_if, forbidden or phrases")

    def finds(self, scene: Scene, zones: Zones) -> Found | None:
        ask = scene.ask
        if not all(ask.said.get(word) is True for word in self.when):
            return None
        if any(ask.said.get(word) is True for word in self.forbidden):
            return Found()
        if ask.content and self.phrases:
            text = " ".join(ask.content.casefold().split())
            if any(phrase.casefold() in text for phrase in self.phrases):
                return Found()
        wanted = list(self.required)
        wanted += [name for one in self.required_if if ask.said.get(one.said) is True for name in one.fields]
        if not wanted:
            return None
        if ask.fields is None:
            return Found(unknown=True, missing=("fields",)) if self.when else None
        lacks = tuple(str(name) for name in wanted if name not in ask.fields)
        return Found(lacks=lacks) if lacks else None
