"""Requests with many on their way at once: answers come back to one inbox, each by its number."""

import asyncio
from collections.abc import Callable
from functools import partial
from itertools import count

from nats.aio.client import Client
from nats.errors import NoRespondersError
from nats.errors import TimeoutError as NatsTimeout

from harbour.runtime.straight import Heard, straight

_LOOK_SECONDS = 0.1
"""So often it is looked whose time is up, while there is anybody who waits: a clock for each would cost more."""

Told = Callable[[Heard | None], None]
"""Called once: with the answer, or with None where there was none in time."""


class Requests:
    """Asks over one connection; `Client.request` of nats-py does the same and costs several times as much."""

    def __init__(self, nc: Client) -> None:
        self.nc = nc
        self.line = straight(nc)
        self._inbox = ""
        self._opening = asyncio.Lock()
        self._numbers = count(1)
        self._waiting: dict[str, tuple[Told, float]] = {}
        self._looking: asyncio.TimerHandle | None = None

    async def __call__(self, subject: str, body: bytes, headers: bytes, seconds: float) -> Heard:
        """The answer. Raises what nats-py raises: NoRespondersError, its TimeoutError after so many seconds."""
        future: asyncio.Future[Heard | None] = asyncio.get_running_loop().create_future()
        await self.open()
        number = self.ask(subject, body, headers, seconds, partial(_tell, future))
        try:
            answer = await future
        finally:
            self.forget(number)
        if answer is None:
            raise NatsTimeout
        if is_unheard(answer):
            raise NoRespondersError
        return answer

    def ask(self, subject: str, body: bytes, headers: bytes, seconds: float, told: Told) -> str:
        """The same without waiting, once it is open: `told` is called with what comes back. Gives its number."""
        assert self._inbox, "it has to be opened first"
        number = f"{self._inbox}.{next(self._numbers)}"
        self.line.say(subject, body, headers, number)
        loop = asyncio.get_running_loop()
        self._waiting[number] = told, loop.time() + seconds
        if self._looking is None:
            self._looking = loop.call_later(_LOOK_SECONDS, self._look)
        return number

    def forget(self, number: str) -> None:
        """Whatever comes back under this number is not waited for any more."""
        self._waiting.pop(number, None)

    async def open(self) -> None:
        """Listen for answers."""
        if self._inbox:
            return
        async with self._opening:
            if not self._inbox:
                inbox = self.nc.new_inbox()
                await self.line.hear(f"{inbox}.*", self._hear)
                self._inbox = inbox

    def _hear(self, answer: Heard) -> None:
        self._settle(answer.subject, answer)

    def _settle(self, number: str, answer: Heard | None) -> None:
        told, _ = self._waiting.pop(number, (None, 0.0))
        if told is not None:
            told(answer)

    def _look(self) -> None:
        loop = asyncio.get_running_loop()
        self._looking, now = None, loop.time()
        for number in [number for number, (_, until) in self._waiting.items() if until <= now]:
            self._settle(number, None)
        if self._waiting and self._looking is None:
            self._looking = loop.call_later(_LOOK_SECONDS, self._look)


def is_unheard(answer: Heard) -> bool:
    """Whether this is the server's word that nobody listens there."""
    return not answer.data and answer.raw_headers.startswith(b"NATS/1.0 503")


def _tell(future: "asyncio.Future[Heard | None]", answer: Heard | None) -> None:
    if not future.done():
        future.set_result(answer)
