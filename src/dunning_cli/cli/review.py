"""check-overdue."""

from __future__ import annotations

from typing import Annotated

import typer

from . import answers
from .arguments import AsOf, DryRun
from .context import Run
from .everywhere import command

app = typer.Typer()


@command(app, "check-overdue", writes=True, example="check-overdue --dry-run --as-of 2025-03-01")
def check_overdue(
    ctx: typer.Context,
    as_of: AsOf = None,
    dry_run: DryRun = False,
    limit: Annotated[int, typer.Option(min=0, help="Review so many cases at the most; 0 for all.")] = 0,
) -> None:
    """The nightly run: do what is due on every case."""
    from ..services.review import check_overdue as service

    run = Run(ctx)
    with run.progress("Reviewing cases") as progress:
        summary = service(run.desk, as_of=as_of, dry_run=dry_run, limit=limit, progress=progress)
    answers.swept(run, summary, dry_run=dry_run)
