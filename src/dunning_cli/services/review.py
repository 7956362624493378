"""check-overdue: the review of every case whose day has come, in batches that each stand on their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from functools import partial
from time import perf_counter, time
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from msgspec.structs import asdict

from ..domain.cases import Decision
from ..domain.codec import canonical
from ..domain.review import review
from ..domain.views import SweepSummary
from ..errors import DunningError, PolicyNotFoundError, UsageError, WorkerLostError
from .desk import Desk
from .processes import Turn, cores, side_by_side
from .terms import Rates

if TYPE_CHECKING:
    from ..domain.cases import Case
    from ..domain.policies import Policy
    from ..domain.terms import Terms
    from ..domain.worklist import Chances
    from ..store.cases import Batch, Beyond, Filed
    from ..store.requests import Done
    from ..store.session import Tx

BATCH = 1000
_PASSES = 8  # tries at the cases of a batch that another writer changed in between
_LOSSES = 3  # times that a part of a run may lose a worker, and go on with the cases of the others

_Progress = Callable[[int, int], None]
T = TypeVar("T")


class _Pass(NamedTuple):
    """Cases that a run looks at in batches: a name for them, how a batch is read, and by what the next one begins."""

    name: str
    read: Callable[[Tx, Any, int], Batch]
    place: Any  # the type of `Batch.beyond`
    fresh: Callable[[Case], Terms | None] | None = None


class _Reviewed(NamedTuple):
    """One batch: what came of it, how many cases were read, and where the next batch begins."""

    summary: SweepSummary
    size: int
    beyond: Beyond


def check_overdue(
    desk: Desk,
    *,
    as_of: date | None = None,
    dry_run: bool = False,
    limit: int = 0,
    jobs: int | None = None,
    progress: _Progress | None = None,
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
    run = _Run(desk, day, dry_run, limit, cores() if jobs is None else jobs)
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
    """Do a part of a run; where a worker of a cluster is lost, do it once more with the cases of the others."""
    for _ in range(_LOSSES):
        try:
            return do()
        except WorkerLostError:
            desk.store.leave_out_lost_workers()
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
            last, beyond = BATCH, None
            shared = self.dry_run or bool(self.limit or self.desk.store.lost)
            while last == BATCH and (size := self._size()):
                found = _going_on(self.desk, partial(self._one, each, beyond, size))
                last, beyond = found.size, found.beyond
                if last:
                    yield found.summary
                if not shared and last == BATCH:
                    yield from self._shared(each)
                    # Then whatever is left, of this run or of one beside it that died.
                    shared, beyond = True, None

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
                yield from side_by_side(self.jobs, partial(self._taking, each, turn))
        else:
            with suppress(WorkerLostError):  # what it has is done without it below, or comes with the next run
                yield from self._taking(each)
        self.desk.store.writing(lambda tx: tx.sweeps.done(each.name))

    def _taking(self, each: _Pass, turn: Turn | None = None) -> Iterator[SweepSummary]:
        if turn:
            self.desk.store.take_turns(turn.taken)
        while True:
            batch, policies, chances = self.desk.store.writing(partial(self._take, each=each))
            if not batch.size:
                return
            yield self._review(each, batch, policies, chances).summary

    def _take(self, tx: Tx, *, each: _Pass) -> tuple[Batch, dict[str, Policy], Chances]:
        taken: list[Batch] = []

        def read(beyond: Any) -> tuple[Any, bool]:
            taken[:] = [each.read(tx, beyond, BATCH)]
            return taken[0].beyond, taken[0].size > 0

        tx.sweeps.take(each.name, self.day, int(time()), each.place, read)
        return taken[0], tx.policies.current(), tx.cases.chances

    def _one(self, each: _Pass, beyond: Any, size: int) -> _Reviewed:
        """The next batch, whoever else may be at it."""
        with self.desk.store.reading() as tx:
            batch = each.read(tx, beyond, size)
            if not batch.size:
                return _Reviewed(SweepSummary(self.day), 0, beyond)
            policies, chances = tx.policies.current(), tx.cases.chances
        return self._review(each, batch, policies, chances)

    def _review(self, each: _Pass, batch: Batch, policies: dict[str, Policy], chances: Chances) -> _Reviewed:
        """Decide a batch and write it in one transaction. Nothing is locked while it is decided."""
        summary = SweepSummary(self.day)
        lost = self._decide(each, batch, policies, chances, summary)
        for _ in range(_PASSES):
            if not lost:
                break
            # Another writer was first on these: read them again, and decide again.
            with self.desk.store.reading() as tx:
                again, policies, chances = tx.cases.chosen(lost), tx.policies.current(), tx.cases.chances
            lost = self._decide(each, again, policies, chances, summary)
        summary.fail((number, "other writers changed it each time") for number in lost)
        return _Reviewed(summary, batch.size, batch.beyond)

    def _decide(
        self, each: _Pass, batch: Batch, policies: dict[str, Policy], chances: Chances, summary: SweepSummary
    ) -> list[int]:
        """Decide cases and write them; answers those that another writer has changed meanwhile."""
        from ..store.cases import prepared

        summary.fail(batch.unreadable)
        decided: list[tuple[Filed, Decision]] = []
        for filed in batch.filed:
            was = self.before(filed, policies)
            try:
                terms = each.fresh(filed.case) if each.fresh else None
                policy = _policy(policies, filed)
                decided.append((filed, review(filed.case, policy, self.moment, self.day, terms, was)))
            except Exception as error:  # noqa: BLE001 - whatever is wrong with one case must not stop the others
                summary.fail([(filed.case.case_id, _said(error))])
        if self.dry_run:
            written = {filed.case.case_id for filed, _ in decided}
        else:
            unreadable: list[tuple[int, str]] = []
            what = prepared(decided, chances, unreadable, salt=self.desk.store.salt)
            summary.fail(unreadable)
            written = {filed.case.case_id for filed in self.desk.store.writing(lambda tx: tx.cases.write(what))}
            failed = {number for number, _ in unreadable}
            decided = [one for one in decided if one[0].case.case_id not in failed]
        for filed, decision in decided:
            if filed.case.case_id in written:
                summary.count(decision.entries)
        return [filed.case.case_id for filed, _ in decided if filed.case.case_id not in written]

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


def _said(error: Exception) -> str:
    return str(error) if isinstance(error, DunningError) else f"{type(error).__name__}: {error}"


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
