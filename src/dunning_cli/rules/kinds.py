"""The words of the kinds of rule, and the class of each."""

from __future__ import annotations

from typing import Final

from ..domain.appropriation import AllocationRule
from ..domain.deadlines import DeadlineRule
from ..domain.limitation import LimitationRule
from ..domain.retention import RetentionRule
from ..domain.rules import Kind, Rule
from ..domain.statutory import MoneyRule

KINDS: Final[dict[Kind, type[Rule]]] = {
    each.kind: each for each in (MoneyRule, AllocationRule, DeadlineRule, LimitationRule, RetentionRule)
}
