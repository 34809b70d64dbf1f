"""Who had the record looked at, and what was found."""

import sqlalchemy as sa
from alembic import op

from harbour.runtime.database import Moment

revision = "safeguard_0015"
down_revision = "safeguard_0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "verifications",
        sa.Column("verification_id", sa.String(64), primary_key=True),
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("asked_at", Moment, nullable=False),
        sa.Column("ended_at", Moment, nullable=True),
        sa.Column("looked", sa.Integer, nullable=False),
        sa.Column("of", sa.Integer, nullable=False),
        sa.Column("anchors", sa.Integer, nullable=False),
        sa.Column("erased", sa.Integer, nullable=False),
        sa.Column("faults", sa.JSON, nullable=False),
        sa.Column("more_faults", sa.Integer, nullable=False),
    )
    op.create_index("verifications_asked", "verifications", ["asked_at"])


def downgrade() -> None:
    """Take it away again, with all that is in it."""
    op.drop_table("verifications")
