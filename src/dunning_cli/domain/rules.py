"""Rules of law as data: what every rule says of itself, whom it binds, and the packs and rate tables that hold it.

The program knows kinds of rule, never a country. A kind is a frozen dataclass derived from `Rule`; it stands in the
module that judges by it, and `rules/kinds.py` names it. Numbers, rates and limits are in the packs' files.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from hashlib import sha256
from itertools import pairwise
from typing import Any, ClassVar, TypeVar

from ..errors import InputError
from .codec import canonical
from .collecting import CollectorRole, Lender
from .entries import DebtType


class Kind(StrEnum):
    """The fifteen kinds of rule."""

    GATE = "gate"
    HOURS = "hours"
    COUNT = "count"
    COOLDOWN = "cooldown"
    SPACING = "spacing"
    PARTY = "party"
    CHANNEL = "channel"
    CONTENT = "content"
    WAIT = "wait"
    DEADLINE = "deadline"
    LIMITATION = "limitation"
    MONEY = "money"
    ALLOCATION = "allocation"
    PLAN = "plan"
    RETENTION = "retention"


class Severity(StrEnum):
    """What a broken rule does: refuses, refuses unless a named person gives a reason from the rule's list, or warns."""

    BLOCK = "block"
    BLOCK_OVERRIDABLE = "block_overridable"
    WARN = "warn"


class Strength(StrEnum):
    """What stands behind a rule, the strongest first. `policy` is the pack's own choice where the law has no number."""

    LAW = "law"
    REGULATION = "regulation"
    STANDARD = "standard"
    SELF_REGULATION = "self_regulation"
    POLICY = "policy"


class Sure(StrEnum):
    """How the writer of a rule knows it: read in the primary text, read second-hand, from memory, or worked out."""

    PRIMARY = "primary"
    SECONDARY = "secondary"
    MEMORY = "memory"
    DERIVED = "derived"


class ZoneSource(StrEnum):
    """In whose time hours and days are judged: in every zone the debtor may be in, or in the pack's own `zone`."""

    DEBTOR_ALL = "debtor_all"
    FIXED = "fixed"


