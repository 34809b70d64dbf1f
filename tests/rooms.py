"""A stage: one service with its real doors and a real database; what it hears and is asked goes through both."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from fast_depends import Provider
from faststream import ContextRepo
from faststream._internal.di import FastDependsConfig

from harbour.contracts.messages import Answer, Message
from harbour.runtime.database import Database
from harbour.runtime.outbox import Outbox
from harbour.runtime.rooms import Answering, Door, Hearing
from tests.prepared import with_tables


class Arrived:
    """A message as FastStream hands it to a handler."""

    def __init__(self, message: Message) -> None:
        self._message = message

    async def decode(self) -> Message:
        """What it says."""
        return self._message


class Stage:
    """One service on stage."""

    def __init__(self, service: Any) -> None:
        self.service, self.database = service, service.database
        self.said: list[Message] = []
        self._provider = Provider()
        self._ready: dict[int, Any] = {}
        """The handlers that were needed so far, with what FastStream puts into them."""

    def puts(self, instead_of: Any, something: Any) -> None:
        """Let handlers be given `something` instead of what they would be."""
        self._provider.override(instead_of, something)
        self._ready.clear()

    async def hears(self, event: Message) -> None:
        """Let the service hear an event, through every door that hears its kind."""
        doors = {
            door.durable: key
            for key, door in self.service.pipeline.doors.items()
            if isinstance(door, Hearing) and type(event) in door.events
        }
        for key in doors.values():
            await self._through(key, event)

    async def asks(self, wish: Message) -> Any:
        """What the service answers."""
        [key] = [
            key
            for key, door in self.service.pipeline.doors.items()
            if isinstance(door, Answering) and door.wish is type(wish)
        ]
        return await self._through(key, wish)

    async def _through(self, key: int, message: Message) -> Any:
        door: Door = self.service.pipeline.doors[key]
        [call] = self.service.pipeline.subscribers[key].calls
        context: ContextRepo = self.service.context
        reads = isinstance(door, Answering) and door.reads_only
        if not door.transaction:
            return self._sort(await self._call(call, message))
        async with self.database.reading() if reads else self.database.begin() as tx:
            with context.scope("transaction", tx):
                result = await self._call(call, message)
            answer = self._sort(result)
            for one in result if isinstance(result, list | tuple) else [result]:
                if isinstance(one, Message) and not isinstance(one, Answer):
                    await Outbox(tx, self.service.name).add(one)
        return answer

    async def _call(self, call: Any, message: Message) -> Any:
        key = id(call.handler)
        if key not in self._ready:
            injection = FastDependsConfig(provider=self._provider, context=self.service.context)
            self._ready[key] = injection.build_call(call.handler._original_call).wrapped_call
        return await self._ready[key](Arrived(message))

    def _sort(self, result: Any) -> Any:
        parts = list(result) if isinstance(result, list | tuple) else [result]
        self.said += [one for one in parts if isinstance(one, Message) and not isinstance(one, Answer)]
        return next((one for one in parts if isinstance(one, Answer)), None)


@asynccontextmanager
async def rehearsed(name: str, database_url: str) -> AsyncIterator[Stage]:
    """The service `name` on this database, migrated, furnished, without a bus."""
    import importlib

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(f"{name.upper()}_DATABASE_URL", database_url)
        service = importlib.import_module(f"services.{name}.app").build()
    await with_tables(database_url, name)
    stage = Stage(service)
    async with service._lifespan(service):
        try:
            yield stage
        finally:
            await Database.close(service.database)
