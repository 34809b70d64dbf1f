"""Which envelopes are open, and for whom."""

import sqlalchemy as sa
from alembic import op

from harbour.runtime.database import Moment

revision = "enrolment_0005"
down_revision = "enrolment_0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "envelope_grants",
        sa.Column("grant_id", sa.String(64), primary_key=True),
        sa.Column("member_id", sa.String(64), nullable=False),
        sa.Column("staff", sa.JSON, nullable=False),
        sa.Column("until", Moment, nullable=False),
    )
    op.create_index("envelope_grants_until", "envelope_grants", ["until"])


def downgrade() -> None:
    """Take it away again, with all that is in it."""
    op.drop_table("envelope_grants")
