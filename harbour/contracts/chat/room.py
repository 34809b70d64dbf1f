"""What chat says and answers: the live session, its messages and its holds."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field, StringConstraints

from harbour.contracts.chat.activities import Activity
from harbour.contracts.chat.calls import HelpCall, Report
from harbour.contracts.chat.exposure import WithdrawnMessage
from harbour.contracts.chat.leading import Ways
from harbour.contracts.chat.notes import StaffNote
from harbour.contracts.chat.private import PrivateWord
from harbour.contracts.chat.reactions import Reacted
from harbour.contracts.chat.removing import Removal
from harbour.contracts.concerns import Category, Reason
from harbour.contracts.enrolment import Part
from harbour.contracts.messages import Answer, Command, Event, Key, Query

Text = Annotated[str, StringConstraints(min_length=1, max_length=4000)]


class RoomState(StrEnum):
    """Where an evening stands."""

    SCHEDULED = "scheduled"
    DOORS = "doors"
    LIVE = "live"
    PAUSED = "paused"
    CLOSING = "closing"
    ENDED = "ended"
    CANCELLED = "cancelled"


class Speaker(StrEnum):
    """Who is speaking, as the room marks them."""

    MEMBER = "member"
    FACILITATOR = "facilitator"


# ── what it says ──────────────────────────────────────────────────────────────────────────────────────────────


class SessionOpened(Event, fact="chat.session-opened", key=("session_id",)):
    """The doors are open: people may come in and wait."""

    session_id: Key
    course_id: Key
    staff_id: Key


class SessionStarted(Event, fact="chat.session-started", key=("session_id",)):
    """The evening has begun: people may speak."""

    session_id: Key
    course_id: Key
    staff_id: Key


class SessionEnded(Event, fact="chat.session-ended", key=("session_id",)):
    """The evening is over."""

    session_id: Key
    course_id: Key
    staff_id: Key


class MessagePosted(Event, fact="chat.message-posted", key=("session_id", "member_id")):
    """A message everybody in the room may read. Its number is its sequence in the stream."""

    session_id: Key
    member_id: Key
    """The author: a young person's member id, or a facilitator's staff id."""
    speaker: Speaker
    nickname: str
    badge: str = ""
    text: Text = Field(repr=False)
    client_id: Key
    """The writer's own name for it, so that sending twice posts once."""
    in_reply_to: int = 0
    """The number of the message it answers, or 0."""
    held_id: str = ""
    """Where it was held first: the id of that `MessageHeld`."""
    released_by: str = ""


class MessageHeld(Event, fact="chat.message-held", key=("session_id", "member_id")):
    """A message that waits for an adult; no other young person sees it."""

    session_id: Key
    member_id: Key
    speaker: Speaker
    nickname: str
    badge: str = ""
    text: Text = Field(repr=False)
    client_id: Key
    in_reply_to: int = 0
    reasons: tuple[Reason, ...] = ()
    """Why it is held; empty where judging failed."""
    version: str = ""
    """The version of the rules that judged it."""
    with_all: bool = False
    """Whether it waits only because every message does."""

    @property
    def why(self) -> tuple[str, ...]:
        """Why it waits, in words for staff; empty where judging failed."""
        told = tuple(dict.fromkeys(reason.why for reason in self.reasons))
        return told or (("Every message waits for you just now.",) if self.with_all else ())


class MessageDeclined(Event, fact="chat.message-declined", key=("session_id", "member_id")):
    """A held message that an adult did not release; its writer is asked to say it another way."""

    session_id: Key
    member_id: Key
    held_id: str
    client_id: Key
    staff_id: Key
    name: str = ""
    """The adult's, as the room knows them."""
    words: str = Field(default="", repr=False)
    """What they say with it."""
    rephrase: bool = True
    """Whether they ask to say it another way."""


# ── what it answers ───────────────────────────────────────────────────────────────────────────────────────────


class RoomPerson(Part):
    """Somebody who belongs in the room."""

    person_id: Key
    nickname: str
    badge: str = ""
    speaker: Speaker
    role: str = ""
    """A facilitator's: `counsellor` or `youth_worker`."""


class RoomMessage(Part):
    """A message as the room shows it."""

    number: int
    id: str
    at: AwareDatetime
    person_id: Key
    speaker: Speaker
    nickname: str
    badge: str = ""
    text: str = Field(repr=False)
    client_id: str
    in_reply_to: int = 0
    withdrawn_by: str = ""
    """The adult who took it back; then there is no text."""


class HeldMessage(Part):
    """A held message as a facilitator, or its own writer, sees it."""

    held_id: str
    at: AwareDatetime
    person_id: Key
    nickname: str
    badge: str = ""
    text: str = Field(repr=False)
    client_id: str
    categories: tuple[Category, ...] = ()
    why: tuple[str, ...] = ()
    state: Literal["waiting", "released", "declined"] = "waiting"
    name: str = ""
    """Who declined it."""
    words: str = Field(default="", repr=False)
    """What they said with it."""
    rephrase: bool = True


class Watching(Part):
    """A supervisor who watches, or last did, as the adults of the room see it."""

    staff_id: Key
    name: str
    since: AwareDatetime
    until: AwareDatetime | None = None
    """When their page was heard last; None while they watch."""


