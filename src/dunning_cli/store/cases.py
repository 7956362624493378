"""Cases: load one, find it by what a person types, append what was decided, list them, and the sweep's batches."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import cached_property
from itertools import islice
from typing import Any, NamedTuple, TypeAlias

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    func,
    null,
    or_,
    select,
    text,
    true,
    tuple_,
    update,
)
from sqlalchemy import case as when

from ..domain import state
from ..domain.cases import Case, Debt, Decision, Status
from ..domain.days import BUCKETS
from ..domain.deadline_warnings import Outlook
from ..domain.entries import (
    CASE_KINDS,
    CaseReopened,
    ClaimFactRecorded,
    ContactLogged,
    DebtType,
    PaymentReceived,
    PaymentReversed,
    PlanAccepted,
    Voided,
)
from ..domain.journal import GENESIS, Entry, Record, Salt, fresh_salt, open_record
from ..domain.money import Money
from ..domain.policies import Policy, Scope
from ..domain.review import NextAction, next_action
from ..domain.worklist import BY_TABLE, Chances, worth
from ..errors import AmbiguousReferenceError, CaseNotFoundError
from .bulk import insert_rows, pieces, update_versioned
from .debtors import Debtors, whose_name_begins
from .ids import HIGHEST, reserve
from .journals import CollisionError, Journals, seal_all
from .recovery import Recovery
from .schema import case_refs, cases, entries
from .unreadable import UNREADABLE, readable
from .workers import Reachable, Worker


class OfLaw(NamedTuple):
    """What a row holds of the days that the law gives, and under which rules that was worked out.

    `under` is None where it has to be worked out: then nothing is held. It is empty for a closed case, which has none.
    """

    outlook: Outlook
    under: str | None


_STALE = OfLaw(Outlook(None, None), None)
_CLOSED = OfLaw(Outlook(None, None), "")
# Entries after which the days of law have to be worked out again.
_MOVES_DAYS = (
    CaseReopened,
    ClaimFactRecorded,
    ContactLogged,
    PaymentReceived,
    PaymentReversed,
    PlanAccepted,
    Voided,
)


class Filed(NamedTuple):
    """A case as its row holds it: with the digest of its last entry, and what is next under which policy."""

    case: Case
    head: str
    next_action: NextAction | None
    reviewed_under: str
    law: OfLaw = _STALE


Beyond: TypeAlias = "tuple[Any, int] | int | None"  # the last case that was read


class Batch:
    """Cases for a review, and where the next batch begins. Their rows are read when they are asked for.

    `filed` are the cases, `unreadable` those whose row cannot be read, with the reason.
    """

    def __init__(self, rows: Sequence[Row[*tuple[Any, ...]]], beyond: Beyond) -> None:
        self._rows = rows
        self.beyond = beyond

    @property
    def size(self) -> int:
        return len(self._rows)

    @cached_property
    def _read(self) -> tuple[list[Filed], list[tuple[int, str]]]:
        filed, unreadable = [], []
        for row in self._rows:
            try:
                filed.append(_filed(row))
            except UNREADABLE as error:
                unreadable.append((row.case_id, _said(error)))
        return filed, unreadable

    @property
    def filed(self) -> list[Filed]:
        return self._read[0]

    @property
    def unreadable(self) -> list[tuple[int, str]]:
        return self._read[1]


class Written(NamedTuple):
    """What is to be written for cases: their rows, the records of each journal, and the cases as they are then."""

    rows: list[dict[str, Any]]
    records: dict[int, list[Record]]
    after: dict[int, Filed]


class NewCases(NamedTuple):
    """What is to be written for new cases: their rows, their references, and the records of their journals, each with
    the number of its case; and the cases as they are then."""

    rows: list[dict[str, Any]]
    references: list[dict[str, Any]]
    records: list[tuple[int, Record]]
    filed: list[Filed]


class Filter(Struct, frozen=True):
    """Which cases to list.

    `debtor` is how the debtor's name begins; `overdue_over` keeps those overdue for more than so many days. `or_nobody`
    keeps cases that nobody works beside those of the collector.
    """

    stage: str | None = None
    status: str | None = None
    collector: str | None = None
    debtor: str | None = None
    overdue_over: int | None = None
    creditor: str | None = None
    portfolio: str | None = None
    currency: str | None = None
    or_nobody: bool = False


FOUND_BY = ("stage", "status", "collector", "creditor", "portfolio", "currency")  # columns that have an index
_TOLD = ("contact_logged", "voided", "plan_accepted", "plan_broken", "plan_completed", "plan_reinstated")
_DEBT = ("debtor_id", "creditor", "reference", "portfolio", "principal", "currency", "due_on", "incurred_on")
_LOADED = [
    cases.c[name]
    for name in (
        "case_id",
        *_DEBT,
        "debt_type",
        "consumer",
        "jurisdiction",
        "head",
        "next_action_on",
        "next_action",
        "reviewed_under",
        "state",
        "deadline_on",
        "warn_on",
        "law_under",
    )
]


def _filed(row: Row[*tuple[Any, ...]]) -> Filed:
    (
        case_id,
        debtor_id,
        creditor,
        reference,
        portfolio,
        principal,
        currency,
        due,
        incurred,
        debt_type,
        consumer,
        jurisdiction,
        head,
        next_on,
        next_what,
        reviewed_under,
        text,
        deadline_on,
        warn_on,
        law_under,
        *_,
    ) = row  # in the order of _LOADED
    kind = DebtType(debt_type) if debt_type else None
    owed = Money(principal, currency)
    debt = Debt(debtor_id, creditor, reference, portfolio, owed, due, incurred, kind, consumer, jurisdiction)
    following = NextAction(next_on, next_what) if next_on else None
    law = OfLaw(Outlook(deadline_on, warn_on), law_under)
    return Filed(state.CASE.read(text, case_id, debt), head, following, reviewed_under, law)


def _law_after(before: Filed, decision: Decision) -> OfLaw:
    """What a row holds of the days of law after entries: the same, unless they have to be worked out again."""
    if decision.case.outcome:
        return _CLOSED
    moved = any(isinstance(entry.what, _MOVES_DAYS) for entry in decision.entries)
    if moved or before.law.under == "" or before.reviewed_under != decision.policy.digest:
        return _STALE
    return before.law


def _law_row(law: OfLaw) -> dict[str, Any]:
    return {"deadline_on": law.outlook.deadline_on, "warn_on": law.outlook.warn_on, "law_under": law.under}


def debt_row(case: Case) -> dict[str, Any]:
    """The columns that are written once, when a case is opened."""
    debt = case.debt
    return {
        "case_id": case.case_id,
        "debtor_id": debt.debtor_id,
        "creditor": debt.creditor,
        "reference": debt.reference,
        "portfolio": debt.portfolio,
        "principal": debt.principal.minor,
        "currency": debt.principal.currency,
        "due_on": debt.due,
        "incurred_on": debt.incurred,
        "debt_type": debt.debt_type.value if debt.debt_type else None,
        "consumer": debt.consumer,
        "jurisdiction": debt.jurisdiction,
    }


def state_row(case: Case, head: str, policy: Policy, chances: Chances = BY_TABLE) -> dict[str, Any]:
    """The columns that follow from the journal and change with it; `chances` are those that the worth goes by."""
    following = next_action(case, policy)
    return {
        "seq": case.seq,
        "head": head,
        "policy": case.policy,
        "collector": case.collector,
        "stage": case.stage.value,
        "status": case.status.value,
        "outcome": case.outcome.value if case.outcome else None,
        "closed_on": case.closed_on,
        "days_at_close": case.days_overdue(case.closed_on) if case.closed_on else None,
        "balance": case.owed(case.last_on).minor,
        "next_action_on": following.on if following else None,
        "next_action": following.what if following else None,
        "reviewed_under": policy.digest,
        "state": state.CASE.write(case),
        "rates": case.terms.statute.reads if case.terms and case.terms.statute and not case.outcome else None,
        "worth": _ranked(case, policy, chances),
        "worth_under": chances.version,
    }


def _ranked(case: Case, policy: Policy, chances: Chances) -> int | None:
    """What ranks an open case on the worklist; any other has no place there."""
    return worth(case, policy, case.last_on, chances).total if case.status is Status.OPEN else None


def _stale(policy: Policy, today: date) -> list[ColumnElement[bool]]:
    digest = cases.c.reviewed_under
    return [
        cases.c.policy == policy.name,
        or_(digest < policy.digest, digest > policy.digest),
        or_(cases.c.next_action_on.is_(None), cases.c.next_action_on > today),
        cases.c.status != "closed",
    ]


def _said(error: Exception) -> str:
    return f"the row cannot be read ({error}); see: dunning audit verify"


def _readable(row: Row[*tuple[Any, ...]]) -> Filed:
    with readable("case", row.case_id):
        return _filed(row)


def prepared(
    decided: Iterable[tuple[Filed, Decision]],
    chances: Chances,
    unreadable: list[tuple[int, str]] | None = None,
    laws: Mapping[int, OfLaw] | None = None,
    salt: Salt = fresh_salt,
) -> Written:
    """What is to be written for cases, worked out without a database; see `Cases.append_many`."""
    rows: list[dict[str, Any]] = []
    sealed: dict[int, list[Record]] = {}
    after: dict[int, Filed] = {}
    for before, decision in decided:
        case = decision.case
        number = case.case_id
        try:
            records, head = seal_all("case", number, decision.entries, before.head, salt)
            row = state_row(case, head, decision.policy, chances)
        except UNREADABLE as error:
            if unreadable is None:
                raise
            unreadable.append((number, _said(error)))
            continue
        sealed[number] = records
        law = laws[number] if laws and number in laws else _law_after(before, decision)
        row.update(_law_row(law), case_id=number, old_seq=before.case.seq)
        rows.append(row)
        after[number] = _after(case, head, row, law)
    return Written(rows, sealed, after)


def _after(case: Case, head: str, row: dict[str, Any], law: OfLaw) -> Filed:
    following = NextAction(row["next_action_on"], row["next_action"]) if row["next_action_on"] else None
    return Filed(case, head, following, row["reviewed_under"], law)


def prepared_new(
    opened: Iterable[Decision], chances: Chances, laws: Mapping[int, OfLaw] | None = None, salt: Salt = fresh_salt
) -> NewCases:
    """What is to be written for new cases; `laws` is what is known already of the days that the law gives them."""
    new = NewCases([], [], [], [])
    for decision in opened:
        case, debt = decision.case, decision.case.debt
        sealed, head = seal_all("case", case.case_id, decision.entries, GENESIS, salt)
        law = _CLOSED if case.outcome else (laws or {}).get(case.case_id, _STALE)
        row = debt_row(case) | state_row(case, head, decision.policy, chances) | _law_row(law)
        new.rows.append(row)
        new.records.extend((case.case_id, record) for record in sealed)
        if debt.reference:
            new.references.append({"reference": debt.reference, "creditor": debt.creditor, "case_id": case.case_id})
        new.filed.append(_after(case, head, row, law))
    return new


class Cases:
    def __init__(self, conn: Connection, salt: Salt = fresh_salt, lost: frozenset[Worker] = frozenset()) -> None:
        self.conn = conn
        self.journals = Journals(conn, entries, "case", salt)
        self.reachable = Reachable(conn, lost) if lost else None

    @cached_property
    def chances(self) -> Chances:
        """The chances of recovery that rows are written by."""
        return Recovery(self.conn).current()

    # --- one case -----------------------------------------------------------------------------------------------------

    def find(self, ref: str) -> int:
        """The number of the case that is meant: by its number, its reference, `ref:REFERENCE` or CREDITOR/REFERENCE."""
        if ref.isascii() and ref.isdigit():
            if len(ref) > 19 or int(ref) > HIGHEST:
                raise CaseNotFoundError("There is no case {case_id}.", case_id=ref)
            return int(ref)
        name = ref.removeprefix("ref:")
        found = self.by_references([name]).get(name, []) or self._by_both(ref)
        if not found:
            raise CaseNotFoundError("There is no case with the reference '{ref}'.", ref=ref.removeprefix("ref:"))
        if len(found) > 1:
            listed = [{"case": number, "creditor": creditor} for number, creditor in found]
            raise AmbiguousReferenceError(
                "{count} creditors have a case '{ref}': {creditors}.",
                details={"cases": listed},
                count=len(found),
                ref=ref,
                creditors=", ".join(f"{creditor} (case {number})" for number, creditor in found),
            )
        return int(found[0][0])

    def _by_both(self, ref: str) -> list[tuple[int, str]]:
        """The case that CREDITOR/REFERENCE means; either of the two may hold a slash itself."""
        parts = ref.split("/")
        pairs = {"/".join(parts[at:]): "/".join(parts[:at]) for at in range(1, len(parts))}
        found = self.by_references(pairs) if pairs else {}
        return [row for reference, rows in found.items() for row in rows if row[1] == pairs[reference]]

    def by_creditor(self, creditor: str, reference: str) -> int | None:
        """The case a creditor knows by this reference."""
        query = select(case_refs.c.case_id)
        return self.conn.scalar(query.where(case_refs.c.reference == reference, case_refs.c.creditor == creditor))

    def known(self, keys: Iterable[tuple[str, str]]) -> dict[tuple[str, str], int]:
        """The cases that creditors know by these keys, each a (reference, creditor)."""
        wanted = set(keys)
        found = self.by_references({reference for reference, _ in wanted})
        there = {(reference, creditor): n for reference, rows in found.items() for n, creditor in rows}
        return {key: number for key, number in there.items() if key in wanted}

    def load(self, case_id: int) -> Filed:
        row = self.conn.execute(select(*_LOADED).where(cases.c.case_id == case_id)).first()
        if row is None:
            raise CaseNotFoundError("There is no case {case_id}.", case_id=case_id)
        return _readable(row)

    def load_many(self, numbers: Collection[int]) -> dict[int, Filed]:
        """The cases that are there, by their number."""
        query = select(*_LOADED)
        return {
            row.case_id: _filed(row)
            for piece in pieces(numbers)
            for row in self.conn.execute(query.where(cases.c.case_id.in_(piece)))
        }

    def by_references(self, references: Collection[str]) -> dict[str, list[tuple[int, str]]]:
        """The cases with these references, each as (number, creditor)."""
        columns = (case_refs.c.reference, case_refs.c.case_id, case_refs.c.creditor)
        found: dict[str, list[tuple[int, str]]] = {}
        for piece in pieces(references):
            query = select(*columns).where(case_refs.c.reference.in_(piece)).order_by(case_refs.c.creditor)
            for reference, number, creditor in self.conn.execute(query):
                found.setdefault(reference, []).append((number, creditor))
        return found

    def records(self, case_id: int, upto: int | None = None) -> list[Record]:
        return self.journals.read(case_id, upto)

    def journal(self, case_id: int, upto: int | None = None) -> list[Entry]:
        """The entries of a case in order."""
        with readable("case", case_id):
            return opened(self.records(case_id, upto))

    def told(self, numbers: Collection[int]) -> dict[int, list[Entry]]:
        """The entries of cases that rules about contacts ask for: contacts, plans, and what was voided."""
        found: dict[int, list[Entry]] = {}
        for piece in pieces(numbers):
            for number, records in self.journals.read_many(piece, _TOLD).items():
                with readable("case", number):
                    found[number] = [open_record(record, CASE_KINDS) for record in records]
        return found

    def next_id(self, count: int = 1) -> int:
        """The first of `count` numbers that nobody else gets; with 0 none is taken."""
        return reserve(self.conn, "cases", count)

    def insert(self, decision: Decision, law: OfLaw | None = None) -> Filed:
        """Write a new case; `law` is what is known already of the days that the law gives it."""
        laws = {decision.case.case_id: law} if law else None
        (filed,) = self.insert_many(prepared_new([decision], self.chances, laws, self.journals.salt))
        return filed

    def insert_many(self, what: NewCases) -> list[Filed]:
        """Write the new cases that were prepared."""
        insert_rows(self.conn, cases, what.rows)
        insert_rows(self.conn, case_refs, what.references)
        self.journals.append(what.records)
        return what.filed

    def append(self, before: Filed, decision: Decision) -> Filed:
        """Write what was decided for a case, or raise CollisionError where another writer was first."""
        if not decision.entries:
            return before
        written = self.append_many([(before, decision)])
        if not written:
            raise CollisionError
        return written[0]

    def append_many(
        self,
        decided: Sequence[tuple[Filed, Decision]],
        unreadable: list[tuple[int, str]] | None = None,
        laws: Mapping[int, OfLaw] | None = None,
    ) -> list[Filed]:
        """Write what was decided for many cases; answers those that were written.

        A case that another writer has changed in between is left as that writer made it, and has to be decided again.
        A decision without entries renews only what the row says is next. A case whose row turns out not to be readable
        is noted in `unreadable` and left out, where that list is given. `laws` is what was worked out of the days that
        the law gives.
        """
        return self.write(prepared(decided, self.chances, unreadable, laws, self.journals.salt))

    def write(self, what: Written) -> list[Filed]:
        """Write what was prepared, all but the cases that another writer has changed since they were read."""
        if not what.rows:
            return []
        written = update_versioned(self.conn, cases, "case_id", what.rows)
        sealed = what.records
        self.journals.append((number, record) for number in sealed if number in written for record in sealed[number])
        return [filed for number, filed in what.after.items() if number in written]

    # --- the days that the law gives ----------------------------------------------------------------------------------

    def note_law(self, worked_out: Sequence[tuple[Filed, OfLaw]]) -> set[int]:
        """Write what was worked out of the days of law, where no entry follows; answers the cases that stood still."""
        rows = [
            {"case_id": filed.case.case_id, "old_seq": filed.case.seq, "head": filed.head, **_law_row(law)}
            for filed, law in worked_out
        ]
        return update_versioned(self.conn, cases, "case_id", rows) if rows else set()

    def forget_law(self, debtor_id: int) -> None:
        """Have the days of law of a debtor's open cases worked out again: a fact of the debtor has changed."""
        mine = (cases.c.debtor_id == debtor_id) & (cases.c.law_under > "")
        self.conn.execute(update(cases).where(mine).values(_law_row(_STALE)))

    def law_due(self, today: date, after: tuple[date, int] | None, limit: int) -> Batch:
        """The next cases for which something is to be done about the days of law, in the order of that day."""
        query = select(*_LOADED).where(cases.c.warn_on <= today)
        if after:
            query = query.where(tuple_(cases.c.warn_on, cases.c.case_id) > after)
        rows = self.conn.execute(query.order_by(cases.c.warn_on, cases.c.case_id).limit(limit)).all()
        return Batch(rows, (rows[-1].warn_on, rows[-1].case_id) if rows else after)

    def law_unknown(self, jurisdiction: str, after: int, limit: int) -> Batch:
        """The next open cases under some law whose days have to be worked out."""
        query = select(*_LOADED).where(cases.c.jurisdiction == jurisdiction, cases.c.law_under.is_(None))
        rows = self.conn.execute(query.where(cases.c.case_id > after).order_by(cases.c.case_id).limit(limit)).all()
        return Batch(rows, rows[-1].case_id if rows else after)

    def law_outdated(self, jurisdiction: str, low: str, high: str, after: tuple[str, int], limit: int) -> Batch:
        """The next open cases whose days were worked out under rules whose digest lies between two others."""
        query = select(*_LOADED).where(cases.c.jurisdiction == jurisdiction)
        query = query.where(cases.c.law_under > low, cases.c.law_under < high)
        query = query.where(tuple_(cases.c.law_under, cases.c.case_id) > after)
        rows = self.conn.execute(query.order_by(cases.c.law_under, cases.c.case_id).limit(limit)).all()
        return Batch(rows, (rows[-1].law_under, rows[-1].case_id) if rows else after)

    def jurisdictions(self) -> Iterator[str]:
        """Every jurisdiction that a case is under; each is one look into an index."""
        found = self.conn.scalar(select(func.min(cases.c.jurisdiction)))
        while found is not None:
            yield found
            found = self.conn.scalar(select(func.min(cases.c.jurisdiction)).where(cases.c.jurisdiction > found))

    def nearing(self, since: date, until: date | None, limit: int) -> list[Filed]:
        """The cases with the next days that pass, from a day on, the earliest first (`limit` 0: all)."""
        query = select(*_LOADED).where(cases.c.deadline_on >= since)
        if until:
            query = query.where(cases.c.deadline_on <= until)
        query = query.order_by(cases.c.deadline_on, cases.c.case_id)
        return [_readable(row) for row in self.conn.execute(query.limit(limit) if limit else query)]

    # --- the sweep ----------------------------------------------------------------------------------------------------

    def due(self, today: date, after: tuple[date, int] | None, limit: int) -> Batch:
        """The next cases whose day has come, in the order of their day and number, beyond `after`."""
        query = select(*_LOADED).where(cases.c.next_action_on <= today)
        if after:
            query = query.where(tuple_(cases.c.next_action_on, cases.c.case_id) > after)
        rows = self._next(query, limit, cases.c.next_action_on)
        return Batch(rows, (rows[-1].next_action_on, rows[-1].case_id) if rows else after)

    def stale(self, policy: Policy, today: date, after: int, limit: int) -> Batch:
        """The next cases not yet due whose next action was worked out under another version of their policy."""
        query = select(*_LOADED).where(*_stale(policy, today), cases.c.case_id > after)
        rows = self._next(query, limit)
        return Batch(rows, rows[-1].case_id if rows else after)

    def chosen(self, numbers: Collection[int]) -> Batch:
        """These cases, as they now stand."""
        return Batch(self._next(select(*_LOADED).where(cases.c.case_id.in_(numbers)), len(numbers)), None)

    def rate_tables(self) -> list[tuple[str, int, int]]:
        """What the open cases under statutory rates read (see Statute.reads), each with a case and their count."""
        query = select(cases.c.rates, func.min(cases.c.case_id), func.count())
        query = query.where(cases.c.rates.is_not(None)).group_by(cases.c.rates).order_by(cases.c.rates)
        if self.reachable:
            return self._rate_tables(self.reachable, query)
        return [(reads, case_id, count) for reads, case_id, count in self.conn.execute(query)]

    @staticmethod
    def _rate_tables(reachable: Reachable, query: Select[*tuple[Any, ...]]) -> list[tuple[str, int, int]]:
        found: dict[str, tuple[int, int]] = {}
        for row in reachable.rows(query):
            reads, number, count = row.values()
            least, many = found.get(reads, (number, 0))
            found[reads] = (min(least, number), many + count)
        return [(reads, number, count) for reads, (number, count) in sorted(found.items())]

    def reading_rates(self, reads: str, after: int, limit: int) -> Batch:
        """The next cases that read a rate table as it was."""
        query = select(*_LOADED).where(cases.c.rates == reads, cases.c.case_id > after)
        rows = self._next(query, limit)
        return Batch(rows, rows[-1].case_id if rows else after)

    def count_due(self, today: date) -> int:
        """How many cases' day has come."""
        return self._count(cases.c.next_action_on <= today)

    def count_stale(self, policy: Policy, today: date) -> int:
        return self._count(*_stale(policy, today))

    def _count(self, *conditions: Any) -> int:
        query = select(func.count().label("count")).select_from(cases).where(*conditions)
        if self.reachable:
            return sum(row["count"] for row in self.reachable.rows(query))
        return int(self.conn.scalar(query) or 0)

    def _next(
        self, query: Select[*tuple[Any, ...]], limit: int, *order: ColumnElement[Any]
    ) -> Sequence[Row[*tuple[Any, ...]]]:
        """The first rows of a query in an order, and in the order of their number; where a worker is lost, of those
        that lie on the others."""
        order = (*order, cases.c.case_id)
        if self.reachable:
            query = query.where(cases.c.case_id.in_(self.reachable.first(query, order, limit)))
        return self.conn.execute(query.order_by(*order).limit(limit)).all()

    # --- the worklist -------------------------------------------------------------------------------------------------

    def ranked(self, wanted: Filter, today: date, after: tuple[int, int] | None, limit: int) -> list[tuple[int, Filed]]:
        """The next open cases by their worth, the greatest first, beyond `after`: a worth and a number."""
        query = self._to_work(wanted, today, cases.c.worth)
        if after:
            query = query.where(tuple_(cases.c.worth, cases.c.case_id) < after)
        query = query.order_by(cases.c.worth.desc(), cases.c.case_id.desc()).limit(limit)
        rows = [row for whose in _whose(wanted) for row in self.conn.execute(query.where(whose))]
        found = [(row.worth, _readable(row)) for row in rows]
        return sorted(found, key=lambda one: (one[0], one[1].case.case_id), reverse=True)[:limit]

    def promised(self, wanted: Filter, today: date, until: date, limit: int) -> list[Filed]:
        """Open cases with an installment that counts as missed unless it is paid by a day, the next first."""
        query = self._to_work(wanted, today)
        query = query.where(cases.c.next_action_on >= today, cases.c.next_action_on <= until)
        query = query.where(cases.c.next_action == "installment_overdue", or_(*_whose(wanted)))
        return self._first(query.order_by(cases.c.next_action_on, cases.c.case_id), limit)

    def lapsing(self, wanted: Filter, today: date, until: date, limit: int) -> list[Filed]:
        """Open cases for which a day of law passes by a day, the next first."""
        query = self._to_work(wanted, today)
        query = query.where(cases.c.deadline_on >= today, cases.c.deadline_on <= until)
        query = query.where(or_(*_whose(wanted)))
        return self._first(query.order_by(cases.c.deadline_on, cases.c.case_id), limit)

    def _to_work(self, wanted: Filter, today: date, *more: ColumnElement[Any]) -> Select[*tuple[Any, ...]]:
        """The open cases among those that are wanted, whoever works them."""
        wanted = replace(wanted, collector=None)
        return self._filtered(select(*_LOADED, *more), wanted, today, self._held_by_many(wanted)).where(_OPEN)

    def _first(self, query: Select[*tuple[Any, ...]], limit: int) -> list[Filed]:
        return [_readable(row) for row in self.conn.execute(query.limit(limit))]

    def unranked(self, version: int, after: tuple[int, int], limit: int) -> Batch:
        """The next cases whose worth was worked out by older chances than these."""
        query = select(*_LOADED, cases.c.worth_under).where(cases.c.worth_under < version, _NOT_CLOSED)
        query = query.where(tuple_(cases.c.worth_under, cases.c.case_id) > after)
        rows = self._next(query, limit, cases.c.worth_under)
        return Batch(rows, (rows[-1].worth_under, rows[-1].case_id) if rows else after)

    def count_unranked(self, version: int) -> int:
        return self._count(cases.c.worth_under < version, _NOT_CLOSED)

    def note_worth(self, ranked: Sequence[tuple[Filed, Policy]]) -> set[int]:
        """Write what cases are worth by the newest chances, where no entry follows; answers those that stood still."""
        rows = [
            {
                "case_id": filed.case.case_id,
                "old_seq": filed.case.seq,
                "head": filed.head,
                "worth": _ranked(filed.case, policy, self.chances),
                "worth_under": self.chances.version,
            }
            for filed, policy in ranked
        ]
        return update_versioned(self.conn, cases, "case_id", rows) if rows else set()

    def closed(self) -> Iterator[tuple[Case, date]]:
        """Every closed case, with the day on which it was opened."""
        first = (entries.c.case_id == cases.c.case_id) & (entries.c.seq == 1)
        query = select(*_LOADED, entries.c.effective_on).join(entries, first).where(cases.c.status == "closed")
        after = 0
        while rows := self.conn.execute(
            query.where(cases.c.case_id > after).order_by(cases.c.case_id).limit(_READ_AT_ONCE)
        ).all():
            for row in rows:
                yield _readable(row).case, date.fromisoformat(row.effective_on)
            after = rows[-1].case_id

    def open_in(self, scope: Scope, subjects: Collection[Any], after: int, limit: int) -> Batch:
        """The next open cases of a creditor, a portfolio or a debtor's numbers."""
        column = {Scope.CREDITOR: cases.c.creditor, Scope.PORTFOLIO: cases.c.portfolio}.get(scope, cases.c.debtor_id)
        query = select(*_LOADED).where(column.in_(subjects), cases.c.status != "closed", cases.c.case_id > after)
        rows = self.conn.execute(query.order_by(cases.c.case_id).limit(limit)).all()
        return Batch(rows, rows[-1].case_id if rows else after)

    def following(self, policy: str, after: tuple[str, int], limit: int) -> Batch:
        """The next open cases that follow a policy, whichever version they were reviewed under."""
        query = select(*_LOADED).where(cases.c.policy == policy, cases.c.status != "closed")
        query = query.where(tuple_(cases.c.reviewed_under, cases.c.case_id) > after)
        rows = self.conn.execute(query.order_by(cases.c.reviewed_under, cases.c.case_id).limit(limit)).all()
        return Batch(rows, (rows[-1].reviewed_under, rows[-1].case_id) if rows else after)

    def count_following(self, policy: str) -> int:
        """How many open cases follow a policy."""
        query = select(func.count()).select_from(cases)
        return int(self.conn.scalar(query.where(cases.c.policy == policy, cases.c.status != "closed")) or 0)

    # --- lists --------------------------------------------------------------------------------------------------------

    def of_debtor(self, numbers: Collection[int]) -> list[Filed]:
        """All cases of a person who has these numbers."""
        query = select(*_LOADED).where(cases.c.debtor_id.in_(numbers)).order_by(cases.c.case_id)
        return [_readable(row) for row in self.conn.execute(query)]

    def of_debtors(self, debtors: Collection[int]) -> dict[int, list[Case]]:
        """All cases with these debtors, by the number that they were opened with."""
        found: dict[int, list[Case]] = {}
        for piece in pieces(debtors):
            query = select(*_LOADED).where(cases.c.debtor_id.in_(piece)).order_by(cases.c.case_id)
            for row in self.conn.execute(query):
                found.setdefault(row.debtor_id, []).append(_readable(row).case)
        return found

    def open_of_debtors(self, debtors: Collection[int], at_most: int) -> dict[int, list[int]]:
        """The numbers of debtors' cases that are not closed, by the debtor with whom each was opened; of a debtor the
        first `at_most`."""
        found: dict[int, list[int]] = {}
        for piece in pieces(debtors, 1000):
            rank = func.row_number().over(partition_by=cases.c.debtor_id, order_by=cases.c.case_id).label("rank")
            mine = cases.c.debtor_id.in_(piece) & cases.c.closed_on.is_(None)
            ranked = select(cases.c.debtor_id, cases.c.case_id, rank).where(mine).subquery()
            for debtor, number in self.conn.execute(
                select(ranked.c.debtor_id, ranked.c.case_id).where(ranked.c.rank <= at_most)
            ):
                found.setdefault(debtor, []).append(number)
        return found

    def of_balance(self, balance: Money, at_most: int) -> list[int]:
        """Cases that are not closed and owed so much when something last happened on them.

        Only the first few hundred rows of the index are looked at: where so many owe the same, it says nothing.
        """
        columns = (cases.c.case_id, cases.c.currency, cases.c.closed_on)
        near = select(*columns).where(cases.c.balance == balance.minor).limit(300).subquery()
        fits = (near.c.currency == balance.currency) & near.c.closed_on.is_(None)
        return list(self.conn.scalars(select(near.c.case_id).where(fits).order_by(near.c.case_id).limit(at_most)))

    def page(self, wanted: Filter, sort: str, today: date, limit: int) -> list[Filed]:
        """The first `limit` cases (0: all) in the order of `sort`, one of SORTS; each part is one indexed query."""
        # A collector's cases have the order of their next action by their own index.
        asked = replace(wanted, collector=None) if sort == "next_action" else wanted
        walked = self._held_by_many(asked) if limit else ()
        query = self._filtered(select(*_LOADED), wanted, today, walked)
        orders = SORTS[sort]
        if sort == "overdue" and self._finds_few(wanted, walked):
            orders = _by_overdue(cases.c.status.concat(""))  # else SQLite walks through all by the index of that order
        parts: list[list[Filed]] = []
        left = limit
        for statuses, condition, order in orders:
            if wanted.status and wanted.status not in statuses:
                continue
            part = query.where(condition).order_by(*order, cases.c.case_id)
            found = [_readable(row) for row in self.conn.execute(part.limit(left) if limit else part)]
            parts.append(found)
            if limit and sort != "overdue" and (left := left - len(found)) <= 0:
                break
        if sort == "overdue":  # open cases age, closed ones stand still: several orders, merged
            merged = heapq.merge(*parts, key=lambda filed: (-filed.case.days_overdue(today), filed.case.case_id))
            return list(islice(merged, limit or None))
        return [filed for part in parts for filed in part]

    def _held_by_many(self, wanted: Filter) -> list[str]:
        """The filters by which SQLite would find so many cases that sorting them costs more than walking through all
        in the order that is asked for until there are enough. It keeps no statistics that would say so; a server does.
        """
        if self.conn.dialect.name != "sqlite":
            return []
        return [
            name
            for name in FOUND_BY
            if (value := getattr(wanted, name)) is not None
            and self.conn.scalar(select(cases.c[name]).where(cases.c[name] == value).offset(_MANY).limit(1))
        ]

    def _finds_few(self, wanted: Filter, walked: Collection[str]) -> bool:
        """Whether SQLite can find the cases by what only few have, their status apart."""
        sought = {*FOUND_BY, "debtor"} - {"status", *walked}
        return self.conn.dialect.name == "sqlite" and any(getattr(wanted, name) is not None for name in sought)

    def _filtered(
        self, query: Select[*tuple[Any, ...]], wanted: Filter, today: date, unsought: Collection[str] = ()
    ) -> Select[*tuple[Any, ...]]:
        """The query for those cases alone; `unsought` are the columns by whose index they are not to be found."""
        for name in FOUND_BY:
            if (value := getattr(wanted, name)) is not None:
                query = query.where((cases.c[name].concat("") if name in unsought else cases.c[name]) == value)
        if wanted.debtor is not None:
            named = cases.c.debtor_id.in_(whose_name_begins(wanted.debtor))
            too = Debtors(self.conn).named_too(wanted.debtor)
            query = query.where(named | cases.c.debtor_id.in_(too) if too else named)
        if (days := wanted.overdue_over) is not None:
            still_open = cases.c.days_at_close.is_(None) & (cases.c.due_on < today - timedelta(days=days))
            query = query.where(still_open | (cases.c.days_at_close > days))
        return query

    def aged(self, column: str | None, today: date) -> list[tuple[str | None, str, str, int, int]]:
        """What is owed on open cases as their rows hold it, in one query: by the value of a column (None: by nothing),
        the currency, and the bucket on a day, each with how many cases and their sum in minor units."""
        age = when(
            *(
                (cases.c.due_on >= today - timedelta(days=30 * number), name)
                for number, name in enumerate(BUCKETS[:-1])
            ),
            else_=BUCKETS[-1],
        )
        # A subquery, so that a server groups by the very expression that is read: two parameters are never the same.
        rows = select((cases.c[column] if column else null()).label("part"), cases.c.currency, cases.c.balance)
        inner = rows.add_columns(age.label("age")).where(cases.c.status != "closed").subquery()
        keys = (inner.c.part, inner.c.currency, inner.c.age)
        query = select(*keys, func.count(), func.sum(inner.c.balance)).group_by(*keys)
        return [(*key, count, int(owed)) for *key, count, owed in self.conn.execute(query)]

    def heads(self, case_id: int | None = None) -> list[tuple[int, int, str]]:
        """The number, length and head digest of each case, or of one."""
        query = select(cases.c.case_id, cases.c.seq, cases.c.head).order_by(cases.c.case_id)
        if case_id is not None:
            query = query.where(cases.c.case_id == case_id)
        found = [(number, seq, head) for number, seq, head in self.conn.execute(query)]
        if case_id is not None and not found:
            raise CaseNotFoundError("There is no case {case_id}.", case_id=case_id)
        return found

    def everything(self) -> Iterator[tuple[int, list[Record]]]:
        """The journals of all cases, in the order of their number."""
        return self.journals.all()


