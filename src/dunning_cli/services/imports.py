"""What every import shares: read a table row by row, list what is bad, refuse or leave it out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from ..domain.views import ImportSummary
from ..errors import InputError

if TYPE_CHECKING:
    from ..imports.tables import BadRow, Table

BATCH = 5000
LISTED = 10_000  # rejected rows that are listed one by one; more are only counted

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
                summary.rejected.append(row._asdict() | {"value": row.value[:200]})
            summary.rejected_rows += line != last
        if line != last:
            summary.read += 1
            last = line
            if progress and summary.read % 1000 == 0:
                progress(summary.read, total)
        if not isinstance(row, BadRow):
            yield row


def refuse_bad(file: Rows[Any]) -> None:
    """Read the whole file once, and refuse it if a row of it is bad."""
    summary = ImportSummary()
    for _ in good_rows(file, summary):
        pass
    if summary.rejected:
        raise refusal(file, summary)


def refusal(file: Rows[Any], summary: ImportSummary) -> InputError:
    """The error for a file with bad rows."""
    lines = "\n".join(
        f"  line {bad['line']}: {bad['field']} '{bad['value'][:60]}' {bad['reason']}" for bad in summary.rejected[:20]
    )
    return InputError(
        "{path}: {count} of {read} rows are bad:\n{lines}",
        hint="Nothing was written. Mend them, or take the good rows alone with --on-error skip.",
        details={"read": summary.read, "rejected": summary.rejected},
        path=file.table.path,
        count=summary.rejected_rows,
        read=summary.read,
        lines=lines,
    )
