"""The links in pages to staff."""

import sqlalchemy as sa
from alembic import op

from harbour.runtime.database import Moment

revision = "notify_0002"
down_revision = "notify_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "links",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("alert_id", sa.String(64), nullable=False),
        sa.Column("expires_at", Moment, nullable=False),
        sa.Column("spent_at", Moment, nullable=True),
        sa.Column("spent_with", sa.String(128), nullable=False),
    )
    op.create_index("ix_links_expires_at", "links", ["expires_at"])


def downgrade() -> None:
    """Take it away again, with all that is in it."""
    op.drop_table("links")
