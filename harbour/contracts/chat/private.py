"""A private word between a young person and the adults who lead the room, beside the group, both ways."""

from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from harbour.contracts.enrolment import Part
from harbour.contracts.messages import Answer, Command, Event, Key


class PrivateWordSent(Event, fact="chat.private-word-sent", key=("session_id", "member_id")):
    """Something said between one young person and the adults of the room. No peer ever sees it."""

    session_id: Key
    member_id: Key
    """The young person whose thread it is, whoever wrote it."""
    author_id: Key
    by_adult: bool = False
    nickname: str
    """The author's."""
    badge: str = ""
    text: Annotated[str, StringConstraints(min_length=1, max_length=4000)] = Field(repr=False)
    client_id: Key


class PrivateWord(Part):
    """A private word as its young person and the adults see it."""

    number: int
    at: AwareDatetime
    member_id: Key
    author_id: Key
    by_adult: bool
    nickname: str
    badge: str = ""
    text: str = Field(repr=False)
    client_id: str


class PrivateWordTaken(Answer):
    """It is on record."""

    number: int
    at: AwareDatetime


class SendPrivateWord(Command[PrivateWordTaken], ask="chat.send-private-word"):
    """Say something beside the group, whatever state the evening is in.

    Refused with `no-such-session`, `not-yours`, `no-such-person`, `empty`, `too-long`, `too-fast`. The same client_id
    of the same person again is the same word.
    """

    session_id: Key
    person_id: Key
    member_id: str = Field(default="", max_length=64)
    """Whose thread: for an adult the young person they write to; a young person's own needs no name."""
    client_id: Key
    text: str = Field(repr=False, max_length=20_000)
