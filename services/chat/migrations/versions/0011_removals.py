"""Who was asked to step out of an evening."""

import sqlalchemy as sa
from alembic import op

from harbour.runtime.database import Moment

revision = "chat_0011"
down_revision = "chat_0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the book of removals."""
    op.create_table(
        "removals",
        sa.Column("session_id", sa.String(64), primary_key=True),
        sa.Column("member_id", sa.String(64), primary_key=True),
        sa.Column("turn", sa.Integer, primary_key=True),
        sa.Column("removal_id", sa.String(64), nullable=False, unique=True),
        sa.Column("nickname", sa.Text, nullable=False),
        sa.Column("badge", sa.Text, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("back_by", sa.String(64), nullable=False),
        sa.Column("back_name", sa.Text, nullable=False),
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("removals")
