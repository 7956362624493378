"""Checking every journal, and every row that is derived from one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from typing import Any

from sqlalchemy import Connection, Date, Row, String, func, select, type_coerce

from ..domain import cases as domain_cases
from ..domain import debtors as domain_debtors
from ..domain.debtors import DEBTOR_KINDS
from ..domain.journal import Record, breaks, open_record
from ..domain.policies import Policy
from ..domain.views import AuditReport
from ..errors import DunningError
from .cases import debt_row, opened, state_row
from .debtors import row_of
from .journals import Journals
from .policies import Policies
from .schema import case_refs, cases, counters, debtor_entries, debtors, entries

# What reading a journal raises that this program did not write.
_NOT_OURS = (DunningError, ValueError, LookupError, TypeError, AttributeError, ArithmeticError)


def verify(conn: Connection, heads: dict[int, str], progress: Callable[[int, int], None] | None = None) -> AuditReport:
    """Check every chain, compare every row with its journal, and look for cases that are gone.

    `heads` are digests by case number that were noted outside the database.
    """
    report = AuditReport()
    total = conn.scalar(select(func.count()).select_from(entries)) or 0 if progress else 0
    known = Policies(conn).by_digest()
    noted = dict(heads)
    for number, row, records in _paired(conn, Journals(conn, entries, "case"), cases):
        report.cases += 1
        _chain(report, "case", number, row, records, noted.pop(number, None))
        if row is not None and records:
            _compare(report, "case", number, row, partial(_case_row, number, records, row, known))
        if progress:
            progress(report.entries, total)
    for number in noted:
        report.broken.append({"case": number, "seq": None, "what": "the case whose head was noted is not there"})
    for number, row, records in _paired(conn, Journals(conn, debtor_entries, "debtor"), debtors):
        report.debtors += 1
        _chain(report, "debtor", number, row, records, None)
        if row is not None and records:
            _compare(report, "debtor", number, row, partial(_debtor_row, number, records))
    _numbers(report, conn)
    _references(report, conn)
    return report


def _paired(
    conn: Connection, journals: Journals, table: Any
) -> Iterator[tuple[int, Row[*tuple[Any, ...]] | None, list[Record]]]:
    """Rows and journals side by side by their number; either may be missing.

    Days come as the texts that SQLite keeps, so that one which is no day is a difference like any other.
    """
    columns = [type_coerce(c, String).label(c.name) if isinstance(c.type, Date) else c for c in table.c]
    by_number = select(*columns).order_by(table.c[journals.owner.name])
    rows = iter(conn.execute(by_number, execution_options={"yield_per": 1000}))
    chains = journals.all()
    row, chain = next(rows, None), next(chains, None)
    while row is not None or chain is not None:
        if row is not None and (chain is None or row[0] < chain[0]):
            yield row[0], row, []
            row = next(rows, None)
        elif chain is not None and (row is None or chain[0] < row[0]):
            yield chain[0], None, chain[1]
            chain = next(chains, None)
        elif chain is not None and row is not None:
            yield row[0], row, chain[1]
            row, chain = next(rows, None), next(chains, None)


def _chain(
    report: AuditReport,
    subject: str,
    number: int,
    row: Row[*tuple[Any, ...]] | None,
    records: list[Record],
    head: str | None,
) -> None:
    def broken(seq: int, what: str) -> None:
        report.broken.append({subject: number, "seq": seq, "what": what})

    report.entries += len(records)
    report.clock_set += sum(record.clock == "set" for record in records)
    try:
        for found in breaks(f"{subject} {number}", records, head):
            broken(found.seq, found.what)
    except _NOT_OURS as error:  # a column of SQLite can hold anything
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
    except _NOT_OURS as error:
        report.broken.append({subject: number, "seq": row.seq, "what": f"the journal cannot be read: {error}"})
        return
    stored = row._mapping
    differing = sorted(name for name, value in derived.items() if _plain(stored[name]) != _plain(value))
    if differing:
        report.projection_differs.append({subject: number, "fields": differing})


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _case_row(
    number: int, records: list[Record], row: Row[*tuple[Any, ...]], known: dict[str, Policy]
) -> dict[str, Any]:
    case = domain_cases.fold(number, opened(records))
    policy = known.get(row.reviewed_under)
    if policy is None:
        raise ValueError(f"the row names an unknown policy {row.reviewed_under}")
    return debt_row(case) | state_row(case, row.head, policy)


def _debtor_row(number: int, records: list[Record]) -> dict[str, Any]:
    debtor = domain_debtors.fold(number, [open_record(record, DEBTOR_KINDS) for record in records])
    return row_of(debtor, records[-1].digest)


def _numbers(report: AuditReport, conn: Connection) -> None:
    """Numbers are given out without gaps: a number below the counter that is not there was removed."""
    for subject, table in (("case", cases), ("debtor", debtors)):
        column = table.c[f"{subject}_id"]
        given = conn.scalar(select(counters.c.next).where(counters.c.name == table.name)) or 1
        there, highest = conn.execute(select(func.count(), func.max(column)).select_from(table)).one()
        if there != given - 1 or (highest or 0) != given - 1:
            report.broken.append(
                {subject: None, "seq": None, "what": f"{given - 1} {subject}s were numbered, {there} are there"}
            )


def _references(report: AuditReport, conn: Connection) -> None:
    """Every reference leads to its case, and every case with a reference is found by it."""
    for left, right, what in ((cases, case_refs, "no entry in case_refs"), (case_refs, cases, "no such case")):
        same = (
            (left.c.case_id == right.c.case_id)
            & (left.c.reference == right.c.reference)
            & (left.c.creditor == right.c.creditor)
        )
        query = select(left.c.case_id).select_from(left.outerjoin(right, same))
        for number in conn.scalars(query.where(right.c.case_id.is_(None), left.c.reference.is_not(None))):
            report.projection_differs.append({"case": number, "fields": ["reference"], "what": what})
