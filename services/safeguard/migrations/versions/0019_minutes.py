"""How long each evening is."""

import sqlalchemy as sa
from alembic import op

revision = "safeguard_0019"
down_revision = "safeguard_0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the column; an evening that was heard of before counts as one of 90 minutes."""
    op.add_column("evenings", sa.Column("minutes", sa.Integer, nullable=False, server_default="90"))


def downgrade() -> None:
    """Take it away again."""
    op.drop_column("evenings", "minutes")
