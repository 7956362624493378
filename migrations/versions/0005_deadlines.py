"""The next day of law that passes for a case, when to warn of it, and under which rules that was worked out"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_INDEXES = (["deadline_on", "case_id"], ["warn_on", "case_id"], ["jurisdiction", "law_under", "case_id"])


def upgrade() -> None:

    # Nothing is worked out here: the first nightly run does that for the cases that are open.
    op.add_column("cases", sa.Column("deadline_on", sa.Date(), nullable=True))
    op.add_column("cases", sa.Column("warn_on", sa.Date(), nullable=True))
    op.add_column("cases", sa.Column("law_under", _KEY, nullable=True))
    op.execute(sa.text("UPDATE cases SET law_under = '' WHERE status = 'closed'"))
    for columns in _INDEXES:
        known = sa.text(f"{columns[0]} IS NOT NULL") if columns[0] != "jurisdiction" else None
        name = op.f(f"ix_cases_{'_'.join(columns)}")
        op.create_index(name, "cases", columns, unique=False, sqlite_where=known, postgresql_where=known)


def downgrade() -> None:

    for columns in _INDEXES:
        op.drop_index(op.f(f"ix_cases_{'_'.join(columns)}"), table_name="cases")
    with op.batch_alter_table("cases", schema=None) as batch_op:
        for name in ("law_under", "warn_on", "deadline_on"):
            batch_op.drop_column(name)
