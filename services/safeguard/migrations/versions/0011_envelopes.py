"""Who asked for whose contact details, and what became of it."""

import sqlalchemy as sa
from alembic import op

from harbour.runtime.database import Moment

revision = "safeguard_0011"
down_revision = "safeguard_0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "envelopes",
        sa.Column("grant_id", sa.String(64), primary_key=True),
        sa.Column("alert_id", sa.String(64), nullable=False),
        sa.Column("member_id", sa.String(64), nullable=False),
        sa.Column("nickname", sa.Text, nullable=False),
        sa.Column("why", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("alone", sa.Boolean, nullable=False),
        sa.Column("asked_by", sa.String(64), nullable=False),
        sa.Column("asked_name", sa.Text, nullable=False),
        sa.Column("asked_at", Moment, nullable=False),
        sa.Column("until", Moment, nullable=False),
        sa.Column("second_by", sa.String(64), nullable=False),
        sa.Column("second_name", sa.Text, nullable=False),
        sa.Column("granted_at", Moment, nullable=True),
        sa.Column("countersign", sa.String(16), nullable=False),
        sa.Column("countersign_due", Moment, nullable=True),
        sa.Column("countersigned_name", sa.Text, nullable=False),
        sa.Column("looks", sa.Integer, nullable=False),
        sa.Column("held_back_until", Moment, nullable=True),
        sa.Column("held_back_name", sa.Text, nullable=False),
        sa.Column("last_wish", sa.String(128), nullable=False),
        sa.Column("deed_id", sa.String(64), nullable=False),
    )
    op.create_index("envelopes_of_alert", "envelopes", ["alert_id", "asked_at"])
    op.create_index("envelopes_of_member", "envelopes", ["member_id", "asked_at"])
    op.create_index("envelopes_asked", "envelopes", ["asked_at"])


def downgrade() -> None:
    """Take it away again, with all that is in it."""
    op.drop_table("envelopes")
