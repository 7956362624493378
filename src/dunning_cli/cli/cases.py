"""add-case, list-cases, show-case, timeline."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated

import typer

from ..domain.cases import Status
from ..domain.debtors import Details, Language
from ..domain.entries import CaseOpened, Channel, DebtType, HoldReason
from ..domain.money import Money, currency_code
from ..domain.stages import Stage
from ..domain.terms import Asked
from ..errors import UsageError
from . import answers
from .arguments import (
    AsOf,
    CaseArg,
    Csv,
    DayCountOption,
    DefaultFrom,
    DefaultRate,
    InterestFrom,
    Rate,
    Reveal,
    Statutory,
)
from .charges import refuse_two_rates
from .context import Run, parse_date
from .everywhere import command

app = typer.Typer()


class Sort(StrEnum):
    NEXT_ACTION = "next_action"
    OVERDUE = "overdue"
    BALANCE = "balance"
    REFERENCE = "reference"


@command(
    app,
    "add-case",
    writes=True,
    example="add-case --debtor 'Wang Fang' --creditor 'River Bank' --principal 50000.00 --due 2024-09-01 "
    "--reference LOAN-7",
)
def add_case(
    ctx: typer.Context,
    creditor: Annotated[str, typer.Option(help="Who is owed.")],
    principal: Annotated[str, typer.Option(metavar="AMOUNT", help="What is owed, such as 50000.00.")],
    due: Annotated[date, typer.Option(parser=parse_date, metavar="DATE", help="When it was due.")],
    debtor: Annotated[str | None, typer.Option(help="The debtor's name.")] = None,
    debtor_id: Annotated[
        int | None, typer.Option(metavar="N", min=1, help="The debtor is this one, already known.")
    ] = None,
    debtor_ref: Annotated[
        str | None,
        typer.Option(metavar="KEY", help="The creditor's own key of the debtor: the same key, the same person."),
    ] = None,
    currency: Annotated[str | None, typer.Option(help="ISO 4217; default: the setting, CNY.")] = None,
    reference: Annotated[str | None, typer.Option(help="The creditor's reference, once per creditor.")] = None,
    rate: Rate = None,
    default_rate: DefaultRate = None,
    day_count: DayCountOption = None,
    interest_from: InterestFrom = None,
    default_from: DefaultFrom = None,
    statutory: Statutory = False,
    incurred: Annotated[
        date | None, typer.Option(parser=parse_date, metavar="DATE", help="When the debt was incurred.")
    ] = None,
    debt_type: Annotated[DebtType | None, typer.Option(help="The kind of debt.")] = None,
    consumer: Annotated[
        bool | None, typer.Option("--consumer/--business", help="Whether the debtor owes as a consumer.")
    ] = None,
    jurisdiction: Annotated[str | None, typer.Option(help="Whose law holds; default: the setting, generic.")] = None,
    phone: Annotated[list[str] | None, typer.Option(help="A phone of the debtor; may be repeated.")] = None,
    email: Annotated[list[str] | None, typer.Option(help="An e-mail address; may be repeated.")] = None,
    address: Annotated[list[str] | None, typer.Option(help="A postal address; may be repeated.")] = None,
    id_number: Annotated[list[str] | None, typer.Option(help="An id or register number; may be repeated.")] = None,
    timezone: Annotated[list[str] | None, typer.Option(help="A time zone of the debtor; may be repeated.")] = None,
    language: Annotated[Language | None, typer.Option(help="The debtor's language.")] = None,
    hold: Annotated[HoldReason | None, typer.Option(help="Open the case on hold.")] = None,
    policy: Annotated[
        str | None, typer.Option(help="The policy that the case follows; default: the one assigned most specifically.")
    ] = None,
    portfolio: Annotated[str | None, typer.Option(help="The portfolio it belongs to.")] = None,
    collector: Annotated[str | None, typer.Option(help="Who works it.")] = None,
) -> None:
    """Open a case for an overdue debt."""
    from ..services.cases import add_case as service

    if debtor and debtor_id:
        raise UsageError(
            "--debtor and --debtor-id exclude each other.",
            hint="Change a name with: dunning edit-debtor ID --name NAME",
        )
    run = Run(ctx)
    code = currency_code(currency or run.settings.currency)
    opened = CaseOpened(
        debtor_id or 0,
        creditor,
        Money.positive(principal, code, "principal"),
        due,
        reference,
        incurred,
        debt_type,
        consumer,
        jurisdiction or run.settings.jurisdiction,
        portfolio,
        collector,
        policy or "",
    )
    details = Details(debtor, language, *(tuple(v or ()) for v in (phone, email, address, id_number, timezone)))
    asked = Asked(rate, default_rate, day_count, interest_from, default_from, statutory)
    refuse_two_rates(asked)
    answers.changed(run, service(run.desk, opened, details, debtor_ref=debtor_ref, hold=hold, interest=asked))


@command(app, "show-case", example="show-case LOAN-7 --as-of 2025-01-10")
def show_case(
    ctx: typer.Context,
    case: CaseArg,
    as_of: AsOf = None,
    known_at: Annotated[
        str | None, typer.Option(metavar="INSTANT", help="As the file stood then, without what was recorded later.")
    ] = None,
    reveal: Reveal = False,
) -> None:
    """Show a case, now or as of a day."""
    from ..services.cases import show_case as service

    run = Run(ctx)
    answers.case(run, service(run.desk, case, as_of, run.instant(known_at)), reveal=reveal)


@command(app, "list-cases", example="list-cases --stage negotiation --overdue-over 30 --sort balance")
def list_cases(
    ctx: typer.Context,
    stage: Annotated[Stage | None, typer.Option(help="Only cases in this stage.")] = None,
    status: Annotated[Status | None, typer.Option(help="Only open, on_hold or closed cases.")] = None,
    collector: Annotated[str | None, typer.Option(help="Only this collector's cases.")] = None,
    creditor: Annotated[str | None, typer.Option(help="Only this creditor's cases.")] = None,
    portfolio: Annotated[str | None, typer.Option(help="Only cases of this portfolio.")] = None,
    currency: Annotated[str | None, typer.Option(help="Only cases in this currency.")] = None,
    debtor: Annotated[str | None, typer.Option(metavar="TEXT", help="The debtor's name begins so.")] = None,
    overdue_over: Annotated[
        int | None, typer.Option(metavar="DAYS", min=-36500, max=36500, help="Overdue for more than so many days.")
    ] = None,
    as_of: AsOf = None,
    sort: Annotated[Sort, typer.Option(help="What comes first.")] = Sort.NEXT_ACTION,
    limit: Annotated[int, typer.Option(min=0, max=10**9, help="How many at the most; 0 for all.")] = 50,
    callable_now: Annotated[
        bool, typer.Option("--callable-now", help="Only cases whose debtor the law lets us contact now.")
    ] = False,
    channel: Annotated[Channel, typer.Option(help="How, for --callable-now.")] = Channel.CALL,
    csv: Csv = False,
) -> None:
    """List cases, the next action first."""
    from ..services.cases import list_callable
    from ..services.cases import list_cases as service
    from ..store.cases import Filter

    run = Run(ctx)
    code = currency_code(currency) if currency else None
    wanted = Filter(stage, status, collector, debtor, overdue_over, creditor, portfolio, code)
    if callable_now:
        if as_of is not None:
            raise UsageError("--callable-now is about this moment, and --as-of about another day: leave one out.")
        views = list_callable(run.desk, wanted, channel, sort=sort, limit=limit)
        answers.cases(run, views, False, csv=csv)
        if not views:
            run.messages.line(
                run.t(
                    "Nobody in this list may be contacted now. When a debtor may be: "
                    "dunning check-contact CASE --channel {channel}",
                    channel=channel,
                ),
                "hint",
            )
        return
    found = service(run.desk, wanted, as_of=as_of, sort=sort, limit=limit)
    answers.cases(run, *found, csv=csv)


@command(app, "timeline", example="timeline LOAN-7")
def timeline(ctx: typer.Context, case: CaseArg) -> None:
    """Tell a case as a story: when, who, what, in which stage."""
    from ..services.cases import timeline as service

    run = Run(ctx)
    answers.story(run, *service(run.desk, case))
