"""What every import shares: read a table row by row, list what is bad, refuse or leave it out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from ..domain.views import ImportSummary
from ..errors import InputError

if TYPE_CHECKING:
    from ..imports.tables import BadRow, Table

BATCH = 5000
LISTED = 10_000  # rejected values that are listed one by one; more are only counted
SHOWN = 200  # characters of a rejected value that are listed

Progress = Callable[[int, int], None]
R_co = TypeVar("R_co", bound="Lined", covariant=True)


class Lined(Protocol):
    """A row that knows its line."""

    @property
    def line(self) -> int: ...


class Rows(Protocol[R_co]):
    """A file whose rows were checked: each is good, or a BadRow for every mistake in it."""

    @property
    def table(self) -> Table: ...

    def rows(self) -> Iterator[R_co | BadRow]: ...


def good_rows(file: Rows[R_co], summary: ImportSummary, progress: Progress | None = None) -> Iterator[R_co]:
    """The good rows of a file; the bad ones are noted in the summary."""
    from ..imports.tables import BadRow

    summary.encoding = file.table.encoding
    total = file.table.count_lines() if progress else 0
    last = 0
    for row in file.rows():
        line = row.line
        if isinstance(row, BadRow):
            if len(summary.rejected) < LISTED:
                summary.rejected.append(row._asdict() | {"value": row.value[:SHOWN]})
            summary.rejected_rows += line != last
        if line != last:
            summary.read += 1
            last = line
            if progress and summary.read % 1000 == 0:
                progress(summary.read, total)
        if not isinstance(row, BadRow):
            yield row


def check(file: Rows[Any], *, skip_bad: bool, progress: Progress | None = None) -> None:
    """Read the whole file before anything is written: refuse it if it breaks off, or if a row of it is bad.

    With `skip_bad` bad rows are let through, and only what makes the rest of the file unreadable refuses it.
    """
    if skip_bad:
        for _ in file.table.rows():
            pass
        return
    summary = ImportSummary()
    for _ in good_rows(file, summary, progress):
        pass
    if summary.rejected:
        raise refusal(file, summary)


def refusal(file: Rows[Any], summary: ImportSummary) -> InputError:
    """The error for a file with bad rows."""
    return InputError(
        "{path}: {count} of {read} rows are bad:\n{lines}",
        hint="Nothing was written. Mend them, or take the good rows alone with --on-error skip.",
        details={"read": summary.read, "rejected": summary.rejected},
        path=file.table.path,
        count=summary.rejected_rows,
        read=summary.read,
        lines="\n".join(said_of(bad) for bad in summary.rejected[:20]),
    )


def said_of(bad: dict[str, Any]) -> str:
    """A mistake on one line of text, whatever stands in the value."""
    value = " ".join(bad["value"].split())[:60]
    parts = (bad["field"], f"'{value}'" if value else "", bad["reason"])
    return f"  line {bad['line']}: {' '.join(part for part in parts if part)}"
