"""The frames of leading: how the room is led, and what an adult, or the one whose turn it is, wishes of it."""

from typing import Literal, TypeAlias

from pydantic import Field

from harbour.contracts.chat import Ways
from harbour.contracts.messages import Key
from services.gateway.frames.frame import Frame

# ── server to browser ─────────────────────────────────────────────────────────────────────────────────────────


class WaysFrame(Frame):
    """How the room is led just now; comes after `hello`, and again with each change.

    `order` is who is still to come in a round, the one whose turn it is first; empty where there is none. `muted`
    names, to a young person, at most themselves.
    """

    example = {
        "type": "ways", "revision": 3, "slow_seconds": 30, "hold_all": False, "muted": [], "order": ["m-1", "m-2"],
        "show_writing": False,
    }  # fmt: skip
    type: Literal["ways"] = "ways"
    revision: int
    slow_seconds: int
    hold_all: bool
    muted: tuple[str, ...]
    order: tuple[str, ...]
    show_writing: bool


# ── browser to server ─────────────────────────────────────────────────────────────────────────────────────────


class Mute(Frame):
    """A facilitator lets somebody read and not write for a while, or write again."""

    example = {"type": "mute", "person_id": "m-1", "muted": True}
    type: Literal["mute"] = "mute"
    person_id: Key
    muted: bool


class Slow(Frame):
    """A facilitator asks young people to rest so many seconds between two messages; 0 for no rest."""

    example = {"type": "slow", "seconds": 30}
    type: Literal["slow"] = "slow"
    seconds: int = Field(ge=0, le=600)


class Hold(Frame):
    """A facilitator has every young person's message wait for an adult, or no longer."""

    example = {"type": "hold", "on": True}
    type: Literal["hold"] = "hold"
    on: bool


class ShowWhoWrites(Frame):
    """A facilitator lets everybody see who is writing just now, or no longer."""

    example = {"type": "show-writing", "on": True}
    type: Literal["show-writing"] = "show-writing"
    on: bool


class TakeTurns(Frame):
    """A facilitator begins a round, goes on in it, or ends it; `turn` is whose turn `next` and `later` are about."""

    example = {"type": "round", "step": "next", "turn": "m-1", "order": []}
    type: Literal["round"] = "round"
    step: Literal["begin", "next", "later", "end"]
    turn: str = Field(default="", max_length=64)
    order: tuple[Key, ...] = Field(default=(), max_length=64)


class Pass(Frame):
    """A young person passes their turn on, having spoken or not."""

    example = {"type": "pass"}
    type: Literal["pass"] = "pass"


SAID: tuple[type[Frame], ...] = (WaysFrame,)
HEARD: tuple[type[Frame], ...] = (Mute, Slow, Hold, ShowWhoWrites, TakeTurns, Pass)
Heard: TypeAlias = Mute | Slow | Hold | ShowWhoWrites | TakeTurns | Pass


# ── from the contracts ────────────────────────────────────────────────────────────────────────────────────────


def ways(now: Ways, only: str = "") -> WaysFrame:
    """How the room is led; of who is muted, `only` this person is told where one is named."""
    return WaysFrame(
        revision=now.revision,
        slow_seconds=now.slow_seconds,
        hold_all=now.hold_all,
        muted=tuple(one for one in now.muted if only in ("", one)),
        order=now.round.order if now.round else (),
        show_writing=now.show_writing,
    )
