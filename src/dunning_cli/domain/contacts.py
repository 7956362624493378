"""Stage 1: contacts that took place or were tried. What happened is always logged, in any order."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from ..errors import InputError
from .cases import Case, Decision
from .compliance.words import Party
from .days import Now
from .entries import ContactLogged, ContactRefused
from .facts import Contact
from .parties import number_of
from .policies import Policy
from .stages import Event, Stage

# These say which one, by a number or a role: a name would not be erasable here.
PARTIES_MORE: Final = {"third_party": "ID", "contact_person": "ROLE"}
# These may, by a number.
PARTIES: Final = tuple(str(party) for party in Party if party not in PARTIES_MORE)


def log(case: Case, policy: Policy, now: Now, what: ContactLogged, at: datetime | None = None) -> Decision:
    """Log a contact at the instant it happened (`at`, or now).

    The first time the debtor is heard takes the case from contact to negotiation, from now on: a contact logged late
    dates nothing back, and one from before the case was opened moves nothing.
    """
    check_party(what.party)
    if at is not None and at > now.instant:
        raise InputError(
            "The contact is dated {at}, which is still to come.",
            hint="Log a contact once it has happened.",
            at=at.isoformat(),
        )
    decision = Decision(case, policy, now)
    decision.add(what, at or now.instant)
    contact = Contact.of(decision.case.seq, decision.entries[-1].effective_on, what)
    if contact.reached and case.place == Stage.CONTACT and contact.on >= case.since:
        decision.move(decision.allowed(Event.DEBTOR_REACHED), rule="debtor_reached")
    return decision


def refuse(case: Case, policy: Policy, now: Now, what: ContactRefused) -> Decision:
    """Keep on record that a planned contact was not made because the law does not allow it."""
    check_party(what.party)
    decision = Decision(case, policy, now)
    decision.add(what)
    return decision


def check_party(party: str) -> None:
    """Refuse a party that is none of the known words, or names nobody where it has to."""
    word, _, which = party.partition(":")
    numbered = word in PARTIES and word != Party.DEBTOR and number_of(party) is not None
    if party not in PARTIES and not numbered and not (word in PARTIES_MORE and which):
        raise InputError(
            "'{party}' is no party to a contact.",
            hint="Use one of: " + ", ".join((*PARTIES, *(f"{word}:{which}" for word, which in PARTIES_MORE.items()))),
            party=party,
        )
