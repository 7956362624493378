"""A process that has imported the program, and becomes it as often as it is asked: a start costs no imports.

`python -m tests.faults.zygote` reads one JSON object a line. A job (`function` of tests.faults.jobs, `given`, `env`,
`out`, `err`) is answered with the number of the process that does it; a `pid` with its exit code, null while it runs.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import random
import signal
import sys
from contextlib import suppress
from typing import Any, NoReturn

from sqlalchemy import event
from sqlalchemy.pool import Pool

import dunning_cli
from tests.faults import jobs

_OPENED: list[Any] = []  # connections that a child opened


@event.listens_for(Pool, "connect")
def _remember(connection: Any, _: Any) -> None:
    _OPENED.append(connection)


def warm() -> None:
    """Import all that a command may import."""
    for module in pkgutil.walk_packages(dunning_cli.__path__, "dunning_cli."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    for name in ("psycopg", "sqlalchemy.dialects.postgresql.psycopg", "sqlalchemy.dialects.sqlite", "zoneinfo"):
        importlib.import_module(name)


def serve() -> int:
    """Answer until nobody asks any more."""
    answers = os.dup(1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for line in sys.stdin.buffer:
        asked = json.loads(line)
        if "pid" in asked:
            pid, status = os.waitpid(asked["pid"], os.WNOHANG)
            answer: Any = os.waitstatus_to_exitcode(status) if pid else None
        elif (answer := os.fork()) == 0:
            os.close(answers)
            _leave(become(asked))
        os.write(answers, f"{json.dumps(answer)}\n".encode())
    return 0


def become(job: dict[str, Any]) -> int:
    """Do a job as a process of its own would."""
    for path, descriptor in ((os.devnull, 0), (job["out"], 1), (job["err"], 2)):
        flags = os.O_RDONLY if descriptor == 0 else os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        opened = os.open(path, flags, 0o600)
        os.dup2(opened, descriptor)
        os.close(opened)
    os.environ.clear()
    os.environ.update(job["env"])
    random.seed()
    return int(getattr(jobs, job["function"])(**job["given"]))


def _leave(code: int) -> NoReturn:
    """End as a program ends, but for the time that taking all its imports apart would take."""
    for connection in _OPENED:
        connection.close()
    with suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    warm()
    gc.freeze()
    sys.exit(serve())
