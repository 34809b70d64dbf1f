"""What passes for every message, read and written by msgspec: the same bytes as the contracts make, at a fifth of it.

`tests/gateway/test_quick.py` holds it to the contracts field by field, so that a field which is added there and not
here fails.
"""

from collections.abc import Mapping

import msgspec

from harbour.contracts.chat import MessagePosted
from harbour.contracts.messages import Unreadable
from services.gateway.wire import text_frame

_UTC = "+00:00"


class Posted(msgspec.Struct, frozen=True):
    """A `MessagePosted`, as the room shows it."""

    member_id: str
    speaker: str
    nickname: str
    text: str
    client_id: str
    badge: str = ""
    in_reply_to: int = 0
    held_id: str = ""


class _Shown(msgspec.Struct, frozen=True):
    """A `MessageFrame`, its fields in the same order."""

    type: str
    number: int
    id: str
    at: str
    person_id: str
    nickname: str
    badge: str
    speaker: str
    text: str
    client_id: str
    in_reply_to: int


_read = msgspec.json.Decoder(Posted).decode
_write = msgspec.json.Encoder().encode


def posted(headers: Mapping[str, str], body: bytes, number: int) -> tuple[Posted, bytes]:
    """A message that was posted, and the frame that shows it. Raises Unreadable, whose text never quotes it."""
    at, known = headers.get("ce-time", ""), headers.get("ce-id", "")
    if headers.get("ce-type") != MessagePosted.fact or not known or not at.endswith(_UTC):
        raise Unreadable("its headers are not those of a posted message")
    try:
        event = _read(body)
    except msgspec.MsgspecError:
        raise Unreadable("the body of a posted message does not fit") from None
    shown = _Shown(
        "message", number, known, f"{at[: -len(_UTC)]}Z", event.member_id, event.nickname, event.badge, event.speaker,
        event.text, event.client_id, event.in_reply_to,
    )  # fmt: skip
    return event, text_frame(_write(shown))
