"""demo."""

from __future__ import annotations

import os
import sys
from collections.abc import Generator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Annotated, Any

import typer

from ..errors import DunningError, UsageError
from . import stories
from .context import Run
from .everywhere import command
from .stories import Step, Story

app = typer.Typer()

_AFTERWARDS = "2025-07-01T03:00:00+02:00"  # the night after the last story


class StoryFailedError(DunningError):
    """A step of a story did not end as the story says. The program or the story is wrong."""

    hint = "Please report this."


@command(app, "demo", example="demo --year --seed 7")
def demo(
    ctx: typer.Context,
    story: Annotated[str | None, typer.Argument(help="lost-job or broken-promises; default: both.")] = None,
    keep: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Keep the demo's database in this new file.")
    ] = None,
    year: Annotated[bool, typer.Option("--year", help="Play a year of a team instead, made from a seed.")] = False,
    cases: Annotated[
        int | None, typer.Option(min=1, max=100_000, help="With --year: how many cases come in; default: 80.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(min=0, help="With --year: the same seed gives the same year; default: 1.")
    ] = None,
) -> None:
    """Play two cases through all four stages, beside your data.

    With --year a whole team works for a year: what is shown then is read from the journals that it wrote.
    """
    run = Run(ctx)
    if year:
        if story:
            raise UsageError("--year goes with no story.")
        _year(run, 80 if cases is None else cases, 1 if seed is None else seed, keep)
        return
    if cases is not None or seed is not None:
        raise UsageError("--cases and --seed go with --year.")
    told = [stories.read(name, run.t.lang) for name in ([story] if story else stories.names())]
    with _database(keep) as url:
        played = [_play(run, each, url) for each in told]
        if run.json:
            run.answer(lambda: played, lambda: run.said(""))
        else:
            _ending(run, told, url)


def _year(run: Run, cases: int, seed: int, keep: Path | None) -> None:
    from dataclasses import replace

    from ..render.year import further, year_object, year_picture
    from ..services.simulation import simulate

    with _database(keep) as url:
        settings = replace(run.settings, database=url, set_clock="allow")
        with run.progress("Playing the year") as progress:
            done = simulate(settings, cases, seed, progress)
        run.answer(lambda: year_object(done, str(keep) if keep else None), lambda: year_picture(done, run.t))
        if keep and not run.json:
            run.screen.show(further(url, -done.year.longest[1], run.t))


@contextmanager
def _database(keep: Path | None) -> Generator[str, None, None]:
    """A fresh database: in a file that stays, or in a folder that goes."""
    if keep:
        if keep.exists():
            from ..errors import InputError

            raise InputError("{path} is already there.", hint="Name a new file.", path=keep)
        yield f"sqlite:///{keep}"
    else:
        from tempfile import TemporaryDirectory

        with TemporaryDirectory(prefix="dunning-demo-", ignore_cleanup_errors=True) as folder:
            yield f"sqlite:///{folder}/demo.db"


def _play(run: Run, story: Story, url: str) -> dict[str, Any]:
    if not run.json:
        run.screen.line()
        run.screen.line(f"━━ {story.title[run.t.lang]} ━━", "title")
    return {"story": story.name, "steps": [_step(run, step, url) for step in story.steps]}


def _step(run: Run, step: Step, url: str) -> dict[str, Any]:
    """Tell one step, and run its command under its own settings."""
    import shlex

    if not run.json:
        run.screen.line()
        for text in step.said:
            run.screen.line(text, "faint")
        run.screen.line(f"{step.env['DUNNING_NOW'][:16].replace('T', ' ')} $ dunning {shlex.join(step.args)}", "label")
    code = _run(step, url, quiet=run.json)
    if code != step.exit_code:
        raise StoryFailedError(
            "'dunning {args}' ended with {code}, not {expected}.",
            args=shlex.join(step.args),
            code=code,
            expected=step.exit_code,
        )
    if code and not run.json:
        run.screen.line(f"[exit {code}]", "faint")
    return {"now": step.env["DUNNING_NOW"], "args": list(step.args), "exit": code}


def _run(step: Step, url: str, *, quiet: bool) -> int:
    from .root import run

    before = dict(os.environ)
    os.environ.update(step.env, DUNNING_DB=url)
    os.environ.pop("DUNNING_SET_CLOCK", None)
    try:
        out = StringIO() if quiet else sys.stdout
        with redirect_stdout(out), redirect_stderr(out):
            return run(step.args)
    finally:
        os.environ.clear()
        os.environ.update(before)


def _ending(run: Run, told: list[Story], url: str) -> None:
    """Where everything stands, and that the journals hold."""
    env = told[-1].steps[-1].env | {"DUNNING_NOW": _AFTERWARDS}
    run.screen.line()
    run.screen.line(f"━━ {run.t('Where the cases stand')} ━━", "title")
    for args in (("check-overdue",), ("list-cases",), ("audit", "verify")):
        _step(run, Step((), env, args), url)
