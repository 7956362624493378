"""Files of rules: a good pack in which a test changes what it is about."""

from __future__ import annotations

from pathlib import Path

PACK = """
[pack]
id = "{id}"
version = "1"
title = {{ en = "A pack of a test" }}
checked_on = 2026-01-31
{more}
"""
RULE = """
[[rule]]
id = "{id}"
kind = "{kind}"
strength = "law"
source = {{ title = "A law", sure = "primary" }}
text = {{ en = "It is so." }}
{more}
"""
TABLE = """
[table]
id = "{id}"
title = {{ en = "A rate" }}
fact = "base"
source = {{ title = "A bank", sure = "primary" }}
checked_on = 2026-01-31
values = [{values}]
"""
DAYS = 'basis = "act/365"'


def pack(name: str = "x", more: str = "") -> str:
    return PACK.format(id=name, more=more)


def rule(name: str = "x.a", more: str = DAYS, kind: str = "money") -> str:
    return RULE.format(id=name, kind=kind, more=more)


def table(name: str = "t", *values: str) -> str:
    return TABLE.format(id=name, values=", ".join(values or ('{ from = 2020-01-01, value = "1.00" }',)))


def write(folder: Path, name: str, text: str) -> Path:
    """A file in a folder of rules: `write(folder, "packs/x", …)`."""
    path = folder / f"{name}.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    return path
