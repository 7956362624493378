"""check-overdue: the review of every case whose day has come, in batches that each stand on their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, TypeVar

from msgspec import Struct, field
from msgspec.structs import fields

from ..domain.cases import Decision
from ..domain.codec import canonical
from ..domain.review import review
from ..domain.views import SweepSummary
from ..errors import DunningError, PolicyNotFoundError, UsageError, WorkerLostError
from .desk import Desk
from .terms import Rates

if TYPE_CHECKING:
    from ..domain.cases import Case
    from ..domain.policies import Policy
    from ..domain.terms import Terms
    from ..store.cases import Batch, Beyond, Filed
    from ..store.requests import Done
    from ..store.session import Tx

BATCH = 1000
_PASSES = 8  # tries at the cases of a batch that another writer changed in between
_LOSSES = 3  # times that a part of a run may lose a worker, and go on with the cases of the others

_Progress = Callable[[int, int], None]
T = TypeVar("T")
_Fresh = Callable[["Case"], "Terms | None"]


class _Reviewed(Struct):
    """One batch: what was decided for each of its cases, those that failed, and where the next batch begins."""

    decisions: list[Decision]
    failed: list[dict[str, object]]
    size: int
    beyond: Beyond
    lost: list[int] = field(default_factory=list)  # changed by another writer in between


def check_overdue(
    desk: Desk,
    *,
    as_of: date | None = None,
    dry_run: bool = False,
    limit: int = 0,
    progress: _Progress | None = None,
) -> SweepSummary:
    """Review what is due on a day (today, or an earlier day to catch up with; a later one only as a dry run).

    Each batch is one transaction: a run that is killed leaves whole batches behind, and the next one takes up the rest.
    A case that fails is listed, and the others go on; so are the workers of a cluster that cannot be reached, whose
    cases come with the next run. `progress` is told how many are done, of how many.
    """
    day = as_of or desk.now.today
    if day > desk.now.today and not dry_run:
        raise UsageError("{day} is still to come.", hint="Look ahead with --dry-run, which writes nothing.", day=day)
    if not dry_run:
        desk.writing()
    if summary := _answered_before(desk):
        return summary
    started = perf_counter()
    summary = SweepSummary(day)
    rates = Rates(desk.settings)
    total = _going_on(desk, lambda: _count(desk, day, limit)) if progress else 0
    for batch in _batches(desk, rates, day, dry_run, limit):
        for decision in batch.decisions:
            summary.count(decision.entries)
        summary.reviewed += len(batch.failed)
        summary.failed += batch.failed
        if progress:
            progress(summary.reviewed, total)
    summary.reviewed += len(rates.failed)
    summary.failed += rates.failed
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
        for decision in looked.decisions:
            summary.count(decision.entries)
        known = {each["case"] for each in summary.failed}
        failed = [each for each in looked.failed if each["case"] not in known]
        summary.reviewed += len(failed)
        summary.failed += failed


def _count(desk: Desk, day: date, limit: int) -> int:
    with desk.store.reading() as tx:
        stale = sum(tx.cases.count_stale(policy, day) for policy in tx.policies.current().values())
        rated = sum(count for _, count in Rates(desk.settings).outdated(tx))
        total = tx.cases.count_due(day) + stale + rated + tx.cases.count_unranked(tx.cases.chances.version)
        return min(total, limit) if limit else total


def _batches(desk: Desk, rates: Rates, day: date, dry_run: bool, limit: int) -> Iterator[_Reviewed]:
    """The batches of a run: first the cases whose rate table says more than it did, so that the other rules go by what
    is owed; then those whose day has come, then those whose policy has a newer version, then those that the worklist
    ranks by older chances of recovery."""
    names, outdated = _going_on(desk, lambda: _versions(desk, rates))
    left = limit or None
    readers: list[tuple[Callable[..., Batch], _Fresh | None]] = [
        *((partial(_read_rates, reads=reads), rates.fresh) for reads in outdated),
        (_read_due, None),
        *((partial(_read_stale, name=name), None) for name in names),
        (_read_unranked, None),
    ]
    for read, fresh in readers:
        beyond: Beyond = None
        while left is None or left > 0:
            size = BATCH if left is None else min(BATCH, left)
            batch = _one(desk, partial(read, day=day, beyond=beyond, size=size), fresh, day, dry_run)
            if batch.size:
                yield batch
            beyond = batch.beyond
            left = None if left is None else left - batch.size
            if batch.size < size:
                break


def _versions(desk: Desk, rates: Rates) -> tuple[list[str], list[str]]:
    """The policies whose cases may be stale, and the rate tables that say more than they did."""
    with desk.store.reading() as tx:
        return list(tx.policies.current()), [reads for reads, _ in rates.outdated(tx)]


def _read_rates(tx: Tx, *, reads: str, day: date, beyond: int | None, size: int) -> Batch:
    return tx.cases.reading_rates(reads, beyond or 0, size)


def _read_due(tx: Tx, *, day: date, beyond: tuple[date, int] | None, size: int) -> Batch:
    return tx.cases.due(day, beyond, size)


def _read_stale(tx: Tx, *, name: str, day: date, beyond: int | None, size: int) -> Batch:
    return tx.cases.stale(tx.policies.get(name), day, beyond or 0, size)


def _read_unranked(tx: Tx, *, day: date, beyond: tuple[int, int] | None, size: int) -> Batch:
    return tx.cases.unranked(tx.cases.chances.version, beyond or (-2, 0), size)


def _one(desk: Desk, read: Callable[[Tx], Batch], fresh: _Fresh | None, day: date, dry_run: bool) -> _Reviewed:
    """Read, decide and write one batch in one transaction."""

    # Looking ahead, what follows takes effect on the day that is looked at.
    moment = desk.now.later((day - desk.now.today).days) if day > desk.now.today else desk.now

    def work(tx: Tx, batch: Batch | None = None) -> _Reviewed:
        batch = batch or read(tx)
        policies = tx.policies.current()
        done = _Reviewed([], [], len(batch.filed) + len(batch.unreadable), batch.beyond)
        done.failed += [{"case": number, "error": error} for number, error in batch.unreadable]
        decided: list[tuple[Filed, Decision]] = []
        for filed in batch.filed:
            try:
                terms = fresh(filed.case) if fresh else None
                decided.append((filed, review(filed.case, _policy(policies, filed), moment, day, terms)))
            except Exception as error:  # noqa: BLE001 - whatever is wrong with one case must not stop the others
                done.failed.append({"case": filed.case.case_id, "error": _said(error)})
        written = {filed.case.case_id for filed, _ in decided}
        if not dry_run:
            unreadable: list[tuple[int, str]] = []
            written = {filed.case.case_id for filed in tx.cases.append_many(decided, unreadable)}
            done.failed += [{"case": number, "error": error} for number, error in unreadable]
            written_or_failed = written | {number for number, _ in unreadable}
            done.lost = [f.case.case_id for f, _ in decided if f.case.case_id not in written_or_failed]
        done.decisions = [decision for filed, decision in decided if filed.case.case_id in written]
        return done

    def looked() -> _Reviewed:
        with desk.store.reading() as tx:
            return work(tx)

    if dry_run:
        return _going_on(desk, looked)
    done = _going_on(desk, lambda: desk.store.writing(work))
    for _ in range(_PASSES):
        if not done.lost:
            return done
        # Another writer was first on these: read them again, and decide again.
        lost, done.lost = done.lost, []
        chosen = partial(lambda tx, lost: work(tx, tx.cases.chosen(lost)), lost=lost)
        again = _going_on(desk, partial(desk.store.writing, chosen))
        done.decisions += again.decisions
        done.failed += again.failed
        done.lost = again.lost
    done.failed += [{"case": number, "error": "other writers changed it each time"} for number in done.lost]
    return done


def _policy(policies: dict[str, Policy], filed: Filed) -> Policy:
    """The policy of a case. Nothing is asked of the database here: its errors are none of the case's own."""
    found = policies.get(filed.case.policy)
    if found is None:
        raise PolicyNotFoundError("There is no policy '{name}'.", name=filed.case.policy)
    return found


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
    values = {each.name: getattr(summary, each.name) for each in fields(summary)}
    answer = canonical(values | {"as_of": summary.as_of.isoformat()})

    def work(tx: Tx) -> SweepSummary:
        if earlier := _answer(desk.done(tx)):
            return earlier
        desk.note_done(tx, "sweep", None, None, None, answer)
        return summary

    return desk.store.writing(work)
