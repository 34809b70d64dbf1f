"""Asking a young person to step out for tonight, with a reason for the desk, and letting them back in."""

from typing import Annotated

from pydantic import AwareDatetime, Field, StringConstraints

from harbour.contracts.enrolment import Part
from harbour.contracts.messages import Answer, Command, Event, Key

Why = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
"""Words about a child: for the adults of the room and the desk, never in logs, headers or on a young person's page."""


class PersonRemoved(Event, fact="chat.person-removed", key=("session_id", "member_id")):
    """An adult asked a young person to step out for tonight. Peers never hear of it; the desk looks after them."""

    session_id: Key
    member_id: Key
    removal_id: Key
    nickname: str
    badge: str = ""
    staff_id: Key
    name: str
    """The adult's, as the room knows them."""
    reason: Why = Field(repr=False)


class PersonLetBack(Event, fact="chat.person-let-back", key=("session_id", "member_id")):
    """An adult let somebody back in who had stepped out; stepping out again is a new removal."""

    session_id: Key
    member_id: Key
    removal_id: Key
    staff_id: Key
    name: str


class Removal(Part):
    """That somebody was asked to step out tonight, as the adults of the room see it."""

    removal_id: Key
    person_id: Key
    nickname: str
    badge: str = ""
    at: AwareDatetime
    name: str
    """The adult who asked them to."""
    reason: str = Field(repr=False)
    let_back_by: str = ""
    """The adult who let them back in; empty while they are out."""


class RemovalTaken(Answer):
    """They are out, or back in."""

    removal_id: Key
    out: bool


class RemovePerson(Command[RemovalTaken], ask="chat.remove-person"):
    """Ask a young person to step out for tonight. Somebody who is out already stays so, with the reason given first.

    Refused with `no-such-session`, `not-yours`, `ended`, `no-such-person`.
    """

    session_id: Key
    staff_id: Key
    person_id: Key
    reason: Why = Field(repr=False)


class LetPersonBack(Command[RemovalTaken], ask="chat.let-person-back"):
    """Let somebody back in. Refused with `no-such-session`, `not-yours`, `ended`, `not-out`."""

    session_id: Key
    staff_id: Key
    person_id: Key
