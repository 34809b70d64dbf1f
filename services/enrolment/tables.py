"""The tables of enrolment."""

from sqlalchemy import (
    JSON,
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from harbour.runtime.database import Moment
from harbour.runtime.outbox import outbox_table

metadata = MetaData()
outbox_table(metadata)

courses = Table(
    "courses",
    metadata,
    Column("course_id", String(64), primary_key=True),
    Column("programme", String(64), nullable=False),
    Column("title", String(200), nullable=False),
    Column("seats", Integer, nullable=False),
    Column("taken", Integer, nullable=False),
    Column("arrivals", Integer, nullable=False),
    CheckConstraint("seats <= 8", name="courses_eight_seats"),
    CheckConstraint("taken <= seats", name="courses_never_over"),
)
evenings = Table(
    "evenings",
    metadata,
    Column("session_id", String(64), primary_key=True),
    Column("course_id", String(64), ForeignKey("courses.course_id"), nullable=False, index=True),
    Column("week", Integer, nullable=False),
    Column("topic", String(200), nullable=False),
    Column("starts_at", Moment, nullable=False),
    Column("minutes", Integer, nullable=False),
    Column("aim", Text, nullable=False, server_default=""),
)
staff = Table(
    "staff",
    metadata,
    Column("staff_id", String(64), primary_key=True),
    Column("name", String(60), nullable=False),
    Column("roles", JSON, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("totp_sealed", Text, nullable=False),
    Column("made_by", String(128), nullable=False),
    Column("last_step", BigInteger, nullable=False),
    Column("last_step_by", String(128), nullable=False),
)
course_staff = Table(
    "course_staff",
    metadata,
    Column("course_id", String(64), ForeignKey("courses.course_id"), primary_key=True),
    Column("staff_id", String(64), ForeignKey("staff.staff_id"), primary_key=True),
    Column("role", String(20), nullable=False),
)
applications = Table(
    "applications",
    metadata,
    Column("application_id", String(128), primary_key=True),
    Column("member_id", String(64), nullable=False),
    Column("course_id", String(64), ForeignKey("courses.course_id"), nullable=False),
    Column("nickname", String(64), nullable=False),
    Column("nickname_key", Text, nullable=False),
    Column("badge", String(24), nullable=False),
    Column("place", String(8), nullable=False),
    Column("arrival", Integer, nullable=False),
    Column("applied_at", Moment, nullable=False),
    UniqueConstraint("member_id", name="applications_member"),
    UniqueConstraint("course_id", "nickname_key", name="applications_nickname"),
)
marks = Table(
    "marks",
    metadata,
    Column("course_id", String(64), ForeignKey("courses.course_id"), primary_key=True),
    Column("mark", String(64), primary_key=True),
    Column("member_id", String(64), nullable=False),
    Index("marks_mark", "mark"),
)
contacts = Table(
    "contacts",
    metadata,
    Column("member_id", String(64), primary_key=True),
    Column("sealed", Text, nullable=False),
)
contact_keys = Table(
    "contact_keys",
    metadata,
    Column("member_id", String(64), primary_key=True),
    Column("wrapped_key", Text, nullable=False),
)
book_keys = Table(
    "book_keys",
    metadata,
    Column("member_id", String(64), primary_key=True),
    Column("wrapped_key", Text, nullable=False),
    Column("keeping", String(20), nullable=False),
    Column("erase_at", Moment, nullable=True),
)
book_entries = Table(
    "book_entries",
    metadata,
    Column("member_id", String(64), primary_key=True),
    Column("entry_id", String(64), primary_key=True),
    Column("sealed", Text, nullable=False),
)
attendance = Table(
    "attendance",
    metadata,
    Column("session_id", String(64), primary_key=True),
    Column("member_id", String(64), primary_key=True),
    Column("course_id", String(64), nullable=False),
    Column("came", String(16), nullable=False),
    Column("first_at", Moment, nullable=True),
    Column("last_at", Moment, nullable=True),
    Column("minutes", Integer, nullable=False),
    Index("attendance_of_member", "member_id", "course_id"),
)
tasks = Table(
    "tasks",
    metadata,
    Column("task_id", String(64), primary_key=True),
    Column("session_id", String(64), nullable=False),
    Column("member_id", String(64), nullable=False),
    Column("nickname", Text, nullable=False),
    Column("badge", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("evening", Moment, nullable=False),
    Column("why", JSON, nullable=False),
    Column("words", Text, nullable=False),
    Column("by", Text, nullable=False),
    Column("missed", Integer, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("done_at", Moment, nullable=True),
    Column("done_by", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("done_with", String(128), nullable=False, server_default=""),
    Index("tasks_done", "done_at"),
)
