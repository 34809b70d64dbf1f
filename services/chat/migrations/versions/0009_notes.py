"""What the adults of a room told one another."""

import sqlalchemy as sa
from alembic import op

from harbour.runtime.database import Moment

revision = "chat_0009"
down_revision = "chat_0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the book of notes."""
    op.create_table(
        "staff_notes",
        sa.Column("note_id", sa.String(64), primary_key=True),
        sa.Column("session_id", sa.String(64), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("handover", sa.Boolean, nullable=False),
    )
    op.create_index("ix_staff_notes_session_id", "staff_notes", ["session_id"])


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("staff_notes")
