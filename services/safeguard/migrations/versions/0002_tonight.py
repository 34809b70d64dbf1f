"""Practice alerts, and who is on call."""

import sqlalchemy as sa
from alembic import op

from harbour.runtime.database import Moment

revision = "safeguard_0002"
down_revision = "safeguard_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "canaries",
        sa.Column("canary_id", sa.String(64), primary_key=True),
        sa.Column("session_id", sa.String(64), nullable=False),
        sa.Column("due_at", Moment, nullable=False),
        sa.Column("seen_at", Moment, nullable=True),
        sa.Column("seen_by", sa.String(64), nullable=False),
    )
    op.create_index("canaries_due", "canaries", ["due_at"])
    op.create_table(
        "on_call",
        sa.Column("staff_id", sa.String(64), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("until", Moment, nullable=False),
    )


def downgrade() -> None:
    """Take the tables away again, with all that is in them."""
    op.drop_table("on_call")
    op.drop_table("canaries")
