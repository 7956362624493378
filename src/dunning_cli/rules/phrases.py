"""The phrases of the conduct lint: the shipped ones, and those in the folder `conduct` of the user's own rules.

An own item replaces the shipped one of the same id.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any, Final

from ..domain.conduct import Conduct, Excuses, LabelRule, Phrases, Required
from .files import SHIPPED, read_lists

_LISTS: Final[dict[str, type]] = {"label": LabelRule, "rule": Phrases, "excuse": Excuses, "required": Required}


@cache
def conduct(own: Path | None = None) -> Conduct:
    """All phrases; InputError that names the mistakes where a file has any."""
    items: dict[str, dict[Any, Any]] = {name: {} for name in _LISTS}
    for folder in (SHIPPED, own):
        for path in sorted((folder / "conduct").glob("*.toml")) if folder else ():
            for name, found in read_lists(path, _LISTS).items():
                items[name] |= {item.id: item for item in found}
    return Conduct(
        items["label"],
        tuple(items["rule"].values()),
        tuple(items["excuse"].values()),
        tuple(items["required"].values()),
    )
