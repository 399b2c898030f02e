"""Add the budget ledger."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "budget_ledger",
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.String(length=64), server_default="", nullable=False),
        sa.Column("user_id", sa.String(length=64), server_default="", nullable=False),
        sa.Column("turn_id", sa.String(length=64), server_default="", nullable=False),
        sa.Column("tokens", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("money", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("settled", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("reserved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_budget_ledger"),
    )
    op.create_index("ix_budget_ledger_case_id", "budget_ledger", ["case_id"])
    op.create_index("ix_budget_ledger_team_id_reserved_at", "budget_ledger", ["team_id", "reserved_at"])
    op.create_index("ix_budget_ledger_user_id_reserved_at", "budget_ledger", ["user_id", "reserved_at"])


def downgrade() -> None:
    op.drop_table("budget_ledger")
