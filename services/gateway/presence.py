"""Who has a room open now, on whichever copy of the gateway: kept in Redis on a beat, at no cost per message."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from time import time

import structlog
from redis.asyncio import Redis
from redis.exceptions import RedisError

from services.gateway import frames
from services.gateway.seats import Seat

log = structlog.get_logger("gateway.presence")

HOUR = 3600


class Presence:
    """Tells each room's facilitators who is here: every copy says on each beat whom it sees, and reads what all say."""

    def __init__(
        self,
        redis: Redis,
        rooms: Callable[[], Mapping[str, Iterable[Seat]]],
        *,
        beat_seconds: float = 2.0,
        clock: Callable[[], float] = time,
    ) -> None:
        self._redis, self._rooms, self._beat_seconds, self._clock = redis, rooms, beat_seconds, clock

    async def keep_telling(self) -> None:
        """On each beat; while Redis is away, everybody keeps what they were told last."""
        while True:
            try:
                await self.tell()
            except RedisError as error:
                log.warning("presence waits for Redis", error=type(error).__name__)
            await asyncio.sleep(self._beat_seconds)

    async def tell(self) -> None:
        """Say whom we see in each room, and tell facilitators whom anybody sees."""
        rooms = {session_id: [seat for seat in seats if seat.greeted] for session_id, seats in self._rooms().items()}
        if not rooms:
            return
        now = self._clock()
        async with self._redis.pipeline(transaction=False) as pipe:
            for session_id, seats in rooms.items():
                key = f"gateway:here:{session_id}"
                if seen := {seat.person_id: now for seat in seats}:
                    pipe.zadd(key, seen)
                pipe.zremrangebyscore(key, "-inf", now - 3 * self._beat_seconds)
                pipe.expire(key, HOUR)
                pipe.zrange(key, 0, -1)
            answers = await pipe.execute()
        found = [answer for answer in answers if isinstance(answer, list)]
        for seats, here in zip(rooms.values(), found, strict=True):
            _show(seats, tuple(sorted(one if isinstance(one, str) else one.decode() for one in here)))


def _show(seats: Iterable[Seat], here: tuple[str, ...]) -> None:
    for seat in seats:
        if seat.facilitator and seat.here != here:
            seat.here = here
            seat.give(frames.Presence(here=here).wire())
