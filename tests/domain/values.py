"""Hypothesis strategies for any value that a journal can hold, built from the type hints of the Structs."""

from __future__ import annotations

import types
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from hypothesis import settings
from hypothesis import strategies as st
from msgspec import Struct

from dunning_cli.domain.money import Money

# For a property that is asked of many kinds.
FEW = settings(max_examples=max(15, settings().max_examples // 4))

CURRENCIES = st.sampled_from(["CNY", "EUR", "JPY", "KWD"])
# Any text but what cannot be stored: NUL, and half a character.
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)
DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))
_OFFSETS = st.integers(-12 * 4, 14 * 4).map(lambda quarters: timezone(timedelta(minutes=15 * quarters)))
INSTANTS = st.datetimes(datetime(2000, 1, 1), datetime(2060, 1, 1), timezones=_OFFSETS)  # noqa: DTZ001


def of_type(cls: type) -> st.SearchStrategy[Any]:
    """Any value of a Struct, all its money in one currency."""
    return CURRENCIES.flatmap(lambda currency: _of_hint(cls, currency))


def _of_hint(hint: Any, currency: str) -> st.SearchStrategy[Any]:
    origin, args = get_origin(hint), get_args(hint)
    simple: dict[Any, st.SearchStrategy[Any]] = {
        type(None): st.none(),
        str: TEXTS,
        bool: st.booleans(),
        int: st.integers(-5, 10**6),
        date: DAYS,
        datetime: INSTANTS,
        Decimal: st.decimals(0, 100, places=4),
        Money: st.integers(-(10**6), 10**9).map(lambda minor: Money(minor, currency)),
    }
    if origin is Annotated:
        return _of_hint(args[0], currency)
    if origin in (Union, types.UnionType):
        return st.one_of(*(_of_hint(arg, currency) for arg in args))
    if origin is Literal:
        return st.sampled_from(args)
    if origin is tuple:
        return st.lists(_of_hint(args[0], currency), max_size=3).map(tuple)
    if isinstance(hint, type) and issubclass(hint, Enum):
        return st.sampled_from(list(hint))
    if isinstance(hint, type) and issubclass(hint, Struct) and hint is not Money:
        hints = get_type_hints(hint, include_extras=True)
        return st.builds(hint, **{name: _of_hint(hints[name], currency) for name in hint.__struct_fields__})
    return simple[hint]
