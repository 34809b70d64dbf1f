"""How often something may be tried: counted in Redis, so that all copies of the gateway count together."""

import hashlib

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
        key = f"gateway:tries:{what}:{hashlib.sha256(who.encode()).hexdigest()[:32]}"
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
        await self._redis.delete(f"gateway:tries:{what}:{hashlib.sha256(who.encode()).hexdigest()[:32]}")
