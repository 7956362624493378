"""What a contact about each case is worth, the chances learned from closed cases, and debtors taken by collectors"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0005"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_OPEN = sa.text("worth IS NOT NULL")
_INDEXES = (
    (["worth", "case_id"], _OPEN),
    (["collector", "worth", "case_id"], _OPEN),
    (["worth_under", "case_id"], sa.text("status <> 'closed'")),
)


def upgrade() -> None:

    # The balance stands in for the worth of open cases until the first nightly run works it out (worth_under is -1).
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("worth", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("worth_under", sa.Integer(), nullable=True))
    op.execute(sa.text("UPDATE cases SET worth_under = CASE status WHEN 'closed' THEN 0 ELSE -1 END"))
    op.execute(sa.text("UPDATE cases SET worth = balance WHERE status = 'open'"))
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.alter_column("worth_under", existing_type=sa.Integer(), nullable=False)
    for columns, where in _INDEXES:
        name = op.f(f"ix_cases_{'_'.join(columns)}")
        op.create_index(name, "cases", columns, unique=False, sqlite_where=where, postgresql_where=where)
    op.create_table(
        "recovery_chances",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("bucket", sa.String(length=8), nullable=False),
        sa.Column("segment", sa.String(length=24), nullable=False),
        sa.Column("chance", sa.Integer(), nullable=False),
        sa.Column("cases", sa.Integer(), nullable=False),
        sa.Column("learned_at", sa.String(length=27), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("version", "bucket", "segment", name=op.f("pk_recovery_chances")),
    )
    op.create_table(
        "leases",
        sa.Column("debtor_id", _ID, autoincrement=False, nullable=False),
        sa.Column("collector", _KEY, nullable=False),
        sa.Column("taken_at", sa.String(length=27), nullable=False),
        sa.Column("expires_at", sa.String(length=27), nullable=False),
        sa.PrimaryKeyConstraint("debtor_id", name=op.f("pk_leases")),
    )
    op.create_index(op.f("ix_leases_collector"), "leases", ["collector"], unique=False)


def downgrade() -> None:

    op.drop_index(op.f("ix_leases_collector"), table_name="leases")
    op.drop_table("leases")
    op.drop_table("recovery_chances")
    for columns, _ in _INDEXES:
        op.drop_index(op.f(f"ix_cases_{'_'.join(columns)}"), table_name="cases")
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.drop_column("worth_under")
        batch_op.drop_column("worth")
