"""What the adults who led an evening said of it."""

import sqlalchemy as sa
from alembic import op

from harbour.runtime.database import Moment

revision = "chat_0015"
down_revision = "chat_0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the book of debriefs."""
    op.create_table(
        "debriefs",
        sa.Column("session_id", sa.String(64), primary_key=True),
        sa.Column("staff_id", sa.String(64), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("debrief", sa.JSON, nullable=False),
        sa.Column("worries", sa.JSON, nullable=False),
        sa.Column("saved_at", Moment, nullable=False),
        sa.Column("done_at", Moment, nullable=True),
        sa.Column("done_with", sa.String(128), nullable=False),
    )


def downgrade() -> None:
    """Take it away again, with all that is in it."""
    op.drop_table("debriefs")
