"""Structs, and the dataclasses of the rules, to plain JSON values and back, by their type hints.

Money is written in major units (`"500.00"`), and its currency stands once, beside it, under `currency`: one
document, one currency. Optional fields that are empty are left out. Fields marked `Private` can be split from the
others.
"""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Iterator
from dataclasses import MISSING, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from typing import (
    Annotated,
    Any,
    Literal,
    NamedTuple,
    NoReturn,
    TypeAlias,
    TypeVar,
    Union,
    get_args,
    get_origin,
    get_type_hints,
)

import msgspec
from msgspec import NODEFAULT, Struct

from ..errors import InputError
from .money import DIGITS, Money

Json: TypeAlias = dict[str, Any]
T = TypeVar("T")

PRIVATE = object()
Private: TypeAlias = Annotated[T, PRIVATE]  # identifies a person, or is free text

_Read: TypeAlias = Callable[[Any, str], Any]  # (JSON value, currency) -> value


_KINDS: dict[type, str] = {}


def kind_of(cls: type) -> str:
    """`PlanProposed` -> `plan_proposed`."""
    kind = _KINDS.get(cls)
    if kind is None:
        kind = _KINDS[cls] = "".join("_" + c.lower() if c.isupper() else c for c in cls.__name__).lstrip("_")
    return kind


def canonical(value: Json) -> str:
    """The one JSON text of a value: sorted keys, no spaces, UTF-8 kept. What is stored and hashed."""
    return _CANONICAL(value).decode()


def parsed(text: str) -> Json:
    """The JSON values in a text that was stored; ValueError where it is none."""
    found: Json = _PARSED(text)
    return found


_UNSTORABLE = re.compile(r"[\0\ud800-\udfff]")


def check_text(text: str, where: str) -> str:
    """Refuse text that cannot be stored and hashed alike everywhere: NUL and lone surrogates."""
    if _UNSTORABLE.search(text):
        raise InputError(
            "The {where} holds a character that cannot be stored (NUL, or half a character).",
            hint="Remove it and try again; a wrong encoding is the usual cause.",
            where=where,
        )
    return text


_CANONICAL = msgspec.json.Encoder(order="sorted").encode
_PARSED = msgspec.json.Decoder(dict[str, Any]).decode


class _Field(NamedTuple):
    """How one field is written and read: expressions over a value `x` and the currency `c`."""

    name: str
    default: Any
    private: bool
    money: bool
    write: str
    read: str


class _Code:
    """The functions that write and read one class, made once from its type hints.

    They are generated as source, as dataclasses generate theirs: going through the hints again for every
    value costs several times what the values themselves cost, and the nightly run writes and reads nothing else.
    """

    def __init__(self, cls: type) -> None:
        self.names: dict[str, Any] = {
            "cls": cls,
            "_write_money": _write_money,
            "_read_money": _read_money,
        }
        hints = get_type_hints(cls, include_extras=True)
        self.fields = [self._field(name, hints[name], default) for name, default in defaults(cls)]
        self.known = frozenset(f.name for f in self.fields) | {"currency"}
        self.money = tuple(f.name for f in self.fields if f.money)
        self.required_private = [f.name for f in self.fields if f.private and f.default is NODEFAULT]
        self.encode = self._writer(self.fields)
        self.encode_open = self._writer([f for f in self.fields if not f.private])
        self.encode_private = self._writer([f for f in self.fields if f.private])
        self.has_private = any(f.private for f in self.fields)
        self.names |= {"known": self.known, "_unknown": _unknown}
        self.decode = self._reader()

    def _field(self, name: str, hint: Any, default: Any) -> _Field:
        marks = get_args(hint)[1:] if get_origin(hint) is Annotated else ()
        write, read, money = self._expressions(hint)
        return _Field(name, default, PRIVATE in marks, money, write, read)

    def _name(self, value: Any) -> str:
        """A name in the generated source for a value."""
        name = f"n{len(self.names)}"
        self.names[name] = value
        return name

    def _expressions(self, hint: Any) -> tuple[str, str, bool]:
        """How to write and to read a value `x` of a hint, and whether it may hold money."""
        origin, args = get_origin(hint), get_args(hint)
        if origin is Annotated:
            return self._expressions(args[0])
        if origin in (Union, types.UnionType):
            return self._union([a for a in args if a is not type(None)])
        if origin is tuple:
            write, read, money = self._expressions(args[0])
            return f"[{write} for x in x]", f"tuple([{read} for x in x])", money
        if hint is Money:
            return "_write_money(x, c)", "_read_money(x, c)", True
        if hint in (date, datetime):
            return "x.isoformat()", f"{self._name(hint.fromisoformat)}(x)", False
        if hint is Decimal:
            return "str(x)", f"{self._name(Decimal)}(x)", False
        if origin is Literal or hint in (str, int, bool):
            return "x", "x", False
        if isinstance(hint, type) and issubclass(hint, Enum):
            return "x._value_", f"{self._name({m.value: m for m in hint})}[x]", False
        if isinstance(hint, type) and (issubclass(hint, Struct) or is_dataclass(hint)):
            code = _code(hint)
            return f"{self._name(code.encode)}(x, c)", f"{self._name(code.decode)}(x, c)", bool(code.money)
        raise TypeError(f"no codec for {hint!r}")

    def _union(self, options: list[Any]) -> tuple[str, str, bool]:
        if len(options) == 1:
            return self._expressions(options[0])
        # An enum beside a literal (a stage, or "closed"): a word that is no member is the literal.
        enum = next(o for o in options if isinstance(o, type) and issubclass(o, Enum))
        return "str(x)", f"{self._name({m.value: m for m in enum})}.get(x, x)", False

    def _writer(self, written: list[_Field]) -> Callable[[Any, str], Json]:
        lines = ["def write(v, c):", " d = {}"]
        for f in written:
            lines.append(f" x = v.{f.name}")
            indent = ""
            if f.default is not NODEFAULT:
                lines.append(" if x:" if f.default == () else " if x is not None:")
                indent = " "
            lines.append(f"{indent} d[{f.name!r}] = {f.write}")
        return self._made([*lines, " return d"], "write")

    def _reader(self) -> Callable[..., Any]:
        lines = ["def read(d, c):", " if not d.keys() <= known: _unknown(cls, d.keys() - known)"]
        given = []
        for f in self.fields:
            if f.default is NODEFAULT:
                lines += [f" x = d[{f.name!r}]", f" v_{f.name} = {f.read}"]
                given.append(f"{f.name}=v_{f.name}")
            else:
                lines += [
                    f" x = d.get({f.name!r})",
                    f" v_{f.name} = {self._name(f.default)} if x is None else {f.read}",
                ]
                given.append(f"{f.name}=v_{f.name}")
        return self._made([*lines, f" return cls({', '.join(given)})"], "read")

    def _made(self, lines: list[str], name: str) -> Callable[..., Any]:
        space = dict(self.names)
        exec("\n".join(lines), space)  # noqa: S102 - source made above from the class's own fields
        made: Callable[..., Any] = space[name]
        return made


