"""What passes the live WebSocket: every frame, in both directions, with one example each.

A frame is one JSON object in a text message; its `type` says which. The server reads frames it does not know as a
mistake (close 4400); a browser skips them, so that frames may be added.
"""

from typing import Annotated

from pydantic import Field, TypeAdapter, ValidationError
from pydantic_core import from_json

from services.gateway.frames import (
    activities,
    calls,
    evening,
    exposure,
    leading,
    notes,
    observing,
    private,
    reactions,
    removing,
    room,
    standing_in,
    writing,
)
from services.gateway.frames.activities import *  # noqa: F403
from services.gateway.frames.calls import *  # noqa: F403
from services.gateway.frames.evening import *  # noqa: F403
from services.gateway.frames.exposure import *  # noqa: F403
from services.gateway.frames.frame import *  # noqa: F403
from services.gateway.frames.frame import Frame
from services.gateway.frames.leading import *  # noqa: F403
from services.gateway.frames.notes import *  # noqa: F403
from services.gateway.frames.observing import *  # noqa: F403
from services.gateway.frames.private import *  # noqa: F403
from services.gateway.frames.reactions import *  # noqa: F403
from services.gateway.frames.removing import *  # noqa: F403
from services.gateway.frames.room import *  # noqa: F403
from services.gateway.frames.standing_in import *  # noqa: F403
from services.gateway.frames.writing import *  # noqa: F403

PARTS = (
    room,
    evening,
    exposure,
    leading,
    calls,
    activities,
    reactions,
    notes,
    private,
    removing,
    observing,
    standing_in,
    writing,
)

FROM_SERVER: tuple[type[Frame], ...] = tuple(frame for part in PARTS for frame in part.SAID)
FROM_BROWSER: tuple[type[Frame], ...] = tuple(frame for part in PARTS for frame in part.HEARD)

Spoken = Annotated[
    room.Heard
    | evening.Heard
    | exposure.Heard
    | leading.Heard
    | calls.Heard
    | activities.Heard
    | reactions.Heard
    | notes.Heard
    | private.Heard
    | removing.Heard
    | writing.Heard,
    Field(discriminator="type"),
]  # fmt: skip
_spoken: TypeAdapter[Spoken] = TypeAdapter(Spoken)


class NotAFrame(ValueError):
    """These bytes are not a frame we know; the text never quotes them."""


def read_frame(text: str) -> Spoken:
    """The frame in this text. Raises NotAFrame."""
    if (said := room.say_in(text)) is not None:
        return said
    try:
        return _spoken.validate_python(from_json(text))
    except (ValidationError, ValueError):
        raise NotAFrame("not a frame we know") from None
