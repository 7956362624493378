"""The book of rules: packs and rate tables by their id, read when they are asked for, once in a process.

A user's own folder, with `packs/` and `tables/` in it, comes first. A pack there replaces the shipped one of the same
id; a table there is put over the shipped one, so that a new rate is one line. A file is called as what it holds: the
pack `cn` is in `cn.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Final

from .. import __version__
from ..domain.rules import Header, Kind, Pack, RateTable, Rule
from ..errors import RuleNotFoundError, RulePackNotFoundError
from .files import SHIPPED, Mistake, RuleFile, meant, nearest, read, refuse

_EXTENDS: Final = re.compile(r"^\s*extends\s*=\s*\[([^\]]*)\]", re.MULTILINE)
_QUOTED: Final = re.compile(r"""["']([^"']+)["']""")


@cache
def book(own: Path | None, only: frozenset[Kind] | None = None) -> Book:
    """The book of this process, for a user's folder; `only` with rules of these kinds, where no others are needed."""
    return Book(own, only)


class Book:
    """All packs and tables that can be found."""

    def __init__(self, own: Path | None = None, only: frozenset[Kind] | None = None) -> None:
        self.own = own
        self.only = only
        self._packs: dict[str, Pack] = {}
        self._tables: dict[str, RateTable] = {}

    # --- packs

    def pack_ids(self) -> list[str]:
        return sorted({*_named(SHIPPED / "packs"), *self._own_files("packs")})

    def pack(self, pack_id: str) -> Pack:
        """A pack with its parents' rules and its tables; RulePackNotFoundError where there is none of this id."""
        if pack_id not in self._packs:
            self._packs[pack_id] = self._resolved(self._pack_file(pack_id), ())
        return self._packs[pack_id]

    def packs(self) -> list[Pack]:
        return [self.pack(each) for each in self.pack_ids()]

    def pack_at(self, path: Path) -> Pack:
        """The pack in a file that need not lie in any folder of rules."""
        file = read(path, only=self.only)
        if file.header is None:
            raise refuse(path, [Mistake(str(path), "", "pack", "there is no [pack]")])
        return self._resolved(file, ())

    def is_own(self, pack_id: str) -> bool:
        """Whether a pack comes from the user's folder."""
        return pack_id in self._own_files("packs")

    def rule(self, rule_id: str) -> tuple[Pack, Rule]:
        """A rule and the pack that it was written in."""
        packs = self.packs()
        for pack in packs:
            for rule in pack.rules:
                if rule.id == rule_id and pack.origins[rule.id] == pack.id:
                    return pack, rule
        known = [*self.pack_ids(), *(rule.id for pack in packs for rule in pack.rules)]
        raise RuleNotFoundError("There is no pack and no rule '{rule}'.", hint=meant(rule_id, known), rule=rule_id)

    def fingerprint(self, pack_id: str) -> str | None:
        """What a pack and its parents are known again by, without reading what they say; None where there is none.

        It changes with any letter of their files, and with the program that reads them.
        """
        digest, todo, seen = sha256(__version__.encode()), [pack_id], {pack_id}
        while todo:
            name = todo.pop()
            path = self._own_files("packs").get(name) or _named(SHIPPED / "packs").get(name)
            if path is None:
                if name == pack_id:
                    return None
                continue
            content = path.read_bytes()
            digest.update(f"\0{name}\0{len(content)}\0".encode() + content)
            for parents in _EXTENDS.findall(content.decode("utf-8", "replace")):
                new = [parent for parent in _QUOTED.findall(parents) if parent not in seen]
                seen |= {*new}
                todo += new
        return digest.hexdigest()[: len("0123456789abcdef")]

    def _own_files(self, room: str) -> dict[str, Path]:
        return _named(self.own / room) if self.own else {}

    def _pack_file(self, pack_id: str) -> RuleFile:
        path = self._own_files("packs").get(pack_id) or _named(SHIPPED / "packs").get(pack_id)
        if path is None:
            raise RulePackNotFoundError(
                "There is no rule pack '{pack}'.", hint=meant(pack_id, self.pack_ids()), pack=pack_id
            )
        file = read(path, only=self.only)
        if file.header is None or file.header.id != pack_id:
            found = file.header.id if file.header else "no pack"
            raise refuse(path, [Mistake(str(path), "pack", "id", f"the file is called {pack_id} and holds {found}")])
        return file

    def _resolved(self, file: RuleFile, below: tuple[str, ...]) -> Pack:
        """A pack joined with its parents and its tables; `below` are the packs on whose behalf it is read."""
        header = file.header
        assert header is not None  # noqa: S101  its callers looked
        mistakes: list[Mistake] = []
        parents = list(self._parents(file.path, header, below, mistakes))
        inherited = {rule.id: rule for parent in parents for rule in parent.rules}
        origins = {name: origin for parent in parents for name, origin in parent.origins.items()}
        for name, rule in list(_replaced(file, inherited, mistakes)):
            del inherited[name]
            if name != rule.id:
                del origins[name]
        tables = {name: table for parent in parents for name, table in parent.tables.items()}
        tables |= {table.id: table for table in file.tables}
        tables |= self._read_by(file, tables, mistakes)
        if mistakes:
            raise refuse(file.path, mistakes)
        return Pack(
            **{each.name: getattr(header, each.name) for each in fields(Header)},
            rules=(*inherited.values(), *file.rules),
            tables=tables,
            examples=file.examples,
            origins=origins | {rule.id: header.id for rule in file.rules},
            headers={name: each for parent in parents for name, each in parent.headers.items()} | {header.id: header},
            limits=(*file.limits, *(years for parent in parents for years in parent.limits)),
        )

    def _parents(self, path: Path, header: Header, below: tuple[str, ...], mistakes: list[Mistake]) -> Iterator[Pack]:
        for name in header.extends:
            if name in (*below, header.id):
                circle = " → ".join([*below, header.id, name])
                mistakes.append(Mistake(str(path), "pack", "extends", f"{circle} goes in a circle"))
            elif name not in self.pack_ids():
                near = nearest(name, self.pack_ids())
                mistakes.append(Mistake(str(path), "pack", "extends", f"there is no pack '{name}'{near}"))
            else:
                yield self._resolved(self._pack_file(name), (*below, header.id))

    def _read_by(self, file: RuleFile, known: Mapping[str, RateTable], mistakes: list[Mistake]) -> dict[str, RateTable]:
        """The tables that a file's rules read, beside those already known."""
        found: dict[str, RateTable] = {}
        for rule in file.rules:
            for name in rule.tables:
                if name in known:
                    continue
                if table := self.table(name):
                    found[name] = table
                else:
                    near = nearest(name, self.table_ids())
                    mistakes.append(Mistake(str(file.path), rule.id, "table", f"there is no rate table '{name}'{near}"))
        return found

    # --- tables

    def table_ids(self) -> list[str]:
        return sorted({*_named(SHIPPED / "tables"), *self._own_files("tables")})

    def table(self, table_id: str) -> RateTable | None:
        """A rate table, the user's own steps over the shipped ones; None where there is none of this id."""
        if table_id not in self._tables:
            found = None
            for path in (_named(SHIPPED / "tables").get(table_id), self._own_files("tables").get(table_id)):
                if path:
                    table = _table(path, table_id)
                    found = found.over(table) if found else table
            if found is None:
                return None
            self._tables[table_id] = found
        return self._tables[table_id]

    def tables(self) -> Iterator[RateTable]:
        for each in self.table_ids():
            if found := self.table(each):
                yield found


def _replaced(file: RuleFile, inherited: Mapping[str, Rule], mistakes: list[Mistake]) -> Iterator[tuple[str, Rule]]:
    """The parents' rules that a file's own stand in for, each with its own rule."""
    for rule in file.rules:
        for name in rule.replaces:
            if name in inherited:
                yield name, rule
            else:
                near = nearest(name, list(inherited))
                mistakes.append(Mistake(str(file.path), rule.id, "replaces", f"no parent has a rule '{name}'{near}"))
        if rule.id in inherited and rule.id not in rule.replaces:
            reason = f'a parent has a rule of this id; to stand in for it, say replaces = ["{rule.id}"]'
            mistakes.append(Mistake(str(file.path), rule.id, "id", reason))


def _named(folder: Path) -> dict[str, Path]:
    """The files of a folder by their names."""
    return {path.stem: path for path in sorted(folder.glob("*.toml"))}


def _table(path: Path, table_id: str) -> RateTable:
    """The table that a file of its name holds."""
    found = next((table for table in read(path).tables if table.id == table_id), None)
    if found is None:
        raise refuse(
            path, [Mistake(str(path), "table", "id", f"the file is called {table_id} and holds no such table")]
        )
    return found