def defaults(cls: Any) -> Iterator[tuple[str, Any]]:
    """The fields in order, each with its default, or NODEFAULT."""
    if is_dataclass(cls):
        return ((f.name, NODEFAULT if f.default is MISSING else f.default) for f in fields(cls) if f.init)
    names, defaults = cls.__struct_fields__, cls.__struct_defaults__
    return zip(names, (NODEFAULT,) * (len(names) - len(defaults)) + defaults, strict=True)


_CODES: dict[type, _Code] = {}


def _code(cls: type) -> _Code:
    found = _CODES.get(cls)
    if found is None:
        found = _CODES[cls] = _Code(cls)
    return found


def _unknown(cls: type, names: set[str]) -> NoReturn:
    raise ValueError(f"{kind_of(cls)} has unknown fields {sorted(names)}")


def required_private(cls: type) -> list[str]:
    """The private fields that have no default."""
    return _code(cls).required_private


def _write_money(money: Money, currency: str) -> str:
    if money.currency != currency:
        raise ValueError(f"one document, one currency: {money.currency} beside {currency}")
    return str(money)


def _read_money(text: str, currency: str) -> Money:
    digits = DIGITS[currency]
    if (text[-digits - 1 : -digits] != ".") if digits else ("." in text):
        raise ValueError(f"{text!r} does not have {digits} decimals")
    return Money(int(text.replace(".", "", 1)), currency)


def currency_of(value: Any) -> str | None:
    """The currency of the first money found in a value, or None where it holds none."""
    if isinstance(value, Money):
        return value.currency
    if isinstance(value, tuple):
        return next((found for each in value if (found := currency_of(each))), None)
    if isinstance(value, Struct) or is_dataclass(value):
        names = _code(type(value)).money
        return next((found for name in names if (found := currency_of(getattr(value, name)))), None)
    return None


def encode(value: Any, private: bool | None = None, currency: str | None = None) -> Json:
    """The JSON values of a Struct; `private` True or False takes only the fields that are, or are not, private.

    Its currency is found out where it is not given. Money of another one raises ValueError.
    """
    code = _code(type(value))
    if private:
        return code.encode_private(value, currency or "") if code.has_private else {}
    currency = currency or (currency_of(value) if code.money else None)
    out = (code.encode if private is None else code.encode_open)(value, currency or "")
    if currency:
        out["currency"] = currency
    return out


def decode(cls: type[T], data: Json, currency: str | None = None) -> T:
    """The Struct that `encode` wrote.

    A key that the class does not know raises ValueError, never a silent skip.
    """
    found: T = _code(cls).decode(data, currency or data.get("currency") or "")
    return found
