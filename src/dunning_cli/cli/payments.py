"""record-payment, spread-payment, refund, reverse-payment."""

from __future__ import annotations

from typing import Annotated

import typer

from . import answers
from .arguments import CaseArg, DryRun, On, OptionalWhy, Why
from .context import Run
from .everywhere import command

app = typer.Typer()


@command(app, "record-payment", writes=True, example="record-payment LOAN-7 500.00 --on 2025-02-05 --reference TX-981")
def record_payment(
    ctx: typer.Context,
    case: CaseArg,
    amount: Annotated[str, typer.Argument(metavar="AMOUNT", help="What came in, such as 500.00.")],
    on: On = None,
    reference: Annotated[
        str | None, typer.Option(metavar="REF", help="The payment's reference, once per case; default: P and a number.")
    ] = None,
    method: Annotated[str | None, typer.Option(help="How it was paid.")] = None,
) -> None:
    """Book a payment."""
    from ..services.payments import record_payment as service

    run = Run(ctx)
    answers.paid(run, service(run.desk, case, amount, on=on, reference=reference, method=method))


@command(app, "spread-payment", writes=True, example="spread-payment 1 900.00 --for LOAN-7 --dry-run")
def spread_payment(
    ctx: typer.Context,
    debtor: Annotated[int, typer.Argument(metavar="DEBTOR", min=1, help="The debtor's number.", show_default=False)],
    amount: Annotated[str, typer.Argument(metavar="AMOUNT", help="What came in, such as 900.00.")],
    toward: Annotated[
        list[str] | None,
        typer.Option(
            "--for", metavar="CASE", help="The debtor means this case; may be repeated, the first comes first."
        ),
    ] = None,
    creditor: Annotated[str | None, typer.Option(help="Only the debts of this creditor.")] = None,
    currency: Annotated[str | None, typer.Option(help="Only the debts in this currency, ISO 4217.")] = None,
    on: On = None,
    reference: Annotated[
        str | None, typer.Option(metavar="REF", help="The payment's reference, the same on each case.")
    ] = None,
    method: Annotated[str | None, typer.Option(help="How it was paid.")] = None,
    dry_run: DryRun = False,
) -> None:
    """Book one payment over several debts of a debtor."""
    from ..services.spreads import spread_payment as service

    run = Run(ctx)
    done = service(
        run.desk,
        debtor,
        amount,
        toward=toward or (),
        creditor=creditor,
        currency=currency,
        on=on,
        reference=reference,
        method=method,
        dry_run=dry_run,
    )
    answers.spread(run, done)


@command(app, "refund", writes=True, example="refund LOAN-7 --to LOAN-9")
def refund(
    ctx: typer.Context,
    case: CaseArg,
    amount: Annotated[
        str | None, typer.Argument(metavar="[AMOUNT]", help="How much; default: all that was paid beyond the debt.")
    ] = None,
    to: Annotated[
        str | None, typer.Option(metavar="CASE", help="Count it as a payment on this other case of the debtor.")
    ] = None,
    reference: Annotated[str | None, typer.Option(metavar="REF", help="The reference of the transfer.")] = None,
    why: OptionalWhy = None,
) -> None:
    """Give back what was paid beyond the debt."""
    from ..services.payments import refund as service

    run = Run(ctx)
    answers.changed(run, service(run.desk, case, amount, to, reference, why))


@command(app, "reverse-payment", writes=True, example="reverse-payment LOAN-7 TX-981 --why 'Direct debit returned'")
def reverse_payment(
    ctx: typer.Context,
    case: CaseArg,
    reference: Annotated[str, typer.Argument(metavar="REFERENCE", help="The payment's reference.")],
    why: Why,
    on: On = None,
) -> None:
    """Take a booked payment back."""
    from ..services.payments import reverse_payment as service

    run = Run(ctx)
    answers.changed(run, service(run.desk, case, reference, why, on))
