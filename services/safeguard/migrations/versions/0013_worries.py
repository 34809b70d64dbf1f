"""When a practice alert was sent, and when it came to the queue."""

import sqlalchemy as sa
from alembic import op

from harbour.runtime.database import Moment

revision = "safeguard_0013"
down_revision = "safeguard_0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the columns."""
    for name in ("sent_at", "raised_at"):
        op.add_column("canaries", sa.Column(name, Moment, nullable=True))


def downgrade() -> None:
    """Take them away again."""
    for name in ("raised_at", "sent_at"):
        op.drop_column("canaries", name)
