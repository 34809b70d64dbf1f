"""What young people keep: a wrapped key for each book, and its sealed entries."""

import sqlalchemy as sa
from alembic import op

from harbour.runtime.database import Moment

revision = "enrolment_0003"
down_revision = "enrolment_0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make room for books."""
    op.create_table(
        "book_keys",
        sa.Column("member_id", sa.String(64), primary_key=True),
        sa.Column("wrapped_key", sa.Text, nullable=False),
        sa.Column("keeping", sa.String(20), nullable=False),
        sa.Column("erase_at", Moment, nullable=True),
    )
    op.create_table(
        "book_entries",
        sa.Column("member_id", sa.String(64), primary_key=True),
        sa.Column("entry_id", sa.String(64), primary_key=True),
        sa.Column("sealed", sa.Text, nullable=False),
    )


def downgrade() -> None:
    """Take the books away again."""
    op.drop_table("book_entries")
    op.drop_table("book_keys")
