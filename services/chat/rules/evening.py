"""Who may be here, when an evening may move on, what may be said, and who sees what is held."""

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from harbour.contracts.chat import (
    HeldMessage,
    MessageDeclined,
    MessageHeld,
    MessagePosted,
    PostMessage,
    RoomPerson,
    RoomState,
    Speaker,
    Ways,
)
from harbour.contracts.messages import Refused, derived_id
from harbour.screening import Verdict

SPEAKING = frozenset({RoomState.LIVE, RoomState.CLOSING})
"""While an evening stands here, everybody may speak."""
REMEMBERED = timedelta(minutes=110)
"""How long the stream surely drops a second copy by itself: its window of two hours, less ten minutes for clocks."""


@dataclass(frozen=True)
class Room:
    """One evening, and where it stands."""

    session_id: str
    course_id: str
    title: str
    week: int
    topic: str
    starts_at: datetime
    minutes: int
    state: RoomState
    opened_at: datetime | None = None
    changed_at: datetime | None = None
    words: str = ""
    """Kind words of the adult who paused it."""
    paused_by_itself: bool = False
    """Whether it was paused because no adult was there."""
    resumes_to: RoomState = RoomState.LIVE
    """Where a pause leads back to."""


@dataclass(frozen=True)
class Gathering:
    """A room and everybody who belongs in it."""

    room: Room
    people: Mapping[str, RoomPerson]
    ways: Ways = field(default_factory=Ways)
    """How the room is led."""
    out: frozenset[str] = frozenset()
    """The young people who were asked to step out for tonight."""
    adults_at: datetime | None = None
    """Since when its adults are others than was planned."""


@dataclass(frozen=True)
class Seat:
    """Somebody's place in a room."""

    room: Room
    person: RoomPerson
    people: tuple[RoomPerson, ...] = ()
    """Everybody who belongs in the room, this person too."""
    ways: Ways = field(default_factory=Ways)
    out: frozenset[str] = frozenset()
    """Who was asked to step out for tonight."""
    observes: bool = False
    """A supervisor who watches: they see what the adults see, and lead nothing."""

    @property
    def leads(self) -> bool:
        """Whether this is an adult who leads the room."""
        return self.person.speaker is Speaker.FACILITATOR and not self.observes

    @property
    def sees_all(self) -> bool:
        """Whether this is an adult, who leads the room or watches it."""
        return self.person.speaker is Speaker.FACILITATOR


# ── who may be here ───────────────────────────────────────────────────────────────────────────────────────────


STEPPED_OUT = Refused(reason="stepped-out")


def seat(gathering: Gathering | None, person_id: str) -> Seat | Refused:
    """Somebody's place in the room, or why they have none."""
    if gathering is None:
        return Refused(reason="no-such-session")
    person = gathering.people.get(person_id)
    if person is None:
        return Refused(reason="not-yours")
    if person_id in gathering.out:
        return STEPPED_OUT
    return Seat(gathering.room, person, tuple(gathering.people.values()), gathering.ways, gathering.out)


def leading_seat(gathering: Gathering | None, staff_id: str) -> Seat | Refused:
    """The place of an adult who leads the room, or why this person may not decide here."""
    place = seat(gathering, staff_id)
    return place if isinstance(place, Refused) or place.leads else Refused(reason="not-yours")


# ── what may be said ──────────────────────────────────────────────────────────────────────────────────────────


def tidy(text: str) -> str:
    """The text as it is kept: without control characters, which databases and screens choke on, and outer space."""
    if text.isprintable():
        return text.strip()
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c in "\n\t" or unicodedata.category(c) != "Cc").strip()


def is_empty(text: str) -> bool:
    """Whether nobody would see anything: only space, or characters without a shape."""
    return all(unicodedata.category(c)[0] in "ZC" for c in text)


def why_not_post(place: Seat, text: str, max_chars: int) -> str | None:
    """Why these words of this person cannot go to this room now; while people wait at the doors, adults may speak."""
    speaks = place.room.state in SPEAKING or (place.room.state is RoomState.DOORS and place.leads)
    if not speaks:
        return "not-live"
    if is_empty(text):
        return "empty"
    return "too-long" if len(text) > max_chars else None


@dataclass(frozen=True)
class Pace:
    """How fast one person may speak: `burst` messages at once, and as many again every `seconds`."""

    burst: int = 8
    seconds: float = 10.0


@dataclass(frozen=True)
class Breath:
    """How many messages somebody had left, and when that was."""

    left: float
    at: datetime


def spend(breath: Breath | None, pace: Pace, now: datetime) -> Breath | None:
    """What is left after one more message, or None where it comes too fast. A clock that steps back gives nothing."""
    if breath is None:
        return Breath(pace.burst - 1, now)
    gained = max(0.0, (now - breath.at).total_seconds()) * pace.burst / pace.seconds
    left = min(float(pace.burst), breath.left + gained)
    return Breath(left - 1, max(now, breath.at)) if left >= 1 else None


