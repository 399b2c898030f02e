"""Add answers that may be given again."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cached_answers",
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("team_id", sa.String(length=64), server_default="", nullable=False),
        sa.Column("blob_key", sa.String(length=200), server_default="", nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name="pk_cached_answers"),
    )
    op.create_index("ix_cached_answers_case_id", "cached_answers", ["case_id"])
    op.create_index("ix_cached_answers_expires_at", "cached_answers", ["expires_at"])
    op.add_column("answers", sa.Column("cached", sa.Boolean(), server_default=sa.text("false"), nullable=False))


def downgrade() -> None:
    op.drop_column("answers", "cached")
    op.drop_table("cached_answers")
