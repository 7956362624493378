"""import-cases: a case for every row of a table that is not there yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from itertools import count, islice
from operator import itemgetter
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace

from ..domain import cases as case_of
from ..domain import debtors as debtor_of
from ..domain import holds
from ..domain.cases import Decision
from ..domain.debtors import Change, Details
from ..domain.entries import CaseOpened
from ..domain.policies import Policy
from ..domain.terms import Asked, Terms
from ..domain.views import CasesImported, Progress
from ..errors import InputError
from ..settings import named_zone
from . import terms as terms_of
from .claims import Claims
from .desk import Desk
from .imports import BATCH, LISTED, note_bad, said_of
from .policies import policies_of_rows
from .processes import FailedError, Ring, as_many, side_by_side

if TYPE_CHECKING:
    from ..domain.worklist import Chances
    from ..imports.cases import CaseFile, CaseRow
    from ..imports.tables import BadRow, Row
    from ..store.cases import NewCases, OfLaw
    from ..store.debtors import FiledDebtor, NewDebtors
    from ..store.session import Tx

_Key = tuple[str, str]  # what a creditor knows a case or a debtor by, and the creditor


def import_cases(
    desk: Desk,
    path: Path,
    mapping: Path | None = None,
    *,
    skip_bad: bool = False,
    dry_run: bool = False,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> CasesImported:
    """Open a case for every row that is not there yet; creditor and reference say which is which.

    Unless `skip_bad` says so, one bad row refuses the whole file before anything is written. Each batch is one
    transaction, in the order of the file; an import that is killed is taken up again by the same command. Several
    processes, `jobs` of them (None: as many as there are cores), check and decide where there is more than a batch.
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
    work = _Import(desk, file, as_many(jobs), progress)
    if dry_run:
        summary = work.rehearse()
    else:
        if skip_bad:
            _read_to_its_end(file)
        else:
            work.check()
        summary = work.write()
    summary.seconds = round(perf_counter() - started, 3)
    if summary.rejected and not skip_bad:
        raise _refusal(file, summary)
    return summary


def _known_policy(policies: dict[str, Policy], name: str) -> None:
    if name not in policies:
        raise ValueError("is no policy that was loaded")


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


def _read_to_its_end(file: CaseFile) -> None:
    """Refuse a file of which a part cannot be told into rows, before anything is written."""
    for _ in file.table.rows():
        pass


def _refusal(file: CaseFile, summary: CasesImported) -> InputError:
    return InputError(
        "{path}: {count} of {read} rows are bad:\n{lines}",
        hint="Nothing was written. Mend them, or take the good rows alone with --on-error skip.",
        details={"read": summary.read, "rejected": summary.rejected},
        path=file.table.path,
        count=summary.rejected_rows,
        read=summary.read,
        lines="\n".join(said_of(bad) for bad in summary.rejected[:20]),
    )


# --- the file, part by part -------------------------------------------------------------------------------------------


class _Part(NamedTuple):
    """So many rows of a file, checked: the good ones, and a summary that knows the bad ones."""

    number: int
    rows: list[CaseRow]
    summary: CasesImported


_Which = Callable[[int], bool]  # whether a part is asked for, by its number


def _parts(file: CaseFile, which: _Which) -> Iterator[_Part]:
    """Those parts of a file that are asked for. The others are read, and not checked."""
    rows = file.table.rows()
    for number in count():
        piece = list(islice(rows, BATCH))
        if not piece:
            return
        if which(number):
            yield _checked(file, number, piece)


def _checked(file: CaseFile, number: int, piece: Iterable[Row | BadRow]) -> _Part:
    from ..imports.tables import BadRow

    part = _Part(number, [], CasesImported())
    summary, last = part.summary, 0
    for row in file.checked(piece):
        another = row.line != last  # a row with several mistakes comes several times
        last = row.line
        summary.read += another
        if isinstance(row, BadRow):
            summary.rejected_rows += another
            note_bad(summary, row)
        else:
            part.rows.append(row)
    return part


# --- the import -------------------------------------------------------------------------------------------------------

_Found = tuple[int, CasesImported]  # what came of a part, by its number


