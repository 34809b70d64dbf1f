"""The frames of asking somebody to step out for tonight, and of letting them back in."""

from typing import Literal, TypeAlias

from pydantic import AwareDatetime, Field

from harbour.contracts.chat import PersonLetBack, PersonRemoved, Removal
from harbour.contracts.chat.removing import Why
from harbour.contracts.messages import Key
from services.gateway.frames.frame import Frame

# ── server to browser ─────────────────────────────────────────────────────────────────────────────────────────


class SteppedOut(Frame):
    """To facilitators alone: somebody was asked to step out, by whom and why, or was let back in. The young person's
    own sockets are closed with 4410."""

    example = {
        "type": "stepped-out", "removal_id": "r-1", "person_id": "m-1", "nickname": "Juniper", "name": "Sam",
        "reason": "They asked for some time alone.", "at": "2026-03-03T19:20:00Z", "let_back_by": "",
    }  # fmt: skip
    type: Literal["stepped-out"] = "stepped-out"
    removal_id: str
    person_id: str
    nickname: str = ""
    name: str = ""
    reason: str = Field(default="", repr=False)
    at: AwareDatetime | None = None
    let_back_by: str = ""
    """The adult who let them back in; empty while they are out."""


# ── browser to server ─────────────────────────────────────────────────────────────────────────────────────────


class Remove(Frame):
    """A facilitator asks somebody to step out for tonight; the reason goes to the desk and to no young person."""

    example = {"type": "remove", "person_id": "m-1", "reason": "They asked for some time alone."}
    type: Literal["remove"] = "remove"
    person_id: Key
    reason: Why = Field(repr=False)


class LetBack(Frame):
    """A facilitator lets somebody back in."""

    example = {"type": "let-back", "person_id": "m-1"}
    type: Literal["let-back"] = "let-back"
    person_id: Key


SAID: tuple[type[Frame], ...] = (SteppedOut,)
HEARD: tuple[type[Frame], ...] = (Remove, LetBack)
Heard: TypeAlias = Remove | LetBack


# ── from the contracts ────────────────────────────────────────────────────────────────────────────────────────


def stepped_out(event: PersonRemoved) -> SteppedOut:
    """Somebody has just been asked to step out."""
    return SteppedOut(
        removal_id=event.removal_id,
        person_id=event.member_id,
        nickname=event.nickname,
        name=event.name,
        reason=event.reason,
        at=event.at,
    )


def let_back(event: PersonLetBack) -> SteppedOut:
    """Somebody has just been let back in."""
    return SteppedOut(removal_id=event.removal_id, person_id=event.member_id, let_back_by=event.name)


def removal(one: Removal) -> SteppedOut:
    """What stood before this reading."""
    return SteppedOut(**one.model_dump(exclude={"badge"}))
