"""The quick way of a message to the stream: what most people say most of the time, taken in one go.

Somebody whom the doorkeeper knows by heart says, in a room that is led plainly, words that the door lets pass: that
goes to the press within the call that brought it. Whatever is otherwise is left to the handler, as is what the press
does not take for stored. The rules are the handler's own; `tests/chat/test_quick.py` holds what is stored to the
contract.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated

import msgspec
from nats.errors import Error as NatsError

from harbour.contracts.chat import MessagePosted
from harbour.contracts.messages import now
from services.chat import rules
from services.chat.door import judged_at_the_door
from services.chat.doorkeeper import Doorkeeper
from services.chat.press import Line, Press


class Said(msgspec.Struct, frozen=True):
    """A `PostMessage`, as far as it matters here."""

    session_id: str
    person_id: str
    client_id: Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{1,64}\Z")]
    text: str
    in_reply_to: Annotated[int, msgspec.Meta(ge=0)] = 0
    quiet: bool = False


class Posted(msgspec.Struct, frozen=True):
    """The body of a `MessagePosted`, its fields in the same order."""

    session_id: str
    member_id: str
    speaker: str
    nickname: str
    badge: str
    text: str
    client_id: str
    in_reply_to: int
    held_id: str = ""
    released_by: str = ""


_read = msgspec.json.Decoder(Said).decode
_write = msgspec.json.Encoder().encode


class QuickDoor:
    """Posts what is plain; a shortcut of the hot lane."""

    def __init__(self, doorkeeper: Doorkeeper, press: Press, clock: Callable[[], datetime] = now) -> None:
        self._doorkeeper, self._press, self._clock = doorkeeper, press, clock

    def __call__(self, body: bytes, over: Callable[[bool], None]) -> bool:
        """Whether this is on its way to the stream; `over` then hears whether it may be taken for stored."""
        try:
            said = _read(body)
        except (msgspec.MsgspecError, UnicodeError):
            return False
        moment = self._clock()
        place = self._doorkeeper.known(said.session_id, said.person_id) if said.quiet else None
        if place is None or not rules.is_led_plainly(place) or rules.may_be_kept_already(place.room, moment):
            return False
        text = rules.tidy(said.text)
        if rules.why_not_post(place, text, self._doorkeeper.limits.max_chars):
            return False
        if judged_at_the_door(place.person, text).hold or self._doorkeeper.too_fast(said.person_id, moment):
            return False
        try:
            self._press.put(Line(*as_posted(place, said, text, moment), self._told(said.person_id, over)))
        except (NatsError, OSError):
            self._doorkeeper.give_back(said.person_id)
            return False
        return True

    def _told(self, person_id: str, over: Callable[[bool], None]) -> Callable[[bool], None]:
        def tell(is_stored: bool) -> None:
            if not is_stored:
                self._doorkeeper.give_back(person_id)
            over(is_stored)

        return tell


_HEADERS = "\r\n".join(
    [
        "NATS/1.0",
        "ce-specversion: 1.0",
        "ce-id: {id}",
        f"ce-type: {MessagePosted.fact}",
        "ce-source: harbour/chat",
        "ce-time: {at}",
        "content-type: application/json",
        "Nats-Msg-Id: {id}",
        f"Nats-Expected-Stream: {MessagePosted.stream()}",
        "",
    ]
)
"""As `MessagePosted.headers` makes them, up to the empty line."""


def as_posted(place: rules.Seat, said: Said, text: str, moment: datetime) -> tuple[str, bytes, bytes]:
    """Subject, body and headers of the message, as `MessagePosted` makes them."""
    person = place.person
    posted = Posted(
        said.session_id, said.person_id, person.speaker, person.nickname, person.badge, text, said.client_id,
        said.in_reply_to,
    )  # fmt: skip
    message_id = rules.message_id(said.session_id, said.person_id, said.client_id)
    headers = _HEADERS.format(id=message_id, at=moment.isoformat()).encode()
    return f"{MessagePosted.fact}.{said.session_id}.{said.person_id}", _write(posted), headers
