"""log-fact, end-fact."""

from __future__ import annotations

from datetime import date
from typing import Annotated

import typer

from ..domain.claims import NewClaimFact
from ..domain.debtor_facts import NewFact
from ..errors import UsageError
from . import answers
from .arguments import CaseArg, OptionalWhy
from .context import Run
from .everywhere import command

app = typer.Typer()

_WHEN = "DAY|INSTANT"
_Person = Annotated[
    int | None,
    typer.Option(metavar="ID", help="A party of the case whose fact it is, by number; default: the debtor."),
]


@command(app, "log-fact", writes=True, example="log-fact LOAN-7 cease_notice --received 2025-01-10 --field medium=call")
def log_fact(
    ctx: typer.Context,
    case: CaseArg,
    fact: Annotated[str, typer.Argument(metavar="FACT", help="A word of the rules, such as cease_notice.")],
    at: Annotated[str | None, typer.Option(metavar=_WHEN, help="When it happened or begins; default: now.")] = None,
    until: Annotated[
        str | None, typer.Option(metavar=_WHEN, help="The last day, or instant, for which it holds.")
    ] = None,
    received: Annotated[str | None, typer.Option(metavar=_WHEN, help="When we received the debtor's message.")] = None,
    sent: Annotated[str | None, typer.Option(metavar=_WHEN, help="When our message was sent.")] = None,
    field: Annotated[
        list[str] | None, typer.Option(metavar="K=V", help="A particular, such as medium=call,text; may be repeated.")
    ] = None,
    about: Annotated[
        list[str] | None,
        typer.Option(metavar="CASE", help="It is about these cases only; may be repeated. Default: this case."),
    ] = None,
    all_cases: Annotated[
        bool, typer.Option("--all-cases", help="It is about all the debtor's cases, later ones included.")
    ] = False,
    person: _Person = None,
) -> None:
    """Record what the law cares about: a dispute, a consent.

    A lawyer, an opt-out, an inconvenient time, a consent, a moratorium: docs/contact-rules.md lists the words. Days of
    this claim are counted from others, such as payment_order_served or acknowledgment: docs/deadlines.md.
    """
    from ..services.claims import is_of_debtor, log_claim_fact
    from ..services.debtor_facts import log_fact as service

    run = Run(ctx)
    if not is_of_debtor(fact):
        days = (("until", until), ("received", received), ("sent", sent))
        known = [_pair(each) for each in field or ()] + [(name, _day(run, text)) for name, text in days if text]
        about_others = bool(about) or all_cases
        new_fact = NewClaimFact(fact, date.fromisoformat(_day(run, at)) if at else None, tuple(known))
        answers.changed(run, log_claim_fact(run.desk, case, new_fact, about_others=about_others))
        return
    fields = [_pair(each) for each in field or ()]
    fields += [
        (name, run.moment(text).isoformat())
        for name, text in (("until", until), ("received", received), ("sent", sent))
        if text is not None
    ]
    new = NewFact(fact, run.moment(at) if at is not None else None, (), tuple(fields))
    answers.fact(run, service(run.desk, case, new, about or (), all_cases=all_cases, person=person))


def _day(run: Run, text: str) -> str:
    """The day of a moment as it is typed, in the creditor's zone."""
    return run.desk.now.day_of(run.moment(text)).isoformat()


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not (name and equals and value):
        raise UsageError("'{text}' is no field; write it like medium=call.", text=text)
    return name, value


@command(
    app, "end-fact", writes=True, example="end-fact LOAN-7 cease_notice --at 2025-03-01 --why 'Taken back by letter'"
)
def end_fact(
    ctx: typer.Context,
    case: CaseArg,
    fact: Annotated[str, typer.Argument(metavar="FACT|NUMBER", help="The fact's word, or its number.")],
    at: Annotated[str | None, typer.Option(metavar=_WHEN, help="When it ended; default: now.")] = None,
    why: OptionalWhy = None,
    person: _Person = None,
) -> None:
    """End a fact: it was taken back, or is over.

    A hold that it made ends with it.
    """
    from ..services.debtor_facts import end_fact as service

    run = Run(ctx)
    answers.fact(run, service(run.desk, case, fact, run.moment(at) if at is not None else None, why, person))
