"""The evening, in the order it happens: it is planned, people are let in, it begins, it closes, it ends."""

from harbour.contracts.chat import (
    CancelSession,
    CloseSession,
    ClosingDue,
    EndDue,
    EndSession,
    OpenSession,
    StartSession,
)
from harbour.contracts.enrolment import CourseScheduled, Enrolled
from harbour.contracts.messages import Refused
from harbour.runtime.rooms import Says
from services.chat import rules
from services.chat.handlers.doors import Now, RoomBook, TheTerms, router
from services.chat.news import adults_due, moved, timers_of
from services.chat.rules import Move
from services.chat.views import not_ready, stands


@router.hears(CourseScheduled)
async def plan_evenings(event: CourseScheduled, rooms: RoomBook, terms: TheTerms, now: Now) -> Says:
    """Know the evenings of a course and the adults who lead it, and set the clocks of each."""
    gone = await rooms.plan(event)
    return timers_of(event, gone, terms, now) if gone is not None else None


@router.hears(Enrolled)
async def admit_member(event: Enrolled, rooms: RoomBook) -> None:
    """Let a young person come to every evening of their course."""
    await rooms.admit(event)


@router.answers(OpenSession)
async def open_session(wish: OpenSession, rooms: RoomBook, terms: TheTerms, now: Now) -> Says:
    """Open the doors, once the adults are there and have seen the practice alert; asking again says nothing new."""
    watch = await rooms.watch(wish.session_id, now)
    if watch is None or (refused := rules.why_not_lead(watch, wish.staff_id)):
        return refused if watch else rules.NO_SUCH_SESSION
    if watch.room.state in rules.FROM[Move.OPEN] and (lacks := rules.lacks(watch, now, terms)):
        return not_ready(lacks)
    return await move_on(wish, Move.OPEN, watch.room, rooms, now)


@router.answers(StartSession)
async def start_session(wish: StartSession, rooms: RoomBook, terms: TheTerms, now: Now) -> Says:
    """Begin the evening, once its doors are open; from now on the room never stays without an adult."""
    place = rules.leading_seat(await rooms.gathering(wish.session_id), wish.staff_id)
    if isinstance(place, Refused):
        return place
    begun = await move_on(wish, Move.START, place.room, rooms, now)
    return [*begun, adults_due(wish, wish.session_id, now + terms.away)] if isinstance(begun, list) else begun


@router.answers(CloseSession)
async def close_session(wish: CloseSession, rooms: RoomBook, now: Now) -> Says:
    """Begin the last few minutes."""
    place = rules.leading_seat(await rooms.gathering(wish.session_id), wish.staff_id)
    return place if isinstance(place, Refused) else await move_on(wish, Move.CLOSE, place.room, rooms, now)


@router.answers(EndSession)
async def end_session(wish: EndSession, rooms: RoomBook, now: Now) -> Says:
    """End the evening; what was said stays readable to those who were to be there."""
    place = rules.leading_seat(await rooms.gathering(wish.session_id), wish.staff_id)
    return place if isinstance(place, Refused) else await move_on(wish, Move.END, place.room, rooms, now)


@router.answers(CancelSession)
async def cancel_session(wish: CancelSession, rooms: RoomBook, now: Now) -> Says:
    """Say that the evening does not take place, as long as it has not begun."""
    place = rules.leading_seat(await rooms.gathering(wish.session_id), wish.staff_id)
    return place if isinstance(place, Refused) else await move_on(wish, Move.CANCEL, place.room, rooms, now)


async def move_on(
    wish: OpenSession | StartSession | CloseSession | EndSession | CancelSession,
    move: Move,
    room: rules.Room,
    rooms: RoomBook,
    now: Now,
) -> Says:
    """Move an evening on, once: the answer with what is said of it, or where it stands already."""
    to = rules.TO[move]
    if room.state in rules.FROM[move] and await rooms.move(wish.session_id, room.state, to, now):
        return moved(wish, room, to, now, wish.staff_id)
    return stands(wish.session_id, await rooms.state(wish.session_id), move)


# ── by its clocks ─────────────────────────────────────────────────────────────────────────────────────────────


@router.hears(ClosingDue)
async def begin_last_minutes(event: ClosingDue, rooms: RoomBook, now: Now) -> Says:
    """Begin the last few minutes of an evening that is live; one that is paused goes on in them."""
    gathering = await rooms.gathering(event.session_id)
    if gathering is None:
        return None
    await rooms.close_after_the_pause(event.session_id)
    return await by_itself(event, Move.CLOSE, gathering.room, rooms, now)


@router.hears(EndDue)
async def end_by_itself(event: EndDue, rooms: RoomBook, now: Now) -> Says:
    """End an evening that nobody has ended; one that never began did not take place."""
    gathering = await rooms.gathering(event.session_id)
    if gathering is None:
        return None
    move = Move.END if gathering.room.state in rules.FROM[Move.END] else Move.CANCEL
    return await by_itself(event, move, gathering.room, rooms, now)


async def by_itself(event: ClosingDue | EndDue, move: Move, room: rules.Room, rooms: RoomBook, now: Now) -> Says:
    """Move an evening on by its clock, where it stands so that this makes sense."""
    to = rules.TO[move]
    if room.state not in rules.FROM[move] or not await rooms.move(event.session_id, room.state, to, now):
        return None
    return moved(event, room, to, now)[1:]
