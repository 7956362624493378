"""rules list, show, check, test, lint."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from ..domain.entries import Channel
from ..errors import InputError, PartlyFailedError, TextRefusedError, UsageError
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
    return (sys.stdin.read() if facts == "-" else _text(facts)).splitlines()


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


@command(app, "lint", example="rules lint 'Please call us about your account.'")
def lint(
    ctx: typer.Context,
    text: Annotated[
        str | None, typer.Argument(metavar="TEXT|-", help="The text; - reads standard input.", show_default=False)
    ] = None,
    file: Annotated[str | None, typer.Option(metavar="FILE", help="Read the text from a file.")] = None,
    pack: Annotated[
        str | None, typer.Option(metavar="PACK", help="Say also what a text under this rule pack lacks.")
    ] = None,
    channel: Annotated[
        Channel | None, typer.Option(help="How the text will go; some must say more than others.")
    ] = None,
) -> None:
    """Look over a text to a debtor, or a note: words that may not be said are marked, and exit 5 if any block."""
    from ..render.conduct import lint_object, lint_picture
    from ..services.conduct import lint as service
    from ..services.rules import open_book

    if (text is None) is (file is None):
        raise UsageError("Give a text, or --file FILE.")
    run = Run(ctx)
    words = _text(file) if file is not None else sys.stdin.read() if text == "-" else text or ""
    findings = service(open_book(run.settings), words, pack, channel)
    run.answer(lambda: lint_object(words, findings), lambda: lint_picture(words, findings, run.t))
    if blocking := sum(each.blocks for each in findings):
        raise TextRefusedError("{count} objections forbid this text.", count=blocking)


def _text(path: str) -> str:
    try:
        return Path(path).read_text("utf-8")
    except FileNotFoundError as error:
        raise InputError("There is no file {path}.", path=path) from error
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise InputError("{path} cannot be read: {said}.", path=path, said=error) from error
