"""The frames of how an evening goes: what the doors need, who is here, pauses, and how people come."""

from typing import Literal, TypeAlias

from pydantic import AwareDatetime, Field

from harbour.contracts.chat import Alone, CanaryState, EveningStands, Lack, MemberCheckedIn, RoomState
from services.gateway.frames.frame import Frame

# ── server to browser ─────────────────────────────────────────────────────────────────────────────────────────


class EveningFrame(Frame):
    """To facilitators alone, in answer to `here`: what the doors still need, and who is there."""

    example = {
        "type": "evening", "state": "scheduled", "lacks": ["on-call"], "canary": "seen", "adults": ["Sam", "Jo"],
        "on_call": [], "doors_at": "2026-03-03T18:45:00Z",
    }  # fmt: skip
    type: Literal["evening"] = "evening"
    state: RoomState
    lacks: tuple[Lack, ...]
    canary: CanaryState
    adults: tuple[str, ...]
    on_call: tuple[str, ...]
    doors_at: AwareDatetime


class CheckedInFrame(Frame):
    """To facilitators alone: how somebody comes tonight. `feeling` from 1, very hard, to 5, fine."""

    example = {
        "type": "checked-in", "person_id": "m-1", "nickname": "Juniper", "badge": "leaf-teal", "feeling": 3,
        "alone": "mostly", "text": "a bit nervous", "joins": True, "at": "2026-03-03T18:50:00Z",
    }  # fmt: skip
    type: Literal["checked-in"] = "checked-in"
    person_id: str
    nickname: str
    badge: str = ""
    feeling: int
    alone: Alone
    text: str = Field(default="", repr=False)
    joins: bool
    at: AwareDatetime


SAID: tuple[type[Frame], ...] = (EveningFrame, CheckedInFrame)


# ── browser to server ─────────────────────────────────────────────────────────────────────────────────────────


class Here(Frame):
    """A facilitator's page is here, every five seconds: without one the room pauses itself."""

    example = {"type": "here"}
    type: Literal["here"] = "here"


class Pause(Frame):
    """A facilitator pauses the room, with a few kind words."""

    example = {"type": "pause", "words": "Two minutes to breathe."}
    type: Literal["pause"] = "pause"
    words: str = Field(default="", max_length=500, repr=False)


class Resume(Frame):
    """A facilitator lets the room go on where it was."""

    example = {"type": "resume"}
    type: Literal["resume"] = "resume"


class LastMinutes(Frame):
    """A facilitator begins the last few minutes."""

    example = {"type": "last-minutes"}
    type: Literal["last-minutes"] = "last-minutes"


class Cancel(Frame):
    """A facilitator says that the evening does not take place."""

    example = {"type": "cancel"}
    type: Literal["cancel"] = "cancel"


class Practise(Frame):
    """A facilitator sends the practice alert again."""

    example = {"type": "practise"}
    type: Literal["practise"] = "practise"


HEARD: tuple[type[Frame], ...] = (Here, Pause, Resume, LastMinutes, Cancel, Practise)
Heard: TypeAlias = Here | Pause | Resume | LastMinutes | Cancel | Practise


# ── from the contracts ────────────────────────────────────────────────────────────────────────────────────────


def stands(evening: EveningStands) -> EveningFrame:
    """Where the evening stands, for an adult who leads it."""
    return EveningFrame(
        state=evening.state, lacks=evening.lacks, canary=evening.canary, adults=evening.adults,
        on_call=evening.on_call, doors_at=evening.doors_at,
    )  # fmt: skip


def checked_in(event: MemberCheckedIn) -> CheckedInFrame:
    """How somebody comes tonight."""
    return CheckedInFrame(
        person_id=event.member_id, nickname=event.nickname, badge=event.badge, feeling=event.feeling,
        alone=event.alone, text=event.text, joins=event.joins, at=event.at,
    )  # fmt: skip
