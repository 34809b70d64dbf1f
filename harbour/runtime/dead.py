"""Dead letters: which message, for which handler, and why; its words stay in its own stream and nowhere else.

An operator lists them, and lets a mended handler have one again: the original is fetched from its stream and asked
of the service on `replay.<service>`, where it runs through the very same handler in a transaction of its own.
"""

import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.errors import NoRespondersError
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from harbour.runtime.asking import Unavailable

STREAM = "DEAD"
REPLAY_SECONDS = 30.0


@dataclass(frozen=True)
class Grave:
    """What a dead letter holds."""

    stream: str
    sequence: int
    subject: str
    handler: str
    reason: str
    attempts: int

    async def dig(self, js: JetStreamContext, cause: str) -> None:
        """Keep it; the same message of the same handler is kept once. `cause`: the id of the message that died."""
        headers = {
            "Nats-Msg-Id": f"dead-{self.handler}.{self.sequence}",
            "ce-id": cause,
            "harbour-handler": self.handler,
        }
        await js.publish(f"dead.{self.subject}", json.dumps(asdict(self)).encode(), stream=STREAM, headers=headers)


@dataclass(frozen=True)
class DeadLetter:
    """A dead letter as an operator sees it; `number` is its place in `DEAD`."""

    number: int
    died_at: datetime
    cause: str
    grave: Grave

    @property
    def service(self) -> str:
        """The service whose handler gave up."""
        return self.grave.handler.split("-", 1)[0]


class DeadLetters:
    """All dead letters of the bus."""

    def __init__(self, nc: Client) -> None:
        self._nc, self._js = nc, nc.jetstream()

    async def __aiter__(self) -> AsyncIterator[DeadLetter]:
        """Each of them, oldest first."""
        after = 0
        while (letter := await self._at(after + 1, following=True)) is not None:
            yield letter
            after = letter.number

    async def find(self, number: int) -> DeadLetter | None:
        """The one with this number."""
        return await self._at(number)

    async def original(self, letter: DeadLetter) -> Any:
        """The message that died, from its stream; None when it is no longer kept."""
        try:
            return await self._js.get_msg(letter.grave.stream, letter.grave.sequence)
        except NotFoundError:
            return None

    async def replay(self, letter: DeadLetter) -> str:
        """Let its handler have it again: empty when done, and the letter is gone; else why it failed again.

        Raises Unavailable when nobody of its service answers within 30 seconds.
        """
        kept = await self.original(letter)
        if kept is None:
            return f"the message is no longer kept in {letter.grave.stream}"
        headers = {**(kept.headers or {}), "harbour-handler": letter.grave.handler, "harbour-subject": kept.subject}
        try:
            reply = await self._nc.request(
                f"replay.{letter.service}", kept.data or b"", REPLAY_SECONDS, headers=headers
            )
        except NoRespondersError:
            raise Unavailable(f"{letter.service} is not running.") from None
        except (NatsError, OSError, TimeoutError):
            raise Unavailable(f"{letter.service} did not answer in time.") from None
        if (reply.headers or {}).get("harbour-answer") != "granted":
            return reply.data.decode(errors="replace") or "it failed again"
        await self._js.delete_msg(STREAM, letter.number)
        return ""

    async def _at(self, number: int, *, following: bool = False) -> DeadLetter | None:
        try:
            found = await self._js.get_msg(STREAM, number, "dead.>" if following else None, next=following)
        except NotFoundError:
            return None
        assert found.seq is not None
        died_at = found.time or datetime.fromtimestamp(0, UTC)
        grave = Grave(**json.loads(found.data or b"{}"))
        return DeadLetter(found.seq, died_at, (found.headers or {}).get("ce-id", ""), grave)


async def hear_replays(service: str, nc: Client, subscribers: dict[str, Any]) -> None:
    """Let an operator replay to this service's handlers; `subscribers`: one for each durable."""

    async def hear(msg: Msg) -> None:
        headers = msg.headers or {}
        subscriber = subscribers.get(headers.get("harbour-handler", ""))
        if subscriber is None:
            await nc.publish(msg.reply, b"the service has no such handler now", headers={"harbour-answer": "broken"})
            return
        msg.subject = headers.get("harbour-subject", msg.subject)
        with contextlib.suppress(Exception):  # told to whoever asked, and logged, by the delivery middleware
            await subscriber.process_message(msg)

    await nc.subscribe(f"replay.{service}", queue=service, cb=hear)
