"""Who had a room open, from when to when."""

import sqlalchemy as sa
from alembic import op

from harbour.runtime.database import Moment

revision = "chat_0012"
down_revision = "chat_0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the book of stays."""
    op.create_table(
        "stays",
        sa.Column("session_id", sa.String(64), primary_key=True),
        sa.Column("person_id", sa.String(64), primary_key=True),
        sa.Column("began_at", Moment, primary_key=True),
        sa.Column("until", Moment, nullable=False),
    )


def downgrade() -> None:
    """Take it away again, with all that is in it."""
    op.drop_table("stays")