class _Import:
    """The import of one file. Where it is more than a part, several processes share it."""

    def __init__(self, desk: Desk, file: CaseFile, jobs: int, progress: Progress | None) -> None:
        self.desk = desk
        self.file = file
        self.progress = progress
        self.lines = file.table.count_lines()
        self.jobs = jobs if self.lines > BATCH else 1
        self.claims = Claims(desk.settings)

    def check(self) -> None:
        """Refuse the file if it breaks off, or if a row of it is bad."""

        def work(which: Callable[[int], bool]) -> Iterator[_Found]:
            return ((part.number, part.summary) for part in _parts(self.file, which))

        summary = self._all(work, lambda mine: work(self._share(mine)))
        if summary.rejected:
            raise _refusal(self.file, summary)

    def rehearse(self) -> CasesImported:
        """What would be written."""
        seen: set[int] = set()  # the database cannot be asked what would have been added

        def work(which: Callable[[int], bool]) -> Iterator[_Found]:
            for part in _parts(self.file, which):
                with self.desk.store.reading() as tx:
                    fresh = {hash(row.key) for row in _Batch(part.rows, tx).new} - seen
                seen.update(fresh)
                yield part.number, _counted(part, len(fresh))

        return self._all(work)

    def write(self) -> CasesImported:
        """Open every case that is not there yet."""

        def work(which: Callable[[int], bool]) -> Iterator[_Found]:
            for part in _parts(self.file, which):
                added, _ = self.desk.store.writing(partial(self._written, part.rows, None))
                yield part.number, _counted(part, added)

        if self.jobs == 1:
            return self._all(work)
        with self.desk.store.reading() as tx:
            first = _Numbers(tx.cases.next_id(0), tx.debtors.next_id(0))
        with Ring(self.jobs, ()) as plans, Ring(self.jobs) as writes:
            return self._all(work, lambda mine: self._taking(mine, first, plans, writes))

    def _share(self, mine: int) -> _Which:
        """Which parts one of the processes does."""
        return lambda number: number % self.jobs == mine

    def _all(
        self, alone: Callable[[_Which], Iterator[_Found]], shared: Callable[[int], Iterator[_Found]] | None = None
    ) -> CasesImported:
        """What comes of all parts: of those that several processes, each with its number, do side by side; and of those
        that are left then."""
        total, done = CasesImported(encoding=self.file.table.encoding), set[int]()

        def add(found: _Found) -> None:
            number, summary = found
            done.add(number)
            _add(total, summary)
            if self.progress:
                self.progress(total.read, self.lines)

        if shared and self.jobs > 1:
            self.desk.store.disconnect()
            try:
                for found in side_by_side([partial(shared, mine) for mine in range(self.jobs)], in_step=True):
                    add(found)
            except FailedError:
                pass  # met again below, where it is no mere accident
            else:
                return total
        for found in alone(lambda number: number not in done):
            add(found)
        return total

    def _taking(self, mine: int, first: _Numbers, plans: Ring, writes: Ring) -> Iterator[_Found]:
        """Decide every so many part while others decide those between, and write it when the one before is written.

        Numbers have no gaps, and a journal names its case: so what is decided beforehand rests on numbers that are not
        reserved yet, those behind all that the parts before ask for. Where it turns out that they are others, or that
        something else has changed, the part is decided anew.
        """
        after = first  # the numbers behind my last part
        for part in _parts(self.file, self._share(mine)):
            with self.desk.store.reading() as tx:
                batch = _Batch(part.rows, tx)
            ahead: tuple[_Numbers, ...] = plans.take(mine)  # what the parts between my last one and this one ask for
            plans.hand_on(mine, (*ahead, batch.asked)[1 - self.jobs :])
            decided = self._decided(batch, after.beyond(*ahead))
            writes.take(mine)
            added, after = self.desk.store.writing(partial(self._written, part.rows, decided))
            writes.hand_on(mine)
            yield part.number, _counted(part, added)

    def _written(self, rows: list[CaseRow], decided: _Decided | None, tx: Tx) -> tuple[int, _Numbers]:
        """Open the cases of a part that are not there yet; answers how many, and the numbers that follow.

        `decided` is what was decided beforehand. It holds if nothing that it rests on has changed.
        """
        batch = _Batch(rows, tx)
        numbers = _Numbers(tx.cases.next_id(batch.asked.cases), tx.debtors.next_id(batch.asked.debtors))
        if decided is None or decided.numbers != numbers or decided.known != batch.known:
            decided = self._decided(batch, numbers)
        tx.debtors.insert_many(decided.debtors)
        for filed, change in decided.changed:
            tx.debtors.append(filed, change)
        tx.debtors.add_refs(decided.refs)
        tx.cases.insert_many(decided.cases)
        return batch.asked.cases, numbers.beyond(batch.asked)

    def _decided(self, batch: _Batch, numbers: _Numbers) -> _Decided:
        """What is to be written for a batch, if these are the first numbers of its cases and its debtors."""
        from ..store.cases import prepared_new as new_cases
        from ..store.debtors import prepared_new as new_debtors

        now, salt, known = self.desk.now, self.desk.store.salt, batch.known
        refs: dict[_Key, int] = {}
        changes: dict[int, Change] = {}
        opened: list[Decision] = []
        laws: dict[int, OfLaw] = {}
        fresh = numbers.debtors
        for number, row in enumerate(batch.new, numbers.cases):
            key = row.debtor_key
            debtor_id = (known.debtors.get(key) or refs.get(key)) if key else None
            if debtor_id is None:
                debtor_id, fresh = fresh, fresh + 1
                changes[debtor_id] = debtor_of.add(debtor_id, row.details, now)
                if key:
                    refs[key] = debtor_id
            else:
                if debtor_id not in changes:
                    changes[debtor_id] = Change(known.filed[debtor_id].debtor, now)
                _add_details(changes[debtor_id], row.details)
            policy = known.policies[row.values["policy"]]
            decision = case_of.opening(row.opened(debtor_id, self.file.given, policy.version), number, policy, now)
            if row.hold:
                holds.put_on_hold(decision, row.hold)
            opened.append(decision)
            if debtor_id not in known.with_facts:  # who may have days of their own: left to the nightly run
                laws[number] = self.claims.of_new(decision.case, policy, now.today)
        return _Decided(
            known,
            numbers,
            new_debtors((change for number, change in changes.items() if number not in known.filed), salt),
            [(filed, changes[number]) for number, filed in known.filed.items() if number in changes],
            refs,
            new_cases(opened, known.chances, laws, salt),
        )


