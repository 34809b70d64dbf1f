"""How an evening goes: its adults, its practice alert, its pauses, and how people come."""

import sqlalchemy as sa
from alembic import op

from harbour.runtime.database import Moment

revision = "chat_0007"
down_revision = "chat_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns and tables."""
    with op.batch_alter_table("sessions") as sessions:
        sessions.add_column(sa.Column("changed_at", Moment))
        sessions.add_column(sa.Column("words", sa.Text, nullable=False, server_default=""))
        sessions.add_column(sa.Column("paused_by_itself", sa.Boolean, nullable=False, server_default=sa.false()))
        sessions.add_column(sa.Column("resumes_to", sa.String(16), nullable=False, server_default="live"))
        sessions.add_column(sa.Column("canary_id", sa.String(64)))
        sessions.add_column(sa.Column("canary_due_at", Moment))
        sessions.add_column(sa.Column("canary_seen_at", Moment))
    op.add_column("people", sa.Column("role", sa.String(16), nullable=False, server_default=""))
    op.create_table(
        "watches",
        sa.Column("session_id", sa.String(64), primary_key=True),
        sa.Column("staff_id", sa.String(64), primary_key=True),
        sa.Column("at", Moment, nullable=False),
    )
    op.create_table(
        "on_call",
        sa.Column("staff_id", sa.String(64), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("until", Moment, nullable=False),
        sa.Column("said_at", Moment, nullable=False),
    )
    op.create_table(
        "check_ins",
        sa.Column("session_id", sa.String(64), primary_key=True),
        sa.Column("member_id", sa.String(64), primary_key=True),
        sa.Column("nickname", sa.Text, nullable=False),
        sa.Column("badge", sa.Text, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("feeling", sa.Integer, nullable=False),
        sa.Column("alone", sa.String(16), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("joins", sa.Boolean, nullable=False),
    )


def downgrade() -> None:
    """Take them away again, with all that is in them."""
    for table in ("check_ins", "on_call", "watches"):
        op.drop_table(table)
    op.drop_column("people", "role")
    with op.batch_alter_table("sessions") as sessions:
        for column in (
            "changed_at", "words", "paused_by_itself", "resumes_to", "canary_id", "canary_due_at", "canary_seen_at",
        ):  # fmt: skip
            sessions.drop_column(column)
