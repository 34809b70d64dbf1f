"""The parts of an alert that its page shows beside the message: where it stands, who was asked, what went before."""

from enum import StrEnum

from pydantic import AwareDatetime, Field

from harbour.contracts.concerns import Urgency
from harbour.contracts.enrolment import Part
from harbour.contracts.messages import Key


class AlertState(StrEnum):
    """Where an alert stands."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    CLOSING = "closing"
    """Somebody asks to close it, and it waits for a second person."""
    RESOLVED = "resolved"
    MERGED = "merged"
    """Another alert of the same young person speaks for it, and it follows that one."""


class EarlierAlert(Part):
    """Another alert of the same young person, from tonight or another evening: no text."""

    alert_id: Key
    urgency: Urgency
    why: tuple[str, ...]
    title: str
    raised_at: AwareDatetime
    state: AlertState
    claimed_name: str = ""
    resolved_at: AwareDatetime | None = None
    outcome: str = ""
    """What became of it, once it is closed."""
    merged_into: str = ""


class CheckInAnswers(Part):
    """How a young person said they come to the evening."""

    at: AwareDatetime
    feeling: int
    """1: very hard, up to 5: fine."""
    alone: str
    joins: bool
    text: str = Field(default="", repr=False)


class OpinionView(Part):
    """A second opinion: asked of a named colleague, and given or still open."""

    opinion_id: Key
    asked_by: str
    asked_at: AwareDatetime
    note: str = Field(default="", repr=False)
    of_id: Key
    of_name: str
    given_at: AwareDatetime | None = None
    words: str = Field(default="", repr=False)


class ColleagueView(Part):
    """Somebody who answers alerts."""

    staff_id: Key
    name: str
    on_call: bool = False
    """Whether they have said that they are there now."""
