"""Arguments and options that several commands share."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated

import typer

from ..domain.interest import DayCount
from ..domain.terms import percent
from .context import parse_date

CaseArg = Annotated[
    str,
    typer.Argument(metavar="CASE", help="The case number, its reference, or CREDITOR/REFERENCE.", show_default=False),
]
Why = Annotated[str, typer.Option(help="Why, in your own words.")]
OptionalWhy = Annotated[str | None, typer.Option(help="Why, in your own words.")]
AsOf = Annotated[date | None, typer.Option(parser=parse_date, metavar="DATE", help="As it was at the end of this day.")]
On = Annotated[date | None, typer.Option(parser=parse_date, metavar="DATE", help="On this day; default: today.")]
Reveal = Annotated[bool, typer.Option("--reveal", help="Show phones, addresses and ids in full.")]
Rate = Annotated[
    Decimal | None, typer.Option(parser=percent, metavar="PERCENT", help="Interest in percent a year, such as 4.35.")
]
DefaultRate = Annotated[
    Decimal | None,
    typer.Option(parser=percent, metavar="PERCENT", help="Interest once the debt is in default, in its place."),
]
DayCountOption = Annotated[
    DayCount | None, typer.Option("--day-count", help="How days become years; default: the policy's.")
]
InterestFrom = Annotated[
    date | None,
    typer.Option(parser=parse_date, metavar="DATE", help="The first day with interest; default: the day after due."),
]
DefaultFrom = Annotated[
    date | None,
    typer.Option(parser=parse_date, metavar="DATE", help="The first day in default; default: the day after due."),
]
Statutory = Annotated[
    bool,
    typer.Option("--statutory", help="The rate that the law of the case's jurisdiction gives, from its rule pack."),
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and write nothing.")]
Csv = Annotated[bool, typer.Option("--csv", help="Answer as CSV.")]
Jobs = Annotated[
    int | None,
    typer.Option(min=1, max=64, help="Work in so many processes side by side; default: one a core."),
]
