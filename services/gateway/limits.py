"""How often something may be tried: counted in Redis, so that all copies of the gateway count together."""

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass

from redis.asyncio import Redis


class TooMany(Exception):
    """This was tried too often; `seconds` is how long to wait."""

    def __init__(self, seconds: int) -> None:
        super().__init__("too many tries")
        self.seconds = seconds


class Limits:
    """The book of tries. What is counted is kept as a hash, for as long as it counts."""

    def __init__(self, redis: "Redis") -> None:
        self._redis = redis

    async def count(self, what: str, who: str, *, at_most: int, seconds: int) -> int:
        """Count one try; how many there were in this stretch of `seconds`. Raises TooMany past `at_most`."""
        key = _key(what, who)
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.set(key, 0, ex=seconds, nx=True)
            pipe.incr(key)
            pipe.ttl(key)
            _, tries, left = await pipe.execute()
        if tries > at_most:
            raise TooMany(max(1, left))
        return int(tries)

    async def forgive(self, what: str, who: str) -> None:
        """Begin counting anew, after a try that was right."""
        await self._redis.delete(_key(what, who))


def _key(what: str, who: str) -> str:
    return f"gateway:tries:{what}:{hashlib.sha256(who.encode()).hexdigest()[:32]}"


@dataclass(frozen=True)
class Pace:
    """How long a socket may be quiet, and how fast a person may be."""

    idle_seconds: float = 75
    """Browsers ping every 25 s."""
    visitor_seconds: float = 10
    """How often we look whether they are still signed in."""
    closing_seconds: float = 2
    beat_seconds: float = 15
    """How often a stream of events gives a sign of life."""
    burst_frames: int = 40
    frames_per_second: float = 8
    person_frames: int = 240
    """One person's frames in a minute, on all their screens and all copies of the gateway together."""


@dataclass
class _Count:
    """How often one person tried something, in the stretch of time that ends at `until`."""

    until: float
    here: int = 0
    told: int = 0
    elsewhere: int = 0


class Tally:
    """Counts what comes too often to ask Redis each time: at once here, and with the other copies every few seconds.

    In between, a person may do at most what one socket's own limit lets them do on each further copy.
    """

    def __init__(self, what: str, *, seconds: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._what, self._seconds, self._clock = what, seconds, clock
        self._counts: dict[str, _Count] = {}

    def count(self, who: str, *, at_most: int) -> None:
        """Count one more. Raises TooMany past `at_most`."""
        now = self._clock()
        one = self._counts.get(who)
        if one is None or now >= one.until:
            one = self._counts[who] = _Count(now + self._seconds)
        one.here += 1
        if one.here + one.elsewhere > at_most:
            raise TooMany(max(1, int(one.until - now)))

    async def tell(self, redis: "Redis") -> None:
        """Add what was counted here since the last time, and learn what was counted elsewhere."""
        now = self._clock()
        self._counts = {who: one for who, one in self._counts.items() if now < one.until}
        news = [(who, one, one.here - one.told) for who, one in self._counts.items() if one.here > one.told]
        if not news:
            return
        async with redis.pipeline(transaction=False) as pipe:
            for who, _, more in news:
                key = _key(self._what, who)
                pipe.set(key, 0, ex=self._seconds, nx=True)
                pipe.incrby(key, more)
                pipe.pttl(key)
            answers = await pipe.execute()
        for (_, one, more), total, left in zip(news, answers[1::3], answers[2::3], strict=True):
            one.told += more
            one.elsewhere = max(0, int(total) - one.told)
            one.until = min(one.until, now + max(0, int(left)) / 1000)
