"""Requests with many on their way at once: answers come back to one inbox, each by its number."""

import asyncio
from itertools import count

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import NoRespondersError
from nats.errors import TimeoutError as NatsTimeout


class Requests:
    """Asks over one connection; `Client.request` of nats-py does the same and costs about twice as much."""

    def __init__(self, nc: Client) -> None:
        self.nc = nc
        self._inbox = ""
        self._opening = asyncio.Lock()
        self._numbers = count(1)
        self._waiting: dict[str, asyncio.Future[Msg]] = {}

    async def __call__(self, subject: str, body: bytes, headers: dict[str, str], seconds: float) -> Msg:
        """The answer. Raises what nats-py raises: NoRespondersError, its TimeoutError after so many seconds."""
        if not self._inbox:
            await self._open()
        loop = asyncio.get_running_loop()
        number, future = f"{self._inbox}.{next(self._numbers)}", loop.create_future()
        self._waiting[number] = future
        late = loop.call_later(seconds, _too_late, future)
        try:
            await self.nc.publish(subject, body, reply=number, headers=headers)
            msg: Msg = await future
        finally:
            late.cancel()
            del self._waiting[number]
        if not msg.data and (msg.headers or {}).get("Status") == "503":
            raise NoRespondersError
        return msg

    async def _open(self) -> None:
        async with self._opening:
            if not self._inbox:
                inbox = self.nc.new_inbox()
                await self.nc.subscribe(f"{inbox}.*", cb=self._hear)
                self._inbox = inbox

    async def _hear(self, msg: Msg) -> None:
        future = self._waiting.get(msg.subject)
        if future is not None and not future.done():
            future.set_result(msg)


def _too_late(future: "asyncio.Future[Msg]") -> None:
    if not future.done():
        future.set_exception(NatsTimeout())
