"""Check the journals, and name their heads to be noted elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING, Final

from ..domain.views import AuditReport, Progress
from ..errors import UsageError
from .claims import days_differ
from .desk import Desk
from .processes import as_many, side_by_side

if TYPE_CHECKING:
    from ..store.audit import Share

_TOLD: Final = 2000  # entries between two words of a process about how far it is


def verify(
    desk: Desk,
    head: str | None = None,
    case: str | None = None,
    progress: Progress | None = None,
    *,
    jobs: int | None = None,
) -> AuditReport:
    """Check every chain and every derived row. `head` is a digest of `case` that was noted outside the database.

    A large database is checked by several processes, `jobs` of them (None: as many as there are cores): each checks a
    share of the cases as it finds them, one more what is no part of a case. Where one of them fails, or there is one
    only, all is checked as it was at one moment, in this process.
    """
    if (head is None) != (case is None):
        raise UsageError("A noted head belongs to a case.", hint="Give both: --head DIGEST --case CASE")
    with desk.store.reading() as tx:
        heads = {tx.cases.find(case): head} if head and case else {}
        shares = tx.audit.shares(as_many(jobs))
        total = tx.audit.entries() if progress and len(shares) > 1 else 0
    if len(shares) > 1 and (report := _by_several(desk, shares, heads, progress, total)):
        return report
    with desk.store.reading() as tx:
        return tx.audit.everything(heads, days_differ(desk.settings, desk.now.today), progress)


def _by_several(
    desk: Desk, shares: list[Share], heads: Mapping[int, str], progress: Progress | None, total: int
) -> AuditReport | None:
    desk.store.disconnect()
    works = [
        partial(_rest, desk),
        *(partial(_share, desk, number, heads, share) for number, share in enumerate(shares)),
    ]
    seen: dict[int, int] = {}
    reports: dict[int, AuditReport] = {}
    for number, said in side_by_side(works):
        if isinstance(said, AuditReport):
            reports[number] = said
        seen[number] = said.entries if isinstance(said, AuditReport) else said
        if progress:
            progress(sum(seen.values()), total)
    if len(reports) < len(works):
        return None
    report = AuditReport()
    for _, each in sorted(reports.items()):
        report.add(each)
    return report


def _rest(desk: Desk) -> Iterator[tuple[int, int | AuditReport]]:
    with desk.store.reading() as tx:
        yield -1, tx.audit.rest()


def _share(desk: Desk, number: int, heads: Mapping[int, str], share: Share) -> Iterator[tuple[int, int | AuditReport]]:
    """How many entries of a share were seen, from time to time, and in the end what was found."""
    report = AuditReport()
    told = 0
    with desk.store.reading() as tx:
        for _ in tx.audit.share(report, share, heads, days_differ(desk.settings, desk.now.today)):
            if report.entries - told >= _TOLD:
                told = report.entries
                yield number, told
    yield number, report


def heads(desk: Desk, ref: str | None = None) -> list[tuple[int, int, str]]:
    """The number, length and head digest of each case, or of one."""
    with desk.store.reading() as tx:
        return tx.cases.heads(tx.cases.find(ref) if ref else None)
