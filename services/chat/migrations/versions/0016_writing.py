"""Whether a room shows who is writing."""

import sqlalchemy as sa
from alembic import op

revision = "chat_0016"
down_revision = "chat_0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Off, until an adult turns it on."""
    op.add_column("ways", sa.Column("show_writing", sa.Boolean, nullable=False, server_default=sa.false()))


def downgrade() -> None:
    """Take it away again."""
    op.drop_column("ways", "show_writing")
