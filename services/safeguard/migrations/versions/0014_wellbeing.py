"""What staff of the desk say of themselves after heavy reading."""

import sqlalchemy as sa
from alembic import op

from harbour.runtime.database import Moment

revision = "safeguard_0014"
down_revision = "safeguard_0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "shift_debriefs",
        sa.Column("debrief_id", sa.String(64), primary_key=True),
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("feels", sa.String(16), nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("wants_talk", sa.Boolean, nullable=False),
        sa.Column("talked_at", Moment, nullable=True),
        sa.Column("talked_by", sa.Text, nullable=False),
    )
    op.create_index("shift_debriefs_of", "shift_debriefs", ["staff_id", "at"])


def downgrade() -> None:
    """Take it away again, with all that is in it."""
    op.drop_table("shift_debriefs")
