"""Ways to lead on the socket: everybody hears how the room is led, and of each other no more than is theirs."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from harbour.contracts.chat import PassTurn, Round, Ways
from services.gateway.limits import Pace
from tests.gateway.quay import HERON, JUNIPER, SAM, WREN, Quay, quay, until

PACE = Pace(idle_seconds=30, visitor_seconds=0.1, person_frames=1000, burst_frames=200, frames_per_second=200)


@pytest.fixture
async def harbourside(tmp_path: Path, redis: Redis) -> AsyncIterator[Quay]:
    """The gateway on a port, with a real bus behind it."""
    async with quay(tmp_path, redis, pace=PACE) as here:
        yield here


async def test_everybody_hears_at_once_how_the_room_is_led(harbourside: Quay) -> None:
    juniper, wren, sam = [await harbourside.comes_in(who) for who in (JUNIPER, WREN, SAM)]
    await sam.send(type="slow", seconds=30)
    await sam.send(type="hold", on=True)
    await sam.send(type="round", step="begin")
    for screen in (juniper, wren, sam):
        frame = await screen.sees("ways", revision=3, slow_seconds=30, hold_all=True)
        assert frame["order"] == ["heron", "juniper", "wren"]


async def test_who_comes_later_or_comes_back_is_greeted_with_how_the_room_is_led(harbourside: Quay) -> None:
    harbourside.house.ways = Ways(revision=7, slow_seconds=60, round=Round(order=("wren",)))
    for who in (JUNIPER, SAM):
        screen = await harbourside.comes_in(who)
        await screen.sees("ways", revision=7, slow_seconds=60, order=["wren"])
        assert [frame["type"] for frame in screen.frames].index("ways") > 0


async def test_that_somebody_is_muted_reaches_only_them_and_the_adults(harbourside: Quay) -> None:
    juniper, wren, sam = [await harbourside.comes_in(who) for who in (JUNIPER, WREN, SAM)]
    await sam.send(type="mute", person_id="juniper", muted=True)
    assert (await sam.sees("ways", revision=1))["muted"] == ["juniper"]
    assert (await juniper.sees("ways", revision=1))["muted"] == ["juniper"]
    assert (await wren.sees("ways", revision=1))["muted"] == []
    heron = await harbourside.comes_in(HERON)
    assert (await heron.sees("ways", revision=1))["muted"] == []
    await juniper.send(type="say", client_id="c-1", text="can I say this")
    await juniper.sees("refused", client_id="c-1", reason="muted")
    await sam.send(type="say", client_id="c-2", text="all are here")
    await juniper.sees("message", text="all are here")


async def test_one_passes_their_own_turn_on(harbourside: Quay) -> None:
    juniper, heron, sam = [await harbourside.comes_in(who) for who in (JUNIPER, HERON, SAM)]
    await sam.send(type="round", step="begin")
    await heron.sees("ways", order=["heron", "juniper", "wren"])
    await juniper.send(type="pass")
    await until(lambda: any(isinstance(wish, PassTurn) for wish in harbourside.house.asked))
    await heron.send(type="pass")
    await sam.sees("ways", revision=2, order=["juniper", "wren"])
    await sam.send(type="round", step="later", turn="juniper")
    await juniper.sees("ways", order=["wren", "juniper"])


@pytest.mark.parametrize(
    "frame",
    [
        {"type": "mute", "person_id": "wren", "muted": True},
        {"type": "slow", "seconds": 30},
        {"type": "hold", "on": True},
        {"type": "show-writing", "on": True},
        {"type": "round", "step": "begin"},
    ],
    ids=lambda frame: frame["type"],
)
async def test_a_young_person_does_not_lead(harbourside: Quay, frame: dict[str, object]) -> None:
    juniper = await harbourside.comes_in(JUNIPER)
    before = len(harbourside.house.asked)
    await juniper.send(**frame)
    await juniper.sees("refused", reason="not-allowed")
    assert len(harbourside.house.asked) == before


async def test_news_that_was_missed_is_told_once_one_screen_knows(harbourside: Quay) -> None:
    """An event may be lost on its way to this gateway; the next reading of anybody heals everybody."""
    juniper, wren, sam = [await harbourside.comes_in(who) for who in (JUNIPER, WREN, SAM)]
    harbourside.house.ways = Ways(revision=4, slow_seconds=15, muted=("wren",))
    room = next(iter(harbourside.hub._rooms.values()))
    await room.look()
    for screen, muted in ((juniper, []), (wren, ["wren"]), (sam, ["wren"])):
        assert (await screen.sees("ways", revision=4))["muted"] == muted


async def test_older_news_never_undoes_newer(harbourside: Quay) -> None:
    sam = await harbourside.comes_in(SAM)
    await sam.send(type="slow", seconds=30)
    await sam.sees("ways", revision=1)
    harbourside.house.ways = Ways()
    harbourside.hub.resync()
    await harbourside.house.post(WREN, "a sign that all has passed")
    await sam.reads("a sign that all has passed")
    await asyncio.sleep(0)
    assert [frame["revision"] for frame in sam.of("ways")] == [0, 1]


async def test_an_adult_who_comes_finds_messages_that_wait_with_all_others(harbourside: Quay) -> None:
    juniper, sam = [await harbourside.comes_in(who) for who in (JUNIPER, SAM)]
    await sam.send(type="hold", on=True)
    await juniper.sees("ways", hold_all=True)
    await juniper.send(type="say", client_id="c-1", text="an ordinary evening")
    await sam.sees("waiting", text="an ordinary evening")
    await until(lambda: juniper.of("held"))
