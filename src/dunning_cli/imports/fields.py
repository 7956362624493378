"""The fields of a row: the column or constant that each is read from, and how; each mistake is said by its field."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import Any, Final, TypeAlias, TypeVar

from ..domain.money import Money, currency_code
from ..errors import DunningError
from . import mappings
from .tables import BadRow, Row

LONGEST: Final = 300  # characters of what is looked up: every database can index that
_LARGEST: Final = 2**63 - 1  # minor units that every database can hold

Read: TypeAlias = Callable[[str], Any]  # a value from its text; a ValueError or one of ours says what is wrong
Values: TypeAlias = dict[str, Any]
_Word = TypeVar("_Word", bound=StrEnum)


class Fields:
    """Reads the fields of a table's rows. One of them is an amount, in the row's currency or else in the given one."""

    def __init__(
        self, mapping: mappings.Mapping, readers: Mapping[str, Read], needed: Sequence[str], amount: str, currency: str
    ) -> None:
        self._mapping = mapping
        self._amount = amount
        self._currency = currency
        readers = {"currency": lru_cache(1000)(currency_code), **readers}
        self._silent: Values = dict.fromkeys([*readers, amount])
        self._plan = [(name, *self._source(name), read) for name, read in readers.items() if name in mapping.names]
        self._amount_from = self._source(amount)
        self._needed = [(name, *self._source(name)) for name in needed]

    def _source(self, name: str) -> tuple[str | None, str]:
        """The column that a field is read from, and the constant where that is silent."""
        return self._mapping.columns.get(name), self._mapping.constants.get(name, "")

    def read(self, row: Row) -> tuple[Values, list[BadRow]]:
        """The values of a row, None where it is silent, and all that is wrong with them."""
        values, bad, texts = self._silent.copy(), [], row.values
        for name, column, constant, read in self._plan:
            if said := (column and texts[column].strip()) or constant:
                try:
                    values[name] = read(said)
                except (DunningError, ValueError) as error:
                    bad.append(BadRow(row.line, name, said, str(error)))
        column, constant = self._amount_from
        if said := (column and texts[column].strip()) or constant:
            self._read_amount(row, said, values, bad)
        for name, column, constant in self._needed:
            if values[name] is None and not ((column and texts[column].strip()) or constant):
                bad.append(BadRow(row.line, name, "", "is missing"))
        return values, bad

    def _read_amount(self, row: Row, said: str, values: Values, bad: list[BadRow]) -> None:
        if any(each.field == "currency" for each in bad):
            return  # nobody knows how many decimals it may have
        currency = values["currency"] or self._currency
        try:
            amount = Money.positive(self._mapping.amount(said), currency, self._amount)
            if amount.minor > _LARGEST:
                raise ValueError("is too large")
            values[self._amount] = amount
        except (DunningError, ValueError) as error:
            bad.append(BadRow(row.line, self._amount, said, str(error)))


def text(longest: int = LONGEST) -> Read:
    """Any text up to a length."""

    def read(given: str) -> str:
        if len(given) > longest:
            raise ValueError(f"is longer than {longest} characters")
        return given

    return read


def checked(check: Callable[[str], object]) -> Read:
    """A text that `check` does not refuse; asked once for each that a table repeats."""

    @lru_cache(1000)
    def read(given: str) -> str:
        check(given)
        return given

    return read


def word(words: type[_Word]) -> Read:
    """One word of a list."""
    return one_of({each.value: each for each in words})


def one_of(words: Mapping[str, object]) -> Read:
    """What one of these words stands for; capitals do not matter."""

    def read(given: str) -> object:
        folded = given.casefold()
        if folded not in words:
            raise ValueError("is none of: " + ", ".join(words))
        return words[folded]

    return read
