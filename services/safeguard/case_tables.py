"""What safeguard keeps of cases, as tables. The words of an entry stand in the record alone, where they can go."""

from sqlalchemy import JSON, Boolean, Column, Index, Integer, String, Table, Text

from harbour.runtime.database import Moment
from services.safeguard.tables import metadata

cases = Table(
    "cases",
    metadata,
    Column("case_id", String(64), primary_key=True),
    Column("open_for", String(64), nullable=False, unique=True),
    Column("member_id", String(64), nullable=False),
    Column("nickname", Text, nullable=False),
    Column("badge", Text, nullable=False),
    Column("group", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("owner_id", String(64), nullable=False),
    Column("owner_name", Text, nullable=False),
    Column("opened_at", Moment, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("closing_id", String(64), nullable=False),
    Column("closing_by", String(64), nullable=False),
    Column("closing_name", Text, nullable=False),
    Column("closing_since", Moment, nullable=True),
    Column("closing_due", Moment, nullable=True),
    Column("closing_reminders", Integer, nullable=False),
    Index("cases_by_state", "state", "changed_at"),
    Index("cases_of_member", "member_id"),
)
"""One row for each case. `open_for` is the young person while it is not closed, so that they have one open case at
most; once it is closed, it is the case itself."""

case_alerts = Table(
    "case_alerts",
    metadata,
    Column("alert_id", String(64), primary_key=True),
    Column("case_id", String(64), nullable=False, index=True),
    Column("at", Moment, nullable=False),
)
"""Which alerts belong to a case; each to one."""

case_entries = Table(
    "case_entries",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("entry_id", String(64), nullable=False, unique=True),
    Column("case_id", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("staff_id", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("facts", JSON, nullable=False),
    Index("case_entries_of", "case_id", "number"),
)
"""The entries of cases, without their words; rows are added and never changed."""

chases = Table(
    "chases",
    metadata,
    Column("entry_id", String(64), primary_key=True),
    Column("case_id", String(64), nullable=False, index=True),
    Column("due_at", Moment, nullable=False),
    Column("step", Integer, nullable=False),
    Column("done", Boolean, nullable=False),
    Index("chases_open", "done", "due_at"),
)
"""What was asked of others, and when somebody asks after it."""
