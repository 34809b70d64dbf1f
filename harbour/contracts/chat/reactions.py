"""A few kind reactions to a message: words with a small picture, never a score."""

from enum import StrEnum

from pydantic import Field

from harbour.contracts.enrolment import Part
from harbour.contracts.messages import Answer, Command, Event, Key


class Reaction(StrEnum):
    """What somebody can say to a message without words of their own."""

    WITH_YOU = "with-you"
    ME_TOO = "me-too"
    THANK_YOU = "thank-you"
    STRONG = "strong"
    GENTLE = "gentle"


class ReactionSet(Event, fact="chat.reaction-set", key=("session_id", "member_id")):
    """Somebody set, changed or took back their one reaction to a message."""

    session_id: Key
    member_id: Key
    number: int
    reaction: Reaction | None = None
    """None where it was taken back."""
    counts: dict[Reaction, int] = Field(default_factory=dict)
    """How many of each there are now, by this change."""
    turn: int
    """Counts up with each change to this message, so that an older one that comes late changes nothing."""


class Reacted(Part):
    """The reactions to one message, as one person may see them."""

    number: int
    turn: int
    counts: dict[Reaction, int]
    mine: Reaction | None = None
    who: dict[Key, Reaction] = Field(default_factory=dict)
    """For a facilitator: who said what."""


class ReactionTaken(Answer):
    """It is on record."""

    number: int


class SetReaction(Command[ReactionTaken], ask="chat.set-reaction"):
    """Set my one reaction to a message, or take it back with none. Setting the same again says nothing new.

    Refused with `no-such-session`, `not-yours`, `not-live`, `no-such-message`, `own-message`.
    """

    session_id: Key
    person_id: Key
    number: int = Field(ge=1)
    reaction: Reaction | None = None
