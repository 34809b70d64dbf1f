"""Who is writing: seen by the others only where an adult turned it on, for a few seconds, and kept nowhere."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from nats.aio.msg import Msg
from redis.asyncio import Redis

from harbour.contracts.chat import RoomState, Round, Ways
from harbour.contracts.enrolment import Role
from harbour.runtime.straight import Heard
from services.gateway.limits import Pace
from services.gateway.seats import Seat
from services.gateway.writing import Writing, may_show
from tests.gateway.quay import HERON, JUNIPER, SAM, SESSION, WREN, Quay, another_copy, quay, until
from tests.gateway.side import comes_by_the_side

PACE = Pace(idle_seconds=30, visitor_seconds=0.1, person_frames=1000, burst_frames=200, frames_per_second=200)


@pytest.fixture
async def harbourside(tmp_path: Path, redis: Redis) -> AsyncIterator[Quay]:
    """The gateway on a port, with a real bus behind it."""
    async with quay(tmp_path, redis, pace=PACE) as here:
        yield here


# ── who may be seen ───────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("ways", "seen"),
    [
        (Ways(), False),
        (Ways(show_writing=True), True),
        (Ways(show_writing=True, muted=("wren",)), True),
        (Ways(show_writing=True, muted=("juniper",)), False),
        (Ways(show_writing=True, round=Round(order=("wren", "juniper"))), False),
        (Ways(show_writing=True, round=Round(order=("juniper",))), True),
    ],
)
def test_only_who_could_send_it_is_seen_writing_and_only_while_that_is_on(ways: Ways, seen: bool) -> None:
    assert may_show(ways, Seat("juniper")) is seen


def test_an_adult_is_seen_writing_out_of_turn_and_one_who_watches_never() -> None:
    ways, adult, watching = Ways(show_writing=True, round=Round(order=("wren",))), Seat("sam"), Seat("ruth")
    adult.facilitator = watching.facilitator = watching.observes = True
    assert may_show(ways, adult)
    assert not may_show(ways, watching)


# ── how long ──────────────────────────────────────────────────────────────────────────────────────────────────


def room_of(seat: Seat, lasts: float) -> tuple[Any, Writing, list[str]]:
    """A room with one seat, and what the seat is given."""
    given: list[str] = []
    seat.greeted, seat.ways = True, Ways(show_writing=True)
    seat.give = lambda frame: given.append(str(frame))  # type: ignore[method-assign]
    room = SimpleNamespace(state=RoomState.LIVE, seats={seat})
    return room, Writing(room, lasts), given  # type: ignore[arg-type]


def sign(person_id: str) -> Heard:
    """A sign of somebody, as it comes over the bus."""
    return Heard(b"", b"", person_id.encode())


async def test_a_sign_lasts_a_few_seconds_from_the_last_one_and_is_told_once() -> None:
    loop = asyncio.get_running_loop()
    _, writing, given = room_of(Seat("wren"), 0.3)
    writing.hear(sign("juniper"))
    await asyncio.sleep(0.2)
    writing.hear(sign("juniper"))
    last = loop.time()
    await until(lambda: len(given) > 1)
    assert loop.time() - last > 0.28
    assert given == ['{"type":"writing","people":["juniper"]}', '{"type":"writing","people":[]}']


async def test_in_a_pause_nobody_is_seen_writing() -> None:
    room, writing, given = room_of(Seat("wren"), 5)
    writing.hear(sign("juniper"))
    room.state = RoomState.PAUSED
    writing.show()
    writing.hear(sign("heron"))
    assert given[1:] == ['{"type":"writing","people":[]}']
    writing.stop("juniper")
    writing.stop("heron")


# ── on the socket ─────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_others_see_who_is_writing_until_it_is_said(harbourside: Quay) -> None:
    harbourside.house.ways = Ways(revision=1, show_writing=True)
    juniper, wren, sam = [await harbourside.comes_in(who) for who in (JUNIPER, WREN, SAM)]
    for screen in (juniper, wren, sam):
        await screen.sees("ways", show_writing=True)
    asked, stored = len(harbourside.house.asked), await stored_in(harbourside)
    await juniper.send(type="typing")
    await wren.sees("writing", people=["juniper"])
    await sam.send(type="typing")
    await wren.sees("writing", people=["juniper", "sam"])
    await sam.sees("writing", people=["juniper"])
    assert (len(harbourside.house.asked), await stored_in(harbourside)) == (asked, stored)
    await juniper.send(type="say", client_id="c-1", text="a walk helped")
    await wren.sees("writing", people=["sam"])
    await sam.sees("writing", people=[])
    assert [frame["people"] for frame in juniper.of("writing")] == [["sam"]]


async def test_while_it_is_off_a_sign_goes_nowhere_and_what_was_shown_ends_with_it(harbourside: Quay) -> None:
    on_the_bus: list[Msg] = []

    async def hear(msg: Msg) -> None:
        on_the_bus.append(msg)

    await harbourside.line.subscribe("gateway.writing.*", cb=hear)
    juniper, wren, sam = [await harbourside.comes_in(who) for who in (JUNIPER, WREN, SAM)]
    await juniper.send(type="typing")
    await juniper.send(type="ping")
    await juniper.sees("pong")
    assert not on_the_bus
    await sam.send(type="show-writing", on=True)
    await juniper.sees("ways", show_writing=True)
    await juniper.send(type="typing")
    await wren.sees("writing", people=["juniper"])
    assert [(msg.subject, msg.data) for msg in on_the_bus] == [(f"gateway.writing.{SESSION}", b"juniper")]
    await sam.send(type="show-writing", on=False)
    await wren.sees("writing", people=[])


async def test_somebody_muted_and_somebody_who_watches_are_not_seen_writing(harbourside: Quay) -> None:
    harbourside.house.ways = Ways(revision=1, show_writing=True, muted=("juniper",))
    juniper, wren, heron = [await harbourside.comes_in(who) for who in (JUNIPER, WREN, HERON)]
    ruth = await harbourside.looks(await harbourside.token("ruth", Role.LEAD))
    for screen in (juniper, ruth, heron):
        await screen.sees("ways", show_writing=True)
        await screen.send(type="typing")
        await screen.send(type="ping")
        await screen.sees("pong")
    await wren.sees("writing")
    assert [frame["people"] for frame in wren.of("writing")] == [["heron"]]


async def test_it_is_seen_across_copies_of_the_gateway_and_through_the_side_door(harbourside: Quay) -> None:
    harbourside.house.ways = Ways(revision=1, show_writing=True)
    async with another_copy(harbourside) as there:
        juniper, wren = await harbourside.comes_in(JUNIPER), await there.comes_in(WREN)
        heron = await comes_by_the_side(there, HERON, says_to=harbourside)
        for screen in (juniper, wren, heron):
            await screen.sees("ways", show_writing=True)
        await juniper.send(type="typing")
        await wren.sees("writing", people=["juniper"])
        await heron.sees("writing", people=["juniper"])
        await heron.send(type="typing")
        await wren.sees("writing", people=["juniper", "heron"])
        await juniper.sees("writing", people=["heron"])


async def test_whoever_stepped_out_is_not_seen_writing_by_any_door(harbourside: Quay) -> None:
    harbourside.house.ways = Ways(revision=1, show_writing=True)
    async with another_copy(harbourside) as there:
        wren, sam = [await harbourside.comes_in(who) for who in (WREN, SAM)]
        juniper = await comes_by_the_side(there, JUNIPER, says_to=harbourside)
        await sam.send(type="remove", person_id="juniper", reason="unkind words to others, more than once")
        assert await juniper.closes() == 4410
        assert (await juniper.says({"type": "typing"}))["close"] == 4410
        await sam.send(type="typing")
        await wren.sees("writing")
        assert [frame["people"] for frame in wren.of("writing")] == [["sam"]]


async def stored_in(here: Quay) -> int:
    """The last number of the stream."""
    return (await here.line.jetstream().stream_info("CHAT")).state.last_seq
