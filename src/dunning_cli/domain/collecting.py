"""Who collects and who lent, as far as rules of law ask."""

from __future__ import annotations

from enum import StrEnum


class CollectorRole(StrEnum):
    """Who collects: the creditor, the creditor under another name, somebody for them, or who bought the debt."""

    CREDITOR = "creditor"
    CREDITOR_OTHER_NAME = "creditor_other_name"
    THIRD_PARTY = "third_party"
    DEBT_BUYER = "debt_buyer"


class Lender(StrEnum):
    """Who lent: a licensed institution, or anybody else."""

    LICENSED = "licensed"
    PRIVATE = "private"
