"""Looking ahead: what the nightly runs to come would do to one case, or to all, if nothing else happened."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING

from ..domain.days import days_after
from ..domain.foresight import foresee
from ..domain.review import next_action
from ..domain.views import CaseForeseen, Outlook, SweepSummary
from ..errors import PolicyNotFoundError, UsageError, said
from .desk import Desk

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..store.cases import Batch
    from ..store.session import Tx

BATCH = 1000
DAYS = 90  # how far one case is looked at where nobody says


def explain(desk: Desk, ref: str, days: int = DAYS) -> CaseForeseen:
    """What the runs of so many days, today being the first, would do to a case, day by day."""
    until = days_after(desk.now.today, days)
    with desk.store.reading() as tx:
        filed = tx.cases.load(tx.cases.find(ref))
        policy = tx.policies.get(filed.case.policy)
        found = tuple(foresee(filed.case, policy, desk.now, until))
        after = next_action(found[-1].case if found else filed.case, policy)
        return CaseForeseen(desk.view(tx, filed), policy.label, until, found, after)


def look_ahead(desk: Desk, until: date) -> Outlook:
    """What the runs up to a day would do to all cases, summed up by day. A case that fails is listed."""
    if until < desk.now.today:
        raise UsageError("{day} is past.", hint="--until looks ahead, from today to a day to come.", day=until)
    started = perf_counter()
    seen = Outlook(desk.now.today, until)
    for batch in _batches(desk, until):
        with desk.store.reading() as tx:
            policies = tx.policies.current()
        seen.cases += batch.size
        seen.failed += [{"case": number, "error": error} for number, error in batch.unreadable]
        for filed in batch.filed:
            try:
                policy = policies.get(filed.case.policy)
                if policy is None:
                    raise PolicyNotFoundError("There is no policy '{name}'.", name=filed.case.policy)
                for day in foresee(filed.case, policy, desk.now, until):
                    seen.days.setdefault(day.on, SweepSummary(day.on)).count(list(day.entries))
            except Exception as error:  # noqa: BLE001 - whatever is wrong with one case must not stop the others
                seen.failed.append({"case": filed.case.case_id, "error": said(error)})
    seen.seconds = round(perf_counter() - started, 3)
    return seen


def _batches(desk: Desk, until: date) -> Iterator[Batch]:
    """The cases whose day comes by then, and those whose next action was worked out under another policy."""
    with desk.store.reading() as tx:
        names = list(tx.policies.current())
    readers: list[Callable[..., Batch]] = [_due, *(partial(_stale, name=name) for name in names)]
    for read in readers:
        beyond: tuple[date, int] | int | None = None
        size = BATCH
        while size == BATCH:
            with desk.store.reading() as tx:
                batch = read(tx, until=until, beyond=beyond)
            yield batch
            beyond, size = batch.beyond, batch.size


def _due(tx: Tx, *, until: date, beyond: tuple[date, int] | None) -> Batch:
    return tx.cases.due(until, beyond, BATCH)


def _stale(tx: Tx, *, name: str, until: date, beyond: int | None) -> Batch:
    return tx.cases.stale(tx.policies.get(name), until, beyond or 0, BATCH)
