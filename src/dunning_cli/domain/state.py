"""The state of a case or of a debtor as its row holds it: one JSON text, written and read whole.

It is no part of the journal, and nothing hashes it: it is there so that a command or the nightly run need not fold a
journal. What stands in columns of its own is left out, and so is what says nothing. Facts, of which a case has many,
are arrays of their fields in order: a field that comes later goes to the end, with a default.
"""

from __future__ import annotations

from operator import attrgetter
from typing import Any, Final, Generic, TypeVar, get_type_hints

from msgspec import NODEFAULT, defstruct
from msgspec.json import Decoder, Encoder

from .cases import Case
from .codec import defaults
from .debtors import Debtor

T = TypeVar("T")


class State(Generic[T]):
    """How the state of a class is written. Its fields `first` stand in columns, as do those of `besides`."""

    def __init__(self, cls: type[T], first: tuple[str, ...], besides: str) -> None:
        hints = get_type_hints(cls)
        kept = [(name, default) for name, default in defaults(cls) if name not in (*first, besides)]
        fields: list[Any] = [
            (name, hints[name]) if default is NODEFAULT else (name, hints[name], default) for name, default in kept
        ]
        self.fields = tuple(name for name, _ in kept)
        self._cls = cls
        self._made = defstruct("State", fields, frozen=True, omit_defaults=True, forbid_unknown_fields=True)
        self._values = attrgetter(*self.fields)
        self._write = Encoder().encode
        self._read = Decoder(self._made).decode

    def write(self, value: T) -> str:
        """The text of a value's state."""
        return self._write(self._made(*self._values(value))).decode()

    def read(self, text: str, *first: Any) -> T:
        """The value whose state a text holds, given what stands in columns; ValueError where it holds none."""
        return self._cls(*first, *self._values(self._read(text)))


CASE: Final = State(Case, ("case_id", "debt"), besides="_known")
DEBTOR: Final = State(Debtor, ("debtor_id",), besides="records")