def message_id(session_id: str, person_id: str, client_id: str) -> str:
    """The one id of what this person calls by this name in this session."""
    return derived_id("message", session_id, person_id, client_id)


LED = frozenset({"muted", "not-your-turn", "slow"})
"""Refusals that come and go while an evening lasts."""


def may_be_kept_already(room: Room, now: datetime, refusal: str | None = None) -> bool:
    """Whether a try may repeat one that the stream is not asked about or no longer knows, so that we look ourselves.

    Somebody may try again after the evening has ended or the room is led in another way, or so late that the stream
    has forgotten the first try.
    """
    if room.opened_at is None:
        return False
    return room.state is RoomState.ENDED or refusal in LED or now - room.opened_at > REMEMBERED


def as_said(place: Seat, wish: PostMessage, text: str, verdict: Verdict, now: datetime) -> MessagePosted | MessageHeld:
    """The message: for the room, or for the adults first. What an adult of the room says is never held."""
    fields: dict[str, Any] = {
        "id": message_id(wish.session_id, wish.person_id, wish.client_id),
        "at": now,
        "session_id": wish.session_id,
        "member_id": wish.person_id,
        "speaker": place.person.speaker,
        "nickname": place.person.nickname,
        "badge": place.person.badge,
        "text": text,
        "client_id": wish.client_id,
        "in_reply_to": wish.in_reply_to,
    }
    with_all = place.ways.hold_all and not verdict.hold
    if (verdict.hold or with_all) and not place.leads:
        return MessageHeld(**fields, reasons=verdict.reasons, version=verdict.version, with_all=with_all)
    return MessagePosted(**fields)


# ── what is held ──────────────────────────────────────────────────────────────────────────────────────────────


class Outcome(StrEnum):
    """What an adult may decide about a held message; the first decision stands."""

    RELEASED = "released"
    DECLINED = "declined"


@dataclass(frozen=True)
class Decision:
    """What was decided about a held message, by whom and when."""

    held_id: str
    session_id: str
    held_number: int
    """Where the held message stands in the transcript."""
    outcome: Outcome
    staff_id: str
    decided_at: datetime
    number: int | None = None
    """Where the outcome stands in the transcript, once it is known to."""
    words: str = ""
    """What the adult says with a message they give back."""
    rephrase: bool = True
    """Whether they ask to say it another way."""
    name: str = ""
    """The adult's, as the room knows them."""


def outcome_event(held: MessageHeld, decision: Decision) -> MessagePosted | MessageDeclined:
    """What is said because of a decision; the same every time it is said."""
    if decision.outcome is Outcome.DECLINED:
        return MessageDeclined.after(
            held,
            id=derived_id("declined", held.id),
            at=decision.decided_at,
            held_id=held.id,
            staff_id=decision.staff_id,
            name=decision.name,
            words=decision.words,
            rephrase=decision.rephrase,
        )
    return MessagePosted.after(
        held,
        id=derived_id("released", held.id),
        at=decision.decided_at,
        held_id=held.id,
        released_by=decision.staff_id,
    )


def held_for(place: Seat, held: Iterable[MessageHeld], decided: Mapping[str, Decision]) -> tuple[HeldMessage, ...]:
    """What this person sees of what is held: an adult all that waits, a young person their own and no other's."""
    if place.sees_all:
        return tuple(_shown(one, None) for one in held if one.id not in decided)
    own = (one for one in held if one.member_id == place.person.person_id)
    known = ((one, decided.get(one.id)) for one in own)
    return tuple(_shown(one, by) for one, by in known if by is None or by.outcome is Outcome.DECLINED)


def waited(place: Seat, held: Iterable[MessageHeld], decided: Mapping[str, Decision]) -> tuple[int, ...]:
    """How long each decided message waited, in whole seconds, shortest first, for the adults."""
    if not place.sees_all:
        return ()
    waits = (decided[one.id].decided_at - one.at for one in held if one.id in decided)
    return tuple(sorted(max(0, round(wait.total_seconds())) for wait in waits))


def _shown(held: MessageHeld, by: Decision | None) -> HeldMessage:
    return HeldMessage(
        held_id=held.id,
        at=held.at,
        person_id=held.member_id,
        nickname=held.nickname,
        badge=held.badge,
        text=held.text,
        client_id=held.client_id,
        categories=tuple(dict.fromkeys(reason.category for reason in held.reasons)),
        why=held.why,
        state="waiting" if by is None else by.outcome.value,
        name=by.name if by else "",
        words=by.words if by else "",
        rephrase=by.rephrase if by else True,
    )
