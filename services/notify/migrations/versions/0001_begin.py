"""Begin: addresses, calendar, alerts, outgoing, and the outbox."""

import sqlalchemy as sa
from alembic import op

from harbour.runtime.database import Moment
from harbour.runtime.outbox import create_outbox

revision = "notify_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    create_outbox(op)
    op.create_table(
        "addresses",
        sa.Column("person_id", sa.String(64), primary_key=True),
        sa.Column("sealed", sa.Text, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("given_at", Moment, nullable=False),
    )
    op.create_table(
        "calendar",
        sa.Column("course_id", sa.String(64), primary_key=True),
        sa.Column("evenings", sa.JSON, nullable=False),
        sa.Column("told_at", Moment, nullable=False),
    )
    op.create_table(
        "alerts",
        sa.Column("alert_id", sa.String(64), primary_key=True),
        sa.Column("raised_at", Moment, nullable=False),
    )
    op.create_table(
        "outgoing",
        sa.Column("notice_id", sa.String(64), primary_key=True),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("person_id", sa.String(64), nullable=False),
        sa.Column("about", sa.String(64), nullable=False),
        sa.Column("sealed", sa.Text, nullable=False),
        sa.Column("queued_at", Moment, nullable=False),
        sa.Column("expires_at", Moment, nullable=True),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("channel", sa.String(16), nullable=False),
        sa.Column("settled_at", Moment, nullable=True),
        sa.Column("why", sa.String(200), nullable=False),
    )
    op.create_index("ix_outgoing_person_id", "outgoing", ["person_id"])
    op.create_index("ix_outgoing_expires_at", "outgoing", ["expires_at"])


def downgrade() -> None:
    """Take the tables away again, with all that is in them."""
    for table in ("outgoing", "alerts", "calendar", "addresses", "outbox"):
        op.drop_table(table)
