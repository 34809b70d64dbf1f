"""The frame about who leads the evening, where that has changed."""

from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime

from harbour.contracts.chat import RoomPerson
from services.gateway.frames.frame import Frame


class Adults(Frame):
    """Who leads the evening from now on; whoever stepped back is closed with 4403."""

    example = {
        "type": "adults", "at": "2026-03-03T19:30:00Z",
        "list": [{"person_id": "nell", "nickname": "Nell", "speaker": "facilitator", "role": "counsellor"}],
    }  # fmt: skip
    type: Literal["adults"] = "adults"
    at: AwareDatetime
    list: tuple[RoomPerson, ...]


SAID: tuple[type[Frame], ...] = (Adults,)
HEARD: tuple[type[Frame], ...] = ()


# ── from the contracts ────────────────────────────────────────────────────────────────────────────────────────


def adults(at: datetime, list: tuple[RoomPerson, ...]) -> Adults:
    """Who leads since this moment."""
    return Adults(at=at, list=list)
