"""The frames of who is writing: a sign of it, and what everybody else sees; never a word, and never kept."""

from typing import Literal, TypeAlias

from services.gateway.frames.frame import Frame

__all__ = ["Typing", "WritingFrame"]

# ── server to browser ─────────────────────────────────────────────────────────────────────────────────────────


class WritingFrame(Frame):
    """Who of the others is writing just now; comes with each change, and only while `ways` shows it."""

    example = {"type": "writing", "people": ["m-1", "m-2"]}
    type: Literal["writing"] = "writing"
    people: tuple[str, ...]


# ── browser to server ─────────────────────────────────────────────────────────────────────────────────────────


class Typing(Frame):
    """Whoever is here is writing; at most every 3 s, and only while `ways` shows it. Otherwise it is not heard."""

    example = {"type": "typing"}
    type: Literal["typing"] = "typing"


SAID: tuple[type[Frame], ...] = (WritingFrame,)
HEARD: tuple[type[Frame], ...] = (Typing,)
Heard: TypeAlias = Typing
