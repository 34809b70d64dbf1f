"""A small service to try the runtime with: its words, its stream, and how it is set going."""

import asyncio
import inspect
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.api import StorageType, StreamConfig
from nats.js.errors import NotFoundError
from sqlalchemy import Column, MetaData, String, Table
from sqlalchemy.ext.asyncio import create_async_engine

from harbour.contracts.messages import EVENTS, WISHES, Answer, Command, Event, Key, Timer
from harbour.runtime import streams
from harbour.runtime.database import Database
from harbour.runtime.outbox import outbox_table
from harbour.runtime.rooms import Router
from harbour.runtime.service import Service
from harbour.runtime.settings import Settings

METADATA = MetaData()
outbox_table(METADATA)
SEEN = Table("seen", METADATA, Column("word", String(64), primary_key=True))


class Asked(Event, fact="tried.was-asked", key=("word",)):
    """Somebody asked."""

    word: Key
    text: str = ""


class Echoed(Event, fact="tried.was-echoed", key=("word",)):
    """It came back."""

    word: Key
    text: str = ""


class Bell(Timer, fact="tried.bell-rang", key=("word",)):
    """It is time."""

    word: Key
    text: str = ""


class Heard(Answer):
    """It was heard."""

    word: str


class Call(Command[Heard], ask="tried.call-out"):
    """Call out."""

    word: Key
    text: str = ""


OUR_EVENTS: dict[str, type[Event]] = {kind.fact: EVENTS.pop(kind.fact) for kind in (Asked, Echoed, Bell)}
OUR_WISHES: dict[str, Any] = {Call.ask: WISHES.pop(Call.ask)}
"""Known only while a test of this folder runs, so that no other test takes them for Harbour's own."""

_REAL_STREAMS = streams.streams


def streams_with_ours(replicas: int = 1) -> list[StreamConfig]:
    """The streams of the bus, and one for these tests."""
    return [*_REAL_STREAMS(replicas), StreamConfig(name="TRIED", subjects=["tried.>"], storage=StorageType.FILE)]


async def tables(_: str, url: str) -> None:
    """The tables of the small service, in place of migrations."""
    database = Database(url)
    try:
        async with database.engine.begin() as tx:
            await tx.run_sync(METADATA.create_all)
    finally:
        await database.close()


async def until(true: Callable[[], Any], seconds: float = 15.0) -> Any:
    """What this gives, as soon as it gives something; a failure when it does not in time."""
    deadline = asyncio.get_running_loop().time() + seconds
    while True:
        found = true()
        found = await found if inspect.isawaitable(found) else found
        if found:
            return found
        assert asyncio.get_running_loop().time() < deadline, "it did not come true in time"
        await asyncio.sleep(0.03)


@dataclass
class Bus:
    """The bus of one test, as an operator sees it."""

    nc: Client

    @property
    def js(self) -> JetStreamContext:
        """JetStream of it."""
        return self.nc.jetstream()

    async def say(self, *events: Event) -> None:
        """Publish events as their owner would."""
        for event in events:
            await self.js.publish(event.subject, event.body(), stream="TRIED", headers=event.headers("tried"))

    async def kept(self, stream: str) -> list[Any]:
        """Everything a stream keeps, oldest first."""
        state = (await self.js.stream_info(stream)).state
        found = []
        for sequence in range(max(1, state.first_seq), state.last_seq + 1):
            try:
                found.append(await self.js.get_msg(stream, sequence))
            except NotFoundError:
                continue
        return found

    async def dead(self) -> list[dict[str, Any]]:
        """The dead letters, as they are."""
        return [json.loads(one.data or b"{}") for one in await self.kept("DEAD")]

    async def echoes(self) -> list[str]:
        """The words that were said again, in order."""
        return [one.subject.rsplit(".", 1)[1] for one in await self.kept("TRIED") if "was-echoed" in one.subject]

    async def unsettled(self, durable: str, stream: str = "TRIED") -> int:
        """How many messages this consumer has not settled."""
        info = await self.js.consumer_info(stream, durable)
        return (info.num_ack_pending or 0) + (info.num_pending or 0)


@dataclass
class Keeper:
    """Whoever looks after the PostgreSQL server."""

    server: str

    async def tells(self, *orders: str) -> None:
        """Have the server do these."""
        engine = create_async_engine(f"{self.server}/postgres", isolation_level="AUTOCOMMIT")
        try:
            async with engine.connect() as connection:
                for order in orders:
                    await connection.exec_driver_sql(order)
        finally:
            await engine.dispose()

    async def hangs_up(self, name: str) -> None:
        """End every connection to a database, as a restart does."""
        await self.tells(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'")


@asynccontextmanager
async def on_trial(bus: Bus, router: Router, **more: Any) -> AsyncIterator[Service]:
    """The small service, from the first table to the last message in hand."""
    await streams.declare(bus.js, router.hearings)
    service = Service("tried", routers=[router], metadata=METADATA, settings=Settings(), **more)
    async with service.running():
        yield service
