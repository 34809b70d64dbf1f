"""Saying something in a room: what comes back from the room is the answer, and only what does not is asked for.

A message that is posted is heard by this gateway anyway, with its number. So it is asked for quietly: chat answers only
where something else became of it. Where neither comes in time, it is asked for again under the same name, which posts
it once, and then whoever has it answers.
"""

import asyncio
from functools import partial

import msgspec
from nats.aio.msg import Msg
from nats.errors import Error as NatsError

from harbour.contracts.chat import MessageTaken, PostMessage
from harbour.contracts.messages import Refused
from harbour.runtime.asking import Unavailable, answer_in
from harbour.runtime.requests import Requests, is_unheard
from harbour.runtime.telemetry import is_tracing
from services.gateway.rooms import Room

QUIET_SECONDS = 3.0
"""So long nothing may come back before it is asked for."""


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


_write = msgspec.json.Encoder().encode
_SUBJECT = PostMessage.subject()


class Posting:
    """Asks quietly for messages in one room."""

    def __init__(self, room: Room, requests: Requests) -> None:
        self._room, self._requests = room, requests

    async def __call__(self, said: Said) -> MessageTaken | Refused | None:
        """What became of it; None where it came back from the room. Raises Unavailable where nobody said anything."""
        if is_tracing():
            raise Unavailable("What is traced is asked for in full.")
        came: asyncio.Future[Msg | bool | None] = asyncio.get_running_loop().create_future()
        name = (said.person_id, said.client_id)
        self._room.awaited[name] = came
        number = ""
        try:
            number = await self._requests.ask(_SUBJECT, _write(said), None, QUIET_SECONDS, partial(_tell, came))
            answer = await came
        except (NatsError, OSError) as error:
            raise Unavailable(type(error).__name__) from None
        finally:
            self._requests.forget(number)
            if self._room.awaited.get(name) is came:
                del self._room.awaited[name]
        if answer is True:
            return None
        if not isinstance(answer, Msg) or is_unheard(answer):
            raise Unavailable("Nobody said anything.")
        return answer_in(PostMessage, answer)


def _tell(came: "asyncio.Future[Msg | bool | None]", answer: Msg | None) -> None:
    if not came.done():
        came.set_result(answer)
