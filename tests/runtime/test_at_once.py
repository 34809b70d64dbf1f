"""At most so many messages at a time in each handler, and really so many."""

import asyncio

import pytest

from harbour.runtime.rooms import Router
from tests.runtime.test_delivery import settled
from tests.runtime.trial import Asked, Bus, on_trial, until


class Counter:
    """How many are at work now, and how many were at most."""

    def __init__(self) -> None:
        self.now, self.most = 0, 0
        self.done: list[str] = []

    async def work(self, word: str, seconds: float = 0.05) -> None:
        """Be at work for a while."""
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(seconds)
        self.now -= 1
        self.done.append(word)


@pytest.mark.parametrize("at_once", [1, 3])
async def test_a_handler_is_at_work_on_so_many_messages_and_never_on_more(at_once: int, bus: Bus, lite: str) -> None:
    router, counter = Router("tried"), Counter()

    @router.hears(Asked, at_once=at_once, transaction=False)
    async def work(event: Asked) -> None:
        await counter.work(event.word)

    words = [f"w{n:02}" for n in range(20)]
    async with on_trial(bus, router):
        await bus.say(*(Asked(word=word) for word in words))
        await until(lambda: settled(bus, "tried-work"))
    assert counter.most == at_once
    assert sorted(counter.done) == words


async def test_three_at_a_time_work_side_by_side(bus: Bus, lite: str) -> None:
    router = Router("tried")
    together = asyncio.Barrier(3)

    @router.hears(Asked, at_once=3, transaction=False)
    async def meet(event: Asked) -> None:
        async with asyncio.timeout(10):
            await together.wait()

    async with on_trial(bus, router):
        await bus.say(*(Asked(word=f"w{n}") for n in range(6)))
        await until(lambda: settled(bus, "tried-meet"))
    assert await bus.dead() == []


async def test_a_handler_at_its_limit_holds_up_no_other(bus: Bus, lite: str) -> None:
    router = Router("tried")
    leave, quick = asyncio.Event(), []

    @router.hears(Asked, at_once=1, transaction=False)
    async def linger(event: Asked) -> None:
        await leave.wait()

    @router.hears(Asked, at_once=1, transaction=False)
    async def hurry(event: Asked) -> None:
        quick.append(event.word)

    async with on_trial(bus, router):
        await bus.say(*(Asked(word=f"w{n}") for n in range(5)))
        await until(lambda: settled(bus, "tried-hurry"))
        assert await bus.unsettled("tried-linger") == 5
        leave.set()
        await until(lambda: settled(bus, "tried-linger"))
    assert quick == ["w0", "w1", "w2", "w3", "w4"]
