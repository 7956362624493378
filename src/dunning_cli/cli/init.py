"""init."""

from __future__ import annotations

import typer

from . import answers
from .context import Run
from .everywhere import command

app = typer.Typer()


@command(app, "init", example="init")
def init(ctx: typer.Context) -> None:
    """Make the database, and say where it is."""
    from ..services.database import init as service

    run = Run(ctx)
    answers.database(run, service(run.desk))
