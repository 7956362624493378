"""Every file of the repository: what it says of itself, and what it must not mention."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@cache
def files() -> tuple[Path, ...]:
    """The files under version control, and those that would be added; without it, all but what was built."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
            cwd=ROOT,
            capture_output=True,
            check=True,
        ).stdout.decode("utf-8", "surrogateescape")
    except (OSError, subprocess.CalledProcessError):
        hidden = (".git", ".venv", "__pycache__", "build", "dist")
        return tuple(p for p in ROOT.rglob("*") if p.is_file() and not any(part in hidden for part in p.parts))
    return tuple(path for name in listed.split("\0") if name and (path := ROOT / name).is_file())


def _texts() -> Iterator[tuple[Path, str]]:
    for path in files():
        try:
            yield path.relative_to(ROOT), path.read_text("utf-8")
        except UnicodeDecodeError:
            continue  # a picture, or an example in another encoding


def _modules() -> list[Path]:
    return [path for path in files() if path.suffix == ".py"]


def test_there_are_files_to_look_at() -> None:
    names = {path.relative_to(ROOT).as_posix() for path in files()}
    assert {"pyproject.toml", "LICENSE", "src/dunning_cli/cli/main.py", "tests/conftest.py"} <= names
    assert not any(name.startswith((".venv/", ".git/")) or "__pycache__" in name for name in names)


@pytest.mark.parametrize("path", [pytest.param(p, id=p.relative_to(ROOT).as_posix()) for p in _modules()])
def test_a_module_says_what_it_is(path: Path) -> None:
    """All but the migrations' own texts, too: one sentence that ends."""
    said = ast.get_docstring(ast.parse(path.read_text("utf-8")))
    assert said
    assert said.splitlines()[0].strip()


# Places that are outside the repository, written so that this file does not mention them itself.
OUTSIDE = {
    "a folder of one machine": re.compile(r"(?<![\w.])/(?:work|root|home/\w+|Users/\w+)/(?:main|" + "sha" + r"red|\.)"),
    "notes that are not part of it": re.compile("sha" + "red/" + r"(?:design|law|notes)"),
    "where packages are fetched": re.compile(
        r"\b(?:pypi|pythonhosted|npmjs|anaconda|registry)\.(?:org|com|io|npmjs)[/:]|"
        "extra-"
        "index-url|"
        "find-"
        "links"
    ),
}


@pytest.mark.parametrize("what", OUTSIDE)
def test_nothing_outside_is_mentioned(what: str) -> None:
    found = [
        f"{path}:{number}: {line.strip()[:100]}"
        for path, text in _texts()
        for number, line in enumerate(text.splitlines(), 1)
        if OUTSIDE[what].search(line)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("what", "line"),
    [
        pytest.param("a folder of one machine", "see /work/" + "main/src", id="checkout"),
        pytest.param("notes that are not part of it", "sha" + "red/design/house.md", id="notes"),
        pytest.param("where packages are fetched", "https://pypi" + ".org/simple", id="registry"),
        pytest.param("where packages are fetched", "--extra-" + "index-url x", id="another-registry"),
    ],
)
def test_a_mention_would_be_noticed(what: str, line: str) -> None:
    assert OUTSIDE[what].search(line)


def test_the_place_where_this_machine_fetches_packages_is_not_mentioned() -> None:
    """Whatever it is called here: it is read from the environment, not written down."""
    told = " ".join(value for name, value in os.environ.items() if name.startswith("PIP_") and "://" in value)
    hosts = {host for host in re.findall(r"://(?:[^/@\s]*@)?([\w.-]+)", told) if host}
    assert [(path, host) for path, text in _texts() for host in hosts if host in text] == []


def test_no_name_of_a_file_is_strange() -> None:
    assert [p for p in files() if not re.fullmatch(r"[\w./-]+", p.relative_to(ROOT).as_posix(), re.ASCII)] == []


def test_the_licence_is_named_alike_everywhere() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["license"] == "MIT"
    assert (ROOT / "LICENSE").read_text("utf-8").startswith("MIT License")
    assert project["license-files"] == ["LICENSE"]


def test_the_core_depends_on_nothing_with_strings_attached() -> None:
    """The libraries whose licences would bind a user of the core, and that were left out for it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    needed = {re.split(r"[\s\[<>=!~;]", each, maxsplit=1)[0].lower() for each in project["dependencies"]}
    assert needed.isdisjoint({"ofxtools", "workalendar", "sepaxml", "fpdf2", "docxtpl", "python-stdnum", "pycountry"})
