"""Help: every command has one, with an example that is one of its own, and the short lines are what the code says."""

from __future__ import annotations

import importlib
import shlex
from collections.abc import Iterator
from typing import Any

import pytest

from dunning_cli.cli.root import COMMANDS, tree
from tests.cli.runner import Dunning
from tests.store.databases import Database


def _commands() -> Iterator[tuple[str, Any]]:
    root, ctx = tree(), None
    for name, entry in COMMANDS.items():
        command: Any = root.get_command(ctx, name)
        if entry.group:
            yield from ((f"{name} {inner}", found) for inner, found in command.commands.items())
        else:
            yield name, command


ALL = dict(_commands())
each_command = pytest.mark.parametrize("name", ALL)


@each_command
def test_the_help_of_a_command(dunning: Dunning, name: str) -> None:
    command = ALL[name]
    for flag in ("--help", "-h"):
        answer = dunning(*name.split(), flag)
        assert (answer.code, answer.err) == (0, "")
        assert answer.out.startswith(f"Usage: dunning {name} ")
        flowing = " ".join(answer.out.split())
        assert command.help.splitlines()[0] in flowing
        assert f"Example: dunning {name}" in flowing
        assert "--json" in answer.out


@each_command
def test_every_option_and_argument_says_what_it_is(name: str) -> None:
    assert [p.name for p in ALL[name].params if not getattr(p, "help", None) and p.name != "help"] == []


@each_command
def test_the_example_is_a_command_line_that_is_understood(dunning: Dunning, name: str) -> None:
    """It may be refused, for there is no such case; but never as something that is not understood."""
    example = ALL[name].epilog.removeprefix("Example: dunning ")
    words = [word.replace("…", "0" * 60) for word in shlex.split(example)]
    if name in ("demo", "db distribute"):  # which needs a cluster
        words = [*name.split(), "--help"]
    answer = dunning(*words)
    assert answer.code in (0, 3, 6), (words, answer.err)
    assert "No such option" not in answer.err
    assert "No such command" not in answer.err


@pytest.mark.parametrize("name", COMMANDS)
def test_the_line_in_the_list_is_the_command_s_own(name: str) -> None:
    entry = COMMANDS[name]
    module = importlib.import_module(f"dunning_cli.cli.{entry.module}")
    if entry.group:
        assert module.__doc__
        inner = [command.name for command in module.app.registered_commands]
        assert module.__doc__.splitlines()[0] == f"{name} {', '.join(inner)}."
    else:
        functions = {command.name: command.callback for command in module.app.registered_commands}
        assert entry.help == (functions[name].__doc__ or "").splitlines()[0]


def test_every_module_s_commands_are_in_the_list() -> None:
    modules = {entry.module for entry in COMMANDS.values() if not entry.group}
    found = {
        command.name
        for module in modules
        for command in importlib.import_module(f"dunning_cli.cli.{module}").app.registered_commands
    }
    assert found == {name for name, entry in COMMANDS.items() if not entry.group}


def test_the_help_of_all_lists_all_by_their_stage(dunning: Dunning) -> None:
    answer = dunning("--help")
    assert answer.code == 0
    lines = answer.out.splitlines()
    for name, entry in COMMANDS.items():
        assert any(line.split() == [name, *entry.help.split()] for line in lines)
    panels = [line.removesuffix(":") for line in lines if line.endswith(":") and not line.startswith(" ")]
    assert panels == ["Options", *dict.fromkeys(entry.panel for entry in COMMANDS.values())]


@pytest.mark.parametrize(
    "words",
    [pytest.param(("--help",), id="all"), pytest.param(("show-case", "--help"), id="one"), pytest.param((), id="bare")],
)
def test_help_at_a_terminal(dunning: Dunning, words: tuple[str, ...]) -> None:
    answer = dunning(*words, terminal=True, env={"TERM": "xterm-256color", "COLUMNS": "100"})
    assert "Case management" in answer.out or "Show a case" in answer.out
    assert "Traceback" not in answer.err


def test_help_needs_no_database_and_no_settings(dunning: Dunning) -> None:
    env = {
        "DUNNING_DB": "nonsense://",
        "DUNNING_SETTINGS": "/nowhere",
        "DUNNING_NOW": "yesterday",
        "DUNNING_LANG": "xx",
    }
    assert dunning("--help", env=env).code == 0
    assert dunning("note", "--help", env=env).code == 0
    assert dunning("--version", env=env).code == 0


def test_help_makes_no_database(dunning: Dunning, sqlite: Database) -> None:
    place = sqlite.path.with_name("none.db")
    for name in ALL:
        dunning(*name.split(), "--help", env={"DUNNING_DB": f"sqlite:///{place}"})
    assert not place.exists()
