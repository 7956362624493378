"""propose-plan, accept-plan, decline-plan, withdraw-plan."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from ..domain.days import Every
from . import answers
from .arguments import CaseArg, OptionalWhy
from .context import Run, parse_date
from .everywhere import command

app = typer.Typer()


@command(app, "propose-plan", writes=True, example="propose-plan LOAN-7 --installments 12 --first 2025-02-05")
def propose_plan(
    ctx: typer.Context,
    case: CaseArg,
    installments: Annotated[int, typer.Option(min=1, max=1000, help="How many; 1 is a promise to pay.")],
    first: Annotated[date, typer.Option(parser=parse_date, metavar="DATE", help="When the first is due.")],
    every: Annotated[Every, typer.Option(help="How far apart they are.")] = Every.MONTH,
    amount: Annotated[
        str | None, typer.Option(metavar="AMOUNT", help="The sum of all installments; default: all that is owed.")
    ] = None,
    down: Annotated[str | None, typer.Option(metavar="AMOUNT", help="A down payment, due before the first.")] = None,
    settle_for: Annotated[
        str | None, typer.Option(metavar="AMOUNT", help="Settle the debt for less; counts only when kept.")
    ] = None,
    expires: Annotated[
        date | None,
        typer.Option(parser=parse_date, metavar="DATE", help="The last day to accept; default: the policy's."),
    ] = None,
) -> None:
    """Propose a plan, or a promise to pay."""
    from ..services.plans import Terms
    from ..services.plans import propose_plan as service

    run = Run(ctx)
    terms = Terms(installments, first, every, amount, down, settle_for, expires)
    answers.proposed(run, service(run.desk, case, terms))


@command(app, "accept-plan", writes=True, example="accept-plan LOAN-7")
def accept_plan(ctx: typer.Context, case: CaseArg) -> None:
    """The debtor agrees to the proposed plan."""
    from ..services.plans import accept_plan as service

    run = Run(ctx)
    answers.changed(run, service(run.desk, case))


@command(app, "decline-plan", writes=True, example="decline-plan LOAN-7 --why 'Too much a month'")
def decline_plan(ctx: typer.Context, case: CaseArg, why: OptionalWhy = None) -> None:
    """The debtor declines the proposed plan."""
    from ..services.plans import decline_plan as service

    run = Run(ctx)
    answers.changed(run, service(run.desk, case, why))


@command(app, "withdraw-plan", writes=True, example="withdraw-plan LOAN-7 --why 'Wrong amount'")
def withdraw_plan(ctx: typer.Context, case: CaseArg, why: OptionalWhy = None) -> None:
    """Take a proposed plan back."""
    from ..services.plans import withdraw_plan as service

    run = Run(ctx)
    answers.changed(run, service(run.desk, case, why))
