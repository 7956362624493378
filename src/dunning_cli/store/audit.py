"""Checking every journal, and every row that is derived from one."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from functools import cached_property, partial
from itertools import pairwise
from math import inf
from operator import eq
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, Row, Select, case, func, select, type_coerce
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import NULLTYPE

from ..domain import cases as domain_cases
from ..domain import debtors as domain_debtors
from ..domain.cases import Case
from ..domain.codec import kind_of
from ..domain.deadline_warnings import Outlook
from ..domain.debtors import Fact
from ..domain.entries import PaymentReceived, PaymentReversed
from ..domain.journal import Entry, Record, breaks
from ..domain.policies import Policy, plain_defaults, policy_of
from ..domain.views import AuditReport, Progress
from ..domain.worklist import BY_TABLE, Chances
from .cases import OfLaw, debt_row, opened, state_row
from .debtors import MERGED, Debtors, row_of
from .debtors import opened as opened_debtor
from .journals import Journals
from .recovery import Recovery
from .schema import bank_lines, case_refs, cases, counters, debtor_entries, debtor_refs, debtors, entries, policies
from .session import is_distributed

NOT_RANKED = -1
_HEX = re.compile("[0-9a-f]{16}")
_MANY: Final = 5000  # cases, and debtors, that are worth a second process
DaysDiffer = Callable[[Case, Sequence[Entry], Sequence[Fact], Policy, OfLaw], set[str]]


Span = tuple[int | None, int | None]  # from a number on, and up to, but not, another; None: from the first, to the last


class Share(NamedTuple):
    """The cases and the debtors that are checked together. Each share of a database can be checked by itself: a journal
    and its row change in one transaction, and say all that is compared."""

    cases: Span = (None, None)
    debtors: Span = (None, None)


class Audit:
    """The checks of what one transaction sees: every chain, every row beside its journal, and what is gone.

    Whatever a column holds, it is a finding and no error: SQLite keeps what it is given.
    """

    def __init__(self, conn: Connection) -> None:
        self.conn = conn

    def everything(
        self, heads: Mapping[int, str], days: DaysDiffer | None = None, progress: Progress | None = None
    ) -> AuditReport:
        """Check all of it.

        `heads` are digests by case number that were noted outside the database. `days` answers which columns about days
        of law its rules do not explain; without it only their form is looked at.
        """
        report = AuditReport()
        _file(report, self.conn)
        total = self.entries() if progress else 0
        try:
            _policies(report, self.conn)
            for _ in self.share(report, Share(), heads, days):
                if progress:
                    progress(report.entries, total)
            self._tables(report)
        except DBAPIError:
            if not report.broken:  # else it is known that the file is damaged, and how
                raise
        return report

    def shares(self, count: int) -> list[Share]:
        """The database in so many shares, or in one where it is small, or where numbers are none."""
        highest = [self.conn.scalar(select(func.max(column))) for column in (cases.c.case_id, debtors.c.debtor_id)]
        if count == 1 or not all(isinstance(number, int) and number >= _MANY for number in highest):
            return [Share()]
        for column in (entries.c.case_id, debtor_entries.c.debtor_id):
            if self.conn.execute(select(column).where(column.is_(None)).limit(1)).first():
                return [Share()]  # such a row lies between no two numbers
        return [Share(*spans) for spans in zip(*(_spans(number, count) for number in highest), strict=True)]

    def entries(self) -> int:
        """How many entries all journals have."""
        counts = [self.conn.scalar(select(func.count()).select_from(table)) for table in (entries, debtor_entries)]
        return sum(count or 0 for count in counts)

    def share(
        self, report: AuditReport, share: Share, heads: Mapping[int, str], days: DaysDiffer | None = None
    ) -> Iterator[None]:
        """Check the journals and the rows of a share, one at a time."""
        conn = self.conn
        noted = {number: head for number, head in heads.items() if _within(number, share.cases)}
        known = _policies(AuditReport(), conn)
        chances = Recovery(conn).versions()
        facts = _Facts(conn) if days else None
        for number, row, records in _paired(conn, Journals(conn, entries, "case"), cases, share.cases):
            report.cases += 1
            _chain(report, "case", number, row, records, noted.pop(number, None))
            if row is not None and records:
                told = _Told(number, records)
                _compare(report, "case", number, row, partial(_case_row, told, row, known, chances))
                _days(report, told, row, known, facts, days)
            yield
        for number in noted:
            report.broken.append({"case": number, "seq": None, "what": "the case whose head was noted is not there"})
        for number, row, records in _paired(conn, Journals(conn, debtor_entries, "debtor"), debtors, share.debtors):
            report.debtors += 1
            _chain(report, "debtor", number, row, records, None)
            if row is not None and records:
                _compare(report, "debtor", number, row, partial(_debtor_row, number, records))
            yield

    def rest(self) -> AuditReport:
        """Check what is no part of a share: the file, the policies, and what tables say of one another."""
        report = AuditReport()
        _file(report, self.conn)
        _policies(report, self.conn)
        self._tables(report)
        return report

    def _tables(self, report: AuditReport) -> None:
        _numbers(report, self.conn)
        _references(report, self.conn)
        _links(report, self.conn)


def _spans(highest: int, count: int) -> list[Span]:
    ends = [highest * number // count + 1 for number in range(1, count)]
    return list(pairwise([None, *ends, None]))


def _within(number: int, span: Span) -> bool:
    start, end = span
    return (start is None or start <= number) and (end is None or number < end)


def _broken(report: AuditReport, subject: str, number: Any, seq: Any, what: str) -> None:
    """Note what is broken; a number that is none can only be told of."""
    if not isinstance(number, int | None):
        number, what = None, f"{what} (under the number {number!r})"
    report.broken.append({subject: number, "seq": seq if isinstance(seq, int) else None, "what": what})


def _file(report: AuditReport, conn: Connection) -> None:
    """What SQLite itself finds wrong with its file: a damaged page, an index that leads elsewhere."""
    if conn.dialect.name == "sqlite":
        for said in conn.exec_driver_sql("PRAGMA integrity_check(20)").scalars():
            if said != "ok":
                _broken(report, "case", None, None, f"the database file is damaged: {' '.join(str(said).split())}")


def _policies(report: AuditReport, conn: Connection) -> dict[str, Policy]:
    """Every policy that rows may have been reviewed under, by its digest; each must be as it was loaded."""
    found = {policy.digest: policy for policy in (policy_of(plain_defaults(), 0),)}
    for row in conn.execute(select(policies.c.name, policies.c.version, policies.c.plain, policies.c.digest)):
        try:
            policy = policy_of(json.loads(row.plain), row.version)
        except Exception:  # noqa: BLE001 - whatever it holds, it is not what was loaded
            policy = None
        if policy is None or (policy.name, policy.digest) != (row.name, row.digest):
            _broken(report, "case", None, None, f"the policy {row.name}@{row.version} was changed")
        else:
            found[policy.digest] = policy
    return found


def _paired(
    conn: Connection, journals: Journals, table: Any, span: Span
) -> Iterator[tuple[int, Row[*tuple[Any, ...]] | None, list[Record]]]:
    """Rows and journals side by side by their number; either may be missing.

    Values come as the database keeps them, so that a day which is none is a difference like any other.
    """
    columns: list[Any] = [type_coerce(c, NULLTYPE).label(c.name) for c in table.c]
    number = table.c[journals.owner.name]
    by_number = select(*columns).where(*_in(number, span)).order_by(number)
    rows: Iterator[Any] = iter(conn.execute(by_number, execution_options={"yield_per": 1000}))
    chains = journals.all(*_in(journals.owner, span))
    row, chain = next(rows, None), next(chains, None)
    while row is not None or chain is not None:
        if row is not None and (chain is None or row[0] < _place(chain[0])):
            yield row[0], row, []
            row = next(rows, None)
        elif chain is not None and (row is None or _place(chain[0]) < row[0]):
            yield chain[0], None, chain[1]
            chain = next(chains, None)
        elif chain is not None and row is not None:
            yield row[0], row, chain[1]
            row, chain = next(rows, None), next(chains, None)


def _in(number: ColumnElement[int], span: Span) -> list[ColumnElement[bool]]:
    """The conditions for a span. The last has no end, so that what is no number, and sorted after all, is in it."""
    start, end = span
    return [*([number >= start] if start is not None else []), *([number < end] if end is not None else [])]


def _place(number: Any) -> float:
    """Where SQLite sorts a number, or what stands in its place: nothing comes first, texts and bytes come last."""
    return number if isinstance(number, int | float) else -inf if number is None else inf


def _chain(
    report: AuditReport,
    subject: str,
    number: int,
    row: Row[*tuple[Any, ...]] | None,
    records: list[Record],
    head: str | None,
) -> None:
    def broken(seq: int, what: str) -> None:
        _broken(report, subject, number, seq, what)

    report.entries += len(records)
    report.clock_set += sum(record.clock == "set" for record in records)
    try:
        for found in breaks(f"{subject} {number}", records, head):
            broken(found.seq, found.what)
    except Exception as error:  # noqa: BLE001 - a column of SQLite can hold anything
        broken(0, f"the journal cannot be read: {error}")
    last = records[-1] if records else None
    if row is None:
        broken(last.seq if last else 0, f"the {subject}'s row is missing")
    elif last is None:
        broken(0, "the journal is missing")
    elif (last.seq, last.digest) != (row.seq, row.head):
        broken(last.seq, "the journal does not end where the row says: entries were cut or added")


def _compare(
    report: AuditReport, subject: str, number: int, row: Row[*tuple[Any, ...]], derive: Callable[[], dict[str, Any]]
) -> None:
    try:
        derived = derive()
    except Exception as error:  # noqa: BLE001 - whatever a journal raises that this program did not write
        _broken(report, subject, number, row.seq, f"the journal cannot be read: {error}")
        return
    stored = row._mapping
    differing = sorted(name for name, value in derived.items() if _plain(stored[name]) != _plain(value))
    if differing:
        report.projection_differs.append({subject: number, "fields": differing})


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


class _Told:
    """The journal of a case, opened and folded once for all that is compared with it."""

    def __init__(self, number: int, records: list[Record]) -> None:
        self.number = number
        self.records = records

    @cached_property
    def entries(self) -> list[Entry]:
        return opened(self.records)

    @cached_property
    def case(self) -> Case:
        return domain_cases.fold(self.number, self.entries)


def _case_row(
    told: _Told,
    row: Row[*tuple[Any, ...]],
    known: dict[str, Policy],
    chances: dict[int, Chances],
) -> dict[str, Any]:
    case = told.case
    policy = known.get(row.reviewed_under)
    if policy is None:
        raise ValueError(f"the row names an unknown policy {row.reviewed_under}")
    found = debt_row(case) | state_row(case, row.head, policy, chances.get(row.worth_under, BY_TABLE))
    if row.worth_under == NOT_RANKED:  # by a migration; the next nightly run works it out
        del found["worth"], found["worth_under"]
    return found


class _Facts:
    """The facts of those debtors that have any, or that are one person with another record."""

    def __init__(self, conn: Connection) -> None:
        self.debtors = Debtors(conn)
        state = debtors.c.state
        query = select(debtors.c.debtor_id).where(state.contains('"facts"') | state.contains(MERGED))
        self.having = {number for number in conn.scalars(query) if isinstance(number, int)}

    def of(self, debtor_id: int) -> tuple[Fact, ...]:
        return tuple(self.debtors.person(debtor_id).facts) if debtor_id in self.having else ()


def _days(
    report: AuditReport,
    told: _Told,
    row: Row[*tuple[Any, ...]],
    known: dict[str, Policy],
    facts: _Facts | None,
    days: DaysDiffer | None,
) -> None:
    """Compare what a row holds of days of law with what follows from its journal under the rules it names."""
    under = row.law_under
    held = {"deadline_on": row.deadline_on, "warn_on": row.warn_on}
    differing: set[str] = set()
    if (under == "") is not (row.status == "closed") or not (under in (None, "", "-") or _HEX.fullmatch(str(under))):
        differing.add("law_under")
    if not under:
        differing |= {name for name, value in held.items() if value is not None}
    elif days and facts and not differing and row.reviewed_under in known:
        try:
            law = OfLaw(Outlook(*(_as_day(value) for value in held.values())), under)
            known_of = facts.of(told.case.debt.debtor_id)
            differing = days(told.case, told.entries, known_of, known[row.reviewed_under], law)
        except ValueError:
            differing = set(held)
        except Exception:  # noqa: BLE001 - what is wrong with the journal or the row was found already
            return
    if differing:
        report.projection_differs.append({"case": told.number, "fields": sorted(differing)})


def _as_day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) else value


def _debtor_row(number: int, records: list[Record]) -> dict[str, Any]:
    debtor = domain_debtors.fold(number, opened_debtor(records))
    return row_of(debtor, records[-1].digest)


_NUMBERED: Final = (
    ("case", "cases", cases.c.case_id),
    ("debtor", "debtors", debtors.c.debtor_id),
    ("case", "bank_lines", bank_lines.c.number),
)


def _numbers(report: AuditReport, conn: Connection) -> None:
    """Numbers are given out without gaps: a number below the counter that is not there was removed."""
    for subject, name, column in _NUMBERED:
        given = conn.scalar(select(counters.c.next).where(counters.c.name == name)) or 1
        there, highest = conn.execute(select(func.count(), func.max(column))).one()
        given = given - 1 if isinstance(given, int) else given
        if there != given or (highest or 0) != given:
            what = name.replace("_", " ")
            _broken(report, subject, None, None, f"{given} {what} were numbered, {there} are there")


def _references(report: AuditReport, conn: Connection) -> None:
    """Every reference leads to its case, and every case with a reference is found by it."""
    for left, right, what in ((cases, case_refs, "no entry in case_refs"), (case_refs, cases, "no such case")):
        these, those = (select(of.c.case_id, of.c.reference, of.c.creditor) for of in (left, right))
        for number, _, _ in _lacking(conn, these.where(left.c.reference.is_not(None)), those):
            number = number if isinstance(number, int) else None  # noqa: PLW2901 - what is no number names no case
            report.projection_differs.append({"case": number, "fields": ["reference"], "what": what})


def _links(report: AuditReport, conn: Connection) -> None:
    """What tables of their own say of cases and debtors is so."""
    booking = case((bank_lines.c.amount > 0, kind_of(PaymentReceived)), else_=kind_of(PaymentReversed))
    lines = select(bank_lines.c.case_id, bank_lines.c.seq, booking).where(bank_lines.c.seq.is_not(None))
    bookings = select(entries.c.case_id, entries.c.seq, entries.c.kind)
    bookings = bookings.where(entries.c.kind.in_((kind_of(PaymentReceived), kind_of(PaymentReversed))))
    for number, seq, _ in _lacking(conn, lines, bookings):
        _broken(report, "case", number, seq, "a bank line says that it was booked here, and it was not")
    for (number,) in _lacking(conn, select(debtor_refs.c.debtor_id), select(debtors.c.debtor_id)):
        _broken(report, "debtor", number, None, "a creditor's key leads to a debtor who is not there")


def _lacking(conn: Connection, these: Select[*tuple[Any, ...]], those: Select[*tuple[Any, ...]]) -> Iterable[Any]:
    """The rows of one query that another does not have."""
    if is_distributed(conn):  # tables that lie apart by different columns are not joined there
        return conn.execute(these.except_(those))
    mine, other = these.selected_columns, those.selected_columns
    return conn.execute(these.where(~those.where(*map(eq, mine, other)).exists()))
