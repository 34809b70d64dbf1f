"""What each evening is for."""

import sqlalchemy as sa
from alembic import op

revision = "enrolment_0002"
down_revision = "enrolment_0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the aim; evenings that were planned before have none."""
    op.add_column("evenings", sa.Column("aim", sa.Text, nullable=False, server_default=""))


def downgrade() -> None:
    """Take the aims away again."""
    op.drop_column("evenings", "aim")
