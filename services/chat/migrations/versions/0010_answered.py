"""How many have answered something private."""

import sqlalchemy as sa
from alembic import op

revision = "chat_0010"
down_revision = "chat_0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the number; of what was chosen before, the tallies tell it."""
    op.add_column("activities", sa.Column("answered", sa.Integer, nullable=False, server_default="0"))


def downgrade() -> None:
    """Take it away again."""
    op.drop_column("activities", "answered")
