"""The way to Redis: quick to give up, so that a page never waits long to say that something is away."""

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import ConstantBackoff
from redis.exceptions import ConnectionError as ConnectionLost

CONNECT_SECONDS = 1.0
ANSWER_SECONDS = 2.0


def open_cache(url: str, password: str = "") -> Redis:
    """A client for this Redis. One lost connection is tried again at once: a restart of Redis is not an error page."""
    return Redis.from_url(
        url,
        password=password or None,
        decode_responses=True,
        socket_connect_timeout=CONNECT_SECONDS,
        socket_timeout=ANSWER_SECONDS,
        retry=Retry(ConstantBackoff(0.05), 1, supported_errors=(ConnectionLost,)),
        health_check_interval=30,
    )
