"""What safeguard keeps, as tables. No column anywhere rates a person."""

from sqlalchemy import JSON, Boolean, Column, Index, Integer, MetaData, String, Table, Text, false

from harbour.runtime.database import Moment
from harbour.runtime.outbox import outbox_table

metadata = MetaData()
outbox_table(metadata)

heard = Table(
    "heard",
    metadata,
    Column("message_id", String(128), primary_key=True),
    Column("session_id", String(64), nullable=False),
    Column("member_id", String(64), nullable=False),
    Column("nickname", Text, nullable=False),
    Column("speaker", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("held", Boolean, nullable=False),
    Index("heard_in_session", "session_id", "at"),
    Index("heard_at", "at"),
)
"""The messages around an alert, for as long as context is kept. A message held and then released is one row."""

voices = Table(
    "voices",
    metadata,
    Column("session_id", String(64), primary_key=True),
    Column("member_id", String(64), primary_key=True),
    Column("at", Moment, nullable=False),
    Index("voices_at", "at"),
)
"""One row for each author in each session: taken hold of while a message of theirs is judged, so that two copies
never judge two of them side by side and miss what was split over both."""

releases = Table(
    "releases",
    metadata,
    Column("message_id", String(128), primary_key=True),
    Column("at", Moment, nullable=False),
)
"""Held messages that an adult has let the room read."""

alerts = Table(
    "alerts",
    metadata,
    Column("alert_id", String(64), primary_key=True),
    Column("message_id", String(128), nullable=False, unique=True),
    Column("session_id", String(64), nullable=False),
    Column("member_id", String(64), nullable=False),
    Column("nickname", Text, nullable=False),
    Column("speaker", String(16), nullable=False),
    Column("text", Text, nullable=False),
    Column("said_at", Moment, nullable=False),
    Column("urgency", String(16), nullable=False),
    Column("categories", JSON, nullable=False),
    Column("reasons", JSON, nullable=False),
    Column("version", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("raised_at", Moment, nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("held", Boolean, nullable=False),
    Column("claimed_by", String(64), nullable=False),
    Column("claimed_name", Text, nullable=False),
    Column("resolved_at", Moment, nullable=True),
    Column("resolved_with", String(128), nullable=False),
    Column("claimed_at", Moment, nullable=True),
    Column("offered_to", String(64), nullable=False, server_default=""),
    Column("offered_name", Text, nullable=False, server_default=""),
    Column("merged_into", String(64), nullable=False, server_default=""),
    Index("alerts_by_state", "state", "due_at"),
    Index("alerts_resolved", "resolved_at"),
    Index("alerts_raised", "raised_at"),
    Index("alerts_of_member", "member_id", "raised_at"),
    Index("alerts_merged", "merged_into"),
    Index("alerts_of_author", "session_id", "member_id", "said_at"),
)
"""One row for each flagged message; the words stay with it when the context around them has expired."""

deeds = Table(
    "deeds",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("deed_id", String(64), nullable=False, unique=True),
    Column("alert_id", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Column("staff_id", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("what", String(16), nullable=False),
    Column("note", Text, nullable=False),
    Index("deeds_of_alert", "alert_id", "number"),
    Index("deeds_by_what", "what", "at"),
)
"""What was done with an alert, by whom and when; rows are added and never changed."""

sessions = Table(
    "sessions",
    metadata,
    Column("session_id", String(64), primary_key=True),
    Column("title", Text, nullable=False),
    Column("known_at", Moment, nullable=False),
)
"""What each evening is called on the queue."""

staff = Table(
    "staff",
    metadata,
    Column("staff_id", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("officer", Boolean, nullable=False),
    Column("lead", Boolean, nullable=False),
    Column("coordinator", Boolean, nullable=False, server_default=false()),
    Column("supervisor", Boolean, nullable=False, server_default=false()),
    Column("added_at", Moment, nullable=False),
    Column("known_at", Moment, nullable=False),
)
"""Who works here, and whether they answer alerts."""

canaries = Table(
    "canaries",
    metadata,
    Column("canary_id", String(64), primary_key=True),
    Column("session_id", String(64), nullable=False),
    Column("due_at", Moment, nullable=False),
    Column("seen_at", Moment, nullable=True),
    Column("seen_by", String(64), nullable=False),
    Column("sent_at", Moment, nullable=True),
    Column("raised_at", Moment, nullable=True),
    Index("canaries_due", "due_at"),
)
"""The practice alerts before the doors, and who said that they see them."""

on_call = Table(
    "on_call",
    metadata,
    Column("staff_id", String(64), primary_key=True),
    Column("name", Text, nullable=False),
    Column("until", Moment, nullable=False),
)
"""Who has said that they are there, and until when."""

duties = Table(
    "duties",
    metadata,
    Column("duty_id", String(64), primary_key=True),
    Column("staff_id", String(64), nullable=False),
    Column("begins", Moment, nullable=False),
    Column("ends", Moment, nullable=False),
    Column("place", Integer, nullable=False),
    Index("duties_by_time", "ends", "begins"),
)
"""Who is on duty when; of several at once, place 1 is called first."""

called = Table(
    "called",
    metadata,
    Column("alert_id", String(64), primary_key=True),
    Column("staff_id", String(64), primary_key=True),
    Column("at", Moment, nullable=False),
)
"""Who has been called for an alert, so that the next page finds the next person however the rota has changed since."""

at_desk = Table(
    "at_desk",
    metadata,
    Column("staff_id", String(64), primary_key=True),
    Column("active_at", Moment, nullable=False),
)
"""When somebody who answers alerts last did anything at the desk; what they have stays in hand a while longer."""

shift_debriefs = Table(
    "shift_debriefs",
    metadata,
    Column("debrief_id", String(64), primary_key=True),
    Column("staff_id", String(64), nullable=False),
    Column("name", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("feels", String(16), nullable=False),
    Column("words", Text, nullable=False),
    Column("wants_talk", Boolean, nullable=False),
    Column("talked_at", Moment, nullable=True),
    Column("talked_by", Text, nullable=False),
    Index("shift_debriefs_of", "staff_id", "at"),
)
"""What somebody of the desk said of themselves after heavy reading: for them and whoever supervises them."""

opinions = Table(
    "opinions",
    metadata,
    Column("opinion_id", String(64), primary_key=True),
    Column("alert_id", String(64), nullable=False),
    Column("asked_by", Text, nullable=False),
    Column("asked_at", Moment, nullable=False),
    Column("note", Text, nullable=False),
    Column("of_id", String(64), nullable=False),
    Column("of_name", Text, nullable=False),
    Column("given_at", Moment, nullable=True),
    Column("words", Text, nullable=False),
    Column("given_with", String(128), nullable=False),
    Index("opinions_of_alert", "alert_id", "asked_at"),
)
"""Second opinions: asked of a named colleague, and what they said."""

check_ins = Table(
    "check_ins",
    metadata,
    Column("check_in_id", String(128), primary_key=True),
    Column("session_id", String(64), nullable=False),
    Column("member_id", String(64), nullable=False),
    Column("at", Moment, nullable=False),
    Column("feeling", Integer, nullable=False),
    Column("alone", String(16), nullable=False),
    Column("joins", Boolean, nullable=False),
    Column("text", Text, nullable=False),
    Index("check_ins_of_member", "session_id", "member_id"),
    Index("check_ins_at", "at"),
)
"""What young people said before the room, kept as long as the words around an alert are."""

departures = Table(
    "departures",
    metadata,
    Column("session_id", String(64), primary_key=True),
    Column("member_id", String(64), primary_key=True),
    Column("last_at", Moment, nullable=False),
    Column("nickname", Text, nullable=False),
    Column("badge", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("evening", Moment, nullable=False),
)
"""Who left an evening early: where something of theirs comes up only later, it is followed up all the same."""

follow_ups = Table(
    "follow_ups",
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
    Index("follow_ups_done", "done_at"),
)
"""Tasks of the desk: whom to look after once an evening is over."""
