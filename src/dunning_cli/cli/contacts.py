"""check-contact, log-contact, assess."""

from __future__ import annotations

from typing import Annotated

import typer

from ..domain.compliance.words import Override, Place
from ..domain.entries import Assessed, Channel, ContactLogged, Direction, Level, Outcome, Purpose, Reason
from ..errors import UsageError
from . import answers
from .arguments import CaseArg
from .context import Run
from .everywhere import command

app = typer.Typer()

_Willingness = Annotated[Level | None, typer.Option(help="How willing the debtor is to pay.")]
_Ability = Annotated[Level | None, typer.Option(help="How able the debtor is to pay.")]

# What describes a contact, alike where it is planned and where it is logged.
_ChannelOption = Annotated[Channel, typer.Option(help="How.")]
_DirectionOption = Annotated[Direction, typer.Option(help="Who began it: out is us.")]
_Party = Annotated[
    str,
    typer.Option(help="With whom: debtor, guarantor, spouse, debt_adviser, third_party:ID, contact_person:ROLE."),
]
_To = Annotated[str | None, typer.Option(metavar="ADDRESS", help="The number or address used.")]
_PurposeOption = Annotated[Purpose | None, typer.Option(help="What for.")]
_About = Annotated[
    list[str] | None, typer.Option(metavar="CASE", help="It is about this case of the debtor's too; may be repeated.")
]
_Discussed = Annotated[
    list[str] | None, typer.Option(metavar="CASE", help="A case that was talked about; may be repeated.")
]
_CountedToward = Annotated[
    str | None, typer.Option(metavar="CASE", help="The case that a call which named no debt is counted toward.")
]
_By = Annotated[str | None, typer.Option(metavar="WHO", help="Who made it: org (us), or agency:ID.")]
_InReply = Annotated[bool, typer.Option("--in-reply", help="It answers a message of this person on this channel.")]
_PlaceOption = Annotated[Place | None, typer.Option(help="Where the debtor is reached.")]
_Recorded = Annotated[bool | None, typer.Option(help="Whether it is recorded.")]
_Collectors = Annotated[int | None, typer.Option(min=1, help="How many collectors come.")]
_Said = Annotated[
    list[str] | None,
    typer.Option(metavar="FACT=VALUE", help="A further fact of it, such as has_opt_out_notice=true; may be repeated."),
]
_States = Annotated[
    list[str] | None,
    typer.Option(metavar="WORD", help="A particular that the message states, such as client_name; may be repeated."),
]


@command(app, "check-contact", example="check-contact LOAN-7 --channel call --at 2025-01-10T21:30:00+08:00")
def check_contact(
    ctx: typer.Context,
    case: CaseArg,
    channel: _ChannelOption,
    at: Annotated[str | None, typer.Option(metavar="INSTANT", help="When it would be; default: now.")] = None,
    direction: _DirectionOption = Direction.OUT,
    party: _Party = "debtor",
    to: _To = None,
    purpose: _PurposeOption = None,
    about: _About = None,
    discussed: _Discussed = None,
    counted_toward: _CountedToward = None,
    by: _By = None,
    in_reply: _InReply = False,
    place: _PlaceOption = None,
    recorded: _Recorded = None,
    collectors: _Collectors = None,
    said: _Said = None,
    states: _States = None,
) -> None:
    """Ask whether a contact is allowed: why not, and when it will be.

    The exit code is 5 where it is not allowed. Nothing is written.
    """
    from ..services.compliance import Intended
    from ..services.compliance import check_contact as service

    run = Run(ctx)
    intended = Intended(
        channel,
        direction,
        party,
        to,
        purpose,
        tuple(about or ()),
        tuple(discussed or ()),
        counted_toward,
        by,
        in_reply or None,
        place,
        _facts(said, recorded, collectors),
        tuple(states or ()),
    )
    answers.checked(run, service(run.desk, case, intended, run.instant(at)))


