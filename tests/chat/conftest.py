"""A transcript in memory and one on a real server; tests that take `transcript` run on both."""

from collections.abc import AsyncIterator, Iterator

import pytest
from nats.aio.client import Client

from harbour.runtime.database import Database
from services.chat.jetstream import JetStreamTranscript
from services.chat.store import metadata
from services.chat.transcript import MemoryTranscript, Transcript
from tests.chat.copies import Copy
from tests.chat.servers import NatsServer, connected, declare_chat, need_nats_server, running_server


@pytest.fixture(scope="session")
def chat_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsServer]:
    """A nats-server for these tests."""
    need_nats_server()
    with running_server(tmp_path_factory.mktemp("nats")) as server:
        yield server


@pytest.fixture
async def nc(chat_server: NatsServer) -> AsyncIterator[Client]:
    """A connection to a server whose stream `CHAT` is empty."""
    async with connected(chat_server.url) as client:
        await declare_chat(client)
        yield client


@pytest.fixture
def jetstream(nc: Client) -> JetStreamTranscript:
    """The transcript on a real server."""
    return JetStreamTranscript(nc, nc.jetstream())


@pytest.fixture(params=["memory", "jetstream"])
def transcript(request: pytest.FixtureRequest) -> Transcript:
    """Each of the transcripts in turn."""
    if request.param == "memory":
        return MemoryTranscript()
    found: Transcript = request.getfixturevalue("jetstream")
    return found


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """A database of chat with nothing in it, on each kind of server."""
    database = Database(database_url)
    async with database.begin() as tx:
        await tx.run_sync(metadata.create_all)
    try:
        yield database
    finally:
        await database.engine.dispose()


@pytest.fixture
def chat(database: Database) -> Copy:
    """A copy of chat with a transcript in memory."""
    return Copy(database, MemoryTranscript())
