"""Told to stop, a service finishes what it has in hand, leaves the rest to the next copy, and nothing happens twice."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated

import pytest
from faststream import Context
from nats.js.errors import KeyNotFoundError
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from harbour.runtime import logs, streams
from harbour.runtime.database import Database, insert_once
from harbour.runtime.delivery import CRASHES_ALLOWED
from harbour.runtime.rooms import Router, Says
from harbour.runtime.service import Service
from harbour.runtime.settings import Settings
from tests.chat.servers import NatsServer
from tests.conftest import free_port
from tests.runtime import serving
from tests.runtime.old_server import old_server
from tests.runtime.test_delivery import settled
from tests.runtime.trial import METADATA, SEEN, Asked, Bus, Echoed, on_trial, until

WORDS = [f"w{n:02}" for n in range(10)]


@asynccontextmanager
async def served(notes: Path, **settings: str) -> AsyncIterator[Process]:
    """The small service as a process of its own; killed at the end if it has not left by itself."""
    command = [sys.executable, "-m", "tests.runtime.serving", str(notes), str(free_port())]
    environment = {**os.environ, **settings}
    process = await asyncio.create_subprocess_exec(*command, env=environment, stdout=PIPE, stderr=PIPE)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def test_told_to_stop_it_finishes_what_it_has_in_hand_and_the_next_copy_does_the_rest(
    bus: Bus, server: NatsServer, tried_database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "ACK_WAIT_SECONDS", 2.0)
    await streams.declare(bus.js, serving.working().hearings)
    await bus.say(*(Asked(word=word) for word in WORDS))
    notes = tmp_path / "notes"
    async with served(notes) as first:
        await until(lambda: len(noted(notes, "began")) >= 3)
        first.send_signal(signal.SIGTERM)
        out, _ = await asyncio.wait_for(first.communicate(), 10)
    assert b"Traceback" not in out
    assert sorted(noted(notes, "began")) == sorted(noted(notes, "ended"))
    finished = len(noted(notes, "ended"))
    assert finished < len(WORDS)
    assert await bus.unsettled("tried-work") == len(WORDS) - finished
    async with served(notes) as second:
        await until(lambda: settled(bus, "tried-work"))
        second.send_signal(signal.SIGTERM)
        await asyncio.wait_for(second.communicate(), 10)
    assert sorted(noted(notes, "began")) == sorted(noted(notes, "ended")) == WORDS
    assert sorted(await bus.echoes()) == WORDS
    assert await seen(tried_database) == WORDS
    assert await bus.dead() == []


async def test_what_cannot_be_finished_in_time_is_undone_and_done_by_the_next_copy(
    bus: Bus, tried_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "ACK_WAIT_SECONDS", 0.5)
    calls: list[str] = []

    def lingering() -> Router:
        router = Router("tried")

        @router.hears(Asked)
        async def linger(event: Asked, tx: Annotated[AsyncConnection, Context("transaction")]) -> Says:
            await insert_once(tx, SEEN, {"word": event.word})
            calls.append(event.word)
            if len(calls) == 1:
                await asyncio.sleep(60)
            return Echoed.after(event)

        return router

    async with on_trial(bus, lingering()) as service:
        service.broker.config.broker_config.graceful_timeout = 0.2
        await bus.say(Asked(word="one"))
        await until(lambda: calls)
    assert await seen(tried_database) == []
    assert await bus.echoes() == []
    async with on_trial(bus, lingering()):
        await until(lambda: settled(bus, "tried-linger"))
    assert calls == ["one", "one"]
    assert await seen(tried_database) == ["one"]
    assert await bus.echoes() == ["one"]


async def test_what_stops_cut_off_again_and_again_is_no_crash_and_comes_back_at_once(bus: Bus, lite: str) -> None:
    calls: list[str] = []
    stops = CRASHES_ALLOWED + 2

    def lingering() -> Router:
        router = Router("tried")

        @router.hears(Asked)
        async def linger(event: Asked) -> Says:
            calls.append(event.word)
            if len(calls) <= stops:
                await asyncio.sleep(60)
            return Echoed.after(event)

        return router

    await bus.say(Asked(word="long"))
    for stop in range(1, stops + 1):
        async with on_trial(bus, lingering()) as service:
            service.broker.config.broker_config.graceful_timeout = 0.1
            await until(lambda stop=stop: len(calls) == stop, seconds=streams.ACK_WAIT_SECONDS / 2)  # type: ignore[misc]
    notes = await bus.js.key_value("delivery")
    assert json.loads((await notes.get("tried-linger.1")).value or b"") == {"stopped": stops}
    async with on_trial(bus, lingering()):
        await until(lambda: settled(bus, "tried-linger"), seconds=streams.ACK_WAIT_SECONDS / 2)
    assert await bus.echoes() == ["long"]
    assert await bus.dead() == []
    with pytest.raises(KeyNotFoundError):
        await notes.get("tried-linger.1")


async def test_on_an_older_bus_it_does_not_start_and_says_why(tmp_path: Path, lite: str) -> None:
    async with old_server("2.11.4") as url, served(tmp_path / "notes", NATS_URL=url) as process:
        out, err = await asyncio.wait_for(process.communicate(), 20)
    assert process.returncode == 3
    [line] = [json.loads(line) for line in out.splitlines() if b"cannot start" in line]
    assert line["reason"].startswith("The NATS server is 2.11; Harbour's timers need 2.12 or later.")
    assert line["error"] == "BusTrouble"
    assert err == b""


async def test_where_nobody_answers_for_its_database_it_does_not_start_and_names_the_error(
    server: NatsServer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("TRIED_DATABASE_URL", f"postgresql+asyncpg://postgres@127.0.0.1:{free_port()}/tried")
    logs.start("tried")
    app = serving.build().asgi()
    with pytest.raises(ConnectionRefusedError):
        await app.router.lifespan_context(app).__aenter__()
    [line] = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "cannot start" in line]
    assert line["error"] == "ConnectionRefusedError"
    assert line["at"]


def noted(notes: Path, what: str) -> list[str]:
    """The words of these notes, in order."""
    lines = notes.read_text().splitlines() if notes.exists() else []
    return [line.removeprefix(f"{what} ") for line in lines if line.startswith(f"{what} ")]


async def seen(url: str) -> list[str]:
    """What the handlers remembered."""
    database = Database(url)
    try:
        async with database.reading() as tx:
            return list((await tx.execute(select(SEEN.c.word).order_by(SEEN.c.word))).scalars())
    finally:
        await database.close()


async def test_a_service_may_still_say_something_when_it_has_stopped_hearing(bus: Bus, lite: str) -> None:
    """As a gateway does with what it has gathered since the last time."""

    @asynccontextmanager
    async def lifespan(service: Service) -> AsyncIterator[None]:
        yield
        await service.broker.connection.publish("room.last.words", b"bye")
        await service.broker.connection.flush(2)

    heard = await bus.nc.subscribe("room.last.words")
    await bus.nc.flush()
    async with Service("tried", routers=[], metadata=METADATA, settings=Settings(), lifespan=lifespan).running():
        pass
    assert (await heard.next_msg(2)).data == b"bye"
