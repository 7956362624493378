"""worklist."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from msgspec.structs import replace

from ..domain.entries import Channel
from ..domain.money import currency_code
from ..domain.stages import Stage
from ..errors import UsageError
from . import answers
from .arguments import Csv
from .context import Run
from .everywhere import command

if TYPE_CHECKING:
    from ..store.cases import Filter

app = typer.Typer()


@command(app, "worklist", example="worklist --collector li --limit 10")
def worklist(
    ctx: typer.Context,
    collector: Annotated[
        str | None, typer.Option(help="Only this collector's cases; with --take and --release: who takes.")
    ] = None,
    stage: Annotated[Stage | None, typer.Option(help="Only cases in this stage.")] = None,
    creditor: Annotated[str | None, typer.Option(help="Only this creditor's cases.")] = None,
    portfolio: Annotated[str | None, typer.Option(help="Only cases of this portfolio.")] = None,
    currency: Annotated[str | None, typer.Option(help="Only cases in this currency.")] = None,
    debtor: Annotated[str | None, typer.Option(metavar="TEXT", help="The debtor's name begins so.")] = None,
    overdue_over: Annotated[
        int | None, typer.Option(metavar="DAYS", min=-36500, max=36500, help="Overdue for more than so many days.")
    ] = None,
    channel: Annotated[Channel, typer.Option(help="How the debtor is to be contacted.")] = Channel.CALL,
    limit: Annotated[int, typer.Option(min=0, max=10**6, help="How many debtors at the most; 0 for all.")] = 20,
    everything: Annotated[
        bool, typer.Option("--all", help="Also who may not be contacted now, with when, and who is taken.")
    ] = False,
    take: Annotated[
        bool, typer.Option("--take", help="Take the first debtor, so that nobody else calls them meanwhile.")
    ] = False,
    release: Annotated[bool, typer.Option("--release", help="Give back whom you have taken.")] = False,
    explain: Annotated[str | None, typer.Option(metavar="CASE", help="Why a case stands where it does.")] = None,
    learn: Annotated[
        bool, typer.Option("--learn", help="Learn the chances of recovery from your closed cases.")
    ] = False,
    csv: Csv = False,
) -> None:
    """Whom to contact next, what that is worth, and why."""
    from ..services import worklist as services
    from ..store.cases import Filter

    asked = [
        name
        for name, given in (("--take", take), ("--release", release), ("--explain", explain), ("--learn", learn))
        if given
    ]
    if len(asked) > 1:
        raise UsageError("{one} and {other} exclude each other.", one=asked[0], other=asked[1])
    run = Run(ctx)
    code = currency_code(currency) if currency else None
    wanted = Filter(stage, None, collector, debtor, overdue_over, creditor, portfolio, code)
    _refuse_idle(asked, wanted, everything=everything, csv=csv)
    if take:
        found = services.take(run.desk, wanted, collector, channel=channel)
        answers.taken(run, found.lines, cut=found.cut)
    elif release:
        from ..services.leases import release as give_back

        answers.given_back(run, give_back(run.desk, collector))
    elif explain:
        answers.explained(run, services.explain(run.desk, explain, channel=channel))
    elif learn:
        with run.progress("Ranking cases") as progress:
            learned = services.learn_chances(run.desk, progress)
        answers.learned(run, learned)
    else:
        found = services.worklist(run.desk, wanted, channel=channel, limit=limit, everything=everything)
        answers.worklist(run, found.lines, cut=found.cut, csv=csv)


def _refuse_idle(asked: list[str], wanted: Filter, *, everything: bool, csv: bool) -> None:
    """Refuse options that would change nothing."""
    if not asked:
        return
    (option,) = asked
    if csv:
        raise UsageError("--csv is for the list, not for {option}.", option=option)
    if everything:
        raise UsageError("--all is for the list, not for {option}.", option=option)
    left = replace(wanted, collector=None) if option == "--release" else wanted
    if option != "--take" and left != type(wanted)():
        raise UsageError("{option} goes with no filter.", option=option)
