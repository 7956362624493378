"""note, assign-case, hold-case, release-case, close-case, reopen-case, void, escalate."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

import typer

from ..domain.entries import CaseOutcome, HoldReason
from . import answers
from .arguments import CaseArg, OptionalWhy, Why
from .context import Run, parse_date
from .everywhere import command

app = typer.Typer()


class CloseAs(StrEnum):
    SETTLED = "settled"
    WRITTEN_OFF = "written-off"
    WITHDRAWN = "withdrawn"
    UNCOLLECTABLE = "uncollectable"


class To(StrEnum):
    LEGAL = "legal"


@command(app, "note", writes=True, example="note LOAN-7 'Prefers letters to calls'")
def note(ctx: typer.Context, case: CaseArg, text: Annotated[str, typer.Argument(help="The note.")]) -> None:
    """Write a note on a case."""
    from ..services.casework import note as service

    run = Run(ctx)
    answers.changed(run, service(run.desk, case, text))


@command(app, "assign-case", writes=True, example="assign-case LOAN-7 li")
def assign_case(ctx: typer.Context, case: CaseArg, name: Annotated[str, typer.Argument(help="The collector.")]) -> None:
    """Give a case to a collector."""
    from ..services.casework import assign_case as service

    run = Run(ctx)
    answers.changed(run, service(run.desk, case, name))


@command(app, "hold-case", writes=True, example="hold-case LOAN-7 --reason dispute --until 2025-03-31")
def hold_case(
    ctx: typer.Context,
    case: CaseArg,
    reason: Annotated[HoldReason, typer.Option(help="Why it is on hold.")],
    until: Annotated[
        date | None, typer.Option(parser=parse_date, metavar="DATE", help="The last day of the hold; default: open.")
    ] = None,
    freeze_interest: Annotated[
        bool, typer.Option("--freeze-interest", help="No interest runs while the hold lasts.")
    ] = False,
) -> None:
    """Put a case on hold."""
    from ..services.casework import hold_case as service

    run = Run(ctx)
    answers.changed(run, service(run.desk, case, reason, until, freezes=freeze_interest))


@command(app, "release-case", writes=True, example="release-case LOAN-7")
def release_case(ctx: typer.Context, case: CaseArg) -> None:
    """End a hold."""
    from ..services.casework import release_case as service

    run = Run(ctx)
    answers.changed(run, service(run.desk, case))


@command(app, "close-case", writes=True, example="close-case LOAN-7 --as written-off --why 'Not worth a claim'")
def close_case(
    ctx: typer.Context,
    case: CaseArg,
    outcome: Annotated[CloseAs, typer.Option("--as", help="How it ends.")],
    why: OptionalWhy = None,
) -> None:
    """Close a case that is not paid."""
    from ..services.casework import close_case as service

    run = Run(ctx)
    answers.changed(run, service(run.desk, case, CaseOutcome(outcome.replace("-", "_")), why))


@command(app, "reopen-case", writes=True, example="reopen-case LOAN-7 --why 'Closed by mistake'")
def reopen_case(ctx: typer.Context, case: CaseArg, why: Why) -> None:
    """Open a closed case again."""
    from ..services.casework import reopen_case as service

    run = Run(ctx)
    answers.changed(run, service(run.desk, case, why))


@command(app, "void", writes=True, example="void LOAN-7 5 --why 'Logged on the wrong case'")
def void(
    ctx: typer.Context,
    case: CaseArg,
    seq: Annotated[int, typer.Argument(help="The entry's number, as timeline shows it.")],
    why: Why,
) -> None:
    """Cancel an entry that was made by mistake."""
    from ..services.casework import void as service

    run = Run(ctx)
    answers.changed(run, service(run.desk, case, seq, why))


@command(app, "escalate", writes=True, example="escalate LOAN-7 --why 'Two broken plans'")
def escalate(
    ctx: typer.Context,
    case: CaseArg,
    to: Annotated[To, typer.Option(help="Where to.")] = To.LEGAL,
    why: OptionalWhy = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say whether it may be, and write nothing.")] = False,
) -> None:
    """Take a case to legal action."""
    from ..services.casework import escalate as service
    from ..services.casework import may_escalate

    run = Run(ctx)
    if dry_run:
        answers.may_move(run, may_escalate(run.desk, case))
    else:
        answers.changed(run, service(run.desk, case, why))
