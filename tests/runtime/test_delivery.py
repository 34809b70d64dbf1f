"""What becomes of a message: done, rejected, not yet, unknown, or it kills the process."""

import asyncio
import itertools
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from harbour.runtime import streams
from harbour.runtime.asking import Asker, Unavailable
from harbour.runtime.delivery import NotYet, Rejected
from harbour.runtime.rooms import Router, Says
from tests.chat.servers import NatsServer
from tests.runtime.trial import Asked, Bus, Call, Echoed, Heard, on_trial, until


async def test_a_done_message_is_acknowledged_and_what_it_says_is_said_once(bus: Bus, tried_database: str) -> None:
    router = Router("tried")

    @router.hears(Asked)
    async def echo(event: Asked) -> Says:
        return Echoed.after(event)

    async with on_trial(bus, router):
        await bus.say(Asked(word="one"), Asked(word="two"))
        await until(lambda: settled(bus, "tried-echo"))
    assert await bus.echoes() == ["one", "two"]
    assert await bus.dead() == []


async def test_promise_11_a_rejected_message_is_dead_lettered_and_terminated_without_its_text(
    bus: Bus, lite: str
) -> None:
    router = Router("tried")
    calls = []

    @router.hears(Asked)
    async def refuse(event: Asked) -> None:
        calls.append(event.word)
        raise Rejected("nobody lives there")

    async with on_trial(bus, router):
        await bus.say(Asked(word="one", text="a sentence of somebody's"))
        await until(bus.dead)
        await until(lambda: settled(bus, "tried-refuse"))
    [letter] = await bus.kept("DEAD")
    [grave] = await bus.dead()
    assert grave == {
        "stream": "TRIED", "sequence": 1, "subject": "tried.was-asked.one", "handler": "tried-refuse",
        "reason": "nobody lives there", "attempts": 1,
    }  # fmt: skip
    assert "sentence" not in f"{letter.data!r}{letter.headers}"
    assert calls == ["one"]


async def test_bytes_that_are_no_message_are_dead_lettered_before_the_handler(bus: Bus, lite: str) -> None:
    router = Router("tried")
    calls = []

    @router.hears(Asked)
    async def hear(event: Asked) -> None:
        calls.append(event.word)

    async with on_trial(bus, router):
        headers = Asked(word="one").headers("tried")
        await bus.js.publish("tried.was-asked.one", b"{not json: private", stream="TRIED", headers=headers)
        await bus.js.publish("tried.was-asked.two", b"{}", stream="TRIED")
        await bus.say(Asked(word="three"))
        await until(lambda: settled(bus, "tried-hear"))
    assert [grave["reason"] for grave in await bus.dead()] == [
        "the body of Asked is not JSON", "the ce-type header is missing",
    ]  # fmt: skip
    assert b"private" not in b"".join(one.data for one in await bus.kept("DEAD"))
    assert calls == ["three"]


async def test_not_yet_waits_as_long_as_it_says_and_is_never_a_failure(bus: Bus, lite: str) -> None:
    router = Router("tried")
    calls: list[float] = []

    @router.hears(Asked)
    async def wait(event: Asked) -> None:
        calls.append(time.monotonic())
        if len(calls) <= 6:
            raise NotYet("the room is not there yet", delay=0.2)

    async with on_trial(bus, router):
        await bus.say(Asked(word="one"))
        await until(lambda: len(calls) == 7)
        await until(lambda: settled(bus, "tried-wait"))
    assert all(later - earlier >= 0.19 for earlier, later in itertools.pairwise(calls))
    assert await bus.dead() == []


async def test_an_unknown_error_backs_off_longer_and_longer_and_is_then_dead_lettered(
    bus: Bus, tried_database: str
) -> None:
    router = Router("tried")
    calls: list[float] = []

    @router.hears(Asked)
    async def fail(event: Asked) -> Says:
        calls.append(time.monotonic())
        raise ValueError(event.text)

    async with on_trial(bus, router):
        await bus.say(Asked(word="one", text="a sentence of somebody's"))
        [grave] = await until(bus.dead)
        await until(lambda: settled(bus, "tried-fail"))
    waits = [later - earlier for earlier, later in itertools.pairwise(calls)]
    assert len(calls) == 4
    assert all(wait >= least * 0.95 for wait, least in zip(waits, (0.05, 0.1, 0.15), strict=True))
    assert grave["reason"].startswith("ValueError at test_delivery.py:")
    assert grave["attempts"] == 4
    assert "sentence" not in str(grave)


