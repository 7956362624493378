"""Rows that are derived from journals, written anew from them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Connection, Table, bindparam, update

from ..domain import cases as domain_cases
from ..domain import debtors as domain_debtors
from ..domain import state
from ..domain.journal import Record
from .bulk import pieces
from .cases import opened
from .debtors import opened as opened_debtor
from .journals import Journals
from .schema import cases, debtor_entries, debtors, entries
from .unreadable import UNREADABLE


def states(conn: Connection) -> None:
    """Write the states of all cases and debtors as this version does. Where a journal cannot be read, its row stays."""
    _write(conn, cases, "case", entries, lambda n, records: state.CASE.write(domain_cases.fold(n, opened(records))))
    _write(
        conn,
        debtors,
        "debtor",
        debtor_entries,
        lambda n, records: state.DEBTOR.write(domain_debtors.fold(n, opened_debtor(records))),
    )


def _write(
    conn: Connection, table: Table, subject: str, journal: Table, state_of: Callable[[int, list[Record]], str]
) -> None:
    key = table.c[f"{subject}_id"]

    def rows() -> Iterator[dict[str, Any]]:
        for number, records in Journals(conn, journal, subject).all():
            try:
                yield {"number": number, "text": state_of(number, records)}
            except UNREADABLE:
                continue

    for piece in pieces(rows()):
        conn.execute(update(table).where(key == bindparam("number")).values(state=bindparam("text")), piece)
