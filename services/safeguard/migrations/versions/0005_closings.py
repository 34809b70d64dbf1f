"""How alerts were closed, and by whom."""

import sqlalchemy as sa
from alembic import op

from harbour.runtime.database import Moment

revision = "safeguard_0005"
down_revision = "safeguard_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "closings",
        sa.Column("closing_id", sa.String(128), primary_key=True),
        sa.Column("alert_id", sa.String(64), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("due_at", Moment, nullable=False),
        sa.Column("reminders", sa.Integer, nullable=False),
        sa.Column("signed_by", sa.String(64), nullable=False),
        sa.Column("signed_name", sa.Text, nullable=False),
        sa.Column("signed_at", Moment, nullable=True),
        sa.Column("signed_with", sa.String(128), nullable=False),
        sa.Column("agreed", sa.Boolean, nullable=False),
    )
    op.create_index("closings_of_alert", "closings", ["alert_id", "at"])


def downgrade() -> None:
    """Take it away again, with all that is in it."""
    op.drop_table("closings")
