"""What deeds are counted by."""

from alembic import op

revision = "safeguard_0018"
down_revision = "safeguard_0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the index."""
    op.create_index("deeds_by_what", "deeds", ["what", "at"])


def downgrade() -> None:
    """Take it away again."""
    op.drop_index("deeds_by_what", "deeds")
