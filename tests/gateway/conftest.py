"""The gateway with a real Redis, a scripted town behind it, and browsers without scripts."""

from collections.abc import AsyncIterator

import pytest
from fastapi import FastAPI
from playwright.async_api import expect
from redis.asyncio import Redis

from services.gateway.app import create_app
from services.gateway.settings import GatewaySettings
from tests.containers import Address
from tests.gateway.browsing import Browser
from tests.gateway.wall import Town

expect.set_options(timeout=15_000)
"""Milliseconds: a machine that runs other tests meanwhile is slow."""


@pytest.fixture
async def redis(redis_address: Address) -> AsyncIterator[Redis]:
    """An empty Redis."""
    client = Redis(host=redis_address[0], port=redis_address[1], decode_responses=True)
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
