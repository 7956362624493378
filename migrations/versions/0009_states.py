"""States of cases and debtors in a shorter form, written anew from their journals; which part of a sweep is taken"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from dunning_cli.store.rebuild import states

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sweeps",
        sa.Column("name", sa.Text().with_variant(sa.Text(collation="C"), "postgresql"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("taken_at", sa.BigInteger(), nullable=False),
        sa.Column("beyond", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_sweeps")),
    )
    states(op.get_bind())


def downgrade() -> None:
    # The states stay as they are. An older program does not read them: it needs a backup from before.
    op.drop_table("sweeps")
