"""Courses and evenings, applications and marks, the contact vault, staff."""

import sqlalchemy as sa
from alembic import op

from harbour.runtime.database import Moment
from harbour.runtime.outbox import create_outbox

revision = "enrolment_0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the tables."""
    create_outbox(op)
    _make_courses()
    _make_staff()
    _make_applications()
    _make_vault()


def _make_courses() -> None:
    op.create_table(
        "courses",
        sa.Column("course_id", sa.String(64), primary_key=True),
        sa.Column("programme", sa.String(64), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("seats", sa.Integer, nullable=False),
        sa.Column("taken", sa.Integer, nullable=False),
        sa.Column("arrivals", sa.Integer, nullable=False),
        sa.CheckConstraint("seats <= 8", name="courses_eight_seats"),
        sa.CheckConstraint("taken <= seats", name="courses_never_over"),
    )
    op.create_table(
        "evenings",
        sa.Column("session_id", sa.String(64), primary_key=True),
        sa.Column("course_id", sa.String(64), sa.ForeignKey("courses.course_id"), nullable=False),
        sa.Column("week", sa.Integer, nullable=False),
        sa.Column("topic", sa.String(200), nullable=False),
        sa.Column("starts_at", Moment, nullable=False),
        sa.Column("minutes", sa.Integer, nullable=False),
    )
    op.create_index("ix_evenings_course_id", "evenings", ["course_id"])


def _make_staff() -> None:
    op.create_table(
        "staff",
        sa.Column("staff_id", sa.String(64), primary_key=True),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("roles", sa.JSON, nullable=False),
        sa.Column("password_hash", sa.Text, nullable=False),
        sa.Column("totp_sealed", sa.Text, nullable=False),
        sa.Column("made_by", sa.String(128), nullable=False),
        sa.Column("last_step", sa.BigInteger, nullable=False),
        sa.Column("last_step_by", sa.String(128), nullable=False),
    )
    op.create_table(
        "course_staff",
        sa.Column("course_id", sa.String(64), sa.ForeignKey("courses.course_id"), primary_key=True),
        sa.Column("staff_id", sa.String(64), sa.ForeignKey("staff.staff_id"), primary_key=True),
        sa.Column("role", sa.String(20), nullable=False),
    )


def _make_applications() -> None:
    op.create_table(
        "applications",
        sa.Column("application_id", sa.String(128), primary_key=True),
        sa.Column("member_id", sa.String(64), nullable=False),
        sa.Column("course_id", sa.String(64), sa.ForeignKey("courses.course_id"), nullable=False),
        sa.Column("nickname", sa.String(64), nullable=False),
        sa.Column("nickname_key", sa.Text, nullable=False),
        sa.Column("badge", sa.String(24), nullable=False),
        sa.Column("place", sa.String(8), nullable=False),
        sa.Column("arrival", sa.Integer, nullable=False),
        sa.Column("applied_at", Moment, nullable=False),
        sa.UniqueConstraint("member_id", name="applications_member"),
        sa.UniqueConstraint("course_id", "nickname_key", name="applications_nickname"),
    )
    op.create_table(
        "marks",
        sa.Column("course_id", sa.String(64), sa.ForeignKey("courses.course_id"), primary_key=True),
        sa.Column("mark", sa.String(64), primary_key=True),
        sa.Column("member_id", sa.String(64), nullable=False),
    )
    op.create_index("marks_mark", "marks", ["mark"])


def _make_vault() -> None:
    op.create_table(
        "contacts",
        sa.Column("member_id", sa.String(64), primary_key=True),
        sa.Column("sealed", sa.Text, nullable=False),
    )
    op.create_table(
        "contact_keys",
        sa.Column("member_id", sa.String(64), primary_key=True),
        sa.Column("wrapped_key", sa.Text, nullable=False),
    )


def downgrade() -> None:
    """Take the tables away again."""
    for name in ("contact_keys", "contacts", "marks", "applications", "course_staff", "staff", "evenings", "courses"):
        op.drop_table(name)
    op.drop_table("outbox")
