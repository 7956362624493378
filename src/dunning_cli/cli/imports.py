"""import-cases, import-payments, list-unmatched, match-payment."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from . import answers
from .arguments import CaseArg, Csv, Jobs, Reveal
from .context import Run
from .everywhere import command

app = typer.Typer()


class OnError(StrEnum):
    STOP = "stop"
    SKIP = "skip"


_Mapping = Annotated[
    Path | None, typer.Option(metavar="FILE", help="How the table is read, in TOML; default: our column names.")
]
_Bad = Annotated[OnError, typer.Option(help="A bad row stops everything before it begins, or is left out.")]
_DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and write nothing.")]


@command(app, "import-cases", example="import-cases ledger.csv --mapping ledger.toml --dry-run")
def import_cases(
    ctx: typer.Context,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="A table: CSV, with the names of its columns first.")],
    mapping: _Mapping = None,
    on_error: _Bad = OnError.STOP,
    dry_run: _DryRun = False,
    jobs: Jobs = None,
) -> None:
    """Open a case for every row of a table."""
    from ..services.case_imports import import_cases as service

    run = Run(ctx)
    with run.progress("Importing rows") as progress:
        skip_bad = on_error is OnError.SKIP
        summary = service(run.desk, file, mapping, skip_bad=skip_bad, dry_run=dry_run, jobs=jobs, progress=progress)
    answers.imported(run, summary, dry_run=dry_run)


class Format(StrEnum):
    AUTO = "auto"
    CSV = "csv"
    CAMT053 = "camt053"
    MT940 = "mt940"
    OFX = "ofx"


@command(app, "import-payments", example="import-payments march.xml april.sta --on-error skip")
def import_payments(
    ctx: typer.Context,
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE…", help="Statements of a bank, or tables of payments as CSV.")
    ],
    format: Annotated[Format, typer.Option(help="How they are written; auto: found out from what stands in each.")] = (
        Format.AUTO
    ),
    mapping: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="How a table is read, in TOML, or alipay, wechat, icbc, cmb; default: our column names.",
        ),
    ] = None,
    on_error: Annotated[OnError, typer.Option(help="A bad line stops everything before it begins, or is left out.")] = (
        OnError.STOP
    ),
    dry_run: _DryRun = False,
) -> None:
    """Book payments from bank statements and tables."""
    from ..services.payment_imports import import_payments as service

    run = Run(ctx)
    with run.progress("Importing payments") as progress:
        summary = service(
            run.desk,
            files,
            mapping,
            form=None if format is Format.AUTO else format.value,
            skip_bad=on_error is OnError.SKIP,
            dry_run=dry_run,
            progress=progress,
        )
    answers.paid_in(run, summary, dry_run=dry_run)


@command(app, "list-unmatched", example="list-unmatched --limit 10")
def list_unmatched(
    ctx: typer.Context,
    limit: Annotated[int, typer.Option(min=0, max=10**9, help="How many at the most; 0 for all.")] = 50,
    reveal: Reveal = False,
    csv: Csv = False,
) -> None:
    """List statement lines that wait to be matched."""
    from ..services.unmatched import list_unmatched as service

    run = Run(ctx)
    answers.unmatched(run, *service(run.desk, limit), csv=csv, reveal=reveal)


@command(app, "match-payment", writes=True, example="match-payment 12 LOAN-7")
def match_payment(
    ctx: typer.Context,
    line: Annotated[int, typer.Argument(metavar="LINE", min=1, help="The number of the line in list-unmatched.")],
    case: CaseArg,
) -> None:
    """Book a statement line that waits on a case."""
    from ..services.unmatched import match_payment as service

    run = Run(ctx)
    answers.paid(run, service(run.desk, line, case))
