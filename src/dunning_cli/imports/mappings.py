"""Mapping files: how somebody else's table is read as ours.

delimiter = ","              # left out: found out
encoding = "gb18030"         # left out: found out
date_format = "%d.%m.%Y"     # left out: 2025-01-31
decimal = ","                # the decimal sign; left out: a point
thousands = "."              # the thousands mark; left out: none
[columns]                    # our name = their column
reference = "invoice_number"
[constants]                  # our name = the same value on every row
creditor = "Example Ltd"
[hold]                       # a reason for a hold = a column and the values that say so
dispute = { column = "disputed", values = ["1", "yes"] }
"""

from __future__ import annotations

import tomllib
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StrictStr, ValidationError

from ..domain.entries import HoldReason
from ..errors import InputError

_Mark = Annotated[StrictStr, Field(min_length=1, max_length=1)]


class HoldColumn(BaseModel):
    model_config = ConfigDict(extra="forbid")
    column: StrictStr
    values: list[StrictStr]


class Mapping(BaseModel):
    """How a table is read; everything left out is as in a plain file."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    delimiter: _Mark | None = None
    encoding: StrictStr | None = None
    date_format: StrictStr | None = None
    decimal: _Mark = "."
    thousands: _Mark | None = None
    columns: dict[str, StrictStr] = {}
    constants: dict[str, StrictStr] = {}
    hold: dict[HoldReason, HoldColumn] = {}

    def date(self, text: str) -> date:
        """A date as the file writes it; ValueError where it is none."""
        return _date(text, self.date_format)

    def amount(self, text: str) -> str:
        """An amount as the file writes it, in our form: digits and a point."""
        if self.thousands:
            text = text.replace(self.thousands, "")
        if self.decimal != ".":
            if "." in text:
                raise ValueError("a point where the decimal sign is " + self.decimal)
            text = text.replace(self.decimal, ".")
        return text


@lru_cache(maxsize=20_000)  # ledgers repeat their dates, and strptime is slow
def _date(text: str, form: str | None) -> date:
    if form:
        return datetime.strptime(text, form).replace(tzinfo=UTC).date()
    if len(text) != 10:
        raise ValueError(text)
    return date.fromisoformat(text)


def read_mapping(path: Path, known: tuple[str, ...]) -> Mapping:
    """A mapping file; all its mistakes are named at once. `known` are our column names."""
    try:
        mapping = Mapping.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("{path} cannot be read: {said}.", path=path, said=error) from error
    except tomllib.TOMLDecodeError as error:
        raise InputError("{path} is not TOML: {said}.", path=path, said=error) from error
    except ValidationError as error:
        found = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()]
        raise _mistakes(path, found) from error
    if unknown := [name for name in (*mapping.columns, *mapping.constants) if name not in known]:
        raise _mistakes(path, [f"'{name}' is none of: {', '.join(known)}" for name in unknown])
    return mapping


def _mistakes(path: Path, found: list[str]) -> InputError:
    return InputError("{path} is no valid mapping:\n{lines}", path=path, lines="\n".join(f"  {line}" for line in found))
