"""Processes that a test starts, kills and waits for."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from tests.cli.runner import Answer

ROOT = Path(__file__).parents[2]
_POLL = 0.002


class Child:
    """A process that does a job. `ended` answers its exit code, or None while it runs."""

    def __init__(self, pid: int, ended: Callable[[], int | None], out: Path, err: Path) -> None:
        self.pid = pid
        self.ended = ended
        self.out = out
        self.err = err
        self.code: int | None = None

    def running(self) -> bool:
        if self.code is None:
            self.code = self.ended()
        return self.code is None

    def kill(self) -> None:
        """Kill it; whatever it is doing, it does no more of it."""
        if self.running():
            os.kill(self.pid, signal.SIGKILL)

    def interrupt(self) -> None:
        """What Ctrl-C does."""
        if self.running():
            os.kill(self.pid, signal.SIGINT)

    def wait(self, seconds: float = 120) -> Answer:
        """What it answered at its end; the code of a killed process is minus the signal."""
        until = time.monotonic() + seconds
        while self.running():
            if time.monotonic() > until:
                self.kill()
                raise AssertionError(f"still running after {seconds} s: {self.out.read_text()}{self.err.read_text()}")
            time.sleep(_POLL)
        assert self.code is not None
        return Answer(self.code, self.out.read_text() if self.out.is_file() else "", self.err.read_text())


class Starter:
    """Starts jobs of tests.faults.jobs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.children: list[Child] = []
        env = {"PATH": os.environ.get("PATH", ""), "LANG": "C.UTF-8", "PYTHONPATH": os.pathsep.join(sys.path)}
        self._env = env
        self._zygote = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.zygote"],
            cwd=ROOT,
            env=env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )

    def start(
        self, function: str, env: dict[str, str], *, fresh: bool = False, out: Path | None = None, **given: Any
    ) -> Child:
        """Start a job: at once, or in a `fresh` process that imports the program first."""
        number = len(self.children)
        out, err = out or self.folder / f"{number}.out", self.folder / f"{number}.err"
        err.touch()  # a child that is killed at once has not opened it
        job = {"function": function, "given": given, "env": env, "out": str(out), "err": str(err)}
        child = self._fresh(job, out, err) if fresh else self._forked(job, out, err)
        self.children.append(child)
        return child

    def run(self, function: str, env: dict[str, str], **given: Any) -> Answer:
        """Do a job to its end."""
        return self.start(function, env, **given).wait()

    def _forked(self, job: dict[str, Any], out: Path, err: Path) -> Child:
        pid = self._ask(job)
        return Child(pid, lambda: self._ask({"pid": pid}), out, err)

    def _fresh(self, job: dict[str, Any], out: Path, err: Path) -> Child:
        with out.open("w") as to_out, err.open("w") as to_err:
            process = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.jobs", json.dumps(job)],
                cwd=ROOT,
                env=self._env | job["env"],
                stdin=subprocess.DEVNULL,
                stdout=to_out,
                stderr=to_err,
            )
        return Child(process.pid, process.poll, out, err)

    def _ask(self, asked: dict[str, Any]) -> Any:
        to, from_ = _pipes(self._zygote)
        to.write(json.dumps(asked).encode() + b"\n")
        to.flush()
        return json.loads(from_.readline())

    def close(self) -> None:
        """End what still runs, and the zygote."""
        for child in self.children:
            child.kill()
            while child.running():
                time.sleep(_POLL)
        for pipe in _pipes(self._zygote):
            pipe.close()
        self._zygote.wait(10)


def _pipes(process: subprocess.Popen[bytes]) -> tuple[IO[bytes], IO[bytes]]:
    assert process.stdin is not None
    assert process.stdout is not None
    return process.stdin, process.stdout
