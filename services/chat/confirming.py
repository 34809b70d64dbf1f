"""Publishing to a stream, and what it says of a message."""

import msgspec
from nats.js.errors import APIError

from harbour.runtime.straight import Heard


class Trouble(msgspec.Struct):
    """Why a stream did not take a message."""

    code: int
    err_code: int = 0
    description: str = ""


class Confirmation(msgspec.Struct):
    """What a stream says of a message: where it is stored, or why not."""

    seq: int = 0
    duplicate: bool = False
    error: Trouble | None = None


_read = msgspec.json.Decoder(Confirmation).decode


def confirmed(msg: Heard) -> Confirmation:
    """Where the stream has stored it. Raises what a publish of nats-py to a stream raises."""
    said = _read(msg.data)
    if said.error is not None:
        APIError.from_error(msgspec.to_builtins(said.error))
    return said
