"""Somebody who was not planned for an evening takes it over: mid-session, with a word to the others, on record."""

from pydantic import Field

from harbour.contracts.chat.notes import NoteText
from harbour.contracts.chat.room import RoomPerson
from harbour.contracts.messages import Answer, Command, Event, Key


class SessionTakenOver(Event, fact="chat.session-taken-over", key=("session_id",)):
    """A counsellor or youth worker leads this evening from now on, in place of another or beside them."""

    session_id: Key
    course_id: Key
    staff_id: Key
    name: str
    instead_of: str = ""
    """Who steps back; empty where nobody does. They may take over again."""
    adults: tuple[RoomPerson, ...]
    """Who leads it now."""


class TookOver(Answer):
    """The evening is theirs to lead."""

    session_id: Key


class TakeOver(Command[TookOver], ask="chat.take-over"):
    """Lead an evening one was not planned for; the words go to its other adults.

    Refused with `no-such-session`, `not-yours`, `leads`, `ended`, `too-early`, `no-such-person`, and with
    `counsellor-needed` where the evening would be left without one.
    """

    session_id: Key
    staff_id: Key
    instead_of: str = Field(default="", max_length=64)
    """The adult one takes over from; empty to come in beside those who lead."""
    words: NoteText = Field(repr=False)
