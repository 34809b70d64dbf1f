"""Timers: set, replaced, cancelled, heard once, and kept through a restart of the bus."""

import asyncio
from datetime import timedelta

from harbour.contracts.messages import now
from harbour.runtime.rooms import Router, Says
from tests.chat.servers import NatsServer
from tests.runtime.trial import Asked, Bell, Bus, Echoed, on_trial, until


def ringing(rung: list[str]) -> Router:
    """A room that sets, replaces or cancels a bell as it is told, and notes when it rings."""
    router = Router("tried")

    @router.hears(Asked)
    async def wind(event: Asked) -> Says:
        if event.text == "cancel":
            return Bell.cancelled(event, word=event.word)
        return [Bell.after(event, due=now() + timedelta(seconds=float(event.text))), Echoed.after(event)]

    @router.hears(Bell)
    async def ring(event: Bell) -> None:
        rung.append(event.word)

    return router


async def test_a_timer_is_heard_once_when_it_is_due(bus: Bus, tried_database: str) -> None:
    rung: list[str] = []
    async with on_trial(bus, ringing(rung)):
        began = now()
        await bus.say(Asked(word="one", text="1.5"))
        await until(lambda: rung)
        assert now() - began >= timedelta(seconds=1.4)
        await asyncio.sleep(1.5)
    assert rung == ["one"]


async def test_a_cancelled_timer_is_never_heard_and_a_replaced_one_once(bus: Bus, lite: str) -> None:
    rung: list[str] = []
    async with on_trial(bus, ringing(rung)):
        await bus.say(Asked(word="gone", text="2"), Asked(word="moved", text="2"))
        await until(lambda: _said(bus, 2))
        await bus.say(Asked(word="gone", text="cancel"), Asked(word="moved", text="3.5"))
        await asyncio.sleep(2.7)
        assert rung == []
        await until(lambda: rung)
        await asyncio.sleep(0.5)
    assert rung == ["moved"]


async def test_a_timer_survives_a_restart_of_the_bus(bus: Bus, server: NatsServer, lite: str) -> None:
    rung: list[str] = []
    async with on_trial(bus, ringing(rung)):
        await bus.say(Asked(word="one", text="2.5"))
        await until(lambda: _said(bus, 1))
        server.kill()
        await asyncio.sleep(0.3)
        server.start()
        await until(lambda: rung, seconds=25)
        await asyncio.sleep(1)
    assert rung == ["one"]


async def _said(bus: Bus, count: int) -> bool:
    return len(await bus.echoes()) >= count
