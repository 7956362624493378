"""Parties of a case beside the debtor: who has to do with it, in which role, and who is meant by a word of it.

A party is a person with a journal of their own, as a debtor is. A contact names them by role and number, `guarantor:7`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from ..errors import AmbiguousPartyError, DuplicateError, InputError, PartyNotFoundError
from .cases import Case, Decision
from .compliance.words import Party
from .days import Now
from .entries import PartyAdded, PartyEnded
from .policies import Policy

ROLES: Final = tuple(role for role in Party if role is not Party.DEBTOR)


def add(case: Case, policy: Policy, now: Now, person: int, role: Party) -> Decision:
    """Make a person a party of a case, closed cases included: somebody may be heard of late."""
    if role not in ROLES:
        raise InputError("The debtor is no party beside the debtor: choose another role.")
    if any((p.person, p.role, p.ended) == (person, role, None) for p in case.parties):
        raise DuplicateError(
            "Person {person} is already a party of case {case} in this role.",
            hint="See the parties with: dunning show-case CASE",
            person=person,
            case=case.case_id,
        )
    decision = Decision(case, policy, now)
    decision.add(PartyAdded(person, role.value))
    return decision


def end(
    case: Case, policy: Policy, now: Now, people: Iterable[int], role: Party | None = None, why: str | None = None
) -> Decision:
    """A person, known by one number or several, is a party no longer: in one role, or in all."""
    known = set(people)
    found = [p for p in case.parties if p.person in known and p.ended is None and role in (None, p.role)]
    if not found:
        raise PartyNotFoundError("Person {person} is no party of case {case}.", person=min(known), case=case.case_id)
    decision = Decision(case, policy, now)
    for each in found:
        decision.add(PartyEnded(each.person, each.role, why))
    return decision


def number_of(party: str) -> int | None:
    """The number in `guarantor:7`; None where a word of a contact names nobody by number."""
    _, _, which = party.partition(":")
    return int(which) if which.isascii() and which.isdigit() and len(which) < 19 else None


def named(case: Case, party: str, same: Mapping[int, int]) -> str:
    """The party that a contact names, with the number: `guarantor` alone is the only guarantor that the case has.

    `same` says which numbers are one person now. AmbiguousPartyError where several are meant by the word.
    """
    role, colon, _ = party.partition(":")
    if colon:
        number = number_of(party)
        return party if number is None else f"{role}:{same.get(number, number)}"
    found = sorted({same.get(p.person, p.person) for p in case.parties if p.role == role and p.ended is None})
    if len(found) > 1:
        raise AmbiguousPartyError(
            "Case {case} has several parties of this role: {who}.",
            case=case.case_id,
            who=", ".join(f"{role}:{number}" for number in found),
        )
    return f"{role}:{found[0]}" if found else party


def as_logged(case: Case, party: str, same: Mapping[int, int]) -> str:
    """The party of a contact that was logged. A word alone, from before the person was known, is the only one who ever
    had that role."""
    role, colon, _ = party.partition(":")
    if colon:
        return named(case, party, same)
    ever = {same.get(p.person, p.person) for p in case.parties if p.role == role}
    return f"{role}:{ever.pop()}" if len(ever) == 1 else party
