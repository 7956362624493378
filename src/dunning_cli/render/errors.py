"""An error as a person reads it: what is wrong, what would satisfy it, what to do next."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from ..domain.money import Money
from ..errors import ContactRefusedError, DunningError, StageRefusedError
from . import plain
from .pictures import Picture, Stack, bullets, said, span
from .text import amount, clean

if TYPE_CHECKING:
    from ..i18n import Translator

# The values of error texts that are words of the vocabulary, with where the word belongs. `sources` is a list of them.
_WORDS: Final = {"event": "event", "place": "stage", "sources": "stage", "outcome": "outcome", "kind": "kind"}
_PERHAPS: Final = ("what", "where")  # a word, or a path, or whatever the error speaks of
_LINES: Final = "lines"  # the value that lists mistakes, one a line


def error_text(error: DunningError, t: Translator) -> str:
    """The error as plain lines."""
    return plain.text(error_picture(error, t))


def error_picture(error: DunningError, t: Translator) -> Picture:
    """`Error: …`, what a refused move needs and which moves are open, and the hint."""
    first, *others = message(error, t).split("\n")
    parts: list[Picture] = [said(span(t("Error: "), "bad"), first), *(said(each) for each in others)]
    if isinstance(error, StageRefusedError):
        parts += _moves(error.details, t)
    if isinstance(error, ContactRefusedError):
        parts += _against(error, t)
    if error.hint:
        parts.append(said(span(t("Hint:  "), "hint"), t.filled(error.hint)))
    return Stack(tuple(parts))


def message(error: DunningError, t: Translator) -> str:
    """The error's text in the language of `t`. Only what the program itself wrote may break it into lines."""
    return t(error.text, **{name: _value(name, value, t) for name, value in error.values.items()})


def _value(name: str, value: object, t: Translator) -> object:
    if isinstance(value, Money):
        return amount(value, currency=False)
    if name == _LINES:
        return "\n".join(map(clean, str(value).split("\n")))
    said = str(value)
    if name in _WORDS:
        said = t.words(said.split(", "), _WORDS[name])
    elif name in _PERHAPS:
        said = t.known(said, "what") or said
    return clean(said)


def _against(error: ContactRefusedError, t: Translator) -> list[Picture]:
    """The rules that stand against a contact, and when it would be allowed."""
    from .contacts import verdict_picture  # noqa: PLC0415  only for such an error

    verdict: Any = error.values["verdict"]
    debtor: Any = error.values["debtor"]
    return verdict_picture(verdict, debtor, t)


def _moves(details: Mapping[str, Any], t: Translator) -> list[Picture]:
    """The guards that failed, and where the case can go instead."""
    parts: list[Picture] = []
    if failed := details.get("failed"):
        needs = [t(f["needs"], **_values(f["values"], t)) for f in failed]
        parts += [said(t("It needs:")), bullets(needs, "✗", "bad")]
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
