"""The facts that dates are counted from: days by their names, and events in any order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from ..errors import InputError
from .questions import Facts, subject_of
from .rules import Closed, Rule, Subject

_YEARS: Final = range(1900, 3000)


@dataclass(frozen=True, kw_only=True, slots=True)
class Condition(Closed):
    """A condition on a fact: it is one of some values, or none of them, or it is known, or not.

    An unknown fact is none of any values.
    """

    fact: str
    one_of: tuple[str | bool, ...] = ()
    none_of: tuple[str | bool, ...] = ()
    known: bool | None = None

    def __post_init__(self) -> None:
        if (bool(self.one_of), bool(self.none_of), self.known is not None).count(True) != 1:
            raise ValueError("a condition needs one of these: one_of, none_of, known")


class Given:
    """The facts of a question, or of a case, and what was asked beside them; the debt's own where there is but one."""

    def __init__(self, facts: Mapping[str, Any], ask: Mapping[str, Any] | None = None) -> None:
        debts = facts.get("debts")
        debt = debts[0] if isinstance(debts, list) and len(debts) == 1 and isinstance(debts[0], dict) else {}
        self.subject: Subject = subject_of(Facts(facts))
        known = {name: getattr(self.subject, name) for name in ("consumer", "consumer_credit", "debt_type", "lender")}
        given = {**_said(known), **debt, **_said(facts), **_said(ask or {})}
        self.facts = Facts({name: value for name, value in given.items() if name not in ("id", "type")})

    def has(self, name: str) -> bool:
        """Whether a fact is known; an empty list says nothing."""
        return self.facts.has(name) and self.facts.plain[name] != []

    def day(self, name: str) -> date | None:
        """A day, or the latest of a list of days; None where it is unknown."""
        value = self.facts.plain.get(name)
        if not isinstance(value, list):
            return _usual(name, self.facts.day(name))
        days = [_usual(name, Facts({name: each}).day(name)) for each in value]
        return max((day for day in days if day), default=None)

    def latest(self, names: Iterable[str]) -> date | None:
        """The latest of the days that are known."""
        return max((day for name in names if (day := self.day(name))), default=None)

    def first(self, names: Iterable[str]) -> date | None:
        """The first that is known, in the order of the names."""
        return next((day for name in names if (day := self.day(name))), None)

    def events(self) -> Iterator[Event]:
        for row in self.facts.rows("events"):
            yield Event(row.word("type") or "", row)

    def holds(self, condition: Condition) -> bool:
        if condition.known is not None:
            return self.has(condition.fact) is condition.known
        value = self.facts.plain.get(condition.fact)
        if condition.one_of:
            return value is not None and _among(value, condition.one_of)
        return value is None or not _among(value, condition.none_of)

    def fits(self, rule: Rule, conditions: Iterable[Condition]) -> bool:
        """Whether a rule speaks about these facts; what is not known is taken as binding."""
        return rule.applies.fits(self.subject) and all(self.holds(each) for each in conditions)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, with its days under the words of its kind: at, sent, arrived, returned, ended."""

    type: str
    facts: Facts

    def has(self, name: str) -> bool:
        return self.facts.has(name) and self.facts.plain[name] is not False

    def day(self, names: Iterable[str]) -> date | None:
        for name in names:
            if self.has(name):
                return _usual(name, self.facts.day(name))
        return None


def _said(facts: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in facts.items() if value is not None}


def _among(value: object, values: tuple[str | bool, ...]) -> bool:
    if isinstance(value, bool):
        return any(each is value for each in values)
    return str(value).casefold() in {each.casefold() for each in values if isinstance(each, str)}


def _usual(name: str, day: date | None) -> date | None:
    if day is not None and day.year not in _YEARS:
        raise InputError("The fact '{name}' is a day from 1900 to 2999, not {day}.", name=name, day=day)
    return day
