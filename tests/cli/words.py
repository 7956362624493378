"""Command lines that many tests begin with."""

from __future__ import annotations

from tests.cli.runner import Dunning

DEBT = ("--creditor", "River Bank", "--principal", "50000.00", "--due", "2024-09-01")
OPEN = ("add-case", "--debtor", "Wang Fang", *DEBT, "--reference", "LOAN-7", "--phone", "+86 13800138000")
REACH = ("log-contact", "LOAN-7", "--channel", "call", "--outcome", "conversation")
PROPOSE = ("propose-plan", "LOAN-7", "--installments", "2", "--first", "2025-02-05")


def opened(dunning: Dunning) -> None:
    """A case LOAN-7 in the stage of contact."""
    dunning.ok(*OPEN)


def reached(dunning: Dunning) -> None:
    """The same in negotiation."""
    opened(dunning)
    dunning.ok(*REACH, "--willingness", "high", "--ability", "low", "--reason", "lost_job", "--minutes", "10")


def agreed(dunning: Dunning) -> None:
    """The same with an accepted plan of two installments, in monitoring."""
    reached(dunning)
    dunning.ok(*PROPOSE)
    dunning.ok("accept-plan", "LOAN-7")
