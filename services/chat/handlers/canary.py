"""Canary before doors: a practice alert travels the whole way, and an officer has said that they are there."""

from harbour.contracts.chat import CanaryDue, DoorsDue, SendCanary
from harbour.contracts.messages import Message, Refused
from harbour.contracts.safeguard import CanarySeen, OnCallConfirmed, OnCallEnded
from harbour.runtime.rooms import Says
from services.chat import rules
from services.chat.handlers.doors import Now, RoomBook, TheTerms, router
from services.chat.news import canary, kept_shut
from services.chat.rules import Move, Terms


@router.hears(DoorsDue)
async def send_first_canary(event: DoorsDue, rooms: RoomBook, terms: TheTerms, now: Now) -> Says:
    """Send the practice alert a quarter of an hour before the evening."""
    watch = await rooms.watch(event.session_id, now)
    if watch is None or watch.room.state not in rules.FROM[Move.OPEN] or not rules.needs_canary(watch, now):
        return None
    return await sent(event, event.session_id, rooms, terms, now)


@router.answers(SendCanary)
async def send_canary(wish: SendCanary, rooms: RoomBook, terms: TheTerms, now: Now) -> Says:
    """Send it again, where nobody saw the last one in time; one that is on its way, or was seen, is enough."""
    watch = await rooms.watch(wish.session_id, now)
    if watch is None or (refused := rules.why_not_lead(watch, wish.staff_id)):
        return refused if watch else rules.NO_SUCH_SESSION
    if watch.room.state not in rules.FROM[Move.OPEN]:
        return Refused(reason="open")
    if now < terms.doors_at(watch.room.starts_at):
        return Refused(reason="too-early")
    if not rules.needs_canary(watch, now):
        return rules.how_it_stands(watch, watch.room.state, now, terms)
    said = await sent(wish, wish.session_id, rooms, terms, now)
    again = await rooms.watch(wish.session_id, now)
    return [rules.how_it_stands(again or watch, watch.room.state, now, terms), *said]


async def sent(cause: Message, session_id: str, rooms: RoomBook, terms: Terms, now: Now) -> list[Message]:
    """A practice alert on its way, and the clock that looks for it."""
    event, clock = canary(cause, session_id, now + terms.canary)
    await rooms.send_canary(session_id, event.canary_id, event.due_at)
    return [event, clock]


@router.hears(CanarySeen)
async def keep_canary_seen(event: CanarySeen, rooms: RoomBook) -> None:
    """Keep when somebody said that they see it."""
    await rooms.canary_seen(event.canary_id, event.at)


@router.hears(CanaryDue)
async def say_why_doors_stay_shut(event: CanaryDue, rooms: RoomBook, terms: TheTerms, now: Now) -> Says:
    """Tell those who can help what the doors still need, once the practice alert has had its time."""
    watch = await rooms.watch(event.session_id, now)
    if watch is None or watch.room.state not in rules.FROM[Move.OPEN]:
        return None
    is_present = watch.canary is not None and watch.canary.canary_id == event.canary_id
    lacking = rules.lacks(watch, now, terms)
    if not is_present or not lacking:
        return None
    adults = sorted(one.person_id for one in rules.adults_of(watch.gathering))
    return kept_shut(event, watch.room, lacking, [*adults, *watch.on_call])


@router.hears(OnCallConfirmed)
async def know_who_is_on_call(event: OnCallConfirmed, rooms: RoomBook) -> None:
    """Keep which officer is there, and until when."""
    await rooms.set_on_call(event.staff_id, event.name, event.until, event.at)


@router.hears(OnCallEnded)
async def know_who_has_left(event: OnCallEnded, rooms: RoomBook) -> None:
    """Keep that an officer is there no more."""
    await rooms.end_on_call(event.staff_id, event.at)
