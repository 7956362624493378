"""Turns plain values into the domain's dataclasses without the library that explains mistakes.

For the shipped files, which the tests read both ways and compare: a command that needs a pack then does not wait for
Pydantic. Whatever it does not understand, it leaves to the reading that names mistakes, by raising ValueError.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, time
from decimal import Decimal
from enum import Enum
from typing import Any, Final, TypeVar, get_args, get_origin, get_type_hints

T = TypeVar("T")
_AS_THEY_ARE: Final = (str, int, bool, date, time)


def build(cls: type[T], plain: Mapping[str, Any]) -> T:
    """A value of a class from plain values whose keys are its fields; ValueError for anything out of the ordinary."""
    known, needed = _fields(cls)
    if not needed <= plain.keys() <= known.keys():
        raise ValueError(f"{cls.__name__}: {sorted(plain)}")
    return cls(**{name: _value(known[name], value) for name, value in plain.items()})


_KNOWN: Final[dict[type, tuple[dict[str, Any], frozenset[str]]]] = {}


def _fields(cls: Any) -> tuple[dict[str, Any], frozenset[str]]:
    """The types of a class's fields, and those that must be given."""
    if cls not in _KNOWN:
        hints = get_type_hints(cls)
        needed = (f.name for f in fields(cls) if f.default is MISSING and f.default_factory is MISSING)
        _KNOWN[cls] = {f.name: hints[f.name] for f in fields(cls)}, frozenset(needed)
    return _KNOWN[cls]


def _value(hint: Any, value: Any) -> Any:
    if get_origin(hint) is tuple:
        held, rest = get_args(hint)
        if rest is not Ellipsis or not isinstance(value, list):
            raise ValueError(f"{hint}: {value!r}")
        return tuple(_value(held, each) for each in value)
    if (parts := get_args(hint)) and len(parts) == 2 and type(None) in parts:
        return _value(next(part for part in parts if part is not type(None)), value)
    if is_dataclass(hint) and isinstance(hint, type) and isinstance(value, dict):
        return build(hint, value)
    if isinstance(hint, type) and issubclass(hint, Enum) and isinstance(value, str):
        return hint(value)
    if hint is Decimal and isinstance(value, str):
        return Decimal(value)
    if hint in (date, time) and isinstance(value, str):
        return hint.fromisoformat(value)
    if hint in _AS_THEY_ARE and type(value) is hint:
        return value
    if parts and all(part in _AS_THEY_ARE for part in parts) and type(value) in parts:
        return value
    raise ValueError(f"{hint}: {value!r}")