class _Numbers(NamedTuple):
    """The next numbers of a case and of a debtor, or how many of each are asked for."""

    cases: int
    debtors: int

    def beyond(self, *asked: _Numbers) -> _Numbers:
        """The numbers that follow when so many were taken."""
        return _Numbers(self.cases + sum(each.cases for each in asked), self.debtors + sum(e.debtors for e in asked))


class _Known(NamedTuple):
    """What the database knows and decisions rest on: the cases of a batch that are there, whom creditors know by which
    key, of which debtors a fact was recorded; and by which policies and chances rows are written."""

    cases: set[_Key]
    debtors: dict[_Key, int]
    filed: dict[int, FiledDebtor]
    with_facts: set[int]
    policies: dict[str, Policy]
    chances: Chances


class _Batch:
    """The rows of a part whose case is not there yet, each key once, and what they rest on."""

    def __init__(self, rows: Iterable[CaseRow], tx: Tx) -> None:
        keyed: dict[_Key, CaseRow] = {}
        for row in rows:
            keyed.setdefault(row.key, row)
        there = tx.cases.known(keyed)
        self.new = [row for key, row in keyed.items() if key not in there]
        keys = [row.debtor_key for row in self.new]
        debtors = tx.debtors.by_refs({key for key in keys if key})
        numbers = {*debtors.values()}
        filed, facts = tx.debtors.load_many(numbers), tx.debtors.having_facts(numbers)
        self.known = _Known({*there}, debtors, filed, facts, tx.policies.current(), tx.cases.chances)
        self.asked = _Numbers(len(self.new), len({key for key in keys if key} - {*debtors}) + keys.count(None))


class _Decided(NamedTuple):
    """What is to be written for a batch, and what that rests on."""

    known: _Known
    numbers: _Numbers
    debtors: NewDebtors
    changed: list[tuple[FiledDebtor, Change]]
    refs: dict[_Key, int]
    cases: NewCases


def _add_details(change: Change, details: Details) -> None:
    """Add what a further row says of a debtor, as add-case does; the name stays the one that was given first."""
    more = debtor_of.edit(change.debtor, change.now, replace(details, name=None))
    change.entries += more.entries
    change.debtor = more.debtor


def _counted(part: _Part, added: int) -> CasesImported:
    part.summary.added = added
    part.summary.skipped = len(part.rows) - added
    return part.summary


def _add(total: CasesImported, more: CasesImported) -> None:
    total.read += more.read
    total.added += more.added
    total.skipped += more.skipped
    total.rejected_rows += more.rejected_rows
    if more.rejected:  # parts may come in another order than they stand in the file
        total.rejected = sorted(total.rejected + more.rejected, key=itemgetter("line"))[:LISTED]
