"""The gateway with a real Redis, a scripted town behind it, and browsers without scripts."""

import contextlib
import os
import socket
import subprocess
import time
from collections.abc import AsyncIterator, Iterator

import pytest
from fastapi import FastAPI
from redis import Redis as PlainRedis
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as NoRedis

from harbour.stack import Trouble
from harbour.stack.servers import find_redis
from services.gateway.app import create_app
from services.gateway.settings import GatewaySettings
from tests.gateway.browsing import Browser
from tests.gateway.wall import Town


def _redis_server() -> str:
    """A redis-server; none is a skip on a laptop and a failure in CI."""
    try:
        return str(find_redis())
    except Trouble as trouble:
        if os.environ.get("CI"):
            raise
        pytest.skip(str(trouble))


@pytest.fixture(scope="session")
def redis_port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """A Redis of our own on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    folder = tmp_path_factory.mktemp("redis")
    command = [_redis_server(), "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        deadline = time.monotonic() + 10
        with PlainRedis(port=port) as client:
            while True:
                with contextlib.suppress(NoRedis):
                    if client.ping():
                        break
                assert time.monotonic() < deadline, "redis-server did not start"
                time.sleep(0.02)
        yield port
        server.terminate()


@pytest.fixture
async def redis(redis_port: int) -> AsyncIterator[Redis]:
    """An empty Redis."""
    client = Redis(port=redis_port, decode_responses=True)
    await client.flushall()
    yield client
    await client.aclose()


@pytest.fixture
def settings() -> GatewaySettings:
    """The settings of a test: nothing waits."""
    return GatewaySettings(sign_in_floor_ms=0)


@pytest.fixture
def town() -> Town:
    """The services behind the gateway."""
    return Town()


@pytest.fixture
def app(town: Town, redis: Redis, settings: GatewaySettings) -> FastAPI:
    """The gateway."""
    return create_app(ask=town, redis=redis, settings=settings)


@pytest.fixture
async def browser(app: FastAPI) -> AsyncIterator[Browser]:
    """Somebody's browser."""
    async with Browser(app) as client:
        yield client


@pytest.fixture
async def other_browser(app: FastAPI) -> AsyncIterator[Browser]:
    """Somebody else's browser."""
    async with Browser(app) as client:
        yield client
