"""The statement of a case: every line that makes its balance on a day."""

from __future__ import annotations

from datetime import date, timedelta

from ..domain.views import StatementView
from .desk import Desk


def statement(desk: Desk, ref: str, since: date | None = None, until: date | None = None) -> StatementView:
    """The lines from one day to another; without them, from the beginning to today. A later day is a projection."""
    with desk.store.reading() as tx:
        view = desk.view(tx, tx.cases.load(tx.cases.find(ref)))
    day = until or desk.now.today
    eve = since - timedelta(days=1) if since else None
    return StatementView(view, since, day, view.case.ledger(day, cuts=[eve] if eve else []))
