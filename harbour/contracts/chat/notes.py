"""The channel beside the room: what the adults who lead an evening tell one another, and hand over."""

from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from harbour.contracts.enrolment import Part
from harbour.contracts.messages import Answer, Command, Event, Key

NoteText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class StaffNote(Part):
    """Something one adult of the room told the others."""

    note_id: Key
    at: AwareDatetime
    staff_id: Key
    name: str
    text: NoteText = Field(repr=False)
    handover: bool = False
    """Whether it hands the evening over: what whoever leads from now on should know first."""


class StaffNoteSent(Event, fact="chat.staff-note-sent", key=("session_id",)):
    """An adult told the other adults of the room something; it never comes near a young person's screen."""

    session_id: Key
    note: StaffNote


class NoteKept(Answer):
    """It is kept, and the others are told."""

    note: StaffNote


class SendStaffNote(Command[NoteKept], ask="chat.send-staff-note"):
    """Tell the other adults of the room something. Refused with `no-such-session`, `not-yours`.

    The same client_id of the same adult in the same session again is the same note.
    """

    session_id: Key
    staff_id: Key
    client_id: Key
    text: NoteText = Field(repr=False)
    handover: bool = False
