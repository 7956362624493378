"""show-debtor, edit-debtor."""

from __future__ import annotations

from typing import Annotated

import typer

from ..domain.debtors import Details, Language
from . import answers
from .arguments import Reveal
from .context import Run
from .everywhere import command

app = typer.Typer()

_ID = Annotated[int, typer.Argument(metavar="ID", help="The debtor's number, as show-case shows it.")]


@command(app, "show-debtor", example="show-debtor 7 --reveal")
def show_debtor(ctx: typer.Context, debtor: _ID, reveal: Reveal = False) -> None:
    """Show a debtor and the cases against them."""
    from ..services.debtors import show_debtor as service

    run = Run(ctx)
    answers.debtor(run, service(run.desk, debtor), reveal=reveal)


@command(app, "edit-debtor", writes=True, example="edit-debtor 7 --phone '+86 13900139000' --invalid '+86 13800138000'")
def edit_debtor(
    ctx: typer.Context,
    debtor: _ID,
    name: Annotated[str | None, typer.Option(help="The name from now on.")] = None,
    language: Annotated[Language | None, typer.Option(help="The language from now on.")] = None,
    phone: Annotated[list[str] | None, typer.Option(help="Add a phone; may be repeated.")] = None,
    email: Annotated[list[str] | None, typer.Option(help="Add an e-mail address; may be repeated.")] = None,
    address: Annotated[list[str] | None, typer.Option(help="Add a postal address; may be repeated.")] = None,
    id_number: Annotated[list[str] | None, typer.Option(help="Add an id or register number; may be repeated.")] = None,
    timezone: Annotated[list[str] | None, typer.Option(help="Add a time zone; may be repeated.")] = None,
    invalid: Annotated[
        list[str] | None, typer.Option(metavar="DETAIL", help="A detail that is wrong, by its value or number.")
    ] = None,
) -> None:
    """Add, change or invalidate a debtor's details."""
    from ..services.debtors import edit_debtor as service

    run = Run(ctx)
    details = Details(name, language, *(tuple(v or ()) for v in (phone, email, address, id_number, timezone)))
    answers.debtor(run, service(run.desk, debtor, details, tuple(invalid or ())), reveal=False)
