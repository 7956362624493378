"""One file of rules, read whole: every mistake in it is named at once, by file, rule and key.

TOML is turned into the domain's own dataclasses. Amounts and rates are texts in quotes, so that a binary fraction
cannot enter; keys that Python keeps for itself (`from`, `except`) carry an underscore inside the program only.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, time
from difflib import get_close_matches
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar, get_args, get_type_hints

from ..domain.rules import Example, Header, Kind, RateTable, Rule
from ..errors import InputError
from . import quick
from .kinds import KINDS

if TYPE_CHECKING:
    from pydantic import TypeAdapter
    from pydantic_core import ErrorDetails

T = TypeVar("T")
SHIPPED: Final = Path(__file__).parent
_KEPT: Final = {"from": "from_", "except": "except_"}
_TABLES: Final = ("pack", "rule", "table", "example")
_EXAMPLE: Final = ("id", "kind", "jurisdiction", "facts", "ask", "expect", "severity", "warnings", "source", "note")


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong, and where: the rule, table or example (empty: the file), and the key."""

    file: str
    item: str
    key: str
    reason: str

    def __str__(self) -> str:
        return ": ".join(part for part in (self.item, self.key, self.reason) if part)


@dataclass(frozen=True, slots=True)
class RuleFile:
    """What one file holds, not yet joined with what it refers to. `limits` are the whole years of its periods of
    limitation, told even where rules about them are passed over."""

    path: Path
    header: Header | None
    rules: tuple[Rule, ...]
    tables: tuple[RateTable, ...]
    examples: tuple[Example, ...]
    limits: tuple[int, ...] = ()


def refuse(path: Path, mistakes: Sequence[Mistake]) -> InputError:
    """The error that names all mistakes of a file."""
    lines = "\n".join(f"  {mistake}" for mistake in mistakes)
    found = [{"file": m.file, "rule": m.item, "key": m.key, "reason": m.reason} for m in mistakes]
    return InputError(
        "{path} holds no valid rules:\n{lines}",
        hint="The keys of every kind of rule are in docs/rules.md.",
        details={"file": str(path), "mistakes": found},
        path=path,
        lines=lines,
    )


def read(path: Path, *, quickly: bool = True, only: frozenset[Kind] | None = None) -> RuleFile:
    """The rules, tables and examples of a file; InputError with all its mistakes where it has any.

    `quickly`: what is shipped, and was tried by the tests, is read without asking for every kind of mistake first.
    `only`: rules of other kinds are passed over, and so are the examples.
    """
    given = _toml(path)
    limits = tuple(_whole_years(raw) for raw in _raw_rules(given) if raw.get("kind") == Kind.LIMITATION)
    if only is not None and isinstance(given.get("rule"), list):
        given["rule"] = [raw for raw in given["rule"] if not (isinstance(raw, dict) and _passed_over(raw, only))]
        given.pop("example", None)
    return _reading(path, quickly=quickly).file(given, limits)


