"""The English texts of the program, read from its source."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import dunning_cli
from dunning_cli import errors

ROOT = Path(dunning_cli.__file__).parent
ERRORS = {name for name, found in vars(errors).items() if isinstance(found, type) and issubclass(found, Exception)}
TEXTS_OF_CONDITIONS = ("final_demand_state",)  # functions whose texts go into other texts


class Found(NamedTuple):
    """A text, where it stands, and whether values were put into it there (its places are then `{}`)."""

    text: str
    place: str
    filled: bool


def texts() -> list[Found]:
    """Every text of the program that a user can read in their language."""
    return [
        Found(text, f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}", "{}" in text)
        for path in sorted(ROOT.rglob("*.py"))
        if path.parent.name != "i18n" or path.name == "__init__.py"
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        for text in _said(node)
        if text
    ]


def shape(template: str) -> str:
    """A template with its places nameless: `entry {seq} is missing` is `entry {} is missing`."""
    return re.sub(r"\{\w*\}", "{}", template)


def _said(node: ast.AST) -> Iterator[str]:
    match node:
        case ast.Call():
            yield from _called(node)
        case ast.ClassDef():
            for statement in node.body:
                match statement:
                    case ast.Assign([ast.Name("hint")], value) | ast.AnnAssign(ast.Name("hint"), _, value):
                        yield from _templates(value)
        case ast.FunctionDef(name) if name in TEXTS_OF_CONDITIONS:
            for each in ast.walk(node):
                if isinstance(each, ast.Return):
                    yield from _templates(each.value)


def _called(node: ast.Call) -> Iterator[str]:
    match node.func:
        case ast.Name("t" | "later") | ast.Attribute(attr="t") | ast.Attribute(ast.Name("run"), "said" | "progress"):
            yield from _templates(node.args[0])
        case ast.Name(name) if name in ERRORS or name.endswith("FailedError"):
            yield from _templates(node.args[0])
            for given in node.keywords:
                if given.arg == "hint":
                    yield from _templates(given.value)
        case ast.Name("Break" | "Guard") if len(node.args) > 1:
            yield from _templates(node.args[1])


def _templates(node: ast.expr | None) -> list[str]:
    """The texts an expression may be; what is not written there becomes `{}`."""
    match node:
        case ast.Constant(str(text)):
            return [text]
        case ast.IfExp():
            return [*_templates(node.body), *_templates(node.orelse)]
        case ast.JoinedStr():
            return ["".join(str(p.value) if isinstance(p, ast.Constant) else "{}" for p in node.values)]
        case ast.BinOp(left, ast.Add(), right):
            return [a + b for a in _templates(left) or ["{}"] for b in _templates(right) or ["{}"]]
        case _:
            return []
