"""The frames about reactions to a message."""

from typing import Literal, TypeAlias

from pydantic import Field

from harbour.contracts.chat import Reacted, Reaction, ReactionSet
from services.gateway.frames.frame import Frame

__all__ = ["React", "Reactions", "reacted", "reaction_set"]

# ── server to browser ─────────────────────────────────────────────────────────────────────────────────────────


class Reactions(Frame):
    """How a message is reacted to now. A frame with an older `turn` than one before it changes nothing.

    To a young person: how many of each, and `mine` where it is their own that changed (empty: taken back). To a
    facilitator also `who`: what each of these people says now, added to what an earlier frame said.
    """

    example = {"type": "reactions", "number": 41, "turn": 3, "counts": {"with-you": 2}, "mine": None, "who": {}}
    type: Literal["reactions"] = "reactions"
    number: int
    turn: int
    counts: dict[Reaction, int]
    mine: Reaction | Literal[""] | None = None
    who: dict[str, Reaction | Literal[""]] = Field(default_factory=dict)


SAID: tuple[type[Frame], ...] = (Reactions,)


# ── browser to server ─────────────────────────────────────────────────────────────────────────────────────────


class React(Frame):
    """Set my one reaction to a message; none takes it back."""

    example = {"type": "react", "number": 41, "reaction": "with-you"}
    type: Literal["react"] = "react"
    number: int = Field(ge=1)
    reaction: Reaction | None = None


HEARD: tuple[type[Frame], ...] = (React,)
Heard: TypeAlias = React


# ── from the contracts ────────────────────────────────────────────────────────────────────────────────────────


def reaction_set(event: ReactionSet, *, own: bool, leads: bool) -> Reactions:
    """A change, for its own author, an adult or anybody else."""
    said: Reaction | Literal[""] = event.reaction or ""
    return Reactions(
        number=event.number,
        turn=event.turn,
        counts=event.counts,
        mine=said if own else None,
        who={event.member_id: said} if leads else {},
    )


def reacted(one: Reacted) -> Reactions:
    """How a message was reacted to before this reading."""
    return Reactions(number=one.number, turn=one.turn, counts=one.counts, mine=one.mine or "", who=dict(one.who))
