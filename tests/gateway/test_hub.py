"""The hub on a real nats-server: what is stored reaches every open socket of its room, in order, once, without gaps."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from redis.asyncio import Redis

from harbour.contracts.chat import CompareRooms, ReadRoom, RoomState
from harbour.contracts.messages import Query
from harbour.runtime.straight import Heard
from services.gateway.frames import Close
from services.gateway.rooms import Room
from services.gateway.seats import Seat
from tests.gateway.quay import HERON, JUNIPER, SAM, SESSION, WREN, Quay, quay, until


@pytest.fixture
async def harbourside(tmp_path: Path, redis: Redis) -> AsyncIterator[Quay]:
    """The gateway, a real bus, and no beat: what is healed is healed by what was heard."""
    async with quay(tmp_path, redis) as here:
        yield here


@pytest.fixture
def lost(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Texts that are stored and never reach this gateway live."""
    texts: set[str] = set()
    hear = Room.hear

    def hear_most(self: Room, msg: Heard) -> None:
        if not any(text.encode() in msg.data for text in texts):
            hear(self, msg)

    monkeypatch.setattr(Room, "hear", hear_most)
    return texts


async def test_what_one_says_everybody_in_the_room_sees_under_one_number(harbourside: Quay) -> None:
    juniper, wren, sam = [await harbourside.comes_in(who) for who in (JUNIPER, WREN, SAM)]
    await juniper.send(type="say", client_id="c-1", text="hello everybody")
    sent = await juniper.sees("sent", client_id="c-1")
    for screen in (juniper, wren, sam):
        message = await screen.sees("message", text="hello everybody")
        assert message["number"] == sent["number"]
        assert (message["nickname"], message["speaker"]) == ("Juniper", "member")


async def test_the_same_bytes_go_to_every_socket_of_a_room(harbourside: Quay) -> None:
    screens = [await harbourside.comes_in(who) for who in (JUNIPER, WREN, SAM)]
    await harbourside.house.post(HERON, "evening all")
    for screen in screens:
        await screen.sees("message")
    assert len({next(text for text in screen.raw if '"message"' in text) for screen in screens}) == 1


async def test_history_comes_before_what_is_said_now_and_nothing_twice(harbourside: Quay) -> None:
    for n in range(450):
        await harbourside.house.post(WREN, f"before {n}")

    async def keep_talking() -> None:
        for n in range(80):
            await harbourside.house.post(HERON, f"meanwhile {n}")

    talking = asyncio.create_task(keep_talking())
    screens = [await harbourside.looks(await harbourside.token(who)) for who in (JUNIPER, SAM)]
    await talking
    everything = [message.number for message in harbourside.house.messages]
    for screen in screens:
        await screen.has(530)
        assert screen.numbers == everything
        assert screen.frames[0]["type"] == "hello"


async def test_coming_back_brings_only_what_is_new(harbourside: Quay) -> None:
    numbers = [(await harbourside.house.post(WREN, f"words {n}")).number for n in range(10)]
    screen = await harbourside.comes_in(JUNIPER, after=numbers[6])
    assert screen.numbers == numbers[7:]


async def test_a_gap_is_filled_from_history(harbourside: Quay, lost: set[str]) -> None:
    juniper, sam = [await harbourside.comes_in(who) for who in (JUNIPER, SAM)]
    lost.add("lost on the way")
    await harbourside.house.post(WREN, "first")
    await harbourside.house.post(WREN, "lost on the way")
    await harbourside.house.post(WREN, "third")
    everything = [message.number for message in harbourside.house.messages]
    for screen in (juniper, sam):
        await screen.has(3)
        assert screen.numbers == everything


async def test_a_gap_that_shows_late_is_filled_and_nothing_comes_twice(harbourside: Quay, lost: set[str]) -> None:
    juniper = await harbourside.comes_in(JUNIPER)
    lost.add("lost on the way")
    await harbourside.house.post(WREN, "lost on the way")
    await harbourside.house.post(HERON, "something else")
    await juniper.sees("message", text="something else")
    await harbourside.house.post(WREN, "and on")
    await until(lambda: len(juniper.numbers) >= 3)
    await asyncio.sleep(0.2)
    assert sorted(juniper.numbers) == [message.number for message in harbourside.house.messages]


async def test_a_gap_waits_for_a_copy_of_chat_that_is_behind(harbourside: Quay, lost: set[str]) -> None:
    juniper = await harbourside.comes_in(JUNIPER)
    lost.add("lost on the way")
    await harbourside.house.post(WREN, "lost on the way")
    harbourside.house.behind = 2
    await harbourside.house.post(WREN, "and on")
    await until(lambda: sum(isinstance(wish, ReadRoom) for wish in harbourside.house.asked) >= 3)
    assert juniper.numbers == []
    harbourside.house.behind = 0
    await until(lambda: len(juniper.numbers) >= 2)
    assert juniper.numbers == [message.number for message in harbourside.house.messages]


async def test_the_beat_heals_what_nothing_else_shows(tmp_path: Path, redis: Redis, lost: set[str]) -> None:
    async with quay(tmp_path, redis, beat_seconds=0.2) as here:
        juniper, sam = [await here.comes_in(who) for who in (JUNIPER, SAM)]
        lost.update({"lost on the way", "0770", "session"})
        await here.house.post(WREN, "lost on the way")
        await here.house.post(HERON, "seen at once")
        wren = await here.comes_in(WREN)
        await wren.send(type="say", client_id="c-9", text="call 07700 900123")
        await wren.sees("held", client_id="c-9")
        here.house.state = RoomState.ENDED
        for screen in (juniper, sam):
            await screen.has(2)
            assert sorted(screen.numbers) == [message.number for message in here.house.messages]
            await screen.sees("state", state="ended")
        await sam.sees("waiting", nickname="Wren")


