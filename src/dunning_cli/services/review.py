"""check-overdue: the review of every case whose day has come, in batches that each stand on their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from datetime import date
from functools import partial
from time import perf_counter, time
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from msgspec.structs import asdict

from ..domain.cases import Decision
from ..domain.codec import canonical
from ..domain.review import review
from ..domain.views import Progress, SweepSummary
from ..domain.worklist import BY_TABLE
from ..errors import (
    DatabaseLockedError,
    PolicyNotFoundError,
    StatementTimeoutError,
    UsageError,
    WorkerLostError,
    said,
)
from .desk import Desk
from .processes import Turn, as_many, side_by_side
from .terms import Rates

if TYPE_CHECKING:
    from ..domain.cases import Case
    from ..domain.policies import Policy
    from ..domain.terms import Terms
    from ..domain.worklist import Chances
    from ..store.cases import Batch, Beyond, Filed, Written
    from ..store.requests import Done
    from ..store.session import Tx

BATCH = 1000
_PASSES = 8  # tries at the cases of a batch that another writer changed in between
_LOSSES = 3  # times that a part of a run may lose a worker, and go on with the cases of the others

T = TypeVar("T")


class _Pass(NamedTuple):
    """Cases that a run looks at in batches: a name for them, how a batch is read, and by what the next one begins."""

    name: str
    read: Callable[..., Batch]  # given a transaction, the place that it is to begin beyond, and `size`
    place: Any  # the type of `Batch.beyond`
    fresh: Callable[[Case], Terms | None] | None = None


class _Part(NamedTuple):
    """A batch as it was read, with what its cases are decided by."""

    batch: Batch
    policies: dict[str, Policy]
    chances: Chances


def check_overdue(
    desk: Desk,
    *,
    as_of: date | None = None,
    dry_run: bool = False,
    limit: int = 0,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> SweepSummary:
    """Review what is due on a day (today, or an earlier day to catch up with; a later one only as a dry run).

    Each batch is one transaction: a run that is killed leaves whole batches behind, and the next one takes up the rest.
    A case that fails is listed, and the others go on; so are the workers of a cluster that cannot be reached, whose
    cases come with the next run. Several processes, `jobs` of them (None: as many as there are cores), decide side by
    side where there is more than a batch. `progress` is told how many are done, of how many.
    """
    day = as_of or desk.now.today
    if day > desk.now.today and not dry_run:
        raise UsageError("{day} is still to come.", hint="Look ahead with --dry-run, which writes nothing.", day=day)
    if not dry_run:
        desk.writing()
    if summary := _answered_before(desk):
        return summary
    started = perf_counter()
    run = _Run(desk, day, dry_run, limit, as_many(jobs))
    total = _going_on(desk, lambda: _count(desk, day, limit)) if progress else 0
    for found in run.batches():
        run.summary.add(found)
        if progress:
            progress(run.summary.reviewed, total)
    run.failed_rates()
    summary = run.summary
    if desk.store.lost:
        # Days of law depend on debtors, who lie elsewhere than their cases: they are looked at when all is there.
        summary.failed += [{"case": None, "error": _LOST.format(worker=worker)} for worker in sorted(desk.store.lost)]
    elif not limit or summary.reviewed < limit:
        _deadlines(desk, summary, day, dry_run, limit)
    summary.seconds = round(perf_counter() - started, 3)
    return summary if dry_run else _remember(desk, summary)


_LOST = "the worker {worker} cannot be reached: its cases, and the days of law of all, are left to the next run"


def _going_on(desk: Desk, do: Callable[[], T]) -> T:
    """Do a part of a run; where a worker of a cluster is lost, do it once more with the cases of the others.

    A worker that falls silent is lost as well, and is met as a statement that takes too long.
    """
    for _ in range(_LOSSES):
        try:
            return do()
        except WorkerLostError:
            desk.store.leave_out_lost_workers()
        except StatementTimeoutError:
            if not desk.store.leave_out_lost_workers():
                raise
    return do()


def _deadlines(desk: Desk, summary: SweepSummary, day: date, dry_run: bool, limit: int) -> None:
    """The second pass: warn of the days of law that come near. Cases of which nothing is to be said are not counted."""
    from .deadline_run import look

    for looked in look(desk, day, dry_run=dry_run, limit=limit - summary.reviewed if limit else None):
        found = SweepSummary(day, reviewed=len(looked.failed), failed=looked.failed)
        for decision in looked.decisions:
            found.count(decision.entries)
        summary.add(found)


def _count(desk: Desk, day: date, limit: int) -> int:
    with desk.store.reading() as tx:
        stale = sum(tx.cases.count_stale(policy, day) for policy in tx.policies.current().values())
        rated = sum(count for _, count in Rates(desk.settings).outdated(tx))
        total = tx.cases.count_due(day) + stale + rated + tx.cases.count_unranked(tx.cases.chances.version)
        return min(total, limit) if limit else total


class _Run:
    """A run over all passes."""

    def __init__(self, desk: Desk, day: date, dry_run: bool, limit: int, jobs: int) -> None:
        self.desk = desk
        self.day = day
        self.dry_run = dry_run
        self.limit = limit
        self.jobs = 1 if dry_run or limit else jobs
        self.rates = Rates(desk.settings)
        self.before = _Before(desk)
        self.summary = SweepSummary(day)
        # Looking ahead, what follows takes effect on the day that is looked at.
        self.moment = desk.now.later((day - desk.now.today).days) if day > desk.now.today else desk.now

    def batches(self) -> Iterator[SweepSummary]:
        """What comes of each batch of each pass."""
        for each in self._passes():
            if not (self.dry_run or self.limit or self.desk.store.lost):
                there = _going_on(self.desk, partial(self._there, each))
                if not there:
                    continue
                if there == BATCH:
                    yield from self._shared(each)
            # What is left: all of it, where it is little, or what a run beside this one had taken when it died.
            size, beyond, full = self._size(), None, True
            while full and size:
                found, count, beyond = _going_on(self.desk, partial(self._one, each, beyond, size))
                if count:
                    yield found
                full, size = count == size, self._size()
        if not (self.dry_run or self.limit or self.desk.store.lost):
            self._leave()

    def _there(self, each: _Pass) -> int:
        """How many cases a pass has, as far as one batch."""
        with self.desk.store.reading() as tx:
            return each.read(tx, None, size=BATCH).size

    def _leave(self) -> None:
        """Forget how far parts were taken: nothing is left of any pass."""
        with self.desk.store.reading() as tx:
            taken = tx.sweeps.any()
        if taken:
            self.desk.store.writing(lambda tx: tx.sweeps.forget())

    def _size(self) -> int:
        """How many cases the next batch may hold."""
        return min(BATCH, self.limit - self.summary.reviewed) if self.limit else BATCH

    def _passes(self) -> Iterator[_Pass]:
        """First the cases whose rate table says more than it did, so that the other rules go by what is owed; then
        those whose day has come, then those whose policy has a newer version, then those that the worklist ranks by
        older chances of recovery."""
        names, outdated = _going_on(self.desk, self._versions)
        for reads in outdated:
            yield _Pass(f"rates {reads}", partial(_read_rates, reads=reads), int, self.rates.fresh)
        yield _Pass("due", partial(_read_due, day=self.day), tuple[date, int])
        for name in names:
            yield _Pass(f"stale {name}", partial(_read_stale, day=self.day, name=name), int)
        yield _Pass("unranked", _read_unranked, tuple[int, int])

    def _versions(self) -> tuple[list[str], list[str]]:
        """The policies whose cases may be stale, and the rate tables that say more than they did."""
        with self.desk.store.reading() as tx:
            return list(tx.policies.current()), [reads for reads, _ in self.rates.outdated(tx)]

    def _shared(self, each: _Pass) -> Iterator[SweepSummary]:
        """The batches of a pass, taken in turn by several processes of this run and of others."""
        if self.jobs > 1:
            with Turn() as turn:
                self.desk.store.disconnect()
                yield from side_by_side([partial(self._taking, each, turn)] * self.jobs)
        else:
            # What a lost worker has is done without it below, or comes with the next run; so is what a part was taken
            # of whose server still waits for a silent one.
            with suppress(WorkerLostError, StatementTimeoutError, DatabaseLockedError):
                yield from self._taking(each)

    def _taking(self, each: _Pass, turn: Turn | None = None) -> Iterator[SweepSummary]:
        if turn:
            self.desk.store.take_turns(turn.taken)
        take = partial(self._take, each)
        part = self.desk.store.writing(take)
        while part.batch.size:
            found, part = self._review(each, part, take)
            yield found

    def _take(self, each: _Pass, tx: Tx) -> _Part:
        """The next part that nobody else has taken."""
        read = partial(each.read, tx, size=BATCH)
        return self._with_rules(tx, tx.sweeps.take(each.name, self.day, int(time()), each.place, read))

    def _one(self, each: _Pass, beyond: Any, size: int) -> tuple[SweepSummary, int, Beyond]:
        """What comes of the next part, whoever else is at it; how many cases it had, where the one after it begins."""
        with self.desk.store.reading() as tx:
            part = self._with_rules(tx, each.read(tx, beyond, size=size))
        if not part.batch.size:
            return SweepSummary(self.day), 0, beyond
        found, _ = self._review(each, part, lambda tx: None)
        return found, part.batch.size, part.batch.beyond

    def _with_rules(self, tx: Tx, batch: Batch) -> _Part:
        return _Part(batch, tx.policies.current(), tx.cases.chances) if batch.size else _Part(batch, {}, BY_TABLE)

    def _review(self, each: _Pass, part: _Part, then: Callable[[Tx], T]) -> tuple[SweepSummary, T]:
        """Decide a part and write it in one transaction, which does `then` as well; answers what came of both.

        Nothing is locked while it is decided.
        """
        summary = SweepSummary(self.day)
        lost, following = self._decide(each, part, summary, then)
        for _ in range(_PASSES):
            if not lost:
                break
            # Another writer was first on these: read them again, and decide again.
            with self.desk.store.reading() as tx:
                again = self._with_rules(tx, tx.cases.chosen(lost))
            lost, _ = self._decide(each, again, summary, lambda tx: None)
        summary.fail((number, "other writers changed it each time") for number in lost)
        return summary, following

    def _decide(self, each: _Pass, part: _Part, summary: SweepSummary, then: Callable[[Tx], T]) -> tuple[list[int], T]:
        """Decide cases, write them and do `then`; answers those that another writer has changed meanwhile."""
        from ..store.cases import prepared

        summary.fail(part.batch.unreadable)
        decided: list[tuple[Filed, Decision]] = []
        for filed in part.batch.filed:
            was = self.before(filed, part.policies)
            try:
                terms = each.fresh(filed.case) if each.fresh else None
                policy = _policy(part.policies, filed)
                decided.append((filed, review(filed.case, policy, self.moment, self.day, terms, was)))
            except Exception as error:  # noqa: BLE001 - whatever is wrong with one case must not stop the others
                summary.fail([(filed.case.case_id, said(error))])
        unreadable: list[tuple[int, str]] = []
        what = prepared(decided, part.chances, unreadable, salt=self.desk.store.salt)
        summary.fail(unreadable)
        written, following = self._write(what, then)
        for filed, decision in decided:
            if filed.case.case_id in written:
                summary.count(decision.entries)
        return [number for number in what.after if number not in written], following

    def _write(self, what: Written, then: Callable[[Tx], T]) -> tuple[Collection[int], T]:
        """Write what was prepared and do `then`; answers the cases that were written. A rehearsal writes nothing."""
        if self.dry_run:
            with self.desk.store.reading() as tx:
                return what.after, then(tx)

        def work(tx: Tx) -> tuple[Collection[int], T]:
            return {filed.case.case_id for filed in tx.cases.write(what)}, then(tx)

        return self.desk.store.writing(work)

    def failed_rates(self) -> None:
        """Note the cases whose rates could not be read."""
        failed = self.rates.failed
        self.summary.add(SweepSummary(self.day, reviewed=len(failed), failed=failed))


def _read_rates(tx: Tx, beyond: int | None, size: int, *, reads: str) -> Batch:
    return tx.cases.reading_rates(reads, beyond or 0, size)


def _read_due(tx: Tx, beyond: tuple[date, int] | None, size: int, *, day: date) -> Batch:
    return tx.cases.due(day, beyond, size)


def _read_stale(tx: Tx, beyond: int | None, size: int, *, day: date, name: str) -> Batch:
    return tx.cases.stale(tx.policies.get(name), day, beyond or 0, size)


def _read_unranked(tx: Tx, beyond: tuple[int, int] | None, size: int) -> Batch:
    return tx.cases.unranked(tx.cases.chances.version, beyond or (-2, 0), size)


def _policy(policies: dict[str, Policy], filed: Filed) -> Policy:
    """The policy of a case. Nothing is asked of the database here: its errors are none of the case's own."""
    found = policies.get(filed.case.policy)
    if found is None:
        raise PolicyNotFoundError("There is no policy '{name}'.", name=filed.case.policy)
    return found


