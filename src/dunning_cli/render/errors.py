"""An error as a person reads it: what is wrong, what would satisfy it, what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from ..domain.money import Money
from ..errors import DunningError, StageRefusedError
from . import plain
from .pictures import Picture, Span, Stack, bullets, line, said, span
from .text import amount, clean

if TYPE_CHECKING:
    from ..i18n import Translator

# The values of error texts that are words of the vocabulary, with where the word belongs. `sources` is a list of them.
_WORDS: Final = {
    "event": "event",
    "place": "stage",
    "sources": "stage",
    "outcome": "outcome",
    "kind": "kind",
    "what": "what",
    "where": "kind",
}


def error_text(error: DunningError, t: Translator) -> str:
    """The error as plain lines."""
    return plain.text(error_picture(error, t))


def error_picture(error: DunningError, t: Translator) -> Picture:
    """`Error: …`, what a refused move needs and which moves are open, and the hint."""
    parts: list[Picture] = [said(span(t("Error: "), "bad"), message(error, t))]
    if isinstance(error, StageRefusedError):
        parts += _moves(error.details, t)
    if error.hint:
        parts.append(said(span(t("Hint:  "), "hint"), t.filled(error.hint)))
    return Stack(tuple(parts))


def message(error: DunningError, t: Translator) -> str:
    """The error's text in the language of `t`."""
    return clean(t(error.text, **{name: _value(name, value, t) for name, value in error.values.items()}))


def _value(name: str, value: object, t: Translator) -> object:
    if isinstance(value, Money):
        return amount(value, currency=False)
    if name not in _WORDS or not isinstance(value, str):
        return value
    return t(", ").join(t.word(word, _WORDS[name]) for word in value.split(", "))


def _moves(details: Mapping[str, Any], t: Translator) -> list[Picture]:
    """The guards that failed, and where the case can go instead."""
    parts: list[Picture] = []
    if failed := details.get("failed"):
        needs = [t(f["needs"], **_values(f["values"], t)) for f in failed]
        parts += [said(t("It needs:")), bullets([line(Span("✗ ", "bad"), need) for need in needs], "")]
    if moves := details.get("open"):
        parts.append(said(t("Open from here: {moves}", moves=_open(moves, t))))
    elif "open" in details:
        parts.append(said(t("No move is open from here.")))
    return parts


def _values(values: Mapping[str, Any], t: Translator) -> dict[str, Any]:
    spoken = {name: amount(v, currency=False) if isinstance(v, Money) else v for name, v in values.items()}
    if "final_demand_state" in spoken:
        spoken["final_demand_state"] = t.filled(spoken["final_demand_state"])
    return spoken


def _open(moves: list[dict[str, str]], t: Translator) -> str:
    named = [
        t("{event} (to {place})", event=t.word(move["event"], "event"), place=t.word(move["to"], "stage"))
        for move in moves
    ]
    return t(", ").join(dict.fromkeys(named))
