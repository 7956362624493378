"""Cases are found by what a list is filtered by, where few are so"""

from __future__ import annotations

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_COLUMNS = ("stage", "creditor", "portfolio", "currency")


def upgrade() -> None:
    for column in _COLUMNS:
        op.create_index(op.f(f"ix_cases_{column}"), "cases", [column])


def downgrade() -> None:
    for column in reversed(_COLUMNS):
        op.drop_index(op.f(f"ix_cases_{column}"), "cases")
