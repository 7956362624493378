"""check-overdue."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from ..errors import UsageError
from . import answers
from .arguments import AsOf, DryRun, Jobs
from .context import Run, parse_date
from .everywhere import command

app = typer.Typer()


@command(app, "check-overdue", writes=True, example="check-overdue --dry-run --as-of 2025-03-01")
def check_overdue(
    ctx: typer.Context,
    as_of: AsOf = None,
    dry_run: DryRun = False,
    limit: Annotated[int, typer.Option(min=0, help="Review so many cases at the most; 0 for all.")] = 0,
    jobs: Jobs = None,
    explain: Annotated[
        str | None, typer.Option(metavar="CASE", help="What would happen to this case, when and why.")
    ] = None,
    days: Annotated[
        int | None, typer.Option(min=0, max=36500, help="With --explain: so many days ahead; default: 90.")
    ] = None,
    until: Annotated[
        date | None,
        typer.Option(parser=parse_date, metavar="DATE", help="What would happen to all cases until a day to come."),
    ] = None,
) -> None:
    """The nightly run: do what is due on every case.

    With --explain or --until nothing is written: they tell what the runs to come would do if nothing else happened.
    """
    from ..services.review import check_overdue as service

    run = Run(ctx)
    if explain is not None or until is not None:
        if as_of or limit or (explain is not None and until is not None):
            raise UsageError("--explain and --until exclude each other, and go with neither --as-of nor --limit.")
        _look_ahead(run, explain, until, days)
        return
    if days is not None:
        raise UsageError("--days goes with --explain.")
    with run.progress("Reviewing cases") as progress:
        summary = service(run.desk, as_of=as_of, dry_run=dry_run, limit=limit, jobs=jobs, progress=progress)
    answers.swept(run, summary, dry_run=dry_run)


def _look_ahead(run: Run, explain: str | None, until: date | None, days: int | None) -> None:
    from ..services import foresight

    if explain is not None:
        answers.foreseen(run, foresight.explain(run.desk, explain, foresight.DAYS if days is None else days))
        return
    if days is not None:
        raise UsageError("--days goes with --explain.")
    if until is not None:
        answers.outlook(run, foresight.look_ahead(run.desk, until))
