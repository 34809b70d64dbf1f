"""When young people were first answered."""

import sqlalchemy as sa
from alembic import op

from harbour.runtime.database import Moment

revision = "safeguard_0017"
down_revision = "safeguard_0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table, and what reports look up alerts by."""
    op.create_table(
        "replies",
        sa.Column("alert_id", sa.String(64), primary_key=True),
        sa.Column("at", Moment, nullable=False),
    )
    op.create_index("alerts_raised", "alerts", ["raised_at"])


def downgrade() -> None:
    """Take it away again, with all that is in it."""
    op.drop_index("alerts_raised", "alerts")
    op.drop_table("replies")
