"""Saying something in a room: what comes back from the room is the answer, and only what does not is asked for.

A message that is posted is heard by this gateway anyway, with its number. So it is asked for quietly: chat answers only
where something else became of it. Where neither comes in time, it is asked for again under the same name, which posts
it once, and then whoever has it answers. What is said within one turn of the loop, in whatever room, goes to chat as
one message.
"""

import asyncio
from collections.abc import Callable
from functools import partial

import msgspec
from nats.errors import Error as NatsError

from harbour.contracts.chat import MessageTaken, PostMessage
from harbour.contracts.messages import Refused
from harbour.runtime.asking import answer_of
from harbour.runtime.requests import Requests, is_unheard
from harbour.runtime.straight import Heard
from harbour.runtime.telemetry import is_tracing
from services.gateway.rooms import Room

QUIET_SECONDS = 3.0
"""So long nothing may come back before it is asked for."""
TOGETHER_MOST = 64
"""Copies of chat take turns, so that what one is given keeps it busy for a few milliseconds and no more."""


class Said(msgspec.Struct, frozen=True):
    """A `PostMessage` that wants no answer where the message comes back, its fields in the same order."""

    session_id: str
    person_id: str
    client_id: str
    text: str
    in_reply_to: int = 0
    quiet: bool = True

    def wish(self) -> PostMessage:
        """The same, asked for in full."""
        return PostMessage(
            session_id=self.session_id, person_id=self.person_id, client_id=self.client_id, text=self.text,
            in_reply_to=self.in_reply_to,
        )  # fmt: skip


class Answered(msgspec.Struct, frozen=True):
    """What chat says of a message: the kind of its answer, and its body."""

    kind: str
    body: bytes

    def read(self) -> MessageTaken | Refused:
        """The answer. Raises Unavailable where it says that there is none."""
        return answer_of(PostMessage, self.kind, self.body)


Told = Callable[[bool | Answered], None]
"""Called once: with True where it came back from the room, with False where nobody said anything."""

_write = msgspec.json.Encoder().encode
_read_several = msgspec.json.Decoder(list[tuple[int, str, msgspec.Raw]]).decode
_SUBJECT = PostMessage.subject()


class _OnItsWay:
    """One message that was said, until it is known what became of it."""

    def __init__(self, room: Room, said: Said, told: Told) -> None:
        self.said = said
        self._room, self._told = room, told
        self._name = (said.person_id, said.client_id)

    def begin(self) -> bool:
        """Wait for it to come back; False where another of its name is waited for."""
        return self._room.awaited.setdefault(self._name, self.over) == self.over

    def over(self, answer: bool | Answered) -> None:
        """This became of it; what is said first counts."""
        if self._room.awaited.get(self._name) == self.over:
            del self._room.awaited[self._name]
            self._told(answer)


class Posting:
    """Asks quietly for messages, for all rooms of this gateway together."""

    def __init__(self, requests: Requests) -> None:
        self._requests = requests
        self._gathered: list[_OnItsWay] = []

    async def open(self) -> None:
        """Listen for answers; before that, nothing can be put on its way."""
        await self._requests.open()

    def put(self, room: Room, said: Said, told: Told) -> bool:
        """Put this on its way; False where it has to be asked for in full."""
        one = _OnItsWay(room, said, told)
        if is_tracing() or not one.begin():
            return False
        if not self._gathered:
            asyncio.get_running_loop().call_soon(self._send)
        self._gathered.append(one)
        return True

    def _send(self) -> None:
        gathered, self._gathered = self._gathered, []
        for start in range(0, len(gathered), TOGETHER_MOST):
            some = gathered[start : start + TOGETHER_MOST]
            body = _write([one.said for one in some] if len(some) > 1 else some[0].said)
            try:
                self._requests.ask(_SUBJECT, body, b"", QUIET_SECONDS, partial(_tell, some))
            except (NatsError, OSError):
                _tell(some, None)
        self._requests.line.flush()


def _tell(some: list[_OnItsWay], answer: Heard | None) -> None:
    """What chat says of them; whatever came back meanwhile is over already."""
    if answer is not None and not is_unheard(answer):
        kind = answer.headers.get("harbour-answer", "")
        several = _read_several(answer.data) if kind == "several" else [(0, kind, answer.data)]
        for place, kind, body in several:
            some[place].over(Answered(kind, bytes(body)))
        if kind == "several":
            # Those that it does not name are on their way to the room.
            asyncio.get_running_loop().call_later(QUIET_SECONDS, _tell, some, None)
            return
    for one in some:
        one.over(False)
