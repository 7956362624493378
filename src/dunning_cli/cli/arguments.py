"""Arguments and options that several commands share."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

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
Csv = Annotated[bool, typer.Option("--csv", help="Answer as CSV.")]
