"""Who is in which group, and when its evenings are."""

import sqlalchemy as sa
from alembic import op

from harbour.runtime.database import Moment

revision = "safeguard_0006"
down_revision = "safeguard_0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "members",
        sa.Column("course_id", sa.String(64), primary_key=True),
        sa.Column("member_id", sa.String(64), primary_key=True),
        sa.Column("nickname", sa.Text, nullable=False),
        sa.Column("badge", sa.Text, nullable=False),
        sa.Column("known_at", Moment, nullable=False),
    )
    op.create_index("members_by_id", "members", ["member_id"])
    op.create_table(
        "evenings",
        sa.Column("session_id", sa.String(64), primary_key=True),
        sa.Column("course_id", sa.String(64), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("starts_at", Moment, nullable=False),
        sa.Column("known_at", Moment, nullable=False),
    )


def downgrade() -> None:
    """Take them away again, with all that is in them."""
    op.drop_table("evenings")
    op.drop_table("members")
