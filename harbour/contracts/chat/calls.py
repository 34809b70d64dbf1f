"""Calls to the adults: "I need help now", and a quiet report of a message."""

from typing import Literal

from pydantic import AwareDatetime, Field

from harbour.contracts.enrolment import Part
from harbour.contracts.messages import Answer, Command, Event, Key

About = Literal["unkind", "worried", "unsafe", "other"]
"""What a report is about: it is unkind; I'm worried about them; it could hurt somebody; something else."""


class HelpAsked(Event, fact="chat.help-asked", key=("session_id", "member_id")):
    """A young person told the adults that they need help now. Peers never hear of it."""

    session_id: Key
    member_id: Key
    help_id: Key
    nickname: str
    badge: str = ""


class HelpAnswered(Event, fact="chat.help-answered", key=("session_id", "member_id")):
    """An adult is with them now; pressing again is a new call."""

    session_id: Key
    member_id: Key
    help_id: Key
    staff_id: Key
    name: str


class MessageReported(Event, fact="chat.message-reported", key=("session_id", "member_id")):
    """Somebody quietly told the adults about a message. Neither its author nor any peer hears of it; no words."""

    session_id: Key
    member_id: Key
    """Who told us."""
    nickname: str
    number: int
    message_id: str
    held_id: str = ""
    """Where it was held first: the id of that `MessageHeld`."""
    author_id: Key
    author: str
    """The author's nickname."""
    by_adult: bool = False
    """The author leads the room: then the desk hears of it and the console does not."""
    about: About = "other"


class HelpCall(Part):
    """A call for help, as adults and the one who called see it."""

    help_id: Key
    person_id: Key
    nickname: str
    badge: str = ""
    at: AwareDatetime
    answered_by: str = ""
    """The adult who is with them; empty while nobody is."""


class Report(Part):
    """A quiet report, as adults see it."""

    number: int
    person_id: Key
    nickname: str
    author: str
    about: About
    at: AwareDatetime


class HelpTaken(Answer):
    """The adults have been told, or one is with them."""

    help_id: Key


class AskForHelp(Command[HelpTaken], ask="chat.ask-for-help"):
    """Tell the adults and the desk that I need help now; pressing again while nobody has come is the same call.

    Refused with `no-such-session`, `not-yours`. Whatever state the evening is in, it is taken.
    """

    session_id: Key
    person_id: Key


class AnswerHelp(Command[HelpTaken], ask="chat.answer-help"):
    """An adult says that they are with somebody who called. Refused with `no-such-session`, `not-yours`,
    `no-such-call`."""

    session_id: Key
    help_id: Key
    staff_id: Key


class ReportTaken(Answer):
    """The adults have been told."""

    number: int


class ReportMessage(Command[ReportTaken], ask="chat.report-message"):
    """Tell the adults quietly about a message; telling again changes nothing.

    Refused with `no-such-session`, `not-yours`, `no-such-message`, `own-message`.
    """

    session_id: Key
    person_id: Key
    number: int = Field(ge=1)
    about: About = "other"
