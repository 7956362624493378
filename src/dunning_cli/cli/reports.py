"""report ageing."""

from __future__ import annotations

from typing import Annotated

import typer

from ..domain.reports import By
from . import answers
from .arguments import AsOf, Csv
from .context import Run
from .everywhere import command

app = typer.Typer(no_args_is_help=True)


@command(app, "ageing", example="report ageing --by creditor")
def ageing(
    ctx: typer.Context,
    as_of: AsOf = None,
    by: Annotated[By, typer.Option(help="What it is broken down by; currencies always stand apart.")] = By.CURRENCY,
    csv: Csv = False,
) -> None:
    """What is owed on open cases, by how long it is overdue.

    Without --as-of it is what was owed when something last happened on each case, which is quick; with it, what is owed
    at the end of that day to the cent, out of every journal, which takes its time.
    """
    from ..services.reports import ageing as service

    run = Run(ctx)
    answers.ageing(run, service(run.desk, by, as_of), csv=csv)
