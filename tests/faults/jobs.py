"""What a process of a test does: a command line under a fault, or a collector or a sweep among many.

Each is called by its name, by the zygote or by `python -m tests.faults.jobs JOB` in a process that is quite fresh.
"""

from __future__ import annotations

import importlib
import json
import os
import resource
import signal
import sys
from pathlib import Path
from typing import Any

from .hands import collect, sweep

__all__ = ["collect", "command", "sweep"]


def command(
    args: list[str],
    patches: dict[str, Any] | None = None,
    file_limit: int | None = None,
    user: int | None = None,
    die_at: int | None = None,
    stop_at: int | None = None,
    steps_to: str | None = None,
) -> int:
    """A command line of the program.

    `patches` are values of constants by `module:NAME`; `file_limit` is the size that no file may grow beyond; `user` is
    who runs it; at statement `die_at` the process kills itself; how many there were is written to `steps_to`.
    """
    from dunning_cli.cli.main import main

    for place, value in (patches or {}).items():
        module, _, name = place.partition(":")
        setattr(importlib.import_module(module), name, value)
    if steps_to:
        _count_steps(die_at, stop_at, Path(steps_to))
    if file_limit is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_limit, file_limit))
    if user is not None:
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)
    signal.signal(signal.SIGINT, signal.default_int_handler)  # the zygote hears none
    try:
        return main(args)
    except KeyboardInterrupt:  # in its first or its last line
        return 130
    finally:
        signal.signal(signal.SIGINT, signal.SIG_IGN)


def _count_steps(die_at: int | None, stop_at: int | None, to: Path) -> None:
    """Count the statements and the commits."""
    from sqlalchemy import Engine, event

    steps = 0

    def step(*_: Any) -> None:
        nonlocal steps
        steps += 1
        to.write_text(str(steps))
        if steps == die_at:
            os.kill(os.getpid(), signal.SIGKILL)
        if steps == stop_at:
            os.kill(os.getpid(), signal.SIGSTOP)

    event.listen(Engine, "before_cursor_execute", step)
    event.listen(Engine, "commit", step)


if __name__ == "__main__":
    job = json.loads(sys.argv[1])
    sys.exit(globals()[job["function"]](**job["given"]))
