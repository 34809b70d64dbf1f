"""The frames of the evening itself: who is here, what is said, what waits, and the queue."""

from datetime import datetime, timedelta
from typing import Annotated, Literal, TypeAlias

import msgspec
from pydantic import AwareDatetime, Field

from harbour.contracts.chat import HeldMessage, MessageHeld, MessagePosted, RoomMessage, RoomPerson, RoomState, RoomView
from harbour.contracts.concerns import Category
from harbour.contracts.enrolment import Part
from harbour.contracts.messages import Key
from harbour.contracts.safeguard import AlertView, CanaryView, OnCallView, Queue
from services.gateway.frames.frame import Frame

_UNPRINTABLE = dict.fromkeys(c for c in [*range(0x20), *range(0x7F, 0xA0)] if c not in (0x09, 0x0A))
"""Control characters but tab and line end: no screen shows them, and a database may refuse them."""


# ── server to browser ─────────────────────────────────────────────────────────────────────────────────────────

_PERSON = {"person_id": "m-1", "nickname": "Juniper", "badge": "leaf-teal", "speaker": "member"}
_MESSAGE = {**_PERSON, "number": 41, "id": "e-1", "at": "2026-03-03T19:04:00Z", "text": "hi all", "client_id": "c-1"}


class WaitingItem(Part):
    """A held message, as a facilitator sees it."""

    held_id: str
    at: AwareDatetime
    nickname: str
    badge: str = ""
    text: str = Field(repr=False)
    categories: tuple[Category, ...] = ()
    why: tuple[str, ...] = ()


_WAITING = {
    "held_id": "h-1",
    "at": "2026-03-03T19:05:00Z",
    "nickname": "Juniper",
    "badge": "leaf-teal",
    "text": "write to me at …",
    "categories": ["contact_or_pii"],
    "why": ["It looks like it holds a way to reach somebody."],
}


class Hello(Frame):
    """The first frame: who you are, and where the evening stands."""

    example = {
        "type": "hello", "you": _PERSON, "state": "live", "week": 2, "topic": "What helps",
        "title": "Tuesday group", "starts_at": "2026-03-03T19:00:00Z", "ends_at": "2026-03-03T20:15:00Z",
        "people": [_PERSON], "latest": 41,
    }  # fmt: skip
    type: Literal["hello"] = "hello"
    you: RoomPerson
    state: RoomState
    week: int
    topic: str
    title: str
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    people: tuple[RoomPerson, ...]
    latest: int
    observing: bool = False
    """You are a supervisor who watches: you read along, and lead nothing."""


class MessageFrame(Frame):
    """A message everybody in the room may read. `number` is its place on record, and never comes twice."""

    example = {"type": "message", **_MESSAGE}
    type: Literal["message"] = "message"
    number: int
    id: str
    at: AwareDatetime
    person_id: str
    nickname: str
    badge: str = ""
    speaker: str
    text: str = Field(repr=False)
    client_id: str
    in_reply_to: int = 0
    """The number of the message it answers, or 0."""


class Messages(Frame):
    """Messages this socket has not had yet, in order of number; a browser puts each where its number belongs.

    `upto` is the number up to which nothing is missing: what a browser asks `after` when it comes back.
    """

    example = {"type": "messages", "list": [_MESSAGE], "more": False, "upto": 41}
    type: Literal["messages"] = "messages"
    list: tuple[RoomMessage, ...]
    more: bool
    upto: int


class Sent(Frame):
    """Your message is on record. Mostly the message itself comes instead: a `message` that you wrote, of this name."""

    example = {"type": "sent", "client_id": "c-1", "number": 41, "at": "2026-03-03T19:04:00Z"}
    type: Literal["sent"] = "sent"
    client_id: str
    number: int
    at: AwareDatetime


