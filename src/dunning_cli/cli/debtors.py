"""show-debtor, edit-debtor, merge-debtors, split-debtor."""

from __future__ import annotations

from typing import Annotated

import typer

from ..domain.debtors import Details, Language
from . import answers
from .arguments import OptionalWhy, Reveal
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


@command(app, "merge-debtors", writes=True, example="merge-debtors 7 9 --why 'The same ID card'")
def merge_debtors(
    ctx: typer.Context,
    keep: Annotated[int, typer.Argument(metavar="KEEP", help="The record whose name and number stay.")],
    gone: Annotated[int, typer.Argument(metavar="GONE", help="The record that turns out to be the same person.")],
    why: OptionalWhy = None,
) -> None:
    """Two records are one person: everything counts together.

    Cases, details, facts and contacts of both count for the one that is kept. split-debtor undoes it.
    """
    from ..services.merging import merge_debtors as service

    run = Run(ctx)
    answers.people(run, service(run.desk, keep, gone, why))


@command(app, "split-debtor", writes=True, example="split-debtor 9 --why 'A cousin of the same name'")
def split_debtor(
    ctx: typer.Context,
    gone: Annotated[int, typer.Argument(metavar="GONE", help="The record that was merged into another one.")],
    why: OptionalWhy = None,
) -> None:
    """A record that was merged is a person of its own after all."""
    from ..services.merging import split_debtor as service

    run = Run(ctx)
    answers.people(run, service(run.desk, gone, why))