class RoomView(Answer):
    """The room, as one person may see it."""

    session_id: Key
    course_id: Key
    title: str
    week: int
    topic: str
    starts_at: AwareDatetime
    minutes: int
    state: RoomState
    you: RoomPerson
    people: tuple[RoomPerson, ...]
    messages: tuple[RoomMessage, ...]
    """In order of number, all after the number that was asked for, up to the limit."""
    more: bool = False
    """There are further messages after these."""
    latest: int = 0
    """The number of the newest message in the room, or 0."""
    held: tuple[HeldMessage, ...] = ()
    """For a facilitator: all that wait. For a young person: their own that wait or were declined."""
    withdrawn: tuple[WithdrawnMessage, ...] = ()
    """Every message of this evening that was taken back, whatever number was asked for."""
    ways: Ways = Ways()
    calls: tuple[HelpCall, ...] = ()
    """For a facilitator: every call for help of this evening. For a young person: their own."""
    reports: tuple[Report, ...] = ()
    """For a facilitator: what young people quietly reported of one another."""
    notes: tuple[StaffNote, ...] = ()
    """For a facilitator: what the adults told one another. For a young person: nothing."""
    activity: Activity | None = None
    """What everybody was given to do last, open or closed."""
    my_choice: int | None = None
    """What this person chose in it, counted from 0."""
    waited: tuple[int, ...] = ()
    """For a facilitator: how long each message waited that was decided tonight, in whole seconds, shortest first."""
    private: tuple[PrivateWord, ...] = ()
    """For a facilitator: every private word of this evening. For a young person: those of their own thread."""
    reactions: tuple[Reacted, ...] = ()
    """To every message of this evening that has any, whatever number was asked for."""
    changed_at: AwareDatetime | None = None
    """When the evening came to stand where it does."""
    words: str = Field(default="", repr=False)
    """Kind words of the adult who paused it."""
    paused_by_itself: bool = False
    """Whether it was paused because no adult was there."""
    checked_in: bool = False
    """Whether this young person has said how they come tonight, and that they join."""
    stepped_out: bool = False
    """This young person was asked to step out for tonight: then there is nothing of the room in here but its frame."""
    adults_at: AwareDatetime | None = None
    """Since when the adults are others than was planned; None where they are as planned."""
    observing: bool = False
    """This is a supervisor who watches: they see what the adults see but for private words, and decide nothing."""
    observers: tuple[Watching, ...] = ()
    """For an adult: which supervisors watch, or watched, tonight. For a young person: nothing."""
    removals: tuple[Removal, ...] = ()
    """For a facilitator: who was asked to step out tonight, and who was let back in. For a young person: nothing."""


class ReadRoom(Query[RoomView], ask="chat.read-room"):
    """What is in the room after this number? Refused with `no-such-session` or `not-yours`."""

    session_id: Key
    person_id: Key
    after: int = Field(default=0, ge=0)
    limit: int = Field(default=200, ge=1, le=500)


class RoomsFar(Answer):
    """How far these rooms have come."""

    newest: dict[str, int]
    """For each the number of the newest thing that was said of it, of whatever kind; 0 where nothing was."""


class CompareRooms(Query[RoomsFar], ask="chat.compare-rooms"):
    """How far has each of these rooms come? Whoever has heard of that number, or has read since, misses nothing new."""

    session_ids: tuple[Key, ...] = Field(max_length=100)


class RoomChanged(Answer):
    """Where the evening stands now."""

    session_id: Key
    state: RoomState


class OpenSession(Command[RoomChanged], ask="chat.open-session"):
    """Open the doors. Refused with `no-such-session`, `not-yours`, `ended`, `cancelled`, and with `not-ready`, where
    `say` names what is lacking (`Lack`), with commas between."""

    session_id: Key
    staff_id: Key


class StartSession(Command[RoomChanged], ask="chat.start-session"):
    """Begin the evening. Refused with `no-such-session`, `not-yours`, `not-open`, `ended`."""

    session_id: Key
    staff_id: Key


class EndSession(Command[RoomChanged], ask="chat.end-session"):
    """End the evening. Refused with `no-such-session`, `not-yours`, `not-live`."""

    session_id: Key
    staff_id: Key


class MessageTaken(Answer):
    """What became of a message; given only once it is stored."""

    state: Literal["sent", "held"]
    message_id: str
    number: int
    """Its place in the stream."""
    at: AwareDatetime


class PostMessage(Command[MessageTaken], ask="chat.post-message"):
    """Say something in the room.

    Refused with `no-such-session`, `not-yours`, `stepped-out`, `not-live`, `empty`, `too-long`, `too-fast`, and where
    the room is led so: `muted`, `not-your-turn`, `slow`. The same client_id of the same person in the same session
    again is the same message and gets the same answer.
    """

    session_id: Key
    person_id: Key
    client_id: Key
    text: str = Field(repr=False, max_length=20_000)
    in_reply_to: int = Field(default=0, ge=0)
    """The number of the message it answers, or 0. A page shows what it knows under that number."""
    quiet: bool = False
    """Whoever asks hears the room, too, and takes their own message there for the answer: once it is posted for the
    first time, nothing more may be said of it. Whoever hears nothing in time asks again, and not quietly."""


class ReleaseMessage(Command[MessageTaken], ask="chat.release-message"):
    """Let everybody read a held message. Refused with `no-such-session`, `not-yours`, `no-such-message`, `declined`."""

    session_id: Key
    held_id: str = Field(max_length=64)
    staff_id: Key


class Declined(Answer):
    """A held message stays unseen."""

    held_id: str


class DeclineMessage(Command[Declined], ask="chat.decline-message"):
    """Keep a held message from the room, and ask its writer to say it another way.

    Refused with `no-such-session`, `not-yours`, `no-such-message`, `released`.
    """

    session_id: Key
    held_id: str = Field(max_length=64)
    staff_id: Key
    words: str = Field(default="", max_length=500, repr=False)
    """Kind words to the writer."""
    rephrase: bool = True
    """Whether to ask them to say it another way."""
