"""What the rule bench keeps, as tables. No message text stands in them; lines are made up by people."""

from sqlalchemy import JSON, Boolean, Column, Float, Index, Integer, String, Table, Text

from harbour.runtime.database import Moment
from services.safeguard.tables import metadata

drafts = Table(
    "rule_drafts",
    metadata,
    Column("draft_id", String(64), primary_key=True),
    Column("kind", String(16), nullable=False),
    Column("rule_id", String(80), nullable=False),
    Column("rule", JSON(none_as_null=True), nullable=True),
    Column("restores", Integer, nullable=True),
    Column("text_hash", String(64), nullable=False),
    Column("state", String(16), nullable=False),
    Column("authors", JSON, nullable=False),
    Column("author", Text, nullable=False),
    Column("changed_at", Moment, nullable=False),
    Column("reason", Text, nullable=False),
    Column("proposed_by", String(64), nullable=False),
    Column("proposed_by_lead", Boolean, nullable=False),
    Column("decided_by", Text, nullable=False),
    Column("decided_at", Moment, nullable=True),
    Column("decided_with", String(128), nullable=False),
    Column("said", Text, nullable=False),
    Column("edition", Integer, nullable=True),
    Column("shadow_since", Moment, nullable=True),
    Index("rule_drafts_by_state", "state"),
)
"""Changes of the rules that do not count yet, and what became of each."""

trials = Table(
    "rule_trials",
    metadata,
    Column("trial_id", String(64), primary_key=True),
    Column("draft_id", String(64), nullable=False),
    Column("text_hash", String(64), nullable=False),
    Column("edition", Integer, nullable=False),
    Column("by", Text, nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("ended_at", Moment, nullable=True),
    Column("total", Integer, nullable=False),
    Column("done", Integer, nullable=False),
    Column("upto", JSON, nullable=False),
    Column("lines", Integer, nullable=False),
    Column("lines_changed", JSON, nullable=False),
    Column("labelled", JSON(none_as_null=True), nullable=True),
    Column("faults", JSON, nullable=False),
    Column("before_us", Float, nullable=False),
    Column("after_us", Float, nullable=False),
    Index("rule_trials_of_draft", "draft_id", "started_at"),
)
"""Drafts held against the development lines and the messages of late, each with how far it has come."""

hits = Table(
    "rule_hits",
    metadata,
    Column("found_by", String(64), primary_key=True),
    Column("message_id", String(128), primary_key=True),
    Column("what", String(8), nullable=False),
    Column("was", String(16), nullable=True),
    Column("becomes", String(16), nullable=True),
    Column("at", Moment, nullable=False),
    Index("rule_hits_at", "at"),
)
"""Messages of which a draft would make something else, by trial, or by draft where it was found in shadow."""

editions = Table(
    "rule_editions",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("digest", String(64), nullable=False),
    Column("version", String(64), nullable=False),
    Column("rules", JSON, nullable=False),
    Column("off", JSON, nullable=False),
    Column("published_at", Moment, nullable=False),
    Column("author", Text, nullable=False),
    Column("approver", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("said", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("restores", Integer, nullable=True),
    Column("cause", String(128), nullable=False, unique=True),
)
"""What was published, by whom and why; rows are added and never changed. The highest number is in force."""

harmless = Table(
    "rule_lines",
    metadata,
    Column("line_id", String(64), primary_key=True),
    Column("alert_id", String(64), nullable=False),
    Column("text", Text, nullable=False),
    Column("rules", JSON, nullable=False),
    Column("staff_id", String(64), nullable=False),
    Column("by", Text, nullable=False),
    Column("at", Moment, nullable=False),
    Column("dropped_at", Moment, nullable=True),
    Index("rule_lines_of_alert", "alert_id"),
)
"""Harmless lines that people typed after a false alarm."""
