"""The chain: what was decided, each entry holding the hash of the one before."""

import sqlalchemy as sa
from alembic import op

from harbour.runtime.database import Moment

revision = "safeguard_0004"
down_revision = "safeguard_0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "chain",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("previous", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("at", Moment, nullable=False),
        sa.Column("who", sa.String(64), nullable=False),
        sa.Column("facts", sa.Text, nullable=False),
        sa.Column("cause", sa.String(128), nullable=False, unique=True),
        sa.Column("place", sa.String(8), nullable=False),
        sa.Column("words_hash", sa.String(64), nullable=False),
        sa.Column("words", sa.Text, nullable=True),
        sa.Column("salt", sa.String(32), nullable=True),
        sa.Column("hash", sa.String(64), nullable=False),
    )
    op.create_index("ix_chain_subject", "chain", ["subject"])
    op.create_table(
        "chain_head",
        sa.Column("one", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("number", sa.Integer, nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )


def downgrade() -> None:
    """Take them away again, with all that is in them."""
    op.drop_table("chain_head")
    op.drop_table("chain")
