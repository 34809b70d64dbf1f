"""The frames between the adults of a room: who is here, and what they tell one another."""

from typing import Literal, TypeAlias

from pydantic import AwareDatetime, Field

from harbour.contracts.chat import StaffNote
from harbour.contracts.chat.notes import NoteText
from harbour.contracts.messages import Key
from services.gateway.frames.frame import Frame

# ── server to browser ─────────────────────────────────────────────────────────────────────────────────────────


class Presence(Frame):
    """To facilitators alone: who has the room open on some screen now."""

    example = {"type": "presence", "here": ["m-1", "m-2"]}
    type: Literal["presence"] = "presence"
    here: tuple[str, ...]


class NoteFrame(Frame):
    """To facilitators alone: what one of them told the others. `handover` notes are what to know first."""

    example = {
        "type": "note", "note_id": "n-1", "at": "2026-03-03T19:30:00Z", "staff_id": "sam", "name": "Sam",
        "text": "Could you look after Wren?", "handover": False,
    }  # fmt: skip
    type: Literal["note"] = "note"
    note_id: str
    at: AwareDatetime
    staff_id: str
    name: str
    text: str = Field(repr=False)
    handover: bool


# ── browser to server ─────────────────────────────────────────────────────────────────────────────────────────


class Note(Frame):
    """A facilitator tells the others something. The same `client_id` again is the same note."""

    example = {"type": "note", "client_id": "c-1", "text": "Could you look after Wren?"}
    type: Literal["note"] = "note"
    client_id: Key
    text: NoteText = Field(repr=False)


class HandOver(Frame):
    """A facilitator tells whoever leads from now on what to know first."""

    example = {"type": "handover", "client_id": "c-2", "text": "We are at the second step."}
    type: Literal["handover"] = "handover"
    client_id: Key
    text: NoteText = Field(repr=False)


SAID: tuple[type[Frame], ...] = (Presence, NoteFrame)
HEARD: tuple[type[Frame], ...] = (Note, HandOver)
Heard: TypeAlias = Note | HandOver


# ── from the contracts ────────────────────────────────────────────────────────────────────────────────────────


def note(one: StaffNote) -> NoteFrame:
    """A note as it is shown."""
    return NoteFrame.model_validate(one.model_dump(mode="json"))
