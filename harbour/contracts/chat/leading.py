"""How a room is led: who may speak when, and what waits for an adult."""

from typing import Literal

from pydantic import Field

from harbour.contracts.enrolment import Part
from harbour.contracts.messages import Answer, Command, Event, Key


class Round(Part):
    """Everybody in turn. Adults may always speak."""

    order: tuple[Key, ...]
    """Who is still to come, the one whose turn it is first; never empty."""

    @property
    def turn(self) -> str:
        """Whose turn it is."""
        return self.order[0]


class Ways(Part):
    """The ways in which a room is led just now."""

    revision: int = 0
    """One more with each change, so that older news never undoes newer."""
    slow_seconds: int = 0
    """How long a young person rests between two messages; 0 for no rest."""
    hold_all: bool = False
    """Whether every young person's message waits for an adult."""
    muted: tuple[Key, ...] = ()
    """Who may read but not write. A young person is shown at most themselves here."""
    round: Round | None = None
    show_writing: bool = False
    """Whether everybody sees who is writing just now; never what, and nothing of it is kept."""


# ── what it says ──────────────────────────────────────────────────────────────────────────────────────────────


class RoomRuled(Event, fact="chat.room-ruled", key=("session_id",)):
    """A room is led in another way from now on."""

    session_id: Key
    by: Key
    """The adult who wished it, or the young person who passed their turn on."""
    ways: Ways


# ── what it answers ───────────────────────────────────────────────────────────────────────────────────────────


class RoomLed(Answer):
    """How the room is led now."""

    session_id: Key
    ways: Ways


class MutePerson(Command[RoomLed], ask="chat.mute-person"):
    """Let a young person read and not write for a while, or write again.

    Refused with `no-such-session`, `not-yours`, `ended`, `no-such-person`.
    """

    session_id: Key
    staff_id: Key
    person_id: Key
    muted: bool


class SlowRoom(Command[RoomLed], ask="chat.slow-room"):
    """Ask every young person to rest between two messages. Refused with `no-such-session`, `not-yours`, `ended`."""

    session_id: Key
    staff_id: Key
    seconds: int = Field(ge=0, le=600)


class HoldEverything(Command[RoomLed], ask="chat.hold-everything"):
    """Have every young person's message wait for an adult, or no longer.

    Refused with `no-such-session`, `not-yours`, `ended`.
    """

    session_id: Key
    staff_id: Key
    on: bool


class ShowWriting(Command[RoomLed], ask="chat.show-writing"):
    """Let everybody see who is writing just now, or no longer.

    Refused with `no-such-session`, `not-yours`, `ended`.
    """

    session_id: Key
    staff_id: Key
    on: bool


class LeadRound(Command[RoomLed], ask="chat.lead-round"):
    """Begin a round, go on in it, or end it.

    Refused with `no-such-session`, `not-yours`, `ended`, `nobody-here`. A step for somebody whose turn it no longer
    is changes nothing, so that two adults who press at the same moment pass one turn on and not two.
    """

    session_id: Key
    staff_id: Key
    step: Literal["begin", "next", "later", "end"]
    """`later`: the one whose turn it is comes again at the end."""
    turn: str = Field(default="", max_length=64)
    """Whose turn `next` and `later` are about."""
    order: tuple[Key, ...] = Field(default=(), max_length=64)
    """With `begin`: who takes part, in this order; empty for every young person of the room, by name."""


class PassTurn(Command[RoomLed], ask="chat.pass-turn"):
    """A young person passes their turn on, having spoken or not. Refused with `no-such-session`, `not-yours`."""

    session_id: Key
    person_id: Key
