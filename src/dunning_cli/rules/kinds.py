"""The words of the kinds of rule, and the class of each, whose module is imported when a rule of that kind is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Final

from ..domain.rules import Kind, Rule

_WHERE: Final[dict[Kind, tuple[str, str]]] = {
    Kind.GATE: ("compliance.gates", "GateRule"),
    Kind.HOURS: ("compliance.hours", "HoursRule"),
    Kind.COUNT: ("compliance.counts", "CountRule"),
    Kind.COOLDOWN: ("compliance.counts", "CooldownRule"),
    Kind.SPACING: ("compliance.counts", "SpacingRule"),
    Kind.PARTY: ("compliance.parties", "PartyRule"),
    Kind.CHANNEL: ("compliance.channels", "ChannelRule"),
    Kind.CONTENT: ("compliance.contents", "ContentRule"),
    Kind.WAIT: ("compliance.waits", "WaitRule"),
    Kind.PLAN: ("compliance.waits", "PlanRule"),
    Kind.MONEY: ("statutory", "MoneyRule"),
    Kind.ALLOCATION: ("appropriation", "AllocationRule"),
    Kind.DEADLINE: ("deadlines", "DeadlineRule"),
    Kind.LIMITATION: ("limitation", "LimitationRule"),
    Kind.RETENTION: ("retention", "RetentionRule"),
}

CONTACT: Final = frozenset(kind for kind, (module, _) in _WHERE.items() if module.startswith("compliance."))
"""The kinds that the guard judges by."""


class _Kinds(Mapping[Kind, type[Rule]]):
    """The class of each kind."""

    def __getitem__(self, kind: Kind) -> type[Rule]:
        module, name = _WHERE[kind]
        found: type[Rule] = getattr(import_module(f"dunning_cli.domain.{module}"), name)
        return found

    def __iter__(self) -> Iterator[Kind]:
        return iter(_WHERE)

    def __len__(self) -> int:
        return len(_WHERE)


KINDS: Final = _Kinds()
