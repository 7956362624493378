"""Frozen dataclasses to plain JSON values and back, by their type hints.

Money is written in major units (`"500.00"`), and its currency stands once, beside it, under `currency`: one
document, one currency. Optional fields that are empty are left out. Fields marked `Private` can be split from the
others.
"""

from __future__ import annotations

import json
import types
from collections.abc import Callable
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from enum import Enum
from typing import Annotated, Any, Literal, TypeAlias, TypeVar, Union, get_args, get_origin, get_type_hints

from ..errors import InputError
from .money import DIGITS, Money

Json: TypeAlias = dict[str, Any]
T = TypeVar("T")

PRIVATE, APART = object(), object()
Private: TypeAlias = Annotated[T, PRIVATE]  # identifies a person, or is free text
Apart: TypeAlias = Annotated[T, APART]  # kept elsewhere (a table's columns): not in the document

_Convert: TypeAlias = Callable[[Any, str], Any]  # (value, currency) -> value


def kind_of(cls: type) -> str:
    """`PlanProposed` -> `plan_proposed`."""
    return "".join("_" + c.lower() if c.isupper() else c for c in cls.__name__).lstrip("_")


def canonical(value: Json) -> str:
    """The one JSON text of a value: sorted keys, no spaces, UTF-8 kept. What is stored and hashed."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def check_text(text: str, where: str) -> str:
    """Refuse text that cannot be stored and hashed alike everywhere: NUL and lone surrogates."""
    if "\0" in text or any("\ud800" <= c <= "\udfff" for c in text):
        raise InputError(
            "The {where} holds a character that cannot be stored (NUL, or half a character).",
            hint="Remove it and try again; a wrong encoding is the usual cause.",
            where=where,
        )
    return text


class _Field:
    """How one field is written and read."""

    __slots__ = ("decode", "default", "encode", "name", "private")

    def __init__(self, name: str, hint: Any, default: Any) -> None:
        self.name = name
        self.default = default
        self.private = get_origin(hint) is Annotated and PRIVATE in get_args(hint)
        self.encode, self.decode = _converters(hint)


_PLANS: dict[type, tuple[_Field, ...]] = {}


def _plan(cls: type) -> tuple[_Field, ...]:
    if cls in _PLANS:
        return _PLANS[cls]
    hints = get_type_hints(cls, include_extras=True)
    _PLANS[cls] = tuple(
        _Field(f.name, hints[f.name], f.default) for f in fields(cls) if f.init and APART not in get_args(hints[f.name])
    )
    return _PLANS[cls]


def required_private(cls: type) -> list[str]:
    """The private fields that have no default."""
    return [f.name for f in _plan(cls) if f.private and f.default is MISSING]


def _same(value: Any, currency: str) -> Any:
    return value


def _converters(hint: Any) -> tuple[_Convert | None, _Convert | None]:
    """The functions that write and read a hint; None where the JSON value is the value itself."""
    origin, args = get_origin(hint), get_args(hint)
    if origin is Annotated:
        return _converters(args[0])
    if origin in (Union, types.UnionType):
        return _union(tuple(a for a in args if a is not type(None)))
    if origin is tuple:
        write, read = _converters(args[0])
        if write is None and read is None:
            return lambda v, c: list(v), lambda v, c: tuple(v)
        write, read = write or _same, read or _same
        return lambda v, c: [write(x, c) for x in v], lambda v, c: tuple(read(x, c) for x in v)
    if hint is Money:
        return lambda v, c: str(v), _read_money
    if hint is datetime:
        return lambda v, c: v.isoformat(), lambda v, c: datetime.fromisoformat(v)
    if hint is date:
        return lambda v, c: v.isoformat(), lambda v, c: date.fromisoformat(v)
    if isinstance(hint, type) and issubclass(hint, Enum):
        members = {member.value: member for member in hint}
        return lambda v, c: v.value, lambda v, c: members[v]
    if is_dataclass(hint) and isinstance(hint, type):
        return _encode, lambda v, c: decode(hint, v, c)
    if origin is Literal or hint in (str, int, bool):
        return None, None
    raise TypeError(f"no codec for {hint!r}")


def _union(options: tuple[Any, ...]) -> tuple[_Convert | None, _Convert | None]:
    if len(options) == 1:
        return _converters(options[0])
    # An enum beside a literal (a stage, or "closed"): a word that is no member is the literal.
    enum = next(o for o in options if isinstance(o, type) and issubclass(o, Enum))
    members: dict[str, Any] = {member.value: member for member in enum}
    return lambda v, c: str(v), lambda v, c: members.get(v, v)


def _read_money(text: str, currency: str) -> Money:
    digits = DIGITS[currency]
    whole = int(text.replace(".", "", 1))
    if (text[-digits - 1 : -digits] != ".") if digits else ("." in text):
        raise ValueError(f"{text!r} does not have {digits} decimals")
    return Money(whole, currency)


def _encode(value: Any, currency: str, private: bool | None = None) -> Json:
    out: Json = {}
    for f in _plan(type(value)):
        if private is None or f.private is private:
            v = getattr(value, f.name)
            if (v is None or v == ()) and f.default is not MISSING:
                continue
            out[f.name] = v if f.encode is None else f.encode(v, currency)
    return out


def currency_of(value: Any) -> str | None:
    """The one currency in a dataclass, or None where it holds no money. Two currencies raise ValueError."""
    found = set(_currencies(value))
    if len(found) > 1:
        raise ValueError(f"one document, one currency: {sorted(found)}")
    return found.pop() if found else None


def _currencies(value: Any) -> Any:
    if isinstance(value, Money):
        yield value.currency
    elif isinstance(value, tuple):
        for item in value:
            yield from _currencies(item)
    elif hasattr(value, "__dataclass_fields__"):
        for name in value.__dataclass_fields__:
            yield from _currencies(getattr(value, name))


def encode(value: Any, private: bool | None = None) -> Json:
    """The JSON values of a dataclass; `private` True or False takes only the fields that are, or are not, private."""
    out = _encode(value, "", private)
    if private is not True and (currency := currency_of(value)):
        out["currency"] = currency
    return out


def decode(cls: type[T], data: Json, currency: str | None = None, **apart: Any) -> T:
    """The dataclass that `encode` wrote, with its fields kept `Apart` given by name.

    A key that the class does not know raises ValueError, never a silent skip.
    """
    currency = currency or data.get("currency") or ""
    given: Json = {}
    for f in _plan(cls):
        if f.name in data:
            v = data[f.name]
            given[f.name] = v if f.decode is None or v is None else f.decode(v, currency)
    if unknown := data.keys() - given.keys() - {"currency"}:
        raise ValueError(f"{kind_of(cls)} has unknown fields {sorted(unknown)}")
    return cls(**given, **apart)
