"""The rule bench: drafts, trials, editions, harmless lines."""

import sqlalchemy as sa
from alembic import op

from harbour.runtime.database import Moment

revision = "safeguard_0012"
down_revision = "safeguard_0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "rule_drafts",
        sa.Column("draft_id", sa.String(64), primary_key=True),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("rule_id", sa.String(80), nullable=False),
        sa.Column("rule", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("restores", sa.Integer, nullable=True),
        sa.Column("text_hash", sa.String(64), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("authors", sa.JSON, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("changed_at", Moment, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("proposed_by", sa.String(64), nullable=False),
        sa.Column("proposed_by_lead", sa.Boolean, nullable=False),
        sa.Column("decided_by", sa.Text, nullable=False),
        sa.Column("decided_at", Moment, nullable=True),
        sa.Column("decided_with", sa.String(128), nullable=False),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("edition", sa.Integer, nullable=True),
        sa.Column("shadow_since", Moment, nullable=True),
    )
    op.create_index("rule_drafts_by_state", "rule_drafts", ["state"])
    op.create_table(
        "rule_trials",
        sa.Column("trial_id", sa.String(64), primary_key=True),
        sa.Column("draft_id", sa.String(64), nullable=False),
        sa.Column("text_hash", sa.String(64), nullable=False),
        sa.Column("edition", sa.Integer, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("started_at", Moment, nullable=False),
        sa.Column("ended_at", Moment, nullable=True),
        sa.Column("total", sa.Integer, nullable=False),
        sa.Column("done", sa.Integer, nullable=False),
        sa.Column("upto", sa.JSON, nullable=False),
        sa.Column("lines", sa.Integer, nullable=False),
        sa.Column("lines_changed", sa.JSON, nullable=False),
        sa.Column("faults", sa.JSON, nullable=False),
        sa.Column("before_us", sa.Float, nullable=False),
        sa.Column("after_us", sa.Float, nullable=False),
    )
    op.create_index("rule_trials_of_draft", "rule_trials", ["draft_id", "started_at"])
    op.create_table(
        "rule_hits",
        sa.Column("found_by", sa.String(64), primary_key=True),
        sa.Column("message_id", sa.String(128), primary_key=True),
        sa.Column("what", sa.String(8), nullable=False),
        sa.Column("was", sa.String(16), nullable=True),
        sa.Column("becomes", sa.String(16), nullable=True),
        sa.Column("at", Moment, nullable=False),
    )
    op.create_index("rule_hits_at", "rule_hits", ["at"])
    op.create_table(
        "rule_editions",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("version", sa.String(64), nullable=False),
        sa.Column("rules", sa.JSON, nullable=False),
        sa.Column("off", sa.JSON, nullable=False),
        sa.Column("published_at", Moment, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("approver", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("what", sa.Text, nullable=False),
        sa.Column("restores", sa.Integer, nullable=True),
        sa.Column("cause", sa.String(128), nullable=False, unique=True),
    )
    op.create_table(
        "rule_lines",
        sa.Column("line_id", sa.String(64), primary_key=True),
        sa.Column("alert_id", sa.String(64), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("rules", sa.JSON, nullable=False),
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("dropped_at", Moment, nullable=True),
    )
    op.create_index("rule_lines_of_alert", "rule_lines", ["alert_id"])


def downgrade() -> None:
    """Take them away again, with all that is in them."""
    op.drop_table("rule_lines")
    op.drop_table("rule_editions")
    op.drop_table("rule_hits")
    op.drop_table("rule_trials")
    op.drop_table("rule_drafts")
