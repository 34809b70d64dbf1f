"""Who leads one evening, whatever was planned."""

import sqlalchemy as sa
from alembic import op

from harbour.runtime.database import Moment

revision = "chat_0014"
down_revision = "chat_0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the book of stand-ins."""
    op.create_table(
        "stand_ins",
        sa.Column("session_id", sa.String(64), primary_key=True),
        sa.Column("staff_id", sa.String(64), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("leads", sa.Boolean, nullable=False),
        sa.Column("since", Moment, nullable=False),
    )


def downgrade() -> None:
    """Take it away again."""
    op.drop_table("stand_ins")
