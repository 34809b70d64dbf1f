"""Reactions: one for each person and message, and what others see of it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from harbour.contracts.chat import MessagePosted, Reacted, Reaction, ReactionSet, RoomState, SetReaction
from harbour.contracts.messages import derived_id
from services.chat.rules.evening import Seat


@dataclass(frozen=True)
class Standing:
    """The reactions to one message as they stand."""

    number: int
    turn: int = 0
    """How often they have changed."""
    who: Mapping[str, Reaction | None] = field(default_factory=dict)
    """What each person says, or None where they took it back."""

    @property
    def counts(self) -> dict[Reaction, int]:
        """How many of each there are, in the order of their list."""
        found = Counter(one for one in self.who.values() if one)
        return {one: found[one] for one in Reaction if found[one]}


def why_not_react(place: Seat, message: MessagePosted | None, person_id: str) -> str | None:
    """Why this person cannot react to this message now."""
    if place.room.state in (RoomState.SCHEDULED, RoomState.ENDED, RoomState.CANCELLED):
        return "not-live"
    if message is None:
        return "no-such-message"
    return "own-message" if message.member_id == person_id else None


def with_reaction(standing: Standing, person_id: str, reaction: Reaction | None) -> Standing:
    """As they stand once this person says so; the same standing where nothing changes."""
    if standing.who.get(person_id) is reaction:
        return standing
    return Standing(standing.number, standing.turn + 1, {**standing.who, person_id: reaction})


def reaction_set(wish: SetReaction, standing: Standing) -> ReactionSet:
    """What is said of a change, the same every time it is said."""
    return ReactionSet.after(
        wish,
        id=derived_id("reaction", wish.session_id, wish.number, standing.turn),
        member_id=wish.person_id,
        counts=standing.counts,
        turn=standing.turn,
    )


def reactions_for(place: Seat, standings: Iterable[Standing]) -> tuple[Reacted, ...]:
    """What this person sees: everybody the counts and their own, an adult also who said what."""
    return tuple(
        Reacted(
            number=one.number,
            turn=one.turn,
            counts=one.counts,
            mine=one.who.get(place.person.person_id),
            who={who: said for who, said in one.who.items() if said} if place.sees_all else {},
        )
        for one in standings
    )
