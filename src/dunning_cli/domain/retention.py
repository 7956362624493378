"""Retention: until when records must be kept. Of several duties the longest counts; after it they may be deleted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Final, NamedTuple

from .calendars import Length, end_of
from .given import Condition, Given
from .rules import Kind, Pack, Rule

_NONE: Final = Length()


@dataclass(frozen=True, kw_only=True, slots=True)
class RetentionRule(Rule):
    """A duty to keep records.

    `records` are the kinds of record it is about, `key` what its day is called in an answer. Records are kept for
    `length` after the first known of the facts `after`, or until the fact `kept_until` (the debt is settled),
    whichever is later. `since` are facts that show that there is such a record.
    """

    kind: ClassVar[Kind] = Kind.RETENTION

    key: str
    records: tuple[str, ...]
    when: tuple[Condition, ...] = ()
    after: tuple[str, ...] = ()
    length: Length = _NONE
    kept_until: tuple[str, ...] = ()
    since: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        Rule.__post_init__(self)
        if not self.records:
            raise ValueError("records: a duty is about some kind of record")
        if bool(self.after) is not bool(self.length) or not (self.after or self.kept_until):
            raise ValueError("a duty lasts a length after a fact, or until a fact")

    @property
    def facts(self) -> frozenset[str]:
        """The facts that it asks for."""
        return frozenset((*self.after, *self.kept_until, *self.since))


class Kept(NamedTuple):
    """A duty with its day: records are kept through it. None: its end has not come, or a fact is missing."""

    rule: RetentionRule
    until: date | None


def kept(rule: RetentionRule, given: Given) -> Kept:
    """Until when one duty lasts."""
    days = []
    if rule.after:
        start = given.first(rule.after)
        days.append(end_of(start, rule.length) if start else None)
    if rule.kept_until:
        days.append(given.first(rule.kept_until))
    known = [day for day in days if day]
    return Kept(rule, max(known) if len(known) == len(days) else None)


def duties(pack: Pack, given: Given, day: date | None = None) -> Iterator[Kept]:
    """Every duty of a pack that speaks about these facts."""
    return (kept(rule, given) for rule in pack.rules_of(RetentionRule, day) if given.fits(rule, rule.when))


def strictest(found: list[Kept]) -> Kept | None:
    """The longest duty: one without an end outlasts all others. None where there is no duty at all."""
    return max(found, key=lambda each: each.until or date.max, default=None)
