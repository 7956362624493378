"""propose-plan, accept-plan, decline-plan, withdraw-plan."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

import typer

from ..domain.days import Every
from ..domain.terms import percent
from . import answers
from .arguments import CaseArg, DryRun, OptionalWhy
from .context import Run, parse_date
from .everywhere import command

app = typer.Typer()


def _share(text: str) -> Decimal:
    share = percent(text, "share")
    if share > 100:
        raise typer.BadParameter("More than 100 % cannot be waived.")
    return share


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
    with_interest: Annotated[
        bool, typer.Option("--with-interest", help="The installments also pay the interest that runs meanwhile.")
    ] = False,
    waive_interest: Annotated[
        Decimal | None,
        typer.Option(
            parser=_share,
            metavar="PERCENT",
            help="Waive so much of the interest once the plan is kept; the rest is inside.",
        ),
    ] = None,
    dry_run: DryRun = False,
) -> None:
    """Propose a plan, or a promise to pay."""
    from ..services import plans as service

    run = Run(ctx)
    terms = service.Terms(installments, first, every, amount, down, settle_for, expires, with_interest, waive_interest)
    if dry_run:
        answers.previewed(run, service.preview_plan(run.desk, case, terms))
    else:
        answers.proposed(run, service.propose_plan(run.desk, case, terms))


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
