"""Stage 4: the step to legal action, and the guards it asks for."""

from __future__ import annotations

from .cases import Case, Decision
from .days import Now
from .policies import Policy
from .stages import Event


def escalate(case: Case, policy: Policy, now: Now, why: str | None = None) -> Decision:
    """Take a case to legal action, or say which guards fail and what would satisfy them."""
    decision = Decision(case, policy, now)
    decision.move(decision.allowed(Event.ESCALATE), why=why)
    return decision
