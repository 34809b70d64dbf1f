"""What was committed is said, once, whatever dies in between."""

import asyncio
from pathlib import Path

import pytest
from nats.errors import TimeoutError as NatsTimeout

from harbour.runtime import outbox, streams
from harbour.runtime.rooms import Router, Says
from tests.chat.servers import NatsServer
from tests.runtime.test_delivery import doomed, settled
from tests.runtime.trial import Asked, Bus, Echoed, on_trial, until


def echoing() -> Router:
    """A room that says again what it hears."""
    router = Router("tried")

    @router.hears(Asked)
    async def echo(event: Asked) -> Says:
        return Echoed.after(event)

    return router


@pytest.mark.parametrize("moment", ["post", "posted"])
async def test_a_process_killed_around_the_publish_loses_nothing_and_says_nothing_twice(
    moment: str, bus: Bus, server: NatsServer, tried_database: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(streams, "ACK_WAIT_SECONDS", 0.5)
    await streams.declare(bus.js, echoing().hearings)
    await bus.say(Asked(word="one"))
    assert await asyncio.to_thread(doomed, moment, str(tmp_path / "ran")) == -9
    assert (tmp_path / "ran").read_text() == "tried.was-echoed.one\n"
    assert await bus.echoes() == (["one"] if moment == "posted" else [])
    async with on_trial(bus, echoing()):
        await until(bus.echoes)
        await until(lambda: settled(bus, "tried-echo"))
        await asyncio.sleep(0.3)
    assert await bus.echoes() == ["one"]


async def test_what_cannot_be_published_now_is_said_by_the_beat(
    bus: Bus, tried_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = outbox.publish
    failures: list[int] = []

    async def fail_once(*args: object, **more: object) -> None:
        if not failures:
            failures.append(1)
            raise NatsTimeout
        await really(*args, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(outbox, "publish", fail_once)
    monkeypatch.setattr(outbox.Postbox.__init__, "__defaults__", (0.1,))
    monkeypatch.setattr(outbox.Postbox.sweep, "__defaults__", (0.3,))
    async with on_trial(bus, echoing()):
        await bus.say(Asked(word="one"))
        await until(bus.echoes)
    assert failures
    assert await bus.echoes() == ["one"]


async def test_the_same_cause_heard_again_long_after_is_not_said_again(bus: Bus, tried_database: str) -> None:
    async with on_trial(bus, echoing()):
        cause = Asked(word="one")
        await bus.say(cause)
        await until(bus.echoes)
        await bus.js.publish(cause.subject, cause.body(), stream="TRIED",
                             headers={**cause.headers("tried"), "Nats-Msg-Id": "another"})  # fmt: skip
        await until(lambda: settled(bus, "tried-echo"))
        assert len(await bus.kept("TRIED")) == 3
    assert await bus.echoes() == ["one"]