class _Before:
    """The policies of cases as they were last reviewed, where a journal does not tell; read when one is asked for."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.known: dict[str, Policy] | None = None

    def __call__(self, filed: Filed, policies: dict[str, Policy]) -> Policy | None:
        policy = policies.get(filed.case.policy)
        if filed.case.version is not None or policy is None or filed.reviewed_under == policy.digest:
            return None
        if self.known is None:
            with self.desk.store.reading() as tx:
                self.known = tx.policies.by_digest()
        return self.known.get(filed.reviewed_under)


# --- a run under a --key --------------------------------------------------------------------------------------------


def _answered_before(desk: Desk) -> SweepSummary | None:
    if desk.key is None:
        return None
    with desk.store.reading() as tx:
        return _answer(desk.done(tx))


def _answer(done: Done | None) -> SweepSummary | None:
    """What a run answered that was done before."""
    if done is None or done.answer is None:
        return None
    import json

    answer = json.loads(done.answer)
    answer |= {
        "as_of": date.fromisoformat(answer["as_of"]),
        "entries": Counter(answer["entries"]),
        "moved": Counter(answer["moved"]),
    }
    return SweepSummary(**answer)


def _remember(desk: Desk, summary: SweepSummary) -> SweepSummary:
    """Note the answer under the key; a run beside this one that was first has given the answer for both."""
    if desk.key is None:
        return summary
    answer = canonical(asdict(summary) | {"as_of": summary.as_of.isoformat()})

    def work(tx: Tx) -> SweepSummary:
        if earlier := _answer(desk.done(tx)):
            return earlier
        desk.note_done(tx, "sweep", None, None, None, answer)
        return summary

    return desk.store.writing(work)