def _raw_rules(given: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    rules = given.get("rule")
    return (raw for raw in rules if isinstance(raw, dict)) if isinstance(rules, list) else iter(())


def _whole_years(raw: Mapping[str, Any]) -> int:
    """The whole years that a period of limitation has; none where it is not written as expected."""
    length = raw.get("length")
    years = length.get("years") if isinstance(length, dict) else None
    return years if isinstance(years, int) else 0


def _passed_over(raw: Mapping[str, Any], only: frozenset[Kind]) -> bool:
    kind = raw.get("kind")
    return kind in list(Kind) and kind not in only


def read_lists(path: Path, known: Mapping[str, type], *, quickly: bool = True) -> dict[str, list[Any]]:
    """A file that holds nothing but lists of such things, each under its name; every mistake in it is named."""
    return _reading(path, quickly=quickly).lists(_toml(path), known)


def _reading(path: Path, *, quickly: bool) -> _Reading:
    return _Reading(path, quickly=quickly and path.is_relative_to(SHIPPED))


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise InputError("There is no file {path}.", path=path) from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("{path} cannot be read: {said}.", path=path, said=error) from error
    except tomllib.TOMLDecodeError as error:
        raise InputError("{path} is not TOML: {said}.", path=path, said=error) from error


class _Reading:
    """Reads one file and gathers what is wrong with it."""

    def __init__(self, path: Path, *, quickly: bool) -> None:
        self.path = path
        self.quickly = quickly
        self.mistakes: list[Mistake] = []

    def wrong(self, item: str, key: str, reason: str) -> None:
        self.mistakes.append(Mistake(str(self.path), item, key, reason))

    def file(self, given: dict[str, Any], limits: tuple[int, ...] = ()) -> RuleFile:
        for name in given.keys() - set(_TABLES):
            self.wrong("", name, f"unknown word{nearest(name, _TABLES)}")
        header = None
        if "pack" in given:
            header = self._item(Header, given["pack"], "pack")
        rules = [self._rule(raw, f"rule {number}") for number, raw in self._list(given, "rule")]
        tables = [self._item(RateTable, raw, _name(raw, f"table {n}")) for n, raw in self._list(given, "table")]
        examples = [
            self._example(raw, header.id if header else "", f"example {number}")
            for number, raw in self._list(given, "example")
        ]
        if header is None and "pack" not in given and (rules or examples):
            self.wrong("", "pack", "rules and examples need a [pack]")
        self._once("rule", [rule.id for rule in rules if rule])
        self._once("table", [table.id for table in tables if table])
        self._once("example", [example.id for example in examples if example])
        if self.mistakes:
            raise refuse(self.path, self.mistakes)
        return RuleFile(
            self.path,
            header,
            tuple(rule for rule in rules if rule),
            tuple(table for table in tables if table),
            tuple(example for example in examples if example),
            limits,
        )

    def lists(self, given: Mapping[str, Any], known: Mapping[str, type]) -> dict[str, list[Any]]:
        for name in given.keys() - known.keys():
            self.wrong("", name, f"unknown word{nearest(name, list(known))}")
        found: dict[str, list[Any]] = {}
        for name, cls in known.items():
            items = [self._item(cls, raw, _name(raw, f"{name} {n}")) for n, raw in self._list(given, name)]
            found[name] = [item for item in items if item is not None]
            self._once(name, [str(item.id) for item in found[name]])
        if self.mistakes:
            raise refuse(self.path, self.mistakes)
        return found

    def _list(self, given: Mapping[str, Any], name: str) -> Iterator[tuple[int, Any]]:
        found = given.get(name, [])
        if isinstance(found, dict):
            found = [found]
        if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
            self.wrong("", name, f"write it as [[{name}]]")
            return
        yield from enumerate(found, 1)

    def _once(self, what: str, ids: Sequence[str]) -> None:
        for each in dict.fromkeys(each for each in ids if ids.count(each) > 1):
            self.wrong(each, "id", f"there is more than one {what} of this id")

    def _rule(self, raw: dict[str, Any], place: str) -> Rule | None:
        name = _name(raw, place)
        kind = raw.get("kind")
        if kind not in list(Kind):
            self.wrong(name, "kind", "is missing" if kind is None else f"unknown word{nearest(kind, list(Kind))}")
            return None
        if Kind(kind) not in KINDS:
            self.wrong(name, "kind", f"this version of the program cannot judge rules of kind {kind}")
            return None
        return self._item(KINDS[Kind(kind)], {key: value for key, value in raw.items() if key != "kind"}, name)

    def _item(self, cls: type[T], raw: Any, name: str) -> T | None:
        if not isinstance(raw, dict):
            self.wrong(name, "", "must be a table")
            return None
        if self.quickly:
            try:
                return quick.build(cls, _kept(raw))
            except (ValueError, TypeError, ArithmeticError):
                pass  # it is read again below, where mistakes are named
        from pydantic import ValidationError

        before = len(self.mistakes)
        plain = self._plain(raw, name, "")
        try:
            found = _adapter(cls).validate_json(json.dumps(plain), strict=True)
        except ValidationError as error:
            for one in error.errors():
                self.wrong(name, _key(one["loc"]), _reason(cls, one))
            return None
        return found if len(self.mistakes) == before else None

    def _plain(self, value: Any, name: str, key: str, *, keep: bool = False) -> Any:
        """A value of TOML as plain JSON. Floats are noted as mistakes; `keep` leaves the keys as they are."""
        match value:
            case dict():
                inner = {}
                for word, each in value.items():
                    place = f"{key}.{word}" if key else word
                    if not keep and word in _KEPT.values():
                        self.wrong(name, place, f"unknown word; did you mean '{word[:-1]}'?")
                        continue
                    inner[word if keep else _KEPT.get(word, word)] = self._plain(each, name, place, keep=keep)
                return inner
            case list():
                return [self._plain(each, name, f"{key}.{at}", keep=keep) for at, each in enumerate(value, 1)]
            case float():
                self.wrong(name, key, f'a number with a point is written as a text in quotes: "{value}"')
                return str(value)
            case date() | time():
                return value.isoformat()
            case _:
                return value

    def _example(self, raw: dict[str, Any], pack: str, place: str) -> Example | None:
        name = _name(raw, place)
        before = len(self.mistakes)
        plain = self._plain(raw, name, "", keep=True)
        for word in plain.keys() - set(_EXAMPLE):
            self.wrong(name, word, f"unknown word{nearest(word, _EXAMPLE)}")
        for word in ("id", "kind", "ask", "expect"):
            if word not in plain:
                self.wrong(name, word, "is missing")
        for word, kind in (("facts", dict), ("ask", dict), ("kind", str), ("jurisdiction", str), ("warnings", list)):
            if word in plain and not isinstance(plain[word], kind):
                self.wrong(name, word, f"must be a {'table' if kind is dict else 'list' if kind is list else 'text'}")
        if len(self.mistakes) > before:
            return None
        return example_of(plain, pack)


def example_of(plain: Mapping[str, Any], jurisdiction: str = "") -> Example:
    """An example from plain values that were looked at."""
    return Example(
        id=str(plain["id"]),
        kind=plain["kind"],
        jurisdiction=plain.get("jurisdiction", jurisdiction),
        facts=plain.get("facts", {}),
        ask=plain["ask"],
        expect=plain["expect"],
        severity=plain.get("severity"),
        warnings=tuple(plain.get("warnings", ())),
    )


def _adapter(cls: type[T]) -> TypeAdapter[T]:
    """The reader of a class, made once: making one costs more than reading with it."""
    from pydantic import TypeAdapter

    if cls not in _ADAPTERS:
        _ADAPTERS[cls] = TypeAdapter(cls)
    return _ADAPTERS[cls]


_ADAPTERS: dict[type, TypeAdapter[Any]] = {}


def _kept(value: Any) -> Any:
    """The same with the program's spelling of the keys that Python keeps for itself."""
    match value:
        case dict():
            return {_KEPT.get(word, word): _kept(each) for word, each in value.items()}
        case list():
            return [_kept(each) for each in value]
        case _:
            return value


def _name(raw: Any, place: str) -> str:
    return str(raw["id"]) if isinstance(raw, dict) and raw.get("id") else place


# --- what is said of a mistake ----------------------------------------------------------------------------------------


def nearest(word: object, known: Sequence[str]) -> str:
    """The hint behind an unknown word."""
    near = get_close_matches(str(word), known, n=1)
    return f"; did you mean '{near[0]}'?" if near else "; known are: " + ", ".join(known)


def meant(word: str, known: Sequence[str]) -> str | None:
    """The same as a hint of its own; None where nothing is near."""
    near = get_close_matches(word, known, n=1)
    return f"Did you mean '{near[0]}'?" if near else None


def _key(loc: Sequence[int | str]) -> str:
    """Where a mistake is, as the file spells it; places in a list count from 1."""
    return ".".join(str(part + 1) if isinstance(part, int) else _spelled(part) for part in loc)


def _spelled(word: str) -> str:
    return word[:-1] if word in _KEPT.values() else word


def _reason(cls: type, error: ErrorDetails) -> str:
    match error["type"]:
        case "unexpected_keyword_argument":
            known = [_spelled(each.name) for each in _fields_at(cls, error["loc"][:-1])]
            return f"unknown word{nearest(str(error['loc'][-1]), known)}"
        case "missing" | "missing_keyword_only_argument" | "missing_argument":
            return "is missing"
        case "enum":
            words = [part.strip("'") for part in error["ctx"]["expected"].replace(" or ", ", ").split(", ")]
            return f"'{error['input']}' is unknown{nearest(error['input'], words)}"
        case "dataclass_type":
            return "must be a table"
        case _:
            return error["msg"].removeprefix("Value error, ")


def _fields_at(cls: Any, loc: Sequence[int | str]) -> Sequence[Any]:
    """The fields of the dataclass that a place of an error is in."""
    for part in loc:
        if isinstance(part, str) and is_dataclass(cls):
            hint = get_type_hints(cls).get(part)
            cls = next(iter(_dataclasses(hint)), cls)
    return fields(cls)


def _dataclasses(hint: Any) -> Iterator[Any]:
    if is_dataclass(hint):
        yield hint
    elif not (isinstance(hint, type) and issubclass(hint, Enum)):
        for inner in get_args(hint):
            yield from _dataclasses(inner)
