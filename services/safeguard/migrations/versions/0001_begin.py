"""Begin: what was heard, the alerts and their deeds, the rota, and the outbox."""

import sqlalchemy as sa
from alembic import op

from harbour.runtime.database import Moment
from harbour.runtime.outbox import create_outbox

revision = "safeguard_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    create_outbox(op)
    _make_what_is_heard()
    _make_alerts()
    op.create_table(
        "sessions",
        sa.Column("session_id", sa.String(64), primary_key=True),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("known_at", Moment, nullable=False),
    )
    op.create_table(
        "staff",
        sa.Column("staff_id", sa.String(64), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("officer", sa.Boolean, nullable=False),
        sa.Column("lead", sa.Boolean, nullable=False),
        sa.Column("added_at", Moment, nullable=False),
        sa.Column("known_at", Moment, nullable=False),
    )


def _make_what_is_heard() -> None:
    op.create_table(
        "heard",
        sa.Column("message_id", sa.String(128), primary_key=True),
        sa.Column("session_id", sa.String(64), nullable=False),
        sa.Column("member_id", sa.String(64), nullable=False),
        sa.Column("nickname", sa.Text, nullable=False),
        sa.Column("speaker", sa.String(16), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("held", sa.Boolean, nullable=False),
    )
    op.create_index("heard_in_session", "heard", ["session_id", "at"])
    op.create_index("heard_at", "heard", ["at"])
    op.create_table(
        "voices",
        sa.Column("session_id", sa.String(64), primary_key=True),
        sa.Column("member_id", sa.String(64), primary_key=True),
        sa.Column("at", Moment, nullable=False),
    )
    op.create_index("voices_at", "voices", ["at"])
    op.create_table(
        "releases",
        sa.Column("message_id", sa.String(128), primary_key=True),
        sa.Column("at", Moment, nullable=False),
    )


def _make_alerts() -> None:
    op.create_table(
        "alerts",
        sa.Column("alert_id", sa.String(64), primary_key=True),
        sa.Column("message_id", sa.String(128), nullable=False, unique=True),
        sa.Column("session_id", sa.String(64), nullable=False),
        sa.Column("member_id", sa.String(64), nullable=False),
        sa.Column("nickname", sa.Text, nullable=False),
        sa.Column("speaker", sa.String(16), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("said_at", Moment, nullable=False),
        sa.Column("urgency", sa.String(16), nullable=False),
        sa.Column("categories", sa.JSON, nullable=False),
        sa.Column("reasons", sa.JSON, nullable=False),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("raised_at", Moment, nullable=False),
        sa.Column("due_at", Moment, nullable=False),
        sa.Column("pages", sa.Integer, nullable=False),
        sa.Column("held", sa.Boolean, nullable=False),
        sa.Column("claimed_by", sa.String(64), nullable=False),
        sa.Column("claimed_name", sa.Text, nullable=False),
        sa.Column("resolved_at", Moment, nullable=True),
        sa.Column("resolved_with", sa.String(128), nullable=False),
    )
    op.create_index("alerts_by_state", "alerts", ["state", "due_at"])
    op.create_index("alerts_resolved", "alerts", ["resolved_at"])
    op.create_table(
        "deeds",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
        sa.Column("deed_id", sa.String(64), nullable=False, unique=True),
        sa.Column("alert_id", sa.String(64), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("what", sa.String(16), nullable=False),
        sa.Column("note", sa.Text, nullable=False),
    )
    op.create_index("deeds_of_alert", "deeds", ["alert_id", "number"])


def downgrade() -> None:
    """Take the tables away again, with all that is in them."""
    for table in ("staff", "sessions", "deeds", "alerts", "releases", "voices", "heard", "outbox"):
        op.drop_table(table)
