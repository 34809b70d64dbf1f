"""Who came to an evening, from when to when: told by the gateways while it lasts, and said once when it is over."""

from enum import StrEnum

from pydantic import AwareDatetime, Field

from harbour.contracts.chat.evening import Alone
from harbour.contracts.enrolment import Part
from harbour.contracts.messages import Answer, Command, Event, Key, Timer


class Came(StrEnum):
    """What became of a seat on an evening."""

    STAYED = "stayed"
    LEFT_EARLY = "left-early"
    STEPPED_OUT = "stepped-out"
    """An adult asked them to, and did not let them back in; the desk knows of it already."""
    NOT_TONIGHT = "not-tonight"
    """They said so, which is a good answer."""
    NEVER_CAME = "never-came"


class Attended(Part):
    """One seat on one evening."""

    member_id: Key
    nickname: str
    badge: str = ""
    came: Came
    first_at: AwareDatetime | None = None
    """When the room was first open in front of them; None where it never was."""
    last_at: AwareDatetime | None = None
    minutes: int = 0
    """How long in all."""
    feeling: int | None = None
    """What they said at the check-in, 1: very hard, up to 5: fine; None where they did not check in."""
    alone: Alone | None = None
    told_us: bool = False
    """Whether they wrote something for the adults at the check-in. What it was is not said here."""


class AttendanceTaken(Event, fact="chat.attendance-taken", key=("session_id",)):
    """An evening is over, and this is who came: one line for each seat."""

    session_id: Key
    course_id: Key
    title: str
    week: int
    starts_at: AwareDatetime
    ended_at: AwareDatetime
    seats: tuple[Attended, ...]


class AttendanceDue(Timer, fact="chat.attendance-due", key=("session_id",)):
    """An evening has ended, and every gateway has had the time to tell who was there."""

    session_id: Key


class LeavingDue(Timer, fact="chat.leaving-due", key=("session_id", "member_id")):
    """A gateway no longer sees somebody, and by now any other that does has said so."""

    session_id: Key
    member_id: Key
    last_at: AwareDatetime


class MemberLeft(Event, fact="chat.member-left", key=("session_id",)):
    """A young person left a room that went on, and nobody sees them there. Said once for each time they go.

    Its key has one part on purpose: the room is shown what has two.
    """

    session_id: Key
    member_id: Key
    last_at: AwareDatetime
    """When they were last seen."""


class Stay(Part):
    """Somebody had a room open, without a longer break."""

    session_id: Key
    person_id: Key
    began_at: AwareDatetime
    until: AwareDatetime
    """When they were last seen there."""
    gone: bool = False
    """Whether they have not been back since, for longer than it takes to lose and find a line."""


class StaysRecorded(Answer):
    """It is on record."""


class RecordStays(Command[StaysRecorded], ask="chat.record-stays"):
    """Keep who had a room open; a stay that is told again only ever grows."""

    stays: tuple[Stay, ...] = Field(max_length=1000)
