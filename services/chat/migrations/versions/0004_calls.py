"""Calls for help and quiet reports."""

import sqlalchemy as sa
from alembic import op

from harbour.runtime.database import Moment

revision = "chat_0004"
down_revision = "chat_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "calls",
        sa.Column("session_id", sa.String(64), primary_key=True),
        sa.Column("member_id", sa.String(64), primary_key=True),
        sa.Column("turn", sa.Integer, primary_key=True),
        sa.Column("help_id", sa.String(64), nullable=False, unique=True),
        sa.Column("nickname", sa.Text, nullable=False),
        sa.Column("badge", sa.Text, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
    )
    op.create_table(
        "reports",
        sa.Column("session_id", sa.String(64), primary_key=True),
        sa.Column("number", sa.BigInteger, primary_key=True),
        sa.Column("member_id", sa.String(64), primary_key=True),
        sa.Column("nickname", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("by_adult", sa.Boolean, nullable=False),
        sa.Column("about", sa.String(16), nullable=False),
        sa.Column("at", Moment, nullable=False),
    )


def downgrade() -> None:
    """Take the tables away again, with all that is in them."""
    op.drop_table("reports")
    op.drop_table("calls")
