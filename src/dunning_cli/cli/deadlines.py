"""deadlines, retention."""

from __future__ import annotations

from typing import Annotated

import typer

from ..errors import UsageError
from . import answers
from .arguments import CaseArg, Csv
from .context import Run
from .everywhere import command

app = typer.Typer()


@command(app, "deadlines", example="deadlines --within 30")
def deadlines(
    ctx: typer.Context,
    case: Annotated[
        str | None, typer.Argument(metavar="[CASE]", help="Of this case; without it, the next of all open cases.")
    ] = None,
    within: Annotated[
        int | None, typer.Option(metavar="DAYS", min=0, max=36500, help="Of all cases: within so many days.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=0, max=10**9, help="Of all cases: how many at the most; 0 for all. Default: 50.")
    ] = None,
    csv: Csv = False,
) -> None:
    """The days the law gives: of a case, or the next of all."""
    from ..services.deadlines import nearing, of_case

    run = Run(ctx)
    if case is None:
        answers.nearing(run, nearing(run.desk, within, 50 if limit is None else limit), csv=csv)
        return
    if within is not None or limit is not None:
        raise UsageError("--within and --limit are for the list of all cases: leave CASE out, or the options.")
    answers.deadlines(run, of_case(run.desk, case), csv=csv)


@command(app, "retention", example="retention LOAN-7")
def retention(ctx: typer.Context, case: CaseArg) -> None:
    """What must be kept of a case, and what may be erased."""
    from ..services.deadlines import retention as service

    run = Run(ctx)
    answers.retained(run, service(run.desk, case))
