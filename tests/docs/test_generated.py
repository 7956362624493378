"""The manual is complete and in step: generated parts, commands, errors, settings, policy keys, kinds, links."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from docs import generate
from dunning_cli.cli.root import COMMANDS, tree
from dunning_cli.domain.debtors import DEBTOR_KINDS
from dunning_cli.domain.entries import CASE_KINDS
from dunning_cli.imports import cases, payments
from dunning_cli.imports.mappings import Mapping
from dunning_cli.rules.book import Book
from dunning_cli.settings import ABOUT

from . import sessions
from .sessions import PAGES, ROOT

COG = Path(sys.executable).with_name("cog")
COGGED = [page for page in PAGES if "[[[cog" in page.read_text("utf-8") and page.is_relative_to(ROOT)]


@cache
def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def names() -> list[str]:
    return [name for name, _ in generate.walk()]


def test_the_generated_parts_are_in_step() -> None:
    pages = [str(page.relative_to(ROOT)) for page in COGGED]
    assert len(pages) >= 8
    env = os.environ | {"TYPER_USE_RICH": "0", "COLUMNS": "200"}
    done = subprocess.run([COG, "--check", *pages], cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{done.stdout}{done.stderr}\nmake docs writes them again"


# --- commands ---------------------------------------------------------------------------------------------------------


def test_the_help_lists_every_command() -> None:
    assert {name.split()[0] for name in names()} == set(COMMANDS)


@pytest.mark.parametrize("name", names())
def test_every_command_is_in_the_manual(name: str) -> None:
    assert f"### dunning {name}\n" in text("docs/commands.md")
    assert f"(#dunning-{name.replace(' ', '-')})" in text("docs/commands.md")


@cache
def typed() -> tuple[list[str], ...]:
    """Every command line that a console block types, in words."""
    found = []
    for page in PAGES:
        for step in sessions.read(page):
            for part in re.split(r"\$\(|\|", step.command):
                words = shlex.split(part, posix=False)
                if "dunning" in words:
                    found.append(words[words.index("dunning") + 1 :])
    return tuple(found)


@pytest.mark.parametrize("name", names())
def test_every_command_is_run_in_a_console_block(name: str) -> None:
    assert any(name in " ".join(words) for words in typed()), f"no page of the manual runs: dunning {name}"


@pytest.mark.parametrize("name", names())
def test_the_example_in_the_help_is_a_command_line(name: str) -> None:
    command = dict(generate.walk())[name]
    example = str(command.epilog)
    assert example.startswith(f"Example: dunning {name}")
    parse(shlex.split(example)[2:])


def parse(words: list[str]) -> None:
    """Parse a command line as the program does, and run nothing."""
    command: Any = tree()
    context = command.make_context("dunning", list(words))
    while rest := [*context._protected_args, *context.args]:
        if not hasattr(command, "resolve_command"):
            break
        name, command, rest = command.resolve_command(context, rest)
        context = command.make_context(name, rest, parent=context)


def add_case_options() -> set[str]:
    return {str(param.name) for param in dict(generate.walk())["add-case"].params}


# --- errors, settings, policies, kinds --------------------------------------------------------------------------------


@pytest.mark.parametrize("code", [cls("").code for cls in generate.error_classes()])
def test_every_error_is_explained(code: str) -> None:
    page = text("docs/errors.md")
    assert f"| `{code}` |" in page
    headings = re.findall(r"^### (.+)$", page, re.MULTILINE)
    assert code in {word for heading in headings for word in heading.split(", ")}


def test_every_exit_code_is_in_the_readme() -> None:
    codes = {cls.exit_code for cls in generate.error_classes()}
    shown = {int(found) for found in re.findall(r"^\| (\d+) \|", text("README.md"), re.MULTILINE)}
    assert shown == codes | {0, 1, 130}


def test_every_exit_code_is_provoked() -> None:
    shown = {step.shown[-1] for step in sessions.read(ROOT / "docs/errors.md") if step.shown}
    assert {f"[exit {cls.exit_code}]" for cls in generate.error_classes()} <= shown


@pytest.mark.parametrize("name", ABOUT)
def test_every_setting_is_explained(name: str) -> None:
    assert f"| `{name}` | `{ABOUT[name][0]}` |" in text("docs/settings.md")


def test_every_pack_has_a_page() -> None:
    assert {page.stem for page in (ROOT / "docs/packs").glob("*.md")} == set(Book().pack_ids())


@pytest.mark.parametrize("key", [key for key, _ in generate.policy_keys()])
def test_every_policy_key_is_explained(key: str) -> None:
    assert f"| `{key}` |" in text("docs/policies.md")


def test_no_policy_key_is_explained_that_is_not_there() -> None:
    assert set(generate.POLICY_KEYS) == {key for key, _ in generate.policy_keys()}


@pytest.mark.parametrize("key", Mapping.model_fields)
def test_every_key_of_a_mapping_is_explained(key: str) -> None:
    assert re.search(rf"^\| `\[?{key}\]?` \|", text("docs/imports.md"), re.MULTILINE)


@pytest.mark.parametrize("column", sorted({*cases.COLUMNS, *payments.COLUMNS} - add_case_options()))
def test_every_column_of_an_import_is_explained(column: str) -> None:
    assert f"`{column}`" in text("docs/imports.md")


@pytest.mark.parametrize("kind", [*CASE_KINDS, *DEBTOR_KINDS])
def test_every_kind_of_entry_is_explained(kind: str) -> None:
    assert f"| `{kind}` |" in text("docs/journal.md")


# --- links ------------------------------------------------------------------------------------------------------------

_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")


def prose(page: Path) -> str:
    """A page without its code and its comments, which may hold brackets of their own."""
    return re.sub(r"^```.*?^```$|<!--.*?-->", "", page.read_text("utf-8"), flags=re.MULTILINE | re.DOTALL)


def links() -> list[tuple[Path, str]]:
    found = {(page, link) for page in PAGES for link in _LINK.findall(prose(page))}
    return sorted(found)


def anchors(page: Path) -> set[str]:
    """The anchors that a heading gets: small letters, no marks, hyphens for blanks."""
    headings = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize(("page", "link"), [pytest.param(p, x, id=f"{p.relative_to(ROOT)}: {x}") for p, x in links()])
def test_every_link_leads_somewhere(page: Path, link: str) -> None:
    if link.startswith("https://"):
        return
    path, _, anchor = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    assert target.exists()
    assert target.is_relative_to(ROOT)
    if anchor:
        assert anchor in anchors(target)


def test_every_page_can_be_reached() -> None:
    linked = {(page.parent / link.partition("#")[0]).resolve() for page, link in links()}
    linked |= {folder / "README.md" for folder in linked if folder.is_dir()}
    assert [str(page) for page in PAGES if page not in linked and page != ROOT / "README.md"] == []
