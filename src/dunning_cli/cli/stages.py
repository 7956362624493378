"""stages."""

from __future__ import annotations

import typer

from .context import Run
from .everywhere import command

app = typer.Typer()


@command(app, "stages", example="stages")
def stages(ctx: typer.Context) -> None:
    """Print the four stages and their table of moves."""
    from ..render.stages import moves_object, stages_picture

    run = Run(ctx)
    run.answer(moves_object, lambda: stages_picture(run.t))
