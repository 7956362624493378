"""The words in which questions speak of contacts, read once from words.toml: what each means to rules."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any, Final, TypeVar

from ..domain.collecting import CollectorRole, Lender
from ..domain.compliance.words import Action, Aim, Event, Particular, Party, Said
from ..domain.entries import Channel, HoldReason, Outcome

E = TypeVar("E", bound=StrEnum)

FILE: Final = Path(__file__).parent / "words.toml"


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """For every spelling its meaning. `event_says` explains the types of flags, for the manual.

    `of_debtor` are the events that concern all debts of a debtor, where nothing else is said; `holds` names the hold
    that an event puts cases on, `releases` the events whose holds another one ends.
    """

    events: Mapping[str, Event]
    event_kinds: Mapping[str, str]
    event_says: Mapping[Event, str]
    of_debtor: frozenset[Event]
    holds: Mapping[Event, HoldReason]
    releases: Mapping[Event, tuple[Event, ...]]
    purposes: Mapping[str, tuple[Aim, ...]]
    parties: Mapping[str, Party]
    media: Mapping[str, tuple[Channel, ...]]
    actions: Mapping[str, Action]
    outcomes: Mapping[str, Outcome]
    statuses: Mapping[str, str]
    kinds: Mapping[str, str]
    roles: Mapping[str, CollectorRole]
    lenders: Mapping[str, Lender]
    said: Mapping[str, Said]
    particulars: Mapping[str, Particular]
    consumer_debts: frozenset[str]


@cache
def words() -> Words:
    """The words of words.toml; a mistake in that file is a mistake of the program."""
    given: dict[str, list[dict[str, Any]]] = tomllib.loads(FILE.read_text("utf-8"))
    events = _spelled(given["event"], Event)
    media: dict[str, tuple[Channel, ...]] = {str(channel): (channel,) for channel in Channel}
    media |= {name: tuple(map(Channel, row["means"])) for row in given["medium"] for name in _names(row)}
    return Words(
        events=events,
        event_kinds={name: kind for row in given["event"] for name, kind in row.get("kinds", {}).items()},
        event_says={Event(row["word"]): row["says"] for row in given["event"]},
        of_debtor=frozenset(Event(row["word"]) for row in given["event"] if row.get("of_debtor")),
        holds={Event(row["word"]): HoldReason(row["holds"]) for row in given["event"] if "holds" in row},
        releases={
            Event(row["word"]): tuple(map(Event, row["releases"])) for row in given["event"] if "releases" in row
        },
        purposes={str(aim): (aim,) for aim in Aim}
        | {name: tuple(map(Aim, row["means"])) for row in given["purpose"] for name in _names(row)},
        parties=_spelled(given["party"], Party),
        media=media,
        actions=_spelled(given["action"], Action),
        outcomes=_spelled(given["outcome"], Outcome),
        statuses=_plain(given["status"]),
        kinds=_plain(given["kind"]),
        roles=_spelled(given["role"], CollectorRole),
        lenders=_spelled(given["lender"], Lender),
        said=_spelled(given["said"], Said),
        particulars=_spelled(given["particular"], Particular),
        consumer_debts=frozenset(row["word"] for row in given["debt_type"]),
    )


def _names(row: Mapping[str, Any]) -> Iterable[str]:
    return (row["word"], *row.get("also", ()))


def _spelled(rows: Iterable[Mapping[str, Any]], meaning: type[E]) -> dict[str, E]:
    """Every word of an enum, and its other spellings."""
    return {each.value: each for each in meaning} | {name: meaning(row["word"]) for row in rows for name in _names(row)}


def _plain(rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    return {name: row["word"] for row in rows for name in _names(row)}
