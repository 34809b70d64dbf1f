"""The rota: who is on duty when, who was called for an alert; and who plans and supervises."""

import sqlalchemy as sa
from alembic import op

from harbour.runtime.database import Moment

revision = "safeguard_0010"
down_revision = "safeguard_0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables and columns."""
    for role in ("coordinator", "supervisor"):
        op.add_column("staff", sa.Column(role, sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_table(
        "duties",
        sa.Column("duty_id", sa.String(64), primary_key=True),
        sa.Column("staff_id", sa.String(64), nullable=False),
        sa.Column("begins", Moment, nullable=False),
        sa.Column("ends", Moment, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
    )
    op.create_index("duties_by_time", "duties", ["ends", "begins"])
    op.create_table(
        "called",
        sa.Column("alert_id", sa.String(64), primary_key=True),
        sa.Column("staff_id", sa.String(64), primary_key=True),
        sa.Column("at", Moment, nullable=False),
    )


def downgrade() -> None:
    """Take them away again, with all that is in them."""
    op.drop_table("called")
    op.drop_table("duties")
    for role in ("supervisor", "coordinator"):
        op.drop_column("staff", role)
