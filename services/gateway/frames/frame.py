"""What a frame is, and with which code a socket is closed."""

from enum import IntEnum
from typing import Any, ClassVar

from pydantic import BaseModel, ConfigDict

FRAME_MAX_BYTES = 32 * 1024
TEXT_MAX_CHARS = 20_000


class Close(IntEnum):
    """Why the server closes a socket."""

    TOO_BIG = 1009
    """A frame over 32 KiB."""
    RESTARTING = 1012
    """This copy of the gateway is going; another one is there."""
    TRY_AGAIN = 1013
    """Nobody could answer just now; come back with a pause."""
    UNREADABLE = 4400
    """Not a frame we know."""
    SIGNED_OUT = 4401
    NOT_YOURS = 4403
    """Not your room, or a page of another origin."""
    NO_SUCH_SESSION = 4404
    STEPPED_OUT = 4410
    """This young person was asked to step out for tonight; the page that says so is at the room's address."""
    TOO_SLOW = 4008
    """The browser takes frames more slowly than the room makes them; come back and catch up."""
    IDLE = 4408
    """No frame, not even a ping, for more than a minute."""
    TOO_MANY = 4429
    """More frames than anybody can type."""


class Frame(BaseModel):
    """One JSON object on the socket."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)
    example: ClassVar[dict[str, Any]] = {}

    def wire(self) -> str:
        """The frame as it goes on the wire."""
        return self.model_dump_json()
