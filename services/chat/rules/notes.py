"""The channel beside the room: which note this is, and who sees it."""

from collections.abc import Iterable
from datetime import datetime

from harbour.contracts.chat import SendStaffNote, StaffNote, StaffNoteSent
from harbour.contracts.messages import derived_id
from services.chat.rules.evening import Seat


def note(place: Seat, wish: SendStaffNote, now: datetime) -> StaffNote:
    """The note of this wish; the same every time it is wished."""
    return StaffNote(
        note_id=derived_id("note", wish.session_id, wish.staff_id, wish.client_id),
        at=now,
        staff_id=wish.staff_id,
        name=place.person.nickname,
        text=wish.text,
        handover=wish.handover,
    )


def note_sent(wish: SendStaffNote, one: StaffNote) -> StaffNoteSent:
    """What is said of a note."""
    return said_to_adults(wish.session_id, one)


def said_to_adults(session_id: str, one: StaffNote) -> StaffNoteSent:
    """A note on its way to the adults of the room, the same every time it is said."""
    return StaffNoteSent(id=derived_id("note-sent", one.note_id), at=one.at, session_id=session_id, note=one)


def notes_for(place: Seat, notes: Iterable[StaffNote]) -> tuple[StaffNote, ...]:
    """The notes this person sees: an adult who leads all of them, a young person none."""
    return tuple(notes) if place.sees_all else ()
