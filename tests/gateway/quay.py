"""A quay to try the live part on: a real nats-server with the CHAT stream, the gateway on a real port, browsers'
sockets, and a small chat and safeguard (`house.py`) behind them."""

import asyncio
import contextlib
import json
import shutil
import socket
import sys
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any, cast

import nats
import uvicorn
import websockets
from fastapi import FastAPI
from nats.aio.client import Client
from redis.asyncio import Redis
from websockets.asyncio.client import ClientConnection

from harbour.contracts.chat import (
    RoomPerson,
    Speaker,
)
from harbour.contracts.enrolment import Role
from services.gateway.app import create_app
from services.gateway.auth import Sessions, cookie_name
from services.gateway.hub import Hub
from services.gateway.limits import Pace
from services.gateway.settings import GatewaySettings
from services.gateway.wire import Wire
from tests.gateway.house import HELD_WORD, HERON, JUNIPER, SAM, SESSION, WREN, House

__all__ = ["HELD_WORD", "HERON", "JUNIPER", "SAM", "SESSION", "WREN", "House"]


async def until(true: Callable[[], Any], seconds: float = 8) -> None:
    """Wait until this is so."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come to be in time"
        await asyncio.sleep(0.01)


def free_port() -> int:
    """A port nobody has."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _answers(port: int) -> bool:
    with socket.socket() as door:
        return door.connect_ex(("127.0.0.1", port)) == 0


@contextlib.asynccontextmanager
async def nats_server(folder: Path, port: int) -> AsyncIterator[str]:
    """A nats-server of our own with JetStream."""
    binary = shutil.which("nats-server") or str(Path(sys.executable).parent / "nats-server")
    server = await asyncio.create_subprocess_exec(
        binary, "-a", "127.0.0.1", "-p", str(port), "-js", "-sd", str(folder), "-l", str(folder / "nats.log")
    )
    try:
        await until(lambda: _answers(port))
        yield f"nats://127.0.0.1:{port}"
    finally:
        server.terminate()
        await server.wait()


class Screen:
    """What one browser's socket has been given."""

    def __init__(self, link: ClientConnection) -> None:
        self.link = link
        self.frames: list[dict[str, Any]] = []
        self.code: int | None = None
        self.raw: list[str] = []
        self._task = asyncio.create_task(self._read())

    async def _read(self) -> None:
        with contextlib.suppress(websockets.ConnectionClosed):
            async for text in self.link:
                assert isinstance(text, str)
                self.raw.append(text)
                self.frames.append(json.loads(text))
        self.code = self.link.close_code

    def of(self, kind: str) -> list[dict[str, Any]]:
        """The frames of this type."""
        return [frame for frame in self.frames if frame["type"] == kind]

    @property
    def numbers(self) -> list[int]:
        """Every number it was given, in the order it came."""
        found: list[int] = []
        for frame in self.frames:
            found += [one["number"] for one in frame["list"]] if frame["type"] == "messages" else []
            found += [frame["number"]] if frame["type"] == "message" else []
        return found

    async def send(self, **frame: Any) -> None:
        """Say something."""
        await self.link.send(json.dumps(frame))

    async def sees(self, kind: str, **fields: Any) -> dict[str, Any]:
        """Wait for a frame of this type with these fields."""

        def found() -> list[dict[str, Any]]:
            return [frame for frame in self.of(kind) if fields.items() <= frame.items()]

        await until(found)
        return found()[0]

    async def has(self, count: int) -> None:
        """Wait for so many messages."""
        await until(lambda: len(self.numbers) >= count)

    async def reads(self, words: str) -> None:
        """Wait until these words were given, in whatever frame."""
        await until(lambda: any(words in text for text in self.raw))

    async def closes(self) -> int:
        """Wait until the server closes; the code."""
        await until(lambda: self.code is not None)
        assert self.code is not None
        return self.code

    async def leave(self) -> None:
        """Go."""
        await self.link.close()
        await self._task


