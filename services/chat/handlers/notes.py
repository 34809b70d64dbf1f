"""The channel beside the room: adults tell one another, and hand over."""

from harbour.contracts.chat import NoteKept, SendStaffNote
from harbour.contracts.messages import Refused
from harbour.runtime.rooms import Says
from services.chat import rules
from services.chat.handlers.doors import Now, RoomBook, TheNotes, router


@router.answers(SendStaffNote)
async def send_staff_note(wish: SendStaffNote, rooms: RoomBook, notes: TheNotes, now: Now) -> Says:
    """Tell the other adults of the room; the same note again says nothing new."""
    place = rules.leading_seat(await rooms.gathering(wish.session_id), wish.staff_id)
    if isinstance(place, Refused):
        return place
    note = rules.note(place, wish, now)
    kept = NoteKept(note=note)
    return [kept, rules.note_sent(wish, note)] if await notes.keep(wish.session_id, note) else kept
