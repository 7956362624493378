"""Stories: shell scripts in examples/ that a shell can run, and that `dunning demo` tells.

A story is a script of comments (what happens), `export NAME=value` (what time it is) and `dunning` commands. A command
that is to be refused says so with `|| test $? -eq CODE`. `#zh` gives the comment above it in Chinese.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct, field

from ..errors import NotFoundError

_REFUSED = re.compile(r"\s*\|\| test \$\? -eq (\d+)\s*$")
_LATER = ("broken-promises",)  # told after the others


class Step(Struct, frozen=True):
    """One command: what is said before it, the settings it runs under, its arguments, and its expected exit code."""

    said: tuple[str, ...]
    env: dict[str, str]
    args: tuple[str, ...]
    exit_code: int = 0


class Story(Struct):
    name: str
    title: dict[str, str] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)


def names() -> list[str]:
    """The stories that this installation holds, in the order in which they are told."""
    return sorted((path.stem for path in _folder().glob("*.sh")), key=lambda name: (name in _LATER, name))


def read(name: str, lang: str = "en") -> Story:
    """A story, told in one language."""
    path = _folder() / f"{name}.sh"
    if not path.is_file():
        raise NotFoundError("There is no story '{name}'.", hint="The stories are: " + ", ".join(names()), name=name)
    return parse(name, path.read_text("utf-8"), lang)


def parse(name: str, text: str, lang: str = "en") -> Story:
    """The story in a script."""
    story = Story(name)
    english: list[str] = []
    other: list[str] = []
    env: dict[str, str] = {}
    for line in _lines(text):
        if line.startswith("#zh "):
            other.append(line[4:])
        elif line.startswith("# "):
            english.append(line[2:])
        elif line.startswith("export ") and "=" in line:
            env |= dict(word.split("=", 1) for word in shlex.split(line)[1:])
        elif line.startswith("dunning "):
            if not story.steps:  # what stands above the settings is the title, not a part of the story
                story.title = {"en": english[0], "zh": other[0]}
                english, other = english[2:], other[1:]
            refused = _REFUSED.search(line)
            command = _REFUSED.sub("", line)
            told = other if lang == "zh" and other else english
            code = int(refused[1]) if refused else 0
            story.steps.append(Step(tuple(told), dict(env), tuple(shlex.split(command)[1:]), code))
            english, other = [], []
    return story


def _lines(text: str) -> Iterator[str]:
    """The lines of a script, with continued ones joined."""
    return iter(re.sub(r"\\\n\s*", "", text).splitlines())


def _folder() -> Path:
    """Where the stories lie: inside the installed package, or at the top of a checkout."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "examples"
    return inside if inside.is_dir() else package.parents[1] / "examples"
