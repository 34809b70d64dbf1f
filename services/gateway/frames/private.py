"""The frames of a private word between a young person and the adults."""

from typing import Literal, TypeAlias

from pydantic import AwareDatetime, Field

from harbour.contracts.chat import PrivateWord, PrivateWordSent
from harbour.contracts.messages import Key
from services.gateway.frames.frame import Frame

__all__ = ["PrivateFrame", "Whisper", "private_word", "private_word_sent"]


class PrivateFrame(Frame):
    """To facilitators and the one young person whose thread it is: a private word, under its number, once."""

    example = {
        "type": "private", "number": 44, "at": "2026-03-03T19:08:00Z", "member_id": "m-1", "author_id": "m-1",
        "by_adult": False, "nickname": "Juniper", "badge": "leaf-teal", "text": "can I ask you something",
        "client_id": "c-7",
    }  # fmt: skip
    type: Literal["private"] = "private"
    number: int
    at: AwareDatetime
    member_id: str
    author_id: str
    by_adult: bool
    nickname: str
    badge: str = ""
    text: str = Field(repr=False)
    client_id: str


SAID: tuple[type[Frame], ...] = (PrivateFrame,)


class Whisper(Frame):
    """Say something beside the group, as an adult to one young person; its `private` frame confirms it."""

    example = {"type": "whisper", "client_id": "c-7", "member_id": "", "text": "can I ask you something"}
    type: Literal["whisper"] = "whisper"
    client_id: Key
    member_id: str = Field(default="", max_length=64)
    text: str = Field(repr=False)


HEARD: tuple[type[Frame], ...] = (Whisper,)
Heard: TypeAlias = Whisper


def private_word_sent(event: PrivateWordSent, number: int) -> PrivateFrame:
    """A word that was just said."""
    return PrivateFrame(number=number, at=event.at, **event.model_dump(exclude={"session_id"}))


def private_word(word: PrivateWord) -> PrivateFrame:
    """A word from before this reading."""
    return PrivateFrame(**word.model_dump())
