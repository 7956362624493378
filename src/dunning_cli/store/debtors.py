"""Debtors: their journals, and the row that says how they now are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, Select, func, select, update

from ..domain import state
from ..domain.debtors import DEBTOR_KINDS, Change, Debtor, fold, joined, search_key
from ..domain.journal import GENESIS, Entry, Record, Salt, fresh_salt, open_record
from ..errors import DebtorNotFoundError
from .bulk import insert_rows, pieces
from .ids import HIGHEST, reserve
from .journals import CollisionError, Journals, seal_all
from .schema import debtor_entries, debtor_refs, debtors
from .unreadable import readable


class FiledDebtor(NamedTuple):
    """A debtor with the digest of their last entry."""

    debtor: Debtor
    head: str


class NewDebtors(NamedTuple):
    """What is to be written for new debtors: their rows, and the records of their journals, each with the number of its
    debtor; and the debtors as they are then."""

    rows: list[dict[str, Any]]
    records: list[tuple[int, Record]]
    filed: list[FiledDebtor]


def prepared_new(changes: Iterable[Change], salt: Salt = fresh_salt) -> NewDebtors:
    """What is to be written for new debtors, worked out without a database."""
    new = NewDebtors([], [], [])
    for change in changes:
        debtor_id = change.debtor.debtor_id
        sealed, head = seal_all("debtor", debtor_id, change.entries, GENESIS, salt)
        new.rows.append({"debtor_id": debtor_id, **row_of(change.debtor, head)})
        new.records.extend((debtor_id, record) for record in sealed)
        new.filed.append(FiledDebtor(change.debtor, head))
    return new


class Debtors:
    def __init__(self, conn: Connection, salt: Salt = fresh_salt) -> None:
        self.conn = conn
        self.journals = Journals(conn, debtor_entries, "debtor", salt)

    def next_id(self, count: int = 1) -> int:
        """The first of `count` numbers that nobody else gets; with 0 none is taken."""
        return reserve(self.conn, "debtors", count)

    def load(self, debtor_id: int) -> FiledDebtor:
        found = self.load_many([debtor_id])
        if debtor_id not in found:
            raise DebtorNotFoundError("There is no debtor {debtor_id}.", debtor_id=debtor_id)
        return found[debtor_id]

    def load_many(self, ids: Iterable[int]) -> dict[int, FiledDebtor]:
        query = select(debtors.c.debtor_id, debtors.c.head, debtors.c.state)
        return {
            row.debtor_id: _filed(row)
            for piece in pieces({number for number in ids if number <= HIGHEST})
            for row in self.conn.execute(query.where(debtors.c.debtor_id.in_(piece)))
        }

    # --- records that are one person ----------------------------------------------------------------------------------

    def person(self, debtor_id: int) -> Debtor:
        """The person whose record this is: the record that was kept, joined with those that were merged into it."""
        found = self.people([debtor_id])
        if debtor_id not in found:
            raise DebtorNotFoundError("There is no debtor {debtor_id}.", debtor_id=debtor_id)
        return found[debtor_id]

    def filed_person(self, debtor_id: int) -> FiledDebtor:
        """The person whose record this is, with the digest of the last entry of the record that was kept."""
        filed = self.load(debtor_id)
        if not (filed.debtor.merged_into or filed.debtor.merged):
            return filed
        person = self.person(debtor_id)
        return FiledDebtor(person, self.load(person.debtor_id).head)

    def people(self, ids: Iterable[int]) -> dict[int, Debtor]:
        """The persons of these records, by the number that was asked for."""
        known = self.load_many(ids)
        asked = list(known)
        if not any(filed.debtor.merged_into or filed.debtor.merged for filed in known.values()):
            return {number: filed.debtor for number, filed in known.items()}
        while above := {n for filed in known.values() if (n := filed.debtor.merged_into) and n not in known}:
            known |= self.load_many(above)
        kept = {number: _top(known, number) for number in asked}
        known |= self.load_many({n for number in kept.values() for n in known[number].debtor.merged if n not in known})
        made = {n: joined([known[each].debtor for each in known[n].debtor.numbers]) for n in set(kept.values())}
        return {number: made[kept[number]] for number in asked}

    def kept(self, ids: Iterable[int]) -> dict[int, int]:
        """For each of these records the one that was kept: itself, where it was not merged."""
        return {number: numbers[0] for number, numbers in self.numbers(ids).items()}

    def numbers(self, ids: Iterable[int]) -> dict[int, tuple[int, ...]]:
        """For each of these records all records of the same person, the kept one first."""
        ids = set(ids)
        found: dict[int, tuple[int, ...]] = {number: (number,) for number in ids}
        query = select(debtors.c.debtor_id).where(debtors.c.state.contains(MERGED))
        touched = [
            number
            for piece in pieces(number for number in ids if number <= HIGHEST)
            for number in self.conn.scalars(query.where(debtors.c.debtor_id.in_(piece)))
        ]
        return found | ({n: person.numbers for n, person in self.people(touched).items()} if touched else {})

    def then(self, records: Iterable[tuple[int, int]]) -> Debtor:
        """The person of some records, each as it stood after its entry."""
        return joined([fold(number, self.journal(number, seq)) for number, seq in records])

    def refs_of(self, numbers: Collection[int]) -> dict[tuple[str, str], int]:
        """The keys by which creditors know debtors, each a (key, creditor)."""
        table = debtor_refs.c
        return {
            (ref, creditor): number
            for piece in pieces(numbers)
            for ref, creditor, number in self.conn.execute(
                select(table.debtor_ref, table.creditor, table.debtor_id).where(table.debtor_id.in_(piece))
            )
        }

    def named_too(self, beginning: str) -> list[int]:
        """All records of the persons of whose several records one has a name that begins so."""
        query = whose_name_begins(beginning).where(debtors.c.state.contains(MERGED))
        people = self.people(self.conn.scalars(query)).values()
        return sorted({number for person in people for number in person.numbers})

    def having_facts(self, ids: Iterable[int]) -> set[int]:
        """Those debtors of whom a fact was ever recorded."""
        query = select(debtors.c.debtor_id).where(debtors.c.state.contains('"facts"'))
        pick = debtors.c.debtor_id.in_
        return {number for piece in pieces(set(ids)) for number in self.conn.scalars(query.where(pick(piece)))}

    def seqs(self, ids: Iterable[int]) -> dict[int, int]:
        """How many entries the journals of debtors have now."""
        query = select(debtors.c.debtor_id, debtors.c.seq)
        return {
            number: seq
            for piece in pieces(set(ids))
            for number, seq in self.conn.execute(query.where(debtors.c.debtor_id.in_(piece)))
        }

    # --- the creditors' own keys --------------------------------------------------------------------------------------

    def by_ref(self, debtor_ref: str, creditor: str) -> int | None:
        """The debtor whom a creditor knows by this key."""
        return self.by_refs([(debtor_ref, creditor)]).get((debtor_ref, creditor))

    def by_refs(self, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
        """The debtors whom creditors know by these keys, each a (key, creditor)."""
        wanted = set(keys)
        columns = (debtor_refs.c.debtor_ref, debtor_refs.c.creditor, debtor_refs.c.debtor_id)
        query = select(*columns).where(debtor_refs.c.debtor_ref.in_({ref for ref, _ in wanted}))
        rows = {(ref, creditor): number for ref, creditor, number in self.conn.execute(query)}
        found = {key: number for key, number in rows.items() if key in wanted}
        kept = self.kept(found.values())
        return {key: kept[number] for key, number in found.items()}

    def add_refs(self, known: Mapping[tuple[str, str], int]) -> None:
        """Note under which (key, creditor) debtors are known."""
        rows = [{"debtor_ref": ref, "creditor": creditor, "debtor_id": n} for (ref, creditor), n in known.items()]
        insert_rows(self.conn, debtor_refs, rows)

    def journal(self, debtor_id: int, upto: int | None = None) -> list[Entry]:
        with readable("debtor", debtor_id):
            return opened(self.journals.read(debtor_id, upto))

    def insert(self, change: Change) -> FiledDebtor:
        """Write a new debtor."""
        (filed,) = self.insert_many(prepared_new([change], self.journals.salt))
        return filed

    def insert_many(self, what: NewDebtors) -> list[FiledDebtor]:
        """Write the new debtors that were prepared."""
        insert_rows(self.conn, debtors, what.rows)
        self.journals.append(what.records)
        return what.filed

    def append(self, before: FiledDebtor, change: Change) -> FiledDebtor:
        """Write what was decided for a debtor, or raise CollisionError where another writer was first."""
        debtor_id = before.debtor.debtor_id
        if not change.entries:
            return before
        records, head = seal_all("debtor", debtor_id, change.entries, before.head, self.journals.salt)
        mine = (debtors.c.debtor_id == debtor_id) & (debtors.c.seq == before.debtor.seq)
        if self.conn.execute(update(debtors).where(mine).values(**row_of(change.debtor, head))).rowcount != 1:
            raise CollisionError
        self.journals.append((debtor_id, record) for record in records)
        return FiledDebtor(change.debtor, head)

    def named(self, beginning: str) -> list[int]:
        """The debtors of whom a record has a name that begins so; case and width are folded."""
        return [*self.conn.scalars(whose_name_begins(beginning)), *self.named_too(beginning)]

    def by_names(self, keys: Collection[str], at_most: int) -> dict[str, list[int]]:
        """The debtors of exactly these names, as they are searched; of each name the first `at_most`."""
        found: dict[str, list[int]] = {}
        for piece in pieces(keys, 1000):
            rank = func.row_number().over(partition_by=debtors.c.name_key, order_by=debtors.c.debtor_id).label("rank")
            named = (
                select(debtors.c.name_key, debtors.c.debtor_id, rank).where(debtors.c.name_key.in_(piece)).subquery()
            )
            query = select(named.c.name_key, named.c.debtor_id).where(named.c.rank <= at_most)
            for key, number in self.conn.execute(query):
                found.setdefault(key, []).append(number)
        return found


MERGED = '"merged'  # both fields of the state that say so begin with it; a name cannot, its quotes are escaped
# (`contains` only narrows down: what is found is read, and says for itself whether it was merged)


def _top(known: Mapping[int, FiledDebtor], number: int) -> int:
    """The record that is kept of the person of a record."""
    while into := known[number].debtor.merged_into:
        number = into
    return number


def whose_name_begins(beginning: str) -> Select[int]:
    """The query for their numbers."""
    key = search_key(beginning)
    return select(debtors.c.debtor_id).where(debtors.c.name_key >= key, debtors.c.name_key < key + "\U0010ffff")


def opened(records: Iterable[Record]) -> list[Entry]:
    """The entries in the records of one debtor."""
    return [open_record(record, DEBTOR_KINDS) for record in records]


def _filed(row: Row[*tuple[Any, ...]]) -> FiledDebtor:
    with readable("debtor", row.debtor_id):
        return FiledDebtor(state.DEBTOR.read(row.state, row.debtor_id), row.head)


def row_of(debtor: Debtor, head: str) -> dict[str, object]:
    """The projection of a debtor."""
    return {
        "seq": debtor.seq,
        "head": head,
        "name_key": search_key(debtor.name),
        "state": state.DEBTOR.write(debtor),
    }
