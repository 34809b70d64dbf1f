"""Who came to which evening, and whom a coordinator asks after."""

import sqlalchemy as sa
from alembic import op

from harbour.runtime.database import Moment

revision = "enrolment_0004"
down_revision = "enrolment_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the book of attendance and the list of tasks."""
    op.create_table(
        "attendance",
        sa.Column("session_id", sa.String(64), primary_key=True),
        sa.Column("member_id", sa.String(64), primary_key=True),
        sa.Column("course_id", sa.String(64), nullable=False),
        sa.Column("came", sa.String(16), nullable=False),
        sa.Column("first_at", Moment, nullable=True),
        sa.Column("last_at", Moment, nullable=True),
        sa.Column("minutes", sa.Integer, nullable=False),
    )
    op.create_index("attendance_of_member", "attendance", ["member_id", "course_id"])
    op.create_table(
        "tasks",
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
    op.create_index("tasks_done", "tasks", ["done_at"])


def downgrade() -> None:
    """Take them away again, with all that is in them."""
    op.drop_table("tasks")
    op.drop_table("attendance")
