"""Whose hands an alert is in: leases, hand-overs, second opinions, merging; and what was said before the room."""

import sqlalchemy as sa
from alembic import op

from harbour.runtime.database import Moment

revision = "safeguard_0007"
down_revision = "safeguard_0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables and columns."""
    op.add_column("alerts", sa.Column("claimed_at", Moment, nullable=True))
    op.add_column("alerts", sa.Column("offered_to", sa.String(64), nullable=False, server_default=""))
    op.add_column("alerts", sa.Column("offered_name", sa.Text, nullable=False, server_default=""))
    op.add_column("alerts", sa.Column("merged_into", sa.String(64), nullable=False, server_default=""))
    op.create_index("alerts_of_member", "alerts", ["member_id", "raised_at"])
    op.create_index("alerts_merged", "alerts", ["merged_into"])
    op.create_table(
        "at_desk",
        sa.Column("staff_id", sa.String(64), primary_key=True),
        sa.Column("active_at", Moment, nullable=False),
    )
    op.create_table(
        "opinions",
        sa.Column("opinion_id", sa.String(64), primary_key=True),
        sa.Column("alert_id", sa.String(64), nullable=False),
        sa.Column("asked_by", sa.Text, nullable=False),
        sa.Column("asked_at", Moment, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("of_id", sa.String(64), nullable=False),
        sa.Column("of_name", sa.Text, nullable=False),
        sa.Column("given_at", Moment, nullable=True),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("given_with", sa.String(128), nullable=False),
    )
    op.create_index("opinions_of_alert", "opinions", ["alert_id", "asked_at"])
    op.create_table(
        "check_ins",
        sa.Column("check_in_id", sa.String(128), primary_key=True),
        sa.Column("session_id", sa.String(64), nullable=False),
        sa.Column("member_id", sa.String(64), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("feeling", sa.Integer, nullable=False),
        sa.Column("alone", sa.String(16), nullable=False),
        sa.Column("joins", sa.Boolean, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_index("check_ins_of_member", "check_ins", ["session_id", "member_id"])
    op.create_index("check_ins_at", "check_ins", ["at"])


def downgrade() -> None:
    """Take them away again, with all that is in them."""
    for table in ("check_ins", "opinions", "at_desk"):
        op.drop_table(table)
    op.drop_index("alerts_merged", "alerts")
    op.drop_index("alerts_of_member", "alerts")
    for column in ("merged_into", "offered_name", "offered_to", "claimed_at"):
        op.drop_column("alerts", column)
