"""One evening, in the order it happens: people are let in, the room opens and starts, they speak, it ends."""

from datetime import datetime
from typing import Annotated

from faststream import Context

from harbour.contracts.chat import (
    Declined,
    DeclineMessage,
    EndSession,
    MessagePosted,
    MessageTaken,
    OpenSession,
    PostMessage,
    ReadRoom,
    ReleaseMessage,
    RoomChanged,
    RoomState,
    RoomView,
    SessionEnded,
    SessionOpened,
    SessionStarted,
    StartSession,
)
from harbour.contracts.enrolment import CourseScheduled, Enrolled
from harbour.contracts.messages import Refused
from harbour.runtime.database import book
from harbour.runtime.rooms import Router, Says, present
from services.chat import rules
from services.chat.door import judged_at_the_door
from services.chat.doorkeeper import Doorkeeper
from services.chat.holds import Holds
from services.chat.rules import Outcome
from services.chat.store import Rooms
from services.chat.transcript import EVERYBODY, Transcript, find
from services.chat.views import room_view, stands, taken

router = Router("chat")

RoomBook = Annotated[Rooms, book(Rooms)]
TheTranscript = Annotated[Transcript, Context("transcript")]
TheDoorkeeper = Annotated[Doorkeeper, Context("doorkeeper")]
TheHolds = Annotated[Holds, Context("holds")]
Now = Annotated[datetime, present()]


@router.hears(CourseScheduled)
async def plan_evenings(event: CourseScheduled, rooms: RoomBook) -> None:
    """Know the evenings of a course and the adults who lead it."""
    await rooms.plan(event)


@router.hears(Enrolled)
async def admit_member(event: Enrolled, rooms: RoomBook) -> None:
    """Let a young person come to every evening of their course."""
    await rooms.admit(event)


@router.answers(OpenSession)
async def open_session(wish: OpenSession, rooms: RoomBook, now: Now) -> Says:
    """Open the doors; asking again changes nothing and says nothing new."""
    place = rules.leading_seat(await rooms.gathering(wish.session_id), wish.staff_id)
    if isinstance(place, Refused):
        return place
    if await rooms.move(wish.session_id, RoomState.SCHEDULED, RoomState.DOORS, now):
        opened = SessionOpened.after(wish, course_id=place.room.course_id, at=now)
        return [RoomChanged(session_id=wish.session_id, state=RoomState.DOORS), opened]
    return stands(wish.session_id, await rooms.state(wish.session_id), rules.why_not_open)


@router.answers(StartSession)
async def start_session(wish: StartSession, rooms: RoomBook, now: Now) -> Says:
    """Begin the evening, once its doors are open."""
    place = rules.leading_seat(await rooms.gathering(wish.session_id), wish.staff_id)
    if isinstance(place, Refused):
        return place
    if await rooms.move(wish.session_id, RoomState.DOORS, RoomState.LIVE, now):
        started = SessionStarted.after(wish, course_id=place.room.course_id, at=now)
        return [RoomChanged(session_id=wish.session_id, state=RoomState.LIVE), started]
    return stands(wish.session_id, await rooms.state(wish.session_id), rules.why_not_start)


@router.answers(PostMessage, transaction=False)
async def post_message(
    wish: PostMessage, doorkeeper: TheDoorkeeper, transcript: TheTranscript, now: Now
) -> MessageTaken | Refused:
    """Take what somebody says, for the room or for the adults first, and answer once it is stored."""
    place = await doorkeeper.seat(wish.session_id, wish.person_id)
    if isinstance(place, Refused):
        return place
    message_id = rules.message_id(wish.session_id, wish.person_id, wish.client_id)
    again = rules.may_be_kept_already(place.room, now)
    if again and (kept := await find(transcript, wish.session_id, wish.person_id, message_id)):
        return taken(kept)
    text = rules.tidy(wish.text)
    if reason := rules.why_not_post(place, text, doorkeeper.limits.max_chars):
        return Refused(reason=reason)
    if doorkeeper.too_fast(wish.person_id, now):
        return Refused(reason="too-fast")
    said = rules.as_said(place, wish, text, judged_at_the_door(place.person, text), now)
    return taken(await transcript.append(said))


@router.answers(ReadRoom)
async def read_room(wish: ReadRoom, rooms: RoomBook, transcript: TheTranscript, holds: TheHolds) -> RoomView | Refused:
    """Show the room after a number, as this person may see it."""
    place = rules.seat(await rooms.gathering(wish.session_id), wish.person_id)
    if isinstance(place, Refused):
        return place
    outcomes = await rooms.outcomes(wish.session_id)
    held = await holds.ever_held(wish.session_id, EVERYBODY if place.leads else wish.person_id)
    page = await transcript.after(wish.session_id, wish.after, wish.limit, (MessagePosted,))
    latest = await transcript.latest(wish.session_id)
    return room_view(place, page, latest, rules.held_for(place, held, outcomes))


@router.answers(ReleaseMessage, transaction=False)
async def release_message(
    wish: ReleaseMessage, doorkeeper: TheDoorkeeper, holds: TheHolds, now: Now
) -> MessageTaken | Refused:
    """Let everybody read a held message; it shows once, whoever releases it how often."""
    place = await doorkeeper.leading_seat(wish.session_id, wish.staff_id)
    if isinstance(place, Refused):
        return place
    ruling = await holds.decide(wish.session_id, wish.held_id, Outcome.RELEASED, wish.staff_id, now)
    if ruling is None:
        return Refused(reason="no-such-message")
    stored = await holds.record(ruling)
    return taken(stored) if ruling.outcome is Outcome.RELEASED else Refused(reason="declined")


@router.answers(DeclineMessage, transaction=False)
async def decline_message(
    wish: DeclineMessage, doorkeeper: TheDoorkeeper, holds: TheHolds, now: Now
) -> Declined | Refused:
    """Keep a held message from the room, and let its writer know."""
    place = await doorkeeper.leading_seat(wish.session_id, wish.staff_id)
    if isinstance(place, Refused):
        return place
    ruling = await holds.decide(wish.session_id, wish.held_id, Outcome.DECLINED, wish.staff_id, now)
    if ruling is None:
        return Refused(reason="no-such-message")
    await holds.record(ruling)
    return Declined(held_id=wish.held_id) if ruling.outcome is Outcome.DECLINED else Refused(reason="released")


@router.answers(EndSession)
async def end_session(wish: EndSession, rooms: RoomBook, now: Now) -> Says:
    """End the evening; what was said stays readable to those who were to be there."""
    place = rules.leading_seat(await rooms.gathering(wish.session_id), wish.staff_id)
    if isinstance(place, Refused):
        return place
    if await rooms.move(wish.session_id, RoomState.LIVE, RoomState.ENDED, now):
        ended = SessionEnded.after(wish, course_id=place.room.course_id, at=now)
        return [RoomChanged(session_id=wish.session_id, state=RoomState.ENDED), ended]
    return stands(wish.session_id, await rooms.state(wish.session_id), rules.why_not_end)
