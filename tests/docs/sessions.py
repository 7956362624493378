"""The console blocks of the manual: read, run, compared, and on request written again.

A block begins with ```` ```console ````. A line `$ command` in it is typed, the lines below it are what is shown, and
`[exit N]` stands below a command that does not end with 0. The blocks of one file share a folder, an environment and
its databases, in the order in which they stand. `…` stands for whatever varies: a part of a line, or, alone on a line,
any number of lines. A block such as ```` ```toml file=strict.toml ```` is written to that file first.
"""

from __future__ import annotations

import contextlib
import gc
import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from dunning_cli.cli.main import main
from tests.store.databases import close_connections

ROOT = Path(__file__).resolve().parents[2]
PAGES = (
    *(ROOT / name for name in ("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "examples/README.md")),
    *sorted((ROOT / "docs").rglob("*.md")),
)
UPDATE = bool(os.environ.get("UPDATE_SESSIONS"))

_FILE = re.compile(r"```\w+ file=(\S+)")
_ELLIPSIS = "…"
_SHELL = set("|&;<>()$`*?~")
# What varies from run to run, as it is written into the manual.
_VARIES = (
    (re.compile(r"\b[0-9a-f]{64}\b"), _ELLIPSIS),
    (re.compile(r"\b\d+\.\d s$"), f"{_ELLIPSIS} s"),
    (re.compile(r'"seconds": [\d.]+'), f'"seconds": {_ELLIPSIS}'),
    (re.compile(r"\b[\d,]+ bytes"), f"{_ELLIPSIS} bytes"),
    (re.compile(r"sqlite [\d.]+"), f"sqlite {_ELLIPSIS}"),
)


@dataclass(slots=True)
class Step:
    """A command in a page, the lines shown below it, and where these lines stand: from `first` up to `beyond`."""

    command: str
    shown: list[str]
    first: int
    beyond: int
    files: dict[str, str] = field(default_factory=dict)  # to be written before it
    said: list[str] = field(default_factory=list)  # what it did say

    @property
    def holds(self) -> bool:
        return fits(self.shown, self.said)


def read(page: Path) -> list[Step]:
    """The commands of a page."""
    steps: list[Step] = []
    files: dict[str, str] = {}
    lines = page.read_text("utf-8").splitlines()
    at = 0
    while at < len(lines):
        fence, at = lines[at], at + 1
        if not fence.startswith("```"):
            continue
        end = lines.index("```", at)
        if fence == "```console":
            found = list(_commands(lines, at, end))
            if found:
                found[0].files = files
                files = {}
            steps += found
        elif named := _FILE.fullmatch(fence):
            files[named[1]] = "\n".join([*lines[at:end], ""])
        at = end + 1
    return steps


def _commands(lines: list[str], at: int, end: int) -> Generator[Step, None, None]:
    if not lines[at].startswith("$ "):
        raise ValueError(f"a console block begins with a command, not with {lines[at]!r}")
    while at < end:
        command, at = lines[at][2:], at + 1
        while command.endswith("\\"):
            command, at = f"{command[:-1].rstrip()} {lines[at].strip()}", at + 1
        beyond = next((place for place in range(at, end) if lines[place].startswith("$ ")), end)
        yield Step(command, lines[at:beyond], at, beyond)
        at = beyond


def _pattern(shown: list[str]) -> str:
    """What the shown lines stand for. A line of `…` alone stands for any number of lines, none among them."""
    return "".join(
        r"(?:.*\n)*?" if line.strip() == _ELLIPSIS else re.escape(line).replace(_ELLIPSIS, ".*?") + r"\n"
        for line in shown
    )


def fits(shown: list[str], said: list[str]) -> bool:
    """Whether the shown lines stand for what was said."""
    return re.fullmatch(_pattern(shown), "".join(f"{line}\n" for line in said)) is not None


# --- running ----------------------------------------------------------------------------------------------------------


@cache
def played(page: Path) -> list[Step]:
    """The steps of a page, each with what it said. With UPDATE_SESSIONS=1 the page is written again."""
    steps = read(page)
    with TemporaryDirectory(prefix="dunning-docs-", ignore_cleanup_errors=True) as folder:
        home = Path(folder)
        (home / "examples").symlink_to(ROOT / "examples")
        env = environment(home)
        for step in steps:
            for name, text in step.files.items():
                (home / name).parent.mkdir(parents=True, exist_ok=True)
                (home / name).write_text(text, "utf-8")
            step.said = _run(step.command, env, home)
        close_connections()
    if UPDATE:
        _rewrite(page, steps)
    return steps


def environment(home: Path) -> dict[str, str]:
    """A home of its own, nothing of the real one, and a terminal of 80 columns in English."""
    return {
        "HOME": str(home),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "LANG": "C.UTF-8",
        "COLUMNS": "80",
        "TYPER_USE_RICH": "0",
    }


def _run(command: str, env: dict[str, str], home: Path) -> list[str]:
    words = shlex.split(command)
    if words[0] == "export":
        env |= dict(word.split("=", 1) for word in words[1:])
        return []
    settings = {}
    while re.match(r"[A-Z_]+=", words[0]):
        name, _, settings[name] = words.pop(0).partition("=")
    # Whether help is plain is settled when Typer is first imported, so help comes from a process of its own.
    simple = words[0] == "dunning" and "--help" not in words and not _asks_for_a_shell(command)
    code, text = _inside(words[1:], env | settings, home) if simple else _outside(command, env, home)
    return [*text.splitlines(), *([f"[exit {code}]"] if code else [])]


def _asks_for_a_shell(command: str) -> bool:
    """Whether something outside quotes is more than a plain word."""
    bare = re.sub(r"'[^']*'|\"[^\"]*\"", "", command)
    return bool(_SHELL & set(bare))


def _inside(args: list[str], env: Mapping[str, str], home: Path) -> tuple[int, str]:
    """Run dunning in this process, which is ten times as fast as starting it."""
    out = io.StringIO()
    with _place(env, home), contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
        code = main(args)
    gc.unfreeze()  # `main` freezes what its start left, which in one process adds up
    return code, out.getvalue()


def _outside(command: str, env: Mapping[str, str], home: Path) -> tuple[int, str]:
    done = subprocess.run(
        ["sh", "-c", command],
        env=dict(env),
        cwd=home,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    return done.returncode, done.stdout


@contextlib.contextmanager
def _place(env: Mapping[str, str], home: Path) -> Generator[None, None, None]:
    """This process with another environment and another current folder."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(env)
    try:
        with contextlib.chdir(home):
            yield
    finally:
        os.environ.clear()
        os.environ.update(before)


# --- writing again ----------------------------------------------------------------------------------------------------


def _rewrite(page: Path, steps: list[Step]) -> None:
    """Put into a page what its commands did say. What stands there and still fits, with its `…`, stays."""
    lines = page.read_text("utf-8").splitlines()
    for step in reversed(steps):
        if not step.holds:
            step.shown = renewed(step.shown, step.said)
            lines[step.first : step.beyond] = step.shown
    page.write_text("\n".join([*lines, ""]), "utf-8")


def renewed(shown: list[str], said: list[str]) -> list[str]:
    """The lines to show for what was said: lines left out stay out, and what varies is written as `…`."""
    gaps = [place for place, line in enumerate(shown) if line.strip() == _ELLIPSIS]
    if len(gaps) == 1 and len(said) >= len(shown) - 1:
        before, after = gaps[0], len(shown) - gaps[0] - 1
        return [
            *renewed(shown[:before], said[:before]),
            shown[before],
            *renewed(shown[before + 1 :], said[len(said) - after :]),
        ]
    elided = [line for line in shown if _ELLIPSIS in line and line.strip() != _ELLIPSIS]
    return [next((old for old in elided if fits([old], [line])), _varying(line)) for line in said]


def _varying(line: str) -> str:
    for pattern, instead in _VARIES:
        line = pattern.sub(instead, line)
    return line
