"""The nightly run's second pass: warn of deadlines that come near, and work out anew what has changed.

It reads the open cases whose `warn_on` has come, and those whose days have to be worked out: something happened on
them, or their rules are others now. Each batch is one transaction, and whatever is left is left for the next run.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from ..domain.cases import Decision
from ..domain.deadline_warnings import Outlook, outlook, warnings_of
from ..errors import PolicyNotFoundError, said
from ..store.cases import OfLaw
from .claims import Claims, digest_of, logs
from .desk import Desk

if TYPE_CHECKING:
    from ..domain.debtors import Debtor
    from ..domain.reckoning import Due
    from ..store.cases import Batch, Beyond, Filed
    from ..store.session import Tx

BATCH = 1000
_PASSES = 8
_HIGHEST = "g"  # beyond every digest, which is in hex


class Looked(NamedTuple):
    """One batch: the warnings that were written, the cases that failed, how many were looked at."""

    decisions: list[Decision]
    failed: list[dict[str, object]]
    size: int
    beyond: Beyond
    lost: list[int]


def look(desk: Desk, day: date, *, dry_run: bool, limit: int | None) -> Iterator[Looked]:
    """The batches of a pass over the days of law."""
    claims = Claims(desk.settings)
    left = limit
    for read in _readers(desk, day):
        beyond: Beyond = None
        while left is None or left > 0:
            size = BATCH if left is None else min(BATCH, left)
            batch = _one(desk, claims, partial(read, beyond=beyond, size=size), day, dry_run)
            if batch.size:
                yield batch
            beyond = batch.beyond
            left = None if left is None else left - batch.size
            if batch.size < size:
                break


def _readers(desk: Desk, day: date) -> Iterator[Callable[..., Batch]]:
    yield lambda tx, *, beyond, size: tx.cases.law_due(day, beyond, size)
    with desk.store.reading() as tx:  # most nights nothing is to be worked out, and no writer is kept waiting for that
        readers = [read for name in tx.cases.jurisdictions() for read in _of(name, digest_of(desk.settings, name))]
        there = [read for read in readers if read(tx, beyond=None, size=1).size]
    yield from there


def _of(name: str, digest: str) -> Iterator[Callable[..., Batch]]:
    """The open cases of a jurisdiction whose days have to be worked out."""
    yield partial(_unknown, name=name)
    yield partial(_outdated, name=name, low="", high=digest)
    yield partial(_outdated, name=name, low=digest, high=_HIGHEST)


def _unknown(tx: Tx, *, name: str, beyond: int | None, size: int) -> Batch:
    return tx.cases.law_unknown(name, beyond or 0, size)


def _outdated(tx: Tx, *, name: str, low: str, high: str, beyond: tuple[str, int] | None, size: int) -> Batch:
    return tx.cases.law_outdated(name, low, high, beyond or (low, 0), size)


def _records(person: Debtor) -> Iterable[tuple[int, int]]:
    """The records of a person, each with how many entries it had when it was read."""
    return person.records or ((person.debtor_id, person.seq),)


def _one(desk: Desk, claims: Claims, read: Callable[[Tx], Batch], day: date, dry_run: bool) -> Looked:
    moment = desk.now.later((day - desk.now.today).days) if day > desk.now.today else desk.now

    def work(tx: Tx, batch: Batch | None = None) -> Looked:
        batch = batch or read(tx)
        if not batch.size:
            return Looked([], [], 0, batch.beyond, [])
        policies = tx.policies.current()
        failed: list[dict[str, object]] = [{"case": number, "error": error} for number, error in batch.unreadable]
        log = logs(tx, (filed.case for filed in batch.filed))
        debtors = tx.debtors.people(filed.case.debt.debtor_id for filed in batch.filed)
        decided: list[tuple[Filed, Decision, OfLaw]] = []
        for filed in batch.filed:
            case = filed.case
            try:
                policy = policies.get(case.policy)
                if policy is None:
                    raise PolicyNotFoundError("There is no policy '{name}'.", name=case.policy)
                known = tuple(debtors[case.debt.debtor_id].facts)
                dues = claims.dues(case, log.get(case.case_id, ()), known, policy)
                decision = Decision(case, policy, moment, day)
                warn_days = policy.deadlines.warn_days
                if (law := claims.law_of(case.debt.jurisdiction)) and not case.outcome:
                    for warning in list(warnings_of(case, dues, warn_days, day, law.pack.label)):
                        decision.add(warning)
                decided.append((filed, decision, _of_law(claims, decision, dues, warn_days, day)))
            except Exception as error:  # noqa: BLE001 - whatever is wrong with one case must not stop the others
                failed.append({"case": case.case_id, "error": said(error)})
        size = batch.size
        if dry_run:
            return Looked([d for _, d, _ in decided if d.entries], failed, size, batch.beyond, [])
        written = tx.cases.note_law([(filed, law) for filed, decision, law in decided if not decision.entries])
        warned = [(filed, decision) for filed, decision, _ in decided if decision.entries]
        unreadable: list[tuple[int, str]] = []
        laws = {filed.case.case_id: law for filed, _, law in decided}
        written |= {filed.case.case_id for filed in tx.cases.append_many(warned, unreadable, laws)}
        failed += [{"case": number, "error": error} for number, error in unreadable]
        read_at = {number: seq for person in debtors.values() for number, seq in _records(person)}
        if tx.debtors.seqs(read_at) != read_at:
            raise tx.collision()  # a fact of a debtor came in between, and its days are not in here
        done = written | {number for number, _ in unreadable}
        lost = [filed.case.case_id for filed, _, _ in decided if filed.case.case_id not in done]
        return Looked([d for f, d in warned if f.case.case_id in written], failed, size, batch.beyond, lost)

    if dry_run:
        with desk.store.reading() as tx:
            return work(tx)
    found = desk.store.writing(work)
    for _ in range(_PASSES):
        if not found.lost:
            return found
        again = desk.store.writing(lambda tx, lost=found.lost: work(tx, tx.cases.chosen(lost)))  # type: ignore[misc]
        found = found._replace(
            decisions=[*found.decisions, *again.decisions], failed=[*found.failed, *again.failed], lost=again.lost
        )
    failed = [{"case": number, "error": "other writers changed it each time"} for number in found.lost]
    return found._replace(failed=[*found.failed, *failed], lost=[])


def _of_law(claims: Claims, decision: Decision, dues: Sequence[Due], warn_days: Sequence[int], day: date) -> OfLaw:
    """What the row of a case holds after a run has looked at it."""
    if decision.case.outcome:
        return OfLaw(Outlook(None, None), "")
    under = claims.digest_of(decision.case.debt.jurisdiction)
    return OfLaw(outlook(decision.case, dues, warn_days, day), under)
