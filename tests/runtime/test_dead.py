"""An operator looks at dead letters, and gives their messages a second chance, without ever seeing their words."""

import asyncio
import os
import subprocess
import sys

import pytest

from harbour.runtime.asking import Unavailable
from harbour.runtime.dead import DeadLetter, DeadLetters
from harbour.runtime.delivery import NotYet, Rejected
from harbour.runtime.rooms import Router, Says
from tests.runtime.test_delivery import settled
from tests.runtime.trial import Asked, Bus, Echoed, on_trial, until

PRIVATE = "a sentence of somebody's"


class Mended:
    """A handler that is broken until it is mended."""

    def __init__(self) -> None:
        self.broken: Exception | None = Rejected("nobody lives there")
        self.router, self.calls = Router("tried"), list[str]()

        @self.router.hears(Asked)
        async def echo(event: Asked) -> Says:
            self.calls.append(event.text)
            if self.broken:
                raise self.broken
            return Echoed.after(event)


async def died(bus: Bus, number: int) -> list[DeadLetter]:
    """So many dead letters, as soon as there are."""
    await until(lambda: _has(bus, number))
    return await listed(bus)


async def _has(bus: Bus, number: int) -> bool:
    return len(await listed(bus)) == number


async def listed(bus: Bus) -> list[DeadLetter]:
    return [one async for one in DeadLetters(bus.nc)]


async def test_a_dead_letter_is_replayed_through_its_handler_and_leaves_the_list(bus: Bus, tried_database: str) -> None:
    handler = Mended()
    async with on_trial(bus, handler.router):
        await bus.say(Asked(word="one", text=PRIVATE), Asked(word="two"))
        first, second = await died(bus, 2)
        assert (first.number, first.service, first.grave.reason) == (1, "tried", "nobody lives there")
        handler.broken = None
        assert await DeadLetters(bus.nc).replay(first) == ""
        assert handler.calls[-1] == PRIVATE
        assert await bus.echoes() == ["one"]
        assert await listed(bus) == [second]
        assert await DeadLetters(bus.nc).find(1) is None


async def test_a_letter_replayed_twice_at_once_says_the_same_thing_once(bus: Bus, tried_database: str) -> None:
    handler = Mended()
    async with on_trial(bus, handler.router):
        await bus.say(Asked(word="one"))
        dead, [letter] = DeadLetters(bus.nc), await died(bus, 1)
        handler.broken = None
        await asyncio.gather(dead.replay(letter), dead.replay(letter), return_exceptions=True)
        await until(bus.echoes)
        assert len(handler.calls) == 3
    assert await bus.echoes() == ["one"]


@pytest.mark.parametrize(
    ("error", "why"),
    [
        (Rejected("still nobody"), "still nobody"),
        (NotYet("the room is not there yet"), "the room is not there yet"),
        (ValueError(PRIVATE), "ValueError at test_dead.py:"),
    ],
)
async def test_what_fails_again_stays_and_says_why_without_its_words(
    error: Exception, why: str, bus: Bus, lite: str
) -> None:
    handler = Mended()
    async with on_trial(bus, handler.router):
        await bus.say(Asked(word="one", text=PRIVATE))
        [letter] = await died(bus, 1)
        handler.broken = error
        said = await DeadLetters(bus.nc).replay(letter)
        assert said.startswith(why)
        assert PRIVATE not in said
        assert await listed(bus) == [letter]
        assert await settled(bus, "tried-echo")


async def test_a_handler_behind_its_brake_can_be_tried_with_one_letter(bus: Bus, lite: str) -> None:
    handler = Mended()
    async with on_trial(bus, handler.router) as service:
        await bus.say(*(Asked(word=f"w{n}") for n in range(6)))
        await until(service.trouble)
        handler.broken = None
        [first, *_] = await listed(bus)
        assert await DeadLetters(bus.nc).replay(first) == ""
        assert await bus.echoes() == ["w0"]
        assert await bus.unsettled("tried-echo") == 1


async def test_what_cannot_be_replayed_says_why_and_stays(bus: Bus, lite: str) -> None:
    handler, other = Mended(), Router("tried")

    @other.hears(Asked)
    async def another(event: Asked) -> None:
        pass

    async with on_trial(bus, handler.router):
        await bus.say(Asked(word="one"), Asked(word="two"))
        first, second = await died(bus, 2)
    dead = DeadLetters(bus.nc)
    with pytest.raises(Unavailable, match="tried is not running"):
        await dead.replay(first)
    async with on_trial(bus, other):
        assert await dead.replay(first) == "the service has no such handler now"
    await bus.js.delete_msg("TRIED", second.grave.sequence)
    assert await dead.replay(second) == "the message is no longer kept in TRIED"
    assert await listed(bus) == [first, second]


async def test_the_command_line_lists_shows_and_replays_without_words(bus: Bus, lite: str) -> None:
    handler = Mended()
    assert (await harbour("list")).stdout == "No dead letters.\n"
    async with on_trial(bus, handler.router):
        await bus.say(Asked(word="one", text=PRIVATE), Asked(word="two", text=PRIVATE))
        await died(bus, 2)
        table = (await harbour("list")).stdout
        assert "tried-echo" in table
        assert "nobody lives there" in table
        assert "2 in all" in table
        assert (await harbour("list", "--handler", "other-hear")).stdout == "No dead letters of other-hear.\n"
        page = (await harbour("show", "1")).stdout
        assert "number 1 of TRIED: still kept" in page
        failed = await harbour("replay", "1", "2")
        assert (failed.returncode, failed.stdout.count("failed again: nobody lives there")) == (1, 2)
        handler.broken = None
        done = await harbour("replay", "--all")
        assert (done.returncode, done.stdout) == (0, "1 tried-echo: done\n2 tried-echo: done\n")
        assert PRIVATE not in table + page + failed.stdout + failed.stderr + done.stdout
    gone = await harbour("replay", "1")
    assert (gone.returncode, gone.stderr) == (
        1, "There is no dead letter 1. `harbour dead list` shows those there are.\n",
    )  # fmt: skip
    assert "Say which" in (await harbour("replay")).stderr
    assert sorted(await bus.echoes()) == ["one", "two"]


async def harbour(*words: str) -> "subprocess.CompletedProcess[str]":
    """Run `harbour dead …` to its end."""
    command = [sys.executable, "-m", "harbour.cli", "dead", *words]
    more = {"env": {**os.environ, "COLUMNS": "200"}, "capture_output": True, "text": True, "timeout": 40}
    return await asyncio.to_thread(lambda: subprocess.run(command, check=False, **more))  # type: ignore[call-overload]
