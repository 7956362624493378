"""policy load, list, show, check."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .arguments import Csv
from .context import Run
from .everywhere import command

app = typer.Typer(no_args_is_help=True)

_FILE = Annotated[Path, typer.Argument(metavar="FILE", help="A policy in TOML.")]


@command(app, "load", example="policy load strict.toml")
def load(ctx: typer.Context, file: _FILE) -> None:
    """Load a policy as the next version of its name; open cases follow it from the next run on."""
    from ..services.policies import load_policy

    run = Run(ctx)
    policy = load_policy(run.desk, file)
    run.answer(
        lambda: {"name": policy.name, "version": policy.version, "digest": policy.digest},
        lambda: run.said("Policy {label} is in force.", label=policy.label),
    )


@command(app, "list", example="policy list")
def list_(ctx: typer.Context, csv: Csv = False) -> None:
    """List every version of every policy."""
    from ..render.policies import versions_table
    from ..services.policies import list_policies

    run = Run(ctx)
    rows = list_policies(run.desk)
    if csv:
        run.rows(rows, ("name", "version", "current", "loaded_at", "actor", "digest"))
    else:
        run.answer(lambda: rows, lambda: versions_table(rows, run.t))


@command(app, "show", example="policy show default")
def show(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="The policy's name.")] = "default",
    version: Annotated[
        int | None, typer.Option(min=0, max=10**9, help="An older version; default: the newest.")
    ] = None,
) -> None:
    """Print a policy in effect, as a file that can be changed and loaded."""
    from ..render.policies import policy_file
    from ..services.policies import show_policy

    run = Run(ctx)
    policy, plain = show_policy(run.desk, name, version)
    run.answer(lambda: plain | {"version": policy.version}, lambda: policy_file(policy.label, plain))


@command(app, "check", example="policy check strict.toml")
def check(ctx: typer.Context, file: _FILE) -> None:
    """Check a policy file without loading it."""
    from ..services.policies import check_policy

    run = Run(ctx)
    plain = check_policy(file)
    run.answer(lambda: plain, lambda: run.said("{file} is a valid policy, '{name}'.", file=file, name=plain["name"]))
