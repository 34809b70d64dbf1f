"""A transcript in memory and one on a real server; tests that take `transcript` run on both."""

from collections.abc import AsyncIterator

import pytest
from nats.aio.client import Client

from harbour.runtime.database import Database
from services.chat.jetstream import JetStreamTranscript
from services.chat.transcript import MemoryTranscript, Transcript
from tests.chat.copies import Copy
from tests.chat.servers import connected, declare_chat


@pytest.fixture
def tables_of() -> str:
    """Every database of these tests has the tables of chat."""
    return "chat"


@pytest.fixture
async def nc(nats_url: str) -> AsyncIterator[Client]:
    """A connection to a server whose stream `CHAT` is empty."""
    async with connected(nats_url) as client:
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
    try:
        yield database
    finally:
        await database.engine.dispose()


@pytest.fixture
def chat(database: Database) -> Copy:
    """A copy of chat with a transcript in memory."""
    return Copy(database, MemoryTranscript())