_READ_AT_ONCE = 1000
# Only open cases have a worth: the indexes over them alone are found by that, and not by the status, for which there is
# another index in another order.
_OPEN = cases.c.worth.is_not(None)
# Literal, for an index over such cases alone: with a parameter, a database cannot know that it will do.
_NOT_CLOSED = text("status <> 'closed'")


def _whose(wanted: Filter) -> list[ColumnElement[bool]]:
    """The conditions about the collector, of which one holds; each to be asked alone where an index gives the order."""
    if wanted.collector is None:
        return [true()]
    mine = cases.c.collector == wanted.collector
    return [mine, cases.c.collector.is_(None)] if wanted.or_nobody else [mine]


_ANY = tuple(status.value for status in Status)
_MANY = 2000  # cases of one stage, one collector, …: to sort them all takes longer than to look for a page of them

Part = tuple[Collection[str], ColumnElement[bool], list[ColumnElement[Any]]]


def _by_overdue(status: ColumnElement[str]) -> list[Part]:
    return [
        (("open",), status == "open", [cases.c.due_on]),
        (("on_hold",), status == "on_hold", [cases.c.due_on]),
        (("closed",), cases.c.days_at_close.is_not(None), [cases.c.days_at_close.desc()]),
    ]


# Each order as parts that an index gives: in which statuses their cases may be, which cases they are, their order.
SORTS: dict[str, list[Part]] = {
    "next_action": [
        (("open", "on_hold"), cases.c.next_action_on.is_not(None), [cases.c.next_action_on]),
        (_ANY, cases.c.next_action_on.is_(None), []),
    ],
    "overdue": _by_overdue(cases.c.status),
    "balance": [(_ANY, true(), [cases.c.balance.desc()])],
    "reference": [
        (_ANY, cases.c.reference.is_not(None), [cases.c.reference]),
        (_ANY, cases.c.reference.is_(None), []),
    ],
}


def opened(records: Iterable[Record]) -> list[Entry]:
    """The entries in the records of one case."""
    found: list[Entry] = []
    currency: str | None = None
    for record in records:
        entry = open_record(record, CASE_KINDS, currency)
        currency = currency or entry.what.principal.currency
        found.append(entry)
    return found
