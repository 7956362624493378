"""The words of the kinds of rule, and the class of each."""

from __future__ import annotations

from typing import Final

from ..domain.appropriation import AllocationRule
from ..domain.compliance.channels import ChannelRule
from ..domain.compliance.contents import ContentRule
from ..domain.compliance.counts import CooldownRule, CountRule, SpacingRule
from ..domain.compliance.gates import GateRule
from ..domain.compliance.hours import HoursRule
from ..domain.compliance.parties import PartyRule
from ..domain.compliance.waits import PlanRule, WaitRule
from ..domain.deadlines import DeadlineRule
from ..domain.limitation import LimitationRule
from ..domain.retention import RetentionRule
from ..domain.rules import Kind, Rule
from ..domain.statutory import MoneyRule

_CONTACT: Final[tuple[type[Rule], ...]] = (
    GateRule,
    HoursRule,
    CountRule,
    CooldownRule,
    SpacingRule,
    PartyRule,
    ChannelRule,
    ContentRule,
    WaitRule,
    PlanRule,
)

_MONEY: Final[tuple[type[Rule], ...]] = (MoneyRule, AllocationRule)

_DAYS: Final[tuple[type[Rule], ...]] = (DeadlineRule, LimitationRule, RetentionRule)

KINDS: Final[dict[Kind, type[Rule]]] = {each.kind: each for each in (*_CONTACT, *_MONEY, *_DAYS)}
