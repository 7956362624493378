"""What levels of dunning are counted by, on cases that are there; and which policy holds for whose new cases"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from itertools import groupby
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_KINDS = ("case_opened", "stage_moved", "held", "released", "case_closed")
_canonical = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode


def upgrade() -> None:
    op.create_table(
        "policy_assignments",
        sa.Column("subject", _KEY, nullable=False),
        sa.Column("scope", sa.String(9), nullable=False),
        sa.Column("policy", _KEY, nullable=False),
        sa.Column("assigned_at", sa.String(27), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("subject", "scope", name=op.f("pk_policy_assignments")),
    )
    _write(dict(_told()))


def downgrade() -> None:
    op.drop_table("policy_assignments")
    _write({number: {} for number, _ in _told()})


def _told() -> Iterator[tuple[int, dict[str, Any]]]:
    """Of each case that left its first stage or was on hold: what its journal says of it, as the program folds it."""
    entries = sa.table("entries", *map(sa.column, ("case_id", "seq", "kind", "effective_on", "data")))
    query = sa.select(entries.c.case_id, entries.c.kind, entries.c.effective_on, entries.c.data)
    rows = op.get_bind().execute(query.where(entries.c.kind.in_(_KINDS)).order_by(entries.c.case_id, entries.c.seq))
    for number, own in groupby(rows, key=lambda row: row.case_id):
        if found := _facts(own):
            yield number, found


def _facts(rows: Iterable[Any]) -> dict[str, Any]:
    opened, moved = "", False
    held: tuple[date, date | None] | None = None
    paused: list[dict[str, str]] = []
    for row in rows:
        on, said = date.fromisoformat(row.effective_on), json.loads(row.data)
        if row.kind == "case_opened":
            opened = row.effective_on
        elif row.kind == "stage_moved":
            moved = True
        elif row.kind == "held":
            held = (on, _day(said.get("until")))
        else:
            last = on if row.kind == "case_closed" else _day(said.get("until")) or on - timedelta(days=1)
            if held and (end := min(last, held[1] or last)) >= held[0]:
                paused.append({"start": held[0].isoformat(), "end": (end + timedelta(days=1)).isoformat()})
            held = None
    return ({"entered": opened} if moved else {}) | ({"paused": paused} if paused else {})


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def _write(found: dict[int, dict[str, Any]]) -> None:
    cases = sa.table("cases", sa.column("case_id"), sa.column("state"))
    bind = op.get_bind()
    for number, facts in found.items():
        text = bind.scalar(sa.select(cases.c.state).where(cases.c.case_id == number))
        if text is None:
            continue
        state = {key: value for key, value in json.loads(text).items() if key not in ("entered", "paused")} | facts
        bind.execute(sa.update(cases).where(cases.c.case_id == number).values(state=_canonical(state)))
