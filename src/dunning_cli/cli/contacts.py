"""log-contact, assess."""

from __future__ import annotations

from typing import Annotated

import typer

from ..domain.entries import Assessed, Channel, ContactLogged, Direction, Level, Outcome, Purpose, Reason
from . import answers
from .arguments import CaseArg
from .context import Run
from .everywhere import command

app = typer.Typer()

_Willingness = Annotated[Level | None, typer.Option(help="How willing the debtor is to pay.")]
_Ability = Annotated[Level | None, typer.Option(help="How able the debtor is to pay.")]


@command(
    app,
    "log-contact",
    writes=True,
    example="log-contact LOAN-7 --channel call --outcome conversation --reason lost_job --willingness high "
    "--ability low",
)
def log_contact(
    ctx: typer.Context,
    case: CaseArg,
    channel: Annotated[Channel, typer.Option(help="How.")],
    outcome: Annotated[Outcome, typer.Option(help="What came of it.")],
    direction: Annotated[Direction, typer.Option(help="Who began it: out is us.")] = Direction.OUT,
    at: Annotated[str | None, typer.Option(metavar="INSTANT", help="When it was; default: now.")] = None,
    party: Annotated[
        str,
        typer.Option(help="With whom: debtor, guarantor, spouse, debt_adviser, third_party:ID, contact_person:ROLE."),
    ] = "debtor",
    to: Annotated[str | None, typer.Option(metavar="ADDRESS", help="The number or address used.")] = None,
    purpose: Annotated[Purpose | None, typer.Option(help="What for.")] = None,
    reason: Annotated[Reason | None, typer.Option(help="Why the debt is overdue.")] = None,
    reason_text: Annotated[str | None, typer.Option(metavar="TEXT", help="The reason in the debtor's words.")] = None,
    willingness: _Willingness = None,
    ability: _Ability = None,
    note: Annotated[str | None, typer.Option(metavar="TEXT", help="What was said.")] = None,
    minutes: Annotated[int | None, typer.Option(min=0, help="How long it took.")] = None,
    cost: Annotated[str | None, typer.Option(metavar="AMOUNT", help="What it cost, in the case's currency.")] = None,
) -> None:
    """Log a contact that took place or was tried."""
    from ..services.contacts import log_contact as service

    run = Run(ctx)
    what = ContactLogged(
        channel, outcome, direction, party, purpose, reason, willingness, ability, minutes, None, to, reason_text, note
    )
    answers.changed(run, service(run.desk, case, what, at=run.instant(at), cost=cost))


@command(app, "assess", writes=True, example="assess LOAN-7 --willingness high --income 6000 --expenses 5500")
def assess(
    ctx: typer.Context,
    case: CaseArg,
    willingness: _Willingness = None,
    ability: _Ability = None,
    income: Annotated[str | None, typer.Option(metavar="AMOUNT", help="Income a month.")] = None,
    expenses: Annotated[str | None, typer.Option(metavar="AMOUNT", help="Expenses a month.")] = None,
) -> None:
    """Record willingness and ability; get a segment and advice."""
    from ..services.contacts import assess as service

    run = Run(ctx)
    answers.changed(run, service(run.desk, case, Assessed(willingness, ability), income=income, expenses=expenses))
