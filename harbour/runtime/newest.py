"""The newest of one fact, known to every running copy: at its start, within a moment of each newer one, and again after
the line to the bus was away.

A durable consumer gives an event to one copy. Here each copy follows by itself: the stream republishes what it stored
(`EVERY`), and the last one stored is read at the start, after a break, and now and then. The stream's own sequence says
which is newer.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from typing import Generic, TypeVar

import structlog
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription
from nats.errors import Error as NatsError
from nats.js.errors import APIError, NotFoundError

from harbour.contracts.messages import Event, Unreadable, read_event

EVERY = "every"
"""What the subjects begin with on which streams republish facts for every copy."""
_LINE_SECONDS = 0.25
_AGAIN_SECONDS = 0.5
log = structlog.get_logger("harbour.newest")

E = TypeVar("E", bound=Event)


class Newest(Generic[E]):
    """Gives each newer fact on one subject to `take`, one after the other, in a thread; perhaps the same one again."""

    def __init__(
        self, nc: Client, kind: type[E], subject: str, take: Callable[[E], object], beat_seconds: float = 15.0
    ) -> None:
        self._nc, self._kind, self._subject, self._take = nc, kind, subject, take
        self._beat_seconds = beat_seconds
        self.sequence = 0
        """The stream's number of the last one that was taken; 0 where there is none."""
        self.last: E | None = None
        """The last one itself."""
        self._lower = 0
        """A lower number that the last look gave: that of a copy of the stream that lags, or of one begun anew."""
        self._one_at_a_time = asyncio.Lock()
        self._subscription: Subscription | None = None
        self._looking: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Listen, and take the last one there is. Where the bus cannot say now, it is asked again soon."""
        self._subscription = await self._nc.subscribe(f"{EVERY}.{self._subject}", cb=self._hear)
        sure = await self._look()
        self._looking = asyncio.create_task(self._keep_looking(sure))

    async def stop(self) -> None:
        """Follow no more."""
        if self._looking:
            self._looking.cancel()
            await asyncio.gather(self._looking, return_exceptions=True)
        if self._subscription:
            with suppress(NatsError):  # the line may be gone already, and the subscription with it
                await self._subscription.unsubscribe()

    async def _hear(self, msg: Msg) -> None:
        await self._consider(int((msg.headers or {}).get("Nats-Sequence", "0")), msg.headers, msg.data)

    async def _look(self) -> bool:
        """Take the last one stored; whether the bus could say."""
        try:
            last = await self._nc.jetstream().get_last_msg(self._kind.stream(), self._subject, direct=True)
        except NotFoundError:
            self.sequence, self.last = 0, None
            return True
        except (NatsError, APIError, OSError, TimeoutError) as error:
            log.warning("the newest cannot be read", fact=self._kind.fact, error=type(error).__name__)
            return False
        sequence = last.seq or 0
        if sequence < self.sequence and sequence == self._lower:
            self.sequence = 0  # twice the same: the stream was begun anew, and its last is the newest there is
        self._lower = sequence if sequence < self.sequence else 0
        await self._consider(sequence, last.headers, last.data or b"")
        return True

    async def _consider(self, sequence: int, headers: dict[str, str] | None, body: bytes) -> None:
        async with self._one_at_a_time:
            if sequence <= self.sequence:
                return
            try:
                event = read_event(headers, body)
            except Unreadable as error:
                log.error("the newest cannot be understood", fact=self._kind.fact, why=str(error))
                return
            assert isinstance(event, self._kind)
            await asyncio.to_thread(self._take, event)
            self.sequence, self.last = sequence, event

    async def _keep_looking(self, sure: bool) -> None:
        """Look again after each break of the line, after each look that failed, and on a beat."""
        known, waited = self._nc.stats["reconnects"], 0.0
        while True:
            await asyncio.sleep(_LINE_SECONDS)
            waited += _LINE_SECONDS
            came_back = self._nc.is_connected and self._nc.stats["reconnects"] != known
            if not (came_back or waited >= (self._beat_seconds if sure else _AGAIN_SECONDS)):
                continue
            known, waited = self._nc.stats["reconnects"], 0.0
            if self._nc.is_connected:
                sure = await self._look()