class Quay:
    """All of it, running."""

    def __init__(self, app: FastAPI, house: House, hub: Hub, line: Client, port: int, redis: Redis, url: str) -> None:
        self.app, self.house, self.hub, self.line, self.port, self.redis = app, house, hub, line, port, redis
        self.url = url
        self.sessions = Sessions(redis, app.state.settings)
        self.screens: list[Screen] = []

    async def token(self, who: RoomPerson | str, *roles: Role) -> str:
        """Sign somebody in; their token."""
        if isinstance(who, str):
            session = await self.sessions.begin("staff", person_id=who, name=who.title(), roles=frozenset(roles))
        elif who.speaker is Speaker.FACILITATOR:
            chosen = frozenset(roles or {Role.COUNSELLOR})
            session = await self.sessions.begin("staff", person_id=who.person_id, name=who.nickname, roles=chosen)
        else:
            session = await self.sessions.begin("member", person_id=who.person_id, name=who.nickname, badge=who.badge)
        return session.token

    async def link(
        self, token: str, path: str = f"/live/{SESSION}", *, after: object = 0, origin: str = "", **options: Any
    ) -> ClientConnection:
        """Open a socket as a page of ours does."""
        headers = {"Cookie": f"{cookie_name(self.app.state.settings)}={token}"}
        here = f"127.0.0.1:{self.port}"
        return await websockets.connect(
            f"ws://{here}{path}?after={after}",
            additional_headers=headers,
            origin=cast(Any, origin or f"http://{here}"),
            max_size=None,
            **options,
        )

    async def comes_in(self, who: RoomPerson, *, after: object = 0) -> Screen:
        """Somebody opens the room; hello and history have come."""
        screen = await self.looks(await self.token(who), after=after)
        await screen.sees("messages", more=False)
        return screen

    async def looks(self, token: str, path: str = f"/live/{SESSION}", *, after: object = 0, origin: str = "") -> Screen:
        """Open a socket and read along."""
        screen = Screen(await self.link(token, path, after=after, origin=origin))
        self.screens.append(screen)
        return screen


@contextlib.asynccontextmanager
async def quay(
    folder: Path, redis: Redis, *, pace: Pace | None = None, beat_seconds: float = 60, port: int = 0
) -> AsyncIterator[Quay]:
    """The gateway on a port of this machine, with a real bus behind it."""
    async with nats_server(folder, free_port()) as url:
        nc = await nats.connect(url, max_reconnect_attempts=-1, reconnect_time_wait=0.05, connect_timeout=5)
        house = House(nc)
        await house.make_streams()
        async with gateway(url, house, redis, pace=pace, beat_seconds=beat_seconds, port=port) as here:
            yield here
        await nc.close()


@contextlib.asynccontextmanager
async def another_copy(here: Quay) -> AsyncIterator[Quay]:
    """A second copy of the gateway, which knows of the first by the bus and by Redis alone."""
    async with gateway(here.url, here.house, here.redis, pace=here.app.state.pace) as there:
        yield there


@contextlib.asynccontextmanager
async def gateway(
    url: str, house: House, redis: Redis, *, pace: Pace | None = None, beat_seconds: float = 60, port: int = 0
) -> AsyncIterator[Quay]:
    """One copy of the gateway."""
    app = create_app(ask=house, redis=redis, settings=GatewaySettings(sign_in_floor_ms=0))
    app.state.pace = pace or Pace()
    line = await nats.connect(url, max_reconnect_attempts=-1, reconnect_time_wait=0.3, connect_timeout=5)
    hub = app.state.hub = Hub(line, cast(Any, house), redis, beat_seconds=beat_seconds)
    await hub.start()
    port = port or free_port()
    config = uvicorn.Config(
        app, host="127.0.0.1", port=port, log_level="error", ws_max_size=64 * 1024, lifespan="off", ws=Wire
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    here = Quay(app, house, hub, line, port, redis, url)
    try:
        yield here
    finally:
        await asyncio.gather(*(screen.leave() for screen in here.screens))
        await hub.stop()
        server.should_exit = True
        await serving
        await line.close()
