"""What chat says and answers about how an evening goes: its doors, its adults, its pauses and its end."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from harbour.contracts.chat.room import RoomChanged, RoomState
from harbour.contracts.enrolment import Part
from harbour.contracts.messages import Answer, Command, Event, Key, Query, Timer

BY_ITSELF = "by-itself"
"""Stands for a member of staff where a clock moved the evening on."""

KindWords = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]


class Lack(StrEnum):
    """What a room still needs before its doors may open."""

    TOO_EARLY = "too-early"
    COUNSELLOR = "counsellor"
    SECOND_ADULT = "second-adult"
    ON_CALL = "on-call"
    CANARY = "canary"


class CanaryState(StrEnum):
    """Where tonight's practice alert is."""

    NOT_SENT = "not-sent"
    SENT = "sent"
    SEEN = "seen"
    LATE = "late"


class Alone(StrEnum):
    """Whether somebody has a place to themselves tonight."""

    YES = "yes"
    MOSTLY = "mostly"
    NO = "no"


# ── what it says ──────────────────────────────────────────────────────────────────────────────────────────────


class SessionPaused(Event, fact="chat.session-paused", key=("session_id",)):
    """The room holds its breath: nobody speaks, everybody keeps what they had written."""

    session_id: Key
    course_id: Key
    staff_id: Key = BY_ITSELF
    why: Literal["adults-away", "facilitator"]
    words: str = Field(default="", repr=False)
    """Kind words of the facilitator who paused it."""


class SessionResumed(Event, fact="chat.session-resumed", key=("session_id",)):
    """The room goes on where it was: live, or in its last few minutes."""

    session_id: Key
    course_id: Key
    staff_id: Key
    state: RoomState


class SessionClosing(Event, fact="chat.session-closing", key=("session_id",)):
    """The last few minutes have begun."""

    session_id: Key
    course_id: Key
    staff_id: Key = BY_ITSELF


class SessionCancelled(Event, fact="chat.session-cancelled", key=("session_id",)):
    """The evening does not take place."""

    session_id: Key
    course_id: Key
    staff_id: Key = BY_ITSELF


class CanarySent(Event, fact="chat.canary-sent", key=("session_id",)):
    """A synthetic message is on its way to a real staff screen; the doors stay shut until somebody says they see it."""

    session_id: Key
    canary_id: Key
    due_at: AwareDatetime


class DoorsKeptShut(Event, fact="chat.doors-kept-shut", key=("session_id",)):
    """It is time, and the doors cannot open; these members of staff are to be told."""

    session_id: Key
    course_id: Key
    lacks: tuple[Lack, ...]
    page: tuple[Key, ...]


class MemberCheckedIn(Event, fact="chat.member-checked-in", key=("session_id", "member_id")):
    """How a young person comes to the evening; for the adults who lead it, never for peers."""

    session_id: Key
    member_id: Key
    nickname: str
    badge: str = ""
    feeling: int = Field(ge=1, le=5)
    """1: very hard, up to 5: fine."""
    alone: Alone
    text: str = Field(default="", repr=False)
    joins: bool
    """False: not tonight, which is a good answer."""


class DoorsDue(Timer, fact="chat.doors-due", key=("session_id",)):
    """It is a quarter of an hour before an evening: its practice alert goes out."""

    session_id: Key


class CanaryDue(Timer, fact="chat.canary-due", key=("session_id",)):
    """By now somebody should have said that they see the practice alert."""

    session_id: Key
    canary_id: Key


class AdultsDue(Timer, fact="chat.adults-due", key=("session_id",)):
    """By now an adult's page should have been heard again."""

    session_id: Key


class ClosingDue(Timer, fact="chat.closing-due", key=("session_id",)):
    """The last few minutes of an evening begin."""

    session_id: Key


class EndDue(Timer, fact="chat.end-due", key=("session_id",)):
    """An evening that nobody has ended is over."""

    session_id: Key


# ── what it answers ───────────────────────────────────────────────────────────────────────────────────────────


class CheckInNote(Part):
    """A check-in as the adults of the room read it."""

    member_id: Key
    nickname: str
    badge: str = ""
    at: AwareDatetime
    feeling: int
    alone: Alone
    text: str = Field(default="", repr=False)
    joins: bool


class EveningStands(Answer):
    """Where the evening stands, for an adult who leads it."""

    session_id: Key
    state: RoomState
    lacks: tuple[Lack, ...] = ()
    """What the doors still need; empty once they may open."""
    canary: CanaryState = CanaryState.NOT_SENT
    adults: tuple[str, ...] = ()
    """Who of the adults is here now, by name."""
    on_call: tuple[str, ...] = ()
    """Who has confirmed to be on call tonight, by name."""
    doors_at: AwareDatetime
    """From when the doors may open."""


class KeepWatch(Command[EveningStands], ask="chat.keep-watch"):
    """An adult's page is here, said every few seconds. Refused with `no-such-session`, `not-yours`.

    When the last adult's has not been heard for 15 s the room pauses itself; hearing one again, it goes on.
    """

    session_id: Key
    staff_id: Key


class SendCanary(Command[EveningStands], ask="chat.send-canary"):
    """Send the practice alert, unless one is on its way or was seen in time.

    Refused with `no-such-session`, `not-yours`, `too-early`, `open`.
    """

    session_id: Key
    staff_id: Key


class PauseSession(Command[RoomChanged], ask="chat.pause-session"):
    """Pause the room with a few kind words. Refused with `no-such-session`, `not-yours`, `not-live`."""

    session_id: Key
    staff_id: Key
    words: KindWords = Field(default="", repr=False)


class ResumeSession(Command[RoomChanged], ask="chat.resume-session"):
    """Go on where the room was. Refused with `no-such-session`, `not-yours`, `not-live`."""

    session_id: Key
    staff_id: Key


class CloseSession(Command[RoomChanged], ask="chat.close-session"):
    """Begin the last few minutes. Refused with `no-such-session`, `not-yours`, `not-live`."""

    session_id: Key
    staff_id: Key


class CancelSession(Command[RoomChanged], ask="chat.cancel-session"):
    """Say that an evening does not take place. Refused with `no-such-session`, `not-yours`, `begun`."""

    session_id: Key
    staff_id: Key


class CheckedIn(Answer):
    """The adults of the room know how somebody comes."""

    joins: bool


class CheckIn(Command[CheckedIn], ask="chat.check-in"):
    """How are you coming tonight? Refused with `no-such-session`, `not-yours`, `not-open`, `too-long`.

    The last answer counts; the same again is said once.
    """

    session_id: Key
    member_id: Key
    feeling: int = Field(ge=1, le=5)
    alone: Alone
    text: Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000)] = Field(default="", repr=False)
    joins: bool


class CheckIns(Answer):
    """How everybody comes tonight, in the order they said so."""

    notes: tuple[CheckInNote, ...]


class ReadCheckIns(Query[CheckIns], ask="chat.read-check-ins"):
    """How does everybody come tonight? Refused with `no-such-session`, `not-yours`."""

    session_id: Key
    staff_id: Key
