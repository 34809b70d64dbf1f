"""A server that says it is of a version, on the wire; it knows no more than to greet, and to note what it is told."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


@asynccontextmanager
async def old_server(version: str, told: list[bytes] | None = None) -> AsyncIterator[str]:
    """Its address; `told` takes the verbs of what comes, in order."""
    told = [] if told is None else told

    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        hello = {"server_id": "old", "version": version, "headers": True, "max_payload": 1048576, "jetstream": True}
        writer.write(b"INFO " + json.dumps(hello).encode() + b"\r\n")
        with contextlib.suppress(ConnectionError):
            while line := await reader.readline():
                told.append(line.split()[0])
                if line.startswith(b"PING"):
                    writer.write(b"PONG\r\n")
                    await writer.drain()
        writer.close()

    listening = await asyncio.start_server(greet, "127.0.0.1", 0)
    async with listening:
        yield f"nats://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
