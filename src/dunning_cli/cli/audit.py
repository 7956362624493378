"""audit verify, head."""

from __future__ import annotations

from typing import Annotated

import typer

from . import answers
from .arguments import Jobs
from .context import Run
from .everywhere import command

app = typer.Typer(no_args_is_help=True)


@command(app, "verify", example="audit verify --case LOAN-7 --head 3f9a…")
def verify(
    ctx: typer.Context,
    head: Annotated[str | None, typer.Option(metavar="DIGEST", help="A head noted outside the database.")] = None,
    case: Annotated[str | None, typer.Option(help="The case whose head it is.")] = None,
    jobs: Jobs = None,
) -> None:
    """Verify every journal, and every row that is derived from one."""
    from ..services.audit import verify as service

    run = Run(ctx, create=False)
    with run.progress("Verifying entries") as progress:
        report = service(run.desk, head, case, progress, jobs=jobs)
    answers.audited(run, report)


@command(app, "head", example="audit head LOAN-7")
def head(ctx: typer.Context, case: Annotated[str | None, typer.Argument(help="A case; default: all.")] = None) -> None:
    """Print the digest of each case's last entry, to be noted outside the database."""
    from ..render.audit import heads_object, heads_table
    from ..services.audit import heads

    run = Run(ctx, create=False)
    found = heads(run.desk, case)
    run.answer(lambda: heads_object(found), lambda: heads_table(found, run.t))
