"""What the labelled rows show of a draft of a rule."""

import sqlalchemy as sa
from alembic import op

revision = "safeguard_0020"
down_revision = "safeguard_0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the column; a trial from before was not held against the rows."""
    op.add_column("rule_trials", sa.Column("labelled", sa.JSON, nullable=True))


def downgrade() -> None:
    """Take it away again."""
    op.drop_column("rule_trials", "labelled")
