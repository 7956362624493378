"""English words that are not simply the program's own word with spaces for underscores."""

from __future__ import annotations

from typing import Final

WORDS: Final[dict[str, str]] = {
    "2weeks": "two weeks",
    "email": "e-mail",
    "id_number": "ID number",
    "timezone": "time zone",
    "en": "English",
    "zh": "Chinese",
    "channel.text": "text message",
    "channel.message_app": "app message",
    "channel.social_public": "public post",
    "party.debtor": "the debtor",
    "party.guarantor": "the guarantor",
    "party.spouse": "the spouse",
    "party.debt_adviser": "the debt adviser",
    "moved.escalate": "escalated",
    "moved.reopen": "reopened",
    "next.close_paid": "close as paid",
    "next.escalate": "go to legal",
    "match.case": "case number",
    "match.text": "reference in the text",
    "match.end_to_end": "end-to-end id",
    "match.account": "the payer's account",
    "match.name_amount": "name and amount",
    "match.hand": "by hand",
    "rule.payment_reversed": "a payment was reversed",
    "rule.payment_voided": "a payment was voided",
    "severity.block": "it blocks",
    "severity.block_overridable": "it blocks, unless a named person gives a reason",
    "severity.warn": "it warns",
    "strength.standard": "a standard",
    "strength.self_regulation": "self-regulation",
    "strength.policy": "the pack's own choice",
    "sure.primary": "read in the primary text",
    "sure.secondary": "read second-hand",
    "sure.memory": "from memory: compare it with the source",
    "sure.derived": "worked out",
    "applies.overdue_over": "more days overdue than",
}
