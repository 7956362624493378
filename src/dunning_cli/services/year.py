"""What a year of all cases came to, read from their journals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from hashlib import sha256
from typing import NamedTuple

from ..domain.journal import Entry, Record
from ..domain.year import Year, told
from ..store.cases import opened
from ..store.unreadable import readable
from .desk import Desk


class Read(NamedTuple):
    """A year, how many debtors there are, and one digest over the last digests of all journals."""

    year: Year
    debtors: int
    fingerprint: str


def read_year(desk: Desk, first: date, last: date) -> Read:
    """The year of all cases in the database from one day to another."""
    seal = sha256()
    with desk.store.reading() as tx:

        def journals() -> Iterator[tuple[int, Sequence[Entry]]]:
            for number, records in tx.cases.everything():
                _note("case", number, records)
                with readable("case", number):
                    entries = opened(records)
                yield number, entries

        def _note(subject: str, number: int, records: list[Record]) -> None:
            seal.update(f"{subject} {number} {records[-1].digest}\n".encode())

        year = told(journals(), first, last, desk.now.day_of)
        debtors = 0
        for number, records in tx.debtors.journals.all():
            _note("debtor", number, records)
            debtors += 1
    return Read(year, debtors, seal.hexdigest())
