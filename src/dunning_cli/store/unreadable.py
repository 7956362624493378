"""What is stored, and is not what this program wrote: one error that says so, whatever the reading of it raises."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from typing import Final

from ..errors import JournalBrokenError

UNREADABLE: Final = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, StopIteration)


@contextmanager
def readable(subject: str, name: object) -> Generator[None, None, None]:
    """Read what is stored of a `case`, a `debtor` or a `policy`."""
    try:
        yield
    except UNREADABLE as error:
        raise JournalBrokenError(
            "What is stored of case {name} cannot be read: {said}."
            if subject == "case"
            else "What is stored of debtor {name} cannot be read: {said}."
            if subject == "debtor"
            else "The policy {name} cannot be read: {said}.",
            hint="See what is wrong with: dunning audit verify",
            details={subject: name},
            name=name,
            said=error,
        ) from error