class Closed:
    """Base of what is read from files: a key that is no field is a mistake."""

    __slots__ = ()
    __pydantic_config__: ClassVar[Mapping[str, str]] = {"extra": "forbid"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Text(Closed):
    """A text in the languages of the program; one that is left out is said in English."""

    en: str
    zh: str = ""

    def say(self, lang: str) -> str:
        return (self.zh if lang == "zh" else "") or self.en


@dataclass(frozen=True, kw_only=True, slots=True)
class Source(Closed):
    """Where a rule or a rate was read, and how surely."""

    title: str
    article: str = ""
    url: str = ""
    sure: Sure

    def __str__(self) -> str:
        return " ".join(part for part in (self.title, self.article) if part)


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """What is known about a debt and those who collect it, as far as rules ask; None is unknown.

    `consumer_credit`: credit to a consumer. `enforcement`: a judgment is being enforced.
    """

    debt_type: str | None = None
    consumer: bool | None = None
    consumer_credit: bool | None = None
    collector_role: CollectorRole | None = None
    lender: Lender | None = None
    enforcement: bool | None = None
    days_overdue: int | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Applies(Closed):
    """Conditions on the debt and on who collects; all must hold, and none is always.

    `overdue_over`: more than so many days after the due date.
    """

    debt_types: tuple[DebtType, ...] = ()
    consumer: bool | None = None
    consumer_credit: bool | None = None
    collector_roles: tuple[CollectorRole, ...] = ()
    lenders: tuple[Lender, ...] = ()
    enforcement: bool | None = None
    overdue_over: int | None = None

    def fits(self, subject: Subject, *, unknown: bool = True) -> bool:
        """Whether the conditions hold; `unknown` says what a fact that is not known counts as.

        True is for duties, which bind until something is known that lifts them; False picks what is known to hold.
        """
        return all(unknown if held is None else held for _, held in self._held(subject))

    def missing(self, subject: Subject) -> tuple[str, ...]:
        """The facts that would decide, where what is known decides nothing yet."""
        held = list(self._held(subject))
        return () if any(h is False for _, h in held) else tuple(name for name, h in held if h is None)

    def __len__(self) -> int:
        """How many conditions there are: of two rules the one with more says more about the case at hand."""
        return len(list(self._held(Subject())))

    def __bool__(self) -> bool:
        return True

    def _held(self, subject: Subject) -> Iterator[tuple[str, bool | None]]:
        if self.debt_types:
            yield "debt_type", _among(subject.debt_type, self.debt_types)
        if self.consumer is not None:
            yield "consumer", _same(subject.consumer, self.consumer)
        if self.consumer_credit is not None:
            yield "consumer_credit", _same(subject.consumer_credit, self.consumer_credit)
        if self.collector_roles:
            yield "collector_role", _among(subject.collector_role, self.collector_roles)
        if self.lenders:
            yield "lender", _among(subject.lender, self.lenders)
        if self.enforcement is not None:
            yield "enforcement", _same(subject.enforcement, self.enforcement)
        if self.overdue_over is not None:
            yield "days_overdue", None if subject.days_overdue is None else subject.days_overdue > self.overdue_over


def _among(value: str | None, allowed: tuple[str, ...]) -> bool | None:
    return None if value is None else value in allowed


def _same(value: bool | None, wanted: bool) -> bool | None:
    return None if value is None else value is wanted


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule(Closed):
    """The head of every rule.

    `severity` left out is `block`. `from_` and `until` are the first and the last day on which it is law: what happened
    in the past is judged by the rules of its day. `replaces` names the parent pack's rules that it stands in for.
    """

    kind: ClassVar[Kind]

    id: str
    text: Text
    source: Source
    strength: Strength
    severity: Severity = Severity.BLOCK
    applies: Applies = field(default_factory=Applies)
    from_: date | None = None
    until: date | None = None
    replaces: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.from_ and self.until and self.until < self.from_:
            raise ValueError(f"until, {self.until}, is before from, {self.from_}")

    def in_force(self, day: date | None = None) -> bool:
        """Whether it is law on a day; without a day, whether no end is known."""
        if day is None:
            return self.until is None
        return (self.from_ is None or self.from_ <= day) and (self.until is None or day <= self.until)

    @property
    def tables(self) -> tuple[str, ...]:
        """The rate tables that it reads."""
        return ()


# --- rate tables ------------------------------------------------------------------------------------------------------


class Unit(StrEnum):
    PERCENT = "percent"  # a year


@dataclass(frozen=True, kw_only=True, slots=True)
class RateStep(Closed):
    """From a day on, this value; `sure` and `note` where they differ from what the table says of itself."""

    from_: date
    value: Decimal
    sure: Sure | None = None
    note: str = ""


_SHORT = len("0123abcd")  # hex digits that tell one state of a table from another


@dataclass(frozen=True, kw_only=True, slots=True)
class RateTable(Closed):
    """A rate as a dated series. A step holds until the next one.

    `fact` is what questions call a value of it. Up to `known_until` the series is known to be complete.
    """

    id: str
    title: Text
    unit: Unit = Unit.PERCENT
    fact: str
    source: Source
    checked_on: date
    known_until: date | None = None
    values: tuple[RateStep, ...]

    def __post_init__(self) -> None:
        days = [step.from_ for step in self.values]
        if not days:
            raise ValueError("values: a table needs at least one step")
        if any(a >= b for a, b in pairwise(days)):
            raise ValueError("values: the days must follow on each other, each once")

    @property
    def digest(self) -> str:
        """Eight digits that change when a value does, or the day to which the values are known."""
        plain = [[step.from_.isoformat(), str(step.value)] for step in self.values]
        known = self.known_until.isoformat() if self.known_until else None
        return sha256(canonical({"values": plain, "known_until": known}).encode()).hexdigest()[:_SHORT]

    def on(self, day: date) -> RateStep:
        """The step in force on a day. Before the first one InputError is raised."""
        found = next((step for step in reversed(self.values) if step.from_ <= day), None)
        if found is None:
            raise InputError(
                "The rate table {table} begins on {first}; nothing is known for {day}.",
                hint="Add the older steps in a table of the same id in your rules folder.",
                table=self.id,
                first=self.values[0].from_,
                day=day,
            )
        return found

    def over(self, own: RateTable) -> RateTable:
        """This table with another's steps put over it: a step of the same day is replaced, others are added."""
        steps = {step.from_: step for step in (*self.values, *own.values)}
        values = tuple(steps[day] for day in sorted(steps))
        return RateTable(
            id=self.id,
            title=own.title,
            unit=own.unit,
            fact=own.fact,
            source=own.source,
            checked_on=own.checked_on,
            known_until=own.known_until,
            values=values,
        )


# --- packs ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True, slots=True)
class Header(Closed):
    """What a pack says of itself. `limitations` is what is known to be missing from it.

    `required_facts` are those without which contact rules cannot be judged. Where `applies` does not fit, the contact
    rules do not bind, unless `beyond` says with which strength they are kept all the same (a rule of strength `law`
    keeps its own).
    """

    id: str
    version: str
    title: Text
    checked_on: date
    extends: tuple[str, ...] = ()
    zone_source: ZoneSource | None = None
    zone: str | None = None
    required_facts: tuple[str, ...] = ()
    limitations: tuple[Text, ...] = ()
    applies: Applies = field(default_factory=Applies)
    beyond: Strength | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """A question with its answer; a pack is tried by its own."""

    id: str
    kind: str
    jurisdiction: str
    facts: Mapping[str, Any]
    ask: Mapping[str, Any]
    expect: Any
    severity: str | None = None
    warnings: tuple[str, ...] = ()


R = TypeVar("R", bound=Rule)


@dataclass(frozen=True, kw_only=True, slots=True)
class Pack(Header):
    """A pack with everything it refers to: its parents' rules, then its own, and the rate tables they read.

    `origins` says for each rule the pack it was written in; `headers` holds what each of these packs says of itself.
    `limits` are the whole years of the periods of limitation, known without the rules about them.
    """

    rules: tuple[Rule, ...]
    tables: Mapping[str, RateTable]
    examples: tuple[Example, ...] = ()
    origins: Mapping[str, str]
    headers: Mapping[str, Header] = field(default_factory=dict)
    limits: tuple[int, ...] = ()

    def rules_of(self, kind: type[R], day: date | None = None) -> tuple[R, ...]:
        """The rules of one kind that are in force on a day, parents' first."""
        return tuple(rule for rule in self.rules if isinstance(rule, kind) and rule.in_force(day))

    @property
    def label(self) -> str:
        return f"{self.id}@{self.version}"
