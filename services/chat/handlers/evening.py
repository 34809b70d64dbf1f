"""The evening, in the order it happens: people are let in, the doors open, it begins, it ends."""

from harbour.contracts.chat import (
    EndSession,
    OpenSession,
    RoomChanged,
    RoomState,
    SessionEnded,
    SessionOpened,
    SessionStarted,
    StartSession,
)
from harbour.contracts.enrolment import CourseScheduled, Enrolled
from harbour.contracts.messages import Refused
from harbour.runtime.rooms import Says
from services.chat import rules
from services.chat.handlers.doors import Now, RoomBook, router
from services.chat.views import stands


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
