"""What every command understands: --db, --actor, --now, --lang and --json, and --key where something is written.

The options may stand before the command's name or after it. Their values are kept for the context, so that a command
declares only what is its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

import typer
from typer.core import TyperCommand, TyperOption

Function = Callable[..., Any]
PANEL: Final = "Everywhere"
_META: Final = "dunning."


def _keep(ctx: typer.Context, param: Any, value: Any) -> None:
    if value == "":  # an unset variable of a script, say: never a silent default
        raise typer.BadParameter("it is empty.")
    if value not in (None, False):
        ctx.meta[_META + param.name] = value


def _option(name: str, help_text: str, metavar: str | None = None) -> TyperOption:
    return TyperOption(
        param_decls=[f"--{name}", name],
        help=help_text,
        metavar=metavar,
        is_flag=metavar is None,
        default=None if metavar else False,
        expose_value=False,
        callback=_keep,
        rich_help_panel=PANEL,
    )


def options(*, key: bool = False) -> list[TyperOption]:
    """Fresh options for one command."""
    found = [
        _option("db", "The database, sqlite:///path or postgresql://… (or DUNNING_DB).", "URL"),
        _option("actor", "Who acts; default: your login name (or DUNNING_ACTOR).", "NAME"),
        _option("now", "Set the clock, such as 2025-01-06T09:00:00+08:00 (or DUNNING_NOW).", "INSTANT"),
        _option("lang", "en or zh (or DUNNING_LANG).", "LANG"),
        _option("json", "Answer in JSON."),
    ]
    if key:
        found.append(_option("key", "Do this once: the same key again does nothing and answers the same.", "KEY"))
    return found


def given(ctx: typer.Context, name: str) -> Any:
    """The value of an option of everywhere, None where it was not given."""
    return ctx.meta.get(_META + name)


class Reading(TyperCommand):
    """A command that writes nothing to a case."""

    key = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params = [*self.params, *options(key=self.key)]


class Writing(Reading):
    """A command that appends to a journal, and so takes a --key."""

    key = True


def command(app: typer.Typer, name: str, *, writes: bool = False, example: str) -> Callable[[Function], Function]:
    """Register a command with the options of everywhere and an example in its help."""
    return app.command(name, cls=Writing if writes else Reading, epilog=f"Example: dunning {example}")
