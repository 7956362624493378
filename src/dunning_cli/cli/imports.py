"""import-cases, import-payments."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from . import answers
from .context import Run
from .everywhere import command

app = typer.Typer()


class OnError(StrEnum):
    STOP = "stop"
    SKIP = "skip"


_Mapping = Annotated[
    Path | None, typer.Option(metavar="FILE", help="How the table is read, in TOML; default: our column names.")
]
_Bad = Annotated[OnError, typer.Option(help="A bad row stops everything before it begins, or is left out.")]
_DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and write nothing.")]


@command(app, "import-cases", example="import-cases ledger.csv --mapping ledger.toml --dry-run")
def import_cases(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A table: CSV, with the names of its columns first.")],
    mapping: _Mapping = None,
    on_error: _Bad = OnError.STOP,
    dry_run: _DryRun = False,
) -> None:
    """Open a case for every row of a table."""
    from ..services.case_imports import import_cases as service

    run = Run(ctx)
    with run.progress("Importing rows") as progress:
        summary = service(
            run.desk, file, mapping, skip_bad=on_error is OnError.SKIP, dry_run=dry_run, progress=progress
        )
    answers.imported(run, summary, dry_run=dry_run)


@command(app, "import-payments", example="import-payments march.csv --on-error skip")
def import_payments(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A table: CSV, with the names of its columns first.")],
    mapping: _Mapping = None,
    on_error: _Bad = OnError.STOP,
    dry_run: _DryRun = False,
) -> None:
    """Book the payments in a table on their cases."""
    from ..services.payment_imports import import_payments as service

    run = Run(ctx)
    with run.progress("Importing payments") as progress:
        summary = service(
            run.desk, file, mapping, skip_bad=on_error is OnError.SKIP, dry_run=dry_run, progress=progress
        )
    answers.paid_in(run, summary, dry_run=dry_run)
