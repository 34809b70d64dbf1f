"""Which rules and models judged a message, however much there is to say of them."""

import sqlalchemy as sa
from alembic import op

revision = "safeguard_0016"
down_revision = "safeguard_0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Let the version of a judgement be of any length: it names rules, edition, words, thresholds and meaning."""
    with op.batch_alter_table("alerts") as alerts:
        alerts.alter_column("version", existing_type=sa.String(64), type_=sa.Text, existing_nullable=False)


def downgrade() -> None:
    """Hold it to 64 characters again."""
    with op.batch_alter_table("alerts") as alerts:
        alerts.alter_column("version", existing_type=sa.Text, type_=sa.String(64), existing_nullable=False)
