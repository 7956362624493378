"""The entry point. Kept light: `--version` answers before anything else is imported."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Sequence
from io import TextIOWrapper


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command line and answer its exit code."""
    args = sys.argv[1:] if argv is None else list(argv)
    if args in (["--version"], ["-V"]):
        from .. import __version__

        sys.stdout.write(f"dunning {__version__}\n")
        return 0
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # no sign that an old encoding lacks stops a command
            stream.reconfigure(errors="backslashreplace")
    if not sys.stdout.isatty():
        os.environ.setdefault("TYPER_USE_RICH", "0")  # plain help in a pipe, and a faster start
    # What is imported stays: looking through it again and again for what could go costs a third of the start. Long work
    # has it collected again, see Run.progress.
    gc.disable()
    try:
        from .root import run

        return run(args)
    finally:
        gc.freeze()  # nor is it looked through once more before the process ends, which would cost a fifth of a command
        gc.enable()
