"""Parties beside the debtor, and records that are one person."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from ..domain.debtors import DetailKind
from . import masks
from .changes import changed_object, changed_picture
from .pictures import Column, Line, Part, Picture, Stack, Table, bullets, line, said, span

if TYPE_CHECKING:
    from ..domain.debtors import Debtor
    from ..domain.views import PartyChanged, PartyIn, PartyView, PeopleChanged
    from ..i18n import Translator

Json = dict[str, Any]

_LISTS = {
    "phones": DetailKind.PHONE,
    "emails": DetailKind.EMAIL,
    "addresses": DetailKind.ADDRESS,
    "id_numbers": DetailKind.ID_NUMBER,
    "timezones": DetailKind.TIMEZONE,
}


def person_object(person: Debtor, reveal: bool) -> Json:
    """What is known of a person, as far as it can be used."""
    lists = {
        name: [masks.detail(kind, value, reveal=reveal) for value in person.valid(kind)]
        for name, kind in _LISTS.items()
    }
    return {"name": person.name, **lists, "language": person.language and str(person.language)}


def party_object(view: PartyView, reveal: bool) -> Json:
    """A party of a case, with their details and the facts recorded of them."""
    from .debtor_facts import fact_object  # noqa: PLC0415  most parties have none

    party = view.party
    return {
        "person": view.person.debtor_id,
        "role": party.role,
        "since": party.on.isoformat(),
        "ended": party.ended.isoformat() if party.ended else None,
        **person_object(view.person, reveal),
        "facts": [fact_object(each, reveal=reveal) for each in view.facts],
    }


def party_lines(view: PartyView, t: Translator, reveal: bool) -> list[Line]:
    """`guarantor 9: Li Na · +86 139****9000`, and their facts below."""
    from .debtor_facts import summary_lines  # noqa: PLC0415  most parties have none

    person = view.person
    reach = [
        masks.detail(kind, value, reveal=reveal)
        for kind in (DetailKind.PHONE, DetailKind.EMAIL, DetailKind.ADDRESS)
        for value in person.valid(kind)
    ]
    if view.party.ended:
        reach.append(t("until {day}", day=view.party.ended))
    head = line(
        f"{t.word(view.party.role)} {person.debtor_id}: ",
        span(person.name, "faint" if view.party.ended else "strong"),
        "".join(f" · {each}" for each in reach),
    )
    return [head, *(line("  ", each) for fact in view.facts for each in summary_lines(fact, t))]


def party_in_object(each: PartyIn) -> Json:
    """A case of which a person is a party."""
    return {
        "case": each.what.case,
        "reference": each.reference,
        "creditor": each.creditor,
        "role": each.what.role,
        "since": each.what.on.isoformat(),
        "ended": each.what.ended.isoformat() if each.what.ended else None,
    }


def party_in_table(found: Sequence[PartyIn], t: Translator) -> Table:
    """The cases of which a person is a party."""
    columns = (Column(t("Party of case"), right=True), Column(t("Reference")), Column(t("As")), Column(t("Until")))
    return Table(
        columns,
        tuple(
            (
                line(str(each.what.case)),
                line(each.reference or ""),
                line(t.word(each.what.role)),
                line(str(each.what.ended or "")),
            )
            for each in found
        ),
    )


def changed_party_object(done: PartyChanged, reveal: bool = False) -> Json:
    """The case after the change, and the person."""
    who = {"person": done.person.debtor_id, "role": done.entries[-1].what.role, **person_object(done.person, reveal)}
    return changed_object(done.after, done.entries) | {"party": who}


def changed_party_picture(done: PartyChanged, t: Translator) -> Picture:
    person = done.person
    named = t("{name} is person {number}.", name=person.name, number=person.debtor_id)
    return Stack((changed_picture(done.after, done.entries, t), said("  ", span(named, "faint"))))


def people_object(done: PeopleChanged) -> Json:
    return {
        "kept": done.kept,
        "gone": list(done.gone),
        "split": done.split,
        "cases": list(done.cases),
        "held": list(done.held),
        "released": list(done.released),
    }


def people_picture(done: PeopleChanged, t: Translator) -> Picture:
    """Who is one person now, or is not, and what followed for their cases."""
    gone = t(", ").join(map(str, done.gone))
    first = (
        t("Debtor {gone} is a person of its own again, apart from debtor {kept}.", gone=gone, kept=done.kept)
        if done.split
        else t("Debtor {gone} is now debtor {kept}.", gone=gone, kept=done.kept)
    )
    lines: list[Part] = [first]
    if done.cases and not done.split:
        lines.append(t("Together: case {cases}", cases=t(", ").join(map(str, done.cases))))
    if done.held:
        lines.append(t("Put on hold: case {cases}", cases=", ".join(map(str, done.held))))
    if done.released:
        lines.append(t("Released from hold: case {cases}", cases=", ".join(map(str, done.released))))
    return bullets(lines, "✓")
