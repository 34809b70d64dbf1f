"""What is answered: stored events and decisions, in the form the pages show."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from harbour.contracts.chat import (
    Activity,
    HeldMessage,
    Lack,
    MessageHeld,
    MessagePosted,
    MessageTaken,
    RoomChanged,
    RoomMessage,
    RoomState,
    RoomView,
    Speaker,
)
from harbour.contracts.messages import Event, Refused
from services.chat.rules import Call, Move, Seat, calls_for, ways_for, why_not
from services.chat.transcript import Page, Stored


def taken(stored: Stored[Event]) -> MessageTaken:
    """What became of a message, going by what is stored."""
    return MessageTaken(
        state="held" if isinstance(stored.event, MessageHeld) else "sent",
        message_id=stored.event.id,
        number=stored.number,
        at=stored.event.at,
    )


def stands(session_id: str, state: RoomState, move: Move) -> RoomChanged | Refused:
    """Where an evening stands that was not moved on: refused, or there already."""
    if reason := why_not(move, state):
        return Refused(reason=reason)
    return RoomChanged(session_id=session_id, state=state)


def not_ready(lacks: Sequence[Lack]) -> Refused:
    """The doors stay shut, and why."""
    return Refused(reason="not-ready", say=",".join(lacks))


def room_view(
    place: Seat,
    page: Page[MessagePosted],
    latest: int,
    held: tuple[HeldMessage, ...],
    beside: Mapping[str, Any],
    together: tuple[Activity | None, int | None] = (None, None),
) -> RoomView:
    """The room, as this person may see it."""
    room = place.room
    gone = {one.number: one.name for one in beside["withdrawn"]}
    return RoomView(
        session_id=room.session_id,
        course_id=room.course_id,
        title=room.title,
        week=room.week,
        topic=room.topic,
        starts_at=room.starts_at,
        minutes=room.minutes,
        state=room.state,
        you=place.person,
        people=place.people,
        messages=tuple(_message(line, gone.get(line.number, "")) for line in page.lines),
        more=page.more,
        latest=max([latest, *(line.number for line in page.lines[-1:])]),
        held=held,
        ways=ways_for(place),
        **beside,
        activity=together[0],
        my_choice=together[1],
        changed_at=room.changed_at,
        words=room.words,
        paused_by_itself=room.paused_by_itself,
        observing=place.observes,
    )


def outside_view(place: Seat, calls: Iterable[Call]) -> RoomView:
    """What somebody sees who was asked to step out: which evening it is, who leads it and whether they come to them,
    and nothing of the room."""
    room = place.room
    adults = tuple(one for one in place.people if one.speaker is Speaker.FACILITATOR)
    return RoomView(
        session_id=room.session_id,
        course_id=room.course_id,
        title=room.title,
        week=room.week,
        topic=room.topic,
        starts_at=room.starts_at,
        minutes=room.minutes,
        state=room.state,
        you=place.person,
        people=adults,
        messages=(),
        calls=calls_for(place, calls),
        changed_at=room.changed_at,
        stepped_out=True,
    )


def _message(line: Stored[MessagePosted], withdrawn_by: str) -> RoomMessage:
    event = line.event
    return RoomMessage(
        number=line.number,
        id=event.id,
        at=event.at,
        person_id=event.member_id,
        speaker=event.speaker,
        nickname=event.nickname,
        badge=event.badge,
        text="" if withdrawn_by else event.text,
        client_id=event.client_id,
        in_reply_to=event.in_reply_to,
        withdrawn_by=withdrawn_by,
    )