class Held(Frame):
    """To its writer alone: an adult is reading your message first."""

    example = {"type": "held", "client_id": "c-1", "held_id": "h-1", "text": "write to me at …"}
    type: Literal["held"] = "held"
    client_id: str
    held_id: str
    text: str = Field(default="", repr=False)
    """Their own words, so that another of their screens can show them; empty where this screen has them."""


class DeclinedFrame(Frame):
    """To its writer alone: here are your words back; it might need saying another way."""

    example = {
        "type": "declined", "client_id": "c-1", "held_id": "h-1", "text": "write to me at …", "name": "Sam",
        "words": "Could you say how it felt instead?", "rephrase": True,
    }  # fmt: skip
    type: Literal["declined"] = "declined"
    client_id: str
    held_id: str
    text: str = Field(default="", repr=False)
    name: str = ""
    words: str = Field(default="", repr=False)
    """What the adult says with it."""
    rephrase: bool = True
    """Whether they ask to say it another way."""


class Waited(Frame):
    """To facilitators alone: how long each message waited that was decided tonight, in seconds, shortest first."""

    example = {"type": "waited", "seconds": [12, 40, 75]}
    type: Literal["waited"] = "waited"
    seconds: tuple[int, ...]


class Waiting(Frame):
    """To facilitators alone: a message waits for your decision."""

    example = {"type": "waiting", **_WAITING}
    type: Literal["waiting"] = "waiting"
    held_id: str
    at: AwareDatetime
    nickname: str
    badge: str = ""
    text: str = Field(repr=False)
    categories: tuple[Category, ...] = ()
    why: tuple[str, ...] = ()


class Decided(Frame):
    """To facilitators alone: it no longer waits. `settled` where we only know that it does not."""

    example = {"type": "decided", "held_id": "h-1", "state": "released"}
    type: Literal["decided"] = "decided"
    held_id: str
    state: Literal["released", "declined", "settled"]


class State(Frame):
    """Where the evening stands now."""

    example = {"type": "state", "state": "paused", "words": "Two minutes to breathe.", "by_itself": False}
    type: Literal["state"] = "state"
    state: RoomState
    words: str = Field(default="", repr=False)
    """Kind words of the adult who paused it."""
    by_itself: bool = False
    """Whether it paused because no adult was there."""


class RefusedFrame(Frame):
    """What you asked for was not done, and why."""

    example = {"type": "refused", "client_id": "c-1", "held_id": "", "reason": "not-live", "say": ""}
    type: Literal["refused"] = "refused"
    client_id: str = ""
    held_id: str = ""
    number: int = 0
    """The message it was about, where it was about one on record."""
    reason: str
    say: str = ""


class Pong(Frame):
    """The answer to a ping; `upto` as in `messages`."""

    example = {"type": "pong", "upto": 41}
    type: Literal["pong"] = "pong"
    upto: int


class QueueFrame(Frame):
    """On `/live/queue`: the whole safeguarding queue, in its order; no message text."""

    example = {"type": "queue", "alerts": [], "waiting": 0, "resolved_today": 3, "at": "2026-03-03T19:04:00Z"}
    type: Literal["queue"] = "queue"
    alerts: tuple[AlertView, ...]
    waiting: int
    resolved_today: int
    canaries: tuple[CanaryView, ...] = ()
    """Practice alerts that wait for somebody to say that they see them."""
    on_call: tuple[OnCallView, ...] = ()
    stands: dict[str, str] = {}
    """How cases and requests for contact details stand, a sign for each: a page with another sign has grown old."""
    at: AwareDatetime
    """The server's clock, by which the browser counts down."""


SAID: tuple[type[Frame], ...] = (
    Hello, Messages, MessageFrame, Sent, Held, DeclinedFrame, Waiting, Waited, Decided, State, RefusedFrame,
    Pong, QueueFrame,
)  # fmt: skip


# ── browser to server ─────────────────────────────────────────────────────────────────────────────────────────


