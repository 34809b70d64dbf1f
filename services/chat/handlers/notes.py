"""The channel beside the room: adults tell one another, and hand over."""

from harbour.contracts.chat import NoteKept, SendStaffNote
from harbour.contracts.messages import Refused
from harbour.runtime.rooms import Says
from services.chat import rules
from services.chat.handlers.doors import Now, RoomBook, TheNotes, TheObservers, TheTerms, router


@router.answers(SendStaffNote)
async def send_staff_note(
    wish: SendStaffNote, rooms: RoomBook, notes: TheNotes, observers: TheObservers, terms: TheTerms, now: Now
) -> Says:
    """Tell the other adults of the room, as one who leads or watches it; the same note again says nothing new."""
    watching = await observers.of(wish.session_id)
    place = rules.adult_seat(await rooms.gathering(wish.session_id), wish.staff_id, watching, now, terms.away)
    if isinstance(place, Refused):
        return place
    note = rules.note(place, wish, now)
    kept = NoteKept(note=note)
    return [kept, rules.note_sent(wish, note)] if await notes.keep(wish.session_id, note) else kept
