"""What an adult says with a message they give back."""

import sqlalchemy as sa
from alembic import op

revision = "chat_0008"
down_revision = "chat_0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns; what was decided before asked for another way, without words."""
    op.add_column("decisions", sa.Column("words", sa.Text, nullable=False, server_default=""))
    op.add_column("decisions", sa.Column("rephrase", sa.Boolean, nullable=False, server_default=sa.true()))
    op.add_column("decisions", sa.Column("name", sa.Text, nullable=False, server_default=""))


def downgrade() -> None:
    """Take the columns away again, with the words in them."""
    for name in ("name", "rephrase", "words"):
        op.drop_column("decisions", name)
