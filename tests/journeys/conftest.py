"""Every town in turn, opened once for all journeys: in memory, and on real servers with each database."""

import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from tests.journeys.memory import in_memory
from tests.journeys.real import on_real_servers
from tests.journeys.town import SERVICES, Town


@pytest_asyncio.fixture(
    scope="package", loop_scope="package", params=["memory", "real-sqlite", "real-postgresql"], name="town"
)
async def open_town(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    """The town that a journey leads through."""
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "memory":
        async with in_memory(folder) as town:
            yield town
        return
    databases = await _databases(request, folder)
    async with on_real_servers(folder, databases) as real:
        yield real


async def _databases(request: pytest.FixtureRequest, folder: Path) -> dict[str, str]:
    """An empty database for each service."""
    if request.param == "real-sqlite":
        return {name: f"sqlite+aiosqlite:///{folder / name}.db" for name in SERVICES}
    server: str = request.getfixturevalue("postgres")
    mark = secrets.token_hex(4)
    engine = create_async_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        for name in SERVICES:
            await connection.execute(text(f"CREATE DATABASE {name}_{mark}"))
    await engine.dispose()
    return {name: f"{server}/{name}_{mark}" for name in SERVICES}
