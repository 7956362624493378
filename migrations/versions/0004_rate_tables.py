"""Which rate table the interest of a case goes on with"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_THERE = sa.text("rates IS NOT NULL")


def upgrade() -> None:
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("rates", sa.Text(), nullable=True))
        batch_op.create_index(
            batch_op.f("ix_cases_rates_case_id"),
            ["rates", "case_id"],
            unique=False,
            sqlite_where=_THERE,
            postgresql_where=_THERE,
        )


def downgrade() -> None:
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_cases_rates_case_id"))
        batch_op.drop_column("rates")
