"""Check the journals, and name their heads to be noted elsewhere."""

from __future__ import annotations

from collections.abc import Callable

from ..domain.views import AuditReport
from ..errors import UsageError
from .claims import days_differ
from .desk import Desk


def verify(
    desk: Desk, head: str | None = None, case: str | None = None, progress: Callable[[int, int], None] | None = None
) -> AuditReport:
    """Check every chain and every derived row. `head` is a digest of `case` that was noted outside the database."""
    if (head is None) != (case is None):
        raise UsageError("A noted head belongs to a case.", hint="Give both: --head DIGEST --case CASE")
    with desk.store.reading() as tx:
        heads = {tx.cases.find(case): head} if head and case else {}
        return tx.verify(heads, progress, days_differ(desk.settings, desk.now.today))


def heads(desk: Desk, ref: str | None = None) -> list[tuple[int, int, str]]:
    """The number, length and head digest of each case, or of one."""
    with desk.store.reading() as tx:
        return tx.cases.heads(tx.cases.find(ref) if ref else None)
