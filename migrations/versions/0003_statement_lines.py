"""Lines of statements: their numbers, what they are known again by, and why they were booked where they are"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_KEY = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
_LINES = sa.table(
    "bank_lines",
    sa.column("line_key", sa.Text),
    sa.column("imported_at", sa.String),
    sa.column("seq", sa.Integer),
    sa.column("number", sa.BigInteger),
    sa.column("waits", sa.Boolean),
    sa.column("matched_by", sa.String),
)
_INDEXES = (["number"], ["waits", "number"], ["reference"], ["end_to_end"], ["account_key"])


def upgrade() -> None:

    with op.batch_alter_table("bank_lines", schema=None) as batch_op:
        batch_op.add_column(sa.Column("number", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("waits", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("matched_by", sa.String(length=12), nullable=True))
        batch_op.add_column(sa.Column("end_to_end", _KEY, nullable=True))
        batch_op.add_column(sa.Column("account_key", sa.String(length=64), nullable=True))
        batch_op.add_column(sa.Column("own_account", sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column("statement", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("place", sa.Integer(), nullable=True))

    conn = op.get_bind()
    order = (_LINES.c.imported_at, _LINES.c.line_key)
    rows = conn.execute(sa.select(_LINES.c.line_key, _LINES.c.seq).order_by(*order)).all()
    fill = sa.update(_LINES).where(_LINES.c.line_key == sa.bindparam("of_key"))
    fill = fill.values({name: sa.bindparam(f"new_{name}") for name in ("number", "waits", "matched_by")})
    if rows:
        conn.execute(
            fill,
            [
                {
                    "of_key": key,
                    "new_number": number,
                    "new_waits": seq is None,
                    "new_matched_by": None if seq is None else "reference",
                }
                for number, (key, seq) in enumerate(rows, 1)
            ],
        )
        counters = sa.table("counters", sa.column("name", sa.String), sa.column("next", sa.BigInteger))
        conn.execute(sa.insert(counters).values(name="bank_lines", next=len(rows) + 1))

    with op.batch_alter_table("bank_lines", schema=None) as batch_op:
        batch_op.alter_column("number", existing_type=sa.BigInteger(), nullable=False)
        batch_op.alter_column("waits", existing_type=sa.Boolean(), nullable=False)
        for columns in _INDEXES:
            batch_op.create_index(batch_op.f(f"ix_bank_lines_{'_'.join(columns)}"), columns, unique=False)


def downgrade() -> None:

    conn = op.get_bind()
    conn.execute(sa.text("DELETE FROM counters WHERE name = 'bank_lines'"))
    with op.batch_alter_table("bank_lines", schema=None) as batch_op:
        for columns in _INDEXES:
            batch_op.drop_index(batch_op.f(f"ix_bank_lines_{'_'.join(columns)}"))
        for name in (
            "place",
            "statement",
            "own_account",
            "account_key",
            "end_to_end",
            "matched_by",
            "waits",
            "number",
        ):
            batch_op.drop_column(name)
