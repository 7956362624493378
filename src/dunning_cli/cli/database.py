"""db upgrade, status, backup, distribute."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from . import answers
from .context import Run
from .everywhere import command

app = typer.Typer(no_args_is_help=True)


@command(app, "upgrade", example="db upgrade")
def upgrade(ctx: typer.Context) -> None:
    """Bring the database to this version's tables."""
    from ..services.database import upgrade as service

    run = Run(ctx)
    answers.database(run, service(run.settings))


@command(app, "status", example="db status")
def status(ctx: typer.Context) -> None:
    """Say which database this is, at which version, and how much is in it."""
    from ..services.database import status as service

    run = Run(ctx)
    answers.database(run, service(run.settings))


@command(app, "backup", example="db backup monday.db")
def backup(ctx: typer.Context, file: Annotated[Path, typer.Argument(help="A new file.")]) -> None:
    """Copy the SQLite database to a new file, while it is in use."""
    from ..services.database import backup as service

    run = Run(ctx, create=False)
    size = service(run.desk, file)
    run.answer(
        lambda: {"file": str(file), "bytes": size},
        lambda: run.said("{file}: {size} bytes, checked.", file=file, size=size),
    )


@command(app, "distribute", example="db distribute")
def distribute(ctx: typer.Context) -> None:
    """Spread the tables over the workers of a Citus cluster (PostgreSQL)."""
    from ..services.database import distribute as service

    run = Run(ctx, create=False)
    answers.placed(run, service(run.settings))
