"""Who works here, and who watched which evening."""

import sqlalchemy as sa
from alembic import op

from harbour.runtime.database import Moment

revision = "chat_0013"
down_revision = "chat_0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the books of colleagues and observers."""
    op.create_table(
        "colleagues",
        sa.Column("staff_id", sa.String(64), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("roles", sa.JSON, nullable=False),
        sa.Column("known_at", Moment, nullable=False),
    )
    op.create_table(
        "observers",
        sa.Column("session_id", sa.String(64), primary_key=True),
        sa.Column("staff_id", sa.String(64), primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("since", Moment, nullable=False),
        sa.Column("heard_at", Moment, nullable=False),
        sa.Column("until", Moment),
    )


def downgrade() -> None:
    """Take them away again."""
    op.drop_table("observers")
    op.drop_table("colleagues")
