"""Order is kept where it is asked for: over all copies, and also past a message that fails."""

import asyncio
from collections.abc import Callable

import pytest

from harbour.runtime.delivery import NotYet
from harbour.runtime.rooms import Router, Says
from tests.runtime.test_delivery import settled
from tests.runtime.trial import Asked, Bus, Echoed, on_trial, until

WORDS = [f"w{n:02}" for n in range(12)]


class Procession:
    """What every copy was at work on, in the order it began and ended."""

    def __init__(self, fails: Callable[[], Exception] | None = None, times: int = 2) -> None:
        self.tried: list[str] = []
        self.done: list[str] = []
        self.copies: set[str] = set()
        self.now, self.most = 0, 0
        self._fails, self._left = fails, times

    async def take(self, copy: str, event: Asked) -> Says:
        """Be at work on one; the seventh does not go well at first."""
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            self.copies.add(copy)
            self.tried.append(event.word)
            await asyncio.sleep(0.01)
            if self._fails and event.word == "w06" and self._left:
                self._left -= 1
                raise self._fails()
            self.done.append(event.word)
            return Echoed.after(event)
        finally:
            self.now -= 1


def marching(copy: str, procession: Procession, *, ordered: bool = True) -> Router:
    """One copy of a room that takes things one after another."""
    router = Router("tried")

    @router.hears(Asked, ordered=ordered)
    async def march(event: Asked) -> Says:
        return await procession.take(copy, event)

    return router


@pytest.mark.parametrize(
    "fails", [None, lambda: NotYet("the room is not there yet", delay=0.15), lambda: ValueError("?")],
    ids=["nothing", "not yet", "an unknown error"],
)  # fmt: skip
async def test_two_copies_take_things_in_order_whatever_happens_to_one_of_them(
    fails: Callable[[], Exception] | None, bus: Bus, tried_database: str
) -> None:
    procession = Procession(fails)
    async with on_trial(bus, marching("a", procession)), on_trial(bus, marching("b", procession)):
        await bus.say(*(Asked(word=word) for word in WORDS))
        await until(lambda: settled(bus, "tried-march"))
    again = ["w06"] * (3 if fails else 1)
    assert procession.tried == [*WORDS[:6], *again, *WORDS[7:]]
    assert procession.done == WORDS
    assert await bus.echoes() == WORDS
    assert procession.most == 1
    assert procession.copies == {"a", "b"}


async def test_a_message_that_never_works_leaves_the_way_free_after_its_last_try(bus: Bus, lite: str) -> None:
    procession = Procession(lambda: ValueError("?"), times=99)
    async with on_trial(bus, marching("a", procession)), on_trial(bus, marching("b", procession)):
        await bus.say(*(Asked(word=word) for word in WORDS))
        await until(lambda: settled(bus, "tried-march"))
    assert procession.tried == [*WORDS[:6], *["w06"] * 4, *WORDS[7:]]
    assert [grave["subject"] for grave in await bus.dead()] == ["tried.was-asked.w06"]


async def test_where_no_order_is_asked_for_nobody_waits_for_the_one_that_fails(bus: Bus, lite: str) -> None:
    procession = Procession(lambda: NotYet("the room is not there yet", delay=0.3))
    async with on_trial(bus, marching("a", procession, ordered=False)):
        await bus.say(*(Asked(word=word) for word in WORDS))
        await until(lambda: settled(bus, "tried-march"))
    assert procession.done == [*WORDS[:6], *WORDS[7:], "w06"]
