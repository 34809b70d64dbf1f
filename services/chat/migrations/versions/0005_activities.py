"""What is planned for each evening, what was pushed to everybody, and what people chose."""

import sqlalchemy as sa
from alembic import op

from harbour.runtime.database import Moment

revision = "chat_0005"
down_revision = "chat_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the book of sheets."""
    op.create_table(
        "sheets",
        sa.Column("session_id", sa.String(64), primary_key=True),
        sa.Column("planned_at", Moment, nullable=False),
        sa.Column("aim", sa.Text, nullable=False),
        sa.Column("steps", sa.JSON, nullable=False),
        sa.Column("wordings", sa.JSON, nullable=False),
    )
    op.create_table(
        "activities",
        sa.Column("activity_id", sa.String(64), primary_key=True),
        sa.Column("session_id", sa.String(64), nullable=False),
        sa.Column("step_id", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("options", sa.JSON, nullable=False),
        sa.Column("low", sa.Text, nullable=False),
        sa.Column("high", sa.Text, nullable=False),
        sa.Column("opened_at", Moment, nullable=False),
        sa.Column("closed_at", Moment),
        sa.Column("tallies", sa.JSON, nullable=False),
        sa.Column("revision", sa.Integer, nullable=False),
    )
    op.create_index("ix_activities_session_id", "activities", ["session_id"])
    op.create_table(
        "choices",
        sa.Column("activity_id", sa.String(64), primary_key=True),
        sa.Column("person_id", sa.String(64), primary_key=True),
        sa.Column("choice", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    """Take it away again."""
    for table in ("choices", "activities", "sheets"):
        op.drop_table(table)
