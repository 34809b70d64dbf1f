"""Courses and their evenings, who belongs in them, and what was decided about held messages."""

import sqlalchemy as sa
from alembic import op

from harbour.runtime.database import Moment
from harbour.runtime.outbox import create_outbox

revision = "chat_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    create_outbox(op)
    op.create_table(
        "courses",
        sa.Column("course_id", sa.String(64), primary_key=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("planned_at", Moment, nullable=False),
    )
    op.create_table(
        "sessions",
        sa.Column("session_id", sa.String(64), primary_key=True),
        sa.Column("course_id", sa.String(64), nullable=False),
        sa.Column("week", sa.Integer, nullable=False),
        sa.Column("topic", sa.Text, nullable=False),
        sa.Column("starts_at", Moment, nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("opened_at", Moment),
        sa.Column("started_at", Moment),
        sa.Column("ended_at", Moment),
    )
    op.create_index("ix_sessions_course_id", "sessions", ["course_id"])
    op.create_table(
        "people",
        sa.Column("course_id", sa.String(64), primary_key=True),
        sa.Column("person_id", sa.String(64), primary_key=True),
        sa.Column("speaker", sa.String(16), nullable=False),
        sa.Column("nickname", sa.Text, nullable=False),
        sa.Column("badge", sa.Text, nullable=False),
    )
    op.create_table(
        "decisions",
        sa.Column("held_id", sa.String(64), primary_key=True),
        sa.Column("session_id", sa.String(64), nullable=False),
        sa.Column("held_number", sa.BigInteger, nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("decided_at", Moment, nullable=False),
        sa.Column("number", sa.BigInteger),
    )
    op.create_index("ix_decisions_session_id", "decisions", ["session_id"])
    op.create_index("ix_decisions_number", "decisions", ["number"])


def downgrade() -> None:
    """Take the tables away again, with all that is in them."""
    for table in ("decisions", "people", "sessions", "courses", "outbox"):
        op.drop_table(table)