class Say(Frame):
    """Say something. The same `client_id` again is the same message, however often it is sent."""

    example = {"type": "say", "client_id": "c-1", "text": "hi all"}
    type: Literal["say"] = "say"
    client_id: Key
    text: str = Field(repr=False)
    in_reply_to: int = Field(default=0, ge=0)
    """The number of the message it answers, or 0."""

    @property
    def plain(self) -> str:
        """The text without control characters."""
        return self.text if self.text.isprintable() else self.text.translate(_UNPRINTABLE)


class _Said(msgspec.Struct, frozen=True):
    """A `Say`, as msgspec reads it."""

    type: Literal["say"]
    client_id: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,64}\Z")]
    text: str
    in_reply_to: Annotated[int, msgspec.Meta(ge=0)] = 0


_read_said = msgspec.json.Decoder(_Said).decode


def say_in(text: str) -> Say | None:
    """What nearly every frame is, read at a third of the cost; None where this is not surely one."""
    try:
        said = _read_said(text)
    except (msgspec.MsgspecError, UnicodeError):
        return None
    return Say.model_construct(client_id=said.client_id, text=said.text, in_reply_to=said.in_reply_to)


class Release(Frame):
    """A facilitator lets everybody read a held message."""

    example = {"type": "release", "held_id": "h-1"}
    type: Literal["release"] = "release"
    held_id: str = Field(max_length=64)


class Decline(Frame):
    """A facilitator gives a held message back to its writer, with kind words, to be said another way or not."""

    example = {"type": "decline", "held_id": "h-1", "words": "Could you say how it felt instead?", "rephrase": True}
    type: Literal["decline"] = "decline"
    held_id: str = Field(max_length=64)
    words: str = Field(default="", max_length=500, repr=False)
    rephrase: bool = True


class Open(Frame):
    """A facilitator opens the doors."""

    example = {"type": "open"}
    type: Literal["open"] = "open"


class Start(Frame):
    """A facilitator begins the evening."""

    example = {"type": "start"}
    type: Literal["start"] = "start"


class End(Frame):
    """A facilitator ends the evening."""

    example = {"type": "end"}
    type: Literal["end"] = "end"


class Ping(Frame):
    """I am still here."""

    example = {"type": "ping"}
    type: Literal["ping"] = "ping"


HEARD: tuple[type[Frame], ...] = (Say, Release, Decline, Open, Start, End, Ping)
Heard: TypeAlias = Say | Release | Decline | Open | Start | End | Ping


# ── from the contracts ────────────────────────────────────────────────────────────────────────────────────────


def hello(view: RoomView, state: RoomState) -> Hello:
    """The room as it greets one person."""
    return Hello(
        you=view.you,
        state=state,
        week=view.week,
        topic=view.topic,
        title=view.title,
        starts_at=view.starts_at,
        ends_at=view.starts_at + timedelta(minutes=view.minutes),
        people=view.people,
        latest=view.latest,
        observing=view.observing,
    )


def message(event: MessagePosted, number: int) -> MessageFrame:
    """A posted message under its number."""
    return MessageFrame(
        number=number,
        id=event.id,
        at=event.at,
        person_id=event.member_id,
        nickname=event.nickname,
        badge=event.badge,
        speaker=event.speaker,
        text=event.text,
        client_id=event.client_id,
        in_reply_to=event.in_reply_to,
    )


def waiting(event: MessageHeld) -> Waiting:
    """A message that was just held, for facilitators."""
    return Waiting(
        held_id=event.id,
        at=event.at,
        nickname=event.nickname,
        badge=event.badge,
        text=event.text,
        categories=tuple(dict.fromkeys(reason.category for reason in event.reasons)),
        why=event.why,
    )


def waiting_still(held: HeldMessage) -> Waiting:
    """A message that waited before this facilitator came."""
    return Waiting.model_validate(held.model_dump())


def queue(queue: Queue, at: datetime, stands: dict[str, str]) -> QueueFrame:
    """The safeguarding queue at this moment."""
    return QueueFrame.model_validate({**dict(queue), "at": at, "stands": stands})
