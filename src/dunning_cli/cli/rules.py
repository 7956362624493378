"""rules list, show, check, test."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from ..errors import InputError, PartlyFailedError
from .context import Run
from .everywhere import command

app = typer.Typer(no_args_is_help=True)


@command(app, "list", example="rules list")
def list_(ctx: typer.Context) -> None:
    """List the rule packs: version, when they were checked, how many rules, what is missing."""
    from ..render.rules import packs_object, packs_picture
    from ..services.rules import list_packs, open_book

    run = Run(ctx)
    found = list_packs(open_book(run.settings))
    run.answer(lambda: packs_object(found), lambda: packs_picture(found, run.t))


@command(app, "show", example="rules show uk.late_payment.compensation")
def show(
    ctx: typer.Context, name: Annotated[str, typer.Argument(metavar="PACK|RULE", help="The id of a pack or a rule.")]
) -> None:
    """Show a pack with its rules, or a rule: what it says, where it stands, how sure that is."""
    from ..render import rules as render
    from ..services.rules import open_book
    from ..services.rules import show as service

    run = Run(ctx)
    pack, rule = service(open_book(run.settings), name)
    if rule is None:
        run.answer(lambda: render.pack_object(pack), lambda: render.pack_picture(pack, run.t))
    else:
        run.answer(lambda: render.rule_object(pack, rule), lambda: render.rule_picture(pack, rule, run.t))


@command(app, "check", example="rules check --facts questions.jsonl")
def check(
    ctx: typer.Context,
    facts: Annotated[str, typer.Option(metavar="FILE", help="Questions as JSON Lines; - reads standard input.")],
) -> None:
    """Answer questions to the rules: one JSON object a line in, one a line out. No database is touched."""
    from ..render.answers import one_line
    from ..services.rules import check as service
    from ..services.rules import open_book, read_questions

    run = Run(ctx)
    questions = read_questions(_lines(facts), facts)
    failed = 0
    for found in service(open_book(run.settings), questions):
        failed += "error" in found
        sys.stdout.write(one_line(found) + "\n")
    if failed:
        raise PartlyFailedError(
            "{failed} of {count} questions could not be answered.",
            hint="Each says why in its own line.",
            failed=failed,
            count=len(questions),
        )


def _lines(facts: str) -> list[str]:
    if facts == "-":
        return sys.stdin.read().splitlines()
    try:
        return Path(facts).read_text("utf-8").splitlines()
    except FileNotFoundError as error:
        raise InputError("There is no file {path}.", path=facts) from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError("{path} cannot be read: {said}.", path=facts, said=error) from error


@command(app, "test", example="rules test uk")
def try_(
    ctx: typer.Context,
    name: Annotated[
        str | None,
        typer.Argument(metavar="PACK|FILE", help="A pack, a pack's file, or a JSON file of cases; default: all packs."),
    ] = None,
) -> None:
    """Try the examples of a pack, or a file of cases, and say what differs."""
    from ..render.rules import tried_object, tried_picture
    from ..services.rules import open_book, try_examples

    run = Run(ctx)
    tried = try_examples(open_book(run.settings), name)
    run.answer(lambda: tried_object(tried), lambda: tried_picture(tried, run.t))
    if differ := sum(not each.holds for each in tried):
        raise PartlyFailedError(
            "{differ} of {count} examples are answered differently.",
            hint="Mend the rule or the example: each is listed with what was expected.",
            differ=differ,
            count=len(tried),
        )
