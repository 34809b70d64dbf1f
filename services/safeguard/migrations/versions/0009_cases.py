"""Cases, their entries, and what is to be chased."""

import sqlalchemy as sa
from alembic import op

from harbour.runtime.database import Moment

revision = "safeguard_0009"
down_revision = "safeguard_0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "cases",
        sa.Column("case_id", sa.String(64), primary_key=True),
        sa.Column("open_for", sa.String(64), nullable=False, unique=True),
        sa.Column("member_id", sa.String(64), nullable=False),
        sa.Column("nickname", sa.Text, nullable=False),
        sa.Column("badge", sa.Text, nullable=False),
        sa.Column("group", sa.Text, nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("owner_id", sa.String(64), nullable=False),
        sa.Column("owner_name", sa.Text, nullable=False),
        sa.Column("opened_at", Moment, nullable=False),
        sa.Column("changed_at", Moment, nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("closing_id", sa.String(64), nullable=False),
        sa.Column("closing_by", sa.String(64), nullable=False),
        sa.Column("closing_name", sa.Text, nullable=False),
        sa.Column("closing_since", Moment, nullable=True),
        sa.Column("closing_due", Moment, nullable=True),
        sa.Column("closing_reminders", sa.Integer, nullable=False),
    )
    op.create_index("cases_by_state", "cases", ["state", "changed_at"])
    op.create_index("cases_of_member", "cases", ["member_id"])
    op.create_table(
        "case_alerts",
        sa.Column("alert_id", sa.String(64), primary_key=True),
        sa.Column("case_id", sa.String(64), nullable=False),
        sa.Column("at", Moment, nullable=False),
    )
    op.create_index("ix_case_alerts_case_id", "case_alerts", ["case_id"])
    op.create_table(
        "case_entries",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("entry_id", sa.String(64), nullable=False, unique=True),
        sa.Column("case_id", sa.String(64), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("facts", sa.JSON, nullable=False),
    )
    op.create_index("case_entries_of", "case_entries", ["case_id", "number"])
    op.create_table(
        "chases",
        sa.Column("entry_id", sa.String(64), primary_key=True),
        sa.Column("case_id", sa.String(64), nullable=False),
        sa.Column("due_at", Moment, nullable=False),
        sa.Column("step", sa.Integer, nullable=False),
        sa.Column("done", sa.Boolean, nullable=False),
    )
    op.create_index("ix_chases_case_id", "chases", ["case_id"])
    op.create_index("chases_open", "chases", ["done", "due_at"])


def downgrade() -> None:
    """Take them away again, with all that is in them."""
    for table in ("chases", "case_entries", "case_alerts", "cases"):
        op.drop_table(table)
