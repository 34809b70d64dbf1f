"""Who left an evening early, and whom the desk looks after."""

import sqlalchemy as sa
from alembic import op

from harbour.runtime.database import Moment

revision = "safeguard_0003"
down_revision = "safeguard_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "departures",
        sa.Column("session_id", sa.String(64), primary_key=True),
        sa.Column("member_id", sa.String(64), primary_key=True),
        sa.Column("last_at", Moment, nullable=False),
        sa.Column("nickname", sa.Text, nullable=False),
        sa.Column("badge", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("evening", Moment, nullable=False),
    )
    op.create_table(
        "follow_ups",
        sa.Column("task_id", sa.String(64), primary_key=True),
        sa.Column("session_id", sa.String(64), nullable=False),
        sa.Column("member_id", sa.String(64), nullable=False),
        sa.Column("nickname", sa.Text, nullable=False),
        sa.Column("badge", sa.Text, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("evening", Moment, nullable=False),
        sa.Column("why", sa.JSON, nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("missed", sa.Integer, nullable=False),
        sa.Column("opened_at", Moment, nullable=False),
        sa.Column("done_at", Moment, nullable=True),
        sa.Column("done_by", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("done_with", sa.String(128), nullable=False, server_default=""),
    )
    op.create_index("follow_ups_done", "follow_ups", ["done_at"])


def downgrade() -> None:
    """Take them away again, with all that is in them."""
    op.drop_table("follow_ups")
    op.drop_table("departures")
