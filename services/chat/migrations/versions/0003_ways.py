"""How each room is led."""

import sqlalchemy as sa
from alembic import op

revision = "chat_0003"
down_revision = "chat_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the book of ways."""
    op.create_table(
        "ways",
        sa.Column("session_id", sa.String(64), primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("slow_seconds", sa.Integer, nullable=False),
        sa.Column("hold_all", sa.Boolean, nullable=False),
        sa.Column("muted", sa.JSON, nullable=False),
        sa.Column("round", sa.JSON),
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("ways")
