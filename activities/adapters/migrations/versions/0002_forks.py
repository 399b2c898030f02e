"""Cases may be forks of others."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("forked_from", sa.Uuid(), nullable=True))
    op.add_column("cases", sa.Column("forked_turn", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("cases", sa.Column("model", sa.String(length=200), server_default="", nullable=False))


def downgrade() -> None:
    for name in ("model", "forked_turn", "forked_from"):
        op.drop_column("cases", name)
