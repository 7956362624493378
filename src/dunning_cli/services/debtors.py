"""Show and edit debtors."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from ..domain import debtors as debtor_of
from ..domain.codec import canonical
from ..domain.debtors import Details
from ..domain.merging import refuse_if_merged
from ..domain.views import CaseView, DebtorView, FactView, PartyIn
from ..errors import UsageError
from ..settings import named_zone
from .desk import Desk, Seen

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..domain.debtors import Debtor
    from ..store.cases import Filed
    from ..store.debtors import FiledDebtor
    from ..store.requests import Done
    from ..store.session import Tx


def show_debtor(desk: Desk, debtor_id: int) -> DebtorView:
    with desk.store.reading() as tx:
        return _view(desk, tx, tx.debtors.filed_person(debtor_id))


def edit_debtor(desk: Desk, debtor_id: int, details: Details, invalid: tuple[str, ...]) -> DebtorView:
    """Add details, change the name or language, mark details invalid.

    What is new is written to the record that was kept; what is wrong, where it stands.
    """
    desk.writing()
    if not (details.name or details.language or details.rows() or invalid):
        raise UsageError("Nothing to change.", hint="Give what is to be added, changed or marked invalid.")
    for zone in details.timezones:
        named_zone(zone)

    def work(tx: Tx) -> DebtorView:
        if done := desk.done(tx):
            return _again(desk, tx, done)
        filed = tx.debtors.load(debtor_id)
        refuse_if_merged(filed.debtor)
        before = tx.debtors.person(debtor_id)
        wrong: dict[int, list[str]] = {}
        for text in invalid:
            for detail in debtor_of.meant(before, text):
                wrong.setdefault(detail.whose or debtor_id, []).append(str(detail.seq))
        for record in [debtor_id, *wrong.keys() - {debtor_id}]:
            more = details if record == debtor_id else Details()
            there = filed if record == debtor_id else tx.debtors.load(record)
            tx.debtors.append(there, debtor_of.edit(there.debtor, desk.now, more, wrong.get(record, ())))
        filed = tx.debtors.filed_person(debtor_id)
        if desk.key:
            after = filed.debtor
            seen = [Seen(f.case.case_id, f.case.seq, f.reviewed_under) for f in tx.cases.of_debtor(after.numbers)]
            answer = canonical({"cases": seen, "records": after.records or [(debtor_id, after.seq)]})
            desk.note_done(tx, "debtor", debtor_id, before.seq, after.seq, answer)
        return _view(desk, tx, filed)

    return desk.write(work)


def _again(desk: Desk, tx: Tx, done: Done) -> DebtorView:
    """The answer to an edit that was done before, drawn from the journals as they stood then."""
    debtor_id = done.subject_id or 0
    records = tx.debtors.journals.read(debtor_id, done.after_seq)
    said = json.loads(done.answer or "{}")
    debtor = tx.debtors.then(said["records"])
    seen = [Seen(*each) for each in said["cases"]]
    cases = tuple(desk.view_then(tx, each, debtor, done) for each in seen)
    return DebtorView(debtor, records[-1].digest, cases, party_in=_party_in(tx, debtor))


def _view(desk: Desk, tx: Tx, filed: FiledDebtor) -> DebtorView:
    debtor = filed.debtor
    found = tx.cases.of_debtor(debtor.numbers)
    cases = tuple(CaseView(f.case, debtor, desk.now.today, f.head, f.next_action) for f in found)
    return DebtorView(debtor, filed.head, cases, _facts(desk, tx, debtor, found), _party_in(tx, debtor))


def _party_in(tx: Tx, person: Debtor) -> tuple[PartyIn, ...]:
    found = tx.cases.load_many({each.case for each in person.parties}) if person.parties else {}
    debts = {number: filed.case.debt for number, filed in found.items()}
    return tuple(PartyIn(each, debts[each.case].creditor, debts[each.case].reference) for each in person.parties)


def _facts(desk: Desk, tx: Tx, person: Debtor, cases: Sequence[Filed]) -> tuple[FactView, ...]:
    """The facts of a person, each under the rules of the first case that it concerns: one of their own, or one of which
    they are a party."""
    if not person.facts:
        return ()
    from .debtor_facts import fact_view, party_of

    beside = tx.cases.load_many({each.case for each in person.parties}) if person.parties else {}
    found = []
    for fact in person.facts:
        mine = next((each for each in cases if fact.concerns(each.case.case_id)), None)
        other = next((beside[number] for number in sorted(beside) if fact.concerns(number)), None)
        if mine:
            found.append(fact_view(desk, tx, person, fact, mine))
        elif other:
            contacted = party_of(tx, other.case, person.debtor_id)
            found.append(fact_view(desk, tx, person, fact, other, contacted))
    return tuple(found)
