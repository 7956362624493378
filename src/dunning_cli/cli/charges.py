"""add-charge, waive-charge, change-interest, statement."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from ..domain.entries import ChargeKind
from ..domain.terms import Asked
from ..errors import UsageError
from . import answers
from .arguments import (
    CaseArg,
    Csv,
    DayCountOption,
    DefaultFrom,
    DefaultRate,
    InterestFrom,
    On,
    OptionalWhy,
    Rate,
    Statutory,
    Why,
)
from .context import Run, parse_date
from .everywhere import command

app = typer.Typer()


@command(app, "add-charge", writes=True, example="add-charge LOAN-7 25.00 --kind cost --why 'Court fee'")
def add_charge(
    ctx: typer.Context,
    case: CaseArg,
    amount: Annotated[
        str | None, typer.Argument(metavar="[AMOUNT]", help="What is owed besides, such as 25.00.")
    ] = None,
    kind: Annotated[
        ChargeKind | None, typer.Option(help="A cost of pursuing the debt, or a fee; by law, a cost.")
    ] = None,
    why: OptionalWhy = None,
    by_law: Annotated[
        bool, typer.Option("--by-law", help="The fixed sum that the law adds to a late debt, in place of an AMOUNT.")
    ] = False,
    on: On = None,
) -> None:
    """Add a cost or a fee to what is owed."""
    from ..services import charges as services

    if by_law:
        if amount is not None:
            raise UsageError("--by-law goes without an amount: the law says how much.")
        run = Run(ctx)
        answers.changed(run, services.add_charge_by_law(run.desk, case, kind, why, on))
        return
    if amount is None:
        raise UsageError("Say how much is owed.", hint="A number such as 25.00, or --by-law for what the law adds.")
    if kind is None or why is None:
        raise UsageError("A charge needs --kind and --why.", hint="--kind cost or --kind fee, and --why in your words.")
    run = Run(ctx)
    answers.changed(run, services.add_charge(run.desk, case, amount, kind, why, on))


@command(app, "waive-charge", writes=True, example="waive-charge LOAN-7 5 --why 'Goodwill'")
def waive_charge(
    ctx: typer.Context,
    case: CaseArg,
    charge: Annotated[int, typer.Argument(metavar="SEQ", min=1, help="The entry that added it; see the statement.")],
    why: Why,
    amount: Annotated[str | None, typer.Option(metavar="AMOUNT", help="Only a part of it.")] = None,
) -> None:
    """No longer ask for a cost or a fee."""
    from ..services.charges import waive_charge as service

    run = Run(ctx)
    answers.changed(run, service(run.desk, case, charge, why, amount))


@command(app, "change-interest", writes=True, example="change-interest LOAN-7 --rate 6.5 --since 2025-07-01")
def change_interest(
    ctx: typer.Context,
    case: CaseArg,
    rate: Rate = None,
    default_rate: DefaultRate = None,
    day_count: DayCountOption = None,
    interest_from: InterestFrom = None,
    default_from: DefaultFrom = None,
    statutory: Statutory = False,
    since: Annotated[
        date | None,
        typer.Option(
            parser=parse_date, metavar="DATE", help="The rate holds from this day on; earlier days keep theirs."
        ),
    ] = None,
    why: OptionalWhy = None,
) -> None:
    """Change the interest that a debt bears."""
    from ..services.charges import change_interest as service

    asked = Asked(rate, default_rate, day_count, interest_from, default_from, statutory)
    refuse_two_rates(asked)
    if since and ((rate is None and not statutory) or default_rate is not None or interest_from or default_from):
        raise UsageError(
            "--since goes with --rate or --statutory alone.", hint="Without --since, all rates are named anew."
        )
    if rate is None and default_rate is None and not statutory:
        raise UsageError("Say which rate holds.", hint="--rate 0 ends the interest; --statutory is the law's rate.")
    run = Run(ctx)
    answers.changed(run, service(run.desk, case, asked, why, since))


def refuse_two_rates(asked: Asked) -> None:
    """The law's rate comes with its own day count, and takes the place of every other rate."""
    if asked.statutory and (asked.rate is not None or asked.default_rate is not None):
        raise UsageError("--statutory goes with no other rate.", hint="Leave --rate and --default-rate out.")
    if asked.statutory and (asked.day_count or asked.default_from):
        raise UsageError(
            "--statutory goes with neither --day-count nor --default-from: the rule says how days are counted.",
            hint="Its first day can be said with --interest-from.",
        )


@command(app, "statement", example="statement LOAN-7 --from 2025-01-01 --to 2025-03-31")
def statement(
    ctx: typer.Context,
    case: CaseArg,
    since: Annotated[
        date | None, typer.Option("--from", parser=parse_date, metavar="DATE", help="The first day that is shown.")
    ] = None,
    until: Annotated[
        date | None, typer.Option("--to", parser=parse_date, metavar="DATE", help="The last day; default: today.")
    ] = None,
    csv: Csv = False,
) -> None:
    """Show every line that makes the balance, adding up."""
    from ..services.statements import statement as service

    if since and until and since > until:
        raise UsageError("The statement would end before it begins.")
    run = Run(ctx)
    answers.statement(run, service(run.desk, case, since, until), csv=csv)
