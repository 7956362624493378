"""send-notice."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from ..domain.entries import Channel
from . import answers
from .arguments import DryRun
from .context import Run
from .everywhere import command

app = typer.Typer()


@command(app, "send-notice", writes=True, example="send-notice LOAN-7 --out letter.txt")
def send_notice(
    ctx: typer.Context,
    case: Annotated[
        str | None,
        typer.Argument(metavar="[CASE]", help="The case number, its reference, or CREDITOR/REFERENCE."),
    ] = None,
    debtor: Annotated[
        int | None,
        typer.Option(metavar="ID", min=1, max=2**63 - 1, help="One notice over all due cases of this debtor."),
    ] = None,
    channel: Annotated[
        Literal["email", "letter"] | None, typer.Option(help="How it is sent; default: as the level says.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the text to a new file; default: standard output.")
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Write a notice that is due, and log it as sent.

    The law is asked first; where it does not allow the notice, the refusal is logged, and the exit code is 5.
    """
    from ..services.notices import send_notice as service

    run = Run(ctx)
    with answers.new_file(out, again=run.desk.done_before()) as write:
        done = service(
            run.desk,
            case,
            debtor,
            channel=Channel(channel) if channel else None,
            dry_run=dry_run,
            language=run.t.lang,
        )
        answers.noticed(run, done, write)
