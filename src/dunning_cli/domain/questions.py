"""Questions to the rules: their facts, what an answer is, and where it differs from what an example expects.

Facts are plain JSON in the vocabulary of docs/rules.md. Amounts and rates are texts in them, days are `2026-01-31`. A
fact that is not given is unknown.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, Final, NamedTuple

from ..errors import InputError
from .collecting import CollectorRole, Lender
from .entries import DebtType
from .rules import Example, Subject

_NUMBER: Final = re.compile(r"-?\d{1,15}(\.\d{1,12})?", re.ASCII)
_CREDIT: Final = (DebtType.CONSUMER_LOAN, DebtType.CREDIT_CARD)


class Facts:
    """The facts of a question, read by name. What cannot be read raises InputError that names the fact."""

    def __init__(self, plain: Mapping[str, Any]) -> None:
        self.plain = plain

    def has(self, name: str) -> bool:
        return self.plain.get(name) is not None

    def _lacks(self, *names: str) -> InputError:
        near = [got for name in names for got in get_close_matches(name, self.plain, n=1)]
        what = " or ".join(f"'{name}'" for name in names)
        if near:
            return InputError("The fact {what} is missing; is '{near}' meant for it?", what=what, near=near[0])
        return InputError("The fact {what} is missing.", what=what)

    def number(self, name: str, lowest: Decimal | None = None) -> Decimal | None:
        """A number: a text such as "12.50", or a whole number."""
        value = self.plain.get(name)
        if value is None:
            return None
        text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
        if not isinstance(text, str) or not _NUMBER.fullmatch(text):
            raise InputError(
                "The fact '{name}' is a number in quotes, such as \"12.50\", not {value}.",
                name=name,
                value=json.dumps(value, ensure_ascii=False),
            )
        if lowest is not None and Decimal(text) < lowest:
            raise InputError("The fact '{name}' must not be below {lowest}.", name=name, lowest=lowest)
        return Decimal(text)

    def needed(self, *names: str) -> Decimal:
        """The first of these numbers that is given; not below 0."""
        found = next((self.number(name, Decimal(0)) for name in names if self.has(name)), None)
        if found is None:
            raise self._lacks(*names)
        return found

    def whole(self, name: str) -> int | None:
        """A whole number that is not below 0."""
        found = self.number(name, Decimal(0))
        if found is not None and found != int(found):
            raise InputError("The fact '{name}' must be a whole number.", name=name)
        return None if found is None else int(found)

    def day(self, *names: str) -> date | None:
        """The first of these days that is given; of an instant its date as it is written."""
        name = next((name for name in names if self.has(name)), None)
        if name is None:
            return None
        value = self.plain[name]
        try:
            return date.fromisoformat(value[:10])
        except (TypeError, ValueError) as error:
            raise InputError(
                "The fact '{name}' is a day such as 2026-01-31, not {value}.",
                name=name,
                value=json.dumps(value, ensure_ascii=False),
            ) from error

    def needed_day(self, *names: str) -> date:
        found = self.day(*names)
        if found is None:
            raise self._lacks(*names)
        return found

    def flag(self, name: str) -> bool | None:
        value = self.plain.get(name)
        if value is not None and not isinstance(value, bool):
            raise InputError("The fact '{name}' is true or false.", name=name)
        return value

    def word(self, name: str) -> str | None:
        value = self.plain.get(name)
        if value is not None and not isinstance(value, str):
            raise InputError("The fact '{name}' is a word in quotes.", name=name)
        return value

    def rows(self, name: str) -> list[Facts]:
        """A list of objects, each with facts of its own."""
        found = self.plain.get(name)
        if found is None:
            return []
        if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
            raise InputError("The fact '{name}' is a list of objects.", name=name)
        return [Facts(each) for each in found]

    def inner(self, name: str) -> Facts | None:
        """An object with facts of its own."""
        found = self.plain.get(name)
        if found is None:
            return None
        if not isinstance(found, dict):
            raise InputError("The fact '{name}' is an object.", name=name)
        return Facts(found)


def subject_of(facts: Facts) -> Subject:
    """What the facts say about the debt and those who collect it.

    Of several debts what they have in common. Silent facts are read as docs/rules.md says: a third party collects, and
    a lender is a licensed institution unless the loan is a private one.
    """
    debts = facts.rows("debts")
    kinds = {debt.word("type") for debt in debts} | {facts.word("debt_type")} - {None}
    kind = kinds.pop() if len(kinds) == 1 else None
    consumer = _consumer(facts, debts)
    credit = facts.flag("consumer_credit")
    if credit is None and consumer is not None and kind is not None:
        credit = consumer and kind in _CREDIT
    private = facts.has("private_loan_contract") or kind == DebtType.PRIVATE_LOAN
    dues, now = [debt.day("due") for debt in debts], facts.day("now")
    overdue = facts.whole("days_overdue")
    if overdue is None and now and len(dues) == 1 and dues[0]:
        overdue = (now - dues[0]).days
    return Subject(
        debt_type=kind,
        consumer=True if credit and consumer is None else consumer,
        consumer_credit=credit,
        collector_role=_member(CollectorRole, facts, "collector_role") or CollectorRole.THIRD_PARTY,
        lender=_member(Lender, facts, "lender") or (Lender.PRIVATE if private else Lender.LICENSED),
        enforcement=facts.flag("enforcement"),
        days_overdue=overdue,
    )


def _consumer(facts: Facts, debts: list[Facts]) -> bool | None:
    b2b = facts.flag("b2b")
    if b2b is not None:
        return not b2b
    if facts.has("consumer"):
        return facts.flag("consumer")
    found = {debt.flag("consumer") for debt in debts}
    return found.pop() if len(found) == 1 else None


def _member(words: Any, facts: Facts, name: str) -> Any:
    word = facts.word(name)
    if word is None or word in list(words):
        return word and words(word)
    raise InputError("The fact '{name}' is one of: {known}.", name=name, known=", ".join(words))


# --- answers ----------------------------------------------------------------------------------------------------------


class Answer(NamedTuple):
    """The answer itself, and what stands beside it (severity, warnings, findings)."""

    expect: Any
    beside: Mapping[str, Any] = {}


class Tried(NamedTuple):
    """An example that was tried: its answer, and what differs or went wrong; nothing where it holds."""

    example: Example
    answer: Answer | None
    differs: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.differs


def differences(example: Example, found: Answer) -> Iterator[str]:
    """Where an answer is not what an example expects.

    An answer may say more than is expected. A severity counts only where something is blocked; of warnings it counts
    only that there are any, since their wording is free.
    """
    yield from _differ("", example.expect, found.expect)
    if example.expect == "blocked" and example.severity:
        yield from _differ("severity", example.severity, found.beside.get("severity"))
    if example.expect == "allowed" and example.warnings and not found.beside.get("warnings"):
        yield "warnings: a warning was expected"


def _differ(place: str, wanted: Any, found: Any) -> Iterator[str]:
    if isinstance(wanted, dict) and isinstance(found, dict):
        for key, value in wanted.items():
            inner = f"{place}.{key}" if place else key
            if key in found:
                yield from _differ(inner, value, found[key])
            else:
                yield f"{inner}: {json.dumps(value, ensure_ascii=False)} was expected, and nothing is said"
    elif wanted != found or isinstance(wanted, bool) is not isinstance(found, bool):
        said = json.dumps(found, ensure_ascii=False)
        yield f"{place + ': ' if place else ''}{json.dumps(wanted, ensure_ascii=False)} was expected, not {said}"
