"""import-cases: a case for every row of a table that is not there yet."""

from __future__ import annotations

from functools import partial
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from msgspec.structs import replace

from ..domain import cases as case_of
from ..domain import debtors as debtor_of
from ..domain import holds
from ..domain.cases import Decision
from ..domain.debtors import Change, Details
from ..domain.entries import CaseOpened
from ..domain.policies import Policy
from ..domain.terms import Asked, Terms
from ..domain.views import CasesImported
from ..settings import named_zone
from . import terms as terms_of
from .claims import Claims
from .desk import Desk
from .imports import BATCH, Progress, check, good_rows, refusal
from .policies import policies_of_rows

if TYPE_CHECKING:
    from ..imports.cases import CaseFile, CaseRow, Given
    from ..store.cases import OfLaw
    from ..store.session import Tx


def import_cases(
    desk: Desk,
    path: Path,
    mapping: Path | None = None,
    *,
    skip_bad: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> CasesImported:
    """Open a case for every row that is not there yet; creditor and reference say which is which.

    Unless `skip_bad` says so, one bad row refuses the whole file before anything is written. Each batch is one
    transaction; an import that is killed is taken up again by the same command.
    """
    from ..imports.cases import Given, open_case_file

    if not dry_run:
        desk.writing()
    started = perf_counter()
    with desk.store.reading() as tx:
        policies = tx.policies.current()
        assigned = policies_of_rows(tx)
    known = partial(_known_policy, policies)

    terms = _Terms(desk, policies)
    given = Given(desk.settings.currency, desk.settings.jurisdiction, named_zone, known, terms, assigned)
    file = open_case_file(path, mapping, given)
    if not dry_run:
        check(file, skip_bad=skip_bad, progress=progress)
    summary = _write(desk, file, dry_run, progress)
    summary.seconds = round(perf_counter() - started, 3)
    if summary.rejected and not skip_bad:
        raise refusal(file, summary)
    return summary


class _Terms:
    """The terms that rows are opened with: many rows of a file ask for the same, and each is asked three times."""

    _MOST = 10_000  # kept at a time

    def __init__(self, desk: Desk, policies: dict[str, Policy]) -> None:
        self.desk = desk
        self.policies = policies
        self._found: dict[tuple[object, ...], Terms | None] = {}

    def __call__(self, opened: CaseOpened, asked: Asked) -> Terms | None:
        # All that terms depend on: not the amount, nor who owes it.
        kind = (opened.policy, opened.jurisdiction, opened.debt_type, opened.consumer)
        key = (*kind, opened.due, opened.incurred, asked)
        if key not in self._found:
            if len(self._found) >= self._MOST:
                self._found.clear()
            policy, today = self.policies[opened.policy], self.desk.now.today
            found = terms_of.opening(self.desk.settings, opened, opened.jurisdiction, policy, asked, today)
            self._found[key] = found
        return self._found[key]


def _known_policy(policies: dict[str, Policy], name: str) -> None:
    if name not in policies:
        raise ValueError("is no policy that was loaded")


def _write(desk: Desk, file: CaseFile, dry_run: bool, progress: Progress | None) -> CasesImported:
    summary = CasesImported()
    rows = good_rows(file, summary, progress)
    claims = Claims(desk.settings)
    seen: set[int] = set()  # of a dry run, which cannot ask the database what it would have added
    while batch := list(islice(rows, BATCH)):
        if dry_run:
            with desk.store.reading() as tx:
                fresh = {hash(row.key) for row in _new(tx, batch)} - seen
            seen |= fresh
            added = len(fresh)
        else:
            added = desk.store.writing(partial(_add, desk, file.given, claims, batch))
        summary.added += added
        summary.skipped += len(batch) - added
    return summary


def _new(tx: Tx, batch: list[CaseRow]) -> list[CaseRow]:
    """The rows whose case is not there yet, each key once."""
    keyed: dict[tuple[str, str], CaseRow] = {}
    for row in batch:
        keyed.setdefault(row.key, row)
    there = tx.cases.known(keyed)
    return [row for key, row in keyed.items() if key not in there]


def _add(desk: Desk, given: Given, claims: Claims, batch: list[CaseRow], tx: Tx) -> int:
    """Open the cases of a batch that are not there yet; answers how many."""
    new = _new(tx, batch)
    if not new:
        return 0
    debtors = _debtors(desk, tx, new)
    first = tx.cases.next_id(len(new))
    opened: list[Decision] = []
    laws: dict[int, OfLaw] = {}
    facts = tx.debtors.having_facts(debtors)  # which may have days of their own: left to the nightly run
    for number, (row, debtor_id) in enumerate(zip(new, debtors, strict=True), first):
        policy = tx.policies.get(row.values["policy"])
        what = row.opened(debtor_id, given)
        decision = case_of.opening(what, number, policy, desk.now)
        if row.hold:
            holds.put_on_hold(decision, row.hold)
        opened.append(decision)
        if debtor_id not in facts:
            laws[number] = claims.of_new(decision.case, policy, desk.now.today)
    tx.cases.insert_many(opened, laws)
    return len(new)


def _debtors(desk: Desk, tx: Tx, rows: list[CaseRow]) -> list[int]:
    """The debtor of each row: the one whom the creditor knows by the row's key, or a new one."""
    keys = [row.debtor_key for row in rows]
    known = tx.debtors.by_refs(key for key in keys if key)
    filed = tx.debtors.load_many(known.values())
    count = len({key for key in keys if key and key not in known}) + keys.count(None)
    fresh = tx.debtors.next_id(count) if count else 0
    changes: dict[int, Change] = {}
    added: dict[tuple[str, str], int] = {}
    numbers = []
    for key, row in zip(keys, rows, strict=True):
        number = known.get(key) or added.get(key) if key else None
        if number is None:
            number, fresh = fresh, fresh + 1
            changes[number] = debtor_of.add(number, row.details, desk.now)
            if key:
                added[key] = number
        else:
            if number not in changes:
                changes[number] = Change(filed[number].debtor, desk.now)
            _add_details(changes[number], row.details)
        numbers.append(number)
    tx.debtors.insert_many(change for number, change in changes.items() if number not in filed)
    for number, before in filed.items():
        if number in changes:
            tx.debtors.append(before, changes[number])
    tx.debtors.add_refs(added)
    return numbers


def _add_details(change: Change, details: Details) -> None:
    """Add what a further row says of a debtor, as add-case does; the name stays the one that was given first."""
    more = debtor_of.edit(change.debtor, change.now, replace(details, name=None))
    change.entries += more.entries
    change.debtor = more.debtor
