"""Requests with many on their way at once: answers come back to one inbox, each by its number."""

import asyncio
from collections.abc import Callable
from functools import partial
from itertools import count

from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import NoRespondersError
from nats.errors import TimeoutError as NatsTimeout

Heard = Callable[[Msg | None], None]
"""Called once: with the answer, or with None where there was none in time."""


class Requests:
    """Asks over one connection; `Client.request` of nats-py does the same and costs about twice as much."""

    def __init__(self, nc: Client) -> None:
        self.nc = nc
        self._inbox = ""
        self._opening = asyncio.Lock()
        self._numbers = count(1)
        self._waiting: dict[str, tuple[Heard, asyncio.TimerHandle]] = {}

    async def __call__(self, subject: str, body: bytes, headers: dict[str, str] | None, seconds: float) -> Msg:
        """The answer. Raises what nats-py raises: NoRespondersError, its TimeoutError after so many seconds."""
        future: asyncio.Future[Msg | None] = asyncio.get_running_loop().create_future()
        number = await self.ask(subject, body, headers, seconds, partial(_tell, future))
        try:
            msg = await future
        finally:
            self.forget(number)
        if msg is None:
            raise NatsTimeout
        if is_unheard(msg):
            raise NoRespondersError
        return msg

    async def ask(self, subject: str, body: bytes, headers: dict[str, str] | None, seconds: float, heard: Heard) -> str:
        """The same without waiting: `heard` is called with what comes back. The number of this request."""
        if not self._inbox:
            await self._open()
        number = f"{self._inbox}.{next(self._numbers)}"
        late = asyncio.get_running_loop().call_later(seconds, self._settle, number, None)
        self._waiting[number] = heard, late
        try:
            await self.nc.publish(subject, body, reply=number, headers=headers)
        except BaseException:
            self._take(number)
            raise
        return number

    def forget(self, number: str) -> None:
        """Whatever comes back under this number is not waited for any more."""
        self._take(number)

    async def _open(self) -> None:
        async with self._opening:
            if not self._inbox:
                inbox = self.nc.new_inbox()
                await self.nc.subscribe(f"{inbox}.*", cb=self._hear)
                self._inbox = inbox

    async def _hear(self, msg: Msg) -> None:
        self._settle(msg.subject, msg)

    def _settle(self, number: str, msg: Msg | None) -> None:
        if heard := self._take(number):
            heard(msg)

    def _take(self, number: str) -> Heard | None:
        heard, late = self._waiting.pop(number, (None, None))
        if late is not None:
            late.cancel()
        return heard


def is_unheard(msg: Msg) -> bool:
    """Whether this is the server's word that nobody listens there."""
    return not msg.data and (msg.headers or {}).get("Status") == "503"


def _tell(future: "asyncio.Future[Msg | None]", msg: Msg | None) -> None:
    if not future.done():
        future.set_result(msg)
