"""A bus of its own for each test, and the small service's words on it."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from harbour.contracts.messages import EVENTS, WISHES
from harbour.runtime import delivery, service, streams
from tests.chat.servers import NatsServer, connected, need_nats_server, running_server
from tests.runtime import trial


@pytest.fixture(autouse=True)
def our_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """The small service's words, stream and tables, for the length of a test; and short waits."""
    for fact, event in trial.OUR_EVENTS.items():
        monkeypatch.setitem(EVENTS, fact, event)
    for ask, wish in trial.OUR_WISHES.items():
        monkeypatch.setitem(WISHES, ask, wish)
    monkeypatch.setattr(streams, "streams", trial.streams_with_ours)
    monkeypatch.setattr(service, "migrated", trial.tables)
    monkeypatch.setattr(delivery, "BACKOFF_SECONDS", (0.05, 0.1, 0.15))


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[NatsServer]:
    """A nats-server of this test."""
    need_nats_server()
    with running_server(tmp_path) as running:
        monkeypatch.setenv("NATS_URL", running.url)
        yield running


@pytest.fixture
async def bus(server: NatsServer) -> AsyncIterator[trial.Bus]:
    """The bus, with its streams."""
    async with connected(server.url) as nc:
        await streams.declare(nc.jetstream(), [])
        yield trial.Bus(nc)


@pytest.fixture
def tried_database(database_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The small service's database, of each kind in turn."""
    monkeypatch.setenv("TRIED_DATABASE_URL", database_url)
    return database_url


@pytest.fixture
def lite(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A database where its kind makes no difference."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'tried.db'}"
    monkeypatch.setenv("TRIED_DATABASE_URL", url)
    return url