async def test_an_error_undoes_what_the_handler_did_and_says_nothing(bus: Bus, tried_database: str) -> None:
    router = Router("tried")
    calls = []

    @router.hears(Asked)
    async def stumble(event: Asked) -> Says:
        calls.append(event.word)
        if len(calls) == 1:
            return [Echoed.after(event), object()]  # type: ignore[list-item]
        return Echoed.after(event)

    async with on_trial(bus, router):
        await bus.say(Asked(word="one"))
        await until(bus.echoes)
        await until(lambda: settled(bus, "tried-stumble"))
    assert calls == ["one", "one"]
    assert await bus.echoes() == ["one"]


async def test_a_message_that_kills_the_process_is_dead_lettered_before_it_runs_a_fourth_time(
    bus: Bus, server: NatsServer, lite: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(streams, "ACK_WAIT_SECONDS", 0.5)
    router = Router("tried")
    calls = []

    @router.hears(Asked)
    async def die(event: Asked) -> None:
        calls.append(event.word)

    await streams.declare(bus.js, router.hearings)
    await bus.say(Asked(word="one"))
    ran = tmp_path / "ran"
    for _ in range(3):
        code = await asyncio.to_thread(doomed, "die", str(ran))
        assert code == -9
    assert ran.read_text() == "one\n" * 3
    async with on_trial(bus, router):
        [grave] = await until(bus.dead)
        await bus.say(Asked(word="two"))
        await until(lambda: calls)
    assert grave["reason"] == "it killed the process each time"
    assert calls == ["two"]


async def test_five_dead_letters_in_a_row_stop_the_handler_and_the_rest_waits(bus: Bus, lite: str) -> None:
    router = Router("tried")
    calls, others = [], []

    @router.hears(Asked)
    async def break_down(event: Asked) -> None:
        calls.append(event.word)
        raise Rejected("broken")

    @router.hears(Asked)
    async def carry_on(event: Asked) -> None:
        others.append(event.word)

    async with on_trial(bus, router) as service:
        assert await service.trouble() == ""
        await bus.say(*(Asked(word=f"w{n}") for n in range(8)))
        await until(service.trouble)
        assert await service.trouble() == "the brake is on: tried-break_down"
        await until(lambda: len(others) == 8)
        await asyncio.sleep(0.3)
        assert len(calls) == 5
        assert len(await bus.dead()) == 5
        assert await bus.unsettled("tried-break_down") == 3


async def test_a_message_that_works_loosens_the_brake(bus: Bus, lite: str) -> None:
    router = Router("tried")

    @router.hears(Asked)
    async def pick(event: Asked) -> None:
        if not event.word.startswith("good"):
            raise Rejected("broken")

    async with on_trial(bus, router) as service:
        words = ["bad1", "bad2", "bad3", "bad4", "good1", "bad5", "bad6", "bad7", "bad8", "good2"]
        await bus.say(*(Asked(word=word) for word in words))
        await until(lambda: settled(bus, "tried-pick"))
        assert await service.trouble() == ""
        assert len(await bus.dead()) == 8


async def test_a_wish_is_answered_and_one_that_breaks_says_so_without_delay(bus: Bus, tried_database: str) -> None:
    router = Router("tried")

    @router.answers(Call)
    async def call_out(wish: Call) -> Says:
        if wish.word == "bad":
            raise ValueError(wish.text)
        return [Heard(word=wish.word), Echoed.after(wish)]

    async with on_trial(bus, router):
        ask = Asker(bus.nc)
        wish = Call(word="one")
        assert await ask(wish) == (again := await ask(wish)) or again.word == "one"  # type: ignore[union-attr]
        began = time.monotonic()
        with pytest.raises(Unavailable, match="could not answer"):
            await ask(Call(word="bad", text="a sentence"))
        assert time.monotonic() - began < 3
    assert await bus.echoes() == ["one"]
    with pytest.raises(Unavailable, match="not running"):
        await Asker(bus.nc)(Call(word="one"))


async def settled(bus: Bus, durable: str) -> bool:
    """Whether nothing waits for this consumer."""
    return await bus.unsettled(durable) == 0


def doomed(*args: str) -> int:
    """The small service as a process of its own; gives what it ended with."""
    command = [sys.executable, "-m", "tests.runtime.doomed", *args]
    return subprocess.run(command, env=dict(os.environ), timeout=40, check=False).returncode