async def test_a_room_that_misses_nothing_is_compared_on_the_beat_and_hardly_ever_read(
    tmp_path: Path, redis: Redis
) -> None:
    async with quay(tmp_path, redis, beat_seconds=0.1) as here:
        juniper = await here.comes_in(JUNIPER)
        for n in range(3):
            await here.house.post(WREN, f"words {n}")
        await juniper.has(3)

        def asked(kind: type[Query[Any]]) -> int:
            return sum(isinstance(wish, kind) for wish in here.house.asked)

        read, compared = asked(ReadRoom), asked(CompareRooms)
        await until(lambda: asked(CompareRooms) >= compared + 16)
        assert asked(ReadRoom) <= read + 3


async def test_when_the_line_to_the_bus_breaks_nothing_is_missed(harbourside: Quay) -> None:
    juniper, sam = [await harbourside.comes_in(who) for who in (JUNIPER, SAM)]
    wren = await harbourside.comes_in(WREN)
    assert harbourside.line._transport is not None
    harbourside.line._transport.close()  # type: ignore[no-untyped-call]
    for n in range(3):
        await harbourside.house.post(HERON, f"while away {n}")
    await wren.send(type="say", client_id="c-1", text="call 07700 900123")
    for screen in (juniper, sam):
        await screen.has(3)
        assert screen.numbers == [message.number for message in harbourside.house.messages]
    await sam.sees("waiting", nickname="Wren")
    await harbourside.house.post(HERON, "and live again")
    await juniper.sees("message", text="and live again")


async def test_after_a_break_in_the_connection_everybody_catches_up(harbourside: Quay, lost: set[str]) -> None:
    juniper, wren = [await harbourside.comes_in(who) for who in (JUNIPER, WREN)]
    lost.add("while away")
    for n in range(3):
        await harbourside.house.post(HERON, f"while away {n}")
    harbourside.hub.resync()
    for screen in (juniper, wren):
        await screen.has(3)
        assert screen.numbers == [message.number for message in harbourside.house.messages]


async def test_reading_goes_on_when_chat_is_away_for_a_moment(harbourside: Quay, lost: set[str]) -> None:
    juniper = await harbourside.comes_in(JUNIPER)
    lost.add("lost on the way")
    await harbourside.house.post(WREN, "lost on the way")
    harbourside.house.silent = True
    await harbourside.house.post(WREN, "and on")
    await asyncio.sleep(0.2)
    harbourside.house.silent = False
    await until(lambda: len(juniper.numbers) >= 2)
    assert juniper.numbers == [message.number for message in harbourside.house.messages]


async def test_a_room_that_everybody_left_is_heard_no_more(harbourside: Quay) -> None:
    subscriptions = len(harbourside.line._subs)
    first, second = [await harbourside.comes_in(who) for who in (JUNIPER, WREN)]
    assert len(harbourside.line._subs) > subscriptions
    await first.leave()
    await second.leave()
    await until(lambda: len(harbourside.line._subs) == subscriptions)
    again = await harbourside.comes_in(JUNIPER)
    await harbourside.house.post(WREN, "still here")
    await again.sees("message", text="still here")


async def test_a_slow_socket_is_closed_and_nobody_else_waits(harbourside: Quay) -> None:
    """A seat whose frames nobody takes fills up; the others have everything meanwhile."""
    quick = await harbourside.comes_in(JUNIPER)
    slow = Seat("wren", size=20)
    await harbourside.hub.sit(SESSION, slow)
    await until(lambda: slow.ready)
    for n in range(40):
        await harbourside.house.post(HERON, f"words {n}")
    await until(lambda: len(quick.numbers) == 40)
    assert slow.code is Close.TOO_SLOW
    assert quick.code is None
    harbourside.hub.leave(SESSION, slow)


async def test_only_a_seat_that_may_lead_is_a_facilitators(harbourside: Quay) -> None:
    """Chat and the sign-in have to agree before anybody is shown what is held."""
    for may_lead in (True, False):
        seat = Seat("sam", may_lead=may_lead)
        await harbourside.hub.sit(SESSION, seat)
        await until(partial(getattr, seat, "ready"))
        assert seat.facilitator is may_lead
        harbourside.hub.leave(SESSION, seat)


async def test_an_evening_moves_on_for_everybody(harbourside: Quay) -> None:
    harbourside.house.state = RoomState.SCHEDULED
    juniper, sam = [await harbourside.comes_in(who) for who in (JUNIPER, SAM)]
    assert juniper.frames[0]["state"] == "scheduled"
    for deed, state in (("open", "doors"), ("start", "live"), ("end", "ended")):
        await sam.send(type=deed)
        await juniper.sees("state", state=state)
        await sam.sees("state", state=state)
    assert [frame["state"] for frame in juniper.of("state")] == ["doors", "live", "ended"]


async def test_a_hub_stops_though_a_task_missed_its_cancellation(
    harbourside: Quay, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def tell() -> None:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(60)

    presence = harbourside.hub.presence
    monkeypatch.setattr(presence, "tell", tell)
    again = asyncio.create_task(presence.keep_telling())
    harbourside.hub._tasks.add(again)
    await asyncio.sleep(0.05)
    await asyncio.wait_for(harbourside.hub.stop(), 5)
    assert again.done()
