"""add-party, end-party."""

from __future__ import annotations

from typing import Annotated

import typer

from ..domain.compliance.words import Party
from ..domain.debtors import Details, Language
from . import answers
from .arguments import CaseArg, OptionalWhy
from .context import Run
from .everywhere import command

app = typer.Typer()


@command(
    app,
    "add-party",
    writes=True,
    example="add-party LOAN-7 --role guarantor --name 'Li Na' --phone '+86 13900139000' --timezone Asia/Shanghai",
)
def add_party(
    ctx: typer.Context,
    case: CaseArg,
    role: Annotated[Party, typer.Option(help="What they are to the case.")],
    name: Annotated[str | None, typer.Option(help="The name of somebody new.")] = None,
    person: Annotated[int | None, typer.Option(metavar="ID", help="Somebody who is there, by number.")] = None,
    phone: Annotated[list[str] | None, typer.Option(help="A phone; may be repeated.")] = None,
    email: Annotated[list[str] | None, typer.Option(help="An e-mail address; may be repeated.")] = None,
    address: Annotated[list[str] | None, typer.Option(help="A postal address; may be repeated.")] = None,
    id_number: Annotated[list[str] | None, typer.Option(help="An id or register number; may be repeated.")] = None,
    timezone: Annotated[list[str] | None, typer.Option(help="A time zone; may be repeated.")] = None,
    language: Annotated[Language | None, typer.Option(help="Their language.")] = None,
) -> None:
    """Add a guarantor, a spouse or another party to a case."""
    from ..services.parties import add_party as service

    run = Run(ctx)
    details = Details(name, language, *(tuple(v or ()) for v in (phone, email, address, id_number, timezone)))
    answers.party(run, service(run.desk, case, role, details, person))


@command(app, "end-party", writes=True, example="end-party LOAN-7 9 --why 'The guarantee was given back'")
def end_party(
    ctx: typer.Context,
    case: CaseArg,
    person: Annotated[int, typer.Argument(metavar="PERSON", help="The party's number, as show-case shows it.")],
    role: Annotated[Party | None, typer.Option(help="In this role only; default: in every role.")] = None,
    why: OptionalWhy = None,
) -> None:
    """Somebody is a party of the case no longer.

    What was recorded of them stays.
    """
    from ..services.parties import end_party as service

    run = Run(ctx)
    answers.party(run, service(run.desk, case, person, role, why))
