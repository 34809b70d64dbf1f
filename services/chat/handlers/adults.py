"""No adult, no room: their pages are heard, and without one the room holds its breath."""

from harbour.contracts.chat import AdultsDue, KeepWatch, PauseSession, ResumeSession, RoomState, SessionResumed
from harbour.contracts.messages import Refused
from harbour.runtime.rooms import Says
from services.chat import rules
from services.chat.handlers.doors import Now, RoomBook, TheTerms, router
from services.chat.news import adults_due, moved, paused
from services.chat.rules import Move
from services.chat.views import stands


@router.answers(KeepWatch)
async def keep_watch(wish: KeepWatch, rooms: RoomBook, terms: TheTerms, now: Now) -> Says:
    """Keep that an adult's page was heard; a room that paused for want of one goes on."""
    watch = await rooms.watch(wish.session_id, now)
    if watch is None or (refused := rules.why_not_lead(watch, wish.staff_id)):
        return refused if watch else rules.NO_SUCH_SESSION
    await rooms.hear_from(wish.session_id, wish.staff_id, now)
    watch = rules.heard_now(watch, wish.staff_id, now)
    room = watch.room
    if not room.paused_by_itself or not await rooms.move(
        room.session_id, RoomState.PAUSED, room.resumes_to, now, words="", paused_by_itself=False
    ):
        return rules.how_it_stands(watch, room.state, now, terms)
    resumed = SessionResumed.after(wish, course_id=room.course_id, state=room.resumes_to, at=now)
    again = adults_due(wish, room.session_id, now + terms.away)
    return [rules.how_it_stands(watch, room.resumes_to, now, terms), resumed, again]


@router.hears(AdultsDue)
async def pause_without_adults(event: AdultsDue, rooms: RoomBook, terms: TheTerms, now: Now) -> Says:
    """Pause a room whose last adult's page has fallen silent; otherwise look again when it could have."""
    watch = await rooms.watch(event.session_id, now)
    if watch is None or watch.room.state not in rules.FROM[Move.PAUSE]:
        return None
    if not rules.are_adults_away(watch, now, terms):
        return adults_due(event, event.session_id, (watch.last_heard or now) + terms.away)
    room = watch.room
    if not await rooms.move(
        room.session_id, room.state, RoomState.PAUSED, now, words="", paused_by_itself=True, resumes_to=room.state
    ):
        return None
    return paused(event, room, now)


@router.answers(PauseSession)
async def pause_session(wish: PauseSession, rooms: RoomBook, now: Now) -> Says:
    """Pause the room with a few kind words."""
    place = rules.leading_seat(await rooms.gathering(wish.session_id), wish.staff_id)
    if isinstance(place, Refused):
        return place
    room = place.room
    if room.state in rules.FROM[Move.PAUSE] and await rooms.move(
        room.session_id, room.state, RoomState.PAUSED, now,
        words=wish.words, paused_by_itself=False, resumes_to=room.state,
    ):  # fmt: skip
        return moved(wish, room, RoomState.PAUSED, now, wish.staff_id, wish.words)
    return stands(wish.session_id, await rooms.state(wish.session_id), Move.PAUSE)


@router.answers(ResumeSession)
async def resume_session(wish: ResumeSession, rooms: RoomBook, terms: TheTerms, now: Now) -> Says:
    """Go on where the room was."""
    place = rules.leading_seat(await rooms.gathering(wish.session_id), wish.staff_id)
    if isinstance(place, Refused):
        return place
    room = place.room
    if await rooms.move(room.session_id, RoomState.PAUSED, room.resumes_to, now, words="", paused_by_itself=False):
        again = adults_due(wish, room.session_id, now + terms.away)
        return [*moved(wish, room, room.resumes_to, now, wish.staff_id), again]
    return stands(wish.session_id, await rooms.state(wish.session_id), Move.RESUME)