def _facts(said: list[str] | None, recorded: bool | None, collectors: int | None) -> tuple[tuple[str, str], ...]:
    """Further facts of a contact, each with its value."""
    pairs = [(name, value) for name, _, value in (each.partition("=") for each in said or ())]
    if recorded is not None:
        pairs.append(("recorded", str(recorded).lower()))
    if collectors is not None:
        pairs.append(("collectors", str(collectors)))
    if twice := next((name for name, _ in pairs if [each for each, _ in pairs].count(name) > 1), None):
        raise UsageError("The fact '{name}' is given twice.", name=twice)
    return tuple(pairs)


@command(
    app,
    "log-contact",
    writes=True,
    example="log-contact LOAN-7 --channel call --outcome conversation --reason lost_job --willingness high "
    "--ability low",
)
def log_contact(
    ctx: typer.Context,
    case: CaseArg,
    channel: _ChannelOption,
    outcome: Annotated[Outcome, typer.Option(help="What came of it.")],
    direction: _DirectionOption = Direction.OUT,
    at: Annotated[str | None, typer.Option(metavar="INSTANT", help="When it was; default: now.")] = None,
    party: _Party = "debtor",
    to: _To = None,
    purpose: _PurposeOption = None,
    reason: Annotated[Reason | None, typer.Option(help="Why the debt is overdue.")] = None,
    reason_text: Annotated[str | None, typer.Option(metavar="TEXT", help="The reason in the debtor's words.")] = None,
    willingness: _Willingness = None,
    ability: _Ability = None,
    note: Annotated[str | None, typer.Option(metavar="TEXT", help="What was said.")] = None,
    minutes: Annotated[int | None, typer.Option(min=0, help="How long it took.")] = None,
    cost: Annotated[str | None, typer.Option(metavar="AMOUNT", help="What it cost, in the case's currency.")] = None,
    about: _About = None,
    discussed: _Discussed = None,
    counted_toward: _CountedToward = None,
    by: _By = None,
    in_reply: _InReply = False,
    place: _PlaceOption = None,
    recorded: _Recorded = None,
    collectors: _Collectors = None,
    said: _Said = None,
    states: _States = None,
    planned: Annotated[
        bool, typer.Option("--planned", help="Log it only where the law allows it now; else log the refusal, exit 5.")
    ] = False,
    override: Annotated[
        Override | None, typer.Option(help="The reason, accepted by law, for going over a rule that allows for one.")
    ] = None,
) -> None:
    """Log a contact that took place or was tried.

    What happened is always logged; the rules that stood against it are answered, and kept with it.
    """
    from ..services.compliance import Intended
    from ..services.contacts import log_contact as service

    run = Run(ctx)
    facts = _facts(said, recorded, collectors)
    intended = Intended(
        channel,
        direction,
        party,
        to,
        purpose,
        tuple(about or ()),
        tuple(discussed or ()),
        counted_toward,
        by,
        in_reply or None,
        place,
        facts,
        tuple(states or ()),
    )
    what = ContactLogged(
        channel,
        outcome,
        direction,
        party,
        purpose,
        reason,
        willingness,
        ability,
        minutes,
        to=to,
        reason_text=reason_text,
        note=note,
        by=by,
        in_reply=in_reply or None,
        place=place,
        states=tuple(states or ()),
    )
    done, verdict = service(
        run.desk,
        case,
        what,
        intended,
        at=run.instant(at),
        cost=cost,
        planned=planned,
        override=override,
    )
    answers.contacted(run, done, verdict)


@command(app, "assess", writes=True, example="assess LOAN-7 --willingness high --income 6000 --expenses 5500")
def assess(
    ctx: typer.Context,
    case: CaseArg,
    willingness: _Willingness = None,
    ability: _Ability = None,
    income: Annotated[str | None, typer.Option(metavar="AMOUNT", help="Income a month.")] = None,
    expenses: Annotated[str | None, typer.Option(metavar="AMOUNT", help="Expenses a month.")] = None,
) -> None:
    """Record willingness and ability; get a segment and advice."""
    from ..services.contacts import assess as service

    run = Run(ctx)
    answers.changed(run, service(run.desk, case, Assessed(willingness, ability), income=income, expenses=expenses))
