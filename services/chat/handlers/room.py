"""The room: somebody speaks, somebody reads, an adult decides about what waits."""

from datetime import datetime

from harbour.contracts.chat import (
    CompareRooms,
    Declined,
    DeclineMessage,
    MessagePosted,
    MessageTaken,
    PostMessage,
    PrivateWordSent,
    ReadRoom,
    ReleaseMessage,
    RoomsFar,
    RoomView,
)
from harbour.contracts.messages import Refused
from services.chat import rules
from services.chat.door import judged_at_the_door
from services.chat.handlers.doors import (
    BesideBooks,
    Now,
    RoomBook,
    TheDoorkeeper,
    TheHolds,
    TheSheets,
    TheTerms,
    TheTranscript,
    router,
)
from services.chat.rules import Outcome, Seat
from services.chat.transcript import EVERYBODY, Transcript, find, read_all
from services.chat.views import outside_view, room_view, taken


@router.answers(PostMessage, transaction=False, hot=True, shortcut="quick_door")
async def post_message(
    wish: PostMessage, doorkeeper: TheDoorkeeper, transcript: TheTranscript, now: Now
) -> MessageTaken | Refused:
    """Take what somebody says, for the room or for the adults first, and answer once it is stored."""
    place = await doorkeeper.seat(wish.session_id, wish.person_id)
    if isinstance(place, Refused):
        return place
    message_id = rules.message_id(wish.session_id, wish.person_id, wish.client_id)
    text = rules.tidy(wish.text)
    reason = rules.why_not_post(place, text, doorkeeper.limits.max_chars) or await why_not_now(place, transcript, now)
    again = rules.may_be_kept_already(place.room, now, reason)
    if again and (kept := await find(transcript, wish.session_id, wish.person_id, message_id)):
        return taken(kept)
    if reason:
        return Refused(reason=reason)
    if doorkeeper.too_fast(wish.person_id, now):
        return Refused(reason="too-fast")
    said = rules.as_said(place, wish, text, judged_at_the_door(place.person, text), now)
    return taken(await transcript.append(said))


async def why_not_now(place: Seat, transcript: Transcript, now: datetime) -> str | None:
    """Why this person is to wait with their words, as the room is led; the transcript knows when they spoke last."""
    if reason := rules.why_not_now(place):
        return reason
    if not rules.is_slowed(place):
        return None
    last = await transcript.spoke_last(place.room.session_id, place.person.person_id)
    return "slow" if rules.is_too_soon(place.ways, last, now) else None


@router.answers(ReadRoom)
async def read_room(
    wish: ReadRoom,
    rooms: RoomBook,
    besides: BesideBooks,
    sheets: TheSheets,
    transcript: TheTranscript,
    holds: TheHolds,
    terms: TheTerms,
    now: Now,
) -> RoomView | Refused:
    """Show the room after a number, as this person may see it."""
    gathering = await rooms.gathering(wish.session_id)
    place = rules.young_seat(gathering, wish.person_id, out_too=True)
    if isinstance(place, rules.Seat) and rules.is_out(gathering, wish.person_id):
        return outside_view(place, (await besides.of(wish.session_id)).calls)
    whole = await besides.of(wish.session_id)
    place = rules.reading_seat(gathering, wish.person_id, whole.observers, now, terms.away)
    if isinstance(place, Refused):
        return place
    decided = await rooms.decided(wish.session_id)
    held = await holds.ever_held(wish.session_id, EVERYBODY if place.sees_all else wish.person_id)
    page = await transcript.after(wish.session_id, wish.after, wish.limit, (MessagePosted,))
    latest = await transcript.latest(wish.session_id)
    beside = rules.beside_for(place, whole)
    words = await read_all(
        transcript, wish.session_id, (PrivateWordSent,), EVERYBODY if place.leads else wish.person_id
    )
    beside["private"] = tuple(rules.as_shown(line.number, line.event) for line in words)
    beside["waited"] = rules.waited(place, held, decided)
    together = await sheets.shown(wish.session_id, wish.person_id)
    beside = {**beside, "checked_in": await rooms.joins(wish.session_id, wish.person_id)}
    beside["adults_at"] = gathering.adults_at if gathering else None
    return room_view(place, page, latest, rules.held_for(place, held, decided), beside, together)


@router.answers(CompareRooms, transaction=False)
async def compare_rooms(wish: CompareRooms, transcript: TheTranscript) -> RoomsFar:
    """Say how far each room has come."""
    return RoomsFar(newest={session_id: await transcript.newest(session_id) for session_id in wish.session_ids})


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
    reply = {"words": rules.tidy(wish.words), "rephrase": wish.rephrase, "name": place.person.nickname}
    ruling = await holds.decide(wish.session_id, wish.held_id, Outcome.DECLINED, wish.staff_id, now, **reply)
    if ruling is None:
        return Refused(reason="no-such-message")
    await holds.record(ruling)
    return Declined(held_id=wish.held_id) if ruling.outcome is Outcome.DECLINED else Refused(reason="released")
