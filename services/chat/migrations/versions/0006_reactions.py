"""Reactions to messages."""

import sqlalchemy as sa
from alembic import op

revision = "chat_0006"
down_revision = "chat_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "reactions",
        sa.Column("session_id", sa.String(64), primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True),
        sa.Column("person_id", sa.String(64), primary_key=True),
        sa.Column("reaction", sa.String(16), nullable=False),
        sa.Column("turn", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    """Take the table away again, with all that is in it."""
    op.drop_table("reactions")
