"""The frames about what was on whose screen, and about messages that an adult took back."""

from typing import Literal, TypeAlias

from pydantic import AwareDatetime, Field

from harbour.contracts.chat import WithdrawnMessage
from services.gateway.frames.frame import Frame

# ── server to browser ─────────────────────────────────────────────────────────────────────────────────────────


class WithdrawnFrame(Frame):
    """An adult took this message back: show its place without its words."""

    example = {"type": "withdrawn", "number": 41, "name": "Sam"}
    type: Literal["withdrawn"] = "withdrawn"
    number: int
    name: str


class Shown(Frame):
    """To facilitators alone: these young people had a withdrawn message on their screens. Later frames add to it."""

    example = {
        "type": "shown", "number": 41, "nickname": "Juniper", "name": "Sam", "at": "2026-03-03T19:06:00Z",
        "people": ["m-2"],
    }  # fmt: skip
    type: Literal["shown"] = "shown"
    number: int
    nickname: str = ""
    """The author's; empty where an earlier frame has said it."""
    name: str = ""
    at: AwareDatetime
    people: tuple[str, ...]


SAID: tuple[type[Frame], ...] = (WithdrawnFrame, Shown)


# ── browser to server ─────────────────────────────────────────────────────────────────────────────────────────


class Seen(Frame):
    """These messages were on my screen: from `first` to `upto` and all between, or `upto` alone.

    Sent at most every two seconds; the next run begins with the last number of the one before where they stand side
    by side in the log.
    """

    example = {"type": "seen", "first": 38, "upto": 41}
    type: Literal["seen"] = "seen"
    first: int = Field(default=0, ge=0)
    upto: int = Field(ge=1)


class Withdraw(Frame):
    """A facilitator takes a posted message back from every screen."""

    example = {"type": "withdraw", "number": 41}
    type: Literal["withdraw"] = "withdraw"
    number: int = Field(ge=1)


HEARD: tuple[type[Frame], ...] = (Seen, Withdraw)
Heard: TypeAlias = Seen | Withdraw


# ── from the contracts ────────────────────────────────────────────────────────────────────────────────────────


def shown(one: WithdrawnMessage) -> Shown:
    """A message that was taken back before this facilitator came, and who had seen it."""
    return Shown(number=one.number, nickname=one.nickname, name=one.name, at=one.at, people=one.shown_to)
