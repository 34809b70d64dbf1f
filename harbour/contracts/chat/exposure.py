"""Who was shown what, and messages that an adult takes back."""

from pydantic import AwareDatetime, Field

from harbour.contracts.enrolment import Part
from harbour.contracts.messages import Answer, Command, Event, Key


class MessageWithdrawn(Event, fact="chat.message-withdrawn", key=("session_id", "member_id")):
    """An adult took a posted message back from every screen. The words stay under its number, for the desk alone."""

    session_id: Key
    member_id: Key
    """Its author."""
    message_id: str
    number: int
    nickname: str = ""
    """Its author's."""
    staff_id: Key
    name: str
    """The adult's, as the room knows them."""
    shown_to: tuple[Key, ...] = ()
    """The young people on whose screens it was, by what is known at this moment; its author is not among them."""


class ExposureFound(Event, fact="chat.exposure-found", key=("session_id", "member_id")):
    """One more young person had a withdrawn message on their screen: their browser said so after it was withdrawn."""

    session_id: Key
    member_id: Key
    """Who saw it."""
    message_id: str
    number: int


class WithdrawnMessage(Part):
    """A message that was taken back: for a young person its number and by whom, for an adult who had seen it too."""

    number: int
    name: str
    at: AwareDatetime
    nickname: str = ""
    shown_to: tuple[Key, ...] = ()


class ShownRun(Part):
    """Messages of one session that were on one person's screen: from the first to the last, and all between them.

    The next run begins with the last number of the one before where they stand side by side, so that both join.
    """

    session_id: Key
    person_id: Key
    first: int = Field(ge=1)
    upto: int = Field(ge=1)


class ShownRecorded(Answer):
    """It is on record."""


class RecordShown(Command[ShownRecorded], ask="chat.record-shown"):
    """Keep what was on people's screens; telling the same again changes nothing."""

    runs: tuple[ShownRun, ...] = Field(max_length=1000)


class Withdrawn(Answer):
    """A message that is on no screen any more."""

    number: int
    shown_to: tuple[Key, ...]


class WithdrawMessage(Command[Withdrawn], ask="chat.withdraw-message"):
    """Take a posted message back from every screen.

    Refused with `no-such-session`, `not-yours`, `no-such-message`. Asking again gives who has seen it by now.
    """

    session_id: Key
    number: int = Field(ge=1)
    staff_id: Key
