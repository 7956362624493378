"""Load, list and show policies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..domain.days import utc_text
from ..domain.policies import Policy
from .desk import Desk

if TYPE_CHECKING:
    from pathlib import Path


def check_policy(path: Path) -> dict[str, Any]:
    """The plain values of a policy file, or every mistake in it."""
    from ..imports.policies import read_policy
    from ..rules.calendars import working_week

    plain = read_policy(path)
    working_week(plain["working_days"])
    return plain


def load_policy(desk: Desk, path: Path) -> Policy:
    """Store a policy file as the next version of its name. Open cases follow it from the next run on."""
    plain = check_policy(path)
    desk.writing()
    return desk.store.writing(lambda tx: tx.policies.add(plain, utc_text(desk.now.instant), desk.now.actor))


def list_policies(desk: Desk) -> list[dict[str, Any]]:
    """Every version, and the built-in policy where none of that name was loaded."""
    with desk.store.reading() as tx:
        rows = tx.policies.versions()
        current = tx.policies.current()
        for row in rows:
            row["current"] = current[row["name"]].version == row["version"]
        built_in = [p for p in current.values() if p.version == 0]
        return rows + [
            {"name": p.name, "version": 0, "loaded_at": None, "actor": None, "digest": p.digest, "current": True}
            for p in built_in
        ]


def show_policy(desk: Desk, name: str, version: int | None = None) -> tuple[Policy, dict[str, Any]]:
    """A policy and its plain values, the newest version unless one is named."""
    with desk.store.reading() as tx:
        return tx.policies.get(name, version), tx.policies.plain(name, version)
