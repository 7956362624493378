"""policy load, list, show, check, assign, assigned."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ..domain.policies import Scope
from ..errors import UsageError
from . import answers
from .arguments import Csv, DryRun
from .context import Run
from .everywhere import command

app = typer.Typer(no_args_is_help=True)

_FILE = Annotated[Path, typer.Argument(metavar="FILE", help="A policy in TOML.")]


@command(app, "load", example="policy load strict.toml")
def load(ctx: typer.Context, file: _FILE, dry_run: DryRun = False) -> None:
    """Load a policy as the next version of its name; say which open cases it changes.

    Open cases follow it from the next command or nightly run on, each with an entry that says so.
    """
    from ..services.policies import load_policy

    run = Run(ctx)
    with run.progress("Looking at the open cases") as progress:
        done = load_policy(run.desk, file, dry_run=dry_run, progress=progress)
    answers.policy_loaded(run, done)


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


@command(app, "assign", example="policy assign strict --creditor 'River Bank'")
def assign(
    ctx: typer.Context,
    name: Annotated[str, typer.Argument(help="The policy's name.")],
    creditor: Annotated[str | None, typer.Option(help="For the cases of this creditor.")] = None,
    portfolio: Annotated[str | None, typer.Option(help="For the cases of this portfolio.")] = None,
    debtor: Annotated[
        int | None, typer.Option(metavar="ID", min=1, max=2**63 - 1, help="For the cases against this debtor.")
    ] = None,
    case: Annotated[str | None, typer.Option(metavar="CASE", help="For this case alone.")] = None,
    dry_run: DryRun = False,
) -> None:
    """Say for whom a policy holds; the most specific one counts.

    A case comes before its debtor, a debtor before a portfolio, a portfolio before a creditor. Open cases follow at
    once; those that follow another policy than the one assigned to them so far keep it.
    """
    from ..render.policies import assigned, assigned_object
    from ..services.policies import assign_policy

    run = Run(ctx)
    given = {
        Scope.CASE: case,
        Scope.DEBTOR: str(debtor) if debtor else None,
        Scope.PORTFOLIO: portfolio,
        Scope.CREDITOR: creditor,
    }
    chosen = [(scope, subject) for scope, subject in given.items() if subject]
    if len(chosen) != 1:
        raise UsageError("Say for whom: one of --creditor, --portfolio, --debtor and --case.")
    done = assign_policy(run.desk, name, *chosen[0], dry_run=dry_run)
    values = (done.policy.label, done.scope, done.subject, done.touched, done.changed)
    run.answer(
        lambda: assigned_object(*values, dry_run=done.dry_run),
        lambda: assigned(*values, run.t, dry_run=done.dry_run),
    )


@command(app, "assigned", example="policy assigned")
def assigned_(ctx: typer.Context, csv: Csv = False) -> None:
    """List for whom which policy holds."""
    from ..render.policies import assignments_table
    from ..services.policies import list_assignments

    run = Run(ctx)
    rows = list_assignments(run.desk)
    if csv:
        run.rows(rows, ("scope", "subject", "policy", "assigned_at", "actor"))
    else:
        run.answer(lambda: rows, lambda: assignments_table(rows, run.t))
