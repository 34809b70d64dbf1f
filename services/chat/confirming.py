"""Publishing to a stream with many on their way at once: confirmations come back to one inbox, each by its number."""

import asyncio
from itertools import count

import msgspec
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import TimeoutError as NatsTimeout
from nats.js.errors import APIError, NoStreamResponseError


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


class Confirming:
    """Publishes to streams over one connection; a request of nats-py for each message costs about twice as much."""

    def __init__(self, nc: Client) -> None:
        self._nc = nc
        self._inbox = ""
        self._opening = asyncio.Lock()
        self._numbers = count(1)
        self._waiting: dict[str, asyncio.Future[Msg]] = {}

    async def publish(self, subject: str, body: bytes, headers: dict[str, str], seconds: float) -> Confirmation:
        """Publish, and wait for the stream to confirm. Raises what a publish of nats-py to a stream raises."""
        if not self._inbox:
            await self._open()
        loop = asyncio.get_running_loop()
        number, future = f"{self._inbox}.{next(self._numbers)}", loop.create_future()
        self._waiting[number] = future
        late = loop.call_later(seconds, _too_late, future)
        try:
            await self._nc.publish(subject, body, reply=number, headers=headers)
            msg = await future
        finally:
            late.cancel()
            del self._waiting[number]
        return _confirmed(msg)

    async def _open(self) -> None:
        async with self._opening:
            if not self._inbox:
                inbox = self._nc.new_inbox()
                await self._nc.subscribe(f"{inbox}.*", cb=self._hear)
                self._inbox = inbox

    async def _hear(self, msg: Msg) -> None:
        future = self._waiting.get(msg.subject)
        if future is not None and not future.done():
            future.set_result(msg)


def _too_late(future: "asyncio.Future[Msg]") -> None:
    if not future.done():
        future.set_exception(NatsTimeout())


def _confirmed(msg: Msg) -> Confirmation:
    if not msg.data:
        raise NoStreamResponseError  # the server says that nobody listens there
    said = _read(msg.data)
    if said.error is not None:
        APIError.from_error(msgspec.to_builtins(said.error))
    return said
