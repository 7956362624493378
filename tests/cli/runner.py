"""Runs command lines: `main()` in this process, or the installed program, in a home that is the test's own."""

from __future__ import annotations

import gc
import io
import json
import os
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from dunning_cli.cli.main import main

NOON = "2025-01-06T12:00:00+08:00"  # a Monday
PROGRAM = Path(sys.executable).with_name("dunning")


@dataclass(frozen=True)
class Answer:
    """What a command answered."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def error(self) -> Any:
        """The error that `--json` puts on standard error."""
        return json.loads(self.err)["error"]


class _Stream(io.TextIOWrapper):
    """Standard output or error as bytes in memory, perhaps with a person in front of it."""

    def __init__(self, *, terminal: bool, encoding: str, errors: str) -> None:
        super().__init__(io.BytesIO(), encoding=encoding, errors=errors, write_through=True)
        self.terminal = terminal

    def isatty(self) -> bool:
        return self.terminal

    def text(self) -> str:
        self.flush()
        return bytes(self.buffer.getvalue()).decode(self.encoding, "backslashreplace")  # type: ignore[attr-defined]


def environment(home: Path, url: str) -> dict[str, str]:
    """The variables of a command: a home of its own, a fixed moment, nothing from the machine but its PATH."""
    return {
        "PATH": os.environ.get("PATH", ""),
        "LANG": "C.UTF-8",
        "HOME": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_STATE_HOME": str(home / "state"),
        "XDG_CACHE_HOME": str(home / "cache"),
        "DUNNING_DB": url,
        "DUNNING_TIMEZONE": "Asia/Shanghai",
        "DUNNING_ACTOR": "li",
        "DUNNING_NOW": NOON,
    }


class Dunning:
    """Runs `main()`: `dunning("note", "LOAN-7", "Called back").code`. `env` holds for all that follows."""

    def __init__(self, home: Path, url: str) -> None:
        self.home = home
        self.env = environment(home, url)

    def __call__(
        self,
        *args: str,
        now: str | None = None,
        env: dict[str, str] | None = None,
        terminal: bool = False,
        encoding: str = "utf-8",
    ) -> Answer:
        """Run a command line. `now` is a day (at noon) or an instant."""
        given = self.env | (env or {}) | ({"DUNNING_NOW": instant(now)} if now else {})
        out = _Stream(terminal=terminal, encoding=encoding, errors="strict")
        err = _Stream(terminal=terminal, encoding=encoding, errors="backslashreplace")  # as Python opens it
        # `main` says by TYPER_USE_RICH, before Typer is imported, whether help is drawn; here it was imported long ago.
        plain = patch("typer.core.HAS_RICH", terminal)
        with patch.dict(os.environ, given, clear=True), plain, redirect_stdout(out), redirect_stderr(err):
            try:
                code = main(list(args))
            finally:
                gc.unfreeze()  # a process freezes once; here, test after test would keep its garbage
        return Answer(code, out.text(), err.text())

    def ok(self, *args: str, now: str | None = None, env: dict[str, str] | None = None) -> Any:
        """The JSON answer of a command that must succeed."""
        answer = self(*args, "--json", now=now, env=env)
        assert answer.code == 0, f"{' '.join(args)}: exit {answer.code}\n{answer.err}"
        return answer.json

    def fails(self, code: int, *args: str, now: str | None = None, env: dict[str, str] | None = None) -> Any:
        """The JSON error of a command that must fail with this exit code."""
        answer = self(*args, "--json", now=now, env=env)
        assert answer.code == code, f"{' '.join(args)}: exit {answer.code}, not {code}\n{answer.out}{answer.err}"
        return answer.error


class Program:
    """Runs the installed program, in a process of its own."""

    def __init__(self, home: Path, url: str) -> None:
        self.home = home
        self.env = environment(home, url)

    def start(self, *args: str | bytes, env: dict[str, str] | None = None, **options: Any) -> subprocess.Popen[bytes]:
        """Start it, and do not wait."""
        given: dict[str, Any] = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE} | options
        words: list[str | bytes] = [*command(), *args]
        process: subprocess.Popen[bytes] = subprocess.Popen(
            words, env=self.env | (env or {}), stdin=subprocess.DEVNULL, **given
        )
        return process

    def __call__(self, *args: str | bytes, env: dict[str, str] | None = None, **options: Any) -> Answer:
        """Run it to its end."""
        with self.start(*args, env=env, **options) as process:
            out, err = process.communicate(timeout=120)
        return Answer(process.returncode, (out or b"").decode(), (err or b"").decode())


def command() -> list[str]:
    """How the program is started here: by its script, or as a module where it is not installed."""
    return [str(PROGRAM)] if PROGRAM.exists() else [sys.executable, "-m", "dunning_cli"]


def instant(now: str) -> str:
    """A day is its noon in Shanghai."""
    return now if "T" in now else f"{now}T12:00:00+08:00"
