"""Where each evening stands, and the alerts of one author at hand."""

import sqlalchemy as sa
from alembic import op

from harbour.runtime.database import Moment

revision = "safeguard_0008"
down_revision = "safeguard_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table and the index."""
    op.create_table(
        "rooms",
        sa.Column("session_id", sa.String(64), primary_key=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("known_at", Moment, nullable=False),
    )
    op.create_index("alerts_of_author", "alerts", ["session_id", "member_id", "said_at"])


def downgrade() -> None:
    """Take them away again."""
    op.drop_index("alerts_of_author", "alerts")
    op.drop_table("rooms")
